/**
 * Sends what is queued: on opening, when the network is back, when the app is seen again, and every half minute. One tab
 * at a time does (Web Locks). Every entry carries its key, so what is sent twice is there once.
 */
import { Sending } from "../workbench/sending.js";
import { Unanswered, call, person, told } from "./api.js";
import { LONGEST_WAIT_MS, carriedOn, judge, nextOf, turn } from "./queue.js";
import { entries, photosOf, save, savePhoto, settle } from "./store.js";

const LOCK = "cityops-field-sending";
const UPLOADS = "/api/uploads/";

/** @typedef {import("./queue.js").Entry} Entry */
/** @typedef {import("./store.js").Photo} Photo */
/** @typedef {import("./api.js").Person} Person */
/** @typedef {{seen: (one: Person) => Promise<string>, gone: (status: number) => void, changed: () => void, idle: () => void}} Told */

export class Sender {
  busy = false;
  wanted = false;

  /** @param {Told} told who is there (answers whose entries may be sent), who is not, that something changed, that all is done */
  constructor(told) {
    this.told = told;
  }

  begin() {
    addEventListener("online", () => this.go());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.go());
    setInterval(() => this.go(), LONGEST_WAIT_MS);
    void this.go();
  }

  /** A round now; where one is under way, another after it. */
  async go() {
    this.wanted = true;
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.wanted) {
        this.wanted = false;
        await navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? this.round() : undefined));
      }
    } finally {
      this.busy = false;
    }
  }

  async round() {
    try {
      const one = await person();
      const owner = await this.told.seen(one);
      await this.tidy(owner);
      for (let entry; (entry = nextOf(await entries(), owner, Date.now())); ) await this.send(entry, one.token);
      this.told.idle();
    } catch (fault) {
      if (!(fault instanceof Unanswered)) throw fault;
      this.told.gone(fault.status);
    } finally {
      this.again();
    }
  }

  /** Sooner than the half minute where an entry waits for its next try. */
  again() {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const waiting = (await entries()).filter((one) => one.state === "queued" && one.next);
      if (waiting.some((one) => (one.next ?? 0) <= Date.now())) void this.go();
      else if (waiting.length) this.again();
    }, 2000);
  }

  /** What was under way when a tab went is queued again: nobody else sends, for this tab has the lock. @param {string} owner */
  async tidy(owner) {
    const left = (await entries()).filter((one) => one.owner === owner && one.state === "sending");
    if (left.length) await save(...left.map((one) => turn(one, "fail", Date.now(), { next: 0 })));
  }

  /** @param {Entry} queued @param {string} token of the person's own session: with another's it is refused */
  async send(queued, token) {
    const entry = turn(queued, "begin", Date.now());
    await save(entry);
    this.told.changed();
    const photos = await photosOf(entry.id);
    const answer = await this.given(entry, photos, token).catch((fault) => {
      if (fault instanceof Unanswered) return fault;
      throw fault;
    });
    await this.take(entry, photos, answer);
    this.told.changed();
    const { signin } = judge(answer.status, answer.body);
    if (signin || answer.status === 0) throw new Unanswered(answer.status);
  }

  /** The pictures first, each where it stood, then what names them. @param {Entry} entry @param {Photo[]} photos @param {string} token */
  async given(entry, photos, token) {
    for (const photo of photos) if (!photo.there) await this.upload(photo, token);
    const body = { ...entry.body };
    if (entry.uploads && photos.length) body[entry.uploads] = photos.map((one) => one.uid);
    /** @type {Record<string, string>} */
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token, "Idempotency-Key": entry.id };
    if (entry.version) headers["If-Match"] = `"${entry.version}"`;
    const answer = await call(entry.path, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: answer.status, body: await told(answer), version: Number(answer.headers.get("ETag")?.replace(/\D/g, "")) };
  }

  /** @param {Entry} entry @param {Photo[]} photos @param {{status: number, body: any, version?: number}} answer */
  async take(entry, photos, answer) {
    const { event, pictures, why, code } = judge(answer.status, answer.body);
    if (event === "accept") {
      await save(...carriedOn(await entries(), entry, answer.version ?? 0));
      await settle(turn(entry, "accept", Date.now(), { number: answer.body.number ?? answer.body.case ?? entry.number }));
      return;
    }
    if (pictures) for (const one of photos) await savePhoto({ ...one, uid: "", begun: false, there: false });
    await save(turn(entry, event, Date.now(), event === "refuse" ? { why, code } : {}));
  }

  /** @param {Photo} photo @param {string} token */
  async upload(photo, token) {
    /** @type {Response | undefined} */
    let last;
    if (!photo.uid && photo.begun) photo.uid = await this.adopted(photo);
    photo.begun = true;
    await savePhoto(photo);
    const file = new File([photo.blob], photo.name, { type: photo.blob.type });
    const send = async (/** @type {any} */ where, /** @type {any} */ how) => (last = await fetch(where, how));
    const sending = new Sending(file, { url: UPLOADS, token, uid: photo.uid, told: () => undefined, send });
    while (sending.offset !== file.size) {
      last = undefined;
      await sending.step().catch(async () => {
        throw new Unanswered(last && !last.ok ? last.status : 0, last && !last.ok ? await told(last) : {});
      });
      if (sending.uid === photo.uid) continue;
      photo.uid = sending.uid;
      await savePhoto(photo);
    }
    photo.there = true;
    await savePhoto(photo);
  }

  /** An upload that was begun, and whose answer was not heard: it is there under the name of the picture. @param {Photo} photo */
  async adopted(photo) {
    const answer = await call(UPLOADS);
    if (!answer.ok) return "";
    const waiting = /** @type {{id: string, name: string, length: number}[]} */ (await told(answer));
    return waiting.find((one) => one.name === photo.name && one.length === photo.blob.size)?.id ?? "";
  }
}
