/** Reporting: a picture, the class, the place, a word; each kept as it is made, so that nothing is lost with the tab. */
import { make } from "../lib/dom.js";
import { chooseClass, remembered, usual } from "./classes.js";
import { FieldMap } from "./field-map.js";
import { cellAt, placeName } from "./ground.js";
import { turn } from "./queue.js";
import { drop, entryOf, save } from "./store.js";
import { Album, button, complaint, labelled, notice, part, words } from "./ui.js";
import { pick, say } from "./words.js";

/** @typedef {import("./queue.js").Entry} Entry */
/** @typedef {import("./app.js").App} App */

const SURE_M = 50;
/** So long after the report was begun the phone's own place may still take the place of an earlier one. */
const STILL_HERE_MS = 120_000;
const TYPING_MS = 400;

/** @param {string} owner @returns {Entry} */
function fresh(owner) {
  const body = { source: "collector", category: "", description: "", address: "", lon: null, lat: null, attributes: {} };
  return { id: crypto.randomUUID(), owner, kind: "report", state: "draft", path: "/api/cases", body, names: {}, place: "", at: Date.now(), uploads: "uploads" };
}

export class ReportScreen {
  title = "report.title";
  alone = true;

  /** @param {App} app @param {{go: (to: string) => void, send: () => void}} given @param {string} id */
  constructor(app, { go, send }, id) {
    this.app = app;
    this.go = go;
    this.sendAll = send;
    this.id = id;
    this.complaint = complaint();
  }

  /** @param {HTMLElement} main */
  async show(main) {
    const found = this.id ? await entryOf(this.id) : this.app.mine.find((one) => one.kind === "report" && one.state === "draft");
    const editable = found?.owner === this.app.owner && found.kind === "report" && ["draft", "refused"].includes(found.state);
    this.entry = editable && found ? found : fresh(this.app.owner);
    this.began = Date.now();
    const { entry } = this;
    this.album = await new Album(entry, { changed: () => this.keep() }).begin();
    this.classes = make("div", "fclasses");
    this.where = make("p", "fwhere");
    this.where.setAttribute("role", "status");
    main.replaceChildren(
      ...(entry.state === "refused" ? [notice("critical", make("strong", "", say("refused")), make("p", "", entry.why ?? ""))] : []),
      part(say("report.photos"), this.album.box),
      part(say("report.class"), this.classes),
      part(say("report.place"), ...this.place()),
      part(say("report.words"), words(say("report.description"), entry.body.description, (text) => this.typed({ description: text }), say("report.words_hint"))),
      this.complaint.line,
      make("div", "fsend", button(say("send"), "fbtn--primary fbtn--large", () => void this.send())),
    );
    this.showClasses();
    this.showWhere();
    this.follow();
  }

  leave() {
    if (this.watching !== undefined) navigator.geolocation.clearWatch(this.watching);
    clearTimeout(this.later);
    if (this.dirty) void this.keep();
  }

  chosenClass() {
    return this.app.catalogue.classes.find((one) => one.code === this.entry?.body.category);
  }

  /** @param {Record<string, any>} changes */
  typed(changes) {
    Object.assign(this.entry?.body ?? {}, changes);
    this.dirty = true;
    clearTimeout(this.later);
    this.later = setTimeout(() => void this.keep(), TYPING_MS);
  }

  /** Whether somebody has made anything of it; that the phone knows its place makes no draft. */
  get isBegun() {
    const { category, description, address, attributes } = this.entry?.body ?? {};
    return Boolean(category || description || address || attributes?.place_by === "map" || this.album?.photos.length);
  }

  /** As it stands; a refused one that is changed is a draft again. */
  async keep() {
    if (!this.entry || this.sent) return;
    this.dirty = false;
    if (!this.isBegun) {
      await drop(this.entry.id);
      return this.app.reload();
    }
    const { why, code } = this.entry;
    this.entry = turn(this.entry, "edit", Date.now(), { names: this.chosenClass()?.names ?? {}, place: this.placeText(), why, code });
    await save(this.entry);
    await this.app.reload();
  }

  showClasses() {
    const chosen = this.chosenClass();
    this.album?.takes(chosen?.film ?? false);
    const choose = (/** @type {string} */ code) => {
      this.typed({ category: code });
      this.showClasses();
    };
    const all = button(say(chosen ? "kind.other" : "kind.all"), "fbtn", async () => {
      const code = await chooseClass(this.app);
      if (code) choose(code);
    });
    const likely = usual(this.app.catalogue, this.app.owner).map((one) => {
      const made = button(pick(one.names), "fpick", () => choose(one.code));
      made.setAttribute("aria-pressed", String(one.code === chosen?.code));
      return made;
    });
    const told = chosen ? make("p", "fchosen", pick(chosen.names)) : make("p", "ffield__hint", say("kind.none"));
    this.classes?.replaceChildren(told, make("div", "fpicks", ...likely), all);
  }

