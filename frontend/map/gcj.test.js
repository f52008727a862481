import assert from "node:assert/strict";
import { test } from "node:test";
import { SIDE, bent, meshOf, pixelOf, placeOf } from "./bend.js";
import { fromGcj, toGcj } from "./gcj.js";

const TIANANMEN = [116.391349, 39.907375];

/** Pairs published with the reverse engineering of the transformation: Shanghai, Shenzhen, Beijing. */
const PUBLISHED = [
  [[121.5272106, 31.1774276], [121.531541859215, 31.17530398364597]],
  [[113.912316, 22.543847], [113.9171764808363, 22.540796131694766]],
  [[116.377817, 39.911954], [116.38404722455657, 39.91334545536069]],
];

test("the shift is the published one", () => {
  for (const [place, shifted] of PUBLISHED) {
    const [lon, lat] = toGcj(...place);
    assert.ok(Math.abs(lon - shifted[0]) < 1e-9 && Math.abs(lat - shifted[1]) < 1e-9, `${lon} ${lat}`);
  }
});

test("outside China nothing is shifted", () => {
  assert.deepEqual(toGcj(115.857, -31.95), [115.857, -31.95]);
  assert.deepEqual(fromGcj(2.35, 48.85), [2.35, 48.85]);
});

test("there and back again is the same place to a tenth of a millimetre", () => {
  for (let lon = 74; lon < 135; lon += 4.7) {
    for (let lat = 4; lat < 53; lat += 3.3) {
      const [x, y] = fromGcj(...toGcj(lon, lat));
      assert.ok(Math.abs(x - lon) < 1e-9 && Math.abs(y - lat) < 1e-9);
    }
  }
});

test("a pixel and its place name each other", () => {
  const { x, y } = pixelOf(...TIANANMEN, 15);
  const [lon, lat] = placeOf(x, y, 15);
  assert.ok(Math.abs(lon - TIANANMEN[0]) < 1e-9 && Math.abs(lat - TIANANMEN[1]) < 1e-9);
});

test("a mark on a shifted map comes to lie where it truly is, to one pixel, on every zoom", () => {
  for (let zoom = 4; zoom <= 18; zoom += 1) {
    const mine = pixelOf(...TIANANMEN, zoom);
    const tile = [Math.floor(mine.x / SIDE), Math.floor(mine.y / SIDE)];
    const mesh = meshOf(zoom, tile[0], tile[1]);
    const wide = (mesh.right - mesh.left + 1) * SIDE;
    const source = new Uint32Array(wide * (mesh.bottom - mesh.top + 1) * SIDE);
    const drawn = pixelOf(...toGcj(...TIANANMEN), zoom);
    const [x, y] = [Math.floor(drawn.x) - mesh.left * SIDE, Math.floor(drawn.y) - mesh.top * SIDE];
    for (let i = -1; i <= 1; i += 1) for (let j = -1; j <= 1; j += 1) source[(y + j) * wide + x + i] = 7;
    const found = bent(mesh, source, wide);
    const at = (Math.floor(mine.y) - tile[1] * SIDE) * SIDE + Math.floor(mine.x) - tile[0] * SIDE;
    assert.equal(found[at], 7, `zoom ${zoom}`);
    assert.ok([...found].filter((pixel) => pixel === 7).length <= 16);
  }
});

test("every pixel of a bent tile was on the map that was bent", () => {
  const mesh = meshOf(15, 26979, 12416);
  const wide = (mesh.right - mesh.left + 1) * SIDE;
  const found = bent(mesh, new Uint32Array(wide * (mesh.bottom - mesh.top + 1) * SIDE).fill(9), wide);
  assert.ok(found.every((pixel) => pixel === 9));
});
