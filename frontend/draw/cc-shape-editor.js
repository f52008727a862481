/**
 * <cc-shape-editor>: a line or an area of a form, drawn on the map. The form's text field stays the truth: what is drawn
 * is written into it as WKT, what is typed there is drawn. Without WebGL the text and the table of points still work.
 */
import { choose } from "../lib/dom.js";
import { openMap } from "../map/engine.js";
import { pageData, say } from "../lib/words.js";
import { equip } from "../map/tools.js";
import { CornerTable } from "./corners.js";
import { Hand } from "./hand.js";
import { Paper } from "./paper.js";
import { Past } from "./past.js";
import { readShape, Unreadable, writeShape } from "./reading.js";
import { after, crossing, shapeOf, sizeOf, verticesOf, withInserted, withoutVertex, withVertex } from "./shape.js";
import { token } from "../map/style.js";

/** @typedef {import("./geometry.js").Point} Point */
/** @typedef {import("./hand.js").Carried} Carried */
/** @typedef {import("./shape.js").Shape} Shape */
/** @typedef {import("./shape.js").Kind} Kind */

const UNIT = 13;
const NEAR_ZOOM = 17;

class ShapePaper extends Paper {
  /** @override */
  beneath() {
    const { map } = this;
    for (const name of ["before", "drawn", "faults"]) this.source(name);
    map.addLayer({ id: "before-line", type: "line", source: "before", paint: { "line-color": token("off"), "line-width": 3, "line-opacity": 0.7 } });
    map.addLayer({ id: "drawn-fill", type: "fill", source: "drawn", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": token("accent"), "fill-opacity": 0.15 } });
    map.addLayer({ id: "drawn-line", type: "line", source: "drawn", paint: { "line-color": token("accent"), "line-width": 3 } });
    map.addLayer({ id: "faults", type: "circle", source: "faults", paint: { "circle-radius": 12, "circle-color": token("critical"), "circle-opacity": 0.2, "circle-stroke-color": token("critical"), "circle-stroke-width": 2.5 } });
  }

  /** @param {"before" | "drawn"} name @param {GeoJSON.Geometry | null} geometry */
  shape(name, geometry) {
    this.put(name, geometry ? [{ type: "Feature", geometry, properties: {} }] : []);
  }

  /** @param {Point | null} at where the shape crosses itself */
  fault(at) {
    this.put("faults", at ? [{ type: "Feature", geometry: { type: "Point", coordinates: at }, properties: {} }] : []);
  }
}

class ShapeHand extends Hand {
  /** @param {ShapeEditor} editor @param {import("maplibre-gl").Map} map @param {ShapePaper} paper */
  constructor(editor, map, paper) {
    super(editor, map, paper);
    this.editor = editor;
  }

  /** @override @returns {"" | "line" | "ring"} */
  sketches() {
    return this.tool === "draw" ? (this.editor.kind === "line" ? "line" : "ring") : "";
  }

  /** @override */
  cornered() {
    return this.editor.shape;
  }

  /** @override */
  vertices() {
    return verticesOf(this.editor.shape);
  }

  /** @override @param {Point[]} points */
  sketched(points) {
    return this.editor.become(shapeOf(this.editor.kind, points), "shape.drawn");
  }

  /** @param {Carried} carried @returns {Shape | null} */
  made({ to, number, edge }) {
    const { shape } = this.editor;
    return shape && (edge ? withInserted(shape, number, to) : withVertex(shape, number, to));
  }

  /** @override @param {Carried} carried */
  wouldBe(carried) {
    const made = this.made(carried);
    return made ? [made] : [];
  }

  /** @override @param {Carried} carried */
  carriedTo(carried) {
    return this.editor.become(this.made(carried), carried.edge ? "shape.inserted" : "shape.moved");
  }

  /** @override @param {number} number */
  dropVertex(number) {
    this.editor.dropVertex(number);
  }

  /** @override */
  keys() {
    return {
      Escape: () => (this.points.length ? this.clear() : this.pick(-1)),
      d: () => this.use("draw"), e: () => this.use("vertices"),
    };
  }
}

export class ShapeEditor extends HTMLElement {
  /** @type {Kind} */
  kind = "line";
  /** @type {Past<string>} */
  past = new Past("");
  /** @type {Shape | null} */
  shape = null;
  /** @type {ShapePaper | undefined} */
  paper;
  /** @type {ShapeHand | undefined} */
  hand;
  /** @type {CornerTable | undefined} */
  corners;

  connectedCallback() {
    if (this.started) return;
    this.started = true;
    this.kind = this.dataset.kind === "area" ? "area" : "line";
    this.field = /** @type {HTMLTextAreaElement} */ (document.querySelector(this.dataset.input ?? ""));
    this.corners = new CornerTable(this.piece("corners"), this.piece("corners-more"), {
      vertices: () => verticesOf(this.shape), hand: () => this.hand, mayEdit: () => true,
      moved: (number, _, to) => this.become(this.shape && withVertex(this.shape, number, to), "shape.moved"),
      removed: (number) => this.dropVertex(number), refused: (error) => this.refuse(error),
    });
    this.listen();
    this.past = new Past(this.field.value);
    this.read();
    this.open().catch((error) => {
      this.tell(say("map.none"));
      console.info("no map:", error);
    }).finally(() => (this.dataset.ready = ""));
  }

  /** @param {string} name @returns {HTMLElement} a part of the page's own markup */
  piece(name) {
    return /** @type {HTMLElement} */ (this.querySelector(`[data-part="${name}"]`) ?? document.createElement("div"));
  }

  listen() {
    this.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (button?.dataset.tool) this.hand?.use(button.dataset.tool);
      if (button?.dataset.act) this.act(button.dataset.act, Number(button.value));
    });
    this.addEventListener("keydown", (event) => this.key(event));
    this.field?.addEventListener("change", () => this.typedText());
    this.field?.form?.addEventListener("submit", () => (this.sent = true));
    addEventListener("beforeunload", (event) => this.past.gone.length && !this.sent && event.preventDefault());
  }

