"""Why a deadline is what it is, complete: the calendar with every day, pauses, extensions, moves and the ladder."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases.contracts import RequestKind
from cases.models import Case, Clock, Hold, Move, Request, Rung
from cases.selectors.ladders import told_of
from cases.selectors.reading import why_of_clock
from core import clock
from core.worktime import Day, days
from grid import selectors as grid

MOST_DAYS = 400


@dataclass(frozen=True)
class Account:
    """One clock with everything that made its end; `days` only where its calendar has days that do not count.

    `counted` are the minutes of those days outside the pauses, which add up to the limit with its extensions unless
    the end was moved by hand or the calendar was `changed_since` the clock was started.
    """

    why: dict[str, Any]
    calendar: dict[str, str] = field(default_factory=dict)
    days: tuple[Day, ...] = ()
    counted: float = 0
    changed_since: datetime | None = None
    pauses: tuple[Hold, ...] = ()
    extensions: tuple[Request, ...] = ()
    moves: tuple[Move, ...] = ()
    told: tuple[Rung, ...] = ()


def account(case: Case) -> list[Account]:
    """Every clock of a case with a limit, the newest first, with all that made its end."""
    rows = [row for row in Clock.objects.filter(case=case).order_by("-started_at", "-id") if row.due_at]
    holds, told = list(Hold.objects.filter(case=case)), told_of(case)
    longer = Request.objects.filter(case=case, kind=RequestKind.EXTENSION, used_at__isnull=False)
    moves = Move.objects.filter(case=case, verb="reschedule")
    return [_account(case, row, holds, list(longer), list(moves), told) for row in rows]


def _account(
    case: Case, row: Clock, holds: Sequence[Hold], longer: Sequence[Request], moves: Sequence[Move],
    told: Iterable[Rung],
) -> Account:  # fmt: skip
    pauses = tuple(one for one in holds if _within(row, one.since))
    every, calendar, changed = _days(case, row, pauses)
    return Account(
        why=why_of_clock(row, clock.now()),
        calendar=calendar,
        days=tuple(every),
        counted=sum(day.minutes for day in every),
        changed_since=changed if changed and changed > row.started_at else None,
        pauses=pauses,
        extensions=tuple(one for one in longer if row.kind == "handling" and one.used_at and _within(row, one.used_at)),
        moves=tuple(one for one in moves if one.given.get("clock") == row.kind and _within(row, one.at)),
        told=tuple(one for one in told if one.clock_id == row.pk),
    )


def _within(row: Clock, moment: datetime) -> bool:
    return row.started_at <= moment and (row.stopped_at is None or moment <= row.stopped_at)


def _days(case: Case, row: Clock, pauses: Iterable[Hold]) -> tuple[list[Day], dict[str, str], datetime | None]:
    """The days from start to end with the minutes that count, the calendar's names, and when it changed last."""
    if row.calendar in ("", "round_the_clock") or row.due_at is None:
        return [], {}, None
    held = grid.calendar_above(row.calendar, case.area)
    hours = grid.worktime_of(held.columns())
    every = {day.day: day for day in days(hours, row.started_at, row.due_at)[:MOST_DAYS]}
    for pause in pauses:
        ends = min(pause.ended_at or pause.until, row.due_at)
        for day in days(hours, pause.since, ends) if pause.since < ends else ():
            if day.day in every:
                left = every[day.day].minutes - day.minutes
                every[day.day] = every[day.day]._replace(minutes=left)
    return list(every.values()), dict(held.names), held.changed_at
