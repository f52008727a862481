/** What every editor draws on its map while somebody draws: the sketch, what would be, the vertices of one shape. */
import { collection } from "../map/engine.js";
import { token } from "../map/style.js";
import { boxOf } from "./geometry.js";
import { pathsOf } from "./shape.js";

/** @typedef {import("./geometry.js").Point} Point */

export class Paper {
  /** @param {import("maplibre-gl").Map} map */
  constructor(map) {
    this.map = map;
    for (const layer of ["density", "cell-lines"]) map.setLayoutProperty(layer, "visibility", "none");
    this.beneath();
    for (const name of ["preview", "sketch", "corners"]) this.source(name);
    map.addLayer({ id: "preview-fill", type: "fill", source: "preview", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": token("accent"), "fill-opacity": 0.15 } });
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

  /** What an editor draws beneath the sketch. */
  beneath() {}

  /** @param {string} name @param {Record<string, any>} [more] */
  source(name, more = {}) {
    this.map.addSource(name, { type: "geojson", data: collection([]), ...more });
  }

  /** @param {string} name @param {GeoJSON.Feature[]} features */
  put(name, features) {
    /** @type {import("maplibre-gl").GeoJSONSource | undefined} */ (this.map.getSource(name))?.setData(collection(features));
  }

  /** @param {GeoJSON.Geometry[]} shapes what would be */
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

  /** The vertices of a shape and the middles of its edges. @param {GeoJSON.Geometry | null | undefined} shape @param {number} picked */
  corners(shape, picked) {
    /** @type {GeoJSON.Feature[]} */
    const found = [];
    let number = 0;
    for (const { points, closed } of pathsOf(shape)) {
      for (const [n, a] of points.entries()) {
        const b = points[n + 1] ?? (closed ? points[0] : undefined);
        if (b) found.push({ type: "Feature", geometry: { type: "Point", coordinates: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] }, properties: { kind: "middle", number, from: JSON.stringify([a, b]) } });
        found.push({ type: "Feature", geometry: { type: "Point", coordinates: a }, properties: { kind: number === picked ? "picked" : "corner", number, from: JSON.stringify(a) } });
        number += 1;
      }
    }
    this.put("corners", found.sort((a, b) => Number(a.properties?.kind !== "middle") - Number(b.properties?.kind !== "middle")));
  }

  /** @param {GeoJSON.Geometry | null} shape */
  goTo(shape) {
    const box = boxOf(shape);
    const { clientWidth, clientHeight } = this.map.getContainer();
    if (box) this.map.fitBounds(box, { padding: Math.min(120, clientWidth / 5, clientHeight / 5), maxZoom: 17.5, animate: false });
  }
}
