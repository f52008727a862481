import assert from "node:assert/strict";
import test from "node:test";
import { cellAt, metres, placeName, readGround } from "./ground.js";

const TOLD = {
  origin: [116.7, 23.36],
  box: [0, 0, 200, 100],
  cells: [
    ["449901001001001", "4499.449901.449901001", [0, 0, 100, 0, 0, 100, -100, 0, 0, -100], [40, 40, 20, 0, 0, 20, -20, 0, 0, -20]],
    ["449901001001002", "4499.449901.449901001", [100, 0, 100, 0, 0, 100, -100, 0, 0, -100]],
  ],
  regions: [
    ["district", "4499.449901", { zh: "金港区" }, [100, 50], [0, 0, 200, 0, 0, 100]],
    ["street", "4499.449901.449901001", { zh: "石炮街道" }, [100, 50]],
  ],
  base: [["road", "main", { zh: "海滨路" }, [0, 50, 200, 0]]],
  mine: [1],
};

test("steps become degrees, each line from where it begins", () => {
  const ground = readGround(TOLD);
  assert.deepEqual([...(ground.base[0]?.rings[0] ?? [])].map((one) => Number(one.toFixed(5))), [116.7, 23.3605, 116.702, 23.3605]);
  assert.deepEqual(ground.box.map((one) => Number(one.toFixed(5))), [116.7, 23.36, 116.702, 23.361]);
  assert.deepEqual([...ground.mine], ["449901001001002"]);
});

test("a point lies in its cell, in none outside, and not in a hole", () => {
  const ground = readGround(TOLD);
  assert.equal(cellAt(ground, 116.7002, 23.3602)?.code, "449901001001001");
  assert.equal(cellAt(ground, 116.7015, 23.3605)?.code, "449901001001002");
  assert.equal(cellAt(ground, 116.7005, 23.3605), undefined);
  assert.equal(cellAt(ground, 116.6999, 23.3605), undefined);
});

test("a cell is called after its street, without the district that everybody knows", () => {
  const ground = readGround(TOLD);
  assert.equal(placeName(ground, /** @type {any} */ (ground.cells[0]), (names) => names.zh ?? ""), "石炮街道");
});

test("a degree of latitude is some hundred and eleven kilometres", () => {
  assert.ok(Math.abs(metres([116.7, 23], [116.7, 24]) - 111_195) < 10);
});
