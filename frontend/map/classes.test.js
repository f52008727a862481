import assert from "node:assert/strict";
import { test } from "node:test";
import { classesOf, rankOf, scaleOf, spanOf } from "./classes.js";

const MANY = [1, 2, 3, 5, 8];
const SHARE = [0, 60, 80, 90, 95];

test("more cases rank higher, and a cell without a value has no rank", () => {
  assert.deepEqual([undefined, 0, 1, 4, 7, 8, 900].map((value) => rankOf(value, MANY, false)), [0, 0, 1, 3, 4, 5, 5]);
});

test("of a share that should be high the lowest wants attention most", () => {
  assert.deepEqual([0, 59, 60, 94, 95, 100].map((value) => rankOf(value, SHARE, true)), [5, 5, 4, 2, 1, 1]);
});

test("a short scale tells where each class begins, the mildest first", () => {
  assert.deepEqual(scaleOf({ breaks: MANY, low_is_bad: false }), ["1", "2", "3", "5", "≥8"]);
  assert.deepEqual(scaleOf({ breaks: SHARE, low_is_bad: true }), ["≥95", "≥90", "≥80", "≥60", "<60"]);
});

test("classes leave no number out and share none", () => {
  assert.deepEqual(MANY.map((_, index) => spanOf(MANY, index)), ["1", "2", "3–4", "5–7", "≥8"]);
  assert.equal(spanOf([1, 2, 3, 4], 3, true), "4", "nothing lies above the last class");
  assert.deepEqual(classesOf({ breaks: SHARE, low_is_bad: true }), [
    { rank: 1, text: "≥95" }, { rank: 2, text: "90–94" }, { rank: 3, text: "80–89" }, { rank: 4, text: "60–79" }, { rank: 5, text: "0–59" },
  ]);
});
