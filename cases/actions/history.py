"""Cases that ended elsewhere come here with their whole way: the past of a city that changes its system.

Nothing is told of their steps one by one, for they were not taken here: nobody is warned, marked or answered because of
them. What is counted is counted as if they had been: their limits run by the rules and calendars of now, late is late.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from json import dumps
from typing import Any

from django.contrib.gis.geos import Point
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localdate

from cases import rules
from cases.actions.clocks import limit_of_clock
from cases.actions.intake import kept_whole, numbers
from cases.actions.steps import promise_of
from cases.actions.withholding import keep_person, masked_case, withheld_all
from cases.contracts import ClockKind, Source, Stage
from cases.contracts.history import HISTORY_TAKEN, HistoryTaken, OldCase, OldStep
from cases.models import Case, Category, Clock
from cases.rules.history import stages_of, way_fault
from cases.selectors import categories, category_given, deadline, hours_of, steps_model, tickets_known
from cases.selectors.limits import limit_book
from core import clock
from core.errors import Conflict, Forbidden, Invalid
from core.personal import NOBODY
from core.scope import Actor
from grid import selectors as grid
from grid.contracts import Place
from journal import actions as journal

BATCH, ROWS = 500, 5000
# A case has ten steps: a hundred thousand rows are sent as columns, ten times as fast as one by one.
MOVES = """
    INSERT INTO cases_move (case_id, version, verb, before, after, actor, actor_label, org, given, at, trace)
    SELECT case_id, version, verb, before, after, actor, label, org, given::jsonb, at, ''
      FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                  %s::text[], %s::timestamptz[])
        AS told (case_id, version, verb, before, after, actor, label, org, given, at)
"""
CLOCKS = """
    INSERT INTO cases_clock (case_id, kind, stage, round, minutes, calendar, why, started_at, warn_at, due_at,
                             stopped_at, extended_minutes, paused_minutes, rungs, term)
    SELECT case_id, kind, stage, round, minutes, calendar, why::jsonb, started_at, warn_at, due_at, stopped_at, 0, 0,
           '[]', 0
      FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::int[], %s::int[], %s::text[], %s::text[],
                  %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[])
        AS told (case_id, kind, stage, round, minutes, calendar, why, started_at, warn_at, due_at, stopped_at)
