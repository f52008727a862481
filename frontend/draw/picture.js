/** Corners of an area on a picture, in percent of its sides, as text and as numbers. */

/** @typedef {[number, number]} Corner */
const LINE = /^\s*(-?\d+(?:\.\d+)?)\s*[,，\s]\s*(-?\d+(?:\.\d+)?)\s*$/;

/** @param {number} value @returns {number} within the picture, to a tenth of a percent */
export const within = (value) => Math.round(10 * Math.min(100, Math.max(0, value))) / 10;

/** @param {string} text @returns {Corner[] | null} the corners; null where a line is none */
export function cornersOf(text) {
  const lines = text.split(/[\n;；]/).filter((line) => line.trim());
  const found = lines.map((line) => LINE.exec(line));
  if (found.some((match) => !match)) return null;
  return found.map((match) => [Number(match?.[1]), Number(match?.[2])]);
}

/** @param {Corner[]} corners */
export const textOf = (corners) => corners.map(([x, y]) => `${within(x)}, ${within(y)}`).join("\n");

/** @param {Corner[]} corners @param {number} place @param {Corner} at @returns {Corner[]} */
export const withCorner = (corners, place, at) => [...corners.slice(0, place), at, ...corners.slice(place)];

/** @param {Corner[]} corners @param {number} place @returns {Corner[]} */
export const withoutCorner = (corners, place) => corners.filter((_, n) => n !== place);

/** @param {Corner[]} corners @param {number} place @returns {Corner} the middle of the edge behind that corner */
export function middleOf(corners, place) {
  const [a, b] = [corners[place] ?? [50, 50], corners[(place + 1) % corners.length] ?? [50, 50]];
  return [within((a[0] + b[0]) / 2), within((a[1] + b[1]) / 2)];
}

/** @param {Corner[]} corners @param {Corner} at @returns {number} where a corner at that point belongs: into the nearest edge */
export function nearestEdge(corners, at) {
  if (corners.length < 3) return corners.length;
  const detours = corners.map((a, place) => {
    const b = /** @type {Corner} */ (corners[(place + 1) % corners.length]);
    return Math.hypot(at[0] - a[0], at[1] - a[1]) + Math.hypot(at[0] - b[0], at[1] - b[1]) - Math.hypot(a[0] - b[0], a[1] - b[1]);
  });
  return detours.indexOf(Math.min(...detours)) + 1;
}
