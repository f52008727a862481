"""The living city: what is reported in it now, and what the colleagues do where nobody else did.

Nothing is remembered that matters: what comes next follows from the cases as they stand (`simulator.live_plan`) and
from the time (`simulator.live_stories`), so the process may be killed and started again at any moment.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.timezone import localtime

from cases import selectors as cases
from cases.contracts import ClockKind
from cases.models import Case, Clock, Move, Request
from cityops.management import demo_cases, demo_city, demo_pictures
from cityops.management.demo_staff import Deeds, Staff, Work
from core import clock
from core.errors import DomainError
from core.scope import Actor, machine
from core.trace import use_trace
from simulator import live_plan as plan
from simulator import live_stories as stories
from simulator.live_plan import Standing, Turn
from simulator.seed_stories import Spot

log = structlog.get_logger(__name__)
WATCHER: Actor = machine("demo", "case.see", label="Demo")
OURS = ("demo-", stories.PREFIX)
MOST_DEEDS = 4
"""Steps taken in one look at the city: after a night without the process it catches up in minutes, not in a burst."""
LOOK_BACK = timedelta(minutes=2)
AGAIN_AFTER = timedelta(minutes=10)
LEARN_EVERY = timedelta(minutes=10)
SPOTS = 400


class Ticked(NamedTuple):
    """What one look at the city came to."""

    reported: int
    done: int
    refused: int
    still_open: int


class Unfounded(Exception):
    """The demo city has not been seeded yet."""


class LiveCity:
    """Looks at the city as often as it is asked to and does what is due."""

    def __init__(self) -> None:
        self._learnt: datetime | None = None
        self._told_until = clock.now() - 2 * stories.SLOT
        self._refused: dict[tuple[str, int], datetime] = {}

    def tick(self) -> Ticked:
        """What was due has been done and what came in has been reported; Unfounded before the city is seeded."""
        now = clock.now()
        self._learn(now)
        standing = {row.number: (row, _standing(row, self.staff, clocks)) for row, clocks in _open_cases()}
        done, refused = self._take_up(standing, now)
        return Ticked(self._report(now, len(standing)), done, refused, len(standing))

    def _learn(self, now: datetime) -> None:
        """Who works here, what may be reported and where: asked again now and then, because people may change it."""
        if self._learnt is not None and now - self._learnt < LEARN_EVERY:
            return
        self.spots, self.classes = _spots(), demo_cases.classes()
        if not self.spots or not self.classes:
            raise Unfounded("manage.py demo has not been run")
        self.staff = Staff(spare_printed=True)
        pictures = demo_pictures.rendered_before(demo_city.folder() / "pictures")
        self.deeds = Deeds(self.staff, pictures)
        self._learnt = now

    # ------------------------------------------------------------------ what the colleagues do

    def _take_up(self, standing: dict[str, tuple[Case, Standing]], now: datetime) -> tuple[int, int]:
        self._refused = {key: until for key, until in self._refused.items() if until > now}
        waiting = [(plan.turn(case, now), row, case) for row, case in standing.values()]
        due = [one for one in waiting if one[0].at <= now and (one[2].number, one[2].version) not in self._refused]
        due.sort(key=lambda one: one[0].at)
        done = sum(self._take(turn, row, case, now) for turn, row, case in due[:MOST_DEEDS])
        return done, len(due[:MOST_DEEDS]) - done

    def _take(self, turn: Turn, row: Case, case: Standing, now: datetime) -> bool:
        """Whether the step was taken. What a person did meanwhile stands; the case is looked at again."""
        work = Work(
            view=cases.view_of(row),
            choice=plan.choice(case),
            callback=row.callback_wanted,
            printed=plan.for_a_visitor(case),
            spot=self._spot(row.address, plan.choice(case)),
        )
        try:
            with use_trace():
                self.deeds.take(turn.verb, work, turn.text)
        except (DomainError, LookupError) as error:
            self._refused[case.number, case.version] = now + AGAIN_AFTER
            log.info("live.refused", number=case.number, verb=turn.verb, why=str(error))
            return False
        return True

    def _spot(self, address: str, choice: int) -> Spot:
        """Where an address is that nobody could place; one of the city's places where even that is not known."""
        known = next((spot for spot in self.spots if spot.address == address), None)
        return known or self.spots[choice % len(self.spots)]

    # ------------------------------------------------------------------ what comes in

    def _report(self, now: datetime, still_open: int) -> int:
        after = max(self._told_until, now - LOOK_BACK)
        local = localtime(now)
        hour = local.hour + local.minute / 60
        found = [slot for slot in stories.slots(after, now) if stories.arrives(slot, hour, still_open)]
        told = sum(self._tell(slot) for slot in found)
        self._told_until = now
        return told

    def _tell(self, slot: int) -> bool:
        story = stories.story(slot, self.classes, self.spots)
        try:
            with use_trace():
                return not self.deeds.report(story).repeated
        except (DomainError, LookupError) as error:
            log.info("live.not_reported", ref=story.ref, why=str(error))
            return False


Clocks = dict[str, tuple[datetime, datetime | None]]


def _open_cases() -> Iterable[tuple[Case, Clocks]]:
    """Every open case with its last move, and the clocks that run for it, in two questions."""
    clocks: dict[int, Clocks] = {}
    running = Clock.objects.filter(stopped_at=None).exclude(kind=ClockKind.TOTAL)
    for case_id, kind, started, due in running.values_list("case_id", "kind", "started_at", "due_at"):
        clocks.setdefault(case_id, {})[kind] = (started, due)
    rows = cases.filtered({"queue": "open"}, WATCHER).order_by(*cases.due_order())
    return [(row, clocks.get(row.pk, {})) for row in _with_last_move(rows)]


def _with_last_move(rows: QuerySet[Case]) -> QuerySet[Case]:
    last = Move.objects.filter(case=OuterRef("pk"), version=OuterRef("version"))
    asked = Request.objects.filter(case=OuterRef("pk"), used_at=None, state__in=("open", "approved"))
    return rows.annotate(
        last_actor=Subquery(last.values("actor")[:1]),
        last_verb=Subquery(last.values("verb")[:1]),
        last_verdict=Subquery(last.values("given__verdict")[:1]),
        asked=Exists(asked),
    )


def _standing(row: Case, staff: Staff, clocks: Clocks) -> Standing:
    started, due = clocks.get(ClockKind.HANDLING) or clocks.get(ClockKind.STAGE) or (None, None)
    holder = {"handling": row.handler, "verifying": row.collector, "checking": row.collector}.get(row.stage, "")
    last_actor, last_verb, verdict, asked = (
        getattr(row, name) for name in ("last_actor", "last_verb", "last_verdict", "asked")
    )
    return Standing(
        number=row.number,
        version=row.version,
        stage=row.stage,
        since=row.stage_since,
        started=started,
        due=due,
        source=row.source,
        ours=row.source_ref.startswith(OURS),
        followed=asked or last_actor in staff.printed or holder in staff.printed,
        located=row.area != "",
        classed=row.category is not None,
        may_settle=row.category is not None and row.category.may_settle,
        looked=row.collector != "",
        untrue=last_verb == "verify" and verdict is False,
        reworks=row.rework_count,
        returns=row.return_count,
    )


def _spots() -> list[Spot]:
    """Where the demo's own cases were: places beside roads, with an address."""
    rows = Case.objects.filter(source_ref__startswith="demo-").exclude(area="").order_by("id")[:SPOTS]
    return [Spot(row.lon, row.lat, row.address, row.district) for row in rows if row.lon and row.lat]
