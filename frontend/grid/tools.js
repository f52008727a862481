/** The tools of the grid editor: what the hand does there ends in an edit that the element sends. */
import { inside, moved, ringsOf, rounded, same, snap } from "../draw/geometry.js";
import { Hand, REACH_PX } from "../draw/hand.js";
import { verticesOf } from "../draw/shape.js";

/** @typedef {import("../draw/geometry.js").Point} Point */
/** @typedef {import("../draw/hand.js").Carried} Carried */
/** @typedef {import("../draw/hand.js").Touch} Touch */
/** @typedef {import("./cc-grid-editor.js").GridEditor} Editor */
/** @typedef {"select" | "draw" | "vertices" | "split"} Tool */

export class Tools extends Hand {
  /** @param {Editor} editor @param {import("maplibre-gl").Map} map @param {import("./ground.js").Ground} ground */
  constructor(editor, map, ground) {
    super(editor, map, ground);
    this.editor = editor;
  }

  /** @override */
  busy() {
    return this.editor.session.waiting !== null;
  }

  /** @override @returns {"" | "line" | "ring"} */
  sketches() {
    return this.tool === "draw" ? "ring" : this.tool === "split" ? "line" : "";
  }

  /** @override */
  cornered() {
    return this.editor.only()?.geometry;
  }

  /** @override */
  vertices() {
    return verticesOf(this.cornered());
  }

  /** The point as it would be taken: drawn to a vertex or an edge of what is there. @override @param {Point} at @param {Carried} [carried] */
  taken(at, carried) {
    const { snapping, reach } = this.editor.snapping();
    if (!snapping) return rounded(at);
    const metresPerPixel = (40_075_016 * Math.cos((at[1] * Math.PI) / 180)) / (512 * 2 ** this.map.getZoom());
    const shapes = [...this.editor.session.cells.values(), ...this.editor.communities];
    const rings = shapes.flatMap((one) => ringsOf(one.geometry));
    const others = carried ? rings.filter((ring) => !ring.some((point) => same(point, carried.from))) : rings;
    const found = snap(at, others, Math.max(reach, REACH_PX * metresPerPixel));
    this.editor.snappedOn(found.on);
    return found.at;
  }

  /** @override @param {Touch} event */
  clicked(event) {
    const fault = this.tool === "select" ? this.faultAt(event.point) : "";
    if (fault) this.editor.showProblem(fault);
    else if (this.tool === "select" || !this.cornerAt(event.point)) this.editor.choose(this.cellAt(event.point), event.originalEvent.shiftKey);
  }

  /** @override @param {Touch} event */
  passed(event) {
    this.editor.ground?.hover(this.tool === "select" ? this.cellAt(event.point) : "");
  }

  /** @param {{x: number, y: number}} at */
  cellAt(at) {
    return String(this.map.queryRenderedFeatures([at.x, at.y], { layers: ["drafted-fill"] })[0]?.properties.code ?? "");
  }

  /** @param {{x: number, y: number}} at */
  faultAt(at) {
    const box = /** @type {any} */ ([[at.x - REACH_PX, at.y - REACH_PX], [at.x + REACH_PX, at.y + REACH_PX]]);
    return String(this.map.queryRenderedFeatures(box, { layers: ["fault-marks"] })[0]?.properties.id ?? "");
  }

  /** @override @param {Point[]} points */
  sketched(points) {
    if (this.tool === "split") return this.editor.split(points);
    return this.editor.draw({ type: "Polygon", coordinates: [[...points, /** @type {Point} */ (points[0])]] });
  }

  /** How the cells would lie, before they do. @override @param {Carried} carried */
  wouldBe(carried) {
    const shapes = [];
    for (const cell of this.editor.session.cells.values()) {
      const made = carried.edge ? inserted(cell.geometry, carried.edge, carried.to) : moved(cell.geometry, carried.from, carried.to);
      if (made) shapes.push(made);
    }
    return shapes;
  }

  /** @override @param {Carried} carried */
  carriedTo(carried) {
    return this.editor.moveVertex(carried);
  }

  /** @override @param {number} number */
  dropVertex(number) {
    return this.editor.deleteVertex(number);
  }

  /** @override @param {KeyboardEvent} event @param {Point} middle */
  keys(event, middle) {
    return {
      Escape: () => (this.points.length ? this.clear() : this.tool === "select" ? this.editor.choose("", false) : this.use("select")),
      Enter: () => (this.points.length ? void this.finish() : this.editor.choose(this.cellAt(this.map.project(middle)), event.shiftKey)),
      Delete: () => (this.picked >= 0 ? void this.dropVertex(this.picked) : this.editor.ask("delete")),
      v: () => this.use("select"), d: () => this.use("draw"), e: () => this.use("vertices"), s: () => this.use("split"),
      m: () => this.editor.merge(),
    };
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
