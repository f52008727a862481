import assert from "node:assert/strict";
import test from "node:test";
import { readPoints, readPolygon, readShape, Unreadable, writeShape } from "./reading.js";

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

test("a line is read from coordinates, WKT and GeoJSON, in parts where it has some", () => {
  const line = { type: "LineString", coordinates: RING.slice(0, 3) };
  assert.deepEqual(readShape("116.7, 23.35\n116.701, 23.35\n116.701, 23.351", "line"), line);
  assert.deepEqual(readShape(writeShape(line), "line"), line);
  assert.deepEqual(readShape("SRID=4326;LINESTRING Z (116.7 23.35 4, 116.701 23.35 5, 116.701 23.351 6)", "line"), line);
  const parts = { type: "MultiLineString", coordinates: [RING.slice(0, 2), RING.slice(2, 4)] };
  assert.deepEqual(readShape(writeShape(parts), "line"), parts);
  assert.deepEqual(readShape(JSON.stringify(parts), "line"), parts);
});

test("an area with a hole is written and read back the same", () => {
  const hole = [[116.7002, 23.3502], [116.7004, 23.3502], [116.7004, 23.3504], [116.7002, 23.3502]];
  for (const area of [{ type: "Polygon", coordinates: [RING, hole] }, { type: "MultiPolygon", coordinates: [[RING, hole], [hole]] }]) {
    assert.deepEqual(readShape(writeShape(area), "area"), area);
  }
});

test("what is no line is refused for its reason", () => {
  assert.equal(code(() => readShape("POLYGON((1 1, 2 1, 2 2, 1 1))", "line")), "editor.read.linestring");
  assert.equal(code(() => readShape("LINESTRING(1 1, 2 1)", "area")), "editor.read.polygon");
  assert.equal(code(() => readShape("LINESTRING(1 1)", "line")), "editor.read.two");
  assert.equal(code(() => readShape("LINESTRING(1 1, nan 2)", "line")), "editor.read.numbers");
  assert.equal(code(() => readShape("LINESTRING(1 1, 200 2)", "line")), "editor.read.numbers");
  assert.equal(code(() => readShape("LINESTRING(1 1, 2 2", "line")), "editor.read.wkt");
  assert.equal(code(() => readShape('{"type":"LineString"}', "line")), "editor.read.numbers");
});
