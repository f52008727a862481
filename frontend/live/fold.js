/** What an entry does to the cases in mind and to the counts: the same, word for word, as dashboard/rules.py. */

/** @typedef {Record<string, any>} Case */
/** @typedef {Record<string, Record<string, number>>} Days day -> measure -> count */
/** @typedef {{seq: number, kind: string, subject: string, at: string, actor_label: string, area: string, org: string,
 *   data: Record<string, any>, trace: string}} Entry */

const OFFSET = 8 * 3600_000;
const QUICK_SECONDS = 30 * 60;

const FIELDS = [
  "number", "stage", "version", "category", "kind", "source", "lon", "lat", "cell", "place", "organisation",
  "district", "due_at", "late", "priority", "reported_at", "photo", "incident",
];
const ENDS = new Set(["closed", "rejected", "voided"]);
const WAITING = new Set(["reported", "verifying", "accepted"]);
const STARTS = new Set(["case.sent_to_district.v1", "case.dispatched.v1"]);
const RESTARTS = new Set(["case.check_failed.v1", "case.feedback_refused.v1"]);
/** @type {Record<string, string>} */
const ONCE = {
  "case.reported.v1": "reported",
  "case.registered.v1": "registered",
  "case.closed.v1": "closed",
  "case.check_passed.v1": "verdict",
};

/** What the wall shows otherwise, what is not of one case and so has neither class nor place, what concerns a reporter. */
const UNTOLD = new Set([
  "case.due_soon.v1", "case.erasure_swept.v1", "case.filter_changed.v1", "case.history_taken.v1",
  "case.organisation_followed.v1", "case.person_erased.v1", "case.person_kept.v1", "case.person_released.v1",
  "case.text_changed.v1",
]);
const HOURLY = new Set(["due", "kept", "quick", "quick_kept", "verdict", "rework", "opened", "ended"]);

/** @param {number} ms @returns {string} the day on the city's calendar, 2026-11-22 */
export function dayOf(ms) {
  return new Date(ms + OFFSET).toISOString().slice(0, 10);
}

/** @param {number} ms @returns {number} the hour on the city's clock */
export function hourOf(ms) {
  return new Date(ms + OFFSET).getUTCHours();
}

/** @param {number} ms @returns {string} 14:05:32 on the city's clock */
export function timeOf(ms) {
  return new Date(ms + OFFSET).toISOString().slice(11, 19);
}

/** @param {Case} one @returns {boolean} registered and not ended */
export function isOpen(one) {
  return !WAITING.has(one.stage);
}

/** @param {Case} one @param {number} now milliseconds @returns {boolean} */
export function isLate(one, now) {
  return Boolean(one.due_at) && Date.parse(one.due_at) <= now;
}

/** @param {string} kind @returns {boolean} whether the wall tells this entry in words */
export function isNews(kind) {
  return (kind.startsWith("case.") && !UNTOLD.has(kind)) || kind === "evaluation.marked.v1";
}

/**
 * The case in mind after an entry `case.*.v1` (null when it has ended), and what to add to which day.
 * @param {Case | null} before @param {Entry} entry
 * @returns {{next: Case | null, counts: Array<[string, string, number]>}}
 */
export function foldCase(before, entry) {
  const { kind, data, at } = entry;
  /** @type {Case} */
  const next = {};
  for (const name of FIELDS) next[name] = data[name] ?? null;
  const stays = before?.stage === next.stage && kind !== "case.located.v1";
  next.since = stays ? before?.since : at;
  next.started = before?.started ?? null;
  next.deadline = before?.deadline ?? null;
  next.missed = before?.missed ?? false;
  /** @type {Array<[string, string, number]>} */
  const counts = [];
  countFlow(counts, entry);
  countOpen(counts, before, next, at);
  followClock(next, counts, entry);
  return { next: ENDS.has(next.stage) ? null : next, counts };
}

/** @param {Array<[string, string, number]>} counts @param {Entry} entry */
function countFlow(counts, { kind, data, at }) {
  const moment = Date.parse(at);
  const day = dayOf(moment);
  const hour = String(hourOf(moment)).padStart(2, "0");
  const told = [...(ONCE[kind] ? [ONCE[kind]] : []), ...(RESTARTS.has(kind) ? ["verdict", "rework"] : [])];
  for (const measure of told) {
    counts.push([day, measure, 1]);
    countHour(counts, measure, moment, 1);
  }
  if (kind === "case.registered.v1") counts.push([day, `hour:${hour}`, 1], [day, `source:${data.source}`, 1]);
  if (kind === "case.overdue.v1") counts.push([day, `late:${hour}`, 1]);
}

/** The hour in which it happened, of measures whose last 24 hours are drawn.
 * @param {Array<[string, string, number]>} counts @param {string} measure @param {number} at @param {number} n */
function countHour(counts, measure, at, n) {
  if (HOURLY.has(measure)) counts.push([dayOf(at), `${measure}:${String(hourOf(at)).padStart(2, "0")}`, n]);
}

/** @param {Array<[string, string, number]>} counts @param {Case | null} before @param {Case} next @param {string} at */
function countOpen(counts, before, next, at) {
  const was = before !== null && isOpen(before);
  const is = !ENDS.has(next.stage) && isOpen(next);
  if (is === was) return;
  const measure = is ? "opened" : "ended";
  counts.push([dayOf(Date.parse(at)), measure, 1]);
  countHour(counts, measure, Date.parse(at), 1);
}

/** The handling clock: see dashboard.rules._follow_clock.
 * @param {Case} next @param {Array<[string, string, number]>} counts @param {Entry} entry */
function followClock(next, counts, { kind, data, at }) {
  if (RESTARTS.has(kind) || (STARTS.has(kind) && !next.started)) {
    Object.assign(next, { started: at, deadline: null, missed: false });
  }
  const confirmed = kind === "case.confirmed.v1";
  if (next.started && data.due_at && !confirmed) next.deadline = data.due_at;
  const overdue = kind === "case.overdue.v1" && data.clock === "handling";
  if (next.deadline && !next.missed && (overdue || confirmed)) {
    decide(next, counts, Date.parse(at));
    next.missed = overdue;
  }
  if (confirmed) {
    Object.assign(next, { started: null, deadline: null, missed: false });
  }
}

/** @param {Case} next @param {Array<[string, string, number]>} counts @param {number} at */
function decide(next, counts, at) {
  const deadline = Date.parse(next.deadline);
  const kept = Number(at <= deadline);
  /** @type {Record<string, number>} */
  const told = { due: 1, kept };
  if ((deadline - Date.parse(next.started)) / 1000 <= QUICK_SECONDS) Object.assign(told, { quick: 1, quick_kept: kept });
  for (const [measure, n] of Object.entries(told)) {
    counts.push([dayOf(deadline), measure, n]);
    countHour(counts, measure, at, n);
  }
}

/** @param {Entry} entry @returns {Array<[string, string, number]>} */
export function foldMark({ data, at }) {
  const day = dayOf(Date.parse(at));
  return [[day, "marks", 1], [day, "score10", Math.round(data.score * 10)]];
}
