/**
 * <cc-annotate>: arrows, boxes, circles and words are drawn on a picture, by pointer, finger or keys. What was drawn waits in the form
 * until it is saved; without scripts the form takes one mark in figures. Every mark is in shares of the picture's sides.
 */
import { make } from "../lib/dom.js";
import { say } from "../lib/words.js";
import { pathOf, rounded } from "./marks.js";

/** @typedef {import("./marks.js").Mark} Mark */
/** @typedef {import("./marks.js").Point} Point */
const SVG = "http://www.w3.org/2000/svg";
const STEP = 0.02;
const FINE = 0.005;
const LEAST = 0.005;
/** @type {Record<string, Point>} */
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

class AnnotateElement extends HTMLElement {
  /** @type {HTMLElement | undefined} */
  stage;
  /** @type {SVGSVGElement | undefined} */
  svg;
  /** @type {HTMLFormElement | undefined} */
  form;
  /** @type {SVGGElement | undefined} */
  fresh;
  /** @type {Mark[]} */
  marks = [];
  /** @type {Point | undefined} */
  from;
  /** @type {Point} */
  at = [0.5, 0.5];

  connectedCallback() {
    const stage = this.querySelector(".annotate__stage");
    const svg = this.querySelector("svg");
    const form = this.querySelector("form");
    if (!(stage instanceof HTMLElement) || !svg || !form || this.stage) return;
    [this.stage, this.svg, this.form] = [stage, svg, form];
    this.fresh = svg.appendChild(document.createElementNS(SVG, "g"));
    stage.tabIndex = 0;
    stage.setAttribute("role", "application");
    stage.setAttribute("aria-label", say("marks.stage"));
    stage.setAttribute("aria-describedby", "annotate_how");
    stage.addEventListener("pointerdown", (event) => this.begin(event));
    stage.addEventListener("pointermove", (event) => this.follow(event));
    stage.addEventListener("pointerup", (event) => this.end(event));
    stage.addEventListener("pointercancel", () => this.anew());
    stage.addEventListener("keydown", (event) => this.key(event));
    stage.addEventListener("blur", () => this.show());
    form.addEventListener("submit", () => this.carry());
  }

  get kind() {
    return String(new FormData(this.form).get("kind") ?? "arrow");
  }

  get words() {
    const field = this.form?.elements.namedItem("text");
    return field instanceof HTMLInputElement ? field : undefined;
  }

  /** @param {PointerEvent} event @returns {Point} */
  point(event) {
    const box = /** @type {HTMLElement} */ (this.stage).getBoundingClientRect();
    return [rounded((event.clientX - box.left) / box.width), rounded((event.clientY - box.top) / box.height)];
  }

  /** @param {PointerEvent} event */
  begin(event) {
    if (!event.isPrimary || event.button !== 0) return;
    event.preventDefault();
    this.stage?.focus({ preventScroll: true });
    this.stage?.setPointerCapture(event.pointerId);
    this.from = this.at = this.point(event);
    this.show();
  }

  /** @param {PointerEvent} event */
  follow(event) {
    if (!this.from || !this.stage?.hasPointerCapture(event.pointerId)) return;
    this.at = this.point(event);
    this.show();
  }

  /** @param {PointerEvent} event */
  end(event) {
    if (!this.from || !this.stage?.hasPointerCapture(event.pointerId)) return;
    this.at = this.point(event);
    this.finish();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const way = ARROWS[event.key];
    if (way) {
      const step = event.shiftKey ? FINE : STEP;
      this.at = [rounded(this.at[0] + way[0] * step), rounded(this.at[1] + way[1] * step)];
      this.tell("marks.at", { x: Math.round(this.at[0] * 100), y: Math.round(this.at[1] * 100) });
      this.show();
    } else if (event.key === "Enter" || event.key === " ") {
      if (this.from || this.kind === "text") this.finish();
      else [this.from] = [this.at, this.tell("marks.begun")];
    } else if (event.key === "Escape") this.anew();
    else return;
    event.preventDefault();
  }

