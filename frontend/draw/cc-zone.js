/**
 * <cc-zone>: an area drawn on a picture. The form's text field stays the truth, a corner a line in percent of the picture's
 * sides; what is drawn is written into it, what is typed there is drawn. Every corner is a button that the arrow keys move.
 */
import { make } from "../lib/dom.js";
import { say } from "../lib/words.js";
import { cornersOf, middleOf, nearestEdge, textOf, withCorner, withoutCorner } from "./picture.js";

/** @typedef {import("./picture.js").Corner} Corner */
const STEP = 1;
const FINE = 0.2;
/** @type {Record<string, Corner>} */
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

class ZoneElement extends HTMLElement {
  /** @type {HTMLTextAreaElement | undefined} */
  field;
  /** @type {HTMLElement | undefined} */
  stage;
  /** @type {Corner[]} */
  corners = [];
  /** the corner that a pointer carries */
  carried = -1;

  connectedCallback() {
    const field = document.querySelector(this.dataset.input ?? "");
    const stage = this.querySelector(".zoner__stage");
    if (!(field instanceof HTMLTextAreaElement) || !(stage instanceof HTMLElement) || this.field) return;
    [this.field, this.stage] = [field, stage];
    field.addEventListener("input", () => this.read());
    stage.addEventListener("pointerdown", (event) => this.press(event));
    stage.addEventListener("pointermove", (event) => this.carry(event));
    stage.addEventListener("pointerup", () => (this.carried = -1));
    stage.addEventListener("pointercancel", () => (this.carried = -1));
    stage.addEventListener("keydown", (event) => this.key(event));
    this.read();
    this.dataset.ready = "";
  }

  /** @param {PointerEvent} event @returns {Corner} */
  point(event) {
    const box = /** @type {HTMLElement} */ (this.stage).getBoundingClientRect();
    return [(100 * (event.clientX - box.left)) / box.width, (100 * (event.clientY - box.top)) / box.height];
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (!event.isPrimary || event.button !== 0) return;
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const place = Number(button?.value ?? -1);
    if (!button) {
      event.preventDefault();
      const at = this.point(event);
      this.become(withCorner(this.corners, nearestEdge(this.corners, at), at));
      return;
    }
    this.carried = button.dataset.between === undefined ? place : this.insert(place);
    this.stage?.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  carry(event) {
    if (this.carried < 0) return;
    const at = this.point(event);
    this.become(this.corners.map((corner, place) => (place === this.carried ? at : corner)), this.carried);
  }

  /** @param {number} place @returns {number} the new corner behind that one */
  insert(place) {
    this.become(withCorner(this.corners, place + 1, middleOf(this.corners, place)), place + 1);
    return place + 1;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    const place = Number(button.value);
    const way = ARROWS[event.key];
    if (button.dataset.between !== undefined) {
      if (event.key !== "Enter" && event.key !== " ") return;
      this.insert(place);
    } else if (way) {
      const step = event.shiftKey ? FINE : STEP;
      const [x, y] = /** @type {Corner} */ (this.corners[place]);
      this.become(this.corners.map((corner, n) => (n === place ? [x + way[0] * step, y + way[1] * step] : corner)), place);
    } else if (event.key === "Delete" || event.key === "Backspace") this.drop(place);
    else return;
    event.preventDefault();
  }

  /** @param {number} place */
  drop(place) {
    if (this.corners.length <= 3) {
      this.tell("zone.few");
      return;
    }
    this.become(withoutCorner(this.corners, place), Math.max(0, place - 1));
    this.tell("zone.removed", { n: place + 1 });
  }

  /** @param {Corner[]} corners @param {number} [chosen] */
  become(corners, chosen = -1) {
    if (!this.field) return;
    this.field.value = textOf(corners);
    this.read();
    const corner = this.corners[chosen];
    if (!corner) return;
    this.querySelector(`button[value="${chosen}"]:not([data-between])`)?.dispatchEvent(new CustomEvent("chosen"));
    this.tell("zone.moved", { n: chosen + 1, x: corner[0], y: corner[1] });
  }

  /** What is typed is drawn; what cannot be read leaves the drawing as it was. */
  read() {
    const found = cornersOf(this.field?.value ?? "");
    if (!found) return;
    this.corners = found;
    this.querySelector(".zoner__zone")?.setAttribute("points", found.map((corner) => corner.join(",")).join(" "));
    this.handles();
  }

  /** The buttons of corners and of the middles between them; those that stay keep their focus. */
  handles() {
    const { stage, corners } = this;
    if (!stage) return;
    const count = corners.length;
    const wanted = corners.map((corner, place) => ({ corner, place, between: false }));
    const middles = count > 2 ? corners.map((_, place) => ({ corner: middleOf(corners, place), place, between: true })) : [];
    const there = [...stage.querySelectorAll("button")];
    for (const [number, { corner, place, between }] of [...wanted, ...middles].entries()) {
      const button = there[number] ?? this.handle(stage);
      button.value = String(place);
      button.className = between ? "zoner__between" : "zoner__corner";
      if (between) button.dataset.between = "";
      else delete button.dataset.between;
      const told = between ? say("zone.between", { n: place + 1, m: ((place + 1) % count) + 1 }) : say("zone.corner", { n: place + 1, x: corner[0], y: corner[1] });
      button.setAttribute("aria-label", told);
      button.style.left = `${corner[0]}%`;
      button.style.top = `${corner[1]}%`;
    }
    for (const left of there.slice(wanted.length + middles.length)) left.remove();
  }

  /** @param {HTMLElement} stage @returns {HTMLButtonElement} */
  handle(stage) {
    const button = make("button", "");
    button.type = "button";
    button.addEventListener("chosen", () => button.focus({ preventScroll: true }));
    stage.append(button);
    return button;
  }

  /** @param {string} key @param {Record<string, string | number>} [values] */
  tell(key, values) {
    const status = this.querySelector(".zoner__status");
    if (status) status.textContent = say(key, values);
  }
}

customElements.define("cc-zone", ZoneElement);
