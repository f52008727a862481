"""Holds: a case stands still until a day, ends by itself, or is taken up again before."""

from datetime import datetime

from django.db import transaction

from cases import rules
from cases.actions.clocks import pause_clocks, resume_clocks
from cases.actions.moving import beside, error_of, lock, tell
from cases.contracts import BESIDE, CaseView
from cases.models import Case, Hold, Request
from cases.selectors import facts_of
from core import clock
from core.scope import Actor, machine

ENDER: Actor = machine("rule:holds", label="挂账到期 Hold over")


def begin_hold(case: Case, row: Request, until: datetime, now: datetime) -> None:
    """The case is held until the day that was granted. Call under the lock; the caller saves the case."""
    case.held_until = until
    Hold.objects.create(case=case, request=row, since=now, until=until)
    pause_clocks(case, now)


def end_hold(case: Case, at: datetime, actor: Actor) -> None:
    """The case stands still no more, its clocks run on from that moment. Call under the lock; the caller saves."""
    Hold.objects.filter(case=case, ended_at=None).update(ended_at=at, ended_by=actor.key)
    case.held_until = None
    resume_clocks(case, at)


@transaction.atomic
def resume(number: str, *, actor: Actor, version: int, reason: str) -> CaseView:
    """The hold ends before its time; the clocks run on."""
    case = lock(number, actor, version)
    no = rules.resume_refusal(facts_of(case), actor.duties(case.org, case.area), {"reason": reason.strip()})
    if no or case.held_until is None:
        raise error_of(no or rules.Refusal("case.not_held"))
    end_hold(case, min(clock.now(), case.held_until), actor)
    beside(case, "resume", actor, kept={"reason": reason.strip()})
    return tell(case, "resume", actor, kind=BESIDE["resume"])


def end_holds(limit: int = 500) -> int:
    """Every hold whose day has come is over since that day, however late the sweep; how many there were."""
    due = Case.objects.filter(held_until__lte=clock.now()).order_by("held_until")
    return sum(_end(pk) for pk in list(due.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _end(pk: int) -> int:
    rows = Case.objects.select_for_update(skip_locked=True, of=("self",)).select_related("category")
    case = rows.filter(pk=pk, held_until__lte=clock.now()).first()
    if case is None or case.held_until is None:
        return 0
    end_hold(case, case.held_until, ENDER)
    beside(case, "resume", ENDER)
    tell(case, "resume", ENDER, kind=BESIDE["resume"])
    return 1
