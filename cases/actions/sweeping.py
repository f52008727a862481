"""The sweep: every clock that has reached a rung of its ladder has told so, once, however many sweep at once."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from cases import rules
from cases.actions.orders import press_late
from cases.contracts import DUE_SOON, ESCALATED, OVERDUE, EscalationNews
from cases.models import Case, Clock, Rung
from cases.selectors import news_of, steps_model
from core import clock
from core.errors import NotFound
from core.scope import Actor, machine
from core.trace import use_trace
from journal import actions as journal

logger = logging.getLogger(__name__)
SWEEPER: Actor = machine("rule:clocks")
TOGETHER = 20
"""So many cases are locked at once: few enough that nobody waits for long, enough to keep up after an outage."""


def sweep(limit: int = 2000) -> int:
    """Every running clock that reached a rung has told so, once and in order; how many entries that took.

    After an outage the breach and all that follows it are told late and say so; a warning that nobody can heed any more
    is passed over.
    """
    now = clock.now()
    standing = Q(paused_at=None) | Q(next_at__lt=F("paused_at"))
    waiting = Clock.objects.filter(standing, stopped_at=None, next_at__lte=now)
    numbers = list(dict.fromkeys(waiting.order_by("next_at", "pk").values_list("case_id", flat=True)[:limit]))
    return sum(_sweep_cases(numbers[start : start + TOGETHER]) for start in range(0, len(numbers), TOGETHER))


@transaction.atomic
def _sweep_cases(numbers: Sequence[int]) -> int:
    """A few cases in one transaction; whoever is at one of them just now has it passed over until the next sweep."""
    rows = Case.objects.select_for_update(skip_locked=True, of=("self",)).select_related("category")
    cases, now = {case.pk: case for case in rows.filter(pk__in=numbers).order_by("pk")}, clock.now()
    reached = Clock.objects.filter(case__in=cases, stopped_at=None, next_at__lte=now)
    clocks, told = list(reached.order_by("next_at", "pk")), []
    for row in clocks:
        case = cases[row.case_id]
        with use_trace(case.trace):
            told += [_tell(case, row, rung, now) for rung in _climbed(row, now)]
    Rung.objects.bulk_create(told)
    Clock.objects.bulk_update(clocks, ["rungs", "next_at", "told_overdue_at"])
    _press(rung for rung in told if rung.code == rules.BREACH)
    return len(told)


def _press(breaches: Iterable[Rung]) -> None:
    """The breaches of which the city's model says so are supervision orders, in the same transaction: once each."""
    model = None
    for rung in breaches:
        model = model or steps_model()
        said = rules.order_of_breach(model.timeout_orders, rung.clock.kind, rung.clock.stage)
        try:
            if said is not None:
                press_late(rung.case, rung, said)
        except NotFound as missing:  # a calendar that the city lacks must not keep other clocks from telling
            logger.error("cases: no supervision order for %s: %s", rung.case, missing)


def _climbed(row: Clock, now: datetime) -> list[Mapping[str, Any]]:
    """The rungs that the clock reached until now, or until it stood still, and has to tell of; it knows that it did."""
    until = min(now, row.paused_at or now)
    broken = row.due_at is not None and row.due_at < until
    reached = [rung for rung in row.rungs if rung["told"] is None and rules.has_come(rung, until)]
    for rung in reached:
        rung["told"] = now.isoformat()
    if broken and row.told_overdue_at is None:
        row.told_overdue_at = until
    row.next_at = rules.next_of(row.rungs)
    return [rung for rung in reached if not (broken and rules.is_warning(rung["code"]))]


def _tell(case: Case, row: Clock, rung: Mapping[str, Any], now: datetime) -> Rung:
    """The rung is in the journal, and is to be kept as told."""
    code = rung["code"]
    kind = DUE_SOON if rules.is_warning(code) else OVERDUE if code == rules.BREACH else ESCALATED
    data: Any = _escalation(case, row, rung) if kind == ESCALATED else _news(case, row, kind)
    journal.record(kind, subject=case.number, actor=SWEEPER, org=case.org, area=case.area, data=data)
    return Rung(
        case=case, clock=row, term=row.term, code=code, tell=rung["tell"], stage=case.stage,
        at=rules.moment_of(rung), told_at=now,
    )  # fmt: skip


def _news(case: Case, row: Clock, kind: str) -> Any:
    return news_of(case, kind.split(".")[1], clock_kind=row.kind)


def _escalation(case: Case, row: Clock, rung: Mapping[str, Any]) -> EscalationNews:
    return EscalationNews(
        number=case.number,
        version=case.version,
        clock=row.kind,
        stage=str(case.stage),
        rung=rung["code"],
        late_minutes=rung["late"],
        tell=list(rung["tell"]),
        due_at=row.due_at.isoformat() if row.due_at else "",
        at=rung["at"],
        organisation=case.organisation,
        district=case.district,
    )
