/** <cc-clock> and <cc-link>: the server's time, and whether what the wall shows is live. Honest time, always visible. */
import { shape } from "../lib/dom.js";
import { roughSpan } from "../lib/spans.js";
import { language, say } from "../lib/words.js";
import { dayOf, timeOf } from "../live/fold.js";

const DRIFT_MS = 2000;
const ENOUGH = 5;

export class Clock extends HTMLElement {
  /** @param {import("../live/clock.js").ServerClock} clock */
  paint(clock) {
    const now = clock.now();
    this.write("time", timeOf(now));
    this.write("date", dayOf(now));
    const weekday = new Intl.DateTimeFormat(language() === "en" ? "en" : "zh-CN", { weekday: "long", timeZone: "Asia/Shanghai" });
    this.write("weekday", weekday.format(new Date(now)));
    const drift = /** @type {HTMLElement} */ (this.querySelector('[data-part="drift"]'));
    const off = Math.abs(clock.drift());
    drift.hidden = clock.heard < ENOUGH || off < DRIFT_MS;
    if (!drift.hidden) this.write("drift", say("clock.drift", { span: roughSpan(off / 1000) }));
  }

  /** @param {string} name @param {string} text */
  write(name, text) {
    const element = this.querySelector(`[data-part="${name}"]`);
    if (element && element.textContent !== text) element.textContent = text;
  }
}

export class Link extends HTMLElement {
  /** @param {import("../live/client.js").LiveClient} client */
  paint(client) {
    const { fresh, since, counters } = client;
    const lag = counters.lag < 0 ? say("live.on") : say("live.lag", { lag: (counters.lag / 1000).toFixed(1) });
    const text = fresh ? lag : say("live.off", { span: roughSpan((client.clock.now() - since) / 1000) });
    const words = this.querySelector('[data-part="text"]');
    if (words && words.textContent !== text) words.textContent = text;
    const state = fresh ? "fresh" : "stale";
    if (this.dataset.state === state && this.painted) return;
    this.painted = true;
    this.dataset.state = state;
    const mark = shape("normal");
    mark.setAttribute("class", `shape shape--${fresh ? "normal" : "off"}`);
    this.querySelector("svg")?.replaceWith(mark);
    document.body.classList.toggle("is-stale", !fresh);
  }
}

customElements.define("cc-clock", Clock);
customElements.define("cc-link", Link);
