/** <cc-atlas>: the full map of /map/: a measure by cell, layers, what is under the pointer, and the list beside it. */
import { make } from "../lib/dom.js";
import { levelOf } from "../lib/severity.js";
import { roughSpan } from "../lib/spans.js";
import { pageData, pick, say } from "../lib/words.js";
import { Choropleth } from "./choropleth.js";
import { classesOf } from "./classes.js";
import { openMap } from "./engine.js";
import { Cases, Components, drawCameras } from "./layers.js";
import { placeTyped } from "./place-search.js";
import { equip } from "./tools.js";

const UNIT = 13;
const NEAR_PX = 8;
const REGION_LINES = ["street-lines", "district-lines"];
const CHOSEN_FROM = ["open-cases", "case-clusters", "cameras", "components", "component-lines", "clusters", "density"];

class Atlas extends HTMLElement {
  /** The cell under the pointer and the chosen one. */
  lit = { hover: "", chosen: "" };
  chosenBox = /** @type {HTMLElement} */ (document.getElementById("map-chosen"));
  said = /** @type {HTMLElement} */ (document.getElementById("map-said"));

  connectedCallback() {
    if (this.started) return;
    this.started = true;
    this.facts = pageData("atlas");
    this.open().catch((error) => {
      this.tell(say("map.none_page"));
      console.info("no map:", error);
    });
  }

  /** @param {string} text */
  tell(text) {
    this.said.textContent = text;
  }

  async open() {
    const canvas = make("div", "");
    this.append(canvas);
    const { map, facts } = await openMap(canvas, { unit: UNIT });
    this.map = map;
    this.cells = new Choropleth(map);
    this.components = new Components(map, this.facts.assets);
    this.cases = new Cases(map, (drawn) => this.tell(drawn ? say("map.more_cases", { n: drawn }) : ""));
    drawCameras(map, this.facts.cameras);
    const tools = equip(map, facts, this, { search: document.querySelector("cc-place-search"), bases: document.getElementById("map-bases") });
    this.mark = tools.mark;
    document.querySelectorAll("[data-layer]").forEach((one) => this.layer(/** @type {HTMLInputElement} */ (one)));
    this.listen(map);
    this.goto(placeTyped(new URLSearchParams(location.search).get("at") ?? ""));
    await this.measure();
    this.dataset.ready = "";
  }

