/**
 * Replays a story told by Python: apply(snapshot(t0), entries(t0, t1]) must equal snapshot(t1), and the figures of the
 * browser must equal the figures of the server. Usage: node replay.mjs story.json (see test_replay.py)
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { figures, districtFigures } from "../../frontend/live/figures.js";
import { dayOf } from "../../frontend/live/fold.js";
import { apply, stateOf } from "../../frontend/live/reducer.js";
import { levelOf, railOf } from "../../frontend/lib/severity.js";

const { before, entries, after, rail } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const now = Date.parse(after.server_time);
const first = dayOf(now - (2 * after.window_days) * 86400_000);
const firstByHours = dayOf(now - 2 * 86400_000);
const BY_THE_HOUR = /^(due|kept|quick|quick_kept|verdict|rework|opened|ended):/;

/** Only the days that the later snapshot carries, and of the last ones their hours; without what is empty. */
function pruned(days) {
  const kept = {};
  for (const [scope, byDay] of Object.entries(days)) {
    for (const [day, counts] of Object.entries(byDay)) {
      const told = Object.entries(counts).filter(([name, n]) => n !== 0 && (day >= firstByHours || !BY_THE_HOUR.test(name)));
      if (day >= first && told.length) (kept[scope] ??= {})[day] = Object.fromEntries(told);
    }
  }
  return kept;
}

const state = stateOf(before);
let last = before.heads[before.scope];
for (const entry of entries) {
  assert.equal(entry.seq, last + 1, "the feed has a hole");
  last = entry.seq;
  apply(state, entry);
}
assert.equal(state.unreadable.length, 0);
assert.equal(last, after.heads[after.scope]);
const cases = [...state.cases.values()].sort((a, b) => (a.number < b.number ? -1 : 1));
assert.deepEqual(cases, after.cases, "the cases in mind differ");
assert.deepEqual(pruned(state.days), pruned(after.days), "the counts differ");

const found = figures(state.cases.values(), state.days[after.scope] ?? {}, now);
for (const key of Object.keys(after.kpis)) assert.deepEqual(found[key], after.kpis[key], key);
for (const key of ["sources", "hours", "late_hours", "stages", "levels", "trends"]) assert.deepEqual(found[key], after[key], key);
for (const district of after.districts) {
  const { code, names, ...server } = district;
  const held = cases.filter((one) => one.district === code);
  assert.deepEqual(districtFigures(held, state.days[`d:${code}`] ?? {}, now), server, code);
}
const cards = railOf(state.cases.values(), now).map((one) => ({ number: one.number, level: levelOf(one, now) }));
assert.deepEqual(cards, rail, "the rail differs");
console.log(`${entries.length} entries, ${cases.length} open cases`);
