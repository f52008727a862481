import assert from "node:assert/strict";
import test from "node:test";
import { Refused, Session } from "./session.js";

const VERSION = { id: 3, state: "draft", revision: 7, problems: 0, can_undo: false, can_redo: false };
const cell = (code, area = 1) => ({ type: "Feature", id: code, geometry: null, properties: { code, area_m2: area } });
const DONE = { revision: 8, changed: [cell("a", 2), cell("c")], removed: ["b"], can_undo: true, can_redo: false };

/** A session whose server answers these in turn; an answer that is an error is thrown. */
function opened(...answers) {
  const asked = [];
  const fetch = async (url, options) => {
    asked.push([url, options.body ? JSON.parse(options.body) : null]);
    const [status, body] = answers.shift();
    if (status === 0) throw new TypeError("Failed to fetch");
    return new Response(JSON.stringify(body), { status });
  };
  const session = new Session({ ...VERSION }, { fetch, wait: async () => undefined });
  session.cells = new Map(["a", "b"].map((code) => [code, cell(code)]));
  return { session, asked };
}

test("what the server made of an edit is what the map has", async () => {
  const { session, asked } = opened([200, DONE]);
  await session.edit({ op: "merge", codes: ["a", "b"] });
  assert.deepEqual(asked[0], ["/api/grid/versions/3/edits", { op: "merge", codes: ["a", "b"], revision: 7 }]);
  assert.deepEqual([...session.cells.keys()], ["a", "c"]);
  assert.equal(session.cells.get("a").properties.area_m2, 2);
  assert.equal(session.version.revision, 8);
  assert.equal(session.state, "saved");
});

test("a lost connection keeps the edit and tries again until it is taken", async () => {
  const { session, asked } = opened([0], [503, {}], [200, DONE]);
  const states = [];
  session.addEventListener("state", () => states.push(session.state));
  await session.edit({ op: "delete", code: "b" });
  assert.equal(asked.length, 3);
  assert.deepEqual(states, ["sending", "offline", "sending", "offline", "sending", "saved"]);
});

test("a stale edit waits; done again it goes upon what there is now", async () => {
  const stale = [409, { code: "grid.revision_stale", params: { revision: 9 } }];
  const { session, asked } = opened(stale, [200, { ...VERSION, revision: 9 }], [200, { problems: [] }], [200, { ...DONE, revision: 10 }]);
  const taken = session.edit({ op: "delete", code: "b" });
  await new Promise((go) => setTimeout(go, 5));
  assert.equal(session.state, "stale");
  assert.ok(session.cells.has("b"));
  await session.again();
  await taken;
  assert.equal(asked.at(-1)[1].revision, 9);
  assert.equal(session.version.revision, 10);
});

test("a stale edit that is given up changes nothing", async () => {
  const { session } = opened([409, { code: "grid.revision_stale" }]);
  const taken = session.edit({ op: "delete", code: "b" });
  await new Promise((go) => setTimeout(go, 5));
  session.giveUp();
  await assert.rejects(taken, (error) => error instanceof Refused && error.code === "editor.given_up");
  assert.ok(session.cells.has("b"));
  assert.equal(session.state, "saved");
});

test("a refusal is told at once and not tried again", async () => {
  const { session, asked } = opened([400, { code: "grid.no_edge", message: "There is no such edge." }]);
  await assert.rejects(session.edit({ op: "split" }), /There is no such edge/);
  assert.equal(asked.length, 1);
  assert.equal(session.waiting, null);
});

test("one edit at a time", async () => {
  const { session } = opened([200, DONE]);
  const first = session.edit({ op: "delete", code: "b" });
  await assert.rejects(session.edit({ op: "delete", code: "a" }), (error) => error.code === "editor.busy");
  await first;
});

/** A promise and its way out. */
function gate() {
  let open = () => undefined;
  const shut = new Promise((go) => (open = go));
  return { shut, open };
}

test("what was asked before an edit and comes after it is asked again, so that no old revision or cell comes back", async () => {
  const late = gate();
  const seen = { version: 7, cells: ["a", "b"] };
  const fetch = async (url) => {
    const { version, cells } = { ...seen };
    if (url.endsWith("/edits")) {
      Object.assign(seen, { version: 8, cells: ["a", "c"] });
      return new Response(JSON.stringify(DONE));
    }
    if (version === 7) await late.shut;
    if (url.includes("/cells")) return new Response(JSON.stringify({ features: cells.map((code) => cell(code)) }));
    return new Response(JSON.stringify(url.endsWith("/problems") ? { problems: [] } : { ...VERSION, revision: version }));
  };
  const session = new Session({ ...VERSION }, { fetch });
  const asked = Promise.all([session.refresh(), session.load([0, 0, 1, 1])]);
  await session.edit({ op: "merge", codes: ["a", "b"] });
  late.open();
  await asked;
  assert.equal(session.version.revision, 8);
  assert.deepEqual([...session.cells.keys()], ["a", "c"]);
});

test("an edit that waits for the network is sent once, whoever calls for it", async () => {
  const answers = [[0], [200, DONE]];
  let sent = 0;
  const fetch = async () => {
    sent += 1;
    const [status, body] = answers.shift();
    if (status === 0) throw new TypeError("Failed to fetch");
    return new Response(JSON.stringify(body), { status });
  };
  const session = new Session({ ...VERSION }, { fetch, wait: () => new Promise(() => undefined) });
  const taken = session.edit({ op: "delete", code: "b" });
  await new Promise((go) => setTimeout(go, 5));
  assert.equal(session.state, "offline");
  await Promise.all([session.deliver(), session.deliver()]);
  await taken;
  assert.equal(sent, 2);
});
