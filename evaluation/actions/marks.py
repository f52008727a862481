"""A closed case is marked, a mark is withdrawn."""

from django.db import transaction

from accounts import selectors as accounts
from cases import selectors as cases
from cases.contracts import Outcome
from core.scope import Actor, machine
from evaluation import rules
from evaluation.contracts import MARKED, WITHDRAWN, MarkNews, MarkWithdrawn
from evaluation.models import Mark
from evaluation.selectors import scheme_in_force
from journal.actions import record

EVALUATION = machine("evaluation", "evaluate")


@transaction.atomic
def mark_case(number: str, *, actor: Actor = EVALUATION) -> Mark | None:
    """A closed case has its mark by the scheme in force; marking twice changes nothing and tells nobody twice.

    None where the case is not closed (any more) or was never handled by an organisation.
    """
    outcome = cases.outcome(number)
    if outcome is None or not outcome.organisation:
        return None
    before = Mark.objects.select_for_update().filter(case=number).first()
    if before is not None and before.counts and before.closed_at == outcome.closed_at:
        return before
    mark = _mark(outcome)
    record(MARKED, subject=number, actor=actor, org=outcome.organisation, area=outcome.area, data=_news(mark, outcome))
    return mark


@transaction.atomic
def follow_organisations() -> int:
    """Marks stand under the present paths of who earned them, so that these still see them."""
    return sum(
        Mark.objects.filter(organisation=before).update(organisation=after)
        for before, after in accounts.moved_paths().items()
    )


def _mark(outcome: Outcome) -> Mark:
    scheme = scheme_in_force()
    facts = {
        rules.Metric.HANDLED: 1,
        rules.Metric.HANDLED_ON_TIME: int(outcome.handled_on_time),
        rules.Metric.CLOSED_ON_TIME: int(outcome.closed_on_time),
        rules.Metric.REWORKED: int(outcome.reworks > 0),
        rules.Metric.PENDING_LATE: 0,
        rules.Metric.EXTENDED: int(outcome.extensions > 0),
        rules.Metric.RETURNED: int(outcome.returns > 0),
    }
    result = rules.score(rules.Counts(1, facts), rules.scheme_from(scheme.document))
    mark, _ = Mark.objects.update_or_create(
        case=outcome.number,
        defaults={
            "scheme": scheme,
            "organisation": outcome.organisation,
            "area": outcome.area,
            "category": outcome.category,
            "score": result.value or 0.0,
            "level": result.level,
            "facts": {metric.value: value for metric, value in facts.items()},
            "parts": [{"metric": p.metric.value, "points": p.points, "out_of": p.out_of} for p in result.parts],
            "reworks": outcome.reworks,
            "handle_minutes": outcome.handle_minutes,
            "closed_at": outcome.closed_at,
            "counts": True,
        },
    )
    return mark


def _news(mark: Mark, outcome: Outcome) -> MarkNews:
    return MarkNews(
        number=outcome.number,
        organisation=outcome.organisation.rpartition(".")[2],
        district=outcome.district,
        scheme=mark.scheme.code,
        score=float(mark.score),
        level=mark.level,
        handled_on_time=outcome.handled_on_time,
        closed_on_time=outcome.closed_on_time,
        reworks=outcome.reworks,
        closed_at=outcome.closed_at.isoformat(),
    )


@transaction.atomic
def withdraw(number: str, *, actor: Actor = EVALUATION) -> None:
    """The mark of a reopened case no longer counts; nothing happens where there is none."""
    mark = Mark.objects.select_for_update().filter(case=number, counts=True).first()
    if mark is None:
        return
    mark.counts = False
    mark.save(update_fields=["counts"])
    district = (mark.area.split(".") + ["", ""])[1]
    news = MarkWithdrawn(number=number, organisation=mark.organisation.rpartition(".")[2], district=district)
    record(WITHDRAWN, subject=number, actor=actor, org=mark.organisation, area=mark.area, data=news)
