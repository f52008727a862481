/**
 * A draft being edited: what the server holds of it, and the edits on their way there.
 * An edit is kept until the server has taken or refused it: a lost connection is tried again, a stale one waits for a word.
 */

/** @typedef {GeoJSON.Feature<GeoJSON.Polygon, {code: string, community: string, area_m2: number, grade: number, land_use: string, responsible: string}>} Cell */
/** @typedef {{id: string, code: string, sentence: string, params: Record<string, any>, geometry: GeoJSON.Geometry | null, cells: string[], fix: {label: string} | null}} Problem */
/** @typedef {{op: string} & Record<string, any>} Edit */
/** @typedef {{id: number, state: string, revision: number, problems: number | null, can_undo: boolean, can_redo: boolean}} Version */
/** @typedef {"saved" | "sending" | "offline" | "stale"} State */

export class Refused extends Error {
  /** @param {number} status @param {{code?: string, message?: string, params?: Record<string, any>, problems?: Problem[]}} body */
  constructor(status, body) {
    super(body.message || body.code || String(status));
    this.status = status;
    this.code = body.code ?? "";
    this.body = body;
  }
}

/** The connection failed before there was an answer that says anything. */
export class Unreachable extends Error {}

const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 30_000;

export class Session extends EventTarget {
  /** @type {Map<string, Cell>} */
  cells = new Map();
  /** @type {Problem[]} */
  problems = [];
  /** @type {State} */
  state = "saved";
  /** @type {{path: string, body: Record<string, any>, done: (answer: any) => void, failed: (error: Error) => void} | null} */
  waiting = null;
  /** How many edits the server has taken from here. */
  taken = 0;
  /** Ends the pause of the delivery that is under way. @type {(() => void) | null} */
  hurry = null;

  /** @param {Version} version @param {{csrf?: string, fetch?: typeof fetch, wait?: (ms: number) => Promise<void>}} [ways] */
  constructor(version, ways = {}) {
    super();
    this.version = version;
    this.csrf = ways.csrf ?? "";
    this.fetch = ways.fetch ?? ((...given) => fetch(...given));
    this.wait = ways.wait ?? ((ms) => new Promise((go) => setTimeout(go, ms)));
    this.base = `/api/grid/versions/${version.id}`;
  }

  /** @param {string} path @param {Record<string, any>} [body] posts it; without one the address is read @param {AbortSignal} [signal] */
  async ask(path, body, signal) {
    /** @type {RequestInit} */
    const options = { headers: { Accept: "application/json" }, credentials: "same-origin", ...(signal ? { signal } : {}) };
    if (body) {
      options.method = "POST";
      options.headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": this.csrf };
      options.body = JSON.stringify(body);
    }
    /** @type {Response} */
    let answer;
    try {
      answer = await this.fetch(this.base + path, options);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new Unreachable(String(error));
    }
    if (answer.status === 502 || answer.status === 503 || answer.status === 504) throw new Unreachable(String(answer.status));
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(answer.status, told);
    return told;
  }

  /** What the map shows of the draft. What was read before an edit and comes after it would undo it on the map: it is read again.
   * @param {number[]} box @param {AbortSignal} [signal] @returns {Promise<boolean>} whether there is more */
  async load(box, signal) {
    /** @type {any} */
    let found;
    let taken = -1;
    while (taken !== this.taken) {
      taken = this.taken;
      found = await this.ask(`/cells?bbox=${box.map((value) => value.toFixed(7)).join(",")}`, undefined, signal);
    }
    this.cells = new Map(found.features.map((/** @type {Cell} */ one) => [one.properties.code, one]));
    this.tell("cells");
    return found.truncated === true;
  }

  /** The version and its problems as they are now; asked again where an edit was taken meanwhile, which they do not know of. */
  async refresh() {
    /** @type {any[]} */
    let told = [];
    let taken = -1;
    while (taken !== this.taken) {
      taken = this.taken;
      told = await Promise.all([this.ask(""), this.ask("/problems")]);
    }
    this.version = told[0];
    this.problems = told[1].problems;
    this.tell("problems");
    this.tell("version");
  }

  /** @param {Edit} edit */
  async edit(edit) {
    return this.send("/edits", edit);
  }

  async undo() {
    return this.send("/undo", {});
  }

  async redo() {
    return this.send("/redo", {});
  }

  /** One at a time. Resolves when the server has taken it; rejects when it refuses, or when it is given up.
   * @param {string} path @param {Record<string, any>} body @returns {Promise<any>} */
  send(path, body) {
    if (this.waiting) return Promise.reject(new Refused(409, { code: "editor.busy" }));
    return new Promise((done, failed) => {
      this.waiting = { path, body, done, failed };
      this.deliver();
    });
  }

  /** Sends what waits, again and again while nobody answers; called once more, the one delivery goes on at once. */
  async deliver() {
    if (this.hurry) return void this.hurry();
    let pause = FIRST_WAIT_MS;
    while (this.waiting) {
      const one = this.waiting;
      this.become("sending");
      try {
        const answer = await this.ask(one.path, { ...one.body, revision: this.version.revision });
        if (this.waiting !== one) return;
        this.waiting = null;
        this.take(answer);
        one.done(answer);
        this.become("saved");
        return;
      } catch (error) {
        if (this.waiting !== one) return;
        if (!(error instanceof Unreachable)) return void this.refused(one, /** @type {Error} */ (error));
        this.become("offline");
        await Promise.race([this.wait(pause), new Promise((go) => (this.hurry = () => go(undefined)))]);
        this.hurry = null;
        pause = Math.min(pause * 2, LONGEST_WAIT_MS);
      }
    }
  }

  /** @param {NonNullable<Session["waiting"]>} one @param {Error} error */
  refused(one, error) {
    if (error instanceof Refused && error.code === "grid.revision_stale") {
      this.become("stale");
      return;
    }
    this.waiting = null;
    this.become("saved");
    one.failed(error);
  }

  /** The edit that came too late is done upon what there is now. */
  async again() {
    if (!this.waiting) return;
    try {
      await this.refresh();
    } catch {
      this.become("offline");
    }
    await this.deliver();
  }

  /** The edit that waits is given up. */
  giveUp() {
    const one = this.waiting;
    this.waiting = null;
    this.become("saved");
    one?.failed(new Refused(0, { code: "editor.given_up" }));
  }

  /** @param {{revision: number, changed: Cell[], removed: string[], can_undo: boolean, can_redo: boolean}} answer */
  take(answer) {
    this.taken += 1;
    for (const code of answer.removed ?? []) this.cells.delete(code);
    for (const cell of answer.changed ?? []) this.cells.set(cell.properties.code, cell);
    this.version = { ...this.version, state: "draft", revision: answer.revision, can_undo: answer.can_undo, can_redo: answer.can_redo };
    this.tell("cells");
    this.tell("version");
  }

  /** @param {State} state */
  become(state) {
    this.state = state;
    this.tell("state");
  }

  /** @param {string} what */
  tell(what) {
    this.dispatchEvent(new Event(what));
  }
}
