import assert from "node:assert/strict";
import test from "node:test";
import { cornersOf, middleOf, nearestEdge, textOf, within, withCorner, withoutCorner } from "./picture.js";

/** @type {import("./picture.js").Corner[]} */
const SQUARE = [[10, 10], [90, 10], [90, 90], [10, 90]];

test("what is drawn reads back as it was", () => {
  assert.deepEqual(cornersOf(textOf(SQUARE)), SQUARE);
  assert.deepEqual(cornersOf("10 10; 90，10\n 50.5 ,90 "), [[10, 10], [90, 10], [50.5, 90]]);
  assert.equal(cornersOf("10, 10\nhere"), null);
  assert.deepEqual(cornersOf(""), []);
});

test("nothing lies outside the picture", () => {
  assert.equal(within(-3), 0);
  assert.equal(within(100.04), 100);
  assert.equal(textOf([[120, -1]]), "100, 0");
});

test("a new corner goes into the edge it lies nearest to", () => {
  assert.equal(nearestEdge(SQUARE, [50, 5]), 1);
  assert.equal(nearestEdge(SQUARE, [5, 50]), 4);
  assert.equal(nearestEdge([[1, 1]], [5, 50]), 1);
  assert.deepEqual(withCorner(SQUARE, 1, [50, 5])[1], [50, 5]);
  assert.deepEqual(middleOf(SQUARE, 3), [10, 50]);
  assert.equal(withoutCorner(SQUARE, 0).length, 3);
});
