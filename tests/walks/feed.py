"""A viewer of the live feed: applies only last + 1, heals every hole by a pull, and counts what should not be."""

import asyncio
import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import websockets

from tests.walks.doors import Door, WalkFailed


@dataclass(frozen=True)
class Heard:
    """One entry and the moment (monotonic seconds) it was applied here."""

    seq: int
    kind: str
    subject: str
    data: dict[str, Any]
    trace: str
    at: float


class Feed:
    """Follows one scope in a thread of its own from the moment it is opened."""

    def __init__(self, base: str, door: Door, scope: str = "city") -> None:
        self.scope = scope
        self.heard: list[Heard] = []
        self.repeats = 0
        self.pulls = 0
        self.reconnects = 0
        self._door = door
        self._socket_url = base.replace("http", "ws", 1) + f"/ws/live?scopes={scope}"
        self._origin = base
        self._lock = threading.Condition()
        self._stop = False
        first = door.get("/api/wall/snapshot").body
        self._epoch, self._last = first["epoch"], first["heads"][scope]
        self.started_at = self._last
        self._thread = threading.Thread(target=lambda: asyncio.run(self._follow()), daemon=True)
        self._thread.start()

    @property
    def last(self) -> int:
        """The number of the last entry applied."""
        return self._last

    def close(self) -> None:
        """The viewer leaves."""
        self._stop = True
        self._thread.join(timeout=5)

    def wait(self, told: Callable[[Heard], bool], *, within_s: float, what: str) -> Heard:
        """The first entry that fits, now or within the time; fails with `what` otherwise."""
        deadline = time.monotonic() + within_s
        seen = 0
        with self._lock:
            while True:
                for entry in self.heard[seen:]:
                    if told(entry):
                        return entry
                seen = len(self.heard)
                left = deadline - time.monotonic()
                if left <= 0:
                    raise WalkFailed(f"the wall did not hear within {within_s:.0f} s: {what}")
                self._lock.wait(timeout=left)

    def about(self, subject: str) -> list[Heard]:
        """Everything heard about one subject, in order."""
        with self._lock:
            return [entry for entry in self.heard if entry.subject == subject]

    def whole(self) -> bool:
        """Whether the numbers heard are exactly those from the start to the last, once each."""
        with self._lock:
            return [e.seq for e in self.heard] == list(range(self.started_at + 1, self._last + 1))

    async def _follow(self) -> None:
        while not self._stop:
            try:
                headers = {"Cookie": self._door.cookie, "Origin": self._origin}
                async with websockets.connect(self._socket_url, additional_headers=headers, open_timeout=20) as socket:
                    await self._listen(socket)
            except (OSError, websockets.WebSocketException, TimeoutError, httpx.HTTPError):
                self.reconnects += 1
                await asyncio.sleep(0.2 + random.random() * 0.5)

    async def _listen(self, socket: websockets.ClientConnection) -> None:
        while not self._stop:
            message = json.loads(await asyncio.wait_for(socket.recv(), timeout=30))
            if message["type"] == "entries" and message["scope"] == self.scope:
                self._apply(message["entries"])
                heads = {self.scope: message["entries"][-1]["seq"]}
            else:
                heads = message.get("heads", {self.scope: self._last + 1})
            if heads.get(self.scope, 0) > self._last:
                await asyncio.to_thread(self._pull)

    def _pull(self) -> None:
        while not self._stop:
            page = self._door.get("/api/feed", scope=self.scope, after=self._last, epoch=self._epoch, limit=500).body
            self.pulls += 1
            self._apply(page["entries"])
            if not page["has_more"]:
                return

    def _apply(self, entries: list[dict[str, Any]]) -> None:
        with self._lock:
            for entry in entries:
                if entry["seq"] <= self._last:
                    self.repeats += 1
                elif entry["seq"] == self._last + 1:
                    self._last = entry["seq"]
                    told = {name: entry[name] for name in ("seq", "kind", "subject", "data", "trace")}
                    self.heard.append(Heard(**told, at=time.monotonic()))
            self._lock.notify_all()
