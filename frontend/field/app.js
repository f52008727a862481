/** What the screens look at: who is there, what is kept, what is on its way; and how it changes. */
import { fetched, held } from "./api.js";
import { readGround } from "./ground.js";
import { counted, isDone, underWay } from "./queue.js";
import { drop, entries, forgetOthers, keep, recall } from "./store.js";

/** @typedef {import("./queue.js").Entry} Entry */
/** @typedef {import("./api.js").Person} Person */
/** @typedef {{code: string, names: {zh?: string, en?: string}, group: string, photo: boolean, film: boolean}} CaseClass */
/** @typedef {{number: string, version: number, act: "verify" | "check" | "handle" | "take", due_at: string | null, since: string, names: any, description: string, address: string, place: any, lon: number | null, lat: number | null, photo: boolean, pictures: number[], extension: number, reworked: number}} Task */

const RECEIPT_MS = 14 * 24 * 3600 * 1000;
const FRESH_MS = 10 * 60 * 1000;

export class App extends EventTarget {
  /** @type {Omit<Person, "token"> | null} */
  person = null;
  /** `here`: the server answered as this person; `away`: no answer; `out`: signed out; `barred`: not for this person. @type {"asking" | "away" | "here" | "out" | "barred"} */
  link = "asking";
  /** @type {Entry[]} */
  entries = [];
  /** @type {{tasks: Task[], grounds: {code: string, names: any}[]}} */
  work = { tasks: [], grounds: [] };
  /** @type {{groups: Record<string, any>, classes: CaseClass[]}} */
  catalogue = { groups: {}, classes: [] };
  /** @type {import("./ground.js").Ground | null} */
  ground = null;
  /** @type {{key: string, number: string, stage: string, stage_names: any, names: any}[]} */
  sent = [];
  /** What the server's clock is ahead of this phone's. */
  ahead = 0;
  fetchedAt = 0;

  get owner() {
    return this.person?.key ?? "";
  }

  get mine() {
    return this.entries.filter((one) => one.owner === this.owner);
  }

  get counts() {
    return counted(this.entries, this.owner);
  }

  /** Tasks that are not done here already. */
  get tasks() {
    return this.work.tasks.filter((one) => !underWay(this.entries, this.owner, one.number) && !isDone(this.entries, this.owner, one));
  }

  /** What was begun with a task, or came back: it is gone on with. @param {Task} task @param {Entry["kind"]} kind */
  begun(task, kind) {
    return this.mine.find((one) => one.kind === kind && one.number === task.number && one.act === task.act && ["draft", "refused"].includes(one.state));
  }

  told() {
    this.dispatchEvent(new Event("changed"));
  }

  /** As it was left: without a network nothing else is needed. */
  async begin() {
    this.person = (await recall("person")) ?? null;
    await this.recallAll();
    const over = this.entries.filter((one) => one.at < Date.now() - RECEIPT_MS);
    for (const one of over) if (one.state === "accepted" || (one.state === "draft" && one.kind !== "report")) await drop(one.id);
  }

  async recallAll() {
    this.entries = await entries();
    this.work = (await held(this.owner, "tasks")) ?? { tasks: [], grounds: [] };
    this.catalogue = (await held(this.owner, "classes")) ?? { groups: {}, classes: [] };
    const ground = await held(this.owner, "ground");
    this.ground = ground ? readGround(ground) : null;
    this.sent = (await held(this.owner, "sent")) ?? [];
  }

  /** The server says who is there. @param {Person} seen @returns {Promise<string>} */
  async seen({ token: _token, ...one }) {
    this.ahead = Date.parse(one.now) - Date.now();
    this.link = "here";
    const another = this.person?.key !== one.key;
    if (JSON.stringify({ ...this.person, now: "" }) !== JSON.stringify({ ...one, now: "" })) await keep("person", one);
    this.person = one;
    if (another) {
      await forgetOthers(one.key);
      await this.recallAll();
      this.dispatchEvent(new Event("another"));
    }
    this.told();
    return one.key;
  }

  /** @param {number} status */
  gone(status) {
    this.link = status === 401 ? "out" : status === 403 ? "barred" : "away";
    this.told();
  }

  async reload() {
    this.entries = await entries();
    this.told();
  }

  /** What may have changed meanwhile is asked for; the map and the classes seldom. */
  async fetchAll() {
    const { owner } = this;
    const seldom = Date.now() - this.fetchedAt > FRESH_MS;
    const wanted = [this.asked(owner, "tasks"), this.asked(owner, "sent")];
    if (seldom || !this.catalogue.classes.length) wanted.push(this.asked(owner, "classes"));
    if (seldom || !this.ground) wanted.push(this.asked(owner, "ground"));
    const done = await Promise.allSettled(wanted);
    if (seldom && done.every((one) => one.status === "fulfilled")) this.fetchedAt = Date.now();
    this.told();
  }

  /** @param {string} owner @param {"tasks" | "sent" | "classes" | "ground"} name */
  async asked(owner, name) {
    const data = await fetched(owner, name);
    if (data === null || owner !== this.owner) return;
    if (name === "tasks") this.work = data;
    if (name === "sent") this.sent = data;
    if (name === "classes") this.catalogue = data;
    if (name === "ground") this.ground = readGround(data);
  }
}
