import assert from "node:assert/strict";
import test from "node:test";
import { holdings, sidesOf } from "./sides.js";

const names = { zh: "部件", en: "Components" };
const move = (/** @type {string} */ from_cell, /** @type {string} */ to_cell, count = 1, kind = "components") => ({ kind, names, from_cell, to_cell, count });
const told = {
  cells: {}, totals: [], truncated: false,
  stays: [{ kind: "components", names, cell: "001", count: 3 }, { kind: "collectors", names, cell: "001", count: 2 }],
  moves: [move("001", "005", 4), move("001", "006"), move("002", "001", 7), move("003", "", 9), move("001", "001", 2, "collectors")],
};
const plain = (/** @type {import("./sides.js").Side[]} */ sides) => sides.map((one) => [one.cell, one.keeps, Object.fromEntries(one.counts)]);

test("a changed cell has the side that keeps its code and those where the rest goes", () => {
  assert.deepEqual(sidesOf(told).map(plain), [[["001", true, { components: 3, collectors: 2 }], ["005", false, { components: 4 }], ["006", false, { components: 1 }]]]);
});

test("each side of a split has what stays and what comes, and an empty one is told too", () => {
  assert.deepEqual(plain(holdings(told, ["007", "001"], "001")), [["001", true, { components: 10, collectors: 2 }], ["007", false, {}]]);
});