  async open() {
    const canvas = document.createElement("div");
    const host = this.piece("map");
    host.append(canvas);
    const { lon, lat } = this.dataset;
    const { map, facts } = await openMap(canvas, { unit: UNIT, ...(lon && lat ? { center: /** @type {Point} */ ([Number(lon), Number(lat)]), zoom: NEAR_ZOOM } : {}) });
    this.map = map;
    this.paper = new ShapePaper(map);
    this.paper.shape("before", pageData(this.dataset.before ?? "") ?? null);
    this.hand = new ShapeHand(this, map, this.paper);
    equip(map, facts, host, { plain: true });
    this.hand.use(this.shape ? "vertices" : "draw");
    this.show();
    if (this.shape) this.paper.goTo(this.shape);
  }

  /** Undo and redo by their usual keys, except while somebody types. @param {KeyboardEvent} event */
  key(event) {
    if (!(event.ctrlKey || event.metaKey) || (event.target instanceof Element && event.target.closest("input, textarea"))) return;
    const letter = event.key.toLowerCase();
    const act = letter === "z" ? (event.shiftKey ? "redo" : "undo") : letter === "y" ? "redo" : "";
    if (!act) return;
    event.preventDefault();
    this.act(act);
  }

  /** @param {string} name @param {number} [number] of a vertex */
  act(name, number = -1) {
    /** @type {Record<string, () => unknown>} */
    const acts = {
      undo: () => (this.hand?.points.length ? this.hand.back() : this.past.undo() && this.took("shape.undone")),
      redo: () => this.past.redo() && this.took("shape.redone"),
      finish: () => this.hand?.finish(),
      clear: () => this.hand?.clear(),
      "corner-add": () => this.addAfter(number),
      "corner-delete": () => this.dropVertex(number),
    };
    acts[name]?.();
  }

