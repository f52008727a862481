/** What pointer, finger and keys mean on a map that is drawn upon. Each editor says in its own class what becomes of it. */
import { rounded, same, shifted } from "./geometry.js";

/** @typedef {import("./geometry.js").Point} Point */
/** @typedef {import("maplibre-gl").MapMouseEvent | import("maplibre-gl").MapTouchEvent} Touch */
/** @typedef {{from: Point, to: Point, number: number, edge?: [Point, Point]}} Carried  with `edge` a vertex that is new upon it */
/** @typedef {{toolChanged: () => void, pointsChanged: (many: number) => void, pointer: (at: Point) => void, picked: (number: number, at: Point | undefined) => void,
 *   typed: (number: number, at: Point) => void, listCorners: (anew?: boolean) => void}} Host */

export const REACH_PX = 9;
const FINGER_PX = 22;
const STEP_M = 1;
const FINE_M = 0.1;
const STILL_MS = 700;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export class Hand {
  /** @type {string} */
  tool = "select";
  /** @type {Point[]} */
  points = [];
  picked = -1;
  /** @type {Carried | null} */
  carried = null;
  /** @type {Carried | undefined} */
  nudged;
  /** How long the hand rests before what the keys have moved is done. */
  still = STILL_MS;

  /** @param {Host} host @param {import("maplibre-gl").Map} map @param {import("./paper.js").Paper} paper */
  constructor(host, map, paper) {
    this.host = host;
    this.map = map;
    this.paper = paper;
    map.doubleClickZoom.disable();
    map.on("click", (event) => this.click(event));
    map.on("dblclick", () => this.finish());
    map.on("mousemove", (event) => this.move(event));
    map.on("mousedown", (event) => this.grab(event, REACH_PX));
    map.on("touchstart", (event) => this.grab(event, FINGER_PX));
    map.on("touchmove", (event) => this.move(event));
    map.on("mouseup", () => this.drop());
    map.on("touchend", () => this.drop());
    map.on("touchcancel", () => this.drop());
    map.getCanvas().addEventListener("keydown", (event) => this.key(event), { capture: true });
  }

  /* What each editor says. */

  /** Whether nothing may be begun, because something is on its way. */
  busy() {
    return false;
  }

  /** @returns {"" | "line" | "ring"} what the tool sketches */
  sketches() {
    return "";
  }

  /** @returns {GeoJSON.Geometry | null | undefined} whose vertices are offered */
  cornered() {
    return null;
  }

  /** @returns {Point[]} */
  vertices() {
    return [];
  }

  /** The point as it would be taken. @param {Point} at @param {Carried} [_carried] @returns {Point} */
  taken(at, _carried) {
    return rounded(at);
  }

  /** What was sketched is done. @param {Point[]} _points @returns {Promise<boolean> | boolean} whether it was taken */
  sketched(_points) {
    return false;
  }

  /** @param {Carried} _carried @returns {GeoJSON.Geometry[]} how things would lie */
  wouldBe(_carried) {
    return [];
  }

  /** @param {Carried} _carried @returns {Promise<unknown> | unknown} falsy where it was refused */
  carriedTo(_carried) {
    return false;
  }

  /** @param {number} _number */
  dropVertex(_number) {}

  /** A click where nothing is sketched. @param {Touch} _event */
  clicked(_event) {}

  /** The pointer passes and nothing is held. @param {Touch} _event */
  passed(_event) {}

  /** @param {KeyboardEvent} _event @param {Point} _middle @returns {Record<string, () => unknown>} what its own keys do */
  keys(_event, _middle) {
    return {};
  }

  /* What they share. */

  /** @param {string} tool */
  use(tool) {
    this.points = [];
    this.tool = tool;
    this.pick(-1);
    this.sketch();
    this.map.getCanvas().style.cursor = this.sketches() ? "crosshair" : "";
    this.host.toolChanged();
  }

  /** @param {Touch} event */
  click(event) {
    if (this.sketches()) this.add(this.taken([event.lngLat.lng, event.lngLat.lat]));
    else this.clicked(event);
  }

  /** @param {{x: number, y: number}} at @param {number} reach pixels */
  cornerAt(at, reach = REACH_PX) {
    const box = /** @type {any} */ ([[at.x - reach, at.y - reach], [at.x + reach, at.y + reach]]);
    const found = this.map.queryRenderedFeatures(box, { layers: ["corners"] });
    return found.find((one) => one.properties.kind !== "middle") ?? found[0];
  }

  /** @param {Point} at */
  add(at) {
    const [first, last] = [this.points[0], this.points.at(-1)];
    if (last && same(last, at)) return;
    if (this.sketches() === "ring" && this.points.length > 2 && first && same(first, at)) return void this.finish();
    this.points.push(at);
    this.host.pointsChanged(this.points.length);
    this.sketch();
  }

  /** @param {Point} [cursor] */
  sketch(cursor) {
    this.paper.sketch(cursor ? [...this.points, cursor] : this.points, this.sketches() === "ring");
  }

  /** What was sketched stays until it is taken. */
  async finish() {
    const sort = this.sketches();
    if (!sort || this.points.length < (sort === "ring" ? 3 : 2)) return;
    if (await this.sketched(this.points)) this.clear();
  }

  clear() {
    this.points = [];
    this.sketch();
    this.host.pointsChanged(0);
  }

  /** The last point of the sketch is taken back. */
  back() {
    this.points.pop();
    this.sketch();
    this.host.pointsChanged(this.points.length);
  }

  /** @param {Touch} event @param {number} reach pixels */
  grab(event, reach) {
    if (this.tool !== "vertices" || this.busy()) return;
    const corner = this.cornerAt(event.point, reach);
    if (!corner) return;
    event.preventDefault();
    const from = JSON.parse(corner.properties.from);
    const number = Number(corner.properties.number);
    if (corner.properties.kind === "middle") {
      const [a, b] = /** @type {[Point, Point]} */ (from);
      const middle = rounded([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]);
      this.carried = { from: middle, to: middle, number, edge: [a, b] };
    } else {
      this.pick(number);
      this.carried = { from, to: from, number };
    }
  }

  /** @param {Touch} event */
  move(event) {
    const at = /** @type {Point} */ ([event.lngLat.lng, event.lngLat.lat]);
    this.host.pointer(at);
    if (this.carried) {
      this.carried.to = this.taken(at, this.carried);
      this.paper.preview(this.wouldBe(this.carried));
    } else if (this.sketches()) {
      if (this.points.length) this.sketch(this.taken(at));
    } else this.passed(event);
  }

  async drop() {
    const carried = this.carried;
    this.carried = null;
    if (!carried) return;
    if (!same(carried.from, carried.to) || carried.edge) await this.carriedTo(carried);
    this.paper.preview([]);
  }

  /** @param {number} number -1 of none */
  pick(number) {
    const corners = this.vertices();
    this.picked = number >= 0 && number < corners.length && this.tool === "vertices" ? number : -1;
    if (this.picked >= 0) this.map.keyboard.disable();
    else this.map.keyboard.enable();
    this.paper.corners(this.tool === "vertices" ? this.cornered() : null, this.picked);
    this.host.picked(this.picked, corners[this.picked]);
  }

  /** By metres; done when the hand has rested. @param {number} number @param {number} east @param {number} north */
  nudge(number, east, north) {
    const from = this.vertices()[number];
    if (!from || this.busy()) return;
    this.nudged = this.nudged && same(this.nudged.from, from) ? this.nudged : { from, to: from, number };
    this.nudged.to = shifted(this.nudged.to, east, north);
    this.paper.preview(this.wouldBe(this.nudged));
    this.host.typed(number, this.nudged.to);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.settle(), this.still);
  }

  async settle() {
    const carried = this.nudged;
    this.nudged = undefined;
    clearTimeout(this.resting);
    if (!carried) return;
    if (!(await this.carriedTo(carried))) this.host.listCorners(true);
    this.paper.preview([]);
  }

  /** @param {KeyboardEvent} event @param {number} number @returns {boolean} whether the key moved the vertex */
  arrow(event, number) {
    const way = ARROWS[event.key];
    if (!way || number < 0) return false;
    const by = event.shiftKey ? FINE_M : STEP_M;
    this.nudge(number, way[0] * by, way[1] * by);
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.tool === "vertices" && this.arrow(event, this.picked)) return;
    const center = this.map.getCenter();
    const middle = /** @type {Point} */ ([center.lng, center.lat]);
    /** @type {Record<string, () => unknown>} */
    const keys = {
      " ": () => this.sketches() && this.add(this.taken(middle)),
      Enter: () => this.finish(),
      Escape: () => this.clear(),
      Backspace: () => this.back(),
      Delete: () => this.picked >= 0 && this.dropVertex(this.picked),
      ...this.keys(event, middle),
    };
    if (event.key === "Tab" && this.tool === "vertices") return this.nextVertex(event);
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  /** Tab goes from vertex to vertex and, past the last, on through the page. @param {KeyboardEvent} event */
  nextVertex(event) {
    const next = this.picked + (event.shiftKey ? -1 : 1);
    if (next < 0 || next >= this.vertices().length) return this.pick(-1);
    event.preventDefault();
    this.pick(next);
  }
}
