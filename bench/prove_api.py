"""./run prove api: every operation that the API describes, called as it allows and as it does not, by four callers.

    ./run prove api [--calls 100000] [--minutes 60] [--clients 2] [--seed 7] [--only TEXT]

A small city of the demo in a database of its own, gunicorn as in production with two workers before it, and the
document that this server gives. schemathesis generates calls from it, what the city holds is put into them, and each is
made by an administrator, by a dispatcher of a district, by a collector and by nobody who is known. No answer is a
fault of ours, every answer is as the document says, and nobody is told what is not open to all. Every fault goes, with
what was asked and answered, to var/results/prove_api_faults.txt.
"""

import argparse
import io
import multiprocessing
import os
import random
import secrets
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import requests
import schemathesis
from django.conf import settings
from django.db import connections
from django.test import Client
from PIL import Image
from schemathesis import checks
from schemathesis.core.failures import Failure, FailureGroup

from accounts import actions as accounts
from accounts import selectors as organisations
from accounts.models import User
from bench.calls import Call, Caller, Operation, described, operations_of
from bench.cases import seed as seed_city
from bench.cases import served
from bench.furnishing import furnish
from bench.harness import ROOT, private_database
from bench.learnt import Learnt
from bench.result import Result
from core.scope import machine
from grid import selectors as grid

SETUP = machine("prove", "admin")
CELLS, CASES = 240, 40
MOST_WORDS = 4
BATCH = 12
LEAST_CALLS, GOOD_SHARE = 40, 0.6
SAYS_SO = ("case.see", "case.report", "feed.read", "wall.see", "camera.see", "score.see")
ROLES: dict[str, tuple[str, ...]] = {
    "administrator": (
        *SAYS_SO, "admin", "accept", "supervise", "command.city", "evaluate", "person.see", "audit.see",
        "component.edit",
    ),
    "dispatcher": (*SAYS_SO, "command.district", "desk", "component.propose"),
    "collector": (*SAYS_SO, "collect", "handle", "component.propose"),
}  # fmt: skip
NOBODY = "nobody"
JUDGES = {
    "status not described": checks.status_code_conformance,
    "content type not described": checks.content_type_conformance,
    "body not as described": checks.response_schema_conformance,
    "headers not as described": checks.response_headers_conformance,
}
UNKNOWN = ("", "Basic cHJvdmU6d3Jvbmc=", "Bearer wrong")


@dataclass
class Tally:
    """What one client counted."""

    calls: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    by_person: Counter[str] = field(default_factory=Counter)
    good: Counter[str] = field(default_factory=Counter)
    refused: dict[str, Counter[str]] = field(default_factory=partial(defaultdict, Counter))
    faults: dict[str, list[str]] = field(default_factory=partial(defaultdict, list))
    found: Counter[str] = field(default_factory=Counter)
    again: int = 0
    followed: int = 0

    def fault(self, kind: str, operation: Operation, call: Call, person: str, answer: requests.Response) -> None:
        """One more of this kind; of each kind and operation a few are kept whole."""
        key = f"{kind}: {operation}: {answer.status_code}"
        self.found[kind] += 1
        if len(self.faults[key]) < 3:
            body = answer.content[:500].decode(errors="replace")
            told = answer.headers.get("Content-Type")
            self.faults[key].append(f"{person} ({call.rude}) {described(call)}\n    -> {told} {body}")

    def unanswered(self, operation: Operation, call: Call, person: str, error: Exception) -> None:
        """The server did not answer at all."""
        self.found["no answer"] += 1
        self.faults[f"no answer: {operation}"].append(f"{person} ({call.rude}) {described(call)}\n    -> {error!r}")

    def add(self, other: "Tally") -> None:
        """What another counted."""
        for name in ("calls", "statuses", "by_person", "good", "found"):
            getattr(self, name).update(getattr(other, name))
        for key, lines in other.faults.items():
            self.faults[key] += lines
        for key, counts in other.refused.items():
            self.refused[key].update(counts)
        self.again += other.again
        self.followed += other.followed


