/** The vertices of a shape as a table: each is moved by arrow keys or by typing its coordinates, put in and taken out by a button. */
import { make } from "../lib/dom.js";
import { say } from "../lib/words.js";
import { same } from "./geometry.js";
import { readPoints, Unreadable } from "./reading.js";

/** @typedef {import("./geometry.js").Point} Point */
/** @typedef {import("./hand.js").Hand} Hand */
/** @typedef {{vertices: () => Point[], hand: () => Hand | undefined, mayEdit: () => boolean, moved: (number: number, from: Point, to: Point) => Promise<unknown> | unknown,
 *   removed: (number: number) => unknown, refused: (error: unknown) => unknown}} Ways  `moved` answers something falsy where it was refused */

const LISTED = 200;
const UNTOUCHED = 5.1e-9;

export class CornerTable {
  listed = "";

  /** @param {HTMLElement} table @param {HTMLElement} more shown where there are more than are listed @param {Ways} ways */
  constructor(table, more, ways) {
    this.table = table;
    this.more = more;
    this.ways = ways;
    table.addEventListener("keydown", (event) => this.key(event));
    table.addEventListener("focusin", (event) => this.focus(event));
    table.addEventListener("change", (event) => this.change(event));
  }

  /** What somebody is typing stays as long as the corners are the same. @param {string} of which shape @param {boolean} [anew] */
  list(of, anew = false) {
    const corners = this.ways.vertices();
    const told = JSON.stringify([of, corners]);
    if (told === this.listed && !anew) return;
    this.listed = told;
    const held = document.activeElement instanceof HTMLElement && this.table.contains(document.activeElement) ? document.activeElement.dataset.at : undefined;
    this.table.replaceChildren(...corners.slice(0, LISTED).map((at, n) => this.row(at, n)));
    if (held) /** @type {HTMLElement | null} */ (this.table.querySelector(`[data-at="${held}"]`))?.focus();
    this.more.hidden = corners.length <= LISTED;
  }

  /** @param {Point} at @param {number} n */
  row(at, n) {
    const row = make("tr", "");
    const may = this.ways.mayEdit();
    const grip = make("button", "btn btn--small editor__grip", String(n + 1));
    grip.type = "button";
    grip.dataset.at = `grip-${n}`;
    grip.dataset.number = String(n);
    grip.setAttribute("aria-label", say("editor.corner", { n: n + 1 }));
    grip.disabled = !may;
    row.append(make("td", "", grip));
    for (const [part, word] of /** @type {const} */ ([[0, "editor.lon"], [1, "editor.lat"]])) {
      const input = make("input", "editor__degrees");
      Object.assign(input, { type: "text", inputMode: "decimal", value: at[part].toFixed(8), disabled: !may });
      input.dataset.at = `${part}-${n}`;
      input.dataset.number = String(n);
      input.setAttribute("aria-label", say(word, { n: n + 1 }));
      row.append(make("td", "", input));
    }
    const acts = make("td", "editor__acts");
    for (const [act, sign, word] of [["corner-add", "+", "editor.corner_add"], ["corner-delete", "×", "editor.corner_delete"]]) {
      const button = make("button", "btn btn--small", sign ?? "");
      Object.assign(button, { type: "button", value: String(n), disabled: !may });
      button.dataset.act = act;
      button.dataset.at = `${act}-${n}`;
      button.setAttribute("aria-label", say(word ?? "", { n: n + 1 }));
      acts.append(button);
    }
    row.append(acts);
    return row;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const grip = event.target instanceof HTMLElement && event.target.classList.contains("editor__grip") ? event.target : null;
    if (!grip) return;
    const number = Number(grip.dataset.number);
    if (this.ways.hand()?.arrow(event, number)) return;
    if (event.key === "Delete") this.ways.removed(number);
  }

  /** @param {FocusEvent} event */
  focus(event) {
    const number = event.target instanceof HTMLElement ? event.target.dataset.number : undefined;
    const hand = this.ways.hand();
    if (number === undefined || !hand || !this.ways.mayEdit()) return;
    if (hand.tool !== "vertices") hand.use("vertices");
    hand.pick(Number(number));
  }

  /** A coordinate was typed: the vertex goes there. @param {Event} event */
  async change(event) {
    const input = event.target instanceof HTMLInputElement ? event.target : null;
    const number = Number(input?.dataset.number);
    const from = this.ways.vertices()[number];
    const row = input?.closest("tr");
    if (!input || !from || !row) return;
    const typed = [...row.querySelectorAll("input")].map((one) => one.value).join(" ");
    try {
      const [to] = readPoints(typed);
      input.removeAttribute("aria-invalid");
      if (!to || same(from, to)) return;
      const exact = /** @type {Point} */ (to.map((value, part) => (Math.abs(value - (from[part] ?? 0)) < UNTOUCHED ? from[part] : value)));
      if (!same(from, exact) && !(await this.ways.moved(number, from, exact))) input.setAttribute("aria-invalid", "true");
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      input.setAttribute("aria-invalid", "true");
      this.ways.refused(error);
    }
  }

  /** What the arrows have made of a vertex, before it is done. @param {number} number @param {Point} at */
  typed(number, at) {
    for (const part of [0, 1]) {
      const input = this.table.querySelector(`[data-at="${part}-${number}"]`);
      if (input instanceof HTMLInputElement) input.value = (at[part] ?? 0).toFixed(8);
    }
  }

  /** @param {number} number -1 of none */
  mark(number) {
    for (const one of this.table.querySelectorAll("tr")) one.classList.remove("is-selected");
    if (number >= 0) this.table.querySelectorAll("tr")[number]?.classList.add("is-selected");
  }
}
