/**
 * The client of /ws/live and /api/feed (architecture 2.6): PostgreSQL is the queue, the socket a courier, the page owns
 * its cursor. Entries are applied only in order and without a hole; every hole is healed by pulling.
 */
import { serverClock } from "./clock.js";

/** @typedef {import("./fold.js").Entry} Entry */
/** @typedef {{scopes: string[], socketUrl: string, feedUrl?: string, snapshotUrl?: string,
 *   reset?: (snapshot: any) => void, apply: (scope: string, entry: Entry) => void,
 *   start?: {epoch: number, heads: Record<string, number>}, clock?: import("./clock.js").ServerClock,
 *   WebSocket?: typeof WebSocket, fetch?: typeof fetch, random?: () => number}} Options */

const STALE_MS = 10_000;
const DEAD_MS = 15_000;
const TICK_MS = 500;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;
const POLL_MS = 2_000;
const PAGE = 500;
/** Codes with which the server ends a socket for good: the session is over, or the feeds are no longer the viewer's. */
const ENDS = new Map([
  [4401, "signed_out"],
  [4403, "rights"],
]);

export class LiveClient extends EventTarget {
  /** @param {Options} options */
  constructor(options) {
    super();
    this.options = options;
    this.clock = options.clock ?? serverClock;
    this.fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
    this.random = options.random ?? Math.random;
    this.Socket = options.WebSocket ?? globalThis.WebSocket;
    /** @type {Record<string, number>} last entry applied, per scope */
    this.last = { ...options.start?.heads };
    this.epoch = options.start?.epoch ?? 0;
    this.counters = {
      applied: 0, pushed: 0, pulled: 0, holes: 0, doubled: 0, resyncs: 0, snapshots: 0, connects: 0, lag: -1,
    };
    /** @type {Set<string>} scopes known to be behind */
    this.behind = new Set();
    /** @type {Map<string, Promise<void>>} */
    this.pulling = new Map();
    this.fresh = false;
    this.since = this.clock.now();
    this.heard = -Infinity;
    this.tries = 0;
    this.stopped = false;
    /** @type {Promise<void> | undefined} */
    this.reloading = undefined;
  }

  start() {
    this.timer = setInterval(() => this.tick(), TICK_MS);
    this.connect();
    return this;
  }

  stop() {
    this.stopped = true;
    clearInterval(this.timer);
    clearTimeout(this.retry);
    this.socket?.close();
  }

  connect() {
    if (this.stopped) return;
    clearTimeout(this.retry);
    this.retry = undefined;
    this.opened = this.clock.monotonic();
    const asked = this.options.scopes.length ? `?${new URLSearchParams({ scopes: this.options.scopes.join(",") })}` : "";
    const socket = new this.Socket(this.options.socketUrl + asked);
    this.socket = socket;
    socket.onmessage = (event) => this.socket === socket && this.receive(String(event.data));
    socket.onclose = (event) => {
      if (this.socket !== socket) return;
      const why = ENDS.get(event?.code);
      if (why) this.end(why);
      else this.lost();
    };
  }

  /** Nothing more will come: the page is told why, once. @param {string} why */
  end(why) {
    if (this.stopped) return;
    this.socket = undefined;
    this.stop();
    this.judge();
    this.dispatchEvent(new CustomEvent("ended", { detail: { why } }));
  }

