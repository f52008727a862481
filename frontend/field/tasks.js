/** What waits out there: to verify, to check, to handle, to take; the list and each of them. */
import { make } from "../lib/dom.js";
import { FieldMap } from "./field-map.js";
import { metres } from "./ground.js";
import { turn } from "./queue.js";
import { save } from "./store.js";
import { Album, button, chip, choice, complaint, link, notice, part, words } from "./ui.js";
import { clockTime, pick, say, span } from "./words.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./app.js").Task} Task */
/** @typedef {import("./queue.js").Entry} Entry */

const SOON_MS = 30 * 60_000;
const TYPING_MS = 400;
const MORE_MINUTES = [30, 60, 120, 240, 480, 1440, 2880];
const SHOWN_PICTURES = 6;

/** How urgent it is, in colour, shape and word; by the server's clock, as far as the phone knows it. @param {Task} task @param {number} now */
export function urgency(task, now) {
  if (!task.due_at) return chip("off", say("due.none"));
  const left = Date.parse(task.due_at) - now;
  if (left <= 0) return chip("critical", say("due.over", { span: span(left) }));
  return chip(left <= SOON_MS ? "serious" : "normal", say("due.left", { span: span(left) }));
}

/** @param {Task} task */
const placeOf = (task) => [pick(task.place), task.address].filter(Boolean).join(" · ");

export class TasksScreen {
  title = "tasks.title";

  /** @param {App} app */
  constructor(app) {
    this.app = app;
  }

  /** @param {HTMLElement} main */
  show(main) {
    const { tasks } = this.app;
    const now = Date.now() + this.app.ahead;
    const rows = tasks.map((task) => {
      const made = link("", "ftask", `#task/${task.number}`);
      const head = make("span", "ftask__head", make("strong", "", say(`act.${task.act}`)), urgency(task, now));
      if (this.app.begun(task, "step")) head.append(chip("off", say("state.draft")));
      made.append(head, make("span", "ftask__name", pick(task.names) || task.description), make("span", "ftask__place", placeOf(task)));
      return make("li", "", made);
    });
    const under = this.app.mine.filter((one) => one.kind === "step" && ["queued", "sending"].includes(one.state)).length;
    main.replaceChildren(
      ...(under ? [notice("info", say("tasks.under_way", { n: under }))] : []),
      rows.length ? make("ul", "flist", ...rows) : make("p", "fempty", say("tasks.none")),
    );
  }

  refresh(/** @type {HTMLElement} */ main) {
    this.show(main);
  }
}

/** @param {Task} task @param {string} owner @param {"step" | "ask"} kind @returns {Entry} */
function fresh(task, owner, kind) {
  const about = { names: task.names, place: placeOf(task), number: task.number, version: task.version, act: task.act };
  return { id: crypto.randomUUID(), owner, kind, state: "draft", path: "", body: {}, at: Date.now(), typed: "", ...about };
}

export class TaskScreen {
  alone = true;
  /** @type {Entry | undefined} */
  entry;

  /** @param {App} app @param {{go: (to: string) => void, send: () => void}} given @param {string} number */
  constructor(app, { go, send }, number) {
    this.app = app;
    this.go = go;
    this.sendAll = send;
    this.task = app.work.tasks.find((one) => one.number === number);
    this.title = this.task ? `act.${this.task.act}` : "tasks.title";
    this.complaint = complaint();
  }

  /** @param {HTMLElement} main */
  async show(main) {
    const { task } = this;
    if (!task) return main.replaceChildren(make("p", "fempty", say("task.gone")));
    const forms = { verify: () => this.verifying(task), check: () => this.checking(task), handle: () => this.handling(task), take: () => this.taking(task) };
    main.replaceChildren(...this.facts(task), ...(await forms[task.act]()), this.complaint.line);
    const map = main.querySelector("field-map");
    if (!(map instanceof FieldMap) || task.lon === null || task.lat === null) return;
    const spot = /** @type {[number, number]} */ ([task.lon, task.lat]);
    map.scale = 1;
    map.show(this.app.ground, spot);
    map.chosen = spot;
    map.addEventListener("field-map:pick", () => {
      map.chosen = spot; // it lies where it lies
      map.draw();
    });
    map.draw();
    this.measure(map, spot);
  }

