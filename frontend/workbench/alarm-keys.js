/** The keys of the desk of alarms: j and k go down and up, the others press what stands in the row for them. */

/** @returns {HTMLElement[]} */
const rows = () => [...document.querySelectorAll("[data-alarms] tr[data-alarm]")].filter((row) => row instanceof HTMLElement);

/** @param {Element | null} from @returns {HTMLElement | undefined} */
const current = (from) => rows().find((row) => row.contains(from));

/** @param {HTMLElement | undefined} row @param {string} key @returns {HTMLElement | null | undefined} */
const control = (row, key) => row?.querySelector(`[data-key="${key}"]`);

/** @param {Element} from @param {number} step */
function go(from, step) {
  const every = rows();
  const row = current(from);
  const place = row ? every.indexOf(row) + step : step > 0 ? 0 : every.length - 1;
  control(every[Math.max(0, Math.min(place, every.length - 1))], "Enter")?.focus();
}

/** The desk is worked by keys, never while somebody is typing. */
export function listenToAlarmKeys() {
  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target || !document.querySelector("[data-alarms]") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.closest("input, textarea, select, [contenteditable]")) return;
    if (event.key === "j" || event.key === "k") return go(target, event.key === "j" ? 1 : -1);
    if (["a", "m", "s", "e"].includes(event.key)) control(current(target), event.key)?.click();
  });
}
