/** Choosing a class by few taps: those used last, else by group, else by a word of the name. */
import { make } from "../lib/dom.js";
import { button, labelled } from "./ui.js";
import { pick, say } from "./words.js";

/** @typedef {import("./app.js").CaseClass} CaseClass */
/** @typedef {{groups: Record<string, any>, classes: CaseClass[]}} Catalogue */

const REMEMBERED = 6;

/** @param {string} owner @returns {string[]} */
function lately(owner) {
  try {
    return JSON.parse(localStorage.getItem(`field-classes ${owner}`) ?? "[]");
  } catch {
    return [];
  }
}

/** @param {string} owner @param {string} code */
export function remembered(owner, code) {
  const kept = [code, ...lately(owner).filter((one) => one !== code)].slice(0, REMEMBERED);
  localStorage.setItem(`field-classes ${owner}`, JSON.stringify(kept));
}

/** Those of the person's last reports. @param {Catalogue} catalogue @param {string} owner @returns {CaseClass[]} */
export function usual(catalogue, owner) {
  return lately(owner).flatMap((code) => catalogue.classes.filter((one) => one.code === code));
}

/** Every part of what is typed stands in the name, in one of the languages, or the code. @param {CaseClass[]} classes @param {string} typed */
export function matching(classes, typed) {
  const parts = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return classes.filter((one) => {
    const text = `${one.names.zh ?? ""} ${one.names.en ?? ""} ${one.code}`.toLowerCase();
    return parts.every((each) => text.includes(each));
  });
}

/** Also while the classes are still coming. @param {import("./app.js").App} app @returns {Promise<string>} its code; "" where none was chosen */
export function chooseClass(app) {
  const dialog = make("dialog", "fdialog");
  const list = make("div", "fdialog__list");
  const search = make("input", "finput");
  search.type = "search";
  search.autocomplete = "off";
  const close = button(say("close"), "fbtn", () => dialog.close());
  const title = make("h2", "fdialog__title", say("kind.title"));
  title.id = "field-class";
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(make("div", "fdialog__head", title, close), labelled(say("kind.search"), search).box, list);
  const row = (/** @type {CaseClass} */ one) => {
    const made = button("", "fclass", () => dialog.close(one.code));
    made.append(make("span", "", pick(one.names)), make("small", "", one.photo ? `${one.code} · ${say("kind.photo")}` : one.code));
    return made;
  };
  const groups = () =>
    Object.entries(app.catalogue.groups).map(([group, names]) => {
      const rows = app.catalogue.classes.filter((one) => one.group === group);
      const kind = say(group.startsWith("C") ? "kind.component" : "kind.event");
      return make("details", "fgroup", make("summary", "", make("span", "", pick(names)), make("small", "", `${kind} · ${rows.length}`)), ...rows.map(row));
    });
  let shown = app.catalogue.classes;
  const show = () => {
    shown = app.catalogue.classes;
    const found = search.value.trim() ? matching(app.catalogue.classes, search.value).map(row) : groups();
    list.replaceChildren(...(found.length ? found : [make("p", "ffield__hint", say(app.catalogue.classes.length ? "kind.nothing" : "kind.not_kept"))]));
  };
  search.addEventListener("input", show);
  const come = () => app.catalogue.classes !== shown && show();
  app.addEventListener("changed", come);
  show();
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => {
      app.removeEventListener("changed", come);
      dialog.remove();
      done(dialog.returnValue);
    });
  });
}