  leave() {
    if (this.watching !== undefined) navigator.geolocation.clearWatch(this.watching);
    if (this.later) void this.keep();
    clearTimeout(this.later);
  }

  /** How far it is from here, as long as the phone says where that is. @param {FieldMap} map @param {[number, number]} spot */
  measure(map, spot) {
    if (!("geolocation" in navigator)) return;
    this.watching = navigator.geolocation.watchPosition(({ coords }) => {
      map.here = { at: [coords.longitude, coords.latitude], accuracy: coords.accuracy };
      map.draw();
      if (this.far) this.far.textContent = say("task.away", { n: Math.round(metres(map.here.at, spot)) });
    }, () => undefined, { enableHighAccuracy: true });
  }

  /** @param {Task} task */
  facts(task) {
    const now = Date.now() + this.app.ahead;
    this.far = make("span", "ffar");
    const head = make("div", "fcard", make("div", "ftask__head", make("strong", "fcard__title", pick(task.names)), urgency(task, now)));
    if (task.due_at) head.append(make("p", "", say("due.at", { at: clockTime(Date.parse(task.due_at) - this.app.ahead) })));
    if (task.description) head.append(make("p", "", task.description));
    if (task.reworked) head.append(notice("caution", say("task.reworked")));
    head.append(make("p", "fcard__place", placeOf(task), " ", this.far));
    const shown = task.pictures.slice(0, SHOWN_PICTURES).map((id, place) => this.picture(task, id, place));
    if (shown.length) head.append(make("div", "fstills", ...shown));
    if (task.lon === null || task.lat === null) return [head];
    const map = document.createElement("field-map");
    map.className = "fmap fmap--small";
    head.append(map, link(say("task.navigate"), "fbtn", navigation(task.lon, task.lat, pick(task.names))));
    return [head];
  }

  /** As long as there is a network; nothing stands in its place where there is none. @param {Task} task @param {number} id @param {number} place */
  picture(task, id, place) {
    const image = make("img", "fstill");
    image.loading = "lazy";
    image.alt = say("photo.nth", { n: place + 1 });
    image.addEventListener("error", () => image.remove());
    image.src = `/api/cases/${task.number}/evidence/${id}/public`;
    return image;
  }

  /** What is made of the task, gone on with where it was left; pictures and words are kept as they come. @param {Task} task */
  async begin(task) {
    const found = this.app.begun(task, "step");
    const entry = { ...(found ?? fresh(task, this.app.owner, "step")), version: task.version, uploads: "uploads" };
    this.entry = entry;
    this.pictures = await new Album(entry, { changed: () => this.keep() }).begin();
    const title = say(task.photo ? "task.photo_needed" : "task.photo_free");
    const refused = found?.state === "refused" ? [notice("critical", make("strong", "", say("refused")), make("p", "", found.why ?? ""))] : [];
    return [...refused, part(title, this.pictures.box)];
  }

  async keep() {
    if (!this.entry || this.sent) return;
    const { why, code } = this.entry;
    this.entry = turn(this.entry, "edit", Date.now(), { why, code });
    await save(this.entry);
    await this.app.reload();
  }

  /** @param {string} word @param {string} [hint] */
  writing(word, hint) {
    const told = (/** @type {string} */ text) => {
      if (this.entry) this.entry.typed = text;
      clearTimeout(this.later);
      this.later = setTimeout(() => void this.keep(), TYPING_MS);
    };
    return make("div", "fpart", words(say(word), this.entry?.typed ?? "", told, hint));
  }

