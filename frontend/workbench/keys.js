/** Buttons and links with `data-key` answer to that key, wherever the focus is, except in a field that takes letters. */

/** @param {KeyboardEvent} event */
function press(event) {
  const target = event.target instanceof Element ? event.target : null;
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || document.querySelector("dialog[open]")) return;
  if (target?.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]")) return;
  const wanted = event.key.toLowerCase();
  const found = [...document.querySelectorAll("[data-key]")].find((one) => one.getAttribute("data-key") === wanted);
  if (!(found instanceof HTMLElement)) return;
  event.preventDefault();
  if (found instanceof HTMLInputElement) {
    found.checked = true;
    found.focus();
  } else found.click();
}

document.addEventListener("keydown", press);
document.documentElement.dataset.keys = "heard";

export {};
