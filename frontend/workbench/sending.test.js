import assert from "node:assert/strict";
import test from "node:test";
import { Sending } from "./sending.js";

/** A server of tus that keeps one upload, and does wrong what `fault` says, once each. */
function server() {
  const held = { bytes: 0, size: 0, begun: 0, asked: 0, gone: false, faults: [], calls: [] };
  const answer = (status, headers = {}) => new Response(null, { status, headers });
  const send = async (where, { method, headers, body, signal }) => {
    held.calls.push(`${method} ${where}`);
    const fault = held.faults.shift();
    if (fault) return fault(signal);
    assert.equal(headers["Tus-Resumable"], "1.0.0");
    assert.equal(headers["X-CSRFToken"], "token");
    if (method === "POST") {
      Object.assign(held, { begun: held.begun + 1, bytes: 0, size: Number(headers["Upload-Length"]), gone: false });
      return answer(201, { Location: `/api/uploads/n${held.begun}` });
    }
    if (held.gone) return answer(404);
    if (method === "HEAD") return answer(200, { "Upload-Offset": String(held.bytes) });
    if (method === "DELETE") return answer(204);
    if (Number(headers["Upload-Offset"]) !== held.bytes) return answer(409);
    held.bytes += body.byteLength;
    return answer(204, { "Upload-Offset": String(held.bytes) });
  };
  return { held, send, answer };
}

function sending(given, bytes = 1_200_000) {
  const states = [];
  const file = new File([new Uint8Array(bytes)], "路口.jpg", { type: "image/jpeg" });
  const one = new Sending(file, {
    url: "/api/uploads/", token: "token", send: given.send, rest: async () => {}, told: ({ state }) => states.at(-1) !== state && states.push(state),
  });
  return { one, states };
}

const broken = () => {
  throw new TypeError("network");
};

test("a file comes in pieces and is there", async () => {
  const given = server();
  const { one, states } = sending(given);
  await one.run();
  assert.deepEqual([given.held.bytes, one.uid, states], [1_200_000, "n1", ["sending", "there"]]);
  assert.equal(given.held.calls.filter((call) => call.startsWith("PATCH")).length, 3);
});

test("after a break it asks how far it is and goes on from there", async () => {
  const given = server();
  given.held.faults = [undefined, undefined, broken, broken, (() => given.answer(503))];
  const { one, states } = sending(given);
  await one.run();
  assert.deepEqual([given.held.bytes, given.held.begun], [1_200_000, 1]);
  assert.deepEqual(states, ["sending", "offline", "sending", "there"]);
  assert.ok(given.held.calls.includes("HEAD /api/uploads/n1"));
});

test("an upload that was taken up by another hand goes on where that left it", async () => {
  const given = server();
  const { one } = sending(given);
  given.held.faults = [undefined, (() => { given.held.bytes = 700_000; return given.answer(409); })];
  await one.run();
  assert.deepEqual([one.state, given.held.bytes], ["there", 1_200_000]);
});

test("one that the server has cleared is begun anew", async () => {
  const given = server();
  const { one } = sending(given);
  one.uid = "old";
  given.held.gone = true;
  await one.run();
  assert.deepEqual([one.state, one.uid, given.held.bytes], ["there", "n1", 1_200_000]);
});

test("what the server will not have ahead is refused and not tried again", async () => {
  const given = server();
  given.held.faults = [() => given.answer(413)];
  const { one } = sending(given);
  await one.run();
  assert.deepEqual([one.state, given.held.calls.length], ["refused", 1]);
});

test("paused it stays where it is, and gone on with it comes to its end", async () => {
  const given = server();
  const { one } = sending(given);
  given.held.faults = [undefined, (signal) => new Promise((_, failed) => {
    signal.addEventListener("abort", () => failed(new DOMException("aborted", "AbortError")));
    one.pause();
  })];
  await one.run();
  assert.deepEqual([one.state, given.held.bytes], ["paused", 0]);
  await one.run();
  assert.deepEqual([one.state, given.held.bytes], ["there", 1_200_000]);
});

test("an empty file is there as soon as it is begun", async () => {
  const { one } = sending(server(), 0);
  await one.run();
  assert.equal(one.state, "there");
});
