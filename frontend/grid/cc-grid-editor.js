/**
 * <cc-grid-editor>: a draft of the map, edited: the page brings every form and button, this joins them to map and server.
 * Everything that the pointer does can be done with keys and with numbers; without WebGL the forms still work.
 */
import { openMap } from "../map/engine.js";
import { make } from "../lib/dom.js";
import { pick, say } from "../lib/words.js";
import { CornerTable } from "../draw/corners.js";
import { areaOf, boxOf, distance, ringsOf, rounded, same } from "../draw/geometry.js";
import { readPoints, readPolygon, Unreadable } from "../draw/reading.js";
import { verticesOf } from "../draw/shape.js";
import { Ground, levelOfProblem } from "./ground.js";
import { Refused, Session } from "./session.js";
import { holdings, sidesList } from "./sides.js";
import { Tools } from "./tools.js";

/** @typedef {import("../draw/geometry.js").Point} Point */
/** @typedef {import("./session.js").Cell} Cell */

const UNIT = 13;
const NEAREST_ZOOM = 12.5;
const LISTED = 200;
const NEARLY = 1e-7;
const PROBLEMS_MS = 250;
const NO_VERSION = { id: 0, state: "published", revision: 0, problems: null, can_undo: false, can_redo: false };

export class GridEditor extends HTMLElement {
  session = new Session(NO_VERSION);
  /** @type {Set<string>} */
  chosen = new Set();
  /** @type {GeoJSON.Feature[]} */
  communities = [];
  /** @type {Ground | undefined} */
  ground;
  /** @type {Tools | undefined} */
  tools;
  /** @type {CornerTable | undefined} */
  corners;

  connectedCallback() {
    if (this.started) return;
    this.started = true;
    const version = JSON.parse(this.dataset.version ?? "{}");
    this.session = new Session(version, { csrf: this.dataset.csrf ?? "" });
    this.mayEdit = version.state !== "published";
    this.session.addEventListener("cells", () => this.showCells());
    this.session.addEventListener("version", () => this.showVersion());
    this.session.addEventListener("problems", () => this.showProblems());
    this.session.addEventListener("state", () => this.showState());
    this.listen();
    this.showVersion();
    this.open().catch((error) => {
      this.tell(say("map.none"));
      console.info("no map:", error);
    }).finally(() => (this.dataset.ready = ""));
    this.session.refresh().catch((error) => this.refuse(error));
    addEventListener("online", () => this.session.state === "offline" && this.session.deliver());
    addEventListener("beforeunload", (event) => this.session.waiting && event.preventDefault());
  }

  /** @param {string} name @returns {HTMLElement} a part of the page's own markup */
  piece(name) {
    return /** @type {HTMLElement} */ (this.querySelector(`[data-part="${name}"]`) ?? document.createElement("div"));
  }

  /** @param {string} name @returns {HTMLFormElement} */
  form(name) {
    return /** @type {HTMLFormElement} */ (this.querySelector(`form[data-form="${name}"]`) ?? document.createElement("form"));
  }

  async open() {
    const canvas = document.createElement("div");
    this.piece("map").append(canvas);
    const bounds = JSON.parse(this.dataset.bounds || "null") ?? undefined;
    const { map } = await openMap(canvas, { unit: UNIT, ...(bounds ? { bounds } : {}) });
    this.map = map;
    this.ground = new Ground(map);
    this.tools = new Tools(this, map, this.ground);
    map.on("moveend", () => this.load());
    this.ground.problems(this.session.problems);
    await this.load();
    const { goto } = this.dataset;
    if (goto) await this.goToCell(goto);
  }

