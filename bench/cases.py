"""How fast the case engine answers over HTTP, with 100,000 cases and with 1,000,000 (issue 4, references/cases.md 4.3).

    ./run bench cases [--cases 100000 1000000] [--seconds 5] [--cells 2400]

In a database of its own, which is dropped afterwards. The cases are written by SQL (`bench.filling`), the server is
gunicorn with the configuration of production and two workers, and four signed-in people ask at once over loopback, each
on a connection that is kept. The relay does not run: what news costs later is not in here, but that every change has
its move and its entry in the journal is counted. Queries are those of the second request, seen in process; `BEGIN`,
`COMMIT` and savepoints are not questions. Where others work on the same machine, the processor time of an answer tells
more than its rate.
"""

import argparse
import base64
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from bench.filling import Series, fill
from bench.harness import ROOT, Process, free_port, percentile, private_database, wait_until
from bench.load import Answer, Ask, Inside, Visitor, at_once, drive, spent_ms
from bench.result import Result
from cases import selectors as cases
from grid import selectors as grid

CLIENTS, WORKERS = 4, 2
STARTING_S = 60
ROUNDS = 40
OPEN_SHARE, WAITING = 0.02, 3000
TURNS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
MOST_GROWN = 2.0


@dataclass(frozen=True)
class Figure:
    """What is asked, by whom, and what was promised of it."""

    name: str
    who: str
    ask: Ask
    good: tuple[int, ...] = (200,)
    per_second: float | None = None
    queries: int | None = None
    rows: bool = False


class Stock:
    """Case numbers that wait to be changed, each taken once; and everything else that the questions need."""

    def __init__(self) -> None:
        self.rng = random.Random(7)
        waiting = self._numbers("stage = 'reported' AND version = 1")
        self.contested, self.reported = waiting[:ROUNDS], deque(waiting[ROUNDS:])
        self.accepted: deque[str] = deque()
        self.some = self._numbers("stage IN ('handling', 'closed')", 500)
        self.spots = self._rows("SELECT ST_X(point), ST_Y(point) FROM bench_spot ORDER BY random() LIMIT 500")
        self.district = self._rows("SELECT district FROM cases_case WHERE district <> '' LIMIT 1")[0][0]
        self.first = self._rows("SELECT min(id) FROM cases_case")[0][0]
        self.box = ",".join(str(edge) for edge in grid.bounds() or ())
        offered = [row for row in cases.categories() if not row.auto_register and row.kind == "event"]
        self.category = offered[0].code

    @staticmethod
    def _rows(sql: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def _numbers(self, which: str, most: int = 20_000) -> list[str]:
        rows = self._rows(f"SELECT number FROM cases_case WHERE {which} ORDER BY id DESC LIMIT {most}")
        self.rng.shuffle(rows)
        return [number for (number,) in rows]

    def create(self, visitor: Visitor) -> Answer:
        """One report, with a key of its own."""
        lon, lat = self.rng.choice(self.spots)
        body = {"category": self.category, "description": "bench", "lon": lon, "lat": lat}
        answer = visitor.post("/api/cases", body, Idempotency_Key=uuid.uuid4().hex)
        if answer.status == 201:
            self.reported.append(answer.json()["number"])
        return answer

    def accept(self, visitor: Visitor) -> Answer:
        """Another reported case is accepted."""
        number = take(self.reported)
        answer = self.accept_this(number, visitor)
        if answer.status == 200:
            self.accepted.append(number)
        return answer

    @staticmethod
    def accept_this(number: str, visitor: Visitor) -> Answer:
        """A case that was just reported is accepted."""
        return visitor.post(f"/api/cases/{number}/accept", {}, If_Match='"1"')

    def register(self, visitor: Visitor) -> Answer:
        """Another accepted case is registered."""
        return visitor.post(f"/api/cases/{take(self.accepted)}/register", {"condition": "a"}, If_Match='"2"')

    def detail(self, visitor: Visitor) -> Answer:
        """Some case."""
        return visitor.get(f"/api/cases/{self.rng.choice(self.some)}")

    def history(self, visitor: Visitor) -> Answer:
        """How some case went."""
        return visitor.get(f"/api/cases/{self.rng.choice(self.some)}/moves")


def take(numbers: deque[str]) -> str:
    """The next one; StopIteration when there are no more, which ends the measuring."""
    try:
        return numbers.popleft()
    except IndexError:
        raise StopIteration from None


def got(path: str) -> Ask:
    """Asks for a path."""
    return lambda visitor: visitor.get(path)


def figures(stock: Stock) -> list[Figure]:
    """Everything that is measured, in order: what changes comes before what reads."""
    last = base64.urlsafe_b64encode(f"c{stock.first + 51}".encode()).decode().rstrip("=")
    rows, parted = "/api/cases?limit=50", "&stage=handling,accepted,checking"
    return [
        Figure("create", "collector", stock.create, (201,), 80, 15),
        Figure("change status (accept)", "acceptor", stock.accept, (200,), 80),
        Figure("change status (register)", "leader", stock.register, (200,), 80),
        Figure("list 50", "leader", got(rows), (200,), 150, 8, rows=True),
        Figure("list 50 of a district", "leader", got(f"{rows}&district={stock.district}"), (200,), 150, 8, rows=True),
        Figure("list 50 in three stages", "leader", got(rows + parted), (200,), 150, 8, rows=True),
        Figure("list 50 by words", "leader", got(f"{rows}&q={quote('户外广告 路段')}"), (200,), None, 8, rows=True),
        Figure("list 50, last page", "leader", got(f"{rows}&cursor={last}"), (200,), 150, 8, rows=True),
        Figure("list 50 of a department", "desk", got(rows), (200,), 150, 8, rows=True),
        Figure("map points of the city", "leader", got(f"/api/map/cases?bbox={stock.box}"), (200,), 60),
        Figure("figures (KPI)", "leader", got("/api/cases/figures"), (200,), 100, 5),
        Figure("detail", "leader", stock.detail),
        Figure("history of a case", "leader", stock.history),
        Figure("page of the queue (HTML)", "leader", got("/cases/?queue=open")),
    ]


def seed(database: str, cells: int, number: int = 3) -> None:
    """A city with its people, offices and so many cases, by the command that makes the demo."""
    demo = ["demo", "--cells", str(cells), "--assets", "60", "--cases", str(number), "--no-cameras"]
    given = {**os.environ, "DATABASE_URL": database, "DB_STATEMENT_TIMEOUT_MS": "0"}
    subprocess.run([sys.executable, "manage.py", *demo], cwd=ROOT, check=True, env=given, stdout=subprocess.DEVNULL)


def served(database: str, folder: Path) -> tuple[Process, int]:
    """gunicorn as in production, on this database, and its port."""
    port = free_port()
    bound = ["--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), "--max-requests", "0"]
    command = [sys.executable, "-m", "gunicorn", "cityops.wsgi:application", "-c", "deploy/gunicorn.py", *bound]
    given = {"DATABASE_URL": database, "SECRET_KEY": str(settings.SECRET_KEY), "ALLOWED_HOSTS": "localhost,127.0.0.1"}
    process = Process(*command, environment=given, log=folder / "web.log").start()
    wait_until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), STARTING_S, f"gunicorn ({folder / 'web.log'})")
    return process, port


