import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { unitOf } from "./scale.js";

test("the wall unit of the walls that were measured", () => {
  assert.equal(unitOf(0.63, 5000).toFixed(2), "2.31");
  assert.equal(unitOf(1.25, 8000).toFixed(2), "1.86");
  assert.equal(unitOf(0.233, 650).toFixed(2), "0.81");
});

test("the default of tokens.css is 27 inches at 0.65 m", () => {
  const share = Number(/100vw \* ([\d.]+)/.exec(readFileSync(new URL("../tokens.css", import.meta.url), "utf8"))?.[1]);
  assert.ok(Math.abs(share * 1920 - unitOf(597 / 1920, 650)) < 0.001);
});

test("the smallest type on a wall is 20 minutes of arc for digits and 24 for Han", () => {
  const css = readFileSync(new URL("../tokens.css", import.meta.url), "utf8");
  const label = Number(/--t-label: calc\(var\(--u\) \* ([\d.]+)\)/.exec(css)?.[1]);
  assert.ok(label * 0.7 >= 20, `${label * 0.7}`);
  assert.ok(label * 0.9 >= 24, `${label * 0.9}`);
});
