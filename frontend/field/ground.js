/** The map that the phone keeps: read from whole steps, and which cell a point lies in. Pure. */

const STEPS = 100_000;
const EARTH_M = 6_371_000;

/** @typedef {{zh?: string, en?: string}} Names */
/** @typedef {{code: string, area: string, rings: Float64Array[], box: [number, number, number, number]}} Cell */
/** @typedef {{level: string, path: string, names: Names, at: [number, number], rings: Float64Array[]}} Region */
/** @typedef {{kind: string, rank: string, names: Names, rings: Float64Array[]}} Line */
/** @typedef {{box: [number, number, number, number], cells: Cell[], regions: Region[], base: Line[], mine: Set<string>}} Ground */

/** @param {any} told what GET /api/field/ground says @returns {Ground} in degrees */
export function readGround(told) {
  const [west, south] = told.origin;
  const line = (/** @type {number[]} */ steps) => {
    const ring = new Float64Array(steps.length);
    let [x, y] = [0, 0];
    for (let i = 0; i < steps.length; i += 2) {
      ring[i] = west + (x += steps[i] ?? 0) / STEPS;
      ring[i + 1] = south + (y += steps[i + 1] ?? 0) / STEPS;
    }
    return ring;
  };
  const corners = line(told.box);
  return {
    box: [corners[0] ?? 0, corners[1] ?? 0, corners[2] ?? 0, corners[3] ?? 0],
    cells: told.cells.map((/** @type {any[]} */ [code, area, ...rings]) => {
      const drawn = rings.map(line);
      return { code, area, rings: drawn, box: boxOf(drawn) };
    }),
    regions: told.regions.map((/** @type {any[]} */ [level, path, names, at, ...rings]) => {
      const [lon = 0, lat = 0] = line(at);
      return { level, path, names, at: [lon, lat], rings: rings.map(line) };
    }),
    base: told.base.map((/** @type {any[]} */ [kind, rank, names, ...rings]) => ({ kind, rank, names, rings: rings.map(line) })),
    mine: new Set(told.mine.map((/** @type {number} */ place) => told.cells[place][0])),
  };
}

/** @param {Float64Array[]} rings @returns {[number, number, number, number]} */
export function boxOf(rings) {
  /** @type {[number, number, number, number]} */
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      const [lon, lat] = [ring[i] ?? 0, ring[i + 1] ?? 0];
      box[0] = Math.min(box[0], lon);
      box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lon);
      box[3] = Math.max(box[3], lat);
    }
  }
  return box;
}

/** @param {Float64Array} ring @param {number} lon @param {number} lat */
function winds(ring, lon, lat) {
  let inside = false;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const [xi, yi, xj, yj] = [ring[i] ?? 0, ring[i + 1] ?? 0, ring[j] ?? 0, ring[j + 1] ?? 0];
    if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** The cell that a point lies in, holes left out. @param {Ground} ground @param {number} lon @param {number} lat @returns {Cell | undefined} */
export function cellAt(ground, lon, lat) {
  return ground.cells.find(
    ({ box, rings }) =>
      lon >= box[0] && lat >= box[1] && lon <= box[2] && lat <= box[3] && rings.filter((ring) => winds(ring, lon, lat)).length % 2 === 1,
  );
}

/** What the place of a cell is called: its street and its community. @param {Ground} ground @param {Cell} cell @param {(names: Names) => string} pick */
export function placeName(ground, cell, pick) {
  const above = ground.regions.filter((one) => one.level !== "district" && (cell.area === one.path || cell.area.startsWith(`${one.path}.`)));
  return above
    .sort((a, b) => a.path.length - b.path.length)
    .map((one) => pick(one.names))
    .join(" · ");
}

/** @param {[number, number]} a lon, lat @param {[number, number]} b @returns {number} metres, well enough for a walk */
export function metres([lon1, lat1], [lon2, lat2]) {
  const rad = Math.PI / 180;
  const x = (lon2 - lon1) * rad * Math.cos(((lat1 + lat2) / 2) * rad);
  return Math.hypot(x, (lat2 - lat1) * rad) * EARTH_M;
}
