"""A department appeals against a case being held against it; others, as many as the city says, decide."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from cases import selectors as cases
from cases.contracts import Stage
from core import clock
from core.errors import Conflict, Forbidden, NotFound
from core.scope import Actor, Duty
from evaluation import rules, selectors
from evaluation.actions.schemes import reason_of
from evaluation.contracts import APPEAL_DECIDED, APPEAL_SIGNED, APPEALED, AppealNews
from evaluation.models import Appeal, AppealRule, Fact
from journal.actions import record

LONGEST = 2000


@transaction.atomic
def save_appeal_rule(given: Mapping[str, Any], *, pack: str) -> None:
    """Appeals that are asked for from now on follow this rule."""
    AppealRule.objects.update_or_create(pk=1, defaults={**given, "pack": pack})


@transaction.atomic
def appeal(case: str, *, actor: Actor, reason: str) -> Appeal:
    """The department that has a case asks that it be left out of what it is judged by; once for each case."""
    fact, rule = _locked(case, actor), selectors.appeal_rule()
    if not fact.org or Duty.DESK not in actor.duties(fact.org, fact.area):
        raise Forbidden("evaluation.not_your_case")
    if fact.exempt:
        raise Conflict("evaluation.exempt_already")
    if Appeal.objects.filter(case=case).exclude(state="withdrawn").exists() or cases.was_appealed(case):
        raise Conflict("evaluation.appealed_already")
    _fits(rule, fact)
    row = Appeal.objects.create(
        case=case, org=fact.org, area=fact.area, reason=reason_of(reason, LONGEST), asked_by=actor.key,
        asked_label=actor.label, asked_at=clock.now(), reviewers=rule.reviewers,
    )  # fmt: skip
    _tell(APPEALED, row, actor)
    return row


@transaction.atomic
def decide_appeal(pk: int, *, actor: Actor, grant: bool, answer: str, seen: int | None = None) -> Appeal:
    """Granted by as many as the rule says, the case is exempt while its raw facts stay; or refused by one; and why.

    `seen` is how many had granted it when the actor looked: whoever another was faster than is told, and looks again.
    """
    row = Appeal.objects.select_for_update().filter(pk=pk).first()
    if row is None or not selectors.appeals(actor).filter(pk=pk).exists():
        raise NotFound("evaluation.no_such_appeal")
    _may_judge(row, actor, seen)
    answer = reason_of(answer, LONGEST)
    if grant:
        _fits(selectors.appeal_rule(), Fact.objects.select_for_update().get(case=row.case, round=0))
    if grant and row.signed + 1 < row.reviewers:
        row.first_by, row.first_label, row.first_answer, row.first_at = actor.key, actor.label, answer, clock.now()
        row.save()
        _tell(APPEAL_SIGNED, row, actor)
        return row
    row.state, row.answer, row.decided_at = ("granted" if grant else "refused"), answer, clock.now()
    row.decided_by, row.decided_label = actor.key, actor.label
    row.save()
    if grant:
        Fact.objects.filter(case=row.case, round=0).update(excused=True, exempt=True)
    _tell(APPEAL_DECIDED, row, actor)
    return row


def _may_judge(row: Appeal, actor: Actor, seen: int | None) -> None:
    """One who evaluates there, who neither asked nor works for whoever did, and who has not granted it already."""
    judges = rules.is_judge(actor.key, actor.org, row.asked_by, row.org)
    if Duty.EVALUATE not in actor.duties(row.org, row.area) or not judges:
        raise Forbidden("evaluation.not_judge")
    if row.state != "open":
        raise Conflict("evaluation.appeal_decided")
    if row.first_by == actor.key:
        raise Forbidden("evaluation.appeal_signed_already")
    if seen is not None and seen != row.signed:
        raise Conflict("evaluation.appeal_signed_meanwhile", by=row.first_label)


def _fits(rule: AppealRule, fact: Fact) -> None:
    """Only of a case such as the rule allows; what does not fit any more can only be refused."""
    code = rules.unfit(rule, closed=fact.stage == Stage.CLOSED, late=fact.handle_late or fact.close_late)
    if code:
        raise Conflict(code)


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
    return Fact.objects.select_for_update().get(case=case, round=0)


def _tell(kind: str, row: Appeal, actor: Actor) -> None:
    news = AppealNews(row.pk, row.case, row.state)
    record(kind, subject=row.case, actor=actor, org=row.org, area=row.area, data=news)
