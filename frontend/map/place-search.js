/** <cc-place-search>: a place by its name, its code or its coordinates; a combobox as ARIA describes it. */
import { make } from "../lib/dom.js";
import { pick, say } from "../lib/words.js";

/** @typedef {{kind: string, code: string, names: Record<string, string>, full_names: Record<string, string>, lon: number, lat: number}} Found */

const PAUSE_MS = 220;
const MOST = 8;
let serial = 0;

/** Two numbers are a place: longitude first, or the other way round where only that can be meant.
 * @param {string} text @returns {Found | undefined} */
export function placeTyped(text) {
  const told = text.match(/^\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/);
  if (!told) return undefined;
  let [lon, lat] = [Number(told[1]), Number(told[2])];
  if (Math.abs(lat) > 90 && Math.abs(lon) <= 90) [lon, lat] = [lat, lon];
  if (Math.abs(lon) > 180 || Math.abs(lat) > 90) return undefined;
  const name = `${lon}, ${lat}`;
  return { kind: "point", code: "", names: { zh: name, en: name }, full_names: {}, lon, lat };
}

export class PlaceSearch extends HTMLElement {
  /** @type {Found[]} */
  found = [];
  active = -1;

  connectedCallback() {
    if (this.input) return;
    const id = `place-search-${(serial += 1)}`;
    this.input = make("input", "placesearch__input");
    Object.assign(this.input, { id, type: "text", placeholder: say("map.search_hint"), autocomplete: "off", spellcheck: false, maxLength: 80 });
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": `${id}-list`, "aria-autocomplete": "list" })) {
      this.input.setAttribute(name, value);
    }
    const label = make("label", "visually-hidden", say("map.search"));
    label.htmlFor = id;
    this.list = make("ul", "placesearch__list");
    this.list.id = `${id}-list`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", say("map.search"));
    this.said = make("p", "placesearch__said");
    this.said.setAttribute("role", "status");
    this.append(label, this.input, this.list, this.said);
    this.input.addEventListener("input", () => this.soon());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.pressed(event));
  }

  soon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.ask(), PAUSE_MS);
  }

  async ask() {
    const words = this.input?.value.trim() ?? "";
    this.asking?.abort();
    if (!words) return this.show([]);
    const typed = placeTyped(words);
    if (typed) return this.show([typed]);
    this.asking = new AbortController();
    try {
      const answer = await fetch(`/api/search?limit=${MOST}&q=${encodeURIComponent(words)}`, {
        headers: { Accept: "application/json" }, credentials: "same-origin", signal: this.asking.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      this.show(await answer.json());
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      this.show([]);
      this.tell(say("map.search_failed"));
    }
  }

  /** @param {string} text */
  tell(text) {
    if (this.said) this.said.textContent = text;
  }

  /** @param {Found[]} found */
  show(found) {
    this.found = found;
    this.active = -1;
    this.list?.replaceChildren(...found.map((one, index) => this.option(one, index)));
    this.open(found.length > 0);
    const words = this.input?.value.trim();
    this.tell(words ? say(found.length ? "map.found" : "map.found_none", { n: found.length }) : "");
    this.said?.classList.toggle("visually-hidden", !words || found.length > 0);
  }

  /** @param {Found} one @param {number} index */
  option(one, index) {
    const name = pick(one.names) || one.code;
    const full = pick(one.full_names);
    const where = full && full !== name ? full : one.kind === "point" ? "" : one.code !== name ? one.code : "";
    const row = make("li", "placesearch__option", make("span", "placesearch__name", name), make("span", "placesearch__kind", say(`map.kind.${one.kind}`)));
    if (where) row.append(make("small", "placesearch__where", where));
    row.id = `${this.list?.id}-${index}`;
    row.dataset.index = String(index);
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    return row;
  }

  /** @param {boolean} shown */
  open(shown) {
    if (this.list) this.list.hidden = !shown;
    this.input?.setAttribute("aria-expanded", String(shown));
    if (!shown) this.input?.removeAttribute("aria-activedescendant");
  }

  close() {
    this.open(false);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const shown = this.list?.hidden === false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing) return;
    if (step && this.found.length) {
      event.preventDefault();
      this.open(true);
      this.move(this.active < 0 ? (step > 0 ? 0 : this.found.length - 1) : (this.active + step + this.found.length) % this.found.length);
    } else if (event.key === "Enter" && shown) {
      event.preventDefault();
      this.choose(Math.max(0, this.active));
    } else if (event.key === "Escape") {
      if (shown) this.close();
      else if (this.input) this.input.value = "";
    }
  }

  /** @param {number} index */
  move(index) {
    this.active = index;
    this.list?.querySelectorAll("[role=option]").forEach((row, place) => {
      row.setAttribute("aria-selected", String(place === index));
      if (place !== index) return;
      row.scrollIntoView({ block: "nearest" });
      this.input?.setAttribute("aria-activedescendant", row.id);
    });
  }

  /** @param {Event} event */
  pressed(event) {
    const row = event.target instanceof Element ? event.target.closest("[data-index]") : null;
    if (row instanceof HTMLElement) this.choose(Number(row.dataset.index));
  }

  /** @param {number} index */
  choose(index) {
    const one = this.found[index];
    if (!one || !this.input) return;
    this.input.value = pick(one.names) || one.code;
    this.close();
    this.dispatchEvent(new CustomEvent("place:choose", { bubbles: true, detail: one }));
  }
}

customElements.define("cc-place-search", PlaceSearch);
