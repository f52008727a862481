/** Classes of a measure: fixed borders, told in words; the fifth rank wants attention most, whichever end is bad. */

/** @typedef {{metric: string, unit: string, low_is_bad: boolean, closed?: boolean, breaks: number[], values: Record<string, number>}} Told */

/** The rank of a value among the classes: 0 none, the highest for what wants attention most.
 * @param {number | undefined} value @param {number[]} breaks @param {boolean} lowIsBad */
export function rankOf(value, breaks, lowIsBad) {
  if (value === undefined) return 0;
  const reached = breaks.filter((start) => value >= start).length;
  if (!reached) return 0;
  return lowIsBad ? breaks.length + 1 - reached : reached;
}

/** What a class holds: one number, a span, or everything from its start (where no value lies above it, that one number).
 * @param {number[]} breaks @param {number} index @param {boolean} [closed] */
export function spanOf(breaks, index, closed = false) {
  const from = breaks[index] ?? 0;
  const next = breaks[index + 1];
  if (next === undefined) return closed ? `${from}` : `≥${from}`;
  return next - 1 === from ? `${from}` : `${from}–${next - 1}`;
}

/** Where each class begins, as a short scale: the mildest class first. @param {{breaks: number[], low_is_bad: boolean}} told */
export function scaleOf({ breaks, low_is_bad: lowIsBad }) {
  const last = breaks.length - 1;
  if (!lowIsBad) return breaks.map((start, index) => (index === last ? `≥${start}` : `${start}`));
  return breaks.map((start, index) => (index === 0 ? `<${breaks[1]}` : `≥${start}`)).reverse();
}

/** @param {{breaks: number[], low_is_bad: boolean, closed?: boolean}} told @returns {{rank: number, text: string}[]} the mildest class first */
export function classesOf({ breaks, low_is_bad: lowIsBad, closed }) {
  const found = breaks.map((start, index) => ({ rank: rankOf(start, breaks, lowIsBad), text: spanOf(breaks, index, closed) }));
  return found.sort((one, other) => one.rank - other.rank);
}
