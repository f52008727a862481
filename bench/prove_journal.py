"""./run prove journal: sixteen writers, three relays that are frozen and killed, readers by feed.

Every committed entry reaches every reader of its feeds, once, in order, under one number that never changes; what was
rolled back reaches nobody; a subscriber whose process is killed takes every entry exactly once. Beside it runs the
reader that the numbers replace, one that remembers the last row id, to show what it would have missed. Then the same
with the relays' advisory lock removed, so that three relays really meet.
"""

import argparse
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path

from django.db import DatabaseError, InterfaceError, connection, connections, transaction

from bench.harness import Process, manage, percentile, private_database, wait_until
from bench.result import Result
from core.scope import machine
from journal import actions, contracts, selectors
from journal.contracts import BY_AREA, EntryView
from journal.models import Entry, FeedHead, FeedPlace

WRITERS, RELAYS, DELIVERERS = 16, 3, 2
CATCH_UP_S = 300
DISTRICTS = ("449901", "449902", "449903")
SCOPES = ("city", *(f"d:{code}" for code in DISTRICTS))
WRITER = machine("prover")
SUBSCRIBER = "prove.listener"
FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Told:
    """What a proving entry holds."""

    turn: int


def take(entry: EntryView) -> None:
    """The subscriber: notes the number in the same transaction as its cursor."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO prove_taken (seq) VALUES (%s)", [entry.seq])


def write(folder: Path, who: int, stop: Event) -> None:
    """Transactions of one to three entries that dawdle before their commit; one in ten thinks better of it."""
    chance, turn = random.Random(who), 0
    with (folder / f"writer.{who}").open("w") as log:
        while not stop.is_set():
            turn += 1
            subjects = [f"{who}.{turn}.{part}" for part in range(chance.randint(1, 3))]
            district, kept = chance.choice(DISTRICTS), chance.random() > 0.1
            commit(subjects, f"449900.{district}", kept, chance.choice((0, 0, 0.002, 0.02, 0.2)))
            print(json.dumps([kept, subjects, district, time.time()]), file=log)
            time.sleep(chance.random() * 0.03)


@transaction.atomic
def commit(subjects: list[str], area: str, kept: bool, dawdle: float) -> None:
    """The entries are committed together after a while, or not at all."""
    for subject in subjects:
        actions.record("prove.told.v1", subject=subject, actor=WRITER, area=area, data=Told(len(subjects)))
    time.sleep(dawdle)
    if not kept:
        transaction.set_rollback(True)


def read(folder: Path, scope: str, stop: Event) -> None:
    """Follow a feed by its numbers until told to stop and nothing is left."""
    last, idle = 0, 0
    with (folder / f"reader.{scope}").open("w") as log:
        while idle < 2:
            entries = selectors.entries_after(scope, last, 500)
            idle = idle + 1 if stop.is_set() and not entries else 0
            for entry in entries:
                print(json.dumps([entry.seq, entry.id, entry.subject, time.time()]), file=log)
                last = entry.seq
            time.sleep(0.02)


def read_by_id(folder: Path, stop: Event) -> None:
    """The reader that does not work: remembers the highest row id it has seen."""
    last, many, idle = 0, 0, 0
    while idle < 2:
        ids = list(Entry.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:500])
        idle = idle + 1 if stop.is_set() and not ids else 0
        many += len(ids)
        last = ids[-1] if ids else last
        time.sleep(0.02)
    (folder / "reader.by_id").write_text(str(many))


def relay_without_lock(stop: Event) -> None:
    """A relay whose economy lock was removed: it meets its rivals at the row lock."""
    while not stop.is_set():
        try:
            if connection.connection is None:
                actions.give_up_when_frozen()
            actions.number_locked(limit=50)
        except actions.NumberingConflict:
            continue
        except (DatabaseError, InterfaceError):
            connection.close()
        time.sleep(0.002)


def serve(stop: Event) -> None:
    """A deliverer of the proving subscriber."""
    while not stop.is_set():
        if not actions.deliver(SUBSCRIBER, limit=50):
            time.sleep(0.01)


class Forked:
    """A forked process with the same ways as `bench.harness.Process`."""

    def __init__(self, work: Callable[..., None], *arguments: object) -> None:
        self.work, self.arguments = work, arguments

    def start(self) -> "Forked":
        """It runs, on a connection of its own."""
        connections.close_all()
        self.child = FORK.Process(target=self.work, args=self.arguments, daemon=True)
        self.child.start()
        return self

    def send(self, signum: int) -> None:
        """The process gets a signal."""
        if self.child.is_alive() and self.child.pid:
            os.kill(self.child.pid, signum)

    def kill(self) -> None:
        """It is gone without a chance to tidy up."""
        self.send(signal.SIGKILL)
        self.child.join()

    def stop(self) -> int:
        """It has ended by itself; its exit status, or -9 where it had to be killed."""
        self.send(signal.SIGCONT)
        self.child.join(60)
        if self.child.exitcode is None:
            self.kill()
        return int(self.child.exitcode or 0)


def trouble(relays: list[Process] | list[Forked], deliverers: list[Forked], seconds: float) -> dict[str, int]:
    """Freeze a relay and let it go on, kill one, kill a deliverer; again and again, for so many seconds."""
    chance, done = random.Random(7), {"freezes": 0, "relay kills": 0, "deliverer kills": 0}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        victim: Process | Forked = chance.choice([*relays])
        if chance.random() < 0.6:
            victim.send(signal.SIGSTOP)
            time.sleep(chance.choice((0.5, 2.0, 7.0)))
            victim.send(signal.SIGCONT)
            done["freezes"] += 1
        else:
            victim.kill()
            time.sleep(0.3)
            victim.start()
            done["relay kills"] += 1
        deliverer = chance.choice(deliverers)
        deliverer.kill()
        deliverer.start()
        done["deliverer kills"] += 1
        time.sleep(1.0)
    return done


def phase(folder: Path, seconds: float, relays: list[Process] | list[Forked], relays_stop: Event) -> dict[str, int]:
    """Write, number, read and make trouble; then let everybody finish."""
    for relay in relays:
        relay.start()
    wait_until(_numbering, 60, "a relay")
    writers_stop, readers_stop = FORK.Event(), FORK.Event()
    writers = [Forked(write, folder, who, writers_stop).start() for who in range(WRITERS)]
    readers = [Forked(read, folder, scope, readers_stop).start() for scope in SCOPES]
    readers.append(Forked(read_by_id, folder, readers_stop).start())
    deliverers = [Forked(serve, readers_stop).start() for _ in range(DELIVERERS)]
    done = trouble(relays, deliverers, seconds)
    writers_stop.set()
    failed = sum(writer.stop() != 0 for writer in writers)
    deadline = time.monotonic() + CATCH_UP_S
    while time.monotonic() < deadline and (Entry.objects.filter(seq=None).exists() or _behind()):
        time.sleep(0.1)
    readers_stop.set()
    relays_stop.set()
    failed += sum(one.stop() != 0 for one in [*readers, *deliverers, *relays])
    return {**done, "processes that failed": failed}


def _numbering() -> bool:
    """Whether an entry recorded now gets its number."""
    with transaction.atomic():
        actions.record("prove.waited.v1", subject="first", actor=WRITER, data=Told(0))
    time.sleep(0.2)
    return not Entry.objects.filter(seq=None).exists()


def _behind() -> bool:
    lag = {cursor.subscriber: cursor.behind for cursor in selectors.lag().cursors}
    return lag.get(SUBSCRIBER, 0) > 0


def lines(path: Path) -> Iterator[list]:
    """What a process noted."""
    for line in path.read_text().splitlines():
        yield json.loads(line)


Committed = dict[str, tuple[str, float]]


def written(folder: Path) -> tuple[Committed, set[str]]:
    """What the writers committed (subject: district, time) and what they rolled back."""
    committed: Committed = {}
    undone: set[str] = set()
    for who in range(WRITERS):
        for kept, subjects, district, at in lines(folder / f"writer.{who}"):
            if kept:
                committed.update(dict.fromkeys(subjects, (district, at)))
            else:
                undone.update(subjects)
    return committed, undone


def faults_of(folder: Path, scope: str, committed: Committed, undone: set[str]) -> Counter[str]:
    """One reader against what was committed and against what the tables say at the end."""
    expected = {subject for subject, (district, _) in committed.items() if scope in ("city", f"d:{district}")}
    seen = list(lines(folder / f"reader.{scope}"))
    subjects = [subject for _, _, subject, _ in seen]
    final = dict(FeedPlace.objects.filter(scope=scope).values_list("seq", "entry_id"))
    holes = sum(seq != place for place, (seq, _, _, _) in enumerate(seen, start=1))
    return Counter(
        {
            "missed": len(expected - set(subjects)),
            "doubled": len(subjects) - len(set(subjects)),
            "ghosts": len(set(subjects) & undone) + len(set(subjects) - expected),
            "holes": holes + abs(FeedHead.objects.get(scope=scope).head - len(final)),
            "renumbered": sum(final.get(seq) != entry for seq, entry, _, _ in seen),
        }
    )


def judge(folder: Path, result: Result, name: str, done: dict[str, int]) -> None:
    """Compare what was committed with what every reader and the subscriber got."""
    committed, undone = written(folder)
    wrong: Counter[str] = Counter()
    for scope in SCOPES:
        wrong.update(faults_of(folder, scope, committed, undone))
    numbers = list(Entry.objects.order_by("seq").values_list("seq", "kind"))
    wrong["holes"] += sum(seq != place for place, (seq, _) in enumerate(numbers, start=1))
    told = [seq for seq, kind in numbers if kind == "prove.told.v1"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM prove_taken ORDER BY place")
        taken = [seq for (seq,) in cursor.fetchall()]
    wrong["taken twice or out of order by the subscriber"] = sum(a != b for a, b in zip(taken, told, strict=False))
    wrong["not taken by the subscriber in time"] = len(told) - len(taken)
    wrong["processes that failed"] = done.pop("processes that failed")
    result.add(f"{name}: committed entries", len(committed))
    result.add(f"{name}: rolled back entries", len(undone))
    for what, many in done.items():
        result.add(f"{name}: {what}", many)
    for what, many in wrong.items():
        result.expect(f"{name}: {what}", many, at_most=0)
    by_id = int((folder / "reader.by_id").read_text())
    result.add(f"{name}: a reader by row id would have missed", len(numbers) - by_id)
    seen = lines(folder / "reader.city")
    delays = [(at - committed[subject][1]) * 1000 for _, _, subject, at in seen if subject in committed]
    result.add(f"{name}: commit to reader, p50", percentile(delays, 0.5), "ms")
    result.add(f"{name}: commit to reader, p99", percentile(delays, 0.99), "ms")


@contextmanager
def proving_kind() -> Iterator[None]:
    """The kind and the subscriber of the proof are registered, and forgotten afterwards."""
    with contracts.reopened():
        contracts.register_kind("prove.told.v1", Told, BY_AREA)
        contracts.register_kind("prove.waited.v1", Told, contracts.PERSONAL)
        contracts.on("prove.told.v1", as_=SUBSCRIBER, from_start=True)(take)
        yield


def prove(name: str, seconds: float, result: Result, locked: bool) -> None:
    """One phase in a database of its own."""
    with private_database(f"prove_journal_{os.getpid()}") as url, tempfile.TemporaryDirectory() as folder:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE prove_taken (place bigint GENERATED ALWAYS AS IDENTITY, seq bigint UNIQUE)")
        actions.open_cursors()
        stop = FORK.Event()
        if locked:
            relays: list[Process] | list[Forked] = [
                manage("relay", environment={"DATABASE_URL": url}) for _ in range(RELAYS)
            ]
        else:
            relays = [Forked(relay_without_lock, stop) for _ in range(RELAYS)]
        done = phase(Path(folder), seconds, relays, stop)
        judge(Path(folder), result, name, done)


def main() -> int:
    """Both phases; exit status 0 where nothing was missed, doubled, renumbered or left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=45, help="of trouble in each of the two phases")
    options = parser.parse_args()
    result = Result("prove_journal")
    with proving_kind():
        prove("three relays", options.seconds, result, locked=True)
        prove("without the advisory lock", options.seconds, result, locked=False)
    return result.finish()


if __name__ == "__main__":
    sys.exit(main())
