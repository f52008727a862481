/**
 * A tile of ours cut out of tiles of a shifted map. Every pixel of ours is looked up where the shifted map draws it.
 * The frame is bent by 0.3 % at most, so the nearest pixel is right to half a pixel, and words on the picture stay sharp.
 */
import { toGcj } from "./gcj.js";

export const SIDE = 256;
const STEPS = 16;
const DEEPEST_LAT = 85.0511287798066;

/** @typedef {{x: number, y: number}} Pixel */
/** @typedef {{nodes: Float64Array, left: number, top: number, right: number, bottom: number}} Mesh
 *   where the corners of a grid over our tile lie on the shifted map, in pixels of the whole world; and the tiles needed */

/** The pixel of the whole world at a zoom. @param {number} lon @param {number} lat @param {number} zoom @returns {Pixel} */
export function pixelOf(lon, lat, zoom) {
  const world = SIDE * 2 ** zoom;
  const sine = Math.sin((Math.max(-DEEPEST_LAT, Math.min(DEEPEST_LAT, lat)) * Math.PI) / 180);
  return { x: ((lon + 180) / 360) * world, y: (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * world };
}

/** @param {number} x @param {number} y @param {number} zoom @returns {[number, number]} longitude, latitude */
export function placeOf(x, y, zoom) {
  const world = SIDE * 2 ** zoom;
  return [(x / world) * 360 - 180, (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / world))) * 180) / Math.PI];
}

/** @param {number} zoom @param {number} x @param {number} y the tile of ours @returns {Mesh} */
export function meshOf(zoom, x, y) {
  const across = STEPS + 1;
  const nodes = new Float64Array(across * across * 2);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let row = 0; row < across; row += 1) {
    for (let column = 0; column < across; column += 1) {
      const [lon, lat] = placeOf((x + column / STEPS) * SIDE, (y + row / STEPS) * SIDE, zoom);
      const there = pixelOf(...toGcj(lon, lat), zoom);
      const at = (row * across + column) * 2;
      nodes[at] = there.x;
      nodes[at + 1] = there.y;
      left = Math.min(left, there.x);
      top = Math.min(top, there.y);
      right = Math.max(right, there.x);
      bottom = Math.max(bottom, there.y);
    }
  }
  const last = 2 ** zoom - 1;
  const tile = (/** @type {number} */ pixel) => Math.max(0, Math.min(last, Math.floor(pixel / SIDE)));
  return { nodes, left: tile(left), top: tile(top), right: tile(right), bottom: tile(bottom) };
}

/**
 * The pixels of our tile, out of a picture of the tiles that the mesh names, laid side by side.
 * @param {Mesh} mesh @param {Uint32Array} source @param {number} wide pixels of a row of the source @returns {Uint32Array<ArrayBuffer>}
 */
export function bent(mesh, source, wide) {
  const found = new Uint32Array(SIDE * SIDE);
  const high = source.length / wide;
  const [atX, atY] = [mesh.left * SIDE, mesh.top * SIDE];
  const across = STEPS + 1;
  const block = SIDE / STEPS;
  const { nodes } = mesh;
  for (let y = 0; y < SIDE; y += 1) {
    const row = Math.floor(y / block);
    const down = ((y % block) + 0.5) / block;
    for (let x = 0; x < SIDE; x += 1) {
      const column = Math.floor(x / block);
      const right = ((x % block) + 0.5) / block;
      const one = (row * across + column) * 2;
      const two = one + across * 2;
      const value = (/** @type {number} */ axis) =>
        (nodes[one + axis] * (1 - right) + nodes[one + 2 + axis] * right) * (1 - down) +
        (nodes[two + axis] * (1 - right) + nodes[two + 2 + axis] * right) * down;
      const fromX = Math.floor(value(0) - atX);
      const fromY = Math.floor(value(1) - atY);
      if (fromX >= 0 && fromY >= 0 && fromX < wide && fromY < high) found[y * SIDE + x] = source[fromY * wide + fromX];
    }
  }
  return found;
}
