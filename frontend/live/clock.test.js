import assert from "node:assert/strict";
import { test } from "node:test";
import { ServerClock } from "./clock.js";
import { dayOf, hourOf, timeOf } from "./fold.js";

const SERVER = Date.parse("2026-11-22T06:00:00Z");

test("the server's time goes on by the monotonic clock, whatever the machine's clock does", () => {
  let ticks = 1000;
  let local = SERVER + 3_600_000;
  const clock = new ServerClock(() => ticks, () => local);
  clock.told("2026-11-22T06:00:00Z");
  ticks += 5000;
  local -= 7_200_000;
  assert.equal(clock.now(), SERVER + 5000);
  assert.equal(clock.drift(), -3_600_000 - 5000);
});

test("a message that was long on its way does not put the clock back", () => {
  let ticks = 0;
  const clock = new ServerClock(() => ticks, () => 0);
  clock.told("2026-11-22T06:00:00Z");
  ticks = 3000;
  clock.told("2026-11-22T06:00:01Z");
  assert.equal(clock.now(), SERVER + 3000);
});

test("a real step of the server's clock is believed", () => {
  let ticks = 0;
  const clock = new ServerClock(() => ticks, () => 0);
  clock.told("2026-11-22T06:00:00Z");
  clock.told("2026-11-22T05:59:50Z");
  assert.equal(clock.now(), SERVER - 10_000);
});

test("days and hours are those of the city", () => {
  const late = Date.parse("2026-11-22T16:30:05Z");
  assert.equal(dayOf(late), "2026-11-23");
  assert.equal(hourOf(late), 0);
  assert.equal(timeOf(late), "00:30:05");
});
