/* Checks a proof of the books in the browser, as docs/proof.md says. Without it there is the script to download. */
(() => {
  "use strict";
  const box = document.querySelector("[data-proof]");
  if (!box) return;
  const result = box.querySelector("[data-result]");
  const bytes = (hex) => Uint8Array.from(String(hex).match(/../g) || [], (two) => parseInt(two, 16));
  const hex = (found) => Array.from(found, (one) => one.toString(16).padStart(2, "0")).join("");
  const utf8 = (text) => new TextEncoder().encode(text);
  const hash = async (mark, ...parts) => {
    const joined = await new Blob([Uint8Array.of(mark), ...parts]).arrayBuffer();
    return new Uint8Array(await crypto.subtle.digest("SHA-256", joined));
  };

  /* What is wrong, by name and with a number; nothing where all is right. */
  const fault = async (proof) => {
    let head = bytes(proof.start);
    let number = proof.first - 1;
    for (const entry of proof.entries) {
      number += 1;
      if ("text" in entry && hex(await hash(2, utf8(entry.text))) !== entry.hash) return ["entry", number];
      head = await hash(3, head, bytes(entry.hash));
    }
    if (number !== proof.sequence || hex(head) !== proof.head) return ["chain"];
    let node = await hash(0, utf8(`${proof.holder}:${proof.sequence}:`), head);
    for (const [side, other] of proof.path) {
      node = side === "left" ? await hash(1, bytes(other), node) : await hash(1, node, bytes(other));
    }
    if (hex(node) !== proof.root) return ["path"];
    const published = await fetch(box.dataset.roots + encodeURIComponent(proof.date) + ".json");
    return published.ok && (await published.json()).root === proof.root ? null : ["root"];
  };

  const say = (state, name, number, count, date) => {
    result.hidden = false;
    result.className = `notice notice-card ${state}`;
    result.textContent = box.dataset[name].replace("{n}", number).replace("{count}", count).replace("{date}", date);
  };
  const check = async (read) => {
    if (!window.crypto || !crypto.subtle) return say("notice-warn", "cannot");
    say("notice-quiet", "working");
    try {
      const proof = await read();
      const found = await fault(proof);
      if (found) say("notice-danger", found[0], found[1]);
      else say("notice-jade", "right", "", proof.entries.length, proof.date);
    } catch {
      say("notice-danger", "unreadable");
    }
  };
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-check]");
    if (button) check(async () => (await fetch(button.dataset.check)).json());
  });
  box.addEventListener("change", (event) => {
    const file = event.target.files && event.target.files[0];
    if (!file) return;
    check(async () => JSON.parse(await file.text()));
    event.target.value = "";
  });
})();