def answers(url: str) -> bool:
    """Whether somebody is there."""
    with suppress(OSError), urllib.request.urlopen(url, timeout=5):
        return True
    return False


def told() -> tuple[int, int]:
    """How many moves and entries there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM cases_move), (SELECT count(*) FROM journal_entry)")
        return tuple(cursor.fetchone())


def asked_of_the_database(figure: Figure) -> tuple[int, list[str]]:
    """How many queries the second request takes, and those whose plan reads all cases one by one."""
    inside = Inside(User.objects.get(username=figure.who))
    figure.ask(inside)
    with CaptureQueriesContext(connection) as seen:
        answer = figure.ask(inside)
    if answer.status not in figure.good:
        raise SystemExit(f"{figure.name}: HTTP {answer.status}: {answer.body[:400]!r}")
    queries = [query["sql"] for query in seen.captured_queries if not query["sql"].startswith(TURNS)]
    return len(queries), [sql for sql in queries if reads_all_cases(sql)]


def reads_all_cases(sql: str) -> bool:
    """Whether the plan of a question walks through the whole table of cases."""
    if not sql.startswith("SELECT") or "cases_case" not in sql:
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return any("Seq Scan on cases_case" in line for (line,) in cursor.fetchall())


def postmaster() -> int:
    """The process of PostgreSQL that started the one we speak to; 0 where it runs elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    with suppress(OSError):
        return int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