"""


class OldCases:
    """What many old cases need to know, asked once; taken in as many parts as one likes."""

    def __init__(self, *, actor: Actor, system: str) -> None:
        if not actor.may("admin"):
            raise Forbidden("case.no_page")
        self.actor, self.system = actor, system.strip()[:40]
        self.model = steps_model()
        self.kinds = {row.code: row for row in categories()}
        self.hours = cache(hours_of)
        self.place = cache(grid.cell_place)
        self.book = cache(lambda code: limit_book(code, self.model))
        self.given = cache(lambda code: category_given(self.kinds[code]))

    @transaction.atomic
    def take(self, told: Sequence[OldCase]) -> int:
        """These are here, each once, in the order of their reports; told of together. Answers how many are new.

        Errors: Invalid, naming the first that cannot have been like this; Conflict where another one took some of them
        meanwhile. Then none of them is here.
        """
        new = self._unknown(told)
        if not new:
            return 0
        places = self._places(new)
        begun = [(place.district, localdate(one.steps[0].at)) for one, place in zip(new, places, strict=True)]
        rows = zip(new, places, numbers(begun), strict=True)
        written = [_Way(self, *row) for row in rows]
        words = [masked_case(way.case) for way in written]
        self._keep(new, [way.case for way in written])
        for way, found in zip(written, words, strict=True):
            keep_person(way.case, NOBODY, found)
        _insert(MOVES, [row for way in written for row in way.moves()])
        _insert(CLOCKS, [_columns(row) for way in written for row in way.clocks])
        self._tell([way.case for way in written])
        return len(new)

    def _unknown(self, told: Sequence[OldCase]) -> list[OldCase]:
        refs: dict[str, list[str]] = defaultdict(list)
        for one in told:
            self._judge(one)
            refs[one.source].append(one.source_ref)
        known = {(source, ref) for source, held in refs.items() for ref in tickets_known(source, held)}
        first = {(one.source, one.source_ref): one for one in told}
        new = [one for key, one in first.items() if key not in known]
        return sorted(new, key=lambda one: (one.steps[0].at, one.source, one.source_ref))

    def _judge(self, one: OldCase) -> None:
        if one.source not in set(Source) or not 0 < len(one.source_ref) <= 200:
            raise Invalid("history.unknown_source", given=one.source[:40])
        kept_whole(one.description, one.address, one.source_ref)
        if one.category not in self.kinds:
            raise Invalid("case.unknown_category", given=one.category[:20])
        if fault := way_fault(one.steps, clock.now()):
            raise Invalid(fault, given=one.source_ref[:60])

    def _places(self, new: Sequence[OldCase]) -> list[Place]:
        found = []
        for hit in grid.places_at([(one.lon, one.lat) for one in new]):
            place = self.place(hit[0]) if hit else None
            if place is None:
                raise Invalid("case.outside_grid")
            found.append(place)
        return found

    def _keep(self, new: Sequence[OldCase], rows: Sequence[Case]) -> None:
        try:
            with transaction.atomic():
                Case.objects.bulk_create(rows, batch_size=BATCH)
        except IntegrityError as error:
            if len(self._unknown(new)) == len(new):
                raise
            raise Conflict("history.told_meanwhile") from error

    def _tell(self, taken: Sequence[Case]) -> None:
        sources = ",".join(sorted({case.source for case in taken}))
        news = HistoryTaken(sources, self.system, len(taken), taken[0].number, taken[-1].number)
        journal.record(HISTORY_TAKEN, subject=f"history:{self.system}", actor=self.actor, data=news)


def _columns(row: Clock) -> tuple[Any, ...]:
    return (
        row.case.pk, str(row.kind), str(row.stage), row.round, row.minutes, row.calendar, dumps(row.why),
        row.started_at, row.warn_at, row.due_at, row.stopped_at,
    )  # fmt: skip


def _insert(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    for first in range(0, len(rows), ROWS):
        columns = zip(*rows[first : first + ROWS], strict=True)
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(column) for column in columns])


class _Way:
    """One old case as its steps have made it, with its moves and clocks, none of them saved yet."""

    def __init__(self, book: OldCases, told: OldCase, place: Place, number: str) -> None:
        self.book, self.told, self.place = book, told, place
        self.kind: Category = book.kinds[told.category]
        first = told.steps[0]
        self.case = Case(
            number=number, source=told.source, source_ref=told.source_ref, reported_by=first.actor, category=self.kind,
            kind=self.kind.kind, description=told.description, address=told.address[:300],
            point=Point(told.lon, told.lat, srid=4326), cell=place.cell, area=place.area, district=place.district,
            place=dict(place.names), callback_wanted=told.callback_wanted, reported_at=first.at, stage_since=first.at,
        )  # fmt: skip
        self.clocks: list[Clock] = []
        self._moves: list[tuple[Any, ...]] = []
        self._running: dict[ClockKind, Clock] = {}
        self._rounds: dict[ClockKind, int] = defaultdict(int)
        before = ""
        for version, (step, stage) in enumerate(zip(told.steps, stages_of(told.steps), strict=True), start=1):
            self._take(step, stage, before, version)
            before = stage

    def moves(self) -> list[tuple[Any, ...]]:
        """Its history as rows of the table, once the case is saved."""
        case = self.case
        return [
            (case.pk, version, *row, dumps(withheld_all(case, f"move.{version}", given)), at)
            for version, (*row, given, at) in enumerate(self._moves, start=1)
        ]

    def _take(self, step: OldStep, stage: Stage, before: str, version: int) -> None:
        case = self.case
        case.stage, case.stage_since, case.version, case.stage_version = stage, step.at, version, version
        if step.verb in _EFFECTS:
            _EFFECTS[step.verb](self, step)
        self._turn(step, stage)
        self._moves.append((step.verb, before, str(stage), step.actor, step.label, case.org, step.given, step.at))

    def _turn(self, step: OldStep, stage: Stage) -> None:
        """The clocks of the whole and of the handling; what its posts were given elsewhere, nobody here knows."""
        effect = rules.clock_effect(step.verb, stage, frozenset(self._running))
        for kind in effect.stop & set(self._running):
            row = self._running.pop(kind)
            row.stopped_at = step.at
            if kind == ClockKind.HANDLING and row.due_at and row.due_at < step.at:
                self.case.handled_late = True
        for kind in sorted(effect.start):
            self._rounds[kind] += 1
            self._running[kind] = row = self._clock(kind, step)
            self.clocks.append(row)

    def _clock(self, kind: ClockKind, step: OldStep) -> Clock:
        case, book = self.case, self.book
        row = Clock(case=case, kind=kind, stage=case.stage, round=self._rounds[kind], started_at=step.at)
        limit = limit_of_clock(case, kind, step.verb, book.model)
        if limit is not None:
            ends = deadline(limit, case.area, step.at, book.model.warn_share, book.hours)
            row.minutes, row.calendar, row.why = ends.minutes, ends.calendar, limit
            row.warn_at, row.due_at = ends.warn_at, ends.due_at
        return row

    # ------------------------------------------------------------------ what a step does to the case

    def accepted(self, step: OldStep) -> None:
        """It became a case of its class."""
        self.case.accepted_at = step.at

    def registered(self, step: OldStep) -> None:
        """It was promised what its class promises at its place."""
        book, told = self.book, self.told
        spot = rules.Spot(self.place.area, self.place.grade)
        found = rules.limit_of(book.book(told.category), book.given(told.category), told.condition, spot)
        if found is None:
            raise Invalid("case.unknown_condition", given=told.condition[:20])
        self.case.registered_at = step.at
        self.case.promise = promise_of(self.kind, told.condition, found)
        self.case.priority = 1 if self.kind.quick else 0

    def sent(self, step: OldStep) -> None:
        """An organisation had it."""
        self.case.org, self.case.handler = step.org, ""
        self.case.dispatched_at = self.case.dispatched_at or step.at

    def assigned(self, step: OldStep) -> None:
        """Somebody handled it."""
        self.case.handler = str(step.given.get("handler", ""))

    def looked(self, step: OldStep) -> None:
        """A collector went to look."""
        self.case.collector = str(step.given.get("collector", ""))

    def confirmed(self, step: OldStep) -> None:
        """The department stood by the result."""
        self.case.confirmed_at = step.at

    def returned(self, step: OldStep) -> None:
        """It was with the city's command again."""
        case, code = self.case, self.case.organisation
        case.returned_by = [*(one for one in case.returned_by if one != code), code]
        case.org, case.handler, case.return_count = "", "", case.return_count + 1

    def failed(self, step: OldStep) -> None:
        """It was to be worked again."""
        self.case.rework_count += 1

    def closed(self, step: OldStep) -> None:
        """It was closed."""
        self.case.closed_at = step.at

    def reopened(self, step: OldStep) -> None:
        """It was registered again."""
        case = self.case
        case.closed_at = case.confirmed_at = case.dispatched_at = None
        case.org, case.handler, case.handled_late, case.returned_by = "", "", False, []


_EFFECTS: Mapping[str, Callable[[_Way, OldStep], None]] = {
    "accept": _Way.accepted, "register": _Way.registered, "dispatch_district": _Way.sent, "dispatch": _Way.sent,
    "assign": _Way.assigned, "send_verify": _Way.looked, "send_check": _Way.looked, "confirm": _Way.confirmed,
    "send_back": _Way.returned, "check_fail": _Way.failed, "refuse_feedback": _Way.failed, "close": _Way.closed,
    "settle": _Way.closed, "reopen": _Way.reopened,
}  # fmt: skip
