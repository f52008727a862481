/** The year view of a calendar: a click on a day makes it a day of rest, a make-up day, or what it usually is. */
/** Lines of a field without that day, and with it when a text is given.
 * @param {string} name @param {string} day @param {string} [line] */
function put(name, day, line) {
  const field = /** @type {HTMLTextAreaElement} */ (document.getElementById(`id_${name}`));
  const kept = field.value.split("\n").filter((one) => one.trim() && !one.startsWith(day));
  field.value = (line ? [...kept, line] : kept).sort().join("\n");
}

/** @param {HTMLButtonElement} button @param {HTMLElement} root */
function turn(button, root) {
  const { day = "", usual = "" } = button.dataset;
  const changed = usual === "work" ? "closed" : "extra";
  const plain = button.classList.contains("day--closed") || button.classList.contains("day--extra");
  const state = plain ? usual : changed;
  put("closed", day, state === "closed" ? day : undefined);
  put("extra", day, state === "extra" ? `${day} ${root.dataset.hours}` : undefined);
  button.className = `day day--${state}`;
  button.setAttribute("aria-label", `${button.textContent} · ${day} ${JSON.parse(root.dataset.words ?? "{}")[state]}`);
}

export function listenToYears() {
  const year = /** @type {HTMLElement | null} */ (document.querySelector("[data-year]"));
  year?.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-day]") : null;
    if (button instanceof HTMLButtonElement) turn(button, year);
  });
}
