import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveClient } from "./client.js";
import { ServerClock } from "./clock.js";

const AT = "2026-11-22T06:00:00.000Z";

/** A clock moved by hand, and a feed kept in an array: the server's side of the protocol, in memory. */
class World {
  constructor(head = 0) {
    this.ms = 0;
    this.entries = Array.from({ length: head }, (_, index) => this.entry(index + 1));
    this.epoch = 1;
    this.applied = [];
    this.sockets = [];
    this.resets = [];
    this.down = false;
    this.pruned = 0;
    this.requests = [];
    const world = this;
    this.Socket = class {
      constructor(url) {
        this.url = url;
        world.sockets.push(this);
      }
      close() {
        this.onclose?.();
      }
      say(message) {
        this.onmessage({ data: JSON.stringify(message) });
      }
    };
    this.clock = new ServerClock(() => this.ms, () => Date.parse(AT) + this.ms);
  }

  entry(seq) {
    return { seq, kind: "case.reported.v1", subject: String(seq), at: AT, data: {}, area: "", org: "", trace: "", actor_label: "" };
  }

  grow(many) {
    const from = this.entries.length;
    for (let n = 1; n <= many; n += 1) this.entries.push(this.entry(from + n));
    return this.entries.slice(from);
  }

  answer(status, body) {
    return { status, ok: status < 400, json: async () => body };
  }

  fetch = async (url) => {
    const asked = new URL(url, "http://here");
    this.requests.push(url);
    if (this.down) throw new TypeError("no network");
    const head = this.entries.length;
    if (asked.pathname === "/snapshot") {
      return this.answer(200, { epoch: this.epoch, heads: { city: head }, server_time: AT, cases: [], days: {} });
    }
    const after = Number(asked.searchParams.get("after"));
    if (Number(asked.searchParams.get("epoch")) !== this.epoch) return this.answer(409, {});
    if (after < this.pruned) return this.answer(410, {});
    const page = this.entries.slice(after, after + Number(asked.searchParams.get("limit")));
    return this.answer(200, {
      epoch: this.epoch, scope: "city", entries: page, head, complete_to: after + page.length,
      has_more: after + page.length < head, server_time: AT,
    });
  };

  client(start = { epoch: 1, heads: { city: this.entries.length } }) {
    const client = new LiveClient({
      scopes: ["city"], socketUrl: "ws://here/ws/live", snapshotUrl: "/snapshot", start, clock: this.clock,
      WebSocket: this.Socket, fetch: this.fetch, random: () => 0.5,
      apply: (_scope, entry) => this.applied.push(entry.seq),
      reset: (snapshot) => this.resets.push(snapshot.heads.city),
    });
    client.connect();
    return client;
  }

  hello(client, heads = { city: this.entries.length }) {
    this.sockets.at(-1).say({ type: "hello", epoch: this.epoch, heads, server_time: AT });
    return client;
  }

  push(entries) {
    this.sockets.at(-1).say({ type: "entries", scope: "city", epoch: this.epoch, entries });
  }
}

const settled = async (client) => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  await Promise.all([...client.pulling.values(), client.reloading].filter(Boolean));
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

test("entries that are pushed in order are applied in order", () => {
  const world = new World(5);
  const client = world.hello(world.client());
  world.push(world.grow(3));
  assert.deepEqual(world.applied, [6, 7, 8]);
  assert.equal(client.counters.pushed, 3);
  assert.equal(client.counters.holes, 0);
});

test("an entry told twice is applied once", () => {
  const world = new World(2);
  const client = world.hello(world.client());
  const fresh = world.grow(2);
  world.push(fresh);
  world.push(fresh);
  assert.deepEqual(world.applied, [3, 4]);
  assert.equal(client.counters.doubled, 2);
});

test("a hole is pulled whole before anything after it is applied", async () => {
  const world = new World(1);
  const client = world.hello(world.client());
  const fresh = world.grow(4);
  world.push(fresh.slice(2));
  assert.deepEqual(world.applied, [], "nothing after the hole");
  assert.equal(client.fresh, false);
  await settled(client);
  assert.deepEqual(world.applied, [2, 3, 4, 5]);
  assert.equal(client.counters.holes, 1);
  assert.equal(client.fresh, true);
});

test("what was missed while away comes page by page, without a ceiling", async () => {
  const world = new World(0);
  const client = world.client({ epoch: 1, heads: { city: 0 } });
  world.grow(1234);
  world.hello(client);
  await settled(client);
  assert.equal(world.applied.length, 1234);
  assert.deepEqual(world.applied, world.entries.map((entry) => entry.seq));
  assert.equal(world.requests.length, 3);
});

