"""The clocks of a case: started and stopped with its steps, and swept each minute for what is late."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from cases.contracts import DUE_SOON, OVERDUE, ClockKind, Stage
from cases.models import Case, Clock, StepsModel
from cases.rules import clock_effect
from cases.selectors import between, deadline, later, news_of, steps_model
from core import clock
from core.scope import Actor, machine
from core.trace import use_trace
from journal import actions as journal

SWEEPER: Actor = machine("rule:clocks")


def run_clocks(case: Case, verb: str, now: datetime, model: StepsModel) -> None:
    """The clocks stand as the step demands, and the case knows what is due next. Call with the stage already new."""
    running = _running(case)
    effect = clock_effect(verb, Stage(case.stage), frozenset(running))
    for kind in effect.stop | {ClockKind.STAGE}:
        if kind in running:
            _stop(case, running.pop(kind), now)
    for kind in sorted(effect.start):
        running[kind] = _start(case, kind, now, _limit(case, kind, verb, model), model)
    post = model.post_limits.get(str(case.stage))
    if post:
        running[ClockKind.STAGE] = _start(case, ClockKind.STAGE, now, {**post, "rule": "post"}, model)
    _show_next(case, running)


def _show_next(case: Case, running: Mapping[ClockKind, Clock]) -> None:
    """The case knows what is due next; while it is held, only what was late already."""
    head = running.get(ClockKind.HANDLING) or running.get(ClockKind.STAGE)
    if head is None or (head.paused_at and head.due_at and head.due_at >= head.paused_at):
        case.due_at, case.warn_at = None, None
    else:
        case.due_at, case.warn_at = head.due_at, head.warn_at


def _running(case: Case) -> dict[ClockKind, Clock]:
    return {ClockKind(row.kind): row for row in Clock.objects.filter(case=case, stopped_at=None)}


def pause_clocks(case: Case, now: datetime) -> None:
    """Every running clock stands still. Call under the lock; the caller saves the case."""
    running = _running(case)
    for row in running.values():
        row.paused_at = now
        row.save(update_fields=["paused_at"])
    _show_next(case, running)


def resume_clocks(case: Case, at: datetime) -> None:
    """Every clock that stood still runs on from a moment: what was left of its minutes is left again, to the second.

    What was late or had warned before the pause stays as it was.
    """
    running = _running(case)
    for row in running.values():
        if row.paused_at is not None:
            _resume(case, row, row.paused_at, at)
    _show_next(case, running)


def _resume(case: Case, row: Clock, paused_at: datetime, at: datetime) -> None:
    for name in ("due_at", "warn_at"):
        moment = getattr(row, name)
        if moment is not None and moment > paused_at:
            left = between(row.calendar, case.area, paused_at, moment)
            setattr(row, name, max(moment, later(row.calendar, case.area, at, left)))
    row.paused_minutes += between(row.calendar, case.area, paused_at, at)
    row.paused_at = None
    row.save(update_fields=["due_at", "warn_at", "paused_minutes", "paused_at"])


def revive_clocks(case: Case, stopped: Iterable[int]) -> None:
    """The clocks that a merging stopped run on, to the second as if they had never stood. The caller saves the case."""
    Clock.objects.filter(case=case, pk__in=list(stopped)).update(stopped_at=None)
    _show_next(case, _running(case))


def extend_handling(case: Case, minutes: int, now: datetime) -> None:
    """The handling clock has so many more minutes on its calendar. Call under the lock; the caller saves the case."""
    running = _running(case)
    row = running[ClockKind.HANDLING]
    if row.due_at is None or row.warn_at is None:
        raise LookupError(f"{case.number} has no handling limit to extend")
    share = steps_model().warn_share
    row.due_at = later(row.calendar, case.area, row.due_at, minutes)
    row.warn_at = min(row.due_at, later(row.calendar, case.area, row.warn_at, minutes * share))
    row.warned_at = row.warned_at if row.warn_at <= now else None
    row.extended_minutes += minutes
    row.save(update_fields=["due_at", "warn_at", "warned_at", "extended_minutes"])
    _show_next(case, running)


def _stop(case: Case, row: Clock, now: datetime) -> None:
    row.stopped_at = now
    row.save(update_fields=["stopped_at"])
    if row.kind == ClockKind.HANDLING and row.due_at is not None and row.due_at < now:
        case.handled_late = True


def _limit(case: Case, kind: ClockKind, verb: str, model: StepsModel) -> dict[str, Any] | None:
    """The handling limit that was promised, in a rework its share; for the total clock what the city gives."""
    if kind == ClockKind.TOTAL:
        total = model.post_limits.get("total")
        return {**total, "rule": "total"} if total else None
    promise = case.promise
    again = verb in ("check_fail", "refuse_feedback")
    return {
        **promise["limit"],
        "share": model.rework_share if again else 1.0,
        "rule": "rework" if again else "condition",
        "category": promise["category"],
        "category_version": promise["category_version"],
        "condition": promise["condition"],
        "text": promise["text"],
    }


def _start(case: Case, kind: ClockKind, now: datetime, limit: Mapping[str, Any] | None, model: StepsModel) -> Clock:
    rounds = Clock.objects.filter(case=case, kind=kind).count()
    row = Clock(case=case, kind=kind, stage=case.stage, round=rounds + 1, started_at=now)
    if limit is not None:
        ends = deadline(limit, case.area, now, model.warn_share)
        row.minutes, row.calendar, row.why = ends.minutes, ends.calendar, dict(limit)
        row.due_at, row.warn_at = ends.due_at, ends.warn_at
    row.save()
    return row


def sweep(limit: int = 2000) -> int:
    """Every running clock that passed its warning or its end has told so, once; returns how many entries that took."""
    now = clock.now()
    waiting = Clock.objects.filter(stopped_at=None).filter(
        Q(told_overdue_at=None, due_at__lt=now) & (Q(paused_at=None) | Q(due_at__lt=F("paused_at")))
        | Q(warned_at=None, warn_at__lte=now, paused_at=None)
    )
    numbers = sorted(set(waiting.order_by("due_at").values_list("case_id", flat=True)[:limit]))
    return sum(_sweep_case(case_id) for case_id in numbers)


@transaction.atomic
def _sweep_case(case_id: int) -> int:
    case = Case.objects.select_for_update(skip_locked=True, of=("self",)).select_related("category").filter(pk=case_id)
    found = case.first()
    if found is None:
        return 0
    now, told = clock.now(), 0
    for row in Clock.objects.filter(case=found, stopped_at=None):
        told += _tell_of(found, row, now)
    return told


def _tell_of(case: Case, row: Clock, now: datetime) -> int:
    kind = ""
    now = min(now, row.paused_at or now)
    if row.due_at is not None and row.due_at < now and row.told_overdue_at is None:
        kind, row.told_overdue_at = OVERDUE, now
        row.warned_at = row.warned_at or now
    elif row.warn_at is not None and row.warn_at <= now and row.warned_at is None:
        kind, row.warned_at = DUE_SOON, now
    if not kind:
        return 0
    row.save(update_fields=["told_overdue_at", "warned_at"])
    verb = kind.split(".")[1]
    with use_trace(case.trace):
        data = news_of(case, verb, clock_kind=row.kind)
        journal.record(kind, subject=case.number, actor=SWEEPER, org=case.org, area=case.area, data=data)
    return 1
