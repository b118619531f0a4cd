// A file is chosen at a desk. The theme writes its name into the first text field that it finds nearby, whatever that is
// for, and stumbles where there is none. Only the theme's own boxes have a field for it, which nobody can type into.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || input.type !== "file") return;
  const nearby = input.parentNode?.parentNode?.parentNode?.querySelector("input[type=text]");
  if (!nearby?.disabled) event.stopPropagation();
}, true);
