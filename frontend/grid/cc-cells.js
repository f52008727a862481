/**
 * <cc-cells>: whose cells are whose. With `data-input` a click takes a cell in or out of a list of codes;
 * the list stays the whole truth, and without WebGL it is all there is.
 */
import { openMap } from "../map/engine.js";
import { token } from "../map/style.js";
import { pageData, say } from "../lib/words.js";
import { make } from "../lib/dom.js";
import { HUES, cellsOf, toggled } from "./codes.js";

/** @typedef {import("maplibre-gl").Map} Map */
/** @typedef {{own?: string[], colours?: Record<string, number>, names?: Record<string, string>, digits?: import("./codes.js").Digits}} Told */

const UNIT = 13;
const LONE = -1;
const SHARED = -2;
const OTHER = -3;

class CellsElement extends HTMLElement {
  /** @type {Map | undefined} */
  map;
  /** @type {Told} */
  told = {};
  /** @type {Record<string, string[]>} */
  owners = {};
  /** @type {Set<string>} */
  shown = new Set();

  connectedCallback() {
    if (this.note) return;
    this.note = make("p", "map-note");
    this.note.setAttribute("role", "status");
    this.append(this.note);
    this.told = pageData((this.dataset.map ?? "").replace(/^#/, "")) ?? {};
    const input = document.querySelector(this.dataset.input || "#none");
    if (input instanceof HTMLTextAreaElement) this.input = input;
    this.input?.addEventListener("input", () => this.repaint());
    this.count();
    this.open().catch((error) => {
      this.tell(say("map.none"));
      console.info("no map:", error);
    });
  }

  /** With `data-plain` the list is nobody's ground yet: whose the cells are otherwise says nothing here. */
  get plain() {
    return this.dataset.plain !== undefined;
  }

  /** @param {string} text */
  tell(text) {
    if (this.note) this.note.textContent = text;
  }

  async open() {
    const canvas = document.createElement("div");
    this.append(canvas);
    const [{ map }] = await Promise.all([openMap(canvas, { unit: UNIT }), this.plain ? undefined : this.load()]);
    this.map = map;
    map.setLayoutProperty("density", "visibility", "none");
    map.setLayerZoomRange("cell-lines", 11, 24);
    this.layers(map);
    this.append(this.legend());
    this.tell(say(this.input ? "areas.pick" : "areas.look"));
    map.getCanvas().style.cursor = "pointer";
    map.on("click", (event) => this.choose(this.cellAt(event.point)));
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.choose(this.cellAt(map.project(map.getCenter())));
    });
    if (this.input) this.letBox(map);
    this.repaint();
    this.fit(map);
    this.dataset.ready = "";
  }

  async load() {
    const answer = await fetch("/api/grid/supervised-cells", { headers: { Accept: "application/json" } });
    if (answer.ok) this.owners = await answer.json();
    else this.tell(say("areas.failed"));
  }

  /** @param {Map} map */
  layers(map) {
    /** @type {any} */
    const hue = ["feature-state", "hue"];
    /** @type {any} */
    const fill = [
      "match", ["coalesce", hue, LONE], LONE, token("critical"), SHARED, token("caution"), OTHER, token("off"),
      ...HUES.flatMap((colour, index) => [index, colour]), token("off"),
    ];
    /** @type {any} */
    const strength = ["match", ["coalesce", hue, LONE], LONE, this.input ? 0 : 0.16, SHARED, 0.75, OTHER, 0.3, 0.5];
    /** @type {any} */
    const own = ["boolean", ["feature-state", "own"], false];
    const cells = /** @type {const} */ ({ source: "cells", "source-layer": "cells" });
    /** @type {any} */
    const both = ["all", own, ["match", ["coalesce", hue, LONE], [SHARED, OTHER], true, false]];
    const paint = { "fill-color": /** @type {any} */ (["case", both, token("caution"), fill]), "fill-opacity": /** @type {any} */ (["case", both, 0.75, strength]) };
    map.addLayer({ id: "owned", type: "fill", ...cells, paint }, "cell-lines");
    map.addLayer({ id: "own", type: "fill", ...cells, paint: { "fill-color": token("accent"), "fill-opacity": ["case", both, 0.12, own, 0.45, 0] } }, "cell-lines");
    map.addLayer({ id: "own-line", type: "line", ...cells, paint: { "line-color": token("accent"), "line-width": ["case", own, 2, 0] } });
  }

  legend() {
    const list = make("ul", "map-key");
    const kinds = this.plain ? ["own"] : this.input || this.told.own ? ["own", "other", "shared"] : ["area", "shared", "lone"];
    for (const kind of kinds) {
      list.append(make("li", "", make("span", `map-key__mark map-key__mark--${kind}`), say(`areas.key.${kind}`)));
    }
    return list;
  }

  /** @param {{x: number, y: number}} at @returns {string} the code of the cell there, "" of none */
  cellAt(at) {
    const found = this.map?.queryRenderedFeatures([at.x, at.y], { layers: ["owned"] }) ?? [];
    return String(found[0]?.properties.code ?? "");
  }