  /** The shape is another from now on. @param {Shape | null} made @param {string} done @returns {boolean} */
  become(made, done) {
    if (!made) return this.say(say(`shape.few.${this.kind}`)), false;
    const text = writeShape(made);
    this.past.step(text);
    this.took(done);
    if (this.hand?.tool === "draw") this.hand.use("vertices");
    this.tell(say(done));
    return true;
  }

  /** A step back or forth or a new one: the form says it too. @param {string} done */
  took(done) {
    if (this.field) this.field.value = this.past.now;
    choose(this.dataset.moves, "moved");
    this.read();
    this.tell(say(done));
  }

  /** Somebody typed or pasted into the form. */
  typedText() {
    const text = this.field?.value ?? "";
    if (text.trim() === this.past.now.trim()) return;
    this.past.step(text);
    choose(this.dataset.moves, "moved");
    this.read();
    if (this.shape) this.paper?.goTo(this.shape);
  }

  /** What the text says, as a shape; a text that cannot be read stays, with the reason. */
  read() {
    this.say("");
    try {
      this.shape = this.past.now.trim() ? readShape(this.past.now, this.kind) : null;
    } catch (error) {
      this.shape = null;
      this.refuse(error);
    }
    this.show();
  }

  /** @param {number} number */
  dropVertex(number) {
    this.become(this.shape && withoutVertex(this.shape, number), "shape.removed");
  }

  /** @param {number} number */
  addAfter(number) {
    const at = this.shape && after(this.shape, number);
    if (this.shape && at) this.become(withInserted(this.shape, number, at), "shape.inserted");
  }

  show() {
    const { metres, square } = sizeOf(this.shape);
    const fault = crossing(this.shape);
    const many = verticesOf(this.shape).length;
    this.paper?.shape("drawn", this.shape);
    this.paper?.fault(fault);
    this.hand?.pick(this.hand.picked);
    this.listCorners();
    this.piece("size").textContent = this.shape ? say(`shape.size.${this.kind}`, { n: many, metres: Math.round(metres), square: Math.round(square) }) : say("shape.none");
    if (fault) this.say(say("shape.crosses", { lon: fault[0].toFixed(6), lat: fault[1].toFixed(6) }));
    for (const [act, is] of /** @type {const} */ ([["undo", this.past.gone], ["redo", this.past.coming]])) {
      const button = this.querySelector(`[data-act=${act}]`);
      if (button instanceof HTMLButtonElement) button.disabled = is.length === 0 && !(act === "undo" && this.hand?.points.length);
    }
  }

  /** @param {unknown} error */
  refuse(error) {
    if (!(error instanceof Unreadable)) throw error;
    this.say(say(error.code, error.values));
  }

  /** A fault, seen and read out. @param {string} text */
  say(text) {
    const refusal = this.piece("refusal");
    refusal.textContent = text;
    refusal.hidden = !text;
  }

  /** What has just happened. @param {string} text */
  tell(text) {
    this.piece("told").textContent = text;
  }

  /* What the hand tells. */

  toolChanged() {
    const tool = this.hand?.tool ?? "";
    for (const button of this.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", String(button.getAttribute("data-tool") === tool));
    this.tell(say(tool === "draw" ? `shape.hint.draw.${this.kind}` : "shape.hint.vertices"));
    this.pointsChanged(0);
  }

  /** @param {number} many */
  pointsChanged(many) {
    this.piece("sketching").hidden = many === 0;
    this.piece("points").textContent = say("editor.points", { n: many });
    const undo = this.querySelector("[data-act=undo]");
    if (undo instanceof HTMLButtonElement) undo.disabled = many === 0 && this.past.gone.length === 0;
  }

  pointer() {}

  /** @param {number} number @param {Point | undefined} at */
  picked(number, at) {
    this.corners?.mark(at ? number : -1);
    if (at) this.tell(say("editor.picked", { n: number + 1 }));
  }

  /** @param {number} number @param {Point} at */
  typed(number, at) {
    this.corners?.typed(number, at);
  }

  /** @param {boolean} [anew] */
  listCorners(anew = false) {
    this.corners?.list(this.kind, anew);
  }
}

customElements.define("cc-shape-editor", ShapeEditor);
