/** A session that was ended elsewhere: the page goes to the sign-in page, unless somebody is typing; then it says so. */
import { make } from "../lib/dom.js";
import { say } from "../lib/words.js";

/** Whether some field holds what the server has never seen. */
function typed() {
  const fields = /** @type {NodeListOf<HTMLInputElement | HTMLTextAreaElement>} */ (
    document.querySelectorAll("main input:not([type=hidden]):not([type=checkbox]):not([type=radio]), main textarea")
  );
  return [...fields].some((field) => field.value !== field.defaultValue);
}

/** @param {string} path @param {string} why */
const entrance = (path, why) => `/accounts/login/?${new URLSearchParams({ next: path, why })}`;

/** @param {import("./client.js").LiveClient} client */
export function tellWhenEnded(client) {
  client.addEventListener("ended", (event) => {
    const { why } = /** @type {CustomEvent} */ (event).detail;
    const here = location.pathname + location.search;
    if (why === "signed_out" && !typed()) return location.assign(entrance(here, "ended"));
    const bar = make("div", "ended");
    const link = make("a", "", say(why === "rights" ? "ended.again" : "ended.sign_in"));
    link.href = why === "rights" ? here : entrance(here, "ended");
    if (why !== "rights") link.target = "_blank";
    bar.setAttribute("role", "alert");
    bar.append(make("span", "", say(`ended.${why}`)), " ", link);
    document.body.append(bar);
    return undefined;
  });
}
