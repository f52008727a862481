/** What is here? Right click, a long press or Shift+F10 on the map: cell, community, road and coordinates, to be copied. */
import { make } from "../lib/dom.js";
import { pick, say } from "../lib/words.js";

const LONG_MS = 600;
const STEADY_PX = 8;

export class AddressCard {
  /** @param {import("maplibre-gl").Map} map @param {HTMLElement} host @param {(lon: number, lat: number) => void} mark */
  constructor(map, host, mark) {
    this.map = map;
    this.mark = mark;
    this.card = make("section", "mapcard");
    this.card.hidden = true;
    this.card.tabIndex = -1;
    this.card.setAttribute("role", "dialog");
    this.card.setAttribute("aria-label", say("map.address"));
    host.append(this.card);
    this.card.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    map.on("contextmenu", (event) => {
      event.preventDefault();
      this.ask(event.lngLat.lng, event.lngLat.lat);
    });
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key !== "ContextMenu" && !(event.key === "F10" && event.shiftKey)) return;
      event.preventDefault();
      this.ask(map.getCenter().lng, map.getCenter().lat);
    });
    this.press();
  }

  /** A finger that stays where it is. */
  press() {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let waiting;
    let [x, y] = [0, 0];
    const stop = () => clearTimeout(waiting);
    this.map.on("touchstart", (event) => {
      stop();
      if (event.points.length !== 1) return;
      [x, y] = [event.point.x, event.point.y];
      waiting = setTimeout(() => this.ask(event.lngLat.lng, event.lngLat.lat), LONG_MS);
    });
    this.map.on("touchmove", (event) => Math.hypot(event.point.x - x, event.point.y - y) > STEADY_PX && stop());
    for (const end of /** @type {const} */ (["touchend", "touchcancel", "dragstart", "zoomstart"])) this.map.on(end, stop);
  }

  /** @param {number} lon @param {number} lat */
  async ask(lon, lat) {
    const here = `${lon.toFixed(6)}, ${lat.toFixed(6)}`;
    this.mark(lon, lat);
    const asked = (this.asked = Symbol(here));
    /** @type {any} */
    let found = null;
    let refused = "";
    const answer = await fetch(`/api/address?lon=${lon.toFixed(7)}&lat=${lat.toFixed(7)}`, {
      headers: { Accept: "application/json" }, credentials: "same-origin",
    }).catch(() => null);
    if (answer?.ok) found = await answer.json();
    else refused = answer?.status === 404 ? say("map.outside") : say("map.search_failed");
    if (asked === this.asked) this.show(here, found, refused);
  }

  /** @param {string} here @param {any} found @param {string} refused */
  show(here, found, refused) {
    const rows = [[say("map.coordinates"), here]];
    if (found) {
      const road = pick(found.road);
      rows.unshift([say("map.kind.community"), pick(found.names).split(" · ").slice(0, road ? -1 : undefined).join(" · ")], [say("map.kind.cell"), found.cell]);
      rows.splice(2, 0, [say("map.kind.road"), road ? say("map.road_metres", { name: road, metres: Math.round(found.metres) }) : say("map.no_road")]);
    }
    const facts = make("dl", "mapcard__facts");
    for (const [name = "", text = ""] of rows) facts.append(make("dt", "", name), make("dd", "", text));
    const copy = make("button", "mapcard__button", say("map.copy"));
    const close = make("button", "mapcard__close", "×");
    const said = make("span", "mapcard__said");
    said.setAttribute("role", "status");
    for (const button of [copy, close]) button.type = "button";
    close.setAttribute("aria-label", say("map.close"));
    copy.addEventListener("click", async () => (said.textContent = await this.copy(rows.map((row) => row.join("：")).join("\n"))));
    close.addEventListener("click", () => this.close());
    this.card.replaceChildren(make("h2", "mapcard__title", say("map.address")), close);
    if (refused) this.card.append(make("p", "mapcard__refused", refused));
    this.card.append(facts, make("p", "mapcard__actions", copy, said));
    this.card.hidden = false;
    this.card.focus({ preventScroll: true });
  }

  /** @param {string} text @returns {Promise<string>} what to tell */
  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return say("map.copied");
    } catch {
      const facts = this.card.querySelector("dl");
      if (facts) getSelection()?.selectAllChildren(facts);
      return say("map.copy_by_hand");
    }
  }

  close() {
    this.card.hidden = true;
    this.map.getCanvas().focus({ preventScroll: true });
  }
}
