/** <cc-grid-compare data-old data-new data-list>: two versions of the map in the colours of what changed, with the list. */
import { make } from "../lib/dom.js";
import { language, pick, say } from "../lib/words.js";
import { collection, openMap } from "../map/engine.js";
import { token } from "../map/style.js";
import { boxOf } from "../draw/geometry.js";

/** @typedef {GeoJSON.Feature<GeoJSON.Geometry, {code: string, change: string, before: Record<string, any> | null, after: Record<string, any> | null}>} Changed */
/** @typedef {{counts: Record<string, number>, cells: {features: Changed[]}, regions: {code: string, change: string, before: any, after: any}[], truncated: boolean}} Told */

const UNIT = 13;
const LISTED = 300;
const KINDS = /** @type {const} */ (["added", "removed", "shape", "description"]);
/** What is new is green, what is gone red, as everywhere; the word stands in the list and in the key. */
const LEVELS = { added: "normal", removed: "critical", shape: "serious", description: "info" };
const COUNTS = { added: "added", removed: "removed", shape: "moved_edge", description: "redescribed" };

class CompareElement extends HTMLElement {
  /** @type {import("maplibre-gl").Map | undefined} */
  map;

  connectedCallback() {
    if (this.list) return;
    this.list = document.querySelector(this.dataset.list ?? "#none") ?? document.createElement("div");
    this.list.setAttribute("aria-live", "polite");
    this.list.replaceChildren(make("p", "quiet", say("compare.loading")));
    this.load().finally(() => (this.dataset.ready = ""));
  }

  async load() {
    /** @type {Told} */
    let told;
    try {
      const answer = await fetch(`/api/grid/compare?old=${this.dataset.old}&new=${this.dataset.new}`, { headers: { Accept: "application/json" } });
      told = await answer.json();
      if (!answer.ok) throw new Error(/** @type {any} */ (told).message || String(answer.status));
    } catch (error) {
      this.list?.replaceChildren(make("p", "notice notice--critical", `${say("compare.failed")} ${error instanceof Error ? error.message : ""}`));
      return;
    }
    this.show(told);
    try {
      await this.draw(told);
    } catch (error) {
      this.append(make("p", "map-note", say("map.none")));
      console.info("no map:", error);
    }
  }

  /** @param {Told} told */
  show(told) {
    const figures = make("div", "figures");
    for (const kind of KINDS) {
      const chip = make("span", `chip chip--${LEVELS[kind]}`, say(`compare.${kind}`));
      figures.append(make("div", "card card--flat", chip, make("span", "card__figure", String(told.counts[COUNTS[kind]] ?? 0))));
    }
    const parts = /** @type {HTMLElement[]} */ ([figures, make("p", "quiet small", `${say("compare.same")}: ${told.counts.same ?? 0}`)]);
    const rows = told.cells.features;
    if (!rows.length && !told.regions.length) parts.push(make("p", "notice notice--normal", say("compare.none")));
    if (rows.length) parts.push(this.table(rows.slice(0, LISTED).map((one) => ({ ...one.properties, shape: one.geometry }))));
    if (told.regions.length) parts.push(make("h2", "", say("compare.regions")), this.table(told.regions.map((one) => ({ ...one, shape: null }))));
    if (told.truncated || rows.length > LISTED) parts.push(make("p", "quiet small", say("compare.truncated")));
    this.list?.replaceChildren(...parts);
  }

  /** @param {{code: string, change: string, before: any, after: any, shape: GeoJSON.Geometry | null}[]} rows */
  table(rows) {
    const head = make("tr", "");
    for (const word of ["cell", "change", "what"]) {
      const cell = make("th", "", say(`compare.${word}`));
      cell.scope = "col";
      head.append(cell);
    }
    const body = make("tbody", "");
    for (const one of rows) {
      const go = make("button", "linkbutton", one.code);
      go.type = "button";
      go.disabled = !one.shape;
      go.addEventListener("click", () => this.goTo(one.shape));
      const level = LEVELS[/** @type {keyof typeof LEVELS} */ (one.change)] ?? "info";
      body.append(make("tr", "", make("td", "", one.shape ? go : one.code), make("td", "", make("span", `chip chip--${level}`, say(`compare.${one.change}`))), make("td", "small", differences(one.before, one.after))));
    }
    return make("div", "table-wrap", make("table", "list", make("thead", "", head), body));
  }

  /** @param {GeoJSON.Geometry | null} shape */
  goTo(shape) {
    const box = boxOf(shape);
    if (box) this.map?.fitBounds(box, { padding: 100, maxZoom: 17, animate: false });
  }

  /** @param {Told} told */
  async draw(told) {
    const canvas = document.createElement("div");
    this.append(canvas);
    const features = told.cells.features.filter((one) => one.geometry);
    const all = boxOf({ type: "GeometryCollection", geometries: features.map((one) => one.geometry) });
    const bounds = all ?? JSON.parse(this.dataset.bounds || "null") ?? undefined;
    const { map } = await openMap(canvas, { unit: UNIT, padding: 60, ...(bounds ? { bounds } : {}) });
    this.map = map;
    map.setLayoutProperty("density", "visibility", "none");
    map.addSource("changes", { type: "geojson", data: collection(features) });
    /** @type {any} */
    const colour = ["match", ["get", "change"], ...KINDS.flatMap((kind) => [kind, token(LEVELS[kind])]), token("off")];
    map.addLayer({ id: "changes-fill", type: "fill", source: "changes", paint: { "fill-color": colour, "fill-opacity": 0.4 } });
    map.addLayer({ id: "changes-line", type: "line", source: "changes", paint: { "line-color": colour, "line-width": 2 } });
    const key = make("ul", "map-key");
    for (const kind of KINDS) key.append(make("li", "", make("span", `chip chip--${LEVELS[kind]}`, say(`compare.${kind}`))));
    this.append(key);
  }
}

/** What differs, as words. @param {Record<string, any> | null} before @param {Record<string, any> | null} after @returns {string} */
function differences(before, after) {
  const names = Object.keys({ ...before, ...after }).filter((name) => !["code", "community", "geometry"].includes(name));
  const differing = names.filter((name) => plain(before?.[name]) !== plain(after?.[name]));
  return differing.map((name) => `${say(`compare.${name}`)}: ${plain(before?.[name]) || "—"} → ${plain(after?.[name]) || "—"}`).join("; ");
}

/** @param {any} value @returns {string} */
function plain(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return new Intl.NumberFormat(language(), { maximumFractionDigits: 0 }).format(value);
  return typeof value === "object" ? pick(value) : String(value);
}

customElements.define("cc-grid-compare", CompareElement);
