/**
 * <cc-files>: chosen files by name, size and small picture, each of which can be taken away again; choosing adds.
 * The input inside stays the whole truth: what it holds is what the form sends. Without scripts it is shown as it is.
 * With `data-uploads` each file goes ahead in pieces (`sending.js`), is there again after a reload (`kept-files.js`), and
 * the form, when it is sent, names what is there instead of carrying it; it waits for what is still coming.
 */
import { make } from "../lib/dom.js";
import { language, say } from "../lib/words.js";
import { dropFile, filesOf, formOf, keepFile } from "./kept-files.js";
import { Sending } from "./sending.js";

const MEGABYTE = 1024 * 1024;

/** @param {number} bytes @returns {string} */
export function sizeOf(bytes) {
  const [value, unit] = bytes < MEGABYTE ? [Math.max(1, Math.round(bytes / 1024)), "kilobyte"] : [bytes / MEGABYTE, "megabyte"];
  return new Intl.NumberFormat(language(), { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}

/** Whether two are the same file of the disk, chosen twice. @param {File} one @param {File} other */
const same = (one, other) => one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

/** Whether this page was come back to, so that what was chosen in it is wanted again; opened anew, it is not. */
function isBack() {
  const [how] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  return how?.type === "reload" || how?.type === "back_forward";
}

/** @typedef {{sending: Sending, id?: number}} Ahead */

class FilesElement extends HTMLElement {
  /** @type {HTMLInputElement | undefined} */
  input;
  /** @type {File[]} */
  files = [];
  /** @type {Map<File, string>} */
  pictures = new Map();
  /** @type {Map<File, Ahead>} */
  ahead = new Map();
  /** Writes anew how far a file is. @type {Map<File, () => void>} */
  lines = new Map();
  /** The button whose press waits until everything is there. @type {HTMLElement | null | undefined} */
  wanted;

  connectedCallback() {
    const input = this.querySelector("input[type=file]");
    const list = this.querySelector("[data-part=chosen]");
    const status = this.querySelector(".files__status");
    if (!(input instanceof HTMLInputElement) || !(list instanceof HTMLElement) || !status) return;
    this.input ??= this.listen(input);
    this.list = list;
    this.status = status;
    for (const one of this.held()) this.letGo(one);
    this.take([...(input.files ?? [])]);
    if (this.dataset.uploads) void this.restore(input);
  }

  disconnectedCallback() {
    this.wanted = undefined;
    for (const { sending } of this.ahead.values()) sending.pause();
    for (const picture of this.pictures.values()) URL.revokeObjectURL(picture);
    this.pictures.clear();
  }

  /** @param {HTMLInputElement} input @returns {HTMLInputElement} */
  listen(input) {
    input.addEventListener("change", () => this.take([...(input.files ?? [])]));
    input.form?.addEventListener("reset", () => this.keep([]));
    if (this.dataset.uploads) input.form?.addEventListener("submit", (event) => this.hold(event));
    if (this.dataset.uploads) input.form?.addEventListener("formdata", ({ formData }) => this.name(formData));
    this.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      this.classList.add("is-over");
    });
    this.addEventListener("dragleave", () => this.classList.remove("is-over"));
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      this.classList.remove("is-over");
      const kinds = input.accept.split(",");
      this.take([...(event.dataTransfer?.files ?? [])].filter((file) => kinds.includes(file.type)));
    });
    return input;
  }

  /** What a form that was refused still has on the server. @returns {HTMLElement[]} */
  held() {
    return [...this.querySelectorAll("[data-held]")].filter((one) => one instanceof HTMLElement);
  }

  /** It can be taken away like any other. @param {HTMLElement} row */
  letGo(row) {
    const remove = this.removing(row.dataset.name ?? "");
    remove.addEventListener("click", () => {
      void fetch(`${this.dataset.uploads}${row.dataset.held}`, { method: "DELETE", headers: { "Tus-Resumable": "1.0.0", "X-CSRFToken": this.token } }).catch(() => undefined);
      row.remove();
      this.keep(this.files);
      this.input?.focus();
    });
    const picture = row.querySelector("img");
    picture?.addEventListener("error", () => picture.replaceWith(make("span", "files__picture")));
    if (!row.querySelector("button")) row.append(make("span", "files__buttons", remove));
  }

  get token() {
    return this.input?.form?.querySelector("input[name=csrfmiddlewaretoken]")?.getAttribute("value") ?? "";
  }

  /** What was chosen before a reload is there again, unless the server has it or has used it. @param {HTMLInputElement} input */
  async restore(input) {
    const held = new Set(this.held().map((one) => one.dataset.held));
    for (const one of await filesOf(formOf(input))) {
      if (one.at >= performance.timeOrigin) continue; // chosen here meanwhile
      if (!isBack() || held.has(one.uid) || (one.uid && !(await this.isFree(one.uid)))) await dropFile(one.id);
      else this.take([one.file], one);
    }
  }

  /** @param {string} uid @returns {Promise<boolean>} whether it still waits for a form, as far as can be told */
  async isFree(uid) {
    try {
      const answer = await fetch(`${this.dataset.uploads}${uid}`);
      return answer.ok ? !(await answer.json()).used_for : answer.status >= 500;
    } catch {
      return true;
    }
  }

  /** A file goes ahead. @param {File} file @param {import("./kept-files.js").Kept} [kept] */
  async send(file, kept) {
    if (!this.dataset.uploads || !this.input || this.ahead.has(file) || this.isTooLarge(file)) return;
    const record = kept ?? { form: formOf(this.input), file, uid: "", at: Date.now() };
    /** @type {Ahead} */
    const one = { sending: new Sending(file, { url: this.dataset.uploads, token: this.token, uid: record.uid, told: () => this.told(file, one, record) }), id: record.id };
    this.ahead.set(file, one);
    one.id ??= await keepFile(record);
    if (this.ahead.has(file)) void one.sending.run();
    else await dropFile(one.id);
  }

  /** @param {File} file @param {Ahead} one @param {import("./kept-files.js").Kept} record */
  told(file, one, record) {
    if (one.sending.uid && one.sending.uid !== record.uid && one.id) {
      record.uid = one.sending.uid;
      void keepFile({ ...record, id: one.id });
    }
    this.lines.get(file)?.();
    if (this.wanted !== undefined && !this.isWaiting()) {
      const button = this.wanted;
      this.wanted = undefined;
      this.input?.form?.requestSubmit(button);
    }
  }

  isWaiting() {
    return [...this.ahead.values()].some(({ sending }) => sending.isComing);
  }

  /** The form waits for its pictures. @param {SubmitEvent} event */
  hold(event) {
    if (event.defaultPrevented || !this.isWaiting()) return;
    event.preventDefault();
    this.wanted = event.submitter;
    if (this.status) this.status.textContent = say("files.first");
  }

  /** What is there is named, the rest carried. @param {FormData} data */
  name(data) {
    const there = this.files.filter((file) => this.ahead.get(file)?.sending.state === "there");
    if (!this.input || !there.length) return;
    data.delete(this.input.name);
    for (const file of this.files) {
      if (there.includes(file)) data.append(`${this.input.name}_uploads`, this.ahead.get(file)?.sending.uid ?? "");
      else data.append(this.input.name, file);
    }
  }

  /** What was chosen comes to what there is; where only one may be, it takes its place. @param {File[]} chosen @param {import("./kept-files.js").Kept} [kept] */
  take(chosen, kept) {
    const fresh = chosen.filter((file) => !this.files.some((known) => same(known, file)));
    this.keep(this.input?.multiple || !fresh.length ? [...this.files, ...fresh] : fresh.slice(-1));
    for (const file of fresh) if (this.files.includes(file)) void this.send(file, kept);
  }

  /** These and no others are sent. @param {File[]} files */
  keep(files) {
    for (const file of this.files) if (!files.includes(file)) this.forget(file);
    this.files = files;
    if (!this.input) return;
    const carried = new DataTransfer();
    for (const file of files) carried.items.add(file);
    this.input.files = carried.files;
    this.input.setCustomValidity(this.fault());
    this.show();
  }

  /** @returns {string} why the server would refuse these, "" when it would not */
  fault() {
    const { most } = this.dataset;
    if (this.files.length + this.held().length > Number(most ?? Infinity)) return say("files.too_many", { most: most ?? "" });
    const large = this.files.find((file) => this.isTooLarge(file));
    return large ? `${large.name}: ${say("files.too_large", { megabytes: this.most(large) })}` : "";
  }

  /** How many megabytes a picture, or a clip, may have. @param {File} file @returns {string} */
  most(file) {
    const { megabytes, clipMegabytes } = this.dataset;
    return (file.type.startsWith("video/") ? clipMegabytes : undefined) ?? megabytes ?? "";
  }

  /** @param {File} file */
  isTooLarge(file) {
    return file.size > Number(this.most(file) || Infinity) * MEGABYTE;
  }

  show() {
    if (!this.list || !this.status) return;
    const held = this.held().length;
    const size = sizeOf(this.files.reduce((sum, file) => sum + file.size, 0));
    this.status.textContent = this.files.length ? say("files.chosen", { n: this.files.length, size }) : say(held ? "files.held" : "files.none", { n: held });
    this.list.replaceChildren(...this.files.map((file) => this.row(file)));
    this.list.hidden = !this.files.length;
  }

  /** @param {File} file */
  row(file) {
    const picture = make("img", "files__picture");
    picture.alt = "";
    picture.addEventListener("error", () => picture.replaceWith(make("span", "files__picture")));
    if (!this.pictures.has(file)) this.pictures.set(file, URL.createObjectURL(file));
    picture.src = this.pictures.get(file) ?? "";
    const remove = this.removing(file.name);
    remove.addEventListener("click", () => this.takeAway(file));
    const words = make("span", "files__words", make("span", "files__name", file.name), make("small", "quiet", sizeOf(file.size)));
    if (this.isTooLarge(file)) words.append(make("span", "field__error", say("files.too_large", { megabytes: this.most(file) })));
    const ahead = this.progress(file);
    if (ahead) words.append(ahead.line);
    return make("li", "files__file", picture, words, make("span", "files__buttons", ...(ahead ? [ahead.button] : []), remove));
  }

  /** @param {string} name @returns {HTMLButtonElement} */
  removing(name) {
    const remove = make("button", "btn btn--small files__remove", "×");
    remove.type = "button";
    remove.setAttribute("aria-label", say("files.remove", { name }));
    return remove;
  }

  /** How far it is, in words and as a bar, with the button that pauses it; written anew in place, so no key is lost. @param {File} file */
  progress(file) {
    if (!this.dataset.uploads || this.isTooLarge(file)) return undefined;
    const word = make("small", "quiet files__state");
    const bar = make("progress", "bar files__bar");
    const button = make("button", "btn btn--small files__pause");
    bar.max = Math.max(1, file.size);
    bar.setAttribute("aria-label", say("files.progress", { name: file.name }));
    button.type = "button";
    button.addEventListener("click", () => {
      const sending = this.ahead.get(file)?.sending;
      if (sending?.state === "paused") void sending.run();
      else sending?.pause();
    });
    const told = () => {
      const sending = this.ahead.get(file)?.sending;
      const state = sending?.state ?? "waiting";
      const paused = state === "paused";
      bar.value = sending?.offset ?? bar.value;
      bar.hidden = state === "there" || state === "refused";
      button.hidden = bar.hidden;
      button.textContent = paused ? "▶" : "‖";
      button.setAttribute("aria-label", say(paused ? "files.resume" : "files.pause", { name: file.name }));
      word.textContent = say(`files.${state}`, { percent: Math.floor((100 * bar.value) / bar.max) });
      word.dataset.state = state;
    };
    this.lines.set(file, told);
    told();
    return { line: make("span", "files__ahead", word, bar), button };
  }

  /** Gone from the form; the keyboard goes on at the next one, or at the input. @param {File} file */
  takeAway(file) {
    const place = this.files.indexOf(file);
    this.keep(this.files.filter((one) => one !== file));
    const buttons = this.list?.querySelectorAll(".files__remove") ?? [];
    const next = buttons[Math.min(place, buttons.length - 1)];
    (next instanceof HTMLElement ? next : this.input)?.focus();
  }

  /** @param {File} file */
  forget(file) {
    URL.revokeObjectURL(this.pictures.get(file) ?? "");
    this.pictures.delete(file);
    const one = this.ahead.get(file);
    this.ahead.delete(file);
    this.lines.delete(file);
    void dropFile(one?.id);
    void one?.sending.end();
  }
}

customElements.define("cc-files", FilesElement);
