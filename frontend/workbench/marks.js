/** What a mark looks like as a path, in the measure of the drawing; the server says the same of what is saved (cases/pages/annotating.py). */

/** @typedef {[number, number]} Point */
/** @typedef {{kind: string, x1: number, y1: number, x2: number, y2: number, text: string}} Mark */

const HEAD = 0.03;
const ANGLE = (28 * Math.PI) / 180;
const CROSS = 14;

/** A share of a side, no finer than can be seen. @param {number} share */
export const rounded = (share) => Math.round(Math.min(1, Math.max(0, share)) * 10000) / 10000;

/** @param {Mark} mark @param {number} width @param {number} height @returns {string} "" for words alone */
export function pathOf(mark, width, height) {
  const [x1, y1, x2, y2] = [mark.x1 * width, mark.y1 * height, mark.x2 * width, mark.y2 * height];
  if (mark.kind === "arrow") return `M${x1} ${y1} L${x2} ${y2} M${head(x1, y1, x2, y2, HEAD * Math.max(width, height))}`;
  if (mark.kind === "box") return `M${x1} ${y1} H${x2} V${y2} H${x1} Z`;
  if (mark.kind === "circle") return ellipse(x1, y1, x2, y2);
  return mark.kind === "cross" ? `M${x1 - CROSS} ${y1} H${x1 + CROSS} M${x1} ${y1 - CROSS} V${y1 + CROSS}` : "";
}

/** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {number} length */
function head(x1, y1, x2, y2, length) {
  const turn = Math.atan2(y2 - y1, x2 - x1);
  const barb = (/** @type {number} */ side) => `${x2 - length * Math.cos(turn + side * ANGLE)} ${y2 - length * Math.sin(turn + side * ANGLE)}`;
  return `${barb(-1)} L${x2} ${y2} L${barb(1)}`;
}

/** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
function ellipse(x1, y1, x2, y2) {
  const middle = (y1 + y2) / 2;
  const arc = `A${Math.abs(x2 - x1) / 2} ${Math.abs(y2 - y1) / 2} 0 1 0`;
  return `M${x1} ${middle} ${arc} ${x2} ${middle} ${arc} ${x1} ${middle}`;
}
