/** The pieces that screens are made of: large, plain, within reach of a thumb. */
import { make, shape } from "../lib/dom.js";
import { keepPhoto, MOST_PHOTOS, scaled } from "./photos.js";
import { dropPhoto, photosOf } from "./store.js";
import { say } from "./words.js";

/** @typedef {import("./queue.js").Entry} Entry */
/** @typedef {import("./store.js").Photo} Photo */

let count = 0;
const fresh = () => `f${(count += 1)}`;

/** @param {string} text @param {string} kind @param {() => void} act @returns {HTMLButtonElement} */
export function button(text, kind, act) {
  const made = make("button", `fbtn ${kind}`.trim(), text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

/** @param {string} text @param {string} kind @param {string} to @returns {HTMLAnchorElement} */
export function link(text, kind, to) {
  const made = make("a", kind, text);
  made.href = to;
  return made;
}

/** Colour, shape and word. @param {string} level @param {string} text */
export function chip(level, text) {
  const made = make("span", `fchip fchip--${level}`, shape(level), text);
  return made;
}

/** A line for what must be noticed. @param {string} level @param {...(Node | string)} children */
export const notice = (level, ...children) => make("div", `fnotice fnotice--${level}`, ...children);

/** A control under its label. @template {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} T @param {string} text @param {T} control @param {string} [hint] @returns {{box: HTMLElement, control: T}} */
export function labelled(text, control, hint) {
  control.id ||= fresh();
  const label = make("label", "ffield__label", text);
  label.htmlFor = control.id;
  const box = make("div", "ffield", label, control);
  if (hint) {
    const line = make("p", "ffield__hint", hint);
    line.id = `${control.id}h`;
    control.setAttribute("aria-describedby", line.id);
    box.append(line);
  }
  return { box, control };
}

/** @param {string} text @param {string} value @param {(value: string) => void} told @param {string} [hint] */
export function words(text, value, told, hint) {
  const area = make("textarea", "fwords");
  area.rows = 3;
  area.maxLength = 4000;
  area.value = value;
  area.addEventListener("input", () => told(area.value));
  return labelled(text, area, hint).box;
}

/** One of some words. @param {string} text @param {[string, string][]} options @param {(value: string) => void} told */
export function choice(text, options, told) {
  const list = make("select", "fselect");
  for (const [value, word] of options) {
    const option = make("option", "", word);
    option.value = value;
    list.append(option);
  }
  list.addEventListener("change", () => told(list.value));
  return labelled(text, list).box;
}

/** A title over a part of the screen. @param {string} text @param {...(Node | string)} children */
export function part(text, ...children) {
  const title = make("h2", "fpart__title", text);
  title.id = fresh();
  const made = make("section", "fpart", title, ...children);
  made.setAttribute("aria-labelledby", title.id);
  return made;
}

/** What is wrong, said where it is and to whoever hears the screen. */
export function complaint() {
  const line = make("p", "fcomplaint");
  line.setAttribute("role", "alert");
  line.hidden = true;
  return {
    line,
    /** @param {string} text */
    say(text) {
      line.textContent = text;
      line.hidden = !text;
      if (text) line.scrollIntoView({ block: "center" });
    },
  };
}

/** The camera, the album, and what was taken; kept on the phone as it comes. */
export class Album {
  /** @type {Photo[]} */
  photos = [];
  /** What is chosen is made small and kept, one choosing after another; whoever sends waits for it. @type {Promise<void>} */
  made = Promise.resolve();

  /** @param {Entry} entry @param {{changed: () => void | Promise<void>}} given `changed` keeps the entry itself */
  constructor(entry, { changed }) {
    this.entry = entry;
    this.changed = changed;
    this.list = make("ul", "fphotos");
    this.list.setAttribute("aria-label", say("photo.list"));
    this.status = make("p", "ffield__hint");
    this.status.setAttribute("role", "status");
    this.camera = this.taking("photo.camera", "fbtn fbtn--camera", true);
    this.album = this.taking("photo.album", "fbtn", false);
    this.box = make("div", "falbum", make("div", "fbtns", this.camera, this.album), this.status, this.list);
  }

  /** @param {string} word @param {string} kind @param {boolean} camera */
  taking(word, kind, camera) {
    const input = make("input", "visually-hidden");
    input.type = "file";
    input.accept = "image/*";
    if (camera) input.setAttribute("capture", "environment");
    else input.multiple = true;
    input.addEventListener("change", async () => {
      const files = [...(input.files ?? [])];
      this.made = this.made.catch(() => undefined).then(() => this.add(files));
      await this.made;
      input.value = "";
    });
    return make("label", kind, input, make("span", "", say(word)));
  }

  /** Some classes ask for a clip. @param {boolean} films */
  takes(films) {
    for (const input of this.box.querySelectorAll("input")) input.accept = films ? "image/*,video/*" : "image/*";
  }

  async begin() {
    this.photos = await photosOf(this.entry.id);
    this.show();
    return this;
  }

  /** @param {File[]} files */
  async add(files) {
    this.status.textContent = say("photo.making");
    let refused = "";
    for (const file of files) {
      if (this.photos.length >= MOST_PHOTOS) refused = say("photo.most", { n: MOST_PHOTOS });
      if (refused) break;
      const blob = await scaled(file);
      if (blob) this.photos.push(await keepPhoto(this.entry, blob));
      else refused = say("photo.unreadable", { name: file.name });
    }
    await this.changed();
    this.show();
    if (refused) this.status.textContent = refused;
  }

  show() {
    this.status.textContent = this.photos.length ? say("photo.some", { n: this.photos.length }) : "";
    for (const old of this.list.querySelectorAll("img")) URL.revokeObjectURL(old.src);
    this.list.replaceChildren(...this.photos.map((photo, place) => this.row(photo, place)));
  }

  /** @param {Photo} photo @param {number} place */
  row(photo, place) {
    const film = photo.blob.type.startsWith("video/");
    const picture = film ? make("span", "fphoto__film", say("photo.film")) : make("img", "fphoto__picture");
    if (picture instanceof HTMLImageElement) {
      picture.src = URL.createObjectURL(photo.blob);
      picture.alt = say("photo.nth", { n: place + 1 });
    }
    const remove = button("×", "fphoto__remove", async () => {
      await dropPhoto(photo.id);
      this.photos = this.photos.filter((one) => one.id !== photo.id);
      this.show();
      await this.changed();
      this.camera.querySelector("input")?.focus();
    });
    remove.setAttribute("aria-label", say("photo.remove", { n: place + 1 }));
    return make("li", "fphoto", picture, remove);
  }
}
