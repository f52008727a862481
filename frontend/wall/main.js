/** Entry of the wall: one snapshot, one feed, one reducer; every second and after every entry the board is repainted. */
import "../tokens.css";
import "./wall.css";
import { set } from "../lib/dom.js";
import { pageData, say } from "../lib/words.js";
import { LiveClient } from "../live/client.js";
import { serverClock } from "../live/clock.js";
import { tellWhenEnded } from "../live/ended.js";
import { figures } from "../live/figures.js";
import { apply, stateOf } from "../live/reducer.js";
import { scaleOf } from "../map/classes.js";
import { Alerts } from "./alerts.js";
import { paintDistricts, paintFoot, paintHours, paintSources, paintTiles, tellNews } from "./board.js";
import { Callout } from "./callout.js";
import { applyScale } from "./scale.js";
import { Clock, Link } from "./signs.js";

const PAINT_MS = 1000;
const NEWS_MS = 120;
const MEASURE_MS = 60_000;
const STEPS = [1, 2, 3, 5, 8];

/** @template T @param {string} tag @param {new (...args: any[]) => T} type @returns {T} */
function island(tag, type) {
  const element = document.querySelector(tag);
  if (!(element instanceof type)) throw new Error(`the page has no ${tag}`);
  return element;
}

class Wall {
  constructor() {
    this.scope = pageData("wall-scope");
    this.snapshotUrl = `/api/wall/snapshot?scope=${encodeURIComponent(this.scope)}`;
    this.alerts = island("cc-alerts", Alerts);
    this.callout = island("cc-callout", Callout);
    this.clock = island("cc-clock", Clock);
    this.link = island("cc-link", Link);
    /** @type {import("./map.js").WallMap | undefined} */
    this.map = undefined;
    this.chosen = "";
    /** @type {any} */
    this.facts = { categories: {}, organisations: {}, cameras: [], targets: {} };
    this.unit = applyScale();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.soon = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.again = undefined;
  }

