/** Shapes as people type and paste them: coordinates by line, WKT, GeoJSON; and as they are written back. No DOM. */
import { same } from "./geometry.js";
import { LEAST, pathsOf, shapeOf, verticesOf } from "./shape.js";

/** @typedef {import("./geometry.js").Point} Point */
/** @typedef {import("./shape.js").Kind} Kind */
/** @typedef {import("./shape.js").Shape} Shape */

const FIGURES = 8;
const NEEDED = { line: "editor.read.linestring", area: "editor.read.polygon" };
const FEW = { line: "editor.read.two", area: "editor.read.few" };

/** What could not be read of a typed shape. */
export class Unreadable extends Error {
  /** @param {string} code @param {Record<string, string | number>} [values] */
  constructor(code, values = {}) {
    super(code);
    this.code = code;
    this.values = values;
  }
}

/** A polygon typed or pasted as GeoJSON, as WKT, or as one "longitude, latitude" in each line; rings are closed for you.
 * @param {string} text @returns {GeoJSON.Polygon} */
export function readPolygon(text) {
  const shape = readShape(text, "area");
  if (shape.type === "Polygon") return shape;
  const [only, more] = /** @type {GeoJSON.MultiPolygon} */ (shape).coordinates;
  if (!only || more) throw new Unreadable("editor.read.one");
  return { type: "Polygon", coordinates: only };
}

/** A line or area, of several parts where need be, typed or pasted as GeoJSON, as WKT, or as one "longitude, latitude"
 * in each line; rings are closed for you.
 * @param {string} text @param {Kind} kind @returns {Shape} */
export function readShape(text, kind) {
  const plain = text.trim();
  if (!plain) throw new Unreadable("editor.read.empty");
  const shape = plain.startsWith("{") ? fromGeoJson(plain) : /^[\s\w=;]*\(/.test(plain) ? fromWkt(plain) : shapeOf(kind, readPoints(plain));
  if (!shape) throw new Unreadable(FEW[kind]);
  const paths = pathsOf(shape);
  if (!paths.length || paths.some(({ closed }) => closed !== (kind === "area"))) throw new Unreadable(NEEDED[kind]);
  if (paths.some(({ points }) => points.length < LEAST[kind])) throw new Unreadable(FEW[kind]);
  if (!verticesOf(shape).every(onEarth)) throw new Unreadable("editor.read.numbers");
  return shape;
}

/** @param {Point} at */
const onEarth = (at) => Number.isFinite(at[0]) && Number.isFinite(at[1]) && Math.abs(at[0]) <= 180 && Math.abs(at[1]) <= 90;

/** @param {string} text @returns {Shape} */
function fromGeoJson(text) {
  /** @type {any} */
  let held;
  try {
    held = JSON.parse(text);
  } catch {
    throw new Unreadable("editor.read.json");
  }
  const many = held.type === "FeatureCollection" ? held.features : [held];
  if (!Array.isArray(many) || many.length !== 1) throw new Unreadable("editor.read.one");
  const shape = many[0]?.type === "Feature" ? many[0].geometry : many[0];
  if (!Array.isArray(shape?.coordinates)) throw new Unreadable("editor.read.numbers");
  return flat(shape);
}

/** @param {any} shape @returns {Shape} without heights, its rings closed */
function flat(shape) {
  /** @param {any} part @returns {any} */
  const take = (part) => (Array.isArray(part?.[0]) ? part.map(take) : [Number(part?.[0] ?? NaN), Number(part?.[1] ?? NaN)]);
  const coordinates = shape.coordinates.map(take);
  if (shape.type === "Polygon") return { type: "Polygon", coordinates: coordinates.map(closed) };
  if (shape.type === "MultiPolygon") return { type: "MultiPolygon", coordinates: coordinates.map((/** @type {Point[][]} */ rings) => rings.map(closed)) };
  return { type: shape.type, coordinates };
}

/** @param {Point[]} ring @returns {Point[]} */
function closed(ring) {
  const [first, last] = [ring[0], ring.at(-1)];
  return first && last && !same(first, last) ? [...ring, first] : ring;
}

/** WKT is GeoJSON's arrays in other brackets. @param {string} text @returns {Shape} */
function fromWkt(text) {
  const found = /^(?:SRID=\d+;)?\s*(MULTI)?(LINESTRING|POLYGON)\s*Z?M?\s*(\(.*\))$/is.exec(text);
  if (!found) throw new Unreadable("editor.read.wkt");
  const [, multi, sort, body = ""] = found;
  const arrays = body
    .replace(/[^()\s,]+(\s+[^()\s,]+)+/g, (point) => JSON.stringify(point.trim().split(/\s+/).map(Number)))
    .replaceAll("(", "[").replaceAll(")", "]");
  try {
    const type = `${multi ? "Multi" : ""}${/line/i.test(sort ?? "") ? "LineString" : "Polygon"}`;
    return flat({ type, coordinates: JSON.parse(arrays) });
  } catch {
    throw new Unreadable("editor.read.wkt");
  }
}

/** Points typed one in each line: longitude, then latitude, apart by anything. @param {string} text @returns {Point[]} */
export function readPoints(text) {
  const points = [];
  for (const [n, line] of text.split(/[\n;；]/).entries()) {
    if (!line.trim()) continue;
    const parts = line.split(/[\s,，、]+/).filter(Boolean).map((part) => /^[^\d+-]*([+-]?\d*\.?\d+([eE][+-]?\d+)?)[^\d]*$/.exec(part)?.[1] ?? "");
    const [lon, lat] = [Number(parts[0] || NaN), Number(parts[1] || NaN)];
    if (parts.length < 2 || !Number.isFinite(lon) || !Number.isFinite(lat)) throw new Unreadable("editor.read.line", { n: n + 1, text: line.trim().slice(0, 40) });
    if (Math.abs(lon) > 180 || Math.abs(lat) > 90) throw new Unreadable("editor.read.degrees", { n: n + 1, text: line.trim().slice(0, 40) });
    points.push(/** @type {Point} */ ([lon, lat]));
  }
  return points;
}

/** @param {Shape} shape @returns {string} WKT, to the millimetre */
export function writeShape(shape) {
  /** @param {any} part @returns {string} */
  const told = (part) => (typeof part[0] === "number" ? part.slice(0, 2).map((/** @type {number} */ value) => Number(value.toFixed(FIGURES))).join(" ") : `(${part.map(told).join(", ")})`);
  return `${shape.type.toUpperCase()} ${told(shape.coordinates)}`;
}
