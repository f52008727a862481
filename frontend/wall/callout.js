/** <cc-callout>: what a case is, where, which cameras are near, what can be done now; with a picture where there is one. */
import { make, shape } from "../lib/dom.js";
import { levelOf } from "../lib/severity.js";
import { roughSpan } from "../lib/spans.js";
import { pick, say } from "../lib/words.js";
import { dueText } from "./texts.js";

/** @typedef {import("../live/fold.js").Case} Case */

const NEAR_METRES = 2000;

/** Metres between two points of a city, on a sphere.
 * @param {number} lon1 @param {number} lat1 @param {number} lon2 @param {number} lat2 @returns {number} */
function metres(lon1, lat1, lon2, lat2) {
  const rad = Math.PI / 180;
  const x = (lon2 - lon1) * rad * Math.cos(((lat1 + lat2) / 2) * rad);
  return 6371008.8 * Math.hypot(x, (lat2 - lat1) * rad);
}

/** What can be pressed stays while the words are painted anew each second: a press that lasts over that moment still counts. */
export class Callout extends HTMLElement {
  number = "";
  words = make("div", "");
  out = make("a", "callout__open", say("callout.open"));

  connectedCallback() {
    this.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    const close = make("button", "callout__close", "×");
    close.type = "button";
    close.setAttribute("aria-label", say("callout.close"));
    close.addEventListener("click", () => this.close());
    this.replaceChildren(close, this.words, this.out);
  }

  close() {
    this.hidden = true;
    this.number = "";
    this.dispatchEvent(new CustomEvent("wall:choose", { bubbles: true, detail: { number: "" } }));
  }

  /** @param {Case} one @param {{categories: any, organisations: any, cameras: any[]}} facts @param {number} now */
  show(one, facts, now) {
    const same = this.number === one.number;
    if (!same) this.querySelector("img")?.remove();
    this.number = one.number;
    this.dataset.level = levelOf(one, now);
    const name = pick(facts.categories[one.category]) || say("unclassified");
    const state = [say(`stage.${one.stage}`), pick(facts.organisations[one.organisation]), dueText(one.due_at, now)];
    const age = roughSpan((now - Date.parse(one.reported_at)) / 1000);
    this.out.href = `/cases/${one.number}/`;
    this.words.replaceChildren(
      make("h2", "", shape(this.dataset.level), ` ${name}`),
      make("p", "", pick(one.place) || say("nowhere")),
      make("p", "", `${state.filter(Boolean).join(" · ")} · ${say("case.age", { span: age })}`),
      this.facts(one, facts.cameras),
    );
    this.hidden = false;
    if (!same && one.photo) this.picture(one.number);
  }

  /** @param {Case} one @param {any[]} cameras */
  facts(one, cameras) {
    const near = cameras
      .map((camera) => ({ camera, far: metres(one.lon, one.lat, camera.lon, camera.lat) }))
      .filter(({ far }) => one.lon !== null && far <= NEAR_METRES)
      .sort((a, b) => a.far - b.far)
      .slice(0, 2)
      .map(({ camera, far }) => say("camera.near", { name: pick(camera.names), metres: Math.round(far / 10) * 10 }));
    const list = make("dl", "");
    list.append(make("dt", "", say("callout.next")), make("dd", "", say(`next.${one.stage}`)));
    list.append(make("dt", "", say("callout.cameras")), make("dd", "", near.join(" · ") || say("camera.none")));
    return list;
  }

  /** The newest picture of the case, where the viewer may see it. @param {string} number */
  async picture(number) {
    const address = `/api/cases/${number}/evidence`;
    const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok || this.number !== number) return;
    const newest = (await answer.json()).findLast((/** @type {{scan: string}} */ one) => one.scan === "none" || one.scan === "clean");
    if (!newest) return;
    const image = make("img", "");
    image.alt = say("callout.still", { number });
    image.src = `${address}/${newest.id}/public`;
    image.addEventListener("load", () => this.number === number && this.out.before(image));
  }

  /** Stand beside a point of the map, inside it. @param {{x: number, y: number}} at @param {DOMRect} room */
  place(at, room) {
    const box = this.getBoundingClientRect();
    const gap = 24;
    const left = at.x + gap + box.width > room.width ? at.x - gap - box.width : at.x + gap;
    const top = Math.min(Math.max(8, at.y - box.height / 2), Math.max(8, room.height - box.height - 8));
    this.style.transform = `translate(${Math.round(Math.max(8, left))}px, ${Math.round(top)}px)`;
  }
}

customElements.define("cc-callout", Callout);
