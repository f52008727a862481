/** One line or area as an editor takes it apart: its vertices by number, changed one at a time. No DOM. */
import { areaOf, distance, ringsOf, rounded, same, shifted } from "./geometry.js";

/** @typedef {import("./geometry.js").Point} Point */
/** @typedef {{points: Point[], closed: boolean}} Path  of a closed one the first point is not repeated */
/** @typedef {"line" | "area"} Kind */
/** @typedef {GeoJSON.LineString | GeoJSON.MultiLineString | GeoJSON.Polygon | GeoJSON.MultiPolygon} Shape */

export const LEAST = { line: 2, area: 3 };
const BEYOND_M = 5;
const MOST_CROSSED = 800;

/** @param {GeoJSON.Geometry | null | undefined} shape @returns {Path[]} */
export function pathsOf(shape) {
  if (shape?.type === "LineString") return [{ points: /** @type {Point[]} */ (shape.coordinates), closed: false }];
  if (shape?.type === "MultiLineString") return shape.coordinates.map((line) => ({ points: /** @type {Point[]} */ (line), closed: false }));
  return ringsOf(shape).map((ring) => ({ points: ring.slice(0, -1), closed: true }));
}

/** @param {GeoJSON.Geometry | null | undefined} shape @returns {Point[]} every vertex, in the order of their numbers */
export const verticesOf = (shape) => pathsOf(shape).flatMap((path) => path.points);

/** @param {Kind} kind @param {Point[]} points @returns {Shape | null} null of too few */
export function shapeOf(kind, points) {
  if (points.length < LEAST[kind]) return null;
  if (kind === "line") return { type: "LineString", coordinates: points };
  return { type: "Polygon", coordinates: [[...points, /** @type {Point} */ (points[0])]] };
}

/** The same shape with one of its paths otherwise; null where a path would have too few points.
 * @param {Shape} shape @param {number} number of a vertex @param {(points: Point[], at: number) => Point[]} change @returns {Shape | null} */
function changed(shape, number, change) {
  let first = 0;
  const made = pathsOf(shape).map(({ points, closed }) => {
    const at = number - first;
    first += points.length;
    const now = at >= 0 && at < points.length ? change(points, at) : points;
    return { points: now, closed };
  });
  if (made.some(({ points, closed }) => points.length < LEAST[closed ? "area" : "line"])) return null;
  const lines = made.map(({ points, closed }) => (closed ? [...points, /** @type {Point} */ (points[0])] : points));
  if (shape.type === "LineString") return { type: "LineString", coordinates: /** @type {Point[]} */ (lines[0]) };
  if (shape.type === "MultiLineString") return { type: "MultiLineString", coordinates: lines };
  if (shape.type === "Polygon") return { type: "Polygon", coordinates: lines };
  let taken = 0;
  const coordinates = shape.coordinates.map((part) => lines.slice(taken, (taken += part.length)));
  return { type: "MultiPolygon", coordinates };
}

/** @param {Shape} shape @param {number} number @param {Point} to @returns {Shape | null} */
export const withVertex = (shape, number, to) => changed(shape, number, (points, at) => points.map((point, n) => (n === at ? to : point)));

/** @param {Shape} shape @param {number} number @returns {Shape | null} */
export const withoutVertex = (shape, number) => changed(shape, number, (points, at) => points.filter((_, n) => n !== at));

/** @param {Shape} shape @param {number} number the vertex before the new one @param {Point} to @returns {Shape | null} */
export const withInserted = (shape, number, to) => changed(shape, number, (points, at) => points.toSpliced(at + 1, 0, to));

/** Where a vertex after this one would stand: in the middle of the edge that begins here, or on beyond the end of a line.
 * @param {Shape} shape @param {number} number @returns {Point | null} */
export function after(shape, number) {
  let first = 0;
  for (const { points, closed } of pathsOf(shape)) {
    const at = number - first;
    first += points.length;
    const from = points[at];
    if (!from) continue;
    const next = points[at + 1] ?? (closed ? points[0] : undefined);
    if (next) return rounded([(from[0] + next[0]) / 2, (from[1] + next[1]) / 2]);
    const before = points[at - 1] ?? from;
    const long = distance(before, from) || 1;
    const share = BEYOND_M / long;
    return same(before, from) ? shifted(from, BEYOND_M, 0) : rounded([from[0] + (from[0] - before[0]) * share, from[1] + (from[1] - before[1]) * share]);
  }
  return null;
}

/** Where two edges that are no neighbours meet; null where none do, or where there are too many to look at here.
 * @param {GeoJSON.Geometry | null | undefined} shape @returns {Point | null} */
export function crossing(shape) {
  const edges = pathsOf(shape).flatMap(({ points, closed }, path) =>
    points.flatMap((a, n) => {
      const b = points[n + 1] ?? (closed ? points[0] : undefined);
      return b ? [{ a, b, path, n, last: closed && n === points.length - 1 }] : [];
    }),
  );
  if (edges.length > MOST_CROSSED) return null;
  for (const [n, one] of edges.entries()) {
    for (const other of edges.slice(n + 1)) {
      const near = one.path === other.path && (other.n - one.n === 1 || (other.last && one.n === 0));
      const at = near ? null : meeting(one.a, one.b, other.a, other.b);
      const ends = one.path === other.path && one.n === 0 && same(one.a, other.b);
      if (at && !ends) return at;
    }
  }
  return null;
}

/** @param {Point} a @param {Point} b @param {Point} c @param {Point} d @returns {Point | null} */
function meeting(a, b, c, d) {
  const [rx, ry, sx, sy] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
  const turn = rx * sy - ry * sx;
  if (!turn) return null;
  const [along, across] = [((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / turn, ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / turn];
  return along >= 0 && along <= 1 && across >= 0 && across <= 1 ? rounded([a[0] + along * rx, a[1] + along * ry]) : null;
}

/** @param {GeoJSON.Geometry | null | undefined} shape @returns {{metres: number, square: number}} the length of its lines, or edge and extent of its areas */
export function sizeOf(shape) {
  const metres = pathsOf(shape).reduce((sum, { points, closed }) => {
    const round = closed ? [...points, /** @type {Point} */ (points[0])] : points;
    return sum + round.slice(1).reduce((long, at, n) => long + distance(/** @type {Point} */ (round[n]), at), 0);
  }, 0);
  const parts = shape?.type === "MultiPolygon" ? shape.coordinates : shape?.type === "Polygon" ? [shape.coordinates] : [];
  return { metres, square: parts.reduce((sum, rings) => sum + areaOf(/** @type {Point[][]} */ (rings)), 0) };
}
