/** How the figures of the wall are written: the same sentences as dashboard/templatetags/wall.py. */
import { roughSpan } from "../lib/spans.js";
import { say } from "../lib/words.js";

/** @param {number} n @returns {string} 1,284 */
export const thousands = (n) => n.toLocaleString("en-US");

/** A share with one decimal; a dash where there is nothing to take a share of. @param {number} num @param {number} den */
export function percent(num, den) {
  return den ? (Math.floor((1000 * num) / den + 0.5) / 10).toFixed(1) : "—";
}

/** @param {{so_far: number, week_ago: number}} found */
function against({ so_far: now, week_ago: before }) {
  if (!before) return say("note.none", { n: before });
  const change = Math.round((100 * (now - before)) / before);
  return say("note.same", { sign: change > 0 ? "▲" : change < 0 ? "▼" : "=", share: Math.abs(change) });
}

/** @param {string} key @param {{num: number, den: number}} found @param {number} target */
function rateTile(key, found, target) {
  const words = say(key === "rework" ? "note.limit" : "note.target", { target });
  const value = percent(found.num, found.den);
  if (!found.den) return { value, unit: "", note: words, tone: "" };
  const share = (100 * found.num) / found.den;
  const missed = key === "rework" ? share > target : share < target;
  const note = `${words} · ${thousands(found.num)}/${thousands(found.den)}`;
  return { value, unit: "%", note, tone: missed ? "serious" : "" };
}

/** @param {string} key @param {any} figures @param {Record<string, number>} targets
 * @returns {{value: string, unit: string, note: string, tone: string}} */
export function tileText(key, figures, targets) {
  const found = figures[key];
  const unit = say("unit.cases");
  if (key === "registered_today") return { value: thousands(found.value), unit, note: against(found), tone: "" };
  if (key === "open") {
    const age = found.median_minutes;
    const note = age === null ? "" : say("note.median", { span: roughSpan(age * 60) });
    return { value: thousands(found.value), unit, note, tone: "" };
  }
  if (key === "overdue") {
    const share = percent(found.value, found.of);
    const note = found.value ? say("note.share", { share }) : say("note.clear");
    return { value: thousands(found.value), unit, note, tone: found.value ? "critical" : "" };
  }
  return rateTile(key, found, targets[key] ?? 0);
}

/** The path of a sparkline in a box of 100 by 24; gaps where there is no value.
 * @param {Array<number | null>} values @returns {string} */
export function sparkPath(values) {
  const known = values.filter((value) => value !== null);
  if (!known.length || values.length < 2) return "";
  const low = Math.min(...known);
  const reach = Math.max(...known) - low || 1;
  let pen = "M";
  let path = "";
  values.forEach((value, place) => {
    if (value === null) {
      pen = "M";
      return;
    }
    const x = Math.round((1000 * place) / (values.length - 1)) / 10;
    const y = Math.round(10 * (22 - (20 * (value - low)) / reach)) / 10;
    path += `${pen}${x} ${y}`;
    pen = "L";
  });
  return path;
}

/** @param {string | null} due @param {number} now @returns {string} */
export function dueText(due, now) {
  if (!due) return "";
  const left = (Date.parse(due) - now) / 1000;
  return say(left > 0 ? "sla.left" : "sla.over", { span: roughSpan(Math.abs(left)) });
}