  async start() {
    const drawing = import("./map.js");
    const told = pageData("server-time");
    if (told) serverClock.told(told);
    this.clock.paint(serverClock);
    setInterval(() => this.tick(), PAINT_MS);
    const snapshot = await this.load();
    this.reset(snapshot);
    const socketUrl = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/live`;
    this.client = new LiveClient({
      scopes: [this.scope],
      socketUrl,
      snapshotUrl: this.snapshotUrl,
      start: { epoch: snapshot.epoch, heads: snapshot.heads },
      apply: (_scope, entry) => this.state && apply(this.state, entry),
      reset: (fresh) => this.reset(fresh),
    });
    this.client.addEventListener("news", (event) => this.news(/** @type {CustomEvent} */ (event).detail.entries));
    this.client.addEventListener("state", () => this.client && this.link.paint(this.client));
    tellWhenEnded(this.client);
    window.addEventListener("online", () => this.client?.wake());
    document.addEventListener("visibilitychange", () => document.hidden || this.client?.wake());
    this.client.start();
    /** For tests and for whoever looks into a wall that seems wrong. */
    Object.assign(window, { cityopsLive: this.client, cityopsState: () => this.state });
    this.listen();
    await this.openMap(drawing);
  }

  /** The snapshot, however long the server takes to come up. */
  async load() {
    for (let wait = 500; ; wait = Math.min(wait * 2, 8000)) {
      const answer = await fetch(this.snapshotUrl, { headers: { Accept: "application/json" }, credentials: "same-origin" }).catch(() => null);
      if (answer?.ok) return answer.json();
      await new Promise((later) => setTimeout(later, wait * (0.5 + Math.random())));
    }
  }

  /** @param {any} snapshot */
  reset(snapshot) {
    serverClock.told(snapshot.server_time);
    this.facts = snapshot;
    this.state = stateOf(snapshot);
    this.paint();
  }

  /** @param {import("../live/fold.js").Entry[]} entries */
  news(entries) {
    tellNews(entries, this.facts);
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.paint();
    }, NEWS_MS);
  }

  tick() {
    this.clock.paint(serverClock);
    if (this.client) this.link.paint(this.client);
    if (this.state) this.paint();
  }

  paint() {
    if (!this.state) return;
    const now = serverClock.now();
    const found = figures(this.state.cases.values(), this.state.days[this.scope] ?? {}, now);
    paintTiles(found, this.facts.targets);
    paintDistricts(this.state, this.facts.targets.on_time, now);
    paintSources(found.sources);
    paintHours(found.hours, found.late_hours, now);
    const age = this.client?.fresh ? serverClock.monotonic() - this.client.heard : now - (this.client?.since ?? now);
    paintFoot(found, this.state, this.facts.cameras, now, age);
    const rail = this.alerts.paint(this.state.cases.values(), this.facts, found.levels, now);
    this.map?.paint(this.state.cases.values(), rail, now);
    this.call(now);
  }

  /** @param {number} now */
  call(now) {
    const one = this.chosen ? this.state?.cases.get(this.chosen) : undefined;
    if (!one) {
      if (!this.callout.hidden) this.callout.hidden = true;
      return;
    }
    this.callout.show(one, this.facts, now);
    const room = /** @type {HTMLElement} */ (this.callout.parentElement).getBoundingClientRect();
    const at = this.map?.map && one.lon !== null ? this.map.map.project([one.lon, one.lat]) : { x: room.width / 3, y: room.height / 2 };
    this.callout.place(at, room);
  }

  listen() {
    document.addEventListener("click", (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const card = target?.closest("[data-number]");
      if (card instanceof HTMLElement) this.choose(card.dataset.number ?? "");
      const layer = target?.closest("[data-layer]");
      if (layer instanceof HTMLElement) this.toggle(layer);
    });
    document.addEventListener("wall:choose", (event) => this.choose(/** @type {CustomEvent} */ (event).detail.number));
    document.addEventListener("change", (event) => {
      const target = event.target;
      if (target instanceof HTMLSelectElement && target.id === "wall-metric") this.measure(target.value);
    });
    window.addEventListener("resize", () => (this.unit = applyScale()));
  }

  /** @param {string} number */
  choose(number) {
    this.chosen = number === this.chosen ? "" : number;
    this.alerts.chosen = this.chosen;
    this.paint();
  }

  /** @param {HTMLElement} button */
  toggle(button) {
    const shown = button.getAttribute("aria-pressed") !== "true";
    set(button, "aria-pressed", String(shown));
    this.map?.show(/** @type {any} */ (button.dataset.layer), shown);
  }

  /** Another measure by cell, and its classes in the legend. Those of a period are asked for again each minute.
   * @param {string} metric */
  async measure(metric) {
    clearTimeout(this.again);
    const told = await this.map?.measure(metric).catch(() => undefined);
    const live = told === undefined;
    const starts = scaleOf(told ?? { breaks: STEPS, low_is_bad: false });
    document.querySelectorAll(".map__steps li").forEach((row, index) => (row.textContent = starts[index] ?? ""));
    document.querySelector(".map__unit")?.replaceChildren(say(`map.per.${told?.unit ?? "cases"}`));
    this.paint();
    if (!live) this.again = setTimeout(() => this.measure(metric), MEASURE_MS);
  }

  /** The map comes after everything that must be read first; without WebGL the server's drawing stays.
   * @param {Promise<typeof import("./map.js")>} drawing */
  async openMap(drawing) {
    const { WallMap } = await drawing;
    const element = island("cc-wall-map", WallMap);
    const bounds = (element.dataset.bounds ?? "").split(",").map(Number);
    try {
      const map = await element.open(this.facts.cameras, this.unit, bounds.length === 4 ? bounds : undefined);
      this.map = element;
      map.on("move", () => this.call(serverClock.now()));
      this.paint();
      await element.whole();
      performance.mark("wall-ready");
      const { equip } = await import("../map/tools.js");
      equip(map, { base_maps: [] }, element);
    } catch (error) {
      document.querySelector(".map__layers")?.setAttribute("hidden", "");
      document.querySelector(".map__legend")?.setAttribute("data-still", "");
      performance.mark("wall-ready");
      console.info("the map stays a drawing:", error);
    }
  }
}

new Wall().start();
