/**
 * <field-map>: the kept map on a canvas, without a network and without WebGL. One finger moves it, two fingers or the
 * buttons zoom it, a tap chooses the place (so does Enter at its middle); arrow keys move it. Fires `field-map:pick`.
 */
import { make } from "../lib/dom.js";
import { pick, say } from "./words.js";

/** @typedef {import("./ground.js").Ground} Ground */

const TAP_PX = 8;
const METRES_A_DEGREE = 111_320;
const [NEAREST, FARTHEST] = [0.2, 400];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

class FieldMap extends HTMLElement {
  /** @type {Ground | null} */
  ground = null;
  /** @type {[number, number]} */
  middle = [0, 0];
  /** Metres of a pixel. */
  scale = 2;
  /** @type {[number, number] | null} */
  chosen = null;
  /** Where the phone is, and how surely. @type {{at: [number, number], accuracy: number} | null} */
  here = null;
  /** @type {Map<number, [number, number]>} */
  fingers = new Map();
  travelled = 0;

  connectedCallback() {
    if (this.canvas) return;
    const canvas = make("canvas", "fmap__canvas");
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", say("map.label"));
    this.canvas = canvas;
    const zoom = (/** @type {string} */ sign, /** @type {string} */ name, /** @type {number} */ by) => {
      const button = make("button", "fmap__button", sign);
      button.type = "button";
      button.setAttribute("aria-label", say(name));
      button.addEventListener("click", () => this.zoom(by));
      return button;
    };
    this.append(canvas, make("div", "fmap__buttons", zoom("+", "map.in", 0.6), zoom("−", "map.out", 1 / 0.6)));
    this.listen(canvas);
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(canvas);
  }

  disconnectedCallback() {
    this.watch?.disconnect();
  }

  /** @param {HTMLCanvasElement} canvas */
  listen(canvas) {
    const at = (/** @type {PointerEvent} */ event) => /** @type {[number, number]} */ ([event.offsetX, event.offsetY]);
    canvas.addEventListener("pointerdown", (event) => {
      if (!this.fingers.size) this.travelled = 0;
      this.fingers.set(event.pointerId, at(event));
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      const before = this.fingers.get(event.pointerId);
      if (before) this.drag(event.pointerId, before, at(event));
    });
    canvas.addEventListener("pointerup", (event) => {
      const alone = this.fingers.size === 1 && this.fingers.delete(event.pointerId);
      if (alone && this.travelled < TAP_PX) this.choose(this.placeOf(at(event)));
      this.fingers.delete(event.pointerId);
    });
    canvas.addEventListener("pointercancel", (event) => this.fingers.delete(event.pointerId));
    canvas.addEventListener("keydown", (event) => this.press(event));
  }

  /** @param {number} finger @param {[number, number]} before @param {[number, number]} now */
  drag(finger, before, now) {
    const other = [...this.fingers].find(([id]) => id !== finger)?.[1];
    this.fingers.set(finger, now);
    this.travelled += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (other) {
      const wide = (/** @type {[number, number]} */ point) => Math.max(10, Math.hypot(point[0] - other[0], point[1] - other[1]));
      this.zoom(wide(before) / wide(now));
      return;
    }
    this.move(before[0] - now[0], now[1] - before[1]);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const way = ARROWS[/** @type {keyof typeof ARROWS} */ (event.key)];
    if (way) this.move((way[0] ?? 0) * 40, (way[1] ?? 0) * 40);
    else if (event.key === "+" || event.key === "=") this.zoom(0.6);
    else if (event.key === "-") this.zoom(1 / 0.6);
    else if (event.key === "Enter") this.choose(this.middle);
    else return;
    event.preventDefault();
  }

  /** Pixels to the right and up. @param {number} x @param {number} y */
  move(x, y) {
    const [lon, lat] = this.degrees();
    this.middle = [this.middle[0] + x * lon, this.middle[1] + y * lat];
    this.draw();
  }

  /** @param {number} by */
  zoom(by) {
    this.scale = Math.min(FARTHEST, Math.max(NEAREST, this.scale * by));
    this.draw();
  }

  /** Of a pixel, eastward and northward. @returns {[number, number]} */
  degrees() {
    const lat = this.scale / METRES_A_DEGREE;
    return [lat / Math.cos((this.middle[1] * Math.PI) / 180), lat];
  }

  /** @param {[number, number]} point of the canvas @returns {[number, number]} lon, lat */
  placeOf([x, y]) {
    const [lon, lat] = this.degrees();
    const { clientWidth: wide, clientHeight: high } = this.canvas ?? { clientWidth: 0, clientHeight: 0 };
    return [this.middle[0] + (x - wide / 2) * lon, this.middle[1] - (y - high / 2) * lat];
  }

  /** @param {[number, number]} place */
  choose(place) {
    this.chosen = place;
    this.draw();
    this.dispatchEvent(new CustomEvent("field-map:pick", { detail: place }));
  }

  /** @param {Ground | null} ground @param {[number, number] | null} [middle] */
  show(ground, middle) {
    this.ground = ground;
    if (middle) this.middle = middle;
    else if (ground) {
      const [west, south, east, north] = ground.box;
      this.middle = [(west + east) / 2, (south + north) / 2];
      this.scale = Math.min(FARTHEST, Math.max(1, ((north - south) * METRES_A_DEGREE) / 240));
    }
    this.draw();
  }

