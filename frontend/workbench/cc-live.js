/** <cc-live [scopes="city"]>: follows the feeds of the viewer; says live or since when not; tells the page of news. */
import { LiveClient } from "../live/client.js";
import { tellWhenEnded } from "../live/ended.js";
import { timeOf } from "../live/fold.js";
import { say } from "../lib/words.js";

class LiveElement extends HTMLElement {
  connectedCallback() {
    const scopes = (this.getAttribute("scopes") ?? "").split(",").filter(Boolean);
    this.setAttribute("role", "status");
    this.client = new LiveClient({
      scopes,
      socketUrl: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/live`,
      apply: () => undefined,
    });
    this.client.addEventListener("state", () => this.show());
    this.client.addEventListener("news", (event) => this.news(/** @type {CustomEvent} */ (event).detail));
    tellWhenEnded(this.client);
    this.client.start();
    this.show();
  }

  disconnectedCallback() {
    this.client?.stop();
  }

  show() {
    const { fresh, since } = /** @type {LiveClient} */ (this.client);
    this.setAttribute("state", fresh ? "fresh" : "stale");
    document.dispatchEvent(new CustomEvent("cc-live:state", { detail: { fresh } }));
    this.replaceChildren(fresh ? say("live.fresh") : say("live.stale", { time: timeOf(since) }));
  }

  /** @param {{scope: string, entries: import("../live/fold.js").Entry[]}} detail */
  news(detail) {
    document.dispatchEvent(new CustomEvent("cc-live:entries", { detail }));
  }
}

customElements.define("cc-live", LiveElement);
