import assert from "node:assert/strict";
import test from "node:test";
import { areaOf, boxOf, distance, inside, moved, shifted, snap } from "./geometry.js";

const RING = [[116.7, 23.35], [116.701, 23.35], [116.701, 23.351], [116.7, 23.351], [116.7, 23.35]];

test("a point is drawn to a vertex before an edge, and only within reach", () => {
  assert.deepEqual(snap([116.70003, 23.35002], [RING], 5), { at: [116.7, 23.35], on: "vertex" });
  const edge = snap([116.7005, 23.35003], [RING], 5);
  assert.equal(edge.on, "edge");
  assert.ok(distance(edge.at, [116.7005, 23.35]) < 0.01);
  assert.deepEqual(snap([116.7005, 23.3505], [RING], 5), { at: [116.7005, 23.3505], on: "" });
});

test("metres become degrees and back", () => {
  assert.ok(Math.abs(distance([116.7, 23.35], shifted([116.7, 23.35], 3, 4)) - 5) < 0.001);
  assert.ok(Math.abs(areaOf([RING]) - 111.195 * 111.195 * Math.cos((23.35 * Math.PI) / 180)) < 1);
});

test("a shared vertex moves wherever it is, also where the ring closes", () => {
  const made = moved({ type: "Polygon", coordinates: [RING] }, [116.7, 23.35], [116.6999, 23.35]);
  assert.deepEqual(made?.coordinates[0]?.[0], [116.6999, 23.35]);
  assert.deepEqual(made?.coordinates[0]?.[4], [116.6999, 23.35]);
  assert.equal(moved({ type: "Polygon", coordinates: [RING] }, [1, 1], [2, 2]), null);
});

test("boxes and insides", () => {
  assert.deepEqual(boxOf({ type: "Polygon", coordinates: [RING] }), [116.7, 23.35, 116.701, 23.351]);
  assert.equal(boxOf(null), null);
  assert.equal(inside([116.7005, 23.3505], [RING]), true);
  assert.equal(inside([116.7015, 23.3505], [RING]), false);
});
