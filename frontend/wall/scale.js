/** The wall unit: one minute of arc in pixels, from the screen's pixel pitch and the viewing distance in millimetres. */

const MINUTE = Math.tan(Math.PI / 10800);

/** @param {number} pitch mm per pixel @param {number} distance mm @returns {number} pixels per minute of arc */
export function unitOf(pitch, distance) {
  return (distance * MINUTE) / pitch;
}

/** Where the page names pitch and distance, they rule; else tokens.css assumes 27 inches at 0.65 m.
 * @returns {number} the size of a label in pixels */
export function applyScale() {
  const root = document.documentElement;
  const pitch = Number(root.dataset.pitch);
  const distance = Number(root.dataset.distance);
  if (pitch > 0 && distance > 0) root.style.setProperty("--u", `${unitOf(pitch, distance)}px`);
  return Number.parseFloat(getComputedStyle(document.body).fontSize);
}