  /** @param {string} cell */
  choose(cell) {
    if (!cell) return this.tell(say("areas.none"));
    if (this.input) return this.toggle([cell]);
    const owners = this.owners[cell] ?? [];
    const names = owners.map((code) => `${this.told.names?.[code] ?? ""} ${code}`.trim());
    return this.tell(owners.length ? say("areas.whose", { cell, areas: names.join(", ") }) : say("areas.lone", { cell }));
  }

  /** @param {string[]} cells @param {boolean} [in_] take all in, instead of turning each */
  toggle(cells, in_ = false) {
    if (!this.input) return;
    const before = cellsOf(this.input.value, this.digits());
    this.input.value = toggled(this.input.value, cells, this.digits(), in_);
    const after = cellsOf(this.input.value, this.digits());
    this.repaint();
    if (in_) this.tell(say("areas.boxed", { n: after.cells.size - before.cells.size }));
    else this.tell(say(after.cells.has(cells[0] ?? "") ? "areas.taken" : "areas.left", { cell: cells[0] ?? "" }));
  }

  /** Shift and drag takes every cell in the box. @param {Map} map */
  letBox(map) {
    map.boxZoom.disable();
    const ground = map.getCanvasContainer();
    ground.addEventListener("pointerdown", (start) => {
      if (!start.shiftKey || start.button !== 0) return;
      start.preventDefault();
      map.dragPan.disable();
      const box = make("div", "map-box");
      this.append(box);
      const frame = ground.getBoundingClientRect();
      const from = [start.clientX - frame.left, start.clientY - frame.top];
      const corners = (/** @type {PointerEvent} */ event) => {
        const to = [event.clientX - frame.left, event.clientY - frame.top];
        return [Math.min(from[0] ?? 0, to[0] ?? 0), Math.min(from[1] ?? 0, to[1] ?? 0), Math.max(from[0] ?? 0, to[0] ?? 0), Math.max(from[1] ?? 0, to[1] ?? 0)];
      };
      const move = (/** @type {PointerEvent} */ event) => {
        const [left = 0, top = 0, right = 0, bottom = 0] = corners(event);
        Object.assign(box.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
      };
      const end = (/** @type {PointerEvent} */ event) => {
        removeEventListener("pointermove", move);
        box.remove();
        map.dragPan.enable();
        const [left = 0, top = 0, right = 0, bottom = 0] = corners(event);
        if (right - left < 4 && bottom - top < 4) return;
        const found = map.queryRenderedFeatures([[left, top], [right, bottom]], { layers: ["owned"] });
        this.toggle([...new Set(found.map((one) => String(one.properties.code)))], true);
      };
      addEventListener("pointermove", move);
      addEventListener("pointerup", end, { once: true });
    });
  }

  /** What the list says is what the map shows. */
  repaint() {
    this.count();
    const map = this.map;
    if (!map) return;
    const paint = (/** @type {string} */ cell, /** @type {Record<string, any>} */ state) =>
      map.setFeatureState({ source: "cells", sourceLayer: "cells", id: cell }, state);
    if (!this.painted) for (const [cell, codes] of Object.entries(this.owners)) paint(cell, { hue: this.hueOf(codes) });
    this.painted = true;
    const own = this.own();
    for (const cell of this.shown) if (!own.has(cell)) paint(cell, { own: false });
    for (const cell of own) if (!this.shown.has(cell)) paint(cell, { own: true });
    this.shown = own;
  }

  /** @returns {import("./codes.js").Digits} how long codes are; a page with a list of codes always says it */
  digits() {
    if (!this.told.digits) throw new Error("this page does not say how long codes are");
    return this.told.digits;
  }

  /** @returns {Set<string>} the cells of the list, or those of the one area shown */
  own() {
    if (this.input) return cellsOf(this.input.value, this.digits()).cells;
    const codes = this.told.own ?? [];
    return new Set(Object.entries(this.owners).filter(([, held]) => held.some((code) => codes.includes(code))).map(([cell]) => cell));
  }

  /** @param {string[]} codes @returns {number} */
  hueOf(codes) {
    if (this.input || this.told.own) {
      const others = codes.filter((code) => !(this.told.own ?? []).includes(code));
      if (others.length && others.length < codes.length) return SHARED;
      return others.length ? OTHER : LONE;
    }
    if (codes.length > 1) return SHARED;
    return (this.told.colours?.[codes[0] ?? ""] ?? 0) % HUES.length;
  }

  count() {
    const target = document.querySelector(this.dataset.count || "#none");
    if (!this.input || !target) return;
    const { cells, regions } = cellsOf(this.input.value, this.digits());
    target.textContent = say("areas.chosen", { n: cells.size }) + (regions.size ? ` ${say("areas.regions", { n: regions.size })}` : "");
  }

  /** Close to what the area has. @param {Map} map */
  fit(map) {
    const codes = this.own();
    if (!codes.size) return;
    map.once("idle", () => {
      const found = map.querySourceFeatures("cells", { sourceLayer: "cells" }).filter((one) => codes.has(String(one.properties.code)));
      const points = /** @type {[number, number][]} */ (found.flatMap((one) => (one.geometry.type === "Polygon" ? one.geometry.coordinates.flat() : [])));
      if (!points.length) return;
      const lons = points.map((one) => one[0]);
      const lats = points.map((one) => one[1]);
      map.fitBounds([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], { padding: 60, maxZoom: 16, animate: false });
    });
  }
}

customElements.define("cc-cells", CellsElement);
