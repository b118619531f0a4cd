/* Enhancements only: every page works without this file. No inline code, no evaluation. */
(() => {
  "use strict";
  const root = document.documentElement;
  const clockOffset = Number(root.dataset.now || Date.now()) - Date.now();
  const serverNow = () => Date.now() + clockOffset;
  const words = root.dataset;
  root.classList.add("js");

  /* One short line in the middle of the page. */
  let toastTimer;
  const toast = (text) => {
    let box = document.getElementById("toast");
    if (!box) {
      box = document.createElement("div");
      box.id = "toast";
      box.className = "toast";
      box.setAttribute("role", "status");
      document.body.append(box);
    }
    box.textContent = text;
    requestAnimationFrame(() => box.classList.add("toast-on"));
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => box.classList.remove("toast-on"), 2000);
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      area.className = "sr";
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    toast(words.copied || "OK");
  };

  /* Countdowns to a server deadline, in milliseconds since 1970. */
  const two = (value) => String(value).padStart(2, "0");
  const left = (milliseconds) => {
    const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
    const days = Math.floor(seconds / 86400);
    const hours = Math.floor((seconds % 86400) / 3600);
    const clock = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
    return `${days ? `${days} ${words.days || "d"} ` : ""}${days || hours ? `${two(hours)}:` : ""}${clock}`;
  };
  const tick = () => {
    for (const clock of document.querySelectorAll("[data-countdown]")) {
      const rest = Number(clock.dataset.countdown) - serverNow();
      clock.textContent = left(rest);
      if (rest <= 0) {
        clock.removeAttribute("data-countdown");
        if (clock.dataset.then === "reload") setTimeout(() => location.reload(), 1200);
        const waits = clock.closest("[data-waits]");
        if (waits) wait(waits, false);
      }
    }
  };
  /* What can be done only after some seconds shows them meanwhile. */
  const wait = (waits, waiting) => {
    for (const part of waits.querySelectorAll("[data-while]")) part.hidden = (part.dataset.while === "waiting") !== waiting;
  };
  const startClocks = () => {
    if (document.querySelector("[data-countdown]")) tick();
  };
  setInterval(tick, 1000);

  /* Steppers: the number field works alone; the buttons only help. */
  const step = (stepper, change) => {
    const field = stepper.querySelector("input");
    const low = Number(field.min || 1);
    const high = Number(field.max || 99);
    const value = Math.min(high, Math.max(low, (Number(field.value) || low) + change));
    const changed = String(value) !== field.value;
    field.value = value;
    stepper.querySelector("[data-step='-1']").disabled = value <= low;
    stepper.querySelector("[data-step='1']").disabled = value >= high;
    if (change && changed) field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const prepare = (scope) => {
    for (const stepper of scope.querySelectorAll(".stepper")) {
      stepper.classList.add("ready");
      step(stepper, 0);
    }
    for (const waits of scope.querySelectorAll("[data-waits]")) {
      const seconds = Number(waits.dataset.waits);
      if (seconds > 0) {
        waits.querySelector("[data-left]").dataset.countdown = serverNow() + seconds * 1000;
        wait(waits, true);
      }
    }
    startClocks();
  };

  const closeSheet = (dialog) => {
    dialog.close();
    if (dialog.id === "sheet") dialog.replaceChildren();
  };

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-copy],[data-share],[data-eye],[data-step],[data-open],[data-close],[data-back],dialog");
    if (!target || target === root) return;
    if (target.dataset.copy !== undefined) {
      copy(target.dataset.copy);
    } else if (target.dataset.share !== undefined) {
      const url = new URL(target.dataset.share || words.share || location.href, location.href).href;
      if (navigator.share) navigator.share({ title: document.title, url }).catch(() => {});
      else copy(url);
    } else if (target.dataset.eye !== undefined) {
      const hidden = root.dataset.amounts !== "hidden";
      root.dataset.amounts = hidden ? "hidden" : "shown";
      target.setAttribute("aria-pressed", String(hidden));
      try { localStorage.setItem("amounts", root.dataset.amounts); } catch { /* a private window keeps nothing */ }
    } else if (target.dataset.step) {
      step(target.closest(".stepper"), Number(target.dataset.step));
    } else if (target.dataset.open) {
      const dialog = document.getElementById(target.dataset.open);
      if (dialog?.showModal) {
        event.preventDefault();
        dialog.showModal();
      }
    } else if (target.dataset.close !== undefined) {
      const dialog = target.closest("dialog");
      if (dialog) {
        event.preventDefault();
        closeSheet(dialog);
      }
    } else if (target.dataset.back !== undefined) {
      if (history.length > 1 && document.referrer.startsWith(location.origin)) {
        event.preventDefault();
        history.back();
      }
    } else if (target.tagName === "DIALOG" && event.target === target) {
      closeSheet(target);
    }
  });

  document.addEventListener("change", (event) => {
    const stepper = event.target.closest(".stepper");
    if (stepper) step(stepper, 0);
  });

  /* A form is sent once; coming back to the page makes it ready again. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    for (const button of document.querySelectorAll("button[type=submit]")) {
      if (button.form === form) button.setAttribute("aria-disabled", "true");
    }
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    if (document.querySelector("[data-fresh]")) location.reload();
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("button[aria-disabled=true]")) button.removeAttribute("aria-disabled");
  });

  /* WeChat's own sheet for a payment, or for taking a transfer once that is asked for. What it says is no proof: the server's books tell. */
  const payBySheet = () => {
    const holder = document.querySelector("[data-pay-sheet]");
    if (!holder) return;
    const state = holder.querySelector("[role=status]");
    const invoke = () => {
      window.WeixinJSBridge.invoke(holder.dataset.sheet || "getBrandWCPayRequest", JSON.parse(holder.dataset.paySheet), (answer) => {
        if (answer.err_msg.endsWith(":ok")) location.replace(holder.dataset.then);
        else state.textContent = holder.dataset.left;
      });
    };
    holder.querySelector("[data-pay-again]").addEventListener("click", () => window.WeixinJSBridge && invoke());
    if (holder.dataset.waits !== undefined) return;
    if (window.WeixinJSBridge) invoke();
    else document.addEventListener("WeixinJSBridgeReady", invoke, { once: true });
  };

  /* Whether amounts are shown is this device's business. */
  try {
    if (localStorage.getItem("amounts") === "hidden") root.dataset.amounts = "hidden";
  } catch { /* a private window keeps nothing */ }

  /* A list that scrolls by itself stands where it was left. */
  const keepScroll = () => {
    for (const list of document.querySelectorAll("[data-keep-scroll]")) {
      const key = `scroll ${list.dataset.keepScroll}`;
      try { list.scrollTop = Number(sessionStorage.getItem(key) || 0); } catch { /* a private window keeps nothing */ }
      list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
      list.addEventListener("scroll", () => {
        try { sessionStorage.setItem(key, list.scrollTop); } catch { /* as above */ }
      }, { passive: true });
    }
  };

  const network = () => {
    const bar = document.getElementById("offline");
    if (bar) bar.hidden = navigator.onLine;
  };
  addEventListener("online", network);
  addEventListener("offline", network);

  /* The gallery says which picture is seen; photos that were chosen are counted; things put into the cart are, too. */
  document.addEventListener("scroll", (event) => {
    const strip = event.target;
    if (!strip.dataset || strip.dataset.gallery === undefined) return;
    const now = strip.parentElement.querySelector("[data-gallery-now]");
    if (now) now.textContent = Math.round(strip.scrollLeft / strip.clientWidth) + 1;
  }, { capture: true, passive: true });
  document.addEventListener("change", (event) => {
    const said = event.target.type === "file" && event.target.closest(".field")?.querySelector("[data-files]");
    if (!said) return;
    said.hidden = !event.target.files.length;
    said.querySelector("b").textContent = event.target.files.length;
  });
  const countCart = (count) => {
    for (const badge of document.querySelectorAll("[data-cart-count]")) {
      badge.hidden = !count;
      badge.querySelector("[data-number]").textContent = count > 99 ? "99+" : count;
    }
  };

  const start = () => {
    prepare(document);
    document.body.addEventListener("cart-added", (event) => {
      countCart(event.detail.count);
      toast(event.detail.message);
      const sheet = document.getElementById("sheet");
      if (sheet?.open) closeSheet(sheet);
    });
    document.body.addEventListener("cart-counted", (event) => countCart(event.detail.count));
    document.body.addEventListener("said", (event) => toast(event.detail.message));
    network();
    payBySheet();
    for (const eye of document.querySelectorAll("[data-eye]")) eye.setAttribute("aria-pressed", String(root.dataset.amounts === "hidden"));
    document.body.addEventListener("htmx:afterSwap", (event) => {
      const sheet = event.target.closest?.("dialog");
      if (sheet && !sheet.open) sheet.showModal();
    });
    document.body.addEventListener("htmx:load", (event) => prepare(event.target));
    document.body.addEventListener("htmx:sendError", () => toast(words.failed || "!"));
    document.body.addEventListener("htmx:responseError", (event) => {
      if (!event.detail.xhr.getResponseHeader("HX-Trigger")) toast(words.failed || "!");
    });
    const alone = document.querySelector("[data-alone]");
    if (alone && history.length === 1 && location.pathname !== "/") alone.hidden = false;
    if ("serviceWorker" in navigator && words.worker) navigator.serviceWorker.register(words.worker).catch(() => {});
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
