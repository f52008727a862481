/** The wall's figures from the state: the same definitions as dashboard/rules.py, so that first paint and live agree. */
import { dayOf, hourOf, isLate, isOpen } from "./fold.js";
import { LEVELS, levelOf } from "../lib/severity.js";

/** @typedef {import("./fold.js").Case} Case */
/** @typedef {import("./fold.js").Days} Days */

const WINDOW = 7;
const DAY = 86400_000;
const HOUR = 3600_000;
const HOURS = 24;
const SMOOTH = 6;

/** @param {Days} days @param {string} day @param {string} measure @returns {number} */
function on(days, day, measure) {
  return days[day]?.[measure] ?? 0;
}

/** @param {number} hour */
const pad = (hour) => String(hour).padStart(2, "0");

/** @param {Days} days @param {string} day @param {number} hour registered before that hour */
function until(days, day, hour) {
  let sum = 0;
  for (let before = 0; before < hour; before += 1) sum += on(days, day, `hour:${pad(before)}`);
  return sum;
}

/** @param {Days} days @param {string[]} chosen @param {string} measure */
function total(days, chosen, measure) {
  return chosen.reduce((sum, day) => sum + on(days, day, measure), 0);
}

/** @param {number} now @param {number} from @param {number} to @returns {string[]} days back */
function daysBack(now, from, to) {
  return Array.from({ length: to - from }, (_, index) => dayOf(now - (from + index) * DAY));
}

/** @param {Days} days @param {number} now @param {string} over @param {string} under */
function rate(days, now, over, under) {
  const week = daysBack(now, 0, WINDOW);
  const before = daysBack(now, WINDOW, 2 * WINDOW);
  return {
    num: total(days, week, over),
    den: total(days, week, under),
    num_before: total(days, before, over),
    den_before: total(days, before, under),
  };
}

/** @param {Case[]} cases @param {number} now @returns {number | null} minutes */
function medianAge(cases, now) {
  const ages = cases.map((one) => now - Date.parse(one.reported_at)).sort((a, b) => a - b);
  return ages.length ? Math.floor(/** @type {number} */ (ages[Math.floor(ages.length / 2)]) / 60000) : null;
}

/** @param {number} over @param {number} under @returns {number | null} */
function share(over, under) {
  return under ? Math.floor((1000 * over) / under + 0.5) / 10 : null;
}

/** The last hours, each by its hour on the clock; the last one is still running.
 * @param {Days} days @param {number} now @param {string} name @param {number} [many] @returns {number[]} */
function hourly(days, now, name, many = HOURS) {
  const hours = Array.from({ length: many }, (_, index) => now - (many - 1 - index) * HOUR);
  return hours.map((at) => on(days, dayOf(at), `${name}:${pad(hourOf(at))}`));
}

/** Each hour's rate is that of the six hours that end with it: see dashboard.rules.SMOOTH_HOURS.
 * @param {Days} days @param {number} now @param {string} over @param {string} under */
function rates(days, now, over, under) {
  const above = hourly(days, now, over, HOURS + SMOOTH - 1);
  const below = hourly(days, now, under, HOURS + SMOOTH - 1);
  const sum = (/** @type {number[]} */ counts, /** @type {number} */ at) => counts.slice(at, at + SMOOTH).reduce((a, b) => a + b, 0);
  return Array.from({ length: HOURS }, (_, at) => share(sum(above, at), sum(below, at)));
}

/** How many were open at the end of each hour, counted back from now.
 * @param {Days} days @param {number} now @param {number} openNow */
function standing(days, now, openNow) {
  const opened = hourly(days, now, "opened");
  const ended = hourly(days, now, "ended");
  const found = [openNow];
  for (let at = HOURS - 1; at > 0; at -= 1) {
    found.unshift(/** @type {number} */ (found[0]) - (opened[at] ?? 0) + (ended[at] ?? 0));
  }
  return found;
}

/** @param {Days} days @param {number} now @param {number} openNow */
function trends(days, now, openNow) {
  return {
    registered_today: hourly(days, now, "hour"),
    overdue: hourly(days, now, "late"),
    on_time: rates(days, now, "kept", "due"),
    half_hour: rates(days, now, "quick_kept", "quick"),
    rework: rates(days, now, "rework", "verdict"),
    open: standing(days, now, openNow),
  };
}

/** @param {Days} days @param {string} today @returns {Record<string, number>} */
function sourcesOf(days, today) {
  const found = days[today] ?? {};
  const names = Object.keys(found).filter((name) => name.startsWith("source:") && found[name]).sort();
  return Object.fromEntries(names.map((name) => [name.slice(7), found[name] ?? 0]));
}

/** @param {Iterable<Case>} cases @param {Days} days @param {number} now milliseconds */
export function figures(cases, days, now) {
  const held = [...cases];
  const opened = held.filter(isOpen);
  const today = dayOf(now);
  const hour = hourOf(now);
  /** @type {Record<string, number>} */
  const stages = {};
  /** @type {Record<string, number>} */
  const levels = Object.fromEntries(LEVELS.map((level) => [level, 0]));
  for (const one of held) {
    stages[one.stage] = (stages[one.stage] ?? 0) + 1;
    const level = levelOf(one, now);
    levels[level] = (levels[level] ?? 0) + 1;
  }
  return {
    registered_today: {
      value: on(days, today, "registered"),
      so_far: until(days, today, hour),
      week_ago: until(days, dayOf(now - 7 * DAY), hour),
    },
    on_time: rate(days, now, "kept", "due"),
    half_hour: rate(days, now, "quick_kept", "quick"),
    rework: rate(days, now, "rework", "verdict"),
    open: { value: opened.length, median_minutes: medianAge(opened, now) },
    overdue: { value: held.filter((one) => isLate(one, now)).length, of: held.length },
    waiting: { value: held.length - opened.length },
    sources: sourcesOf(days, today),
    hours: hourly(days, now, "hour"),
    late_hours: hourly(days, now, "late"),
    stages,
    levels,
    trends: trends(days, now, opened.length),
  };
}

/** @param {Iterable<Case>} cases of one district @param {Days} days @param {number} now */
export function districtFigures(cases, days, now) {
  const held = [...cases];
  const week = daysBack(now, 0, WINDOW);
  return {
    open: held.filter(isOpen).length,
    overdue: held.filter((one) => isLate(one, now)).length,
    on_time: { num: total(days, week, "kept"), den: total(days, week, "due") },
  };
}
