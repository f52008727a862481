"""A department appeals against a case being held against it; who evaluates and did not ask decides."""

from django.db import transaction

from core import clock
from core.errors import Conflict, Forbidden, NotFound
from core.scope import Actor, Duty
from evaluation import selectors
from evaluation.actions.schemes import reason_of
from evaluation.contracts import APPEAL_DECIDED, APPEALED, AppealNews
from evaluation.models import Appeal, Fact
from journal.actions import record

LONGEST = 2000


@transaction.atomic
def appeal(case: str, *, actor: Actor, reason: str) -> Appeal:
    """The department that has a case asks that it be left out of what it is judged by; once for each case."""
    fact = _locked(case, actor)
    if not fact.org or Duty.DESK not in actor.duties(fact.org, fact.area):
        raise Forbidden("evaluation.not_your_case")
    if fact.exempt:
        raise Conflict("evaluation.exempt_already")
    if Appeal.objects.filter(case=case).exclude(state="withdrawn").exists():
        raise Conflict("evaluation.appealed_already")
    row = Appeal.objects.create(
        case=case, org=fact.org, area=fact.area, reason=reason_of(reason, LONGEST), asked_by=actor.key,
        asked_label=actor.label, asked_at=clock.now(),
    )  # fmt: skip
    _tell(APPEALED, row, actor)
    return row


@transaction.atomic
def decide_appeal(pk: int, *, actor: Actor, grant: bool, answer: str) -> Appeal:
    """The appeal is granted, and the case exempt while its raw facts stay; or it is refused; and why stands there."""
    row = Appeal.objects.select_for_update().filter(pk=pk).first()
    if row is None or not selectors.appeals(actor).filter(pk=pk).exists():
        raise NotFound("evaluation.no_such_appeal")
    if Duty.EVALUATE not in actor.duties(row.org, row.area) or row.asked_by == actor.key:
        raise Forbidden("evaluation.not_judge")
    if row.state != "open":
        raise Conflict("evaluation.appeal_decided")
    row.state, row.answer, row.decided_at = ("granted" if grant else "refused"), reason_of(answer, LONGEST), clock.now()
    row.decided_by, row.decided_label = actor.key, actor.label
    row.save()
    if grant:
        Fact.objects.filter(case=row.case).update(excused=True, exempt=True)
    _tell(APPEAL_DECIDED, row, actor)
    return row


@transaction.atomic
def withdraw_appeal(pk: int, *, actor: Actor) -> Appeal:
    """Who asked asks no more; the case may be appealed again."""
    row = Appeal.objects.select_for_update().filter(pk=pk, asked_by=actor.key).first()
    if row is None:
        raise NotFound("evaluation.no_such_appeal")
    if row.state != "open":
        raise Conflict("evaluation.appeal_decided")
    row.state, row.decided_at = "withdrawn", clock.now()
    row.save()
    _tell(APPEAL_DECIDED, row, actor)
    return row


def _locked(case: str, actor: Actor) -> Fact:
    known = selectors.facts(actor).filter(case=case).exists() if case.isascii() and case.isdigit() else False
    if not known:
        raise NotFound("evaluation.no_such_case")
    return Fact.objects.select_for_update().get(case=case)


def _tell(kind: str, row: Appeal, actor: Actor) -> None:
    news = AppealNews(row.pk, row.case, row.state)
    record(kind, subject=row.case, actor=actor, org=row.org, area=row.area, data=news)
