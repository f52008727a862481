/** Lists of cell codes as people keep them: one in each line, or the columns of a pasted table. */

/** @typedef {{cell: number, regions: number[]}} Digits how long codes are by the city's plan */

/** @param {Digits} digits */
const cellCode = (digits) => new RegExp(`(?<!\\d)\\d{${digits.cell}}(?!\\d)`, "g");
/** @param {Digits} digits */
const regionCode = (digits) => new RegExp(`^\\s*["']?(${digits.regions.map((n) => `\\d{${n}}`).join("|")})(?!\\d)`);

/** Colours of areas: apart from each other and from the colours of states; a name always stands beside. */
export const HUES = ["#3f7fbf", "#7a5fb0", "#2f8f83", "#b0713a", "#5f8f3f", "#a8558b", "#4f6f95", "#8a7a2f"];

/** @param {string} text @param {Digits} digits @returns {{cells: Set<string>, regions: Set<string>}} the codes that a text names */
export function cellsOf(text, digits) {
  const cells = new Set(text.match(cellCode(digits)) ?? []);
  const region = regionCode(digits);
  /** @type {Set<string>} */
  const regions = new Set();
  for (const line of text.split("\n")) {
    const found = region.exec(line);
    if (found?.[1]) regions.add(found[1]);
  }
  return { cells, regions };
}

/** The text with these cells turned: who is in goes out, who is out comes in at the end.
 * @param {string} text @param {string[]} cells @param {Digits} digits @param {boolean} [all] take all in @returns {string} */
export function toggled(text, cells, digits, all = false) {
  let left = text;
  const held = cellsOf(text, digits).cells;
  const fresh = cells.filter((cell) => !held.has(cell));
  if (!all) for (const cell of cells) if (held.has(cell)) left = without(left, cell, digits);
  const lines = left.replace(/\s+$/, "");
  return [...(lines ? [lines] : []), ...fresh].join("\n");
}

/** @param {string} text @param {string} cell @param {Digits} digits */
function without(text, cell, digits) {
  const kept = [];
  for (const line of text.split("\n")) {
    if (!line.includes(cell)) kept.push(line);
    else if ((line.match(cellCode(digits)) ?? []).length > 1) kept.push(line.replace(cell, "").replace(/^[\s,;]+|[\s,;]+$/g, ""));
  }
  return kept.join("\n");
}