  /** @param {string} word @param {string} kind @param {string} verb @param {(typed: string) => Record<string, any>} body @param {string} [missing] what is said where nothing was written */
  doing(word, kind, verb, body, missing) {
    return button(say(word), `${kind} fbtn--large`, async () => {
      await this.pictures?.made.catch(() => undefined);
      const typed = this.entry?.typed?.trim() ?? "";
      if (missing && !typed) return this.complaint.say(say(missing));
      if (this.task?.photo && !this.pictures?.photos.length) return this.complaint.say(say("missing.photo_task"));
      if (this.entry) void this.put({ ...this.entry, path: `/api/cases/${this.entry.number}/${verb}`, body: body(typed) });
    });
  }

  /** @param {Task} task */
  async verifying(task) {
    const album = await this.begin(task);
    const verdict = (/** @type {boolean} */ is) => (/** @type {string} */ note) => ({ verdict: is, note });
    const yes = this.doing("verify.true", "fbtn--primary", "verify", verdict(true));
    return [...album, this.writing("task.note"), make("div", "fsend fsend--two", yes, this.doing("verify.false", "", "verify", verdict(false)))];
  }

  /** @param {Task} task */
  async checking(task) {
    const album = await this.begin(task);
    const pass = this.doing("check.pass", "fbtn--primary", "check_pass", (note) => ({ note }));
    const fail = this.doing("check.fail", "", "check_fail", (reason) => ({ reason }), "missing.reason");
    return [...album, this.writing("task.note", say("check.hint")), make("div", "fsend fsend--two", pass, fail)];
  }

  /** @param {Task} task */
  async handling(task) {
    const album = await this.begin(task);
    const submit = this.doing("handle.submit", "fbtn--primary", "submit", (result) => ({ result }), "missing.result");
    return [...album, this.writing("handle.result"), ...this.extension(task), make("div", "fsend", submit)];
  }

  /** More time, where the city lets whoever handles ask for it. @param {Task} task */
  extension(task) {
    const { grounds } = this.app.work;
    const asked = this.app.mine.some((one) => one.kind === "ask" && one.number === task.number && ["queued", "sending"].includes(one.state));
    if (asked) return [notice("info", say("more.asked"))];
    if (!task.extension || !grounds.length) return [];
    const offers = [...new Set([...MORE_MINUTES.filter((one) => one < task.extension), task.extension])];
    const body = { kind: "extension", reason: "", ground: grounds[0]?.code ?? "", minutes: offers[0] ?? task.extension };
    const ask = () => {
      if (!body.reason.trim()) return this.complaint.say(say("missing.reason"));
      return this.put({ ...fresh(task, this.app.owner, "ask"), path: `/api/cases/${task.number}/requests`, body });
    };
    return [
      make(
        "details", "fgroup",
        make("summary", "", make("span", "", say("more.title"))),
        choice(say("more.minutes"), offers.map((one) => [String(one), span(one * 60_000)]), (value) => (body.minutes = Number(value))),
        choice(say("more.ground"), grounds.map((one) => [one.code, pick(one.names)]), (value) => (body.ground = value)),
        words(say("more.reason"), "", (text) => (body.reason = text)),
        button(say("more.send"), "", ask),
      ),
    ];
  }

  /** @param {Task} task */
  taking(task) {
    const entry = { ...fresh(task, this.app.owner, "step"), path: `/api/cases/${task.number}/assign`, body: { handler: this.app.owner } };
    return [make("div", "fsend", button(say("take.send"), "fbtn--primary fbtn--large", () => void this.put(entry)))];
  }

  /** @param {Entry} entry */
  async put(entry) {
    if (this.sent) return;
    this.sent = true;
    clearTimeout(this.later);
    await save(turn(entry, "send", Date.now(), { typed: "" }));
    await this.app.reload();
    this.sendAll();
    this.go("#sent");
  }
}

/** The phone's own way of leading there. @param {number} lon @param {number} lat @param {string} name */
export function navigation(lon, lat, name) {
  const apple = /iPhone|iPad|Macintosh/.test(navigator.userAgent);
  return apple ? `maps://?daddr=${lat},${lon}` : `geo:${lat},${lon}?q=${lat},${lon}(${encodeURIComponent(name)})`;
}
