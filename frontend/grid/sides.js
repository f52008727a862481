/** What stands on each side of a changed cell: a table with a row for each side and a column for each kind of thing. */
import { make } from "../lib/dom.js";
import { pick, say } from "../lib/words.js";

/** @typedef {{zh: string, en: string}} Names */
/** @typedef {{kind: string, names: Names, from_cell: string, to_cell: string, count: number}} Move */
/** @typedef {{kind: string, names: Names, cell: string, count: number}} Stay */
/** @typedef {{kind: string, names: Names, moved: number, lost: number}} Total */
/** @typedef {{cells: Record<string, number>, moves: Move[], stays: Stay[], totals: Total[], truncated: boolean}} Told */
/** @typedef {{cell: string, keeps: boolean, counts: Map<string, number>}} Side */

/**
 * The sides of every cell that changes and keeps its code: first what stays, then where the rest goes.
 * @param {Told} told @returns {Side[][]}
 */
export function sidesOf(told) {
  return [...new Set(told.stays.map((one) => one.cell))].sort().map((cell) => {
    const others = [...new Set(told.moves.filter((one) => one.from_cell === cell && one.to_cell && one.to_cell !== cell).map((one) => one.to_cell))];
    return [kept(told, cell), ...others.sort().map((to) => ({ cell: to, keeps: false, counts: sums(told.moves.filter((one) => one.from_cell === cell && one.to_cell === to)) }))];
  });
}

/**
 * What these cells would have, whatever cell it comes from.
 * @param {Told} told @param {string[]} cells @param {string} keeper the one that keeps its code @returns {Side[]}
 */
export function holdings(told, cells, keeper) {
  return [...cells].sort().map((cell) => {
    const came = told.moves.filter((one) => one.to_cell === cell && one.from_cell !== cell);
    return { cell, keeps: cell === keeper, counts: sums([...told.stays.filter((one) => one.cell === cell), ...came]) };
  });
}

/** @param {Told} told @param {string} cell @returns {Side} */
function kept(told, cell) {
  return { cell, keeps: true, counts: sums(told.stays.filter((one) => one.cell === cell)) };
}

/** @param {{kind: string, count: number}[]} rows @returns {Map<string, number>} */
function sums(rows) {
  const found = new Map();
  for (const one of rows) found.set(one.kind, (found.get(one.kind) ?? 0) + one.count);
  return found;
}

/** @param {Told} told @param {Side[][]} groups @param {string} caption @returns {HTMLElement} */
export function sidesTable(told, groups, caption) {
  const head = make("tr", "");
  for (const [text, style] of [[say("sides.cell"), ""], ...told.totals.map((one) => [pick(one.names), "number"])]) {
    const cell = make("th", style ?? "", text ?? "");
    cell.scope = "col";
    head.append(cell);
  }
  const bodies = groups.map((sides) => {
    const body = make("tbody", "");
    for (const side of sides) {
      const name = make("th", "", side.cell, ...(side.keeps ? [" ", make("span", "chip chip--info", say("sides.keeps"))] : []));
      name.scope = "row";
      body.append(make("tr", "", name, ...told.totals.map((one) => make("td", "number", String(side.counts.get(one.kind) ?? 0)))));
    }
    return body;
  });
  const wrap = make("div", "table-wrap", make("table", "list", make("caption", "strong", caption), make("thead", "", head), ...bodies));
  wrap.tabIndex = 0;
  wrap.setAttribute("role", "region");
  wrap.setAttribute("aria-label", caption);
  return wrap;
}

/** The same in a narrow panel: one paragraph for each side. @param {Told} told @param {Side[]} sides @param {string} caption @returns {HTMLElement} */
export function sidesList(told, sides, caption) {
  const lines = sides.map((side) => {
    const counts = told.totals.map((one) => `${pick(one.names)} ${side.counts.get(one.kind) ?? 0}`).join(" · ");
    const keeps = side.keeps ? [" ", make("span", "chip chip--info", say("sides.keeps"))] : [];
    return make("li", "", make("span", "strong", side.cell), ...keeps, make("div", "small", counts));
  });
  return make("div", "stack stack--tight", make("p", "strong", caption), make("ul", "plain stack stack--tight", ...lines));
}
