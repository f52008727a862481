/** Cells by a measure: fixed classes, one colour each, the worst with an edge, and the number itself from close by. */
import { say } from "../lib/words.js";
import { rankOf } from "./classes.js";
import { collection, point } from "./engine.js";
import { FONT, token } from "./style.js";

/** @typedef {import("./classes.js").Told} Told */

export const NUMBERS_FROM = 14;

export class Choropleth {
  /** What the numbers on the map say now. */
  numbered = "";

  /** @param {import("maplibre-gl").Map} map */
  constructor(map) {
    this.map = map;
    /** @type {Told} */
    this.told = { metric: "", unit: "cases", low_is_bad: false, breaks: [], values: {} };
    /** @type {Map<string, string>} address -> tag */
    this.tags = new Map();
    /** @type {Map<string, Told>} */
    this.held = new Map();
    this.addLayers();
    map.on("idle", () => this.number());
  }

  addLayers() {
    /** @type {any} */
    const worst = ["==", ["coalesce", ["feature-state", "k"], 0], 5];
    /** @type {any} */
    const pointed = ["any", ["boolean", ["feature-state", "chosen"], false], ["boolean", ["feature-state", "hover"], false]];
    this.map.addLayer({
      id: "worst", type: "line", source: "cells", "source-layer": "cells", minzoom: 11,
      paint: { "line-color": token("text-hi"), "line-width": ["case", worst, 1.6, 0], "line-opacity": ["case", worst, 0.9, 0] },
    }, "road-edge");
    this.map.addLayer({
      id: "pointed", type: "line", source: "cells", "source-layer": "cells",
      paint: { "line-color": token("accent"), "line-width": ["case", pointed, 3, 0], "line-opacity": ["case", pointed, 1, 0] },
    });
    this.map.addSource("numbers", { type: "geojson", data: collection([]) });
    this.map.addLayer({
      id: "numbers", type: "symbol", source: "numbers", minzoom: NUMBERS_FROM,
      layout: { "text-field": ["get", "text"], "text-font": FONT, "text-size": 13, "text-allow-overlap": true },
      paint: { "text-color": token("text-hi"), "text-halo-color": token("bg-1"), "text-halo-width": 2 },
    });
  }

  /** @param {string} metric @param {string} days @returns {Promise<Told>} */
  async load(metric, days) {
    const url = `/api/map/cells?metric=${encodeURIComponent(metric)}&days=${encodeURIComponent(days)}`;
    const tag = this.tags.get(url);
    const answer = await fetch(url, { headers: { Accept: "application/json", ...(tag ? { "If-None-Match": tag } : {}) }, credentials: "same-origin", cache: "no-store" });
    if (answer.status !== 304) {
      if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
      this.held.set(url, await answer.json());
      this.tags.set(url, answer.headers.get("ETag") ?? "");
    }
    this.paint(/** @type {Told} */ (this.held.get(url)));
    return this.told;
  }

  /** @param {Told} told */
  paint(told) {
    const before = this.told;
    const cells = new Set([...Object.keys(before.values), ...Object.keys(told.values)]);
    for (const cell of cells) {
      const k = rankOf(told.values[cell], told.breaks, told.low_is_bad);
      if (k !== rankOf(before.values[cell], before.breaks, before.low_is_bad)) {
        this.map.setFeatureState({ source: "cells", sourceLayer: "cells", id: cell }, { k });
      }
    }
    this.told = told;
    this.number();
  }

  /** The value of a cell in words, "" where it has none. @param {string} cell */
  words(cell) {
    const value = this.told.values[cell];
    return value === undefined ? "" : say(`map.unit.${this.told.unit}`, { n: value });
  }

  /** The numbers of the cells in view, from close by. */
  number() {
    const source = /** @type {import("maplibre-gl").GeoJSONSource | undefined} */ (this.map.getSource("numbers"));
    const near = this.map.getZoom() >= NUMBERS_FROM && this.map.getLayoutProperty("density", "visibility") !== "none";
    if (!source || (!near && !this.numbered)) return;
    /** @type {Map<string, GeoJSON.Feature>} */
    const found = new Map();
    for (const one of near ? this.map.queryRenderedFeatures({ layers: ["density"] }) : []) {
      const cell = String(one.properties.code);
      const value = this.told.values[cell];
      if (value === undefined || found.has(cell)) continue;
      const [lon, lat] = middle(one.geometry);
      found.set(cell, point(lon, lat, { text: this.told.unit === "percent" ? `${value}%` : String(value) }));
    }
    const signature = `${this.told.metric}${[...found].map(([cell, one]) => cell + one.properties?.text).join()}`;
    if (signature === this.numbered) return;
    this.numbered = signature;
    source.setData(collection([...found.values()]));
  }
}

/** The middle of the box of a shape. @param {GeoJSON.Geometry} shape @returns {[number, number]} */
export function middle(shape) {
  const box = [180, 90, -180, -90];
  /** @param {any} part */
  const take = (part) => {
    if (typeof part[0] !== "number") return part.forEach(take);
    box.splice(0, 4, Math.min(box[0] ?? 0, part[0]), Math.min(box[1] ?? 0, part[1]), Math.max(box[2] ?? 0, part[0]), Math.max(box[3] ?? 0, part[1]));
  };
  take(/** @type {any} */ (shape).coordinates);
  return [((box[0] ?? 0) + (box[2] ?? 0)) / 2, ((box[1] ?? 0) + (box[3] ?? 0)) / 2];
}
