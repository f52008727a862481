import assert from "node:assert/strict";
import test from "node:test";
import { areaOf, boxOf, distance, inside, moved, readPoints, readPolygon, shifted, snap, Unreadable } from "./geometry.js";

const RING = [[116.7, 23.35], [116.701, 23.35], [116.701, 23.351], [116.7, 23.351], [116.7, 23.35]];
const code = (act) => {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof Unreadable);
    return error.code;
  }
  return "";
};

test("a polygon is read from coordinates, WKT and GeoJSON, and closed where it was open", () => {
  const expected = { type: "Polygon", coordinates: [RING] };
  const lines = RING.slice(0, 4).map((point) => point.join(", ")).join("\n");
  assert.deepEqual(readPolygon(lines), expected);
  assert.deepEqual(readPolygon(`POLYGON((${RING.map((point) => point.join(" ")).join(", ")}))`), expected);
  assert.deepEqual(readPolygon(JSON.stringify({ type: "Feature", properties: {}, geometry: expected })), expected);
  assert.deepEqual(readPolygon(JSON.stringify({ type: "MultiPolygon", coordinates: [[RING]] })), expected);
  assert.deepEqual(readPolygon("116.7°E 23.35°N；116.701 23.35；116.701 23.351；116.7 23.351"), expected);
});

test("what cannot be read is told by its line", () => {
  assert.equal(code(() => readPolygon(" ")), "editor.read.empty");
  assert.equal(code(() => readPolygon("{oops")), "editor.read.json");
  assert.equal(code(() => readPolygon('{"type":"Point","coordinates":[1,2]}')), "editor.read.polygon");
  assert.equal(code(() => readPolygon("116 23\n117 23")), "editor.read.few");
  assert.equal(code(() => readPoints("116 23\nabc")), "editor.read.line");
  assert.equal(code(() => readPoints("23 116")), "editor.read.degrees");
  assert.equal(code(() => readPolygon(`MULTIPOLYGON(((${"1 1, 2 1, 2 2, 1 1"})),((${"3 3, 4 3, 4 4, 3 3"})))`)), "editor.read.one");
});

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
