/**
 * <cc-files>: chosen files by name, size and small picture, each of which can be taken away again; choosing adds.
 * The input inside stays the whole truth: what it holds is what the form sends. Without scripts it is shown as it is.
 */
import { make } from "../lib/dom.js";
import { language, say } from "../lib/words.js";

const MEGABYTE = 1024 * 1024;

/** @param {number} bytes @returns {string} */
export function sizeOf(bytes) {
  const [value, unit] = bytes < MEGABYTE ? [Math.max(1, Math.round(bytes / 1024)), "kilobyte"] : [bytes / MEGABYTE, "megabyte"];
  return new Intl.NumberFormat(language(), { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}

/** Whether two are the same file of the disk, chosen twice. @param {File} one @param {File} other */
const same = (one, other) => one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

class FilesElement extends HTMLElement {
  /** @type {HTMLInputElement | undefined} */
  input;
  /** @type {File[]} */
  files = [];
  /** @type {Map<File, string>} */
  pictures = new Map();

  connectedCallback() {
    const input = this.querySelector("input[type=file]");
    const list = this.querySelector(".files__list");
    const status = this.querySelector(".files__status");
    if (!(input instanceof HTMLInputElement) || !(list instanceof HTMLElement) || !status) return;
    this.input ??= this.listen(input);
    this.list = list;
    this.status = status;
    this.take([...(input.files ?? [])]);
  }

  disconnectedCallback() {
    for (const file of [...this.pictures.keys()]) this.forget(file);
  }

  /** @param {HTMLInputElement} input @returns {HTMLInputElement} */
  listen(input) {
    input.addEventListener("change", () => this.take([...(input.files ?? [])]));
    input.form?.addEventListener("reset", () => this.keep([]));
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

  /** What was chosen comes to what there is; where only one may be, it takes its place. @param {File[]} chosen */
  take(chosen) {
    const fresh = chosen.filter((file) => !this.files.some((known) => same(known, file)));
    this.keep(this.input?.multiple || !fresh.length ? [...this.files, ...fresh] : fresh.slice(-1));
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
    if (this.files.length > Number(most ?? Infinity)) return say("files.too_many", { most: most ?? "" });
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
    const size = sizeOf(this.files.reduce((sum, file) => sum + file.size, 0));
    this.status.textContent = this.files.length ? say("files.chosen", { n: this.files.length, size }) : say("files.none");
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
    const remove = make("button", "btn btn--small files__remove", "×");
    remove.type = "button";
    remove.setAttribute("aria-label", say("files.remove", { name: file.name }));
    remove.addEventListener("click", () => this.takeAway(file));
    const words = make("span", "files__words", make("span", "files__name", file.name), make("small", "quiet", sizeOf(file.size)));
    if (this.isTooLarge(file)) words.append(make("span", "field__error", say("files.too_large", { megabytes: this.most(file) })));
    return make("li", "files__file", picture, words, remove);
  }

  /** Gone from the form; the keyboard goes on at the next one, or at the input. @param {File} file */
  takeAway(file) {
    const place = this.files.indexOf(file);
    this.keep(this.files.filter((one) => one !== file));
    const buttons = this.querySelectorAll("button");
    (buttons[Math.min(place, buttons.length - 1)] ?? this.input)?.focus();
  }

  /** @param {File} file */
  forget(file) {
    URL.revokeObjectURL(this.pictures.get(file) ?? "");
    this.pictures.delete(file);
  }
}

customElements.define("cc-files", FilesElement);
