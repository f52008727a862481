"""The clocks of a case: started and stopped with its steps, paused, extended, moved."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from cases import rules
from cases.contracts import ClockKind, Stage
from cases.models import Case, Clock, Ladder, StepsModel
from cases.rules import clock_effect
from cases.selectors import deadline, hours_of, ladders, rungs_for
from core.worktime import Calendar, due, moved, worked

Running = dict[ClockKind, Clock]
# Asked with every step, so it is a statement that Django need not compile.
_CLOCKS = "SELECT * FROM cases_clock WHERE case_id = %s ORDER BY started_at, id"


class Turn(NamedTuple):
    """What a step does to the clocks: those that stop and those that start, none of them saved yet."""

    stopped: list[Clock]
    started: list[Clock]
    at: datetime


def turn_clocks(case: Case, verb: str, now: datetime, model: StepsModel) -> Turn:
    """What the step demands of the clocks; the case knows what is due next. Call with the stage already new.

    The case may be one that is not saved yet; when it is, `keep_clocks` writes them.
    """
    every = list(Clock.objects.raw(_CLOCKS, [case.pk])) if case.pk else []
    running, rounds = _running(every), Counter(row.kind for row in every)
    effect = clock_effect(verb, Stage(case.stage), frozenset(running))
    turn = Turn([], [], now)
    for kind in effect.stop | {ClockKind.STAGE}:
        if kind in running:
            turn.stopped.append(running.pop(kind))
    wanted = [(kind, limit_of_clock(case, kind, verb, model)) for kind in sorted(effect.start)]
    post = model.post_limits.get(str(case.stage))
    if post:
        wanted.append((ClockKind.STAGE, {**post, "rule": "post"}))
    held = ladders() if any(limit for _kind, limit in wanted) else []
    for kind, limit in wanted:
        running[kind] = _start(case, kind, rounds[kind] + 1, now, limit, model, held)
        turn.started.append(running[kind])
    _note_late(case, turn)
    _show_next(case, running)
    return turn


def keep_clocks(turn: Turn) -> None:
    """The clocks stand as the step demanded, those that stop first. Call under the lock, the case saved."""
    if turn.stopped:
        Clock.objects.filter(pk__in=[row.pk for row in turn.stopped]).update(stopped_at=turn.at)
    if turn.started:
        Clock.objects.bulk_create(turn.started)


def _note_late(case: Case, turn: Turn) -> None:
    missed = [row for row in turn.stopped if row.due_at is not None and row.due_at < turn.at]
    if any(row.kind == ClockKind.HANDLING for row in missed):
        case.handled_late = True


def _running(clocks: Sequence[Clock]) -> Running:
    return {ClockKind(row.kind): row for row in clocks if row.stopped_at is None}


def running_clocks(case: Case) -> Running:
    """The clocks of a case that run, or stand still while it is held."""
    return _running(list(Clock.objects.filter(case=case, stopped_at=None)))


def _show_next(case: Case, running: Mapping[ClockKind, Clock]) -> None:
    """The case knows what is due next; while it is held, only what was late already."""
    head = running.get(ClockKind.HANDLING) or running.get(ClockKind.STAGE)
    if head is None or (head.paused_at and head.due_at and head.due_at >= head.paused_at):
        case.due_at, case.warn_at = None, None
    else:
        case.due_at, case.warn_at = head.due_at, head.warn_at


def pause_clocks(case: Case, now: datetime) -> None:
    """Every running clock stands still. Call under the lock; the caller saves the case."""
    running = running_clocks(case)
    for row in running.values():
        row.paused_at = now
        row.save(update_fields=["paused_at"])
    _show_next(case, running)


def resume_clocks(case: Case, at: datetime) -> None:
    """Every clock that stood still runs on from a moment: what was left of its minutes is left again, to the second.

    What was late or had warned before the pause stays as it was.
    """
    running = running_clocks(case)
    for row in running.values():
        if row.paused_at is not None:
            _resume(case, row, row.paused_at, at)
    _show_next(case, running)


def _resume(case: Case, row: Clock, paused_at: datetime, at: datetime) -> None:
    hours = hours_of(row.calendar, case.area)
    if row.due_at is not None:
        row.due_at = moved(hours, row.due_at, paused_at, at)
    row.rungs = [{**rung, "at": moved(hours, rules.moment_of(rung), paused_at, at).isoformat()} for rung in row.rungs]
    row.paused_minutes += worked(hours, paused_at, at)
    row.paused_at = None
    save_ladder_of(row, "due_at", "paused_minutes", "paused_at")


def save_ladder_of(row: Clock, *fields: str) -> None:
    """The clock knows its first warning and what it has to tell next, and is saved with these fields."""
    if row.due_at is not None:
        row.warn_at = rules.first_warning(row.rungs, row.due_at)
        row.next_at = rules.next_of(row.rungs)
    row.save(update_fields=[*fields, "rungs", "warn_at", "next_at"])


def revive_clocks(case: Case, stopped: Iterable[int]) -> None:
    """The clocks that a merging stopped run on, to the second as if they had never stood. The caller saves the case."""
    Clock.objects.filter(case=case, pk__in=list(stopped)).update(stopped_at=None)
    _show_next(case, running_clocks(case))


def extend_handling(case: Case, minutes: int, now: datetime) -> None:
    """The handling clock has so many more minutes on its calendar. Call under the lock; the caller saves the case."""
    running = running_clocks(case)
    row = running[ClockKind.HANDLING]
    row.extended_minutes += minutes
    hours = hours_of(row.calendar, case.area)
    _end_later(case, row, due(hours, _end_of(case, row), minutes), now, "extended_minutes")
    _show_next(case, running)


def move_end(case: Case, kind: ClockKind, until: datetime, now: datetime) -> None:
    """A clock ends at another moment. Call under the lock; the caller saves the case."""
    running = running_clocks(case)
    _end_later(case, running[kind], until, now)
    _show_next(case, running)


def _end_of(case: Case, row: Clock) -> datetime:
    if row.due_at is None:
        raise LookupError(f"{case.number} has no limit to extend")
    return row.due_at


def _end_later(case: Case, row: Clock, until: datetime, now: datetime, *fields: str) -> None:
    """The clock ends later, its rungs follow; one that stands before us again will tell again, in a new term."""
    hours = hours_of(row.calendar, case.area)
    minutes = worked(hours, _end_of(case, row), until)
    rungs = [{**rung, "at": _longer(rung, hours, minutes, until).isoformat()} for rung in row.rungs]
    row.due_at, row.term = until, row.term + 1
    row.rungs = [{**rung, "told": rung["told"] if rules.moment_of(rung) <= now else None} for rung in rungs]
    save_ladder_of(row, "due_at", "term", *fields)


def _longer(rung: Mapping[str, Any], hours: Calendar, minutes: float, until: datetime) -> datetime:
    """Where a rung stands in the longer term: a warning has its share of the minutes, the rest follow the end."""
    if "share" in rung:
        return min(until, due(hours, rules.moment_of(rung), minutes * rung["share"]))
    return due(hours, until, rung["late"])


def limit_of_clock(case: Case, kind: ClockKind, verb: str, model: StepsModel) -> dict[str, Any] | None:
    """The handling limit that was promised, in a rework its share; for the total clock what the city gives."""
    if kind == ClockKind.TOTAL:
        total = model.post_limits.get("total")
        return {**total, "rule": "total"} if total else None
    promise = case.promise
    again = verb in ("check_fail", "refuse_feedback")
    return {
        **promise["limit"],
        "says": promise.get("says", {}),
        "share": model.rework_share if again else 1.0,
        "rule": "rework" if again else "condition",
        "category": promise["category"],
        "category_version": promise["category_version"],
        "condition": promise["condition"],
        "text": promise["text"],
    }


def _start(
    case: Case, kind: ClockKind, turn: int, now: datetime, limit: Mapping[str, Any] | None, model: StepsModel,
    held: Sequence[Ladder],
) -> Clock:  # fmt: skip
    """A clock runs from now on, with its ladder as it reads now; one without a limit only measures."""
    row = Clock(case=case, kind=kind, stage=case.stage, round=turn, started_at=now)
    if limit is not None:
        ends = deadline(limit, case.area, now, model.warn_share)
        row.minutes, row.calendar, row.why, row.due_at = ends.minutes, ends.calendar, dict(limit), ends.due_at
        rungs = rungs_for(held, model, kind, case.stage, case.category_code)
        row.rungs = rules.placed(rungs, ends.hours, now, ends.minutes, ends.due_at)
        row.warn_at = rules.first_warning(row.rungs, ends.due_at)
        row.next_at = rules.next_of(row.rungs)
    return row
