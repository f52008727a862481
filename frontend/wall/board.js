/** The figures around the map: tiles, districts, sources, 24 hours, news, and the line below. */
import { make, set, shape, write } from "../lib/dom.js";
import { roughSpan } from "../lib/spans.js";
import { pick, say } from "../lib/words.js";
import { districtFigures } from "../live/figures.js";
import { hourOf, isNews, isOpen, timeOf } from "../live/fold.js";
import { percent, sparkPath, tileText } from "./texts.js";

/** @typedef {import("../live/reducer.js").State} State */
/** @typedef {import("../live/fold.js").Entry} Entry */

const NEWS = 4;
const BAR = 1000;

/** @param {any} figures @param {Record<string, number>} targets */
export function paintTiles(figures, targets) {
  for (const tile of document.querySelectorAll("[data-kpi]")) {
    const key = tile.getAttribute("data-kpi") ?? "";
    const text = tileText(key, figures, targets);
    write(tile, '[data-part="value"]', text.value);
    write(tile, '[data-part="unit"]', text.unit);
    write(tile, '[data-part="note"]', text.note);
    set(tile.querySelector('[data-part="spark"]'), "d", sparkPath(figures.trends[key]));
    if (tile.getAttribute("data-tone") === text.tone) continue;
    tile.setAttribute("data-tone", text.tone);
    tile.querySelector('[data-part="mark"]')?.replaceChildren(...(text.tone ? [shape(text.tone)] : []));
  }
}

/** @param {State} state @param {number} target @param {number} now */
export function paintDistricts(state, target, now) {
  const byDistrict = groups(state.cases.values());
  for (const row of document.querySelectorAll("[data-district]")) {
    const code = row.getAttribute("data-district") ?? "";
    const found = districtFigures(byDistrict.get(code) ?? [], state.days[`d:${code}`] ?? {}, now);
    const { num, den } = found.on_time;
    const rate = percent(num, den);
    write(row, '[data-part="rate"]', den ? `${rate}%` : rate);
    write(row, '[data-part="open"]', String(found.open));
    write(row, '[data-part="overdue"]', String(found.overdue));
    set(row.querySelector('[data-part="bar"]'), "width", den ? Math.round((100 * num) / den) : 0);
    set(row, "data-below", String(den > 0 && 100 * num < target * den));
  }
}

/** @param {Iterable<import("../live/fold.js").Case>} cases */
function groups(cases) {
  /** @type {Map<string, import("../live/fold.js").Case[]>} */
  const found = new Map();
  for (const one of cases) found.set(one.district, [...(found.get(one.district) ?? []), one]);
  return found;
}

/** @param {Record<string, number>} sources */
export function paintSources(sources) {
  const island = document.querySelector('[data-island="sources"]');
  const names = Object.keys(sources);
  const signature = JSON.stringify(sources);
  if (!(island instanceof HTMLElement) || !names.length || island.dataset.shown === signature) return;
  island.dataset.shown = signature;
  const whole = names.reduce((sum, name) => sum + (sources[name] ?? 0), 0);
  names.sort((a, b) => (sources[b] ?? 0) - (sources[a] ?? 0));
  let start = 0;
  const bars = names.map((name) => {
    const length = Math.round((BAR * (sources[name] ?? 0)) / whole);
    const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const box = { class: `series series--${name}`, x: start, y: 0, width: Math.max(4, length - 6), height: 14 };
    for (const [key, value] of Object.entries(box)) bar.setAttribute(key, String(value));
    start += length;
    return bar;
  });
  island.querySelector("svg")?.replaceChildren(...bars);
  island.querySelector("ul")?.replaceChildren(
    ...names.map((name) => make("li", "", make("span", `swatch series--${name}`), ` ${say(`source.${name}`)} `, make("b", "", String(sources[name])))),
  );
}

/** @param {number[]} hours @param {number[]} late @param {number} now */
export function paintHours(hours, late, now) {
  const top = Math.max(...hours, 1);
  const first = hourOf(now) + 1;
  document.querySelectorAll("[data-hour]").forEach((item, place) => {
    const height = Math.round((100 * (hours[place] ?? 0)) / top);
    const bar = item.querySelector('[data-part="bar"]');
    set(bar, "height", height);
    set(bar, "y", 100 - height);
    write(item, '[data-part="count"]', String(hours[place] ?? 0));
    write(item, ".timeline24__hour", String((first + place) % 24).padStart(2, "0"));
    const mark = item.querySelector('[data-part="late"]');
    if (mark && Boolean(late[place]) !== mark.childElementCount > 0) mark.replaceChildren(...(late[place] ? [shape("critical")] : []));
  });
}

/** @param {any} figures @param {State} state @param {any[]} cameras @param {number} now @param {number} age ms of the data */
export function paintFoot(figures, state, cameras, now, age) {
  for (const element of document.querySelectorAll("[data-stages]")) {
    const stages = (element.getAttribute("data-stages") ?? "").split(",");
    const text = String(stages.reduce((sum, stage) => sum + (figures.stages[stage] ?? 0), 0));
    if (element.textContent !== text) element.textContent = text;
  }
  for (const element of document.querySelectorAll("[data-level-count]")) {
    const text = String(figures.levels[element.getAttribute("data-level-count") ?? ""] ?? 0);
    if (element.textContent !== text) element.textContent = text;
  }
  const foot = document.querySelector('[data-island="foot"]');
  if (!foot) return;
  write(foot, '[data-part="soon"]', String(figures.levels.caution + figures.levels.serious));
  const dues = [...state.cases.values()].filter((one) => isOpen(one) && one.due_at).map((one) => Date.parse(one.due_at) - now);
  const soonest = Math.min(...dues.filter((left) => left > 0));
  write(foot, '[data-part="soonest"]', Number.isFinite(soonest) ? say("soonest", { span: roughSpan(soonest / 1000) }) : say("soonest.none"));
  write(foot, '[data-part="age"]', say("age", { span: roughSpan(age / 1000) }));
  const on = cameras.filter((one) => one.state === "online").length;
  write(foot, '[data-part="cameras"]', say("camera.online", { on, all: cameras.length }));
}

/** @param {Entry[]} entries @param {any} facts */
export function tellNews(entries, facts) {
  const list = document.querySelector('[data-island="news"]');
  if (!list) return;
  for (const entry of entries.filter((one) => isNews(one.kind)).slice(-NEWS)) {
    const word = say(`news.${entry.kind}`);
    const what = entry.kind === "evaluation.marked.v1"
      ? `${word} · ${say("score", { score: entry.data.score })} · ${pick(facts.organisations[entry.data.organisation]) || entry.subject}`
      : `${word} · ${pick(facts.categories[entry.data.category]) || say("unclassified")} · ${pick(entry.data.place) || say("nowhere")}`;
    const line = make("li", "is-new", make("time", "", timeOf(Date.parse(entry.at))), " ", make("span", "", what));
    list.querySelector("li.lo")?.remove();
    list.prepend(line);
  }
  while (list.children.length > NEWS) list.lastElementChild?.remove();
}
