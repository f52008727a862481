/**
 * <cc-inbox scope="user:7">: the number of unread messages in the bar. It asks the server when it begins, whenever the
 * feed is fresh again and at every news of its own scope; what comes in quiet hours is counted and not announced.
 */
import { LiveClient } from "../live/client.js";
import { pick, say } from "../lib/words.js";

const ARRIVED = "message.arrived.v1";
const READ = "message.read.v1";
const MOST = 99;

/** @typedef {import("../live/fold.js").Entry} Entry */

class InboxElement extends HTMLElement {
  scope = "";
  bare = "";
  asked = 0;
  aloud = false;

  connectedCallback() {
    this.scope = this.getAttribute("scope") ?? "";
    this.bare = document.title;
    this.follow();
    this.ask(false);
  }

  disconnectedCallback() {
    this.client?.stop();
  }

  /** One socket for each page: where the page follows every feed already, its news are taken from there. */
  follow() {
    if (document.querySelector("cc-live:not([scopes])")) {
      document.addEventListener("cc-live:state", (event) => this.state(/** @type {CustomEvent} */ (event).detail));
      document.addEventListener("cc-live:entries", (event) => this.news(/** @type {CustomEvent} */ (event).detail));
      return;
    }
    this.client = new LiveClient({
      scopes: [this.scope],
      socketUrl: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/live`,
      apply: () => undefined,
    });
    this.client.addEventListener("state", (event) => this.state(/** @type {CustomEvent} */ (event).detail));
    this.client.addEventListener("news", (event) => this.news(/** @type {CustomEvent} */ (event).detail));
    this.client.start();
  }

  /** What came before the feed was fresh was not pushed to us. @param {{fresh: boolean}} detail */
  state({ fresh }) {
    this.setAttribute("state", fresh ? "fresh" : "stale");
    if (fresh) this.ask(false);
  }

  /** @param {{scope: string, entries: Entry[]}} detail */
  news({ scope, entries }) {
    if (scope !== this.scope) return;
    const ours = entries.filter((entry) => entry.kind === ARRIVED || entry.kind === READ);
    if (!ours.length) return;
    this.ask(ours.some((entry) => entry.kind === ARRIVED && !entry.data.silent));
    document.dispatchEvent(new CustomEvent("cc-inbox:news"));
  }

  /** An answer that was overtaken by a later question is old, and not shown. @param {boolean} aloud whether what has come is announced */
  async ask(aloud) {
    const turn = (this.asked += 1);
    this.aloud ||= aloud;
    try {
      const answer = await fetch("/api/inbox/unread", {
        headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store",
      });
      if (!answer.ok) return;
      const told = await answer.json();
      if (turn !== this.asked) return;
      this.show(told, this.aloud);
      this.aloud = false;
    } catch {
      this.setAttribute("state", "stale");
    }
  }

  /** @param {{unread: number, newest: {titles: Record<string, string>} | null}} told @param {boolean} aloud */
  show({ unread, newest }, aloud) {
    const count = this.querySelector("b");
    const status = this.querySelector("[role=status]");
    if (!count || !status) return;
    count.hidden = unread === 0;
    count.textContent = unread > MOST ? `${MOST}+` : String(unread);
    count.title = say("inbox.unread", { n: unread });
    document.title = unread ? `(${count.textContent}) ${this.bare}` : this.bare;
    this.toggleAttribute("data-loud", aloud);
    if (aloud && newest) status.textContent = say("inbox.new", { title: pick(newest.titles) });
  }
}

customElements.define("cc-inbox", InboxElement);