  place() {
    const map = document.createElement("field-map");
    if (!(map instanceof FieldMap)) return [];
    this.map = map;
    map.className = "fmap";
    map.addEventListener("field-map:pick", (event) => {
      const [lon, lat] = /** @type {CustomEvent<[number, number]>} */ (event).detail;
      this.put(lon, lat, "map", 0);
    });
    const { lon, lat } = this.entry?.body ?? {};
    queueMicrotask(() => {
      map.show(this.app.ground, lon !== null ? [lon, lat] : null);
      if (lon !== null) map.chosen = [lon, lat];
      map.draw();
    });
    const address = make("input", "finput");
    address.maxLength = 300;
    address.autocomplete = "off";
    address.value = this.entry?.body.address ?? "";
    address.addEventListener("input", () => this.typed({ address: address.value }));
    const here = button(say("place.here"), "fbtn", () => this.follow(true));
    return [this.where ?? "", here, map, labelled(say("place.address"), address, say("place.address_hint")).box];
  }

  /** The phone's own place, until somebody chose another on the map. @param {boolean} [wanted] */
  follow(wanted = false) {
    if (!("geolocation" in navigator)) return this.showWhere(say("place.none"));
    if (this.watching !== undefined) navigator.geolocation.clearWatch(this.watching);
    if (wanted) this.entry && Object.assign(this.entry.body, { lon: null, lat: null });
    if (wanted) this.began = Date.now();
    const placed = this.entry?.body.lon !== null;
    if (placed) return;
    this.showWhere(say("place.looking"));
    this.watching = navigator.geolocation.watchPosition(
      ({ coords }) => this.found(coords),
      () => this.entry?.body.lon === null && this.showWhere(say("place.denied")),
      { enableHighAccuracy: true, maximumAge: 5000, timeout: 30_000 },
    );
  }

  /** @param {GeolocationCoordinates} coords */
  found(coords) {
    if (this.map) this.map.here = { at: [coords.longitude, coords.latitude], accuracy: coords.accuracy };
    this.map?.draw();
    const { lon, attributes } = this.entry?.body ?? {};
    const better = lon === null || (attributes?.place_by === "gnss" && coords.accuracy <= (attributes?.accuracy_m ?? Infinity));
    if (better && Date.now() - (this.began ?? 0) < STILL_HERE_MS) this.put(coords.longitude, coords.latitude, "gnss", coords.accuracy);
  }

  /** @param {number} lon @param {number} lat @param {"gnss" | "map"} by @param {number} accuracy */
  put(lon, lat, by, accuracy) {
    const rounded = (/** @type {number} */ degrees) => Number(degrees.toFixed(6));
    const told = { place_by: by, ...(by === "gnss" ? { accuracy_m: Math.round(accuracy) } : {}) };
    this.typed({ lon: rounded(lon), lat: rounded(lat), attributes: told });
    if (this.map) {
      this.map.chosen = [lon, lat];
      if (by === "gnss") this.map.middle = [lon, lat];
      if (by === "gnss" && this.map.scale > 3) this.map.scale = 1;
      this.map.draw();
    }
    this.showWhere();
  }

  placeText() {
    const { lon, lat, address } = this.entry?.body ?? {};
    const { ground } = this.app;
    const cell = ground && lon !== null ? cellAt(ground, lon, lat) : undefined;
    return [cell && ground ? placeName(ground, cell, pick) : "", address].filter(Boolean).join(" · ");
  }

  /** @param {string} [instead] */
  showWhere(instead) {
    const { where } = this;
    if (!where) return;
    const { lon, lat, attributes } = this.entry?.body ?? {};
    if (instead || lon === null) return where.replaceChildren(instead ?? say("place.unset"));
    const { ground } = this.app;
    const cell = ground ? cellAt(ground, lon, lat) : undefined;
    const by = attributes?.place_by === "map" ? say("place.by_map") : say("place.by_gnss", { n: attributes?.accuracy_m ?? "?" });
    const lines = [make("strong", "", cell && ground ? placeName(ground, cell, pick) : `${lat.toFixed(5)}, ${lon.toFixed(5)}`), make("span", "", by)];
    if (ground && !cell) lines.push(make("span", "fcomplaint", say("place.outside")));
    if (attributes?.place_by === "gnss" && (attributes.accuracy_m ?? 0) > SURE_M) lines.push(make("span", "fcomplaint", say("place.unsure")));
    where.replaceChildren(...lines);
  }

  /** What is missing, in words; "" where it may go. */
  missing() {
    const { body } = this.entry ?? {};
    const chosen = this.chosenClass();
    const photos = this.album?.photos ?? [];
    if (chosen?.photo && !photos.length) return say("missing.photo");
    if (chosen?.film && !photos.some((one) => one.blob.type.startsWith("video/"))) return say("missing.film");
    if (!body?.category && !body?.description.trim()) return say("missing.class");
    if (body?.lon === null && !body.address.trim()) return say("missing.place");
    return "";
  }

  async send() {
    await this.album?.made.catch(() => undefined);
    const no = this.missing();
    this.complaint.say(no);
    if (no || !this.entry || this.sent) return;
    this.sent = true;
    clearTimeout(this.later);
    this.dirty = false;
    const now = Date.now();
    // What the phone's clock says is kept as said; every deadline begins at the server's.
    const said = { phone_time: new Date(now).toISOString(), phone_ahead_s: Math.round(-this.app.ahead / 1000) };
    /** @type {Record<string, any>} */
    const body = { ...this.entry.body, attributes: { ...this.entry.body.attributes, ...said } };
    await save(turn(this.entry, "send", now, { body, names: this.chosenClass()?.names ?? {}, place: this.placeText() }));
    if (body.category) remembered(this.app.owner, body.category);
    await this.app.reload();
    this.sendAll();
    this.go("#sent");
  }
}
