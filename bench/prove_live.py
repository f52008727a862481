"""./run prove live: twenty-five WebSocket clients of a real uvicorn, while relay, Redis and web are killed.

The clients follow the protocol and nothing else: apply only `last + 1`, pull GET /api/feed at a hole, at a `resync`,
after a reconnect and when a heartbeat is ahead; connect anew after fifteen seconds of silence. First a healthy time,
then a time of faults. At the end every client must have applied every entry of its feed, once, in order.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from pathlib import Path

import httpx
from django.apps import apps
from django.conf import settings
from django.db import connection, connections, transaction
from django.test import Client
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from bench.harness import Process, Redis, free_port, manage, percentile, private_database, wait_until
from bench.leaving import switched_off
from bench.result import Result
from core.scope import machine
from journal import actions, contracts, selectors
from journal.contracts import BY_AREA
from journal.models import Entry

CLIENTS, WRITERS = 25, 4
SILENCE_S = 15.0
HEALTHY = "healthy"
HEALTHY_P99_MS = 500
LEAVERS, SWITCHED_OFF_S = 8, 5.0
DISTRICTS = ("449901", "449902", "449903")
FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Told:
    """What a proving entry holds: when its transaction was about to commit (seconds since 1970)."""

    at: float


def write(who: int, begin: Event, stop: Event) -> None:
    """Five committed entries a second, somewhere in the city."""
    chance, actor = random.Random(who), machine("prover")
    begin.wait()
    while not stop.is_set():
        with transaction.atomic():
            for _ in range(chance.choice((1, 1, 1, 4))):
                actions.record(
                    "prove.told.v1", subject="s", actor=actor, area=f"449900.{chance.choice(DISTRICTS)}",
                    data=Told(time.time()),
                )  # fmt: skip
        time.sleep(chance.random() * 0.6)


@dataclass
class Viewer:
    """A client that follows one feed by the protocol."""

    scope: str
    cookie: str
    port: int
    sleepy: bool = False
    last: int = 0
    epoch: int = 0
    applied: list[tuple[int, float, float]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def headers(self) -> dict[str, str]:
        """Who this is."""
        return {"Cookie": f"sessionid={self.cookie}"}

    async def follow(self) -> None:
        """Stay connected, whatever happens, until cancelled."""
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", headers=self.headers, timeout=5) as http:
            while True:
                with suppress(OSError, TimeoutError, WebSocketException, httpx.HTTPError):
                    await self._listen(http)
                self.counts["reconnects"] += 1
                await asyncio.sleep(0.2 + random.random() * 0.8)

    async def _listen(self, http: httpx.AsyncClient) -> None:
        url = f"ws://127.0.0.1:{self.port}/ws/live?scopes={self.scope}"
        async with connect(url, additional_headers=self.headers, open_timeout=5, close_timeout=1) as socket:
            while True:
                message = json.loads(await asyncio.wait_for(socket.recv(), SILENCE_S))
                self.counts[message["type"]] += 1
                await self._take(message, http)
                if self.sleepy and random.random() < 0.02:
                    await asyncio.sleep(10)

    async def _take(self, message: dict, http: httpx.AsyncClient) -> None:
        kind = message["type"]
        if kind == "entries":
            if self._apply(message["entries"]):
                await self._pull(http)
        elif kind == "resync":
            await self._pull(http)
        elif message["heads"].get(self.scope, 0) > self.last:
            self.counts["holes told by heads"] += kind == "heartbeat"
            await self._pull(http)

    def _apply(self, entries: list[dict]) -> bool:
        """Apply what follows; whether there is a hole."""
        for entry in entries:
            if entry["seq"] <= self.last:
                self.counts["told twice, ignored"] += 1
                continue
            if entry["seq"] != self.last + 1:
                self.counts["holes"] += 1
                return True
            self.last = entry["seq"]
            self.applied.append((entry["seq"], entry["data"]["at"], time.time()))
        return False

    async def _pull(self, http: httpx.AsyncClient) -> None:
        while True:
            query: dict[str, str | int] = {"scope": self.scope, "after": self.last, "limit": 500}
            answer = (await http.get("/api/feed", params=query)).raise_for_status()
            self.counts["pulls"] += 1
            body = answer.json()
            self._apply(body["entries"])
            if not body["has_more"]:
                return


@dataclass
class City:
    """The processes of the proof."""

    url: str
    folder: Path

    def __post_init__(self) -> None:
        self.redis, self.port = Redis(), free_port()
        settings.REDIS_URL = self.redis.url
        environment = {"DATABASE_URL": self.url, "REDIS_URL": self.redis.url}
        self.relays = [manage("relay", environment=environment, log=self.folder / "relay.log") for _ in range(2)]
        self.web = Process(
            sys.executable, "-m", "uvicorn", "cityops.asgi:application", "--host", "127.0.0.1", "--port",
            str(self.port), "--log-level", "warning", environment=environment, log=self.folder / "web.log",
        )  # fmt: skip
        self.done: Counter[str] = Counter()
        self.troubles: list[tuple[str, float, float]] = []

    def start(self) -> None:
        """Everything runs and answers."""
        self.redis.start()
        for process in (*self.relays, self.web):
            process.start()
        wait_until(self._web_answers, 60, "the web process")
        wait_until(lambda: selectors.lag().relay_seen_s is not None, 60, "the relay")

    def _web_answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/healthz").status_code == 200
        except httpx.HTTPError:
            return False

    def stop(self) -> None:
        """Nothing runs."""
        for process in (self.web, *self.relays):
            process.stop()
        self.redis.remove()

    async def trouble(self, until: float) -> None:
        """Kill, freeze, cut; a few seconds to recover; again."""
        chance = random.Random(11)
        relay_faults = [self.kill_relay, self.kill_relays, self.freeze_relay]
        faults = [*relay_faults, self.kill_redis, self.freeze_redis, self.kill_web]
        while time.time() < until:
            if self.done.total() % len(faults) == 0:
                chance.shuffle(faults)
            fault = faults[self.done.total() % len(faults)]
            name, since = fault.__name__.replace("_", " "), time.time()
            self.done[name] += 1
            await fault()
            pause = chance.uniform(3, 6)
            self.troubles.append((name, since, time.time() + pause))
            await asyncio.sleep(pause)

    async def kill_relay(self) -> None:
        """One of two relays dies and is started again."""
        await self._replace(random.choice(self.relays), 0.5)

    async def kill_relays(self) -> None:
        """Both relays die."""
        await asyncio.gather(*[self._replace(relay, 1.0) for relay in self.relays])

    async def kill_redis(self) -> None:
        """Redis dies for five seconds and comes back empty."""
        await self._replace(self.redis, 5.0)

    async def kill_web(self) -> None:
        """The web process dies, with every socket, and the next one answers."""
        await self._replace(self.web, 0.5)
        await asyncio.to_thread(wait_until, self._web_answers, 60, "the web process")

    async def freeze_relay(self) -> None:
        """A relay stands still for six seconds."""
        await self._freeze(random.choice(self.relays), 6.0)

    async def freeze_redis(self) -> None:
        """Redis stands still: connections stay open and nothing answers."""
        await self._freeze(self.redis, 4.0)

    async def _replace(self, process: Process, after: float) -> None:
        await asyncio.to_thread(process.kill)
        await asyncio.sleep(after)
        await asyncio.to_thread(process.start)

    async def _freeze(self, process: Process, seconds: float) -> None:
        process.send(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        process.send(signal.SIGCONT)


def cookie_of(username: str, area: str) -> str:
    """The session of somebody new who may read the feed of that area."""
    user = apps.get_model("accounts", "User").objects.create(username=username, label=username)
    roles = apps.get_model("accounts", "Role").objects
    role, _ = roles.get_or_create(code="prove_reader", defaults={"permissions": ["feed.read"], "names": {}})
    apps.get_model("accounts", "Grant").objects.create(user=user, role=role, area=area, granted_by="prove")
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def audience(port: int) -> list[Viewer]:
    """Ten who see the city, five for each district; two of them fall asleep now and then."""
    scopes = ["city"] * (CLIENTS - 15) + [f"d:{code}" for code in DISTRICTS] * 5
    cookies = {scope: cookie_of(f"prove.{place}", _area(scope)) for place, scope in enumerate(sorted(set(scopes)))}
    return [Viewer(scope, cookies[scope], port, sleepy=place in (0, 12)) for place, scope in enumerate(scopes)]


def _area(scope: str) -> str:
    return "449900" if scope == "city" else f"449900.{scope.removeprefix('d:')}"


async def story(
    city: City, viewers: list[Viewer], leavers: dict[str, str], begin: Event, stop: Event, minutes: float
) -> list[float]:
    """A third of the time healthy, then with faults, then to catch up; how soon whoever is switched off was out."""
    tasks = [asyncio.create_task(viewer.follow()) for viewer in viewers]
    while not all(viewer.counts["hello"] for viewer in viewers):
        await asyncio.sleep(0.1)
    await asyncio.sleep(2)
    begin.set()
    pauses = [place * 0.3 for place in range(len(leavers))]
    leaving = [switched_off(city.port, *leaver, after) for leaver, after in zip(leavers.items(), pauses, strict=True)]
    took, _ = await asyncio.gather(asyncio.gather(*leaving), asyncio.sleep(minutes * 60 / 3))
    await city.trouble(time.time() + minutes * 60 * 2 / 3)
    stop.set()
    await asyncio.to_thread(_everything_numbered)
    heads = await asyncio.to_thread(_heads, {viewer.scope for viewer in viewers})
    deadline = time.time() + 40
    while time.time() < deadline and any(viewer.last < heads[viewer.scope] for viewer in viewers):
        await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return took


def _everything_numbered() -> None:
    try:
        wait_until(lambda: not Entry.objects.filter(seq=None).exists(), 40, "the last number")
    finally:
        connection.close()


def _heads(scopes: set[str]) -> dict[str, int]:
    try:
        return selectors.heads(scopes)
    finally:
        connection.close()


def judge(result: Result, city: City, viewers: list[Viewer]) -> None:
    """Every viewer against what the database says its feed is."""
    feeds = {scope: _feed(scope) for scope in {viewer.scope for viewer in viewers}}
    missed = doubled = wrong = 0
    times: defaultdict[str, list[float]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for viewer in viewers:
        expected, seen = feeds[viewer.scope], [(seq, at) for seq, at, _ in viewer.applied]
        missed += len(set(expected) - set(seen))
        doubled += len(seen) - len(set(seen))
        wrong += seen != expected[: len(seen)]
        counts.update(viewer.counts)
        if viewer.sleepy:
            continue
        for _, at, arrived in viewer.applied:
            times[_circumstances(city, at)].append((arrived - at) * 1000)
    result.add("viewers", len(viewers))
    result.add("committed entries", len(feeds["city"]))
    result.add("deliveries", sum(len(viewer.applied) for viewer in viewers))
    for what, many in sorted({**city.done, **counts}.items()):
        result.add(what, many)
    result.expect("missed", missed, at_most=0)
    result.expect("doubled", doubled, at_most=0)
    result.expect("viewers whose order was wrong", wrong, at_most=0)
    for name in sorted(times, key=lambda name: (name != HEALTHY, name)):
        for share, what in ((0.5, "p50"), (0.99, "p99"), (1.0, "max")):
            label, value = f"commit to client, {name}: {what}", percentile(times[name], share)
            if (name, what) == (HEALTHY, "p99"):
                result.expect(label, value, at_most=HEALTHY_P99_MS, unit="ms")
            else:
                result.add(label, value, "ms")


def _circumstances(city: City, at: float) -> str:
    """What was going on when the entry was committed."""
    return next((name for name, since, until in city.troubles if since <= at <= until), HEALTHY)


def _feed(scope: str) -> list[tuple[int, float]]:
    return [(entry.seq, entry.data["at"]) for entry in selectors.entries_after(scope, 0, 10**6)]


@contextmanager
def writers(begin: Event, stop: Event) -> Iterator[None]:
    """Inside, from the beginning to the end, the city is busy."""
    connections.close_all()
    working = [FORK.Process(target=write, args=(who, begin, stop), daemon=True) for who in range(WRITERS)]
    for writer in working:
        writer.start()
    try:
        yield
    finally:
        begin.set()
        stop.set()
        for writer in working:
            writer.join(30)


def main() -> int:
    """Exit status 0 where nobody missed anything and nobody saw anything twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=3.0)
    options = parser.parse_args()
    result, begin, stop = Result("prove_live"), FORK.Event(), FORK.Event()
    database = private_database(f"prove_live_{os.getpid()}")
    with contracts.reopened(), tempfile.TemporaryDirectory() as logs, database as url:
        contracts.register_kind("prove.told.v1", Told, BY_AREA)
        city = City(url, Path(logs))
        try:
            viewers = audience(city.port)
            leavers = {name: cookie_of(name, "449900") for name in (f"leaver.{place}" for place in range(LEAVERS))}
            city.start()
            with writers(begin, stop):
                took = asyncio.run(story(city, viewers, leavers, begin, stop, options.minutes))
            judge(result, city, viewers)
            result.expect("switched off to socket ended, longest", max(took), at_most=SWITCHED_OFF_S, unit="s")
        finally:
            city.stop()
    return result.finish()


if __name__ == "__main__":
    sys.exit(main())