test("a heartbeat whose head is ahead finds what no push told", async () => {
  const world = new World(3);
  const client = world.hello(world.client());
  world.grow(1);
  world.sockets.at(-1).say({ type: "heartbeat", heads: { city: 4 }, server_time: AT });
  await settled(client);
  assert.deepEqual(world.applied, [4]);
});

test("a resync is answered by a pull", async () => {
  const world = new World(3);
  const client = world.hello(world.client());
  world.grow(2);
  world.sockets.at(-1).say({ type: "resync", scope: "city" });
  await settled(client);
  assert.deepEqual(world.applied, [4, 5]);
  assert.equal(client.counters.resyncs, 1);
});

test("another epoch begins again from a snapshot", async () => {
  const world = new World(9);
  const client = world.hello(world.client());
  world.epoch = 2;
  world.entries = world.entries.slice(0, 4);
  world.push([world.entry(10)]);
  await settled(client);
  assert.deepEqual(world.applied, []);
  assert.deepEqual(world.resets, [4]);
  assert.equal(client.epoch, 2);
  assert.deepEqual(client.last, { city: 4 });
});

test("what is no longer kept is replaced by a snapshot", async () => {
  const world = new World(2);
  const client = world.client();
  world.grow(50);
  world.pruned = 30;
  world.hello(client);
  await settled(client);
  assert.deepEqual(world.resets, [52]);
  assert.deepEqual(world.applied, []);
});

test("ten seconds without a heartbeat are stale, fifteen end the socket and another comes", () => {
  const world = new World(1);
  const client = world.hello(world.client());
  assert.equal(client.fresh, true);
  world.ms += 9_900;
  client.tick();
  assert.equal(client.fresh, true);
  world.ms += 200;
  client.tick();
  assert.equal(client.fresh, false);
  world.ms += 5_000;
  client.tick();
  assert.equal(client.socket, undefined);
  assert.notEqual(client.retry, undefined);
  client.connect();
  world.hello(client);
  assert.equal(world.sockets.length, 2);
  assert.equal(client.fresh, true);
  client.stop();
});

test("a pull that fails leaves the hole open and says stale until it is healed", async () => {
  const world = new World(1);
  const client = world.hello(world.client());
  world.down = true;
  world.push(world.grow(3).slice(1));
  await settled(client);
  assert.equal(client.fresh, false);
  world.down = false;
  world.ms += 2_500;
  client.tick();
  await settled(client);
  assert.deepEqual(world.applied, [2, 3, 4]);
  assert.equal(client.fresh, true);
  client.stop();
});

test("without a socket the feed is still read", async () => {
  const world = new World(1);
  const client = world.hello(world.client());
  world.sockets.at(-1).close();
  world.grow(2);
  world.ms += 3_000;
  client.tick();
  await settled(client);
  assert.deepEqual(world.applied, [2, 3]);
  client.stop();
});

test("in any order, with losses and repeats, everything is applied once and in order", async () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const world = new World(0);
  const client = world.client({ epoch: 1, heads: { city: 0 } });
  world.hello(client);
  for (let round = 0; round < 200; round += 1) {
    const fresh = world.grow(1 + Math.floor(random() * 4));
    const luck = random();
    if (luck < 0.5) world.push(fresh);
    else if (luck < 0.6) world.push(fresh.slice(1));
    else if (luck < 0.7) world.push([...fresh, ...fresh]);
    else if (luck < 0.8) world.sockets.at(-1).say({ type: "heartbeat", heads: { city: world.entries.length }, server_time: AT });
    if (random() < 0.3) await settled(client);
  }
  world.sockets.at(-1).say({ type: "heartbeat", heads: { city: world.entries.length }, server_time: AT });
  await settled(client);
  assert.deepEqual(world.applied, world.entries.map((entry) => entry.seq));
  assert.equal(client.counters.applied, world.entries.length);
});

for (const [code, why] of [[4401, "signed_out"], [4403, "rights"]]) {
  test(`a socket closed with ${code} ends the client, says ${why} and is not opened again`, () => {
    const world = new World(1);
    const client = world.client();
    const told = [];
    client.addEventListener("ended", (event) => told.push(event.detail.why));
    world.hello(client);
    world.sockets.at(-1).onclose({ code });
    assert.deepEqual(told, [why]);
    assert.equal(client.fresh, false);
    client.wake();
    assert.equal(world.sockets.length, 1);
  });
}

test("a pull that is answered 401 ends the client too: a page that slept finds out", async () => {
  const world = new World(3);
  const client = world.client({ epoch: 1, heads: { city: 1 } });
  const told = [];
  client.addEventListener("ended", (event) => told.push(event.detail.why));
  client.options.fetch = undefined;
  client.fetch = async () => world.answer(401, {});
  await client.pull("city");
  assert.deepEqual(told, ["signed_out"]);
  assert.deepEqual(world.applied, []);
});
