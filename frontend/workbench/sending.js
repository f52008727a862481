/**
 * A file on its way ahead of its form, in pieces (tus 1.0.0): paused, gone on with, taken up again after every break of
 * the network. Where the server will not have it ahead, it is `refused` here and goes along with the form as ever.
 */

const PIECE = 512 * 1024;
const PATIENCE_MS = 60_000;
const LONGEST_REST_MS = 30_000;
const TUS = { "Tus-Resumable": "1.0.0" };
const BYTES = "application/offset+octet-stream";
/** Answers after which the same again may do: sign in elsewhere, too slow, being written, too often. */
const PASSING = new Set([401, 408, 423, 425, 429]);

/** @typedef {"waiting" | "sending" | "offline" | "paused" | "there" | "refused"} State */

class Refused extends Error {}

/** A while, or until the network is back. @param {number} ms @returns {Promise<void>} */
function rest(ms) {
  return new Promise((done) => {
    const wake = () => {
      clearTimeout(timer);
      removeEventListener("online", wake);
      done();
    };
    const timer = setTimeout(wake, ms);
    addEventListener("online", wake);
  });
}

/** @param {string} text @returns {string} base64 of its UTF-8 */
const coded = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

export class Sending {
  /** @type {State} */
  state = "waiting";
  /** How many bytes are there; null where the server must be asked. @type {number | null} */
  offset = null;
  running = false;

  /**
   * @param {File} file
   * @param {{url: string, token: string, uid?: string, told: (one: Sending) => void, send?: typeof fetch, rest?: (ms: number) => Promise<void>}} given
   */
  constructor(file, { url, token, uid = "", told, send = (where, how) => fetch(where, how), rest: wait = rest }) {
    this.file = file;
    this.url = url;
    this.token = token;
    this.uid = uid;
    this.told = told;
    this.send = send;
    this.wait = wait;
  }

  /** Whether it will be there by itself, if one waits. */
  get isComing() {
    return ["waiting", "sending", "offline"].includes(this.state);
  }

  /** @param {State} state */
  turn(state) {
    this.state = state;
    this.told(this);
  }

  pause() {
    if (!this.isComing) return;
    this.turn("paused");
    this.call?.abort();
  }

  async run() {
    if (this.state === "paused") this.turn("waiting");
    if (this.running) return;
    this.running = true;
    for (let tries = 0; this.isComing; ) {
      try {
        await this.step();
        tries = 0;
        if (this.isComing) this.turn(this.offset === this.file.size ? "there" : "sending");
      } catch (fault) {
        this.offset = null;
        if (fault instanceof Refused) this.turn("refused");
        if (!this.isComing) break;
        this.turn("offline");
        await this.wait(Math.min(1000 * 2 ** tries++, LONGEST_REST_MS));
      }
    }
    this.running = false;
    if (this.state === "waiting") this.run();
  }

  /** One question to the server: begin, ask how far it is, or the next piece. */
  async step() {
    if (!this.uid) return this.begin();
    if (this.offset === null) return this.ask();
    return this.go(this.offset);
  }

  async begin() {
    const told = [`filename ${coded(this.file.name)}`, ...(this.file.type ? [`filetype ${coded(this.file.type)}`] : [])];
    const answer = await this.fetch(this.url, "POST", { "Upload-Length": String(this.file.size), "Upload-Metadata": told.join(",") });
    if (answer.status !== 201) throw this.fault(answer);
    this.uid = (answer.headers.get("Location") ?? "").split("/").pop() ?? "";
    this.offset = 0;
  }

  async ask() {
    const answer = await this.fetch(this.url + this.uid, "HEAD");
    if (answer.ok) this.offset = Number(answer.headers.get("Upload-Offset"));
    else if (answer.status === 404 || answer.status === 410) this.uid = "";
    else throw this.fault(answer);
  }

  /** @param {number} offset */
  async go(offset) {
    const piece = await this.file.slice(offset, offset + PIECE).arrayBuffer().catch(() => {
      throw new Refused(); // gone from the disk: the form will say so
    });
    const answer = await this.fetch(this.url + this.uid, "PATCH", { "Upload-Offset": String(offset), "Content-Type": BYTES }, piece);
    if (answer.ok) this.offset = Number(answer.headers.get("Upload-Offset"));
    else if ([404, 409, 410].includes(answer.status)) this.offset = null;
    else throw this.fault(answer);
  }

  /** Nobody needs it any more. */
  async end() {
    this.pause();
    if (this.uid) await this.fetch(this.url + this.uid, "DELETE").catch(() => undefined);
  }

  /** @param {Response} answer @returns {Error} */
  fault(answer) {
    const passing = answer.status >= 500 || PASSING.has(answer.status);
    return passing ? new Error(String(answer.status)) : new Refused();
  }

  /** @param {string} where @param {string} method @param {Record<string, string>} [headers] @param {ArrayBuffer} [body] */
  async fetch(where, method, headers = {}, body) {
    this.call = new AbortController();
    const { signal } = this.call;
    const timer = setTimeout(() => this.call?.abort(), PATIENCE_MS);
    try {
      return await this.send(where, { method, headers: { ...TUS, "X-CSRFToken": this.token, ...headers }, body, signal });
    } finally {
      clearTimeout(timer);
    }
  }
}
