/**
 * The one reducer of the wall, for push, pull and replay.
 * It holds that apply(snapshot(t0), entries(t0, t1]) equals snapshot(t1): tests/dashboard/test_replay.py makes both sides.
 */
import { foldCase, foldMark } from "./fold.js";

/** @typedef {import("./fold.js").Case} Case */
/** @typedef {import("./fold.js").Entry} Entry */
/** @typedef {{scope: string, epoch: number, heads: Record<string, number>, cases: Map<string, Case>,
 *   days: Record<string, import("./fold.js").Days>, unreadable: Entry[]}} State */

/** @param {any} snapshot what /api/wall/snapshot answered @returns {State} */
export function stateOf(snapshot) {
  return {
    scope: snapshot.scope,
    epoch: snapshot.epoch,
    heads: { ...snapshot.heads },
    cases: new Map(snapshot.cases.map((/** @type {Case} */ one) => [one.number, one])),
    days: structuredClone(snapshot.days),
    unreadable: [],
  };
}

/** The state after one entry of its feed; an entry that cannot be understood is set aside, and the next is served.
 * @param {State} state @param {Entry} entry @returns {{number: string, before: Case | null, after: Case | null} | null} */
export function apply(state, entry) {
  try {
    if (entry.kind === "evaluation.marked.v1") {
      add(state, entry, foldMark(entry));
      return null;
    }
    if (!entry.kind.startsWith("case.") || !("stage" in entry.data)) return null;
    const before = state.cases.get(entry.subject) ?? null;
    const { next, counts } = foldCase(before, entry);
    if (next) state.cases.set(entry.subject, next);
    else state.cases.delete(entry.subject);
    add(state, entry, counts);
    return { number: entry.subject, before, after: next };
  } catch (error) {
    state.unreadable.push(entry);
    console.error("entry set aside", entry.seq, entry.kind, error);
    return null;
  }
}

/** @param {State} state @param {Entry} entry @param {Array<[string, string, number]>} counts */
function add(state, entry, counts) {
  const district = entry.area.split(".")[1];
  const scopes = state.scope === "city" && district ? [state.scope, `d:${district}`] : [state.scope];
  for (const scope of scopes) {
    for (const [day, measure, n] of counts) {
      if (!n) continue;
      const measures = ((state.days[scope] ??= {})[day] ??= {});
      measures[measure] = (measures[measure] ?? 0) + n;
    }
  }
}
