/** What the grid editor draws on the map: cells, communities, problems, the sketch, the vertices of one cell. */
import { collection } from "../map/engine.js";
import { token } from "../map/style.js";
import { boxOf, ringsOf } from "./geometry.js";

/** @typedef {import("./geometry.js").Point} Point */
/** @typedef {import("./session.js").Cell} Cell */
/** @typedef {import("./session.js").Problem} Problem */
/** @typedef {import("maplibre-gl").Map} Map */

const HATCH = 12;
const LEVELS = /** @type {const} */ (["critical", "serious", "caution"]);

/** How grave a problem looks: what lies double is worse than what nobody has. @param {string} code @returns {typeof LEVELS[number]} */
export function levelOfProblem(code) {
  if (/overlap/.test(code)) return "critical";
  return /gap|outside/.test(code) ? "serious" : "caution";
}

export class Ground {
  hovered = "";

  /** @param {Map} map */
  constructor(map) {
    this.map = map;
    for (const layer of ["density", "cell-lines"]) map.setLayoutProperty(layer, "visibility", "none");
    for (const name of ["communities", "drafted", "faults", "fault-marks", "preview", "sketch", "corners"]) {
      map.addSource(name, { type: "geojson", data: collection([]), ...(name === "drafted" ? { promoteId: "code" } : {}) });
    }
    for (const level of LEVELS) map.addImage(`hatch-${level}`, hatch(token(level)), { pixelRatio: 2 });
    this.layers();
  }