  /** What is in sight is read anew; what is chosen stays. */
  async load() {
    const { map } = this;
    if (!map) return;
    if (map.getZoom() < NEAREST_ZOOM && this.session.cells.size === 0 && this.tried) return void this.tell(say("editor.zoom_in"));
    this.tried = true;
    this.loading?.abort();
    this.loading = new AbortController();
    const found = map.getBounds();
    const box = [found.getWest(), found.getSouth(), found.getEast(), found.getNorth()];
    try {
      const { signal } = this.loading;
      const [more, regions] = await Promise.all([
        this.session.load(box, signal),
        this.session.ask(`/regions?level=community&bbox=${box.map((value) => value.toFixed(7)).join(",")}`, undefined, signal),
      ]);
      this.communities = regions.features;
      this.ground?.put("communities", this.communities.filter((one) => one.geometry));
      this.listCommunities();
      this.tell(more ? say("editor.zoom_in") : "");
    } catch (error) {
      if (!(error instanceof DOMException)) this.refuse(error);
    }
  }

  /** @param {string} code */
  async goToCell(code) {
    const community = code.slice(0, Number(this.dataset.community));
    const found = await this.session.ask(`/cells?community=${community}`);
    const cell = found.features.find((/** @type {Cell} */ one) => one.properties.code === code);
    if (!cell) return;
    this.ground?.goTo(cell.geometry);
    await this.load();
    this.choose(code, false);
  }

