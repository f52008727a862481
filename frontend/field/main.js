/** The app of the field: works without a network, keeps what was made, sends it when it can. */
import "../tokens.css";
import "./field.css";
import { make } from "../lib/dom.js";
import { pageData } from "../lib/words.js";
import { App } from "./app.js";
import { HomeScreen, PhoneScreen } from "./home.js";
import { ReportScreen } from "./report.js";
import { Sender } from "./sender.js";
import { SentScreen } from "./sent.js";
import { TaskScreen, TasksScreen } from "./tasks.js";
import { button, link, notice } from "./ui.js";
import { beginLanguage, language, say, speak } from "./words.js";

/** @typedef {{title: string, alone?: boolean, show: (main: HTMLElement) => any, refresh?: (main: HTMLElement) => void, leave?: () => void}} Screen */

const VERSION = pageData("field-version") ?? "";
const LOOK_MS = 30 * 60_000;

class Shell {
  app = new App();
  sender = new Sender({
    seen: (one) => this.app.seen(one),
    gone: (status) => this.app.gone(status),
    changed: () => void this.changed(),
    idle: () => void this.app.fetchAll(),
  });
  others = new BroadcastChannel("cityops-field");
  /** @type {Screen | undefined} */
  screen;
  /** @type {ServiceWorker | null} */
  newer = null;
  shown = "";
  said = "";
  noticed = "";

  async begin() {
    this.frame();
    await this.app.begin();
    this.app.addEventListener("changed", () => this.refresh());
    this.app.addEventListener("another", () => this.route());
    this.others.addEventListener("message", () => void this.app.reload());
    addEventListener("hashchange", () => this.route());
    addEventListener("offline", () => this.app.gone(0));
    addEventListener("pagehide", () => this.screen?.leave?.());
    this.route();
    this.sender.begin();
    void this.register();
  }

  frame() {
    this.title = make("h1", "fbar__title");
    this.title.tabIndex = -1;
    this.link = make("span", "fbar__link");
    this.link.setAttribute("role", "status");
    this.other = make("button", "fbar__button");
    this.other.type = "button";
    this.other.addEventListener("click", () => {
      speak(language() === "en" ? "zh" : "en");
      void this.route();
    });
    this.back = link("‹", "fbar__back", "#home");
    this.told = make("div", "ftold");
    this.main = make("main", "fmain");
    this.nav = make("nav", "fnav");
    document.body.replaceChildren(make("header", "fhead", this.back, this.title, this.link, this.other), this.told, this.main, this.nav);
  }

  /** Something changed here: the other tabs are told. */
  async changed() {
    this.others.postMessage("changed");
    await this.app.reload();
  }

  given() {
    const go = (/** @type {string} */ to) => void (location.hash = to);
    const send = () => {
      void navigator.storage?.persist?.();
      this.others.postMessage("changed");
      void this.sender.go();
    };
    return { go, send, version: VERSION };
  }

  /** @param {string} name @param {string} id @returns {Screen} */
  made(name, id) {
    const { app } = this;
    if (name === "report") return new ReportScreen(app, this.given(), id);
    if (name === "tasks") return new TasksScreen(app);
    if (name === "task") return new TaskScreen(app, this.given(), id);
    if (name === "sent") return new SentScreen(app, this.given());
    if (name === "phone") return new PhoneScreen(app, this.given());
    return new HomeScreen(app);
  }

  async route() {
    const [name = "home", id = ""] = location.hash.slice(1).split("/");
    const moved = this.at !== undefined && this.at !== location.hash;
    this.screen?.leave?.();
    this.at = location.hash;
    this.name = name || "home";
    this.screen = this.made(this.name, id);
    this.words();
    await this.draw();
    if (moved) this.title?.focus({ preventScroll: true });
    if (moved) scrollTo(0, 0);
  }

  get isClosed() {
    const { person, link: way } = this.app;
    return !person || way === "barred" || way === "out";
  }

  /** What may be shown of it to whoever holds the phone. */
  async draw() {
    const { app, main, screen } = this;
    if (!main || !screen) return;
    this.closed = this.isClosed;
    this.shown = "";
    // Each showing has a room of its own: one that is slow writes where nobody looks any more.
    const room = make("div", "froom");
    const { name = "" } = this;
    this.room = room;
    main.replaceChildren(room);
    delete main.dataset.ready;
    if (this.closed) room.append(this.door());
    else await screen.show(room);
    if (this.room === room) main.dataset.ready = name;
  }