@dataclass(frozen=True)
class Run:
    """One size, measured against one server."""

    size: int
    server: Process
    port: int
    seconds: float
    result: Result

    def visitors(self, who: str) -> list[Visitor]:
        """The same person at several desks."""
        return [Visitor(User.objects.get(username=who), self.port) for _ in range(CLIENTS)]

    def spent(self) -> dict[str, float]:
        """Processor time of everybody so far; the server is a child of this process."""
        web = spent_ms(self.server.child.pid) if self.server.child else 0.0
        return {"web": web, "database": spent_ms(postmaster()), "clients": spent_ms(os.getpid()) - web}

    def measure(self) -> dict[str, float]:
        """Every figure at this size; the p95 of each."""
        stock = Stock()
        slow = {figure.name: self.one(figure) for figure in figures(stock)}
        self.conflicts(stock)
        return slow

    def one(self, figure: Figure) -> float:
        """What one question costs; its p95."""
        name, result = f"{self.size:,}: {figure.name}", self.result
        queries, walks = asked_of_the_database(figure)
        visitors = self.visitors(figure.who)
        if figure.rows:
            result.expect(f"{name}, rows", len(figure.ask(visitors[0]).json()["results"]), at_least=1)
        before, spent = told(), self.spent()
        timed = drive(visitors, figure.ask, self.seconds)
        cost = {who: ms - spent[who] for who, ms in self.spent().items()}
        expect(result, name, timed.rate, "/s", at_least=figure.per_second)
        result.add(f"{name}, p50", percentile(timed.took, 0.5), "ms")
        result.add(f"{name}, p95", percentile(timed.took, 0.95), "ms")
        for who, ms in cost.items():
            result.add(f"{name}, processor of {who}", ms / max(1, timed.statuses.total()), "ms")
        result.add(f"{name}, largest answer", timed.size / 1024, "KiB")
        expect(result, f"{name}, queries", queries, "", at_most=figure.queries)
        result.expect(f"{name}, answers", len(timed.took), at_least=CLIENTS)
        result.expect(f"{name}, wrong answers", timed.wrong(figure.good), at_most=0)
        for refusal in timed.refusals:
            result.note(f"{name}: answered {refusal}")
        result.expect(f"{name}, plans that read every case", len(walks), at_most=0)
        if figure.name.startswith(("create", "change")):
            changed = sum(timed.statuses[status] for status in figure.good)
            missing = sum(max(0, changed - (now - then)) for now, then in zip(told(), before, strict=True))
            result.expect(f"{name}, moves and entries missing", missing, at_most=0)
        return percentile(timed.took, 0.95)

    def conflicts(self, stock: Stock) -> None:
        """Four people accept the same case in the same moment: one does, the others are told who was first."""
        visitors, took = self.visitors("acceptor"), []
        broken = unfair = mute = 0
        for number in stock.contested:
            found = at_once(visitors, partial(stock.accept_this, number))
            took += [ms for _answer, ms in found]
            lost = [answer for answer, _ms in found if answer.status in (409, 412)]
            broken += sum(answer.status >= 500 for answer, _ms in found)
            unfair += len(lost) != CLIENTS - 1 or sum(answer.status == 200 for answer, _ms in found) != 1
            mute += sum(answer.json()["params"].get("current") != 2 for answer in lost)
        name = f"{self.size:,}: same case at once"
        self.result.expect(f"{name}, answers", len(took), at_least=CLIENTS * ROUNDS)
        self.result.add(f"{name}, p95", percentile(took, 0.95), "ms")
        self.result.expect(f"{name}, answers 500", broken, at_most=0)
        self.result.expect(f"{name}, rounds without exactly one winner", unfair, at_most=0)
        self.result.expect(f"{name}, losers not told the fresh version", mute, at_most=0)


def expect(result: Result, name: str, value: float, unit: str, **target: float | None) -> None:
    """A figure with its target, where there is one."""
    known = {key: bound for key, bound in target.items() if bound is not None}
    if known:
        result.expect(name, value, unit=unit, **known)
    else:
        result.add(name, value, unit)


def compare(smaller: dict[str, float], larger: dict[str, float], result: Result) -> None:
    """How much slower each became."""
    for name, before in smaller.items():
        result.expect(f"{name}, p95 grown", larger[name] / before, at_most=MOST_GROWN, unit="times")


def main() -> int:
    """Builds, asks, judges."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--cases", type=int, nargs="+", default=[100_000, 1_000_000])
    reader.add_argument("--seconds", type=float, default=5.0)
    reader.add_argument("--cells", type=int, default=2400)
    given = reader.parse_args()
    result = Result("cases")
    result.note(f"load of the machine when this began: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    found: list[dict[str, float]] = []
    with private_database("bench_cases") as database, tempfile.TemporaryDirectory() as folder:
        seed(database, given.cells)
        stand = 0
        for series, size in enumerate(sorted(given.cases)):
            more, began = size - stand, time.monotonic()
            fill(Series(series, stand, more, round(OPEN_SHARE * more), min(WAITING, more // 10)))
            result.add(f"{size:,}: filled in", time.monotonic() - began, "s")
            stand = size
            server, port = served(database, Path(folder))
            try:
                found.append(Run(size, server, port, given.seconds, result).measure())
            finally:
                server.stop()
    for before, after in zip(found, found[1:], strict=False):
        compare(before, after, result)
    result.note(
        f"{OPEN_SHARE:.0%} are open, {WAITING:,} more wait; these and the 20,000 before them have their history"
    )
    result.note(f"load when it ended: {os.getloadavg()[0]:.1f}; figures hold on a machine without other load")
    return result.finish()


if __name__ == "__main__":
    sys.exit(main())