  layers() {
    const { map } = this;
    /** @type {any} */
    const chosen = ["boolean", ["feature-state", "chosen"], false];
    /** @type {any} */
    const hovered = ["boolean", ["feature-state", "hovered"], false];
    map.addLayer({ id: "drafted-fill", type: "fill", source: "drafted", paint: { "fill-color": token("accent"), "fill-opacity": ["case", chosen, 0.28, hovered, 0.1, 0.02] } });
    map.addLayer({ id: "drafted-line", type: "line", source: "drafted", paint: { "line-color": ["case", chosen, token("accent"), token("line-strong")], "line-width": ["case", chosen, 2.5, 1.2] } });
    map.addLayer({ id: "community-line", type: "line", source: "communities", paint: { "line-color": token("text-md"), "line-width": 1.8, "line-dasharray": [4, 2] } });
    map.addLayer({ id: "fault-fill", type: "fill", source: "faults", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-pattern": ["concat", "hatch-", ["get", "level"]] } });
    /** @type {any} */
    const warning = ["match", ["get", "level"], ...LEVELS.flatMap((level) => [level, token(level)]), token("caution")];
    map.addLayer({ id: "fault-line", type: "line", source: "faults", paint: { "line-color": warning, "line-width": 3 } });
    map.addLayer({ id: "fault-marks", type: "symbol", source: "fault-marks", layout: { "icon-image": ["concat", "level-", ["get", "level"]], "icon-allow-overlap": true, "icon-ignore-placement": true } });
    map.addLayer({ id: "preview-fill", type: "fill", source: "preview", paint: { "fill-color": token("accent"), "fill-opacity": 0.15 } });
    map.addLayer({ id: "preview-line", type: "line", source: "preview", paint: { "line-color": token("accent"), "line-width": 2, "line-dasharray": [2, 1.5] } });
    map.addLayer({ id: "sketch-line", type: "line", source: "sketch", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": token("text-hi"), "line-width": 2.5, "line-dasharray": [2, 1] } });
    map.addLayer({ id: "sketch-points", type: "circle", source: "sketch", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 5, "circle-color": token("bg-1"), "circle-stroke-color": token("text-hi"), "circle-stroke-width": 2 } });
    /** @type {any} */
    const middle = ["==", ["get", "kind"], "middle"];
    /** @type {any} */
    const picked = ["==", ["get", "kind"], "picked"];
    map.addLayer({
      id: "corners", type: "circle", source: "corners",
      paint: {
        "circle-radius": ["case", picked, 8, middle, 4, 6], "circle-color": ["case", picked, token("accent"), middle, token("line-strong"), token("bg-1")],
        "circle-opacity": ["case", middle, 0.75, 1], "circle-stroke-color": token("accent"), "circle-stroke-width": ["case", middle, 0, 2.5],
      },
    });
  }

  /** @param {string} name @param {GeoJSON.Feature[]} features */
  put(name, features) {
    /** @type {import("maplibre-gl").GeoJSONSource | undefined} */ (this.map.getSource(name))?.setData(collection(features));
  }

  /** @param {Iterable<Cell>} cells */
  cells(cells) {
    this.put("drafted", [...cells]);
  }

  /** @param {Set<string>} codes @param {Set<string>} before */
  choose(codes, before) {
    for (const code of before) if (!codes.has(code)) this.map.setFeatureState({ source: "drafted", id: code }, { chosen: false });
    for (const code of codes) this.map.setFeatureState({ source: "drafted", id: code }, { chosen: true });
  }

  /** @param {string} code "" of none */
  hover(code) {
    if (code === this.hovered) return;
    if (this.hovered) this.map.setFeatureState({ source: "drafted", id: this.hovered }, { hovered: false });
    if (code) this.map.setFeatureState({ source: "drafted", id: code }, { hovered: true });
    this.hovered = code;
  }

  /** @param {Problem[]} problems */
  problems(problems) {
    const drawn = problems.filter((one) => one.geometry);
    const told = (/** @type {Problem} */ one) => ({ id: one.id, level: levelOfProblem(one.code) });
    this.put("faults", drawn.map((one) => ({ type: "Feature", geometry: /** @type {any} */ (one.geometry), properties: told(one) })));
    this.put("fault-marks", drawn.map((one) => {
      const [west, south, east, north] = boxOf(one.geometry) ?? [0, 0, 0, 0];
      return { type: "Feature", geometry: { type: "Point", coordinates: [(west + east) / 2, (south + north) / 2] }, properties: told(one) };
    }));
  }

  /** @param {GeoJSON.Polygon[]} shapes what cells would be */
  preview(shapes) {
    this.put("preview", shapes.map((geometry) => ({ type: "Feature", geometry, properties: {} })));
  }

  /** @param {Point[]} points @param {boolean} ring */
  sketch(points, ring) {
    /** @type {GeoJSON.Feature[]} */
    const features = points.map((at) => ({ type: "Feature", geometry: { type: "Point", coordinates: at }, properties: {} }));
    if (points.length > 1) {
      const line = ring && points.length > 2 ? [...points, /** @type {Point} */ (points[0])] : points;
      features.unshift({ type: "Feature", geometry: { type: "LineString", coordinates: line }, properties: {} });
    }
    this.put("sketch", features);
  }

  /** The vertices of a cell and the middles of its edges. @param {Cell | undefined} cell @param {number} picked */
  corners(cell, picked) {
    /** @type {GeoJSON.Feature[]} */
    const found = [];
    let number = 0;
    for (const ring of ringsOf(cell?.geometry)) {
      for (let n = 1; n < ring.length; n += 1) {
        const [a, b] = [/** @type {Point} */ (ring[n - 1]), /** @type {Point} */ (ring[n])];
        found.push({ type: "Feature", geometry: { type: "Point", coordinates: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] }, properties: { kind: "middle", from: JSON.stringify([a, b]) } });
        found.push({ type: "Feature", geometry: { type: "Point", coordinates: a }, properties: { kind: number === picked ? "picked" : "corner", number, from: JSON.stringify(a) } });
        number += 1;
      }
    }
    this.put("corners", found.sort((a, b) => Number(a.properties?.kind !== "middle") - Number(b.properties?.kind !== "middle")));
  }

  /** @param {GeoJSON.Geometry | null} shape */
  goTo(shape) {
    const box = boxOf(shape);
    if (box) this.map.fitBounds(box, { padding: 120, maxZoom: 17.5, animate: false });
  }
}

/** Slanting stripes, so that a colour is never alone. @param {string} colour @returns {ImageData} */
function hatch(colour) {
  const side = HATCH * 2;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [side, side];
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.globalAlpha = 0.35;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, side, side);
  pen.globalAlpha = 1;
  pen.strokeStyle = colour;
  pen.lineWidth = 5;
  for (const shift of [-side, 0, side]) {
    pen.beginPath();
    pen.moveTo(shift, side);
    pen.lineTo(shift + side, 0);
    pen.stroke();
  }
  return pen.getImageData(0, 0, side, side);
}
