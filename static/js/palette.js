// The search of both admin sites: ⌘K or Ctrl-K opens it over any page. Without it, the same link opens a page.
(() => {
  "use strict";
  const WAIT_MS = 150;

  function begin() {
    const dialog = document.getElementById("palette");
    if (!dialog || typeof dialog.showModal !== "function") return;
    const form = dialog.querySelector("form");
    const input = dialog.querySelector("[role=combobox]");
    const list = dialog.querySelector("[role=listbox]");
    const said = dialog.querySelector("[role=status]");
    let timer = 0;
    let asked = null;
    let chosen = -1;

    const options = () => [...list.querySelectorAll("[role=option]")];

    function choose(place) {
      const all = options();
      chosen = all.length ? (place + all.length) % all.length : -1;
      all.forEach((one, number) => one.setAttribute("aria-selected", String(number === chosen)));
      if (chosen < 0) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      input.setAttribute("aria-activedescendant", all[chosen].id);
      all[chosen].scrollIntoView({ block: "nearest" });
    }

    async function ask() {
      if (asked) asked.abort();
      asked = new AbortController();
      const address = new URL(form.action);
      address.searchParams.set("q", input.value);
      try {
        const answer = await fetch(address, { headers: { "X-Palette": "1" }, signal: asked.signal, credentials: "same-origin" });
        if (!answer.ok || answer.redirected) {
          location.assign(address);
          return;
        }
        list.innerHTML = await answer.text();
        options().forEach((one, number) => { one.id = `palette-${number}`; });
        const words = list.querySelector("[data-words]");
        said.textContent = words ? words.textContent : "";
        if (words) words.remove();
        choose(0);
      } catch (error) {
        if (error.name !== "AbortError") form.submit();
      }
    }

    function open(event) {
      event.preventDefault();
      if (dialog.open) return;
      dialog.showModal();
      input.select();
      ask();
    }

    document.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey) && !event.shiftKey && !event.altKey) open(event);
    });
    document.querySelectorAll("[data-palette]").forEach((link) => {
      const key = link.querySelector("kbd");
      if (key && !/Mac|iPhone|iPad/.test(navigator.platform)) key.textContent = "Ctrl K";
      link.addEventListener("click", (event) => {
        if (!event.metaKey && !event.ctrlKey) open(event);
      });
    });
    dialog.querySelector(".palette-close").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT_MS);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown") choose(chosen + 1);
      else if (event.key === "ArrowUp") choose(chosen - 1);
      else if (event.key === "Enter" && chosen >= 0) options()[chosen].click();
      else return;
      event.preventDefault();
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