class Person:
    """Somebody with a session and a connection that is kept, or nobody."""

    def __init__(self, name: str, number: int) -> None:
        self.name, self.number, self.life = name, number, 0
        self.line = requests.Session()
        self.line.trust_env = False
        self.token = "".join(secrets.choice("abcdefghij") for _ in range(32))
        self.cookie = ""
        if name != NOBODY:
            self.sign_in()

    @property
    def username(self) -> str:
        """Whoever stands here now; another follows when somebody took their duties."""
        return f"prove-{self.name}-{self.number}-{self.life}"

    def holds_all(self) -> bool:
        """Whether nobody was let go, moved, or robbed of a duty by what was called meanwhile."""
        actor = organisations.actor_named(self.username)
        here = User.objects.filter(username=self.username, is_active=True).exists()
        return here and all(actor.holds(one) for one in ROLES[self.name])

    def stand(self) -> bool:
        """A successor is signed in where the one who stood here no longer holds every duty."""
        if self.name == NOBODY or self.holds_all():
            return False
        self.life += 1
        engage(self.name, self.number, self.life)
        self.sign_in()
        return True

    def sign_in(self) -> None:
        """A new session; the old one was ended, or ended itself."""
        inside = Client()
        inside.force_login(User.objects.get(username=self.username))
        session = inside.cookies[settings.SESSION_COOKIE_NAME].value
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={self.token}"

    def send(self, method: str, url: str, sent: dict[str, Any], unknown: str = "") -> requests.Response:
        """The answer, redirections not followed; asked again where the server had closed the line meanwhile."""
        headers = {**sent.get("headers", {})}
        if self.cookie:
            headers |= {"Cookie": self.cookie, "X-CSRFToken": self.token}
        elif unknown:
            headers["Authorization"] = unknown
        given = {**sent, "headers": headers, "allow_redirects": False, "timeout": 60}
        with suppress(requests.ConnectionError):
            return self.line.request(method, url, **given)
        return self.line.request(method, url, **given)

    def read(self, base: str, path: str) -> requests.Response:
        """GET."""
        return self.send("GET", f"{base}{path}", {"headers": {"Accept": "application/json"}})


