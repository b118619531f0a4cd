/* The team as a tree for keyboards and screen readers. Without this file it is nested lists with links. */
(() => {
  "use strict";
  const tree = document.querySelector("[data-tree]");
  if (!tree) return;
  const twigs = () => [...tree.querySelectorAll("[data-twig]")].filter((twig) => !twig.closest("[hidden]"));
  const link = (twig) => twig.querySelector(":scope > .twig-row > .twig-open, :scope > a");
  const below = (twig) => twig.querySelector(":scope > .twigs");
  const parent = (twig) => twig.parentElement.closest("[data-twig]");
  const isOpen = (twig) => twig.getAttribute("aria-expanded") === "true";

  /* Roles, levels, and one place in the tab order. */
  const prepare = () => {
    tree.setAttribute("role", "tree");
    for (const twig of tree.querySelectorAll("[data-twig]")) {
      const list = below(twig);
      let level = 1;
      for (let above = parent(twig); above; above = parent(above)) level += 1;
      twig.setAttribute("role", "treeitem");
      twig.setAttribute("aria-level", level);
      if (!twig.hasAttribute("tabindex")) twig.tabIndex = -1;
      const way = link(twig);
      if (way) way.tabIndex = -1;
      if (list) {
        list.setAttribute("role", "group");
        if (!twig.hasAttribute("aria-expanded")) show(twig, list.childElementCount > 0);
      }
    }
    if (!tree.querySelector("[data-twig][tabindex='0']")) {
      const first = tree.querySelector("[data-twig]");
      if (first) first.tabIndex = 0;
    }
  };

  const show = (twig, open) => {
    below(twig).hidden = !open;
    twig.setAttribute("aria-expanded", String(open));
    link(twig)?.classList.toggle("twig-open-now", open);
  };

  /* What is open closes; what was fetched before opens again; the rest is fetched. */
  const toggle = (twig) => {
    const list = below(twig);
    if (!list) return link(twig)?.click();
    if (isOpen(twig)) return show(twig, false);
    show(twig, true);
    if (!list.childElementCount) window.htmx.trigger(link(twig), "open-twig");
    return undefined;
  };

  const stand = (twig) => {
    if (!twig) return;
    for (const other of tree.querySelectorAll("[data-twig][tabindex='0']")) other.tabIndex = -1;
    twig.tabIndex = 0;
    twig.focus();
  };

  tree.addEventListener("click", (event) => {
    const way = event.target.closest("a");
    const twig = way?.closest("[data-twig]");
    if (!twig) return;
    for (const other of tree.querySelectorAll("[data-twig][tabindex='0']")) other.tabIndex = -1;
    twig.tabIndex = 0;
    if (way.dataset.opens !== undefined && window.htmx) {
      event.preventDefault();
      toggle(twig);
    }
  });

  tree.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const twig = event.target.closest("[data-twig]");
    if (!twig) return;
    const all = twigs();
    const place = all.indexOf(twig);
    const list = below(twig);
    const keys = {
      ArrowDown: () => stand(all[place + 1]),
      ArrowUp: () => stand(all[place - 1]),
      Home: () => stand(all[0]),
      End: () => stand(all[all.length - 1]),
      ArrowRight: () => {
        if (list && !isOpen(twig)) toggle(twig);
        else if (list) stand(list.querySelector("[data-twig]"));
      },
      ArrowLeft: () => {
        if (list && isOpen(twig)) show(twig, false);
        else stand(parent(twig));
      },
      Enter: () => toggle(twig),
      " ": () => toggle(twig),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  /* After a fetch, and only when the new ones can fetch by themselves: they get their roles, and whoever stood on "more" stands on the first of them. */
  let lost = -1;
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const twig = event.detail.target.closest?.("[data-twig]");
    lost = twig && event.detail.target === twig && twig.contains(document.activeElement) ? twigs().indexOf(twig) : -1;
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    prepare();
    if (lost >= 0) stand(twigs()[lost]);
    lost = -1;
  });
  document.body.addEventListener("htmx:sendError", (event) => {
    const twig = event.target.closest?.("[data-twig]");
    if (twig && below(twig)) show(twig, false);
  });
  prepare();
})();
