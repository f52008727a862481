"""Asks a running server over HTTP, as several signed-in people at once, and times every answer."""

import http.client
import json
import os
import secrets
import string
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.test import Client

from accounts.models import User

WARM_S = 1.0
NO_ANSWER = 0
MOST_REFUSALS = 3


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Visitor:
    """A signed-in person's program: one session, one connection that is kept, one token against forgery."""

    def __init__(self, user: User, port: int) -> None:
        inside = Client()
        inside.force_login(user)
        token = "".join(secrets.choice(string.ascii_letters) for _ in range(32))
        cookies = {settings.SESSION_COOKIE_NAME: inside.cookies[settings.SESSION_COOKIE_NAME].value}
        cookies[settings.CSRF_COOKIE_NAME] = token
        self.headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": token,
            "Accept": "application/json",
        }
        self.port = port
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """The answer; where the server has closed the idle connection, asked again on a new one."""
        told = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        sent = None
        if body is not None:
            sent, told["Content-Type"] = json.dumps(body).encode(), "application/json"
        with suppress(http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            return self._once(method, path, sent, told)
        self.line.close()
        return self._once(method, path, sent, told)

    def _once(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        self.line.request(method, path, body, dict(headers))
        found = self.line.getresponse()
        return Answer(found.status, found.read())

    def get(self, path: str, **headers: str) -> Answer:
        """GET."""
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        """POST of JSON."""
        return self.ask("POST", path, body, **headers)


Ask = Callable[[Visitor], Answer]


@dataclass
class Timed:
    """How long the answers took, in milliseconds, and which statuses they had; a visitor that died had `NO_ANSWER`.

    `refusals` are the first answers that were none of what was asked for, as they came.
    """

    took: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    refusals: list[str] = field(default_factory=list)
    seconds: float = 0.0
    size: int = 0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.took) / self.seconds if self.seconds else float("nan")

    def wrong(self, good: Iterable[int]) -> int:
        """How many answers had another status."""
        expected = set(good)
        return sum(count for status, count in self.statuses.items() if status not in expected)


def ask_on(visitor: Visitor, ask: Ask, mine: Timed, starts: float, ends: float) -> None:
    """One visitor asks without pause until the end, or until StopIteration; what it asks before the start is not timed.

    Where it dies instead, one answer is missing.
    """
    mine.statuses[NO_ANSWER] = 1
    with suppress(StopIteration):
        while (began := time.monotonic()) < ends:
            answer = ask(visitor)
            if began >= starts:
                mine.took.append((time.monotonic() - began) * 1000)
            mine.statuses[answer.status] += 1
            if answer.status >= 400 and len(mine.refusals) < MOST_REFUSALS:
                mine.refusals.append(f"{answer.status} {answer.body[:300]!r}")
            mine.size = max(mine.size, len(answer.body))
    mine.statuses[NO_ANSWER] = 0


def drive(visitors: list[Visitor], ask: Ask, seconds: float) -> Timed:
    """All visitors ask without pause for so long, after a second that does not count; StopIteration ends one early."""
    timed, each = Timed(), [Timed() for _ in visitors]
    starts = time.monotonic() + WARM_S
    threads = [
        threading.Thread(target=ask_on, args=(visitor, ask, mine, starts, starts + seconds))
        for visitor, mine in zip(visitors, each, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    timed.seconds = min(seconds, time.monotonic() - starts)
    for mine in each:
        timed.took += mine.took
        timed.statuses += mine.statuses
        timed.refusals += mine.refusals
        timed.size = max(timed.size, mine.size)
    return timed


def spent_ms(root: int) -> float:
    """Processor time that a process and all that it started have spent so far, those that have ended too."""
    parents, ticks = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            told = path.read_text().rpartition(")")[2].split()
            pid = int(path.parent.name)
            parents[pid], ticks[pid] = int(told[1]), sum(map(int, told[11:15]))
    family = {root}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return 1000 * sum(ticks.get(pid, 0) for pid in family) / os.sysconf("SC_CLK_TCK")


def at_once(visitors: list[Visitor], ask: Ask) -> list[tuple[Answer, float]]:
    """Every visitor asks the same at the same moment; the answers, each with its milliseconds."""
    gate, found = threading.Barrier(len(visitors)), []

    def work(visitor: Visitor) -> None:
        gate.wait()
        began = time.monotonic()
        answer = ask(visitor)
        found.append((answer, (time.monotonic() - began) * 1000))

    threads = [threading.Thread(target=work, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


class Inside(Visitor):
    """The same person asking in this process, without a network, so that every query is seen."""

    def __init__(self, user: User) -> None:
        self.client = Client(SERVER_NAME="localhost")
        self.client.force_login(user)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """The answer."""
        told = {name.replace("_", "-"): value for name, value in headers.items()} | {"Accept": "application/json"}
        sent = json.dumps(body) if body is not None else ""
        found = self.client.generic(method, path, sent, "application/json", headers=told)
        return Answer(found.status_code, found.content)
