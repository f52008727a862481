/** <cc-grid-moves data-version>: what publishing a draft would move, reckoned by the server and told as a table. */
import { make } from "../lib/dom.js";
import { pick, say } from "../lib/words.js";
import { sidesOf, sidesTable } from "./sides.js";

/** @typedef {import("./sides.js").Move} Move */
/** @typedef {import("./sides.js").Told} Told */

class MovesElement extends HTMLElement {
  connectedCallback() {
    this.setAttribute("aria-live", "polite");
    this.load();
  }

  async load() {
    this.replaceChildren(make("p", "quiet", say("moves.loading")));
    this.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`/api/grid/versions/${this.dataset.version}/moves`, { headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (!answer.ok) throw new Error(told.message || String(answer.status));
      this.show(told);
    } catch (error) {
      this.failed(error instanceof Error ? error.message : "");
    }
    this.removeAttribute("aria-busy");
    this.dataset.ready = "";
  }

  /** @param {string} why */
  failed(why) {
    const again = make("button", "btn btn--small", say("moves.again"));
    again.type = "button";
    again.addEventListener("click", () => this.load());
    this.replaceChildren(make("p", "notice notice--caution", `${say("moves.failed")} ${why} `, again));
  }

  /** @param {Told} told */
  show(told) {
    const figures = make("div", "figures");
    for (const one of told.totals) {
      const lost = one.lost ? [make("span", "chip chip--critical", say("moves.lost", { n: one.lost }))] : [];
      const stays = one.moved ? say("moves.moved", { n: one.moved }) : say("moves.stay");
      const figure = one.moved || !one.lost ? [make("span", "card__figure", stays)] : [];
      figures.append(make("div", "card card--flat", make("span", "quiet small", pick(one.names)), ...figure, ...lost));
    }
    /** @type {HTMLElement[]} */
    const parts = [make("p", "", say("moves.cells", told.cells)), figures];
    if (told.moves.length) parts.push(this.table(told.moves));
    else if (told.totals.every((one) => !one.moved && !one.lost)) parts.push(make("p", "notice notice--normal", say("moves.none")));
    if (told.stays.length) parts.push(sidesTable(told, sidesOf(told), say("sides.title")));
    if (told.truncated) parts.push(make("p", "quiet small", say("moves.truncated")));
    this.replaceChildren(make("div", "stack", ...parts));
  }

  /** @param {Move[]} moves */
  table(moves) {
    const head = make("tr", "");
    for (const word of ["kind", "from", "to", "count"]) {
      const cell = make("th", word === "count" ? "number" : "", say(`moves.${word}`));
      cell.scope = "col";
      head.append(cell);
    }
    const body = make("tbody", "");
    for (const one of moves) {
      const to = one.to_cell ? make("td", "", one.to_cell) : make("td", "", make("span", "chip chip--critical", say("moves.nowhere")));
      body.append(make("tr", "", make("td", "", pick(one.names)), make("td", "", one.from_cell || "—"), to, make("td", "number", String(one.count))));
    }
    const details = make("details", "", make("summary", "strong", say("moves.details")), make("div", "table-wrap", make("table", "list", make("thead", "", head), body)));
    details.open = moves.length <= 30;
    return details;
  }
}

customElements.define("cc-grid-moves", MovesElement);