  /** @param {import("maplibre-gl").Map} map */
  listen(map) {
    document.addEventListener("change", (event) => {
      const target = /** @type {HTMLInputElement} */ (event.target);
      if (target.matches("[data-layer]")) this.layer(target);
      if (target.matches("[data-type]")) this.types();
      if (target.closest("#map-measure")) this.measure().catch(() => this.tell(say("map.search_failed")));
    });
    document.addEventListener("click", (event) => {
      const row = event.target instanceof Element ? event.target.closest("[data-fly]") : null;
      if (row instanceof HTMLElement) this.fly(row);
    });
    map.on("click", (event) => this.choose(event.point, event.lngLat));
    map.on("mousemove", (event) => this.hover(event.point));
    map.on("mouseout", () => this.light("hover", ""));
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.choose(map.project(map.getCenter()), map.getCenter());
    });
  }

  /** @param {HTMLElement} row */
  fly(row) {
    const center = /** @type {[number, number]} */ ([Number(row.dataset.lon), Number(row.dataset.lat)]);
    this.map?.jumpTo({ center, zoom: 16 });
    this.light("chosen", row.dataset.fly ?? "");
    this.mark?.(center[0], center[1]);
    this.scrollIntoView({ block: "nearest" });
    this.describe(row.dataset.fly ?? "", { lng: center[0], lat: center[1] });
  }

  /** The place that the address names, as the search does. @param {{lon: number, lat: number} | undefined} place */
  goto(place) {
    if (!place) return;
    this.map?.jumpTo({ center: [place.lon, place.lat], zoom: 15 });
    this.mark?.(place.lon, place.lat);
  }

  /** The measure of the form: colours, legend, and (htmx does that) the list. */
  async measure() {
    const form = /** @type {HTMLFormElement} */ (document.getElementById("map-measure"));
    const given = new FormData(form);
    const told = await /** @type {Choropleth} */ (this.cells).load(String(given.get("metric")), String(given.get("days")));
    const legend = document.getElementById("map-legend");
    const rows = classesOf(told).map(({ rank, text }) => {
      const row = make("li", `legend__row${rank === 5 ? " legend__row--worst" : ""}`, make("span", `legend__box legend__box--${rank}`), say(`map.unit.${told.unit}`, { n: text }));
      if (rank === 5) row.append(make("small", "", say("map.worst")));
      return row;
    });
    legend?.replaceChildren(...rows);
    this.dataset.metric = told.metric;
  }

  /** @param {HTMLInputElement} box */
  layer(box) {
    const shown = box.checked;
    const visible = (/** @type {string[]} */ ids) => ids.forEach((id) => this.map?.setLayoutProperty(id, "visibility", shown ? "visible" : "none"));
    if (box.dataset.layer === "cells") visible(["density", "worst", "numbers"]);
    if (box.dataset.layer === "lines") visible(["cell-lines"]);
    if (box.dataset.layer === "regions") visible(REGION_LINES);
    if (box.dataset.layer === "cameras") visible(["cameras"]);
    if (box.dataset.layer === "cases") this.cases?.show(shown);
    if (box.dataset.layer === "components") this.show(shown).catch(() => this.tell(say("map.search_failed")));
  }

  /** @param {boolean} shown */
  async show(shown) {
    const box = /** @type {HTMLElement} */ (document.getElementById("map-types"));
    box.hidden = !shown;
    if (shown && !box.childElementCount) {
      const answer = await fetch("/api/assets/counts", { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      for (const one of await answer.json()) {
        const tick = make("input", "");
        Object.assign(tick, { type: "checkbox", checked: true });
        tick.dataset.type = one.type;
        box.append(make("label", "layers__one", tick, " ", pick(one.names), " ", make("small", "quiet", one.count.toLocaleString("en-US"))));
      }
      if (!box.childElementCount) box.append(make("p", "quiet", say("map.no_components")));
    }
    this.types();
  }

  types() {
    const box = /** @type {HTMLElement} */ (document.getElementById("map-types"));
    const ticked = /** @type {HTMLInputElement[]} */ ([...box.querySelectorAll("[data-type]")]).filter((one) => one.checked);
    this.components?.show(box.hidden ? [] : ticked.map((one) => one.dataset.type ?? ""));
  }

  /** @param {{x: number, y: number}} at @returns {any} the foremost thing there */
  under({ x, y }) {
    const layers = CHOSEN_FROM.filter((id) => this.map?.getLayer(id) && this.map.getLayoutProperty(id, "visibility") !== "none");
    const found = this.map?.queryRenderedFeatures([[x - NEAR_PX, y - NEAR_PX], [x + NEAR_PX, y + NEAR_PX]], { layers: layers.filter((id) => id !== "density") }) ?? [];
    return found[0] ?? this.map?.queryRenderedFeatures([x, y], { layers: ["density"] })[0];
  }

  /** @param {{x: number, y: number}} at */
  hover(at) {
    const one = this.under(at);
    const canvas = this.map?.getCanvas();
    if (canvas) canvas.style.cursor = one && one.layer.id !== "density" ? "pointer" : "";
    this.light("hover", one?.layer.id === "density" ? String(one.properties.code) : "");
  }

  /** One cell at most has an edge for each reason. @param {"hover" | "chosen"} why @param {string} cell */
  light(why, cell) {
    if (this.lit[why] === cell) return;
    const state = (/** @type {string} */ id, /** @type {boolean} */ on) => id && this.map?.setFeatureState({ source: "cells", sourceLayer: "cells", id }, { [why]: on });
    state(this.lit[why], false);
    state(cell, true);
    this.lit[why] = cell;
  }

  /** @param {{x: number, y: number}} at @param {{lng: number, lat: number}} place */
  choose(at, place) {
    const one = this.under(at);
    if (!one) return this.card(say("map.nothing"), []);
    if (one.layer.id === "clusters" || one.layer.id === "case-clusters") return this.closer(one);
    if (one.layer.id === "open-cases") return this.aCase(one.properties);
    if (one.layer.id === "cameras") {
      return this.card(pick(JSON.parse(one.properties.names)), [[say("map.kind.camera"), one.properties.code], [say("map.state"), say(`map.camera.${one.properties.on ? "on" : "off"}`)]], `/video/`);
    }
    if (one.layer.id.startsWith("component")) return this.aComponent(one.properties.code);
    this.light("chosen", String(one.properties.code));
    return this.describe(String(one.properties.code), place);
  }

  /** A cluster: as close as it takes to tell its members apart. @param {any} one */
  closer(one) {
    const [lon, lat] = one.geometry.coordinates;
    const zoom = Math.min(17, (this.map?.getZoom() ?? 12) + 2);
    const n = one.properties.count ?? one.properties.point_count;
    this.map?.easeTo({ center: [lon, lat], zoom });
    this.tell(say(one.properties.count ? "map.cluster" : "map.case_cluster", { n }));
  }

  /** @param {any} one */
  aCase(one) {
    const due = one.due_at && one.due_at !== "null" ? (Date.parse(one.due_at) - Date.now()) / 1000 : null;
    const words = due === null ? "—" : say(due > 0 ? "sla.left" : "sla.over", { span: roughSpan(Math.abs(due)) });
    const level = levelOf({ ...one, due_at: due === null ? null : one.due_at }, Date.now());
    this.card(pick(JSON.parse(one.names)) || say("map.kind.case"), [[say("map.number"), one.number], [say("map.due"), words], [say("map.level"), say(`map.level.${level}`)]], `/cases/${one.number}/`);
  }

  /** @param {string} code */
  async aComponent(code) {
    const answer = await fetch(`/api/assets/${encodeURIComponent(code)}`, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) return this.card(code, []);
    const one = await answer.json();
    const rows = [[say("map.code"), one.code], [say("map.kind"), pick(one.type_names)], [say("map.state"), say(`map.component.${one.state}`)], [say("map.kind.cell"), one.cell]];
    return this.card(pick(one.names) || pick(one.type_names), rows);
  }

  /** @param {string} cell @param {{lng: number, lat: number}} place */
  async describe(cell, place) {
    const rows = [[say("map.kind.cell"), cell]];
    const value = this.cells?.words(cell);
    const metric = document.querySelector("#map-measure [name=metric] option:checked")?.textContent ?? "";
    rows.push([metric, value || say("map.no_value")]);
    this.card(cell, rows);
    const answer = await fetch(`/api/address?lon=${place.lng.toFixed(7)}&lat=${place.lat.toFixed(7)}`, { headers: { Accept: "application/json" }, credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok || this.lit.chosen !== cell) return;
    const found = await answer.json();
    rows.splice(1, 0, [say("map.address_short"), pick(found.names)]);
    this.card(pick(found.names), rows);
  }

  /** @param {string} title @param {string[][]} rows @param {string} [href] */
  card(title, rows, href) {
    const facts = make("dl", "facts");
    for (const [name = "", text = ""] of rows) facts.append(make("dt", "", name), make("dd", "", text));
    /** @type {HTMLElement[]} */
    const parts = [make("h3", "", title), facts];
    if (href) {
      const link = make("a", "btn btn--small", say("map.open"));
      link.href = href;
      parts.push(link);
    }
    this.chosenBox.replaceChildren(...parts);
  }
}

customElements.define("cc-atlas", Atlas);