@dataclass
class Run:
    """One client: its people, its generator, what it counted."""

    base: str
    document: dict[str, Any]
    number: int
    seed: int
    only: str

    def go(self, wanted: int, until: float) -> Tally:
        """Rounds over all operations, until enough calls were made or the time is over."""
        self.random = random.Random(f"{self.seed}:{self.number}")
        self.tally = Tally()
        self.people = [Person(name, self.number) for name in (*ROLES, NOBODY)]
        self.learnt = Learnt(self._listed, self.random, grid.bounds() or (0.0, 0.0, 1.0, 1.0))
        caller = Caller(self.base, self.learnt, self._tag, self.random, picture())
        schema = schemathesis.openapi.from_dict(self.document)
        operations = [one for one in operations_of(schema) if self.only in str(one)]
        batch = max(1, min(BATCH, wanted // (2 * len(self.people) * len(operations))))
        while sum(self.tally.calls.values()) < wanted and time.monotonic() < until:
            self.random.shuffle(operations)
            self.learnt.forget()
            for operation in operations:
                self.tally.followed += sum(person.stand() for person in self.people)
                for call in caller.calls(operation, batch):
                    self._ask_all(operation, call)
                if sum(self.tally.calls.values()) >= wanted or time.monotonic() >= until:
                    break
        return self.tally

    def _listed(self, path: str) -> Any:
        answer = self.people[0].read(self.base, path)
        with suppress(ValueError):
            return answer.json() if answer.ok else None

    def _tag(self, path: str) -> tuple[str | None, Any]:
        answer = self.people[0].read(self.base, path)
        with suppress(ValueError):
            return answer.headers.get("ETag"), answer.json() if answer.ok else None
        return None, None

    def _ask_all(self, operation: Operation, call: Call) -> None:
        people = self.random.sample(self.people, len(self.people))
        for person in people:
            try:
                answer = person.send(call.method, call.url, dict(call.sent), self.random.choice(UNKNOWN))
            except (requests.exceptions.InvalidHeader, requests.exceptions.InvalidURL):
                return
            except requests.RequestException as error:
                self.tally.unanswered(operation, call, person.name, error)
                continue
            self._judge(operation, call, person, answer)
            if answer.status_code == 401 and person.name != NOBODY:
                person.sign_in()
                self.tally.again += 1

    def _judge(self, operation: Operation, call: Call, person: Person, answer: requests.Response) -> None:
        tally, status = self.tally, answer.status_code
        tally.calls[str(operation)] += 1
        tally.statuses[status] += 1
        tally.by_person[f"{person.name} {status // 100}xx"] += 1
        if 200 <= status < 300 and person.name != NOBODY:
            tally.good[str(operation)] += 1
        elif person.name != NOBODY:
            tally.refused[str(operation)][refusal(answer)] += 1
        if status >= 500:
            tally.fault("5xx", operation, call, person.name, answer)
            return
        if person.name == NOBODY and not operation.open and status < 400 and not to_sign_in(answer):
            tally.fault("answered nobody", operation, call, person.name, answer)
        if not holds(call, answer, list(JUDGES.values())):
            for kind in (kind for kind, check in JUDGES.items() if not holds(call, answer, [check])):
                tally.fault(kind, operation, call, person.name, answer)


def holds(call: Call, answer: requests.Response, told: list[Any]) -> bool:
    """Whether the answer is as the description says, in these respects."""
    try:
        call.case.validate_response(answer, checks=told)
    except (Failure, FailureGroup):
        return False
    return True


def refusal(answer: requests.Response) -> str:
    """A refusal in a word or two, for a report."""
    with suppress(ValueError, TypeError, AttributeError, KeyError):
        told = answer.json()
        fields = told["params"].get("fields", {})
        return " ".join((told["code"], *(sorted(fields) if isinstance(fields, dict) else ())))
    return str(answer.status_code)


def to_sign_in(answer: requests.Response) -> bool:
    """Whether somebody is only sent to sign in."""
    return answer.status_code == 302 and answer.headers.get("Location", "").startswith("/accounts/login/")


def picture() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (32, 24), "teal").save(out, "JPEG")
    return out.getvalue()


def hire(clients: int) -> None:
    """Three people a client who between them hold every duty, none of them two that may not be one's."""
    for name in ROLES:
        for number in range(clients):
            engage(name, number, 0)


def engage(name: str, number: int, life: int) -> None:
    """One of the three of a client, in a role of their own."""
    district = grid.regions(level="district")[0]
    area = {"administrator": "", "dispatcher": district.path, "collector": district.path}[name]
    level = {"administrator": "city", "dispatcher": "district", "collector": "district"}[name]
    role = f"prove-{name}-{number}-{life}"
    accounts.upsert_role(code=role, names={"zh": name, "en": name}, permissions=ROLES[name], actor=SETUP)
    user = accounts.create_user(
        username=role, password=secrets.token_urlsafe(20), label=name, organisation=office(level, area), actor=SETUP
    )
    accounts.grant(user=user, role=role, area=area, actor=SETUP)


def office(level: str, area: str) -> str:
    """The code of a centre of this level that answers for the area."""
    kind = "centre" if level == "city" else "district_centre"
    found = [one.code for one in organisations.organisations(kind) if one.area.endswith(area)]
    return found[0] if found else ""


def work(run: Run, wanted: int, until: float) -> Tally:
    """A client in a process of its own."""
    connections.close_all()
    return run.go(wanted, until)


def asked(base: str, document: dict[str, Any], given: argparse.Namespace) -> Tally:
    """What all clients counted."""
    connections.close_all()
    until = time.monotonic() + 60 * given.minutes
    share = -(-given.calls // given.clients)
    runs = [Run(base, document, number, given.seed, given.only) for number in range(given.clients)]
    whole = Tally()
    with ProcessPoolExecutor(given.clients, multiprocessing.get_context("fork")) as pool:
        for counted in [pool.submit(work, run, share, until) for run in runs]:
            whole.add(counted.result())
    return whole


def described_by(base: str) -> dict[str, Any]:
    """The document that the server gives of itself."""
    answer = Person("administrator", 0).send(
        "GET", f"{base}/api/schema", {"headers": {"Accept": "application/vnd.oai.openapi+json"}}
    )
    return dict(answer.json())


def judge(tally: Tally, operations: list[str], given: argparse.Namespace, result: Result) -> None:
    """The figures, each with what was promised."""
    silent = sorted(set(operations) - set(tally.good))
    result.expect("calls", sum(tally.calls.values()), at_least=given.calls)
    result.add("operations", len(operations))
    least = min(LEAST_CALLS, given.calls // (2 * len(operations)))
    fewest = min(tally.calls[one] for one in operations)
    result.expect("calls of the operation called least", fewest, at_least=least)
    for status, count in sorted(tally.statuses.items()):
        result.add(f"answers {status}", count)
    for person, count in sorted(tally.by_person.items()):
        result.add(person, count)
    for kind in ("5xx", "no answer", *JUDGES, "answered nobody"):
        result.expect(kind, tally.found[kind], at_most=0)
    share = len(set(operations) & set(tally.good)) / len(operations)
    result.expect("operations that answered somebody 2xx", share, at_least=GOOD_SHARE, unit="share")
    result.add("signed in again", tally.again)
    result.add("followed by another, their duties gone", tally.followed)
    result.note(f"load of the machine when it ended: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for one in silent:
        told = ", ".join(f"{count} {word}" for word, count in tally.refused[one].most_common(MOST_WORDS))
        result.note(f"never answered 2xx: {one} ({told})")


def write_faults(tally: Tally) -> None:
    """Every fault with what was asked and answered."""
    path = ROOT / "var" / "results" / "prove_api_faults.txt"
    lines = [line for key in sorted(tally.faults) for line in (f"== {key}", *tally.faults[key])]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def prove(database: str, folder: Path, given: argparse.Namespace, result: Result) -> None:
    """The people are hired, the server stands, everything is asked and judged."""
    hire(given.clients)
    furnish([f"prove-{name}-{number}-0" for name in ROLES for number in range(given.clients)])
    server, port = served(database, folder)
    began, base = time.monotonic(), f"http://127.0.0.1:{port}"
    try:
        document = described_by(base)
        tally = asked(base, document, given)
    finally:
        server.stop()
        shutil.copy(folder / "web.log", ROOT / "var" / "results" / "prove_api_web.log")
    result.add("seconds", time.monotonic() - began, "s")
    operations = [str(one) for one in operations_of(schemathesis.openapi.from_dict(document))]
    judge(tally, [one for one in operations if given.only in one], given, result)
    write_faults(tally)


def main() -> int:
    """Builds, asks, judges."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--calls", type=int, default=100_000)
    reader.add_argument("--minutes", type=float, default=60.0)
    reader.add_argument("--clients", type=int, default=2)
    reader.add_argument("--seed", type=int, default=7)
    reader.add_argument("--only", default="")
    given = reader.parse_args()
    (ROOT / "var" / "results").mkdir(parents=True, exist_ok=True)
    result = Result("prove_api")
    with private_database(f"prove_api_{os.getpid()}") as database, tempfile.TemporaryDirectory() as folder:
        seed_city(database, CELLS, CASES)
        prove(database, Path(folder), given, result)
    return result.finish()


if __name__ == "__main__":
    sys.exit(main())