  /** Nobody has signed in, or not somebody for whom this is. */
  door() {
    const { app } = this;
    const key = app.link === "barred" ? "door.barred" : app.link === "out" ? "door.out" : "door.first";
    const { waiting } = app.counts;
    const lines = [make("p", "fdoor__line", say(key, { name: app.person?.label ?? "" }))];
    if (app.person && waiting) lines.push(make("p", "", say("door.waiting", { n: waiting, name: app.person.label })));
    const way = app.link === "barred" ? link(say("phone.workbench"), "fbtn", "/") : link(say("door.sign_in"), "fbtn fbtn--primary fbtn--large", "/accounts/login/?next=/field/");
    return make("div", "fdoor", ...lines, way);
  }

  /** A screen with a form is left as it is: nobody's typing is touched. */
  refresh() {
    this.bar();
    const { app, room: main, screen } = this;
    if (!main || !screen) return;
    if (this.isClosed && !this.closed && screen.alone) return; // typing goes on: it is kept, and sent when they are back
    if (this.isClosed !== this.closed) return void this.draw();
    if (this.closed || !screen.refresh) return;
    const said = JSON.stringify([app.mine, app.work, app.sent, app.person?.label, app.ground?.mine.size, app.catalogue.classes.length, language()]);
    if (said === this.shown) return;
    this.shown = said;
    const held = document.activeElement && main.contains(document.activeElement) ? document.activeElement.outerHTML : "";
    screen.refresh(main);
    const again = held ? [...main.querySelectorAll("a, button")].find((one) => one.outerHTML === held) : undefined;
    if (again instanceof HTMLElement) again.focus({ preventScroll: true });
  }

  words() {
    document.title = `${say(this.screen?.title ?? "home.title")} · ${say("app.name")}`;
    if (this.other) {
      this.other.textContent = language() === "en" ? "中文" : "English";
      this.other.lang = language() === "en" ? "zh-Hans" : "en";
    }
    this.back?.setAttribute("aria-label", say("nav.home"));
    this.bar();
  }

  bar() {
    const { app, screen } = this;
    const { waiting, refused } = app.counts;
    if (this.title) this.title.textContent = say(screen?.title ?? "home.title");
    if (this.back) this.back.hidden = this.name === "home";
    if (this.link) this.link.textContent = app.link === "asking" ? "" : say(app.link === "here" ? "link.here" : "link.away");
    if (this.link) this.link.dataset.link = app.link;
    this.notices();
    if (!this.nav) return;
    this.nav.hidden = Boolean(screen?.alone) || !app.person;
    this.nav.setAttribute("aria-label", say("nav.label"));
    const entry = (/** @type {string} */ name, n = 0) => {
      const made = link("", "fnav__entry", `#${name}`);
      made.append(make("span", "", say(`nav.${name}`)), ...(n ? [make("b", "fnav__n", String(n))] : []));
      if (name === this.name) made.setAttribute("aria-current", "page");
      return made;
    };
    const report = app.person?.reports === false ? [] : [entry("report")];
    const entries = [entry("home"), ...report, entry("tasks", app.tasks.length), entry("sent", waiting + refused)];
    const said = entries.map((one) => one.outerHTML).join("");
    if (said !== this.said) this.nav.replaceChildren(...entries);
    this.said = said;
  }

  notices() {
    const { app } = this;
    const told = [];
    if (app.link === "out" && app.person && !this.closed) told.push(notice("caution", say("door.out_short"), " ", link(say("door.sign_in"), "flink", "/accounts/login/?next=/field/")));
    if (app.link === "away" && app.person) told.push(notice("info", say("link.away_long")));
    if (this.newer) told.push(notice("info", say("new.version"), " ", button(say("new.load"), "fbtn--small", () => this.newer?.postMessage("take over"))));
    const said = told.map((one) => one.textContent).join("|");
    if (said !== this.noticed) this.told?.replaceChildren(...told);
    this.noticed = said;
  }

  /** A new version waits until somebody wants it: it never takes over by itself. */
  async register() {
    if (!("serviceWorker" in navigator)) return;
    const held = Boolean(navigator.serviceWorker.controller);
    navigator.serviceWorker.addEventListener("controllerchange", () => held && this.newer && location.reload());
    const way = await navigator.serviceWorker.register("/field/worker.js", { scope: "/field/" }).catch(() => undefined);
    if (!way) return;
    const waits = () => {
      this.newer = held ? way.waiting : null;
      this.notices();
    };
    way.addEventListener("updatefound", () => way.installing?.addEventListener("statechange", waits));
    waits();
    const look = () => void way.update().catch(() => undefined);
    setInterval(look, LOOK_MS);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  }
}

beginLanguage();
void new Shell().begin();
