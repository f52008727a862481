/** How urgent a case is, and the shape of each level: colour is never alone (references/web.md 5.1). */

/** @typedef {import("../live/fold.js").Case} Case */

export const LEVELS = ["critical", "serious", "caution", "info", "normal"];
const SERIOUS_SECONDS = 30 * 60;
const CAUTION_SECONDS = 2 * 3600;
const WAITING = new Set(["reported", "verifying", "accepted"]);
const RAIL = 6;
const RAIL_FRESH = 2;
const FRESH_MS = 180_000;

/** @param {Case} one @param {number} now milliseconds @returns {string} */
export function levelOf(one, now) {
  if (one.due_at) {
    const left = (Date.parse(one.due_at) - now) / 1000;
    if (left <= 0) return "critical";
    if (left <= SERIOUS_SECONDS) return "serious";
    if (left <= CAUTION_SECONDS) return "caution";
  }
  return WAITING.has(one.stage) ? "info" : "normal";
}

/** @param {string} a @param {string} b */
const compare = (a, b) => (a < b ? -1 : Number(a > b));

/** @param {number} now @returns {(a: Case, b: Case) => number} worst first */
export function worstFirst(now) {
  return (a, b) =>
    LEVELS.indexOf(levelOf(a, now)) - LEVELS.indexOf(levelOf(b, now)) ||
    (b.priority ?? 0) - (a.priority ?? 0) ||
    compare(a.due_at ?? "9999", b.due_at ?? "9999") ||
    compare(a.reported_at, b.reported_at) ||
    compare(a.number, b.number);
}

/** At most six cases, worst first; up to two that have just come always have a card.
 * @param {Iterable<Case>} cases @param {number} now @returns {Case[]} */
export function railOf(cases, now) {
  const ordered = [...cases].sort(worstFirst(now));
  const fresh = ordered
    .filter((one) => now - Date.parse(one.reported_at) < FRESH_MS)
    .sort((a, b) => compare(a.reported_at, b.reported_at) || compare(a.number, b.number))
    .slice(-RAIL_FRESH);
  const shown = new Set(fresh.map((one) => one.number));
  for (const one of ordered) {
    if (shown.size >= RAIL) break;
    if (levelOf(one, now) !== "normal") shown.add(one.number);
  }
  return ordered.filter((one) => shown.has(one.number));
}

/** The outline of each level's shape in a box of 20 by 20; what has ended and what has no deadline is a ring. @type {Record<string, string>} */
export const SHAPES = {
  critical: "M2 2h12.5L18 5.5V18H2z",
  serious: "M10 1.2 18.8 7.8 15.4 18.2H4.6L1.2 7.8z",
  caution: "M10 1.8 18.8 17.6H1.2z",
  info: "M10 .8 19.2 10 10 19.2.8 10z",
  normal: "M10 3.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z",
  off: "M10 3.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM10 6a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
};
