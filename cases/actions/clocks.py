"""The clocks of a case: started and stopped with its steps, and swept each minute for what is late."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from cases.contracts import DUE_SOON, OVERDUE, ClockKind, Stage
from cases.models import Case, Clock, StepsModel
from cases.rules import clock_effect
from cases.selectors import deadline, news_of
from core import clock
from core.scope import Actor, machine
from core.trace import use_trace
from journal import actions as journal

SWEEPER: Actor = machine("rule:clocks")


def run_clocks(case: Case, verb: str, now: datetime, model: StepsModel) -> None:
    """The clocks stand as the step demands, and the case knows what is due next. Call with the stage already new."""
    running = {ClockKind(row.kind): row for row in Clock.objects.filter(case=case, stopped_at=None)}
    effect = clock_effect(verb, Stage(case.stage), frozenset(running))
    for kind in effect.stop | {ClockKind.STAGE}:
        if kind in running:
            _stop(case, running.pop(kind), now)
    for kind in sorted(effect.start):
        running[kind] = _start(case, kind, now, _limit(case, kind, verb, model), model)
    post = model.post_limits.get(str(case.stage))
    if post:
        running[ClockKind.STAGE] = _start(case, ClockKind.STAGE, now, {**post, "rule": "post"}, model)
    head = running.get(ClockKind.HANDLING) or running.get(ClockKind.STAGE)
    case.due_at, case.warn_at = (head.due_at, head.warn_at) if head else (None, None)


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
        Q(told_overdue_at=None, due_at__lt=now) | Q(warned_at=None, warn_at__lte=now)
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
