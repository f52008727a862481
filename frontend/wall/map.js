/** <cc-wall-map>: cells by open cases, alerts by shape and colour, cameras. Without WebGL the server's drawing stays. */
import { collection, openMap, point } from "../map/engine.js";
import { rankOf } from "../map/classes.js";
import { STEPS, token } from "../map/style.js";
import { isOpen } from "../live/fold.js";
import { levelOf, LEVELS } from "../lib/severity.js";

/** @typedef {import("../live/fold.js").Case} Case */

const LAYERS = { density: ["density"], alerts: ["alerts-small", "alerts"], cases: ["cases"], cameras: ["cameras"] };

const DRAFT = 0.5;

/** @param {import("maplibre-gl").Map} map @returns {Promise<void>} when everything asked for has been drawn */
function idle(map) {
  const drawn = new Promise((done) => map.once("idle", () => done(undefined)));
  map.triggerRepaint();
  return /** @type {Promise<void>} */ (drawn);
}

export class WallMap extends HTMLElement {
  /** @type {import("maplibre-gl").Map | undefined} */
  map;
  /** @type {Map<string, number>} cell -> open cases now painted */
  painted = new Map();
  signature = "";
  /** What the cells say: `open` and `overdue` are counted here, live; another measure is asked of the server. */
  metric = "open";
  /** @type {import("../map/classes.js").Told | undefined} */
  told;

  /** @param {any[]} cameras @param {number} unit pixels per label @param {number[] | undefined} bounds */
  async open(cameras, unit, bounds) {
    const canvas = document.createElement("div");
    this.append(canvas);
    const { map } = await openMap(canvas, { unit, bounds, pixelRatio: DRAFT, padding: { top: unit * 3, bottom: unit * 3, left: unit * 2, right: unit * 2 } });
    this.map = map;
    map.addSource("cases", { type: "geojson", data: collection([]) });
    map.addSource("cameras", { type: "geojson", data: collection(cameras.map((one) => point(one.lon, one.lat, { code: one.code, on: one.state === "online" }))) });
    this.addLayers(map, unit);
    map.on("click", (event) => this.chosen(event));
    return map;
  }

  /** The server's drawing stays in front until the map is whole: without a graphics card every frame costs its pixels,
   * so the frames before that are coarse and nobody sees them. */
  async whole() {
    const map = /** @type {import("maplibre-gl").Map} */ (this.map);
    await idle(map);
    map.setPixelRatio(window.devicePixelRatio);
    await idle(map);
    this.querySelector(".map__still")?.remove();
  }

  /** @param {import("maplibre-gl").Map} map @param {number} unit */
  addLayers(map, unit) {
    const before = "street-names";
    map.addLayer({
      id: "cameras", type: "circle", source: "cameras",
      paint: {
        "circle-radius": unit * 0.2, "circle-color": ["case", ["get", "on"], token("text-md"), "rgba(0,0,0,0)"],
        "circle-stroke-color": ["case", ["get", "on"], token("bg-0"), token("off")], "circle-stroke-width": 1.5,
      },
    }, before);
    map.addLayer({
      id: "cases", type: "circle", source: "cases", layout: { visibility: "none" },
      paint: { "circle-radius": unit * 0.17, "circle-color": token("text-lo"), "circle-stroke-color": token("bg-0"), "circle-stroke-width": 1 },
    }, before);
    /** @type {import("maplibre-gl").SymbolLayerSpecification["layout"]} */
    const layout = {
      "icon-image": ["concat", "level-", ["get", "level"]], "icon-allow-overlap": true, "icon-ignore-placement": true,
      "symbol-sort-key": ["get", "order"],
    };
    const alerting = ["!=", ["get", "level"], "normal"];
    map.addLayer({
      id: "alerts-small", type: "symbol", source: "cases", filter: /** @type {any} */ (["all", alerting, ["!", ["get", "rail"]]]),
      layout: { ...layout, "icon-size": 0.48 },
    }, before);
    map.addLayer({ id: "alerts", type: "symbol", source: "cases", filter: ["get", "rail"], layout });
  }

  /** @param {keyof typeof LAYERS} name @param {boolean} shown */
  show(name, shown) {
    for (const id of LAYERS[name]) this.map?.setLayoutProperty(id, "visibility", shown ? "visible" : "none");
  }

  /** @param {Iterable<Case>} cases @param {Set<string>} rail numbers with a card @param {number} now */
  paint(cases, rail, now) {
    if (!this.map) return;
    /** @type {Map<string, number>} */
    const counts = new Map();
    /** @type {GeoJSON.Feature[]} */
    const features = [];
    let signature = "";
    for (const one of cases) {
      if (one.cell && this.counted(one, now)) counts.set(one.cell, (counts.get(one.cell) ?? 0) + 1);
      if (one.lon === null || one.lat === null) continue;
      const level = levelOf(one, now);
      const order = 10 - LEVELS.indexOf(level);
      features.push(point(one.lon, one.lat, { number: one.number, level, order, rail: rail.has(one.number) }));
      signature += `${one.number}${level}${one.lon}${rail.has(one.number)}`;
    }
    this.paintCells(this.told ? new Map(Object.entries(this.told.values)) : counts);
    if (signature === this.signature) return;
    this.signature = signature;
    /** @type {import("maplibre-gl").GeoJSONSource} */ (this.map.getSource("cases")).setData(collection(features));
  }

  /** @param {Case} one @param {number} now */
  counted(one, now) {
    return this.metric === "overdue" ? levelOf(one, now) === "critical" : isOpen(one);
  }

  /** Another measure; what it is called, and where its classes begin, the legend tells.
   * @param {string} metric @returns {Promise<import("../map/classes.js").Told | undefined>} undefined for what is counted here */
  async measure(metric) {
    const answer = metric === "open" || metric === "overdue" ? undefined
      : await fetch(`/api/map/cells?metric=${metric}&days=7`, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (answer && !answer.ok) throw new Error(`the cells answered ${answer.status}`);
    const told = await answer?.json();
    for (const cell of this.painted.keys()) this.setCell(cell, undefined);
    this.painted = new Map();
    this.metric = metric;
    this.told = told;
    return told;
  }

  /** @param {Map<string, number>} counts */
  paintCells(counts) {
    for (const [cell, n] of counts) if (this.painted.get(cell) !== n) this.setCell(cell, n);
    for (const cell of this.painted.keys()) if (!counts.has(cell)) this.setCell(cell, undefined);
    this.painted = counts;
  }

  /** @param {string} cell @param {number | undefined} n */
  setCell(cell, n) {
    const k = rankOf(n, this.told?.breaks ?? STEPS, this.told?.low_is_bad ?? false);
    this.map?.setFeatureState({ source: "cells", sourceLayer: "cells", id: cell }, { k });
  }

  /** @param {import("maplibre-gl").MapMouseEvent} event */
  chosen(event) {
    const { x, y } = event.point;
    const layers = ["alerts", "alerts-small", "cases"].filter((id) => this.map?.getLayoutProperty(id, "visibility") !== "none");
    const found = this.map?.queryRenderedFeatures([[x - 12, y - 12], [x + 12, y + 12]], { layers })[0];
    this.dispatchEvent(new CustomEvent("wall:choose", { bubbles: true, detail: { number: found?.properties.number ?? "" } }));
  }
}

customElements.define("cc-wall-map", WallMap);
