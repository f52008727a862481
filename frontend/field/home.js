/** Where one begins, and what this phone keeps. */
import { make } from "../lib/dom.js";
import { keep, recall } from "./store.js";
import { button, link, notice, part } from "./ui.js";
import { megabytes, say } from "./words.js";

/** @typedef {import("./app.js").App} App */

export class HomeScreen {
  title = "home.title";

  /** @param {App} app */
  constructor(app) {
    this.app = app;
  }

  /** @param {HTMLElement} main */
  show(main) {
    const { app } = this;
    const { waiting, refused, drafts } = app.counts;
    const tile = (/** @type {string} */ word, /** @type {number} */ n, /** @type {string} */ to, /** @type {string} */ line) => {
      const made = link("", "ftile", to);
      made.append(make("span", "ftile__n", String(n)), make("span", "ftile__word", say(word)), make("span", "ftile__line", line));
      return made;
    };
    const acts = ["verify", "check", "handle", "take"].map((act) => [act, app.tasks.filter((one) => one.act === act).length]);
    const some = acts.filter(([, n]) => n).map(([act, n]) => `${say(`act.${act}`)} ${n}`);
    const report = link("", "fhero", "#report");
    report.append(camera(), make("span", "", say(drafts ? "home.go_on" : "home.report")));
    main.replaceChildren(
      make("p", "fhello", say("home.hello", { name: app.person?.label ?? "" })),
      ...(refused ? [notice("critical", link(say("home.refused", { n: refused }), "flink", "#sent"))] : []),
      ...(app.person?.reports === false ? [] : [report]),
      make(
        "div", "ftiles",
        tile("nav.tasks", app.tasks.length, "#tasks", some.join(" · ") || say("tasks.none_short")),
        tile("state.queued", waiting, "#sent", say(waiting ? "home.waiting" : "home.all_sent")),
      ),
      make("div", "fcard", make("h2", "fcard__title", say("patrol.title")), make("p", "", this.patrol()), make("p", "ffield__hint", say("patrol.track"))),
      make("p", "fhello", say(app.ground && app.catalogue.classes.length ? "home.ready" : "home.not_ready")),
      link(say("nav.phone"), "fbtn", "#phone"),
    );
  }

  patrol() {
    const mine = this.app.ground?.mine.size ?? 0;
    return mine ? say("patrol.cells", { n: mine }) : say("patrol.none");
  }

  refresh(/** @type {HTMLElement} */ main) {
    this.show(main);
  }
}

function camera() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M8.5 5 7 7H3v12h18V7h-4l-1.500-2zM12 9.500a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7z");
  path.setAttribute("fill-rule", "evenodd");
  path.setAttribute("fill", "currentColor");
  svg.append(path);
  return svg;
}

export class PhoneScreen {
  title = "phone.title";

  /** @param {App} app @param {{version: string}} given */
  constructor(app, { version }) {
    this.app = app;
    this.version = version;
  }

  /** @param {HTMLElement} main */
  async show(main) {
    const { app } = this;
    const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
    const lasting = (await navigator.storage?.persisted?.()) ?? false;
    const size = (/** @type {any} */ one) => (one ? megabytes(one.size) : "–");
    const [map, classes] = await Promise.all([recall(`${app.owner}|ground`), recall(`${app.owner}|classes`)]);
    const bar = make("progress", "fbar");
    bar.max = Math.max(1, quota);
    bar.value = usage;
    bar.setAttribute("aria-label", say("phone.storage"));
    const fact = (/** @type {string} */ word, /** @type {string} */ value) => [make("dt", "", say(word)), make("dd", "", value)];
    // Whoever signs out here leaves nothing to be seen without a network; what waits stays theirs.
    const out = button(say("phone.out"), "", async () => {
      await keep("person", null);
      location.assign("/accounts/logout/");
    });
    const ask = button(say("phone.ask"), "", async () => {
      await navigator.storage.persist();
      await this.show(main);
    });
    main.replaceChildren(
      part(say("phone.storage"), make("p", "", say("phone.used", { used: megabytes(usage), quota: megabytes(quota) })), bar, ...(lasting ? [make("p", "", say("phone.lasting"))] : [make("p", "", say("phone.fleeting")), ask])),
      part(say("phone.kept"), make("dl", "ffacts", ...fact("phone.map", size(map)), ...fact("phone.classes", `${app.catalogue.classes.length} · ${size(classes)}`), ...fact("phone.waiting", String(app.counts.waiting)))),
      part(say("phone.cannot"), make("ul", "fplain", make("li", "", say("patrol.track")), make("li", "", say("phone.closed")), make("li", "", say("phone.clock")))),
      part(say("phone.person"), make("p", "", app.person?.label ?? ""), make("p", "ffield__hint", say("phone.out_hint")), make("div", "fbtns", link(say("phone.workbench"), "fbtn", "/"), out)),
      make("p", "ffield__hint", say("phone.version", { version: this.version })),
    );
  }
}