  draw() {
    const { canvas } = this;
    const paper = canvas?.getContext("2d");
    if (!canvas || !paper || !canvas.clientWidth) return;
    const ratio = Math.min(2, devicePixelRatio || 1);
    const [wide, high] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== Math.round(wide * ratio) || canvas.height !== Math.round(high * ratio)) {
      canvas.width = Math.round(wide * ratio);
      canvas.height = Math.round(high * ratio);
    }
    paper.setTransform(ratio, 0, 0, ratio, 0, 0);
    const look = getComputedStyle(this);
    const colour = (/** @type {string} */ name) => look.getPropertyValue(`--${name}`).trim();
    paper.fillStyle = colour("ground");
    paper.fillRect(0, 0, wide, high);
    if (this.ground) this.drawGround(paper, this.ground, colour);
    this.drawMarks(paper, colour);
  }

  /** @param {CanvasRenderingContext2D} paper @param {Ground} ground @param {(name: string) => string} colour */
  drawGround(paper, ground, colour) {
    const view = this.view();
    const seen = ground.cells.filter(({ box }) => box[0] < view[2] && box[2] > view[0] && box[1] < view[3] && box[3] > view[1]);
    const paint = (/** @type {Float64Array[]} */ rings, /** @type {string} */ fill, /** @type {string} */ line, wide = 1) => {
      paper.beginPath();
      for (const ring of rings) this.trace(paper, ring);
      if (fill) paper.fillStyle = fill;
      if (fill) paper.fill("evenodd");
      paper.strokeStyle = line;
      paper.lineWidth = wide;
      if (line) paper.stroke();
    };
    for (const cell of seen) paint(cell.rings, colour(ground.mine.has(cell.code) ? "accent-soft" : "land"), "");
    const flat = { sea: "sea", river: "sea", park: "park" };
    for (const one of ground.base) if (one.kind in flat) paint(one.rings, colour(flat[/** @type {keyof typeof flat} */ (one.kind)]), "");
    if (this.scale < 6) for (const cell of seen) paint(cell.rings, "", colour("line"));
    for (const one of ground.base) if (one.kind === "road") paint(one.rings, "", colour("road-edge"), this.scale < 4 ? 6 : 3);
    for (const one of ground.base) if (one.kind === "road") paint(one.rings, "", colour("road"), this.scale < 4 ? 4 : 1.5);
    for (const one of ground.regions) paint(one.rings, "", colour("boundary"), one.level === "district" ? 2 : one.level === "street" ? 1.5 : 0.75);
    this.drawNames(paper, ground, colour);
  }

  /** @param {CanvasRenderingContext2D} paper @param {Ground} ground @param {(name: string) => string} colour */
  drawNames(paper, ground, colour) {
    const level = this.scale > 25 ? "district" : this.scale > 6 ? "street" : "community";
    paper.font = `600 13px ${getComputedStyle(this).fontFamily}`;
    paper.textAlign = "center";
    paper.lineWidth = 3;
    paper.strokeStyle = colour("bg-1");
    paper.fillStyle = colour("text-md");
    for (const one of ground.regions) {
      if (one.level !== level) continue;
      const [x, y] = this.pixel(one.at[0], one.at[1]);
      paper.strokeText(pick(one.names), x, y);
      paper.fillText(pick(one.names), x, y);
    }
  }

  /** Where the phone is with how surely, and the place that was chosen. @param {CanvasRenderingContext2D} paper @param {(name: string) => string} colour */
  drawMarks(paper, colour) {
    const disc = (/** @type {[number, number]} */ [x, y], /** @type {number} */ radius, /** @type {string} */ fill, opacity = 1) => {
      paper.globalAlpha = opacity;
      paper.beginPath();
      paper.arc(x, y, radius, 0, 2 * Math.PI);
      paper.fillStyle = fill;
      paper.fill();
      paper.globalAlpha = 1;
    };
    if (this.here) {
      const spot = this.pixel(...this.here.at);
      disc(spot, this.here.accuracy / this.scale, colour("info"), 0.18);
      disc(spot, 8, colour("bg-1"));
      disc(spot, 6, colour("info"));
    }
    if (!this.chosen) return;
    const [x, y] = this.pixel(...this.chosen);
    paper.beginPath();
    paper.moveTo(x, y);
    paper.arc(x, y - 20, 11, 0.75 * Math.PI, 0.25 * Math.PI);
    paper.closePath();
    paper.fillStyle = colour("critical");
    paper.fill();
    disc([x, y - 20], 4, colour("bg-1"));
  }

  /** @returns {[number, number, number, number]} */
  view() {
    const { clientWidth: wide, clientHeight: high } = this.canvas ?? { clientWidth: 0, clientHeight: 0 };
    const [west, north] = this.placeOf([0, 0]);
    const [east, south] = this.placeOf([wide, high]);
    return [west, south, east, north];
  }

  /** @param {number} lon @param {number} lat @returns {[number, number]} */
  pixel(lon, lat) {
    const [wide, high] = this.degrees();
    const { clientWidth = 0, clientHeight = 0 } = this.canvas ?? {};
    return [clientWidth / 2 + (lon - this.middle[0]) / wide, clientHeight / 2 - (lat - this.middle[1]) / high];
  }

  /** @param {CanvasRenderingContext2D} paper @param {Float64Array} ring */
  trace(paper, ring) {
    for (let i = 0; i < ring.length; i += 2) {
      const [x, y] = this.pixel(ring[i] ?? 0, ring[i + 1] ?? 0);
      if (i) paper.lineTo(x, y);
      else paper.moveTo(x, y);
    }
  }
}

customElements.define("field-map", FieldMap);
export { FieldMap };
