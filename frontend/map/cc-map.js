/**
 * <cc-map>: the map of the workbench: points of a list, one place, or picking a place for a form.
 * Without WebGL it says so in a sentence; the list and the inputs remain the whole truth.
 */
import { choose } from "../lib/dom.js";
import { levelOf } from "../lib/severity.js";
import { pageData, say } from "../lib/words.js";
import { drawComponents } from "./components.js";
import { collection, openMap, point } from "./engine.js";
import { token } from "./style.js";
import { equip } from "./tools.js";

/** @typedef {{id: string, lon: number, lat: number, level?: string, label?: string, href?: string, due_at?: string, stage?: string}} Place */

const UNIT = 13;
const ONE_PLACE_ZOOM = 15;

/** The level whose colour tells what would become of a row. */
const OUTCOMES = {
  add: "normal",
  change: "caution",
  same: "info",
  retire: "serious",
  refuse: "critical",
  leave: "off",
  before: "off",
};

/** West, south, east, north. @param {GeoJSON.FeatureCollection} shapes @returns {[number, number, number, number]} */
function boxOf(shapes) {
  /** @type {[number, number, number, number]} */
  const box = [180, 90, -180, -90];
  /** @param {any} part */
  const take = (part) => {
    if (typeof part[0] !== "number") return part.forEach(take);
    box.splice(0, 4, Math.min(box[0], part[0]), Math.min(box[1], part[1]), Math.max(box[2], part[0]), Math.max(box[3], part[1]));
  };
  for (const one of shapes.features) take(/** @type {any} */ (one.geometry).coordinates);
  return box;
}

