"""Automatic dispatch: the rules in force, a case as they look at it, what they did, and what of that came back."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT

from cases import rules
from cases.contracts.dispatching import SWITCHED_OFF
from cases.models import AutoDispatch, Case, DispatchRule, DispatchSwitch, Move
from cases.selectors.deadlines import hours_of
from cases.selectors.responsibility import book_at
from cases.selectors.steps import category_for
from core import clock, worktime
from core.errors import NotFound
from core.querying import scope_q
from core.scope import Actor, under
from grid import selectors as grid

MINUTE = timedelta(minutes=1)


def dispatch_rules() -> list[DispatchRule]:
    """Every rule, also those to come and those that are over, as they are asked: by level and priority."""
    return list(DispatchRule.objects.all())


def dispatch_rule(pk: int) -> DispatchRule:
    """The rule of that number; NotFound where there is none."""
    found = DispatchRule.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound("dispatching.unknown", id=pk)
    return found


def dispatch_rules_in_force(level: str) -> list[rules.DispatchRule]:
    """The rules of a level that hold now, as the rules look at them."""
    now = clock.now()
    held = DispatchRule.objects.filter(Q(valid_until=None) | Q(valid_until__gt=now), level=level, valid_from__lte=now)
    return [ruled(row) for row in held]


def ruled(row: DispatchRule) -> rules.DispatchRule:
    """A rule of the table as the rules look at it; one that is not saved yet has the number 0."""
    return rules.DispatchRule(
        id=row.pk or 0, name=row.name, priority=row.priority, level=row.level, aim=row.aim,
        classes=frozenset(row.classes), area=row.area, sources=frozenset(row.sources), grades=frozenset(row.grades),
        hours=row.hours, reason=row.reason,
    )  # fmt: skip


def dispatch_switch() -> DispatchSwitch | None:
    """The last word on whether the rules act; None where nobody ever switched them."""
    return DispatchSwitch.objects.first()


def is_dispatching() -> bool:
    """Whether the rules act at all."""
    return DispatchSwitch.objects.values_list("on", flat=True).first() is not False


def dispatchable(case: Case, level: str, asked: Iterable[rules.DispatchRule]) -> rules.Dispatchable:
    """A case as the rules of a level look at it now; the calendar is read where one of them asks for hours."""
    book = book_at(category_for(case), case.category_code, case.area)
    grade = (case.promise.get("says") or {}).get("grade")
    return rules.Dispatchable(
        category=case.category_code,
        area=case.area,
        source=case.source,
        grade=grid.cell_grades([case.cell]).get(case.cell, 0) if grade is None else int(grade),
        in_hours=any(one.hours for one in asked) and in_hours(case.area, clock.now()),
        **reach(book, case.category_code, case.area, level, case.org),
    )


def reach(book: rules.Book, code: str, area: str, level: str, org: str) -> dict[str, Any]:
    """Whose duty it is, which centres serve the place, and whether this level may send it to the first at all."""
    answer = rules.resolve(book, code, area)
    office = book.by_code.get(answer.organisation)
    receives = office is not None and rules.may_receive(office.kind, office.area, area, centre=False)
    if level == "district":
        receives = receives and office is not None and bool(org) and under(office.path, org)
    centres = [one.code for one in book.offices if rules.may_receive(one.kind, one.area, area, centre=True)]
    return {"answer": answer, "receives": receives, "centres": tuple(sorted(centres))}


def in_hours(area: str, at: datetime, hours: worktime.Calendar | None = None) -> bool:
    """Whether that is a working moment at a place."""
    return worktime.worked(hours or hours_of("office_hours", area), at, at + MINUTE) > 0


def auto_dispatch_of(case: Case) -> AutoDispatch | None:
    """What was decided last about a case without a person, or why it waits for one."""
    return AutoDispatch.objects.filter(case=case).select_related("rule").first()


def left_while_off() -> QuerySet[AutoDispatch]:
    """What stands where it stood when it came while the rules were off, the longest waiting first."""
    rows = AutoDispatch.objects.filter(code=SWITCHED_OFF, case__stage__in=sorted(rules.ACTS_AT.values()))
    return rows.filter(version=F("case__stage_version")).select_related("case__category").order_by("at", "pk")


class DispatchCounts(NamedTuple):
    """What a rule did: cases it sent, of those how many came back, and cases it spoke of and left to people."""

    rule: int | None
    sent: int
    returned: int
    left: int


def auto_dispatches(actor: Actor, days: int, kind: str = "", rule: int | None = None) -> QuerySet[Any]:
    """What was done without a person in the last days about cases the actor may see, the newest first.

    `kind` is sent, returned or left ("" for all).
    """
    since = clock.now() - timedelta(days=days)
    mine = scope_q(actor.scope("case.see"), "case__org", "case__area")
    rows = AutoDispatch.objects.filter(mine, at__gte=since).annotate(back=Exists(_returns()))
    if rule is not None:
        rows = rows.filter(rule=rule)
    if kind:
        rows = rows.filter({"sent": ~Q(organisation=""), "returned": Q(back=True), "left": Q(organisation="")}[kind])
    return rows.select_related("case__category", "rule")


def _returns() -> QuerySet[Move]:
    """The return of exactly what was dispatched: by the organisation it was sent to, after that."""
    after = {"case": OuterRef("case"), "version__gt": OuterRef("version")}
    moves = Move.objects.filter(**after, verb="send_back").annotate(left=KT("given__left"))
    return moves.filter(left=OuterRef("organisation"))


def dispatch_counts(actor: Actor, days: int) -> list[DispatchCounts]:
    """The same counted by rule, in one query; None stands for the cases that no rule spoke of."""
    rows = auto_dispatches(actor, days).order_by().values("rule_id")
    counted = rows.annotate(
        sent=Count("pk", filter=~Q(organisation="")),
        returned=Count("pk", filter=Q(back=True) & ~Q(organisation="")),
        left=Count("pk", filter=Q(organisation="")),
    )
    ordered = counted.order_by(F("rule_id").asc(nulls_last=True))
    return [DispatchCounts(one["rule_id"], one["sent"], one["returned"], one["left"]) for one in ordered]
