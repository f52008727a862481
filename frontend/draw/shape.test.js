import assert from "node:assert/strict";
import test from "node:test";
import { Past } from "./past.js";
import { after, crossing, pathsOf, shapeOf, sizeOf, verticesOf, withInserted, withoutVertex, withVertex } from "./shape.js";

const A = [116.7, 23.35];
const B = [116.701, 23.35];
const C = [116.701, 23.351];
const D = [116.7, 23.351];
const SQUARE = shapeOf("area", [A, B, C, D]);
const LINE = shapeOf("line", [A, B, C]);
const TWO = { type: "MultiPolygon", coordinates: [[[A, B, C, A]], [[C, D, A, C]]] };

test("the vertices of lines, rings and parts are numbered through", () => {
  assert.deepEqual(verticesOf(SQUARE), [A, B, C, D]);
  assert.deepEqual(verticesOf(LINE), [A, B, C]);
  assert.deepEqual(verticesOf(TWO), [A, B, C, C, D, A]);
  assert.deepEqual(pathsOf(null), []);
  assert.equal(shapeOf("area", [A, B]), null);
  assert.equal(shapeOf("line", [A]), null);
});

test("one vertex moves, and the ring stays closed", () => {
  const made = withVertex(SQUARE, 0, D);
  assert.deepEqual(made.coordinates[0], [D, B, C, D, D]);
  assert.deepEqual(withVertex(TWO, 3, B).coordinates, [[[A, B, C, A]], [[B, D, A, B]]]);
  assert.deepEqual(SQUARE.coordinates[0], [A, B, C, D, A]);
});

test("a vertex is put in and taken out, never below what the shape needs", () => {
  assert.deepEqual(verticesOf(withInserted(LINE, 0, D)), [A, D, B, C]);
  assert.deepEqual(verticesOf(withInserted(SQUARE, 3, B)), [A, B, C, D, B]);
  assert.deepEqual(verticesOf(withoutVertex(LINE, 1)), [A, C]);
  assert.equal(withoutVertex(shapeOf("line", [A, B]), 0), null);
  assert.equal(withoutVertex(shapeOf("area", [A, B, C]), 0), null);
});

test("a vertex after the last one of a line goes on beyond it, in a ring it comes before the first", () => {
  const [lon, lat] = after(LINE, 2);
  assert.equal(lon, 116.701);
  assert.ok(lat > 23.351 && lat < 23.3511);
  assert.deepEqual(after(SQUARE, 3), [116.7, 23.3505]);
  assert.deepEqual(after(LINE, 0), [116.7005, 23.35]);
});

test("a crossing is found where edges meet that are no neighbours", () => {
  assert.equal(crossing(SQUARE), null);
  assert.equal(crossing(LINE), null);
  assert.deepEqual(crossing(shapeOf("area", [A, C, B, D])), [116.7005, 23.3505]);
  assert.deepEqual(crossing(shapeOf("line", [A, C, B, D])), [116.7005, 23.3505]);
  assert.equal(crossing(shapeOf("line", [A, B, C, A])), null, "a line may end where it began");
});

test("lengths and extents", () => {
  assert.ok(Math.abs(sizeOf(LINE).metres - 213.3) < 1);
  assert.equal(sizeOf(LINE).square, 0);
  assert.ok(Math.abs(sizeOf(SQUARE).square - 111.2 * 102.1) < 30);
});

test("what was drawn goes back and forth, and a new step forgets what was undone", () => {
  const past = new Past("");
  assert.equal(past.undo(), false);
  past.step("a");
  past.step("b");
  assert.equal(past.undo(), true);
  assert.equal(past.now, "a");
  assert.equal(past.redo(), true);
  assert.equal(past.now, "b");
  past.undo();
  past.step("c");
  assert.equal(past.redo(), false);
  assert.equal(past.now, "c");
});