  listen() {
    this.corners = new CornerTable(this.piece("corners"), this.piece("corners-more"), {
      vertices: () => verticesOf(this.only()?.geometry), hand: () => this.tools, mayEdit: () => this.mayEdit === true,
      moved: (number, from, to) => this.moveVertex({ number, from, to }), removed: (number) => this.deleteVertex(number), refused: (error) => this.refuse(error),
    });
    this.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (!button) return;
      if (button.dataset.tool) this.tools?.use(/** @type {any} */ (button.dataset.tool));
      if (button.dataset.act) this.act(button.dataset.act, button);
    });
    this.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("submit", (event) => {
      const form = event.target instanceof HTMLFormElement ? event.target : null;
      if (!form?.dataset.form) return;
      event.preventDefault();
      this.submit(form.dataset.form, form);
    });
  }

  /** Undo and redo by their usual keys, except while somebody types. @param {KeyboardEvent} event */
  key(event) {
    if (!(event.ctrlKey || event.metaKey)) return;
    if (event.target instanceof Element && event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    const letter = event.key.toLowerCase();
    const act = letter === "z" ? (event.shiftKey ? "redo" : "undo") : letter === "y" ? "redo" : "";
    if (!act) return;
    event.preventDefault();
    this.act(act);
  }

  /** @param {string} name @param {HTMLButtonElement} [button] */
  act(name, button) {
    /** @type {Record<string, () => unknown>} */
    const acts = {
      undo: () => this.session.version.can_undo && this.run(() => this.session.undo(), "editor.undone"),
      redo: () => this.session.version.can_redo && this.run(() => this.session.redo(), "editor.redone"),
      merge: () => this.merge(),
      delete: () => this.ask("delete"),
      "delete-yes": () => this.remove(),
      check: () => this.check(),
      again: () => this.reload(),
      "give-up": () => this.session.giveUp(),
      fix: () => this.fix(button?.value ?? ""),
      problem: () => this.showProblem(button?.value ?? ""),
      "corner-delete": () => this.deleteVertex(Number(button?.value)),
      "corner-add": () => this.insertAfter(Number(button?.value)),
      finish: () => this.tools?.finish(),
      clear: () => this.tools?.clear(),
    };
    acts[name]?.();
  }

  /** @param {string} name @param {HTMLFormElement} form */
  async submit(name, form) {
    const given = Object.fromEntries([...new FormData(form)].map(([key, value]) => [key, String(value)]));
    try {
      if (name === "describe") await this.describe(given);
      if (name === "draw") await this.drawTyped(given, form);
      if (name === "split") await this.splitTyped(given, form);
      if (name === "grade") await this.grade(given, form);
      if (name === "find") await this.goToCell((given.code ?? "").trim());
    } catch (error) {
      this.refuse(error);
    }
  }

  /** Runs an edit; says what became of it. @param {() => Promise<any>} edit @param {string} done @param {Record<string, string | number>} [values] @returns {Promise<any>} its answer, null where it was refused */
  async run(edit, done, values = {}) {
    this.say("");
    this.sides = "";
    this.piece("sides").hidden = true;
    this.piece("sides").replaceChildren();
    try {
      const answer = await edit();
      this.tell(say(done, values));
      clearTimeout(this.later);
      this.later = setTimeout(() => this.session.refresh().catch((error) => this.refuse(error)), PROBLEMS_MS);
      return answer;
    } catch (error) {
      this.refuse(error);
      return null;
    }
  }

  /** @param {unknown} error */
  refuse(error) {
    if (error instanceof Refused && error.code === "editor.given_up") return this.tell(say("editor.given_up"));
    if (error instanceof Refused && error.code === "editor.busy") return this.tell(say("editor.busy"));
    if (error instanceof Unreadable) return this.say(say(error.code, error.values));
    if (error instanceof Refused) return this.say(error.message);
    this.say(say("editor.unreachable"));
    return undefined;
  }

  /** A refusal, seen and read out. @param {string} text */
  say(text) {
    const refusal = this.piece("refusal");
    refusal.textContent = text;
    refusal.hidden = !text;
  }

  /** What has just happened, in the status line. @param {string} text */
  tell(text) {
    this.piece("told").textContent = text;
  }

  /** @param {GeoJSON.Polygon} geometry @param {string} [community] @returns {Promise<boolean>} */
  async draw(geometry, community = "") {
    const chosen = /** @type {HTMLSelectElement | null} */ (this.form("draw").elements.namedItem("community"));
    const middle = /** @type {Point} */ (ringsOf(geometry)[0]?.[0]);
    const box = boxOf(geometry) ?? [0, 0, 0, 0];
    const around = Tools.communityAt([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2], this.communities) || Tools.communityAt(middle, this.communities);
    const home = community || around || chosen?.value || "";
    if (!home) return this.say(say("editor.no_community")), false;
    const { snapping, reach } = this.snapping();
    const answer = await this.run(() => this.session.edit({ op: "draw", community: home, geometry, snap_m: snapping ? reach : 0 }), "editor.drawn");
    const made = answer?.changed.map((/** @type {Cell} */ one) => one.properties.code).filter((/** @type {string} */ code) => code.startsWith(home)).sort().at(-1);
    if (made) this.choose(made, false);
    return answer !== null;
  }

  /** @param {Point[]} points @param {string} [code] @returns {Promise<boolean>} */
  async split(points, code = this.only()?.properties.code) {
    if (!code) return this.say(say("editor.choose_one")), false;
    const line = { type: "LineString", coordinates: points };
    const before = this.session.cells.get(code);
    const answer = await this.run(() => this.session.edit({ op: "split", code, line }), "editor.split");
    if (answer) this.tell(say("editor.split", { n: answer.changed.length }));
    if (answer && before) this.showSides(partsOf(before, answer.changed), code);
    return answer !== null;
  }

  /** What each side of a split would have, once it is reckoned. @param {string[]} codes @param {string} keeper */
  async showSides(codes, keeper) {
    const part = this.piece("sides");
    const asked = (this.sides = codes.join());
    part.hidden = false;
    part.setAttribute("aria-busy", "true");
    try {
      const told = await this.session.ask(`/moves?cells=${asked}`);
      if (this.sides === asked) part.replaceChildren(sidesList(told, holdings(told, codes, keeper), say("sides.split")));
    } catch {
      if (this.sides === asked) part.replaceChildren(make("p", "quiet small", say("sides.failed")));
    }
    part.removeAttribute("aria-busy");
  }

  async merge() {
    const codes = [...this.chosen].sort();
    if (codes.length < 2) return this.say(say("editor.choose_two"));
    if (await this.run(() => this.session.edit({ op: "merge", codes }), "editor.merged", { n: codes.length })) this.choose(codes[0] ?? "", false);
    return undefined;
  }

  /** Asks before what takes away. @param {string} what */
  ask(what) {
    if (!this.chosen.size) return this.say(say("editor.choose_one"));
    const dialog = this.querySelector(`dialog[data-ask="${what}"]`);
    const told = dialog?.querySelector("[data-part=codes]");
    if (told) told.textContent = [...this.chosen].sort().join(", ");
    if (dialog instanceof HTMLDialogElement) dialog.showModal();
    return undefined;
  }

  async remove() {
    for (const code of [...this.chosen]) {
      if (!(await this.run(() => this.session.edit({ op: "delete", code }), "editor.deleted", { code }))) return;
    }
    this.choose("", false);
  }

  /** @param {Record<string, string>} given */
  async describe(given) {
    const code = this.only()?.properties.code;
    if (!code) return;
    const { grade, land_use, responsible } = given;
    this.dirty = !(await this.run(() => this.session.edit({ op: "describe", code, grade: Number(grade), land_use, responsible }), "editor.described", { code }));
  }

  /** The chosen cells, or all of a region, get one grade. @param {Record<string, string>} given @param {HTMLFormElement} form */
  async grade(given, form) {
    const region = (given.region ?? "").trim();
    const codes = region ? [] : [...this.chosen].sort();
    if (!region && !codes.length) return this.say(say("editor.choose_one"));
    const answer = await this.run(() => this.session.edit({ op: "grade", codes, region, grade: Number(given.grade) }), "editor.saved");
    if (!answer) return undefined;
    form.reset();
    this.tell(say("editor.graded", { n: answer.changed.length, grade: given.grade ?? "" }));
    return undefined;
  }

  /** @param {import("../draw/hand.js").Carried} carried */
  async moveVertex(carried) {
    const { from, to, edge } = carried;
    const edit = edge ? { op: "insert_vertex", edge, at: to } : { op: "move_vertex", from, to };
    return this.run(() => this.session.edit(edit), edge ? "editor.inserted" : "editor.moved", { metres: distance(from, to).toFixed(2) });
  }

  /** @param {number} number */
  async deleteVertex(number) {
    const at = verticesOf(this.only()?.geometry)[number];
    if (at) await this.run(() => this.session.edit({ op: "delete_vertex", at }), "editor.vertex_gone");
  }

  /** A vertex in the middle of the edge that begins here. @param {number} number */
  async insertAfter(number) {
    const corner = this.tools?.vertices()[number];
    const ring = ringsOf(this.only()?.geometry).find((one) => one.some((point) => corner && same(point, corner)));
    const at = ring?.findIndex((point) => corner && same(point, corner)) ?? -1;
    const next = ring?.[at + 1];
    if (!corner || !next) return;
    await this.moveVertex({ number, from: corner, to: rounded([(corner[0] + next[0]) / 2, (corner[1] + next[1]) / 2]), edge: [corner, next] });
  }

  /** @param {Record<string, string>} given @param {HTMLFormElement} form */
  async drawTyped(given, form) {
    const shape = readPolygon(given.shape ?? "");
    if (!(await this.draw(shape, given.community))) return;
    form.reset();
    this.ground?.goTo(shape);
  }

  /** @param {Record<string, string>} given @param {HTMLFormElement} form */
  async splitTyped(given, form) {
    const points = readPoints(given.line ?? "");
    if (points.length < 2) throw new Unreadable("editor.read.two");
    if (await this.split(points)) form.reset();
  }

  async check() {
    this.say("");
    this.tell(say("editor.checking"));
    try {
      const found = await this.session.ask("/check", {});
      this.session.problems = found.problems;
      await this.session.refresh();
      this.tell(found.problems.length ? say("editor.invalid", { n: found.problems.length }) : say("editor.valid"));
    } catch (error) {
      this.refuse(error);
    }
  }

  /** @param {string} id */
  async fix(id) {
    await this.run(() => this.session.edit({ op: "fix", problem: id }), "editor.fixed");
  }

  /** Others have changed the draft: their map is read, what was meant is done upon it. */
  async reload() {
    await this.session.again();
    await this.load();
  }

  /** @param {string} id */
  showProblem(id) {
    const found = this.session.problems.find((one) => one.id === id);
    if (!found) return;
    this.ground?.goTo(found.geometry);
    const row = this.piece("problems").querySelector(`[data-problem="${CSS.escape(id)}"]`);
    for (const one of this.piece("problems").querySelectorAll(".is-selected")) one.classList.remove("is-selected");
    row?.classList.add("is-selected");
    row?.scrollIntoView({ block: "nearest" });
  }

  /** @returns {Cell | undefined} the one chosen cell */
  only() {
    return this.chosen.size === 1 ? this.session.cells.get([...this.chosen][0] ?? "") : undefined;
  }

  /** @param {string} code "" chooses none @param {boolean} more beside what is chosen */
  choose(code, more) {
    const before = this.chosen;
    const next = new Set(more ? before : []);
    if (code && next.has(code)) next.delete(code);
    else if (code) next.add(code);
    this.chosen = next;
    this.dirty = false;
    this.ground?.choose(next, before);
    this.showChosen();
    this.tools?.pick(-1);
  }

  /** @returns {{snapping: boolean, reach: number}} */
  snapping() {
    const form = this.form("snap");
    const reach = Number(/** @type {HTMLInputElement | null} */ (form.elements.namedItem("reach"))?.value || 1);
    return { snapping: /** @type {HTMLInputElement | null} */ (form.elements.namedItem("on"))?.checked ?? true, reach };
  }

  /** @param {"vertex" | "edge" | ""} on */
  snappedOn(on) {
    this.piece("snapped").textContent = on ? say(`editor.snap.${on}`) : "";
  }

  /** @param {Point} at */
  pointer(at) {
    this.piece("pointer").textContent = `${at[0].toFixed(6)}, ${at[1].toFixed(6)}`;
  }

  showCells() {
    this.ground?.cells(this.session.cells.values());
    const kept = new Set([...this.chosen].filter((code) => this.session.cells.has(code)));
    if (kept.size !== this.chosen.size) this.choose("", false);
    else this.ground?.choose(this.chosen, new Set());
    this.showChosen();
    this.tools?.pick(this.tools.picked);
  }

  showChosen() {
    const cell = this.only();
    this.piece("none").hidden = this.chosen.size > 0;
    this.piece("many").hidden = this.chosen.size < 2;
    this.piece("many").textContent = say("editor.chosen", { n: this.chosen.size, codes: [...this.chosen].sort().join(", ") });
    this.piece("one").hidden = !cell;
    this.piece("code").textContent = [...this.chosen].sort().join(", ") || "—";
    const area = [...this.chosen].reduce((sum, code) => sum + this.areaOf(code), 0);
    this.piece("area").textContent = this.chosen.size ? say("editor.area", { n: Math.round(area).toLocaleString("en").replaceAll(",", " ") }) : "—";
    for (const button of this.querySelectorAll("[data-act=merge]")) /** @type {HTMLButtonElement} */ (button).disabled = !this.mayEdit || this.chosen.size < 2;
    for (const button of this.querySelectorAll("[data-act=delete]")) /** @type {HTMLButtonElement} */ (button).disabled = !this.mayEdit || !this.chosen.size;
    if (cell) this.fill(cell);
  }

  /** @param {string} code */
  areaOf(code) {
    const cell = this.session.cells.get(code);
    return cell ? cell.properties.area_m2 || areaOf(ringsOf(cell.geometry)) : 0;
  }

  /** @param {Cell} cell */
  fill(cell) {
    this.piece("cell-code").textContent = cell.properties.code;
    const community = this.communities.find((one) => one.properties?.code === cell.properties.community);
    this.piece("cell-community").textContent = `${pick(community?.properties?.names)} ${cell.properties.community}`.trim();
    this.piece("cell-area").textContent = say("editor.area", { n: Math.round(this.areaOf(cell.properties.code)).toLocaleString("en").replaceAll(",", " ") });
    const form = this.form("describe");
    if (!(this.dirty && form.dataset.code === cell.properties.code)) {
      for (const name of /** @type {const} */ (["grade", "land_use", "responsible"])) {
        const field = form.elements.namedItem(name);
        if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = String(cell.properties[name] ?? "");
      }
      form.dataset.code = cell.properties.code;
    }
    form.oninput = () => (this.dirty = true);
    this.listCorners();
  }

  /** @param {boolean} [anew] */
  listCorners(anew = false) {
    this.corners?.list([...this.chosen].join(), anew);
  }

  /** @param {number} number @param {Point} at */
  typed(number, at) {
    this.corners?.typed(number, at);
  }

  /** @param {number} number @param {Point | undefined} at */
  picked(number, at) {
    this.corners?.mark(at ? number : -1);
    if (at) this.tell(say("editor.picked", { n: number + 1 }));
  }

  toolChanged() {
    const tool = this.tools?.tool ?? "select";
    for (const button of this.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", String(button.getAttribute("data-tool") === tool));
    this.tell(say(tool === "split" && !this.only() ? "editor.choose_one" : `editor.hint.${tool}`));
    this.pointsChanged(0);
  }

  /** @param {number} many */
  pointsChanged(many) {
    this.piece("sketching").hidden = many === 0;
    this.piece("points").textContent = say("editor.points", { n: many });
  }

  listCommunities() {
    const list = this.form("draw").elements.namedItem("community");
    if (!(list instanceof HTMLSelectElement)) return;
    const kept = list.value;
    const first = /** @type {HTMLOptionElement} */ (list.options[0]);
    list.replaceChildren(first, ...this.communities.map((one) => {
      const option = document.createElement("option");
      option.value = String(one.properties?.code);
      option.textContent = `${pick(one.properties?.names)} ${one.properties?.code}`;
      return option;
    }));
    list.value = [...list.options].some((one) => one.value === kept) ? kept : "";
  }

  showVersion() {
    const { version } = this.session;
    for (const act of /** @type {const} */ (["undo", "redo"])) {
      const button = this.querySelector(`[data-act=${act}]`);
      if (button instanceof HTMLButtonElement) button.disabled = !this.mayEdit || !version[`can_${act}`];
    }
    this.piece("revision").textContent = String(version.revision);
    const state = this.piece("state");
    state.className = `chip chip--${version.state === "checked" ? "normal" : version.state === "draft" ? "info" : "off"}`;
    state.textContent = say(`editor.state.${version.state}`);
  }

  showProblems() {
    const { problems } = this.session;
    this.ground?.problems(problems);
    this.piece("problem-count").textContent = String(problems.length);
    this.piece("no-problem").hidden = problems.length > 0;
    this.piece("problems").replaceChildren(...problems.slice(0, LISTED).map((one) => this.problem(one)));
    this.piece("problems-more").hidden = problems.length <= LISTED;
  }

  /** @param {import("./session.js").Problem} one */
  problem(one) {
    const row = make("li", "editor__problem");
    row.dataset.problem = one.id;
    const go = make("button", "editor__go", make("span", `chip chip--${levelOfProblem(one.code)}`, say(`editor.level.${levelOfProblem(one.code)}`)), make("span", "", one.sentence));
    Object.assign(go, { type: "button", value: one.id });
    go.dataset.act = "problem";
    row.append(go);
    if (one.fix && this.mayEdit) {
      const fix = make("button", "btn btn--small", one.fix.label);
      Object.assign(fix, { type: "button", value: one.id });
      fix.dataset.act = "fix";
      row.append(fix);
    }
    return row;
  }

  showState() {
    const { state } = this.session;
    this.piece("saving").textContent = say(`editor.saving.${state}`);
    const trouble = this.piece("trouble");
    trouble.hidden = state !== "offline" && state !== "stale";
    if (!trouble.hidden) this.piece("trouble-words").textContent = say(`editor.trouble.${state}`);
    this.piece("map").classList.toggle("is-busy", state === "sending");
  }
}

/** The codes of those changed cells that are parts of a cell; its neighbours change too, by the ends of the line. @param {Cell} cell @param {Cell[]} changed */
function partsOf(cell, changed) {
  const whole = boxOf(cell.geometry) ?? [0, 0, 0, 0];
  const inside = (/** @type {Cell} */ one) => (boxOf(one.geometry) ?? [180, 90, -180, -90]).every((value, n) => (n < 2 ? value >= whole[n] - NEARLY : value <= whole[n] + NEARLY));
  return changed.filter(inside).map((one) => one.properties.code);
}

customElements.define("cc-grid-editor", GridEditor);
