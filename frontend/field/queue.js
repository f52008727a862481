/**
 * What is on its way from this phone: the states of a record and what leads from one to the next. Pure.
 *
 *   draft -> queued -> sending -> accepted | refused; refused may be changed and sent again, sending that broke off is
 *   queued again. The key of a record is made here and never changes, so the server answers a repeat with the same case.
 */

/** @typedef {"draft" | "queued" | "sending" | "accepted" | "refused"} State */
/** @typedef {"send" | "begin" | "accept" | "refuse" | "fail" | "edit"} Event */
/**
 * @typedef {object} Entry a report, a step of a case, or a request for more time
 * @property {string} id the key: made on this phone, sent with every try
 * @property {string} owner whose it is; nobody else sends it or sees it
 * @property {"report" | "step" | "ask"} kind
 * @property {State} state
 * @property {string} path where it is sent
 * @property {Record<string, any>} body
 * @property {{zh?: string, en?: string}} names what it is about
 * @property {string} place where, in words
 * @property {number} at when it was last touched, by this phone's clock
 * @property {string} [number] of the case: given for a step, answered for a report
 * @property {number} [version] of the case that was seen
 * @property {string} [act] what is done with the case
 * @property {string} [typed] what was written of it so far
 * @property {string} [uploads] the field of the body that names the pictures
 * @property {number} [tries]
 * @property {number} [next] not before, by this phone's clock
 * @property {string} [why] the sentence of the refusal
 * @property {string} [code]
 */

/** @type {Record<State, Partial<Record<Event, State>>>} */
const WAYS = {
  draft: { send: "queued", edit: "draft" },
  queued: { begin: "sending" },
  sending: { accept: "accepted", refuse: "refused", fail: "queued" },
  refused: { send: "queued", edit: "draft" },
  accepted: {},
};
const SHORTEST_WAIT_MS = 2000;
/** Everything is tried again this often while the app is open. */
export const LONGEST_WAIT_MS = 30_000;
/** Answers after which the same again may do. */
const PASSING = new Set([0, 408, 423, 425, 429]);

/** @param {Entry} entry @param {Event} event @param {number} at @param {Partial<Entry>} [more] @returns {Entry} */
export function turn(entry, event, at, more = {}) {
  const state = WAYS[entry.state][event];
  if (!state) throw new Error(`${entry.state} does not ${event}`);
  const why = event === "refuse" ? {} : { why: "", code: "" };
  const tries = event === "fail" ? (entry.tries ?? 0) + 1 : event === "send" ? 0 : (entry.tries ?? 0);
  const next = event === "fail" ? at + waitAfter(tries) : 0;
  return { ...entry, ...why, tries, next, at: event === "begin" || event === "fail" ? entry.at : at, ...more, state };
}

/** How long to wait after so many tries in a row. @param {number} tries */
export function waitAfter(tries) {
  return Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** Math.max(0, tries - 1));
}

/**
 * What an answer means. `signin`: the session is over, nothing more is sent now. `pictures`: they must be sent anew.
 * @param {number} status 0 where there was no answer
 * @param {{code?: string, message?: string}} body
 * @returns {{event: "accept" | "refuse" | "fail", signin?: boolean, pictures?: boolean, why?: string, code?: string}}
 */
export function judge(status, body) {
  if (status >= 200 && status < 300) return { event: "accept" };
  const code = body.code ?? "";
  if (status === 401) return { event: "fail", signin: true };
  if (PASSING.has(status) || status >= 500) return { event: "fail" };
  if (status === 403 && (!code || code.startsWith("request."))) return { event: "fail" };
  if (code.startsWith("upload.") && status !== 413 && status !== 415) return { event: "fail", pictures: true };
  return { event: "refuse", why: body.message || String(status), code };
}

/** What is sent next: of this person, oldest first, and of one case in its order. @param {Entry[]} entries @param {string} owner @param {number} now */
export function nextOf(entries, owner, now) {
  const mine = inOrder(entries.filter((one) => one.owner === owner && (one.state === "queued" || one.state === "sending")));
  /** @type {Set<string>} */
  const behind = new Set();
  for (const one of mine) {
    const number = one.kind === "report" ? "" : (one.number ?? "");
    const ready = one.state === "queued" && (one.next ?? 0) <= now && !behind.has(number);
    if (ready) return one;
    if (number) behind.add(number);
  }
  return undefined;
}

/** Oldest first. @param {Entry[]} entries @returns {Entry[]} */
export function inOrder(entries) {
  return [...entries].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

/** How many wait, and how many somebody must look at. @param {Entry[]} entries @param {string} owner */
export function counted(entries, owner) {
  const mine = entries.filter((one) => one.owner === owner);
  const many = (/** @type {State[]} */ ...states) => mine.filter((one) => states.includes(one.state)).length;
  return { waiting: many("queued", "sending"), refused: many("refused"), drafts: many("draft"), accepted: many("accepted") };
}

/** What has been done with a case here and may not have arrived yet. @param {Entry[]} entries @param {string} owner @param {string} number */
export function underWay(entries, owner, number) {
  return entries.find((one) => one.owner === owner && one.kind === "step" && one.number === number && ["queued", "sending"].includes(one.state));
}

/**
 * Whether a task as it was fetched was done from here already: the list is older than what was accepted since.
 * @param {Entry[]} entries @param {string} owner @param {{number: string, version: number}} task
 */
export function isDone(entries, owner, task) {
  return entries.some((one) => one.owner === owner && one.kind === "step" && one.number === task.number && one.state === "accepted" && (one.version ?? 0) >= task.version);
}

/**
 * After a step of this phone the case has another version: what stands behind it in the queue was made on top of it.
 * @param {Entry[]} entries @param {Entry} done @param {number} version @returns {Entry[]} those that change
 */
export function carriedOn(entries, done, version) {
  if (done.kind === "report" || version !== (done.version ?? 0) + 1) return [];
  return entries
    .filter((one) => one.id !== done.id && one.owner === done.owner && one.number === done.number && one.version === done.version)
    .filter((one) => one.state === "queued")
    .map((one) => ({ ...one, version }));
}
