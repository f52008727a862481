/** <cc-sla due="ISO">: what is left of a promise, or how much it is over, ticking from the server's clock. */
import { clockSpan, roughSpan } from "../lib/spans.js";
import { say } from "../lib/words.js";
import { serverClock } from "../live/clock.js";

const DAY = 86400;
const LAMPS = Object.freeze({ critical: "red", serious: "yellow", caution: "yellow", normal: "green" });

/** As the server judges (`level_of`): caution past the warning, serious past half of what is left then.
 * @param {number} left seconds @param {number} soon seconds from the warning to the end @returns {"critical" | "serious" | "caution" | "normal"} */
export function slaLevel(left, soon) {
  if (left <= 0) return "critical";
  if (left > soon) return "normal";
  return 2 * left <= soon ? "serious" : "caution";
}

class SlaElement extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(() => this.show(), 1000);
    this.show();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  show() {
    const due = Date.parse(this.getAttribute("due") ?? "");
    if (Number.isNaN(due) || this.hasAttribute("stopped")) return clearInterval(this.timer);
    const left = (due - serverClock.now()) / 1000;
    const span = Math.abs(left) < DAY && this.hasAttribute("exact") ? clockSpan(Math.abs(left)) : roughSpan(Math.abs(left));
    const text = say(left > 0 ? "sla.left" : "sla.over", { span });
    if (this.innerText !== text) this.replaceChildren(text);
    const level = slaLevel(left, Number(this.getAttribute("soon") ?? 3600));
    if (this.dataset.level === level) return undefined;
    if (this.classList.contains("chip")) {
      this.classList.remove("chip--critical", "chip--serious", "chip--caution", "chip--normal");
      this.classList.add(`chip--${level}`);
    }
    this.dataset.level = level;
    this.light(level);
    return undefined;
  }

  /** The lamp before the chip follows it: yellow from the warning on, red when it is over. @param {"critical" | "serious" | "caution" | "normal"} level */
  light(level) {
    const lamp = this.previousElementSibling;
    if (!lamp?.classList.contains("lamp")) return;
    const colour = LAMPS[level];
    lamp.className = `lamp lamp--${colour}`;
    lamp.setAttribute("aria-label", say(`lamp.${colour}`));
  }
}

customElements.define("cc-sla", SlaElement);
