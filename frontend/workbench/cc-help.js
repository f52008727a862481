/** The help beside the page: a link with `data-help` opens its topic in a panel, and the page stays as it is. */
import { make } from "../lib/dom.js";
import { say } from "../lib/words.js";

class HelpPanel {
  /** @type {HTMLElement | undefined} */
  panel;
  /** @type {Element | null} */
  from = null;

  /** @param {string} url */
  async open(url) {
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok || answer.redirected) return location.assign(url);
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    const { panel, body } = this.made();
    body.replaceChildren(...parsed.body.childNodes);
    body.scrollTop = 0;
    panel.hidden = false;
    panel.focus({ preventScroll: true });
    return undefined;
  }

  made() {
    if (!this.panel) {
      const close = make("button", "linkbutton", say("help.close"));
      close.type = "button";
      close.addEventListener("click", () => this.close());
      const all = make("a", "", say("help.all"));
      all.href = "/help/";
      all.dataset.help = "";
      this.panel = make("aside", "helppanel", make("div", "helppanel__head", make("h2", "", say("help.title")), all, close), make("div", "helppanel__body"));
      this.panel.tabIndex = -1;
      this.panel.setAttribute("aria-label", say("help.title"));
      this.panel.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
      this.panel.addEventListener("submit", (event) => this.search(event));
      document.body.append(this.panel);
      /** @type {HTMLElement} */ (this.panel.lastElementChild).tabIndex = 0;
    }
    return { panel: this.panel, body: /** @type {HTMLElement} */ (this.panel.lastElementChild) };
  }

  /** @param {SubmitEvent} event */
  search(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    event.preventDefault();
    const words = String(new FormData(form).get("q") ?? "");
    this.open(`${form.action}?q=${encodeURIComponent(words)}`);
  }

  close() {
    if (this.panel) this.panel.hidden = true;
    if (this.from instanceof HTMLElement && this.from.isConnected) this.from.focus();
  }
}

const help = new HelpPanel();
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-help]") : null;
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (!link.closest(".helppanel")) help.from = link;
  help.open(link.href);
});
