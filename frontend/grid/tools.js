/** The tools of the grid editor: what pointer and keys mean on the map. Each ends in an edit that the element sends. */
import { inside, moved, ringsOf, rounded, same, shifted, snap } from "./geometry.js";

/** @typedef {import("./geometry.js").Point} Point */
/** @typedef {import("./cc-grid-editor.js").GridEditor} Editor */
/** @typedef {import("maplibre-gl").MapMouseEvent | import("maplibre-gl").MapTouchEvent} Touch */
/** @typedef {"select" | "draw" | "vertices" | "split"} Tool */

const REACH_PX = 9;
const STEP_M = 1;
const FINE_M = 0.1;
const STILL_MS = 700;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export class Tools {
  /** @type {Tool} */
  tool = "select";
  /** @type {Point[]} */
  points = [];
  picked = -1;
  /** @type {{from: Point, to: Point, edge?: [Point, Point]} | null} */
  carried = null;
  /** @type {{from: Point, to: Point} | undefined} */
  nudged;

  /** @param {Editor} editor @param {import("maplibre-gl").Map} map */
  constructor(editor, map) {
    this.editor = editor;
    this.map = map;
    map.doubleClickZoom.disable();
    map.on("click", (event) => this.click(event));
    map.on("dblclick", () => this.finish());
    map.on("mousemove", (event) => this.move(event));
    map.on("mousedown", (event) => this.grab(event));
    map.on("touchstart", (event) => this.grab(event));
    map.on("touchmove", (event) => this.move(event));
    map.on("mouseup", () => this.drop());
    map.on("touchend", () => this.drop());
    map.getCanvas().addEventListener("keydown", (event) => this.key(event), { capture: true });
  }

  /** @param {Tool} tool */
  use(tool) {
    this.points = [];
    this.pick(-1);
    this.tool = tool;
    this.sketch();
    this.map.getCanvas().style.cursor = tool === "draw" || tool === "split" ? "crosshair" : "";
    this.editor.toolChanged();
  }

  /** The point as it would be taken: drawn to a vertex or an edge of what is there. @param {Point} at @param {(ring: Point[]) => boolean} [but] */
  taken(at, but) {
    const { snapping, reach } = this.editor.snapping();
    if (!snapping) return rounded(at);
    const metresPerPixel = (40_075_016 * Math.cos((at[1] * Math.PI) / 180)) / (512 * 2 ** this.map.getZoom());
    const shapes = [...this.editor.session.cells.values(), ...this.editor.communities];
    const rings = shapes.flatMap((one) => ringsOf(one.geometry));
    const found = snap(at, but ? rings.filter((ring) => !but(ring)) : rings, Math.max(reach, REACH_PX * metresPerPixel));
    this.editor.snappedOn(found.on);
    return found.at;
  }

  /** @param {Touch} event */
  click(event) {
    const at = /** @type {Point} */ ([event.lngLat.lng, event.lngLat.lat]);
    const fault = this.faultAt(event.point);
    if (this.tool === "draw" || this.tool === "split") this.add(this.taken(at));
    else if (this.tool === "select" && fault) this.editor.showProblem(fault);
    else if (this.tool === "select" || !this.cornerAt(event.point)) this.editor.choose(this.cellAt(event.point), event.originalEvent.shiftKey);
  }

  /** @param {{x: number, y: number}} at @param {string} layer */
  at(at, layer) {
    const box = /** @type {any} */ ([[at.x - REACH_PX, at.y - REACH_PX], [at.x + REACH_PX, at.y + REACH_PX]]);
    return this.map.queryRenderedFeatures(layer === "drafted-fill" ? [at.x, at.y] : box, { layers: [layer] });
  }

  /** @param {{x: number, y: number}} at */
  cellAt(at) {
    return String(this.at(at, "drafted-fill")[0]?.properties.code ?? "");
  }

  /** @param {{x: number, y: number}} at */
  faultAt(at) {
    return String(this.at(at, "fault-marks")[0]?.properties.id ?? "");
  }

  /** @param {{x: number, y: number}} at */
  cornerAt(at) {
    const found = this.at(at, "corners");
    return found.find((one) => one.properties.kind !== "middle") ?? found[0];
  }

  /** @param {Point} at */
  add(at) {
    const last = this.points.at(-1);
    if (last && same(last, at)) return;
    if (this.tool === "draw" && this.points.length > 2 && same(/** @type {Point} */ (this.points[0]), at)) return void this.finish();
    this.points.push(at);
    this.editor.pointsChanged(this.points.length);
    this.sketch();
  }

  /** @param {Point} [cursor] */
  sketch(cursor) {
    this.editor.ground?.sketch(cursor ? [...this.points, cursor] : this.points, this.tool === "draw");
  }

  /** What was sketched is sent; it stays until the server has taken it. */
  async finish() {
    const points = this.points;
    if (this.tool === "draw" && points.length >= 3) {
      const ring = [...points, /** @type {Point} */ (points[0])];
      if (await this.editor.draw({ type: "Polygon", coordinates: [ring] })) this.clear();
    } else if (this.tool === "split" && points.length >= 2) {
      if (await this.editor.split(points)) this.clear();
    }
  }

  clear() {
    this.points = [];
    this.sketch();
    this.editor.pointsChanged(0);
  }

  /** @param {Touch} event */
  grab(event) {
    if (this.tool !== "vertices" || this.editor.session.waiting) return;
    const corner = this.cornerAt(event.point);
    if (!corner) return;
    event.preventDefault();
    const from = JSON.parse(corner.properties.from);
    if (corner.properties.kind === "middle") {
      const [a, b] = /** @type {[Point, Point]} */ (from);
      this.carried = { from: rounded([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]), to: rounded([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]), edge: [a, b] };
    } else {
      this.pick(Number(corner.properties.number));
      this.carried = { from, to: from };
    }
  }

  /** @param {Touch} event */
  move(event) {
    const at = /** @type {Point} */ ([event.lngLat.lng, event.lngLat.lat]);
    this.editor.pointer(at);
    if (this.carried) {
      const { from } = this.carried;
      this.carried.to = this.taken(at, (ring) => ring.some((point) => same(point, from)));
      this.show(this.carried);
    } else if ((this.tool === "draw" || this.tool === "split") && this.points.length) this.sketch(this.taken(at));
    else this.editor.ground?.hover(this.tool === "select" ? this.cellAt(event.point) : "");
  }

  /** How the cells would lie, before they do. @param {NonNullable<Tools["carried"]>} carried */
  show(carried) {
    const shapes = [];
    for (const cell of this.editor.session.cells.values()) {
      const made = carried.edge ? inserted(cell.geometry, carried.edge, carried.to) : moved(cell.geometry, carried.from, carried.to);
      if (made) shapes.push(made);
    }
    this.editor.ground?.preview(shapes);
  }

  async drop() {
    const carried = this.carried;
    this.carried = null;
    if (!carried) return;
    if (!same(carried.from, carried.to) || carried.edge) await this.editor.moveVertex(carried);
    this.editor.ground?.preview([]);
  }

  /** The vertices of the one chosen cell. @returns {Point[]} */
  vertices() {
    return ringsOf(this.editor.only()?.geometry).flatMap((ring) => ring.slice(0, -1));
  }

  /** @param {number} number -1 of none */
  pick(number) {
    const corners = this.vertices();
    this.picked = number >= 0 && number < corners.length && this.tool === "vertices" ? number : -1;
    if (this.picked >= 0) this.map.keyboard.disable();
    else this.map.keyboard.enable();
    this.editor.ground?.corners(this.tool === "vertices" ? this.editor.only() : undefined, this.picked);
    this.editor.picked(this.picked, corners[this.picked]);
  }

  /** By metres; sent when the hand has rested. @param {number} number @param {number} east @param {number} north */
  nudge(number, east, north) {
    const from = this.vertices()[number];
    if (!from || this.editor.session.waiting) return;
    this.nudged = this.nudged && same(this.nudged.from, from) ? this.nudged : { from, to: from };
    this.nudged.to = shifted(this.nudged.to, east, north);
    this.show(this.nudged);
    this.editor.typed(number, this.nudged.to);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.settle(), STILL_MS);
  }

  async settle() {
    const carried = this.nudged;
    this.nudged = undefined;
    clearTimeout(this.resting);
    if (!carried) return;
    if (!(await this.editor.moveVertex(carried))) this.editor.listCorners(true);
    this.editor.ground?.preview([]);
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
    const middle = this.map.getCenter();
    const at = /** @type {Point} */ ([middle.lng, middle.lat]);
    /** @type {Record<string, () => void>} */
    const keys = {
      Escape: () => (this.points.length ? this.clear() : this.tool === "select" ? this.editor.choose("", false) : this.use("select")),
      Enter: () => (this.points.length ? void this.finish() : this.editor.choose(this.cellAt(this.map.project(middle)), event.shiftKey)),
      " ": () => (this.tool === "draw" || this.tool === "split") && this.add(this.taken(at)),
      Backspace: () => (this.points.pop(), this.sketch(), this.editor.pointsChanged(this.points.length)),
      Delete: () => (this.picked >= 0 ? void this.editor.deleteVertex(/** @type {Point} */ (this.vertices()[this.picked])) : this.editor.ask("delete")),
      v: () => this.use("select"), d: () => this.use("draw"), e: () => this.use("vertices"), s: () => this.use("split"),
      m: () => this.editor.merge(),
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

  /** @param {Point} at @param {GeoJSON.Feature[]} communities @returns {string} the community that the point lies in */
  static communityAt(at, communities) {
    const found = communities.find((one) => inside(at, ringsOf(one.geometry)));
    return String(found?.properties?.code ?? "");
  }
}

/** @param {GeoJSON.Polygon} shape @param {[Point, Point]} edge @param {Point} at @returns {GeoJSON.Polygon | null} */
function inserted(shape, edge, at) {
  let touched = false;
  const coordinates = shape.coordinates.map((ring) =>
    ring.flatMap((point, n) => {
      const [a, b] = [/** @type {Point} */ (ring[n - 1]), /** @type {Point} */ (point)];
      const is = n > 0 && ((same(a, edge[0]) && same(b, edge[1])) || (same(a, edge[1]) && same(b, edge[0])));
      touched ||= is;
      return is ? [at, point] : [point];
    }),
  );
  return touched ? { type: "Polygon", coordinates } : null;
}
