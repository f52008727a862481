import assert from "node:assert/strict";
import test from "node:test";
import { cellsOf, toggled } from "./codes.js";

const A = "449901001001001";
const B = "449901001001002";

const PLAN = { cell: 15, regions: [6, 9, 12] };

test("codes are found in lines, in tables and side by side; a region stands at the beginning of a line", () => {
  const { cells, regions } = cellsOf(`code,grade\n${A},1\n${B} ; 449901001001003\n449902001001\n`, PLAN);
  assert.deepEqual([...cells], [A, B, "449901001001003"]);
  assert.deepEqual([...regions], ["449902001001"]);
  assert.equal(cellsOf("12345678901234567", PLAN).cells.size, 0);
});

test("a cell that is out comes in at the end, one that is in goes out with its line", () => {
  assert.equal(toggled("", [A], PLAN), A);
  assert.equal(toggled(`${A}\n`, [B], PLAN), `${A}\n${B}`);
  assert.equal(toggled(`${A},residential,1\n${B}`, [A], PLAN), B);
  assert.equal(toggled(`${A}, ${B}`, [A], PLAN), B);
});

test("a box takes cells in and never out", () => {
  assert.equal(toggled(A, [A, B], PLAN, true), `${A}\n${B}`);
});

test("a city whose cells have fourteen digits is read by its own plan", () => {
  const plan = { cell: 14, regions: [6, 9, 12] };
  assert.deepEqual([...cellsOf(`44990100100101\n${A}`, plan).cells], ["44990100100101"]);
  assert.equal(cellsOf("44990100100101", PLAN).cells.size, 0);
});