/** @param {import("maplibre-gl").Map} map @param {GeoJSON.FeatureCollection} shapes */
function drawShapes(map, shapes) {
  /** @type {any} */
  const colour = ["match", ["get", "outcome"], ...Object.entries(OUTCOMES).flatMap(([name, level]) => [name, token(level)]), token("info")];
  map.addSource("shapes", { type: "geojson", data: shapes });
  map.addLayer({ id: "shapes-fill", type: "fill", source: "shapes", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colour, "fill-opacity": 0.25 } });
  map.addLayer({ id: "shapes-line", type: "line", source: "shapes", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": colour, "line-width": 2 } });
  map.addLayer({ id: "shapes-before", type: "circle", source: "shapes", filter: ["all", ["==", ["geometry-type"], "Point"], ["==", ["get", "outcome"], "before"]], paint: { "circle-radius": 6, "circle-color": token("off"), "circle-opacity": 0.7 } });
}

class MapElement extends HTMLElement {
  /** @type {import("maplibre-gl").Map | undefined} */
  map;
  /** @type {Place[]} */
  places = [];

  connectedCallback() {
    if (this.started) return;
    this.started = true;
    this.note = document.createElement("p");
    this.note.className = "map-note";
    this.note.hidden = true;
    this.note.setAttribute("role", "status");
    this.append(this.note);
    this.open().catch((error) => {
      this.tell(say("map.none"));
      console.info("no map:", error);
    });
  }

  /** @param {string} text */
  tell(text) {
    if (!this.note) return;
    this.note.hidden = !text;
    this.note.textContent = text;
  }

  async open() {
    const canvas = document.createElement("div");
    this.append(canvas);
    this.places = this.read();
    const center = this.center();
    const shapes = this.shapes();
    const bounds = shapes.features.length && !this.hasAttribute("data-keep-centre") ? boxOf(shapes) : undefined;
    const { map, facts } = await openMap(canvas, { unit: UNIT, ...(bounds ? { bounds } : { center }), zoom: Number(this.getAttribute("zoom")) || ONE_PLACE_ZOOM });
    this.map = map;
    if (!this.hasAttribute("data-cells")) map.setLayoutProperty("density", "visibility", "none");
    if (this.dataset.shade) this.shade(map, pageData(this.dataset.shade.replace(/^#/, "")) ?? []);
    if (this.dataset.components) drawComponents(map, this.dataset.components);
    if (shapes.features.length) drawShapes(map, shapes);
    this.drawPoints(map);
    if (this.dataset.pickLon && this.dataset.pickLat) this.letPick(map, this.dataset.pickLon, this.dataset.pickLat);
    if (!this.hasAttribute("data-plain")) equip(map, facts, this);
    document.addEventListener("htmx:after:swap", () => this.refresh());
    document.addEventListener("pointerover", (event) => this.hover(event));
    this.dataset.ready = "";
  }

  /** @returns {Place[]} the points of the page's JSON script, or the one place of the attributes */
  read() {
    const { points, pointLon, pointLat, level } = this.dataset;
    if (points) return (pageData(points.replace(/^#/, "")) ?? []).filter((/** @type {Place} */ one) => one.lon !== null && one.lat !== null);
    if (pointLon && pointLat) return [{ id: "here", lon: Number(pointLon), lat: Number(pointLat), level: level ?? "info" }];
    return [];
  }

  /** @returns {GeoJSON.FeatureCollection} what a dry run would add, change or refuse, of the page's JSON script */
  shapes() {
    const { shapes } = this.dataset;
    return (shapes && pageData(shapes.replace(/^#/, ""))) || { type: "FeatureCollection", features: [] };
  }

  /** @returns {[number, number] | undefined} */
  center() {
    const lon = Number(this.getAttribute("lon"));
    const lat = Number(this.getAttribute("lat"));
    if (lon && lat) return [lon, lat];
    const only = this.places.length === 1 && !this.hasAttribute("data-fit") ? this.places[0] : undefined;
    return only ? [only.lon, only.lat] : undefined;
  }

  /** The cells of these regions are shaded: a cell's code begins with the code of its region.
   * @param {import("maplibre-gl").Map} map @param {string[]} codes */
  shade(map, codes) {
    /** @type {any} */
    const inside = ["any", ...codes.map((code) => ["==", ["slice", ["get", "code"], 0, code.length], code])];
    map.addLayer({
      id: "shade", type: "fill", source: "cells", "source-layer": "cells", filter: inside,
      paint: { "fill-color": token("critical"), "fill-opacity": 0.35, "fill-outline-color": token("critical") },
    });
  }

  /** @param {import("maplibre-gl").Map} map */
  drawPoints(map) {
    map.addSource("points", { type: "geojson", data: this.features() });
    map.addLayer({
      id: "chosen", type: "circle", source: "points", filter: ["==", ["get", "id"], ""],
      paint: { "circle-radius": 15, "circle-color": token("accent"), "circle-opacity": 0.2, "circle-stroke-color": token("accent"), "circle-stroke-width": 2 },
    });
    map.addLayer({
      id: "points", type: "symbol", source: "points",
      layout: { "icon-image": ["concat", "level-", ["get", "level"]], "icon-allow-overlap": true, "icon-ignore-placement": true },
    });
    map.on("click", "points", (event) => this.choose(event.features?.[0]?.properties ?? {}));
    map.on("mousemove", "points", (event) => this.highlight(String(event.features?.[0]?.properties.id ?? "")));
    map.on("mouseleave", "points", () => this.highlight(""));
    this.fit(map);
  }

  features() {
    const now = Date.now();
    return collection(this.places.map((one) => point(one.lon, one.lat, {
      id: one.id, href: one.href ?? "", label: one.label ?? "",
      level: one.level ?? levelOf({ due_at: one.due_at ?? null, stage: one.stage ?? "" }, now),
    })));
  }

  /** @param {import("maplibre-gl").Map} map */
  fit(map) {
    if (!this.hasAttribute("data-fit") || this.places.length < 2) return;
    const lons = this.places.map((one) => one.lon);
    const lats = this.places.map((one) => one.lat);
    map.fitBounds([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], { padding: 48, maxZoom: 15, animate: false });
  }

  /** The list has changed: so have the points. */
  refresh() {
    if (!this.dataset.points) return;
    this.places = this.read();
    /** @type {import("maplibre-gl").GeoJSONSource | undefined} */ (this.map?.getSource("points"))?.setData(this.features());
  }

  /** @param {Event} event */
  hover(event) {
    const row = event.target instanceof Element ? event.target.closest("[data-case]") : null;
    const id = row instanceof HTMLElement ? row.dataset.case ?? "" : "";
    if (id !== this.hovered) this.highlight(id);
  }

  /** @param {string} id */
  highlight(id) {
    this.hovered = id;
    this.map?.setFilter("chosen", ["==", ["get", "id"], id]);
    for (const row of document.querySelectorAll("[data-case]")) {
      row.classList.toggle("is-selected", id !== "" && row.getAttribute("data-case") === id);
    }
  }

  /** @param {Record<string, any>} properties */
  choose(properties) {
    const event = new CustomEvent("cc-map:choose", { bubbles: true, cancelable: true, detail: { id: properties.id } });
    if (this.dispatchEvent(event) && properties.href) location.assign(properties.href);
  }

  /** @param {import("maplibre-gl").Map} map @param {string} lonSelector @param {string} latSelector */
  letPick(map, lonSelector, latSelector) {
    const lon = document.querySelector(lonSelector);
    const lat = document.querySelector(latSelector);
    if (!(lon instanceof HTMLInputElement) || !(lat instanceof HTMLInputElement)) return;
    this.tell(say("map.pick"));
    const pick = (/** @type {{lng: number, lat: number}} */ at) => {
      lon.value = at.lng.toFixed(6);
      lat.value = at.lat.toFixed(6);
      choose(this.dataset.moves, "moved");
      lon.dispatchEvent(new Event("change", { bubbles: true }));
      this.mark(Number(lon.value), Number(lat.value));
      this.tell(say("map.picked", { lon: lon.value, lat: lat.value }));
      this.dispatchEvent(new CustomEvent("cc-map:pick", { bubbles: true, detail: { lon: Number(lon.value), lat: Number(lat.value) } }));
    };
    map.getCanvas().style.cursor = "crosshair";
    map.on("click", (event) => pick(event.lngLat));
    this.letDrag(map, pick);
    map.getCanvas().addEventListener("keydown", (event) => event.key === "Enter" && pick(map.getCenter()));
    for (const input of [lon, lat]) {
      input.addEventListener("input", () => this.mark(Number(lon.value), Number(lat.value)));
    }
    const [west, south] = this.hasAttribute("data-mark") ? (this.center() ?? [0, 0]) : [0, 0];
    this.mark(Number(lon.value) || west, Number(lat.value) || south);
  }

  /** The mark is carried by pointer or finger; where it is let go is the place.
   * @param {import("maplibre-gl").Map} map @param {(at: {lng: number, lat: number}) => void} pick */
  letDrag(map, pick) {
    /** @type {{lng: number, lat: number} | null} */
    let carried = null;
    let moved = false;
    const grab = (/** @type {import("maplibre-gl").MapLayerMouseEvent | import("maplibre-gl").MapLayerTouchEvent} */ event) => {
      event.preventDefault();
      [carried, moved] = [event.lngLat, false];
    };
    const carry = (/** @type {import("maplibre-gl").MapMouseEvent | import("maplibre-gl").MapTouchEvent} */ event) => {
      if (!carried) return;
      [carried, moved] = [event.lngLat, true];
      this.mark(event.lngLat.lng, event.lngLat.lat);
    };
    const drop = () => {
      const at = carried;
      carried = null;
      if (at && moved) pick(at);
    };
    map.on("mousedown", "points", grab);
    map.on("touchstart", "points", grab);
    map.on("mousemove", carry);
    map.on("touchmove", carry);
    map.on("mouseup", drop);
    map.on("touchend", drop);
  }

  /** @param {number} lon @param {number} lat */
  mark(lon, lat) {
    if (!lon || !lat) return;
    this.places = [{ id: "here", lon, lat, level: "critical" }];
    /** @type {import("maplibre-gl").GeoJSONSource | undefined} */ (this.map?.getSource("points"))?.setData(this.features());
    this.map?.setFilter("chosen", ["==", ["get", "id"], "here"]);
  }
}

customElements.define("cc-map", MapElement);
