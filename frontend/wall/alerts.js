/** <cc-alerts>: at most six cards, worst first; a new one enters once; the rest are counted by level. */
import { make, shape } from "../lib/dom.js";
import { LEVELS, levelOf, railOf } from "../lib/severity.js";
import { roughSpan } from "../lib/spans.js";
import { language, pick, say } from "../lib/words.js";
import { dueText } from "./texts.js";

/** @typedef {import("../live/fold.js").Case} Case */

/** @param {Case} one @param {any} facts @param {number} now */
function card(one, facts, now) {
  const level = levelOf(one, now);
  const button = make("button", `alert alert--${level}`);
  button.type = "button";
  button.dataset.number = one.number;
  const age = roughSpan((now - Date.parse(one.reported_at)) / 1000);
  const organisation = pick(facts.organisations[one.organisation]);
  const state = [say(`stage.${one.stage}`), organisation].filter(Boolean).join(" · ");
  button.append(
    make("span", "alert__what", shape(level), make("b", "", pick(facts.categories[one.category]) || say("unclassified")), make("span", "alert__age", age)),
    make("span", "alert__where", pick(one.place) || say("nowhere")),
    make("span", "alert__state", make("span", `tag tag--${level}`, dueText(one.due_at, now) || say(`level.${level}`)), make("span", "", state)),
    make("span", "alert__next", say(`next.${one.stage}`)),
  );
  return button;
}

export class Alerts extends HTMLElement {
  /** @type {Set<string> | undefined} the numbers that have had a card */
  known;
  chosen = "";

  /** @param {Iterable<Case>} cases @param {any} facts @param {Record<string, number>} levels @param {number} now
   * @returns {Set<string>} the numbers that have a card now */
  paint(cases, facts, levels, now) {
    const list = /** @type {HTMLOListElement} */ (this.querySelector("ol"));
    const shown = railOf(cases, now);
    const numbers = new Set(shown.map((one) => one.number));
    const held = new Map([...list.querySelectorAll("li")].map((item) => [item.querySelector("button")?.dataset.number ?? "", item]));
    const items = shown.map((one) => this.item(held.get(one.number), one, facts, now));
    if (!items.length) items.push(held.get("") ?? this.calm());
    const same = items.length === list.children.length && items.every((item, index) => list.children[index] === item);
    if (!same) this.rearrange(list, items);
    this.known = new Set([...(this.known ?? []), ...numbers]);
    this.rest(levels, shown, now);
    return numbers;
  }

  /** Keep the keyboard's place when cards move. @param {HTMLElement} list @param {HTMLElement[]} items */
  rearrange(list, items) {
    const focused = list.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
    list.replaceChildren(...items);
    if (focused?.isConnected) focused.focus({ preventScroll: true });
  }

  /** @param {HTMLLIElement | undefined} item @param {Case} one @param {any} facts @param {number} now */
  item(item, one, facts, now) {
    const next = card(one, facts, now);
    next.setAttribute("aria-pressed", String(this.chosen === one.number));
    if (!item) {
      const fresh = make("li", this.known && !this.known.has(one.number) ? "is-new" : "", next);
      return fresh;
    }
    const button = item.querySelector("button");
    if (button && !button.isEqualNode(next)) {
      button.className = next.className;
      button.setAttribute("aria-pressed", next.getAttribute("aria-pressed") ?? "false");
      button.replaceChildren(...next.childNodes);
    }
    return item;
  }

  calm() {
    return make("li", "rail__calm", shape("normal"), say("rest.none"));
  }

  /** @param {Record<string, number>} levels @param {Case[]} shown @param {number} now */
  rest(levels, shown, now) {
    const held = { ...levels };
    for (const one of shown) {
      const level = levelOf(one, now);
      held[level] = (held[level] ?? 0) - 1;
    }
    const alerting = LEVELS.slice(0, 4).filter((level) => (held[level] ?? 0) > 0);
    const parts = alerting.map((level) => `${say(`short.${level}`)} ${held[level]}`);
    const n = alerting.reduce((sum, level) => sum + (held[level] ?? 0), 0);
    const text = n ? say("rest", { n, levels: parts.join(language() === "en" ? ", " : "、") }) : say("rest.none");
    const line = this.querySelector(".rail__rest");
    if (line && line.textContent !== text) line.textContent = text;
  }
}

customElements.define("cc-alerts", Alerts);