  anew() {
    this.from = undefined;
    this.show();
  }

  finish() {
    const [x1, y1] = this.from ?? this.at;
    const [x2, y2] = this.at;
    const text = this.words?.value.trim() ?? "";
    const { kind } = this;
    this.from = undefined;
    const wide = Math.abs(x2 - x1);
    const high = Math.abs(y2 - y1);
    if (kind === "text" && !text) {
      this.tell("marks.words_first");
      this.words?.focus();
    } else if (this.marks.length >= Number(this.dataset.most)) this.tell("marks.enough", { most: this.dataset.most ?? "" });
    else if (kind !== "text" && (kind === "arrow" ? Math.max(wide, high) : Math.min(wide, high)) < LEAST) this.tell("marks.too_small");
    else {
      this.marks.push({ kind, x1, y1, x2, y2, text });
      if (this.words) this.words.value = "";
      this.tell("marks.waiting", { n: this.marks.length });
    }
    this.show();
  }

  /** @param {string} key @param {Record<string, string | number>} [values] */
  tell(key, values) {
    const status = this.querySelector(".annotate__status");
    if (status) status.textContent = say(key, values);
  }

  /** What is sent is what waits. */
  carry() {
    const field = this.form?.elements.namedItem("marks");
    if (field instanceof HTMLInputElement) field.value = this.marks.length ? JSON.stringify(this.marks) : "";
  }

  show() {
    if (!this.fresh || !this.svg) return;
    const { width, height } = this.svg.viewBox.baseVal;
    /** @type {Mark[]} */
    const sketch = this.from ? [{ kind: this.kind, x1: this.from[0], y1: this.from[1], x2: this.at[0], y2: this.at[1], text: "" }] : [];
    const shapes = [...this.marks, ...sketch].flatMap((mark) => this.shapes(mark, width, height));
    if (document.activeElement === this.stage) shapes.push(this.shape("path", "mark__cross", { d: pathOf({ kind: "cross", x1: this.at[0], y1: this.at[1], x2: 0, y2: 0, text: "" }, width, height) }));
    this.fresh.replaceChildren(...shapes);
    this.list();
  }

  /** @param {Mark} mark @param {number} width @param {number} height */
  shapes(mark, width, height) {
    const d = pathOf(mark, width, height);
    const lines = d ? [this.shape("path", "mark__edge", { d }), this.shape("path", "mark mark--fresh", { d })] : [];
    if (!mark.text) return lines;
    const words = this.shape("text", "mark__words", { x: String(mark.x1 * width), y: String(mark.y1 * height) });
    words.textContent = mark.text;
    return [...lines, words];
  }

  /** @param {string} tag @param {string} name @param {Record<string, string>} given */
  shape(tag, name, given) {
    const made = document.createElementNS(SVG, tag);
    made.setAttribute("class", name);
    for (const [key, value] of Object.entries(given)) made.setAttribute(key, value);
    return made;
  }

  /** What waits, each of which can be taken away again. */
  list() {
    const list = this.querySelector(".annotate__list");
    if (!(list instanceof HTMLElement)) return;
    list.hidden = !this.marks.length;
    list.replaceChildren(
      ...this.marks.map((mark, place) => {
        const name = `${say(`marks.${mark.kind}`)}${mark.text ? ` ${mark.text}` : ""}`;
        const remove = make("button", "btn btn--small", "×");
        remove.type = "button";
        remove.setAttribute("aria-label", say("marks.remove", { name }));
        remove.addEventListener("click", () => {
          this.marks.splice(place, 1);
          this.tell("marks.waiting", { n: this.marks.length });
          this.show();
          this.stage?.focus();
        });
        return make("li", "row", name, remove);
      }),
    );
  }
}

customElements.define("cc-annotate", AnnotateElement);
