import assert from "node:assert/strict";
import test from "node:test";
import { carriedOn, counted, isDone, judge, LONGEST_WAIT_MS, nextOf, turn, underWay, waitAfter } from "./queue.js";

let count = 0;
const NOW = 1_800_000_000_000;

/** @param {Partial<import("./queue.js").Entry>} [more] @returns {import("./queue.js").Entry} */
const entry = (more = {}) => ({
  id: `k${String((count += 1)).padStart(4, "0")}`, owner: "user:1", kind: "report", state: "queued", path: "/api/cases", body: {}, names: {}, place: "", at: NOW + count, ...more,
});

test("a report goes from draft to accepted, and nothing leads back from there", () => {
  let one = turn(entry({ state: "draft" }), "send", NOW);
  one = turn(one, "begin", NOW);
  one = turn(one, "accept", NOW, { number: "44990120261130000001" });
  assert.equal(one.state, "accepted");
  assert.equal(one.number, "44990120261130000001");
  for (const event of ["send", "begin", "edit", "fail", "refuse"]) assert.throws(() => turn(one, event, NOW));
});

test("what is refused says why, may be changed and sent again under its key, and forgets the reason then", () => {
  const refused = turn(turn(entry(), "begin", NOW), "refuse", NOW, { why: "not your ground", code: "case.not_your_ground" });
  assert.equal(refused.why, "not your ground");
  const again = turn(refused, "send", NOW);
  assert.deepEqual([again.state, again.why, again.id, again.tries], ["queued", "", refused.id, 0]);
  assert.equal(turn(refused, "edit", NOW).state, "draft");
});

test("what is on its way can neither be changed nor sent twice at once", () => {
  const going = turn(entry(), "begin", NOW);
  for (const event of ["edit", "send", "begin"]) assert.throws(() => turn(going, event, NOW));
  assert.throws(() => turn(entry(), "edit", NOW));
});

test("a break waits longer each time, half a minute at most, and keeps its place in the row", () => {
  const first = entry();
  const broken = turn(turn(first, "begin", NOW + 9), "fail", NOW + 9);
  assert.deepEqual([broken.state, broken.tries, broken.next, broken.at], ["queued", 1, NOW + 9 + waitAfter(1), first.at]);
  assert.ok(waitAfter(3) > waitAfter(2));
  assert.equal(waitAfter(99), LONGEST_WAIT_MS);
});

test("only what the server refuses for good is refused", () => {
  assert.equal(judge(201, {}).event, "accept");
  assert.equal(judge(200, {}).event, "accept");
  for (const status of [0, 408, 423, 429, 500, 502, 503]) assert.equal(judge(status, {}).event, "fail", String(status));
  assert.deepEqual(judge(401, {}), { event: "fail", signin: true });
  assert.equal(judge(403, { code: "request.permission_denied" }).event, "fail");
  assert.equal(judge(403, {}).event, "fail");
  assert.deepEqual(judge(403, { code: "case.not_your_ground", message: "no" }), { event: "refuse", why: "no", code: "case.not_your_ground" });
  assert.deepEqual(judge(412, { code: "case.stale", message: "moved" }), { event: "refuse", why: "moved", code: "case.stale" });
  assert.equal(judge(410, { code: "upload.expired" }).pictures, true);
  assert.equal(judge(413, { code: "upload.too_many", message: "many" }).event, "refuse");
  assert.equal(judge(415, { code: "upload.unknown_kind", message: "kind" }).event, "refuse");
});

test("the oldest is sent first, nobody else's ever, and not before its time", () => {
  const rows = [entry({ owner: "user:2" }), entry({ next: NOW + 5000 }), entry(), entry()];
  assert.equal(nextOf(rows, "user:1", NOW)?.id, rows[2].id);
  assert.equal(nextOf(rows, "user:1", NOW + 5000)?.id, rows[1].id);
  assert.equal(nextOf(rows, "user:3", NOW), undefined);
  assert.equal(nextOf([entry({ state: "draft" }), entry({ state: "refused" }), entry({ state: "accepted" })], "user:1", NOW), undefined);
});

test("two steps of one case keep their order, and those of another case do not wait for them", () => {
  const first = entry({ kind: "ask", number: "n", next: NOW + 9000 });
  const second = entry({ kind: "step", number: "n" });
  const other = entry({ kind: "step", number: "m" });
  assert.equal(nextOf([second, first, other], "user:1", NOW)?.id, other.id);
  assert.equal(nextOf([second, first], "user:1", NOW), undefined);
  assert.equal(nextOf([second, { ...first, next: 0 }], "user:1", NOW)?.id, first.id);
});

test("what was made on top of a step is sent against the version that the step brought", () => {
  const done = entry({ kind: "ask", number: "n", version: 6 });
  const behind = entry({ kind: "step", number: "n", version: 6 });
  const apart = entry({ kind: "step", number: "m", version: 6 });
  const elsewhere = entry({ kind: "step", number: "n", version: 6, owner: "user:2" });
  assert.deepEqual(carriedOn([done, behind, apart, elsewhere], done, 7), [{ ...behind, version: 7 }]);
  assert.deepEqual(carriedOn([behind], done, Number.NaN), []);
  assert.deepEqual(carriedOn([behind], done, 9), [], "somebody else moved it on meanwhile, which must be looked at");
});

test("what waits is counted for its owner, and a task that is done here is under way", () => {
  const rows = [entry(), entry({ state: "sending" }), entry({ state: "refused" }), entry({ state: "draft" }), entry({ owner: "user:2" })];
  assert.deepEqual(counted(rows, "user:1"), { waiting: 2, refused: 1, drafts: 1, accepted: 0 });
  const step = entry({ kind: "step", number: "n" });
  assert.equal(underWay([step], "user:1", "n"), step);
  assert.equal(underWay([{ ...step, state: "refused" }], "user:1", "n"), undefined);
  assert.equal(underWay([step], "user:2", "n"), undefined);
});

test("a task in a list that is older than the step that was accepted is done, and one that came back is not", () => {
  const done = entry({ kind: "step", state: "accepted", number: "n", version: 6 });
  assert.equal(isDone([done], "user:1", { number: "n", version: 6 }), true);
  assert.equal(isDone([done], "user:1", { number: "n", version: 9 }), false);
  assert.equal(isDone([done], "user:1", { number: "m", version: 6 }), false);
  assert.equal(isDone([done], "user:2", { number: "n", version: 6 }), false);
  assert.equal(isDone([{ ...done, kind: "ask" }], "user:1", { number: "n", version: 6 }), false);
});
