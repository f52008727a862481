/** Rings, lines and points that are drawn by hand, in degrees; metres by the flat rule that holds over a cell. No DOM. */

/** @typedef {[number, number]} Point  longitude, latitude */
/** @typedef {Point[]} Ring  closed: the last point is the first */

const METRES_PER_DEGREE = 111_195;

/** @param {Point} a @param {Point} b @returns {number} metres between two points that are near */
export function distance(a, b) {
  return METRES_PER_DEGREE * Math.hypot((a[0] - b[0]) * Math.cos((a[1] * Math.PI) / 180), a[1] - b[1]);
}

/** @param {Point} at @param {number} east metres @param {number} north metres @returns {Point} */
export function shifted(at, east, north) {
  return rounded([at[0] + east / (METRES_PER_DEGREE * Math.cos((at[1] * Math.PI) / 180)), at[1] + north / METRES_PER_DEGREE]);
}

/** Eight decimals: a millimetre. @param {Point} at @returns {Point} */
export function rounded(at) {
  return [Math.round(at[0] * 1e8) / 1e8, Math.round(at[1] * 1e8) / 1e8];
}

/** @param {Point} a @param {Point} b whether they are one vertex: within a millimetre or so */
export const same = (a, b) => Math.abs(a[0] - b[0]) < 2e-9 && Math.abs(a[1] - b[1]) < 2e-9;

/** @param {Point} at @param {Point} a @param {Point} b @returns {Point} the nearest point of the edge from a to b */
export function onEdge(at, a, b) {
  const wide = Math.cos((at[1] * Math.PI) / 180);
  const [dx, dy] = [(b[0] - a[0]) * wide, b[1] - a[1]];
  const long = dx * dx + dy * dy;
  const share = long ? Math.max(0, Math.min(1, (((at[0] - a[0]) * wide) * dx + (at[1] - a[1]) * dy) / long)) : 0;
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
}

/** The vertex within reach, else the nearest point of an edge within reach, else the point itself.
 * @param {Point} at @param {Ring[]} rings @param {number} reach metres
 * @returns {{at: Point, on: "vertex" | "edge" | ""}} */
export function snap(at, rings, reach) {
  let [best, far] = [at, reach];
  for (const ring of rings) {
    for (const vertex of ring) {
      const off = distance(at, vertex);
      if (off <= far) [best, far] = [vertex, off];
    }
  }
  if (best !== at) return { at: best, on: "vertex" };
  for (const ring of rings) {
    for (let n = 1; n < ring.length; n += 1) {
      const found = onEdge(at, /** @type {Point} */ (ring[n - 1]), /** @type {Point} */ (ring[n]));
      const off = distance(at, found);
      if (off <= far) [best, far] = [found, off];
    }
  }
  return best === at ? { at: rounded(at), on: "" } : { at: rounded(best), on: "edge" };
}

/** @param {GeoJSON.Geometry | null | undefined} shape @returns {Ring[]} every ring of a polygon or of several */
export function ringsOf(shape) {
  if (shape?.type === "Polygon") return /** @type {Ring[]} */ (shape.coordinates);
  if (shape?.type === "MultiPolygon") return /** @type {Ring[]} */ (shape.coordinates.flat());
  return [];
}

/** Square metres, less the holes. @param {Ring[]} rings */
export function areaOf(rings) {
  return rings.reduce((sum, ring, n) => sum + (n ? -1 : 1) * ringArea(ring), 0);
}

/** @param {Ring} ring */
function ringArea(ring) {
  const [lon0, lat0] = ring[0] ?? [0, 0];
  const wide = Math.cos((lat0 * Math.PI) / 180);
  let twice = 0;
  for (let n = 1; n < ring.length; n += 1) {
    const [ax, ay] = /** @type {Point} */ (ring[n - 1]);
    const [bx, by] = /** @type {Point} */ (ring[n]);
    twice += (ax - lon0) * wide * (by - lat0) - (bx - lon0) * wide * (ay - lat0);
  }
  return (Math.abs(twice) / 2) * METRES_PER_DEGREE ** 2;
}

/** @param {GeoJSON.Geometry | null | undefined} shape @returns {[number, number, number, number] | null} west, south, east, north */
export function boxOf(shape) {
  if (!shape) return null;
  /** @type {[number, number, number, number]} */
  const box = [180, 90, -180, -90];
  /** @param {any} part */
  const take = (part) => {
    if (typeof part[0] !== "number") return part.forEach(take);
    box.splice(0, 4, Math.min(box[0], part[0]), Math.min(box[1], part[1]), Math.max(box[2], part[0]), Math.max(box[3], part[1]));
  };
  if (shape.type === "GeometryCollection") shape.geometries.forEach((one) => take(/** @type {any} */ (one).coordinates ?? []));
  else take(shape.coordinates);
  return box[0] <= box[2] ? box : null;
}

/** @param {Point} at @param {Ring[]} rings whether the point lies inside (even, odd) */
export function inside(at, rings) {
  let is = false;
  for (const ring of rings) {
    for (let n = 1; n < ring.length; n += 1) {
      const [ax, ay] = /** @type {Point} */ (ring[n - 1]);
      const [bx, by] = /** @type {Point} */ (ring[n]);
      if (ay > at[1] !== by > at[1] && at[0] < ((bx - ax) * (at[1] - ay)) / (by - ay) + ax) is = !is;
    }
  }
  return is;
}

/** The shape with a vertex elsewhere, in every ring that has it; null where none has.
 * @param {GeoJSON.Polygon} shape @param {Point} from @param {Point} to @returns {GeoJSON.Polygon | null} */
export function moved(shape, from, to) {
  let touched = false;
  const coordinates = shape.coordinates.map((ring) =>
    ring.map((point) => {
      if (!same(/** @type {Point} */ (point), from)) return point;
      touched = true;
      return to;
    }),
  );
  return touched ? { type: "Polygon", coordinates } : null;
}
