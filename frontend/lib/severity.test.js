import assert from "node:assert/strict";
import { test } from "node:test";
import { LEVELS, SHAPES, levelOf, railOf, worstFirst } from "./severity.js";

const NOW = Date.parse("2026-11-22T06:00:00Z");
let count = 0;

const one = (stage, minutesLeft, more = {}) => ({
  number: String((count += 1)).padStart(20, "0"), stage, priority: 0, reported_at: "2026-11-22T01:00:00Z",
  due_at: minutesLeft === null ? null : new Date(NOW + minutesLeft * 60_000).toISOString(), ...more,
});

test("a level is what is left of the promise", () => {
  assert.equal(levelOf(one("handling", 0), NOW), "critical");
  assert.equal(levelOf(one("handling", 30), NOW), "serious");
  assert.equal(levelOf(one("handling", 120), NOW), "caution");
  assert.equal(levelOf(one("handling", 121), NOW), "normal");
  assert.equal(levelOf(one("handling", null), NOW), "normal");
  assert.equal(levelOf(one("reported", 300), NOW), "info");
  assert.equal(levelOf(one("reported", -1), NOW), "critical");
});

test("the worst is first: level, then priority, then the longer overdue", () => {
  const cases = [one("handling", 20), one("handling", -5), one("handling", -90), one("handling", -1, { priority: 2 })];
  const order = [...cases].sort(worstFirst(NOW)).map((found) => cases.indexOf(found));
  assert.deepEqual(order, [3, 2, 1, 0]);
});

test("the rail has six cards at most, and none for what is in time", () => {
  const cases = [...Array.from({ length: 9 }, (_, n) => one("handling", -n - 1)), one("handling", 600)];
  const rail = railOf(cases, NOW);
  assert.equal(rail.length, 6);
  assert.equal(railOf([one("handling", 600)], NOW).length, 0);
});

test("what has just come has a card even on a bad day, two at most", () => {
  const bad = Array.from({ length: 9 }, (_, n) => one("handling", -n - 1));
  const fresh = [10, 20, 30].map((seconds) => one("reported", 30, { reported_at: new Date(NOW - seconds * 1000).toISOString() }));
  const rail = railOf([...bad, ...fresh], NOW);
  assert.equal(rail.length, 6);
  assert.deepEqual(fresh.map((found) => rail.includes(found)), [true, true, false]);
});

test("each level has a shape, and so has what is over or has no deadline", () => {
  assert.deepEqual(Object.keys(SHAPES), [...LEVELS, "off"]);
});