  lost() {
    this.socket = undefined;
    if (this.stopped || this.retry !== undefined) return;
    const ceiling = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.tries);
    this.tries += 1;
    this.retry = setTimeout(() => this.connect(), FIRST_RETRY_MS / 2 + this.random() * ceiling);
    this.judge();
  }

  /** Look again at once: the network is back, the tab is looked at. */
  wake() {
    if (!this.socket) this.connect();
    for (const scope of this.options.scopes) if (scope in this.last) this.pull(scope);
  }

  /** @param {string} text one message of the socket */
  receive(text) {
    const message = JSON.parse(text);
    if (message.server_time) this.clock.told(message.server_time);
    if (message.type === "hello") this.hello(message);
    if (message.type === "heartbeat") this.compare(message.heads);
    if (message.type === "entries") this.entries(message);
    if (message.type === "resync") {
      this.counters.resyncs += 1;
      this.lag(message.scope);
    }
    if (message.type === "hello" || message.type === "heartbeat") {
      this.heard = this.clock.monotonic();
      this.judge();
    }
  }

  /** @param {{epoch: number, heads: Record<string, number>}} message */
  hello({ epoch, heads }) {
    this.tries = 0;
    this.counters.connects += 1;
    if (this.epoch && epoch !== this.epoch) return void this.reload();
    this.epoch = epoch;
    if (!this.options.scopes.length) this.options.scopes = Object.keys(heads);
    for (const scope of this.options.scopes) if (!this.options.snapshotUrl) this.last[scope] ??= heads[scope] ?? 0;
    return this.compare(heads);
  }

  /** @param {Record<string, number>} heads */
  compare(heads) {
    for (const scope of this.options.scopes) {
      if (scope in this.last && (heads[scope] ?? 0) > (this.last[scope] ?? 0)) this.lag(scope);
    }
  }

  /** @param {{scope: string, epoch: number, entries: Entry[]}} message */
  entries({ scope, epoch, entries }) {
    if (!(scope in this.last)) return;
    if (this.epoch && epoch !== this.epoch) return void this.reload();
    if (this.take(scope, entries, "pushed")) return;
    this.counters.holes += 1;
    this.lag(scope);
  }

  /** Apply what follows without a hole; answers false when something is missing before these entries.
   * @param {string} scope @param {Entry[]} entries @param {"pushed" | "pulled"} how */
  take(scope, entries, how) {
    const taken = [];
    let whole = true;
    for (const entry of entries) {
      const last = this.last[scope] ?? 0;
      if (entry.seq > last + 1) {
        whole = false;
        break;
      }
      if (entry.seq <= last) {
        this.counters.doubled += 1;
        continue;
      }
      this.options.apply(scope, entry);
      this.last[scope] = entry.seq;
      this.counters.applied += 1;
      this.counters[how] += 1;
      taken.push(entry);
      if (how === "pushed") this.counters.lag = Math.max(0, this.clock.now() - Date.parse(entry.at));
    }
    if (taken.length) this.dispatchEvent(new CustomEvent("news", { detail: { scope, entries: taken } }));
    return whole;
  }

  /** A scope is behind: pull it. @param {string} scope */
  lag(scope) {
    this.behind.add(scope);
    this.judge();
    this.pull(scope);
  }

  /** Pull until whole; one pull per scope at a time. @param {string} scope @returns {Promise<void>} */
  pull(scope) {
    const running = this.pulling.get(scope);
    if (running) return running;
    const pull = this.pullAll(scope)
      .catch(() => void this.behind.add(scope))
      .finally(() => {
        this.pulling.delete(scope);
        this.judge();
      });
    this.pulling.set(scope, pull);
    return pull;
  }

  /** @param {string} scope */
  async pullAll(scope) {
    for (let more = true; more && !this.stopped; ) {
      const after = this.last[scope] ?? 0;
      const query = new URLSearchParams({
        scope, after: String(after), epoch: String(this.epoch), limit: String(PAGE),
      });
      const answer = await this.fetch(`${this.options.feedUrl ?? "/api/feed"}?${query}`, {
        headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store",
      });
      if (answer.status === 401) return void this.end("signed_out");
      if (answer.status === 409 || answer.status === 410) return void (await this.reload());
      if (!answer.ok) throw new Error(`feed answered ${answer.status}`);
      const page = await answer.json();
      this.clock.told(page.server_time);
      if (page.epoch !== this.epoch) return void (await this.reload());
      this.take(scope, page.entries, "pulled");
      more = page.has_more && (this.last[scope] ?? 0) > after;
      if (!more && (this.last[scope] ?? 0) >= page.head) this.behind.delete(scope);
    }
    return undefined;
  }

  /** Begin again from a snapshot: another epoch, or what was missed is no longer kept. */
  reload() {
    this.reloading ??= this.snapshot().finally(() => {
      this.reloading = undefined;
      this.judge();
    });
    return this.reloading;
  }

  async snapshot() {
    for (const scope of this.options.scopes) this.behind.add(scope);
    if (!this.options.snapshotUrl) {
      this.epoch = 0;
      this.last = {};
      this.behind.clear();
      this.socket?.close();
      return;
    }
    const answer = await this.fetch(this.options.snapshotUrl, {
      headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store",
    });
    if (!answer.ok) throw new Error(`snapshot answered ${answer.status}`);
    const snapshot = await answer.json();
    this.clock.told(snapshot.server_time);
    this.counters.snapshots += 1;
    this.epoch = snapshot.epoch;
    this.last = { ...snapshot.heads };
    this.behind.clear();
    this.options.reset?.(snapshot);
  }

  tick() {
    const now = this.clock.monotonic();
    const silent = now - Math.max(this.heard, this.opened ?? -Infinity);
    if (this.socket && silent > DEAD_MS) {
      const dead = this.socket;
      this.socket = undefined;
      dead.close();
      this.lost();
    }
    if (now - (this.polled ?? -Infinity) > POLL_MS && (this.behind.size || !this.socket)) {
      this.polled = now + this.random() * TICK_MS;
      for (const scope of this.socket ? this.behind : this.options.scopes) if (scope in this.last) this.pull(scope);
    }
    this.judge();
  }

  /** Fresh means: a heartbeat within 10 s and no open hole. */
  judge() {
    const fresh = this.clock.monotonic() - this.heard < STALE_MS && this.behind.size === 0 && !this.stopped;
    if (fresh === this.fresh) return;
    this.fresh = fresh;
    this.since = this.clock.now();
    this.dispatchEvent(new CustomEvent("state", { detail: { fresh, since: this.since } }));
  }
}
