"""./run prove timers: 10,000 rungs of ladders, two tickers at once, each killed (-9) again and again: each told once.

A case is dispatched through the doors and then copied, with rungs that stand spread over the run. Two processes tick
as beat lets the workers tick; a third hand kills one of them at random and starts it anew, and waits until it ticks
again, so that one is up at any moment: then nothing may be told more than five seconds late. At the end both are dead
for a while (an outage), and what came meanwhile must be told once, in order, by those that start afterwards. The broker
has no part in it: there is none.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.db import connection
from django.db.models import Count, Max
from django.test import override_settings

from bench.harness import Process, percentile, private_database, wait_until
from bench.result import Result
from cases import actions, rules
from cases.models import Case, Clock, Rung
from cityops.schedule import ENTRIES
from core import clock
from journal.models import Entry
from tests.cases.conftest import founded
from tests.cases.factories import brought_to

PERIOD = next(entry.seconds for entry in ENTRIES if entry.task == "cases.tasks.tick")
LADDER = ({"share": 0.5, "tell": ["post"]}, {"share": 0.75, "tell": ["post"]}, {"late": 0, "tell": ["leader"]},
          {"late": 1, "tell": ["district", "city"]})  # fmt: skip
TICK = timedelta(seconds=PERIOD + 1)
GAP = timedelta(seconds=12)
"""Between two rungs of a case: a warning that is told five seconds late is still told before the end."""


def tick_for_ever(beat: Path) -> None:
    """What beat and a worker do together, without a broker; the file says that it ticks."""
    while True:
        actions.sweep()
        beat.touch()
        time.sleep(PERIOD)


def copied(many: int) -> tuple[Clock, list[Case]]:
    """A dispatched case, so many times; and the handling clock that each of them would have."""
    case = Case.objects.get(number=brought_to(founded(), "dispatched").number)
    row = Clock.objects.get(case=case, kind="handling")
    Clock.objects.filter(case=case, stopped_at=None).update(stopped_at=clock.now())
    cases = [_copy(case, number=f"{number:020d}", source_ref=f"timer-{number}") for number in range(many)]
    return row, Case.objects.bulk_create(cases, batch_size=500)


def wound_up(row: Clock, cases: list[Case], span: float, chance: Random) -> datetime:
    """Every case has a running clock, whose four rungs stand somewhere in the span; when that begins."""
    begins, last = clock.now() + timedelta(seconds=5 + len(cases) / 250), span - len(LADDER) * GAP.total_seconds()
    clocks = [_clock(row, one, begins + timedelta(seconds=chance.uniform(0, last))) for one in cases]
    Clock.objects.bulk_create(clocks, batch_size=500)
    return begins


def _copy(row: Any, **changes: Any) -> Any:
    fields = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    return type(row)(**{**fields, **changes})


def _clock(row: Clock, case: Case, first: datetime) -> Clock:
    rungs = [
        {**rung, "code": rules.rung_code(rung), "at": (first + place * GAP).isoformat(), "told": None}
        for place, rung in enumerate(LADDER)
    ]
    ends = rules.moment_of(rungs[2])
    return _copy(row, case_id=case.pk, rungs=rungs, next_at=first, warn_at=first, due_at=ends)


class Ticker:
    """A process that ticks, and can be killed; how often it was while the other went on."""

    def __init__(self, url: str, folder: Path, name: str) -> None:
        self.beat, self.kills = folder / name, 0
        command = (sys.executable, "-m", "bench.prove_timers", "--tick", str(self.beat))
        self.process = Process(*command, environment={"DATABASE_URL": url}, log=folder / "tickers.log")

    def start(self) -> None:
        """It ticks."""
        self.process.start()
        wait_until(self.beat.exists, 120, "a ticker")

    def kill(self) -> None:
        """It dies in the middle of whatever it does."""
        self.process.kill()
        self.beat.unlink(missing_ok=True)


def storm(options: argparse.Namespace, url: str, folder: Path) -> tuple[list[Ticker], datetime, datetime]:
    """The tickers live and die until all is told: which they were, and when both were dead."""
    chance, both = Random(options.seed), [Ticker(url, folder, name) for name in "ab"]
    row, cases = copied(options.timers // len(LADDER))
    try:
        for one in both:
            one.start()
        begins = wound_up(row, cases, options.span, chance)
        ends = begins + timedelta(seconds=options.span - options.outage - 10)
        while clock.now() < ends:
            time.sleep(chance.uniform(1, 5))
            victim = chance.choice(both)
            victim.kill()
            victim.kills += 1
            victim.start()
        for one in both:
            one.kill()
        out_from = clock.now()
        time.sleep(options.outage)
        both[0].start()
        out_until = clock.now()
        both[1].start()
        wait_until(lambda: not _pending(), options.span + 120, "the last rung")
    finally:
        for one in both:
            one.kill()
    return both, out_from, out_until


def _pending() -> bool:
    connection.close_if_unusable_or_obsolete()
    return Clock.objects.filter(stopped_at=None, next_at__isnull=False).exists()


def judge(result: Result, options: argparse.Namespace, outage: tuple[datetime, datetime]) -> None:
    """Every rung told once, with one entry each, in order; and how late."""
    rungs = list(Rung.objects.order_by("clock_id", "id").values_list("clock_id", "code", "at", "told_at"))
    wanted = options.timers // len(LADDER) * len(LADDER)
    doubled = Rung.objects.values("clock", "code").annotate(n=Count("id")).filter(n__gt=1).count()
    entries = Counter(Entry.objects.filter(actor="rule:clocks").values_list("kind", flat=True))
    most = (
        Entry.objects.filter(actor="rule:clocks").values("subject").annotate(n=Count("id")).aggregate(m=Max("n"))["m"]
    )
    codes = [rules.rung_code(rung) for rung in LADDER]
    told: dict[int, list[str]] = {}
    for clock_id, code, _at, _told in rungs:
        told.setdefault(clock_id, []).append(code)
    missing = _missing(told, outage)
    late = [(told_at - at).total_seconds() for _c, _code, at, told_at in rungs if not outage[0] - TICK < at < outage[1]]
    result.add("rungs wanted", wanted)
    result.add("rungs told", len(rungs))
    result.add("warnings passed over in the outage", missing.count(True))
    result.expect("rungs never told", missing.count(False), at_most=0)
    result.expect("rungs told twice", doubled, at_most=0)
    result.expect("entries", sum(entries.values()), at_least=len(rungs), at_most=len(rungs))
    result.expect("most entries of one case", most, at_most=len(LADDER))
    result.expect("told out of order", sum(_disordered(one, codes) for one in told.values()), at_most=0)
    result.expect("told too early", sum(value < 0 for value in late), at_most=0)
    result.expect("late while one was up, most", max(late), at_most=5, unit="s")
    result.add("late while one was up, p99", percentile(late, 0.99), "s")
    result.add("late while one was up, median", percentile(late, 0.5), "s")


def _missing(told: dict[int, list[str]], outage: tuple[datetime, datetime]) -> list[bool]:
    """For each rung without a row, whether it is a warning that came in the outage, whose end came in it too.

    A tick more at both ends: what came since the last tick before it, and what ended until the first one after it.
    """
    return [
        rules.is_warning(rung["code"])
        and outage[0] - TICK < rules.moment_of(rung) < outage[1]
        and row.due_at is not None
        and row.due_at < outage[1] + TICK
        for row in Clock.objects.filter(stopped_at=None)
        for rung in row.rungs
        if rung["code"] not in told.get(row.pk, [])
    ]


def _disordered(told: list[str], codes: list[str]) -> bool:
    return told != [code for code in codes if code in told]


def main() -> int:
    """Exit status 0 where each was told once and in time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--timers", type=int, default=10_000)
    parser.add_argument("--span", type=float, default=200, help="seconds over which they stand")
    parser.add_argument("--outage", type=float, default=15, help="seconds in which nobody ticks")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--tick", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.tick:
        tick_for_ever(options.tick)
    result, began = Result("prove_timers"), time.monotonic()
    with (
        private_database(f"prove_timers_{os.getpid()}") as url,
        tempfile.TemporaryDirectory() as folder,
        override_settings(MEDIA_ROOT=folder),
    ):
        tickers, *outage = storm(options, url, Path(folder))
        result.add("timers", options.timers)
        for one in tickers:
            result.expect(f"kills of {one.beat.name} before the outage", one.kills, at_least=1)
        judge(result, options, (outage[0], outage[1]))
    result.add("seconds", time.monotonic() - began, "s")
    return result.finish()


if __name__ == "__main__":
    sys.exit(main())
