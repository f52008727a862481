/** What was sent, what waits, and what somebody must look at again, with the reason in their own language. */
import { make } from "../lib/dom.js";
import { inOrder, turn } from "./queue.js";
import { drop, save } from "./store.js";
import { button, chip, link, notice, part } from "./ui.js";
import { clockTime, pick, say } from "./words.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./queue.js").Entry} Entry */

const LEVELS = { draft: "off", queued: "info", sending: "info", accepted: "normal", refused: "critical" };

export class SentScreen {
  title = "sent.title";

  /** @param {App} app @param {{send: () => void}} given */
  constructor(app, { send }) {
    this.app = app;
    this.sendAll = send;
  }

  /** @param {HTMLElement} main */
  show(main) {
    const mine = inOrder(this.app.mine).reverse();
    const of = (/** @type {string[]} */ ...states) => mine.filter((one) => states.includes(one.state));
    const parts = [
      ["sent.refused", of("refused")],
      ["sent.drafts", of("draft").filter((one) => one.kind === "report")],
      ["sent.waiting", of("queued", "sending").reverse()],
      ["sent.done", of("accepted")],
    ];
    const shown = /** @type {[string, Entry[]][]} */ (parts).filter(([, rows]) => rows.length);
    main.replaceChildren(
      make("p", "ffield__hint", say("sent.hint")),
      ...shown.map(([word, rows]) => part(say(word, { n: rows.length }), make("ul", "flist", ...rows.map((one) => this.row(one))))),
      ...(shown.length ? [] : [make("p", "fempty", say("sent.none"))]),
    );
  }

  refresh(/** @type {HTMLElement} */ main) {
    this.show(main);
  }

  /** @param {Entry} one */
  row(one) {
    const receipt = this.app.sent.find((sent) => sent.key === one.id);
    const said = receipt ? pick(receipt.stage_names) : say(`state.${one.state}`);
    const head = make("span", "ftask__head", make("strong", "", say(one.kind === "ask" ? "act.ask" : `act.${one.act ?? "report"}`)), chip(LEVELS[one.state], said));
    const body = make("div", "fsentrow", head, make("span", "ftask__name", pick(one.names) || one.body.description || say("sent.unnamed")));
    if (one.place) body.append(make("span", "ftask__place", one.place));
    const when = make("time", "ftask__place", clockTime(one.at));
    when.dateTime = new Date(one.at).toISOString();
    if (one.state === "accepted" && one.number) body.append(make("span", "ftask__place", link(one.number, "fnumber", `/cases/${one.number}/`), " ", when));
    else body.append(when);
    if (one.why) body.append(notice("critical", one.why));
    if (one.state === "refused" || one.state === "draft") body.append(this.buttons(one));
    const row = make("li", `fentry fentry--${one.state}`, body);
    row.dataset.key = one.id;
    row.dataset.state = one.state;
    return row;
  }

  /** @param {Entry} one */
  buttons(one) {
    const again = button(say("sent.again"), "fbtn--primary", async () => {
      await save(turn(one, "send", Date.now()));
      await this.app.reload();
      this.sendAll();
    });
    const remove = button(say("sent.delete"), "", async () => {
      if (!confirm(say("sent.sure"))) return;
      await drop(one.id);
      await this.app.reload();
    });
    const change = link(say("sent.change"), "fbtn", `#report/${one.id}`);
    const task = this.app.tasks.some((each) => each.number === one.number) ? [link(say("sent.change"), "fbtn", `#task/${one.number}`)] : [];
    const made = one.kind === "report" ? [change] : task;
    return make("div", "fbtns", ...(one.state === "refused" ? [again] : []), ...made, remove);
  }
}
