import assert from "node:assert/strict";
import { test } from "node:test";
import { roomAround } from "./room.js";

/** Width and height of a box in degrees of longitude, as a map draws them. @param {number[]} box @returns {[number, number]} */
const sides = ([west = 0, south = 0, east = 0, north = 0]) => {
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  return [east - west, (north - south) / shrink];
};

test("a pane twice as tall as wide shows a wide city from end to end, and a wide one a tall city", () => {
  for (const city of [[116.4, 23.3, 117.2, 23.5], [116.6, 23, 116.8, 23.9]]) {
    const [wide, high] = sides(roomAround(city));
    const longer = Math.max(...sides(city));
    assert.ok(wide >= 2 * longer && high >= 2 * longer, `${wide} by ${high} around ${longer}`);
  }
});

test("the city lies in the middle of it, and it ends where a map of the world ends", () => {
  const [west, south, east, north] = roomAround([116, 23, 118, 24]);
  assert.ok(Math.abs(west + east - 234) < 1e-9 && Math.abs(south + north - 47) < 1e-9);
  assert.deepEqual([roomAround([0, -80, 300, 80])[1], roomAround([0, -80, 300, 80])[3]], [-85, 85]);
});
