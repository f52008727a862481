"""Shirking 推诿: a return was refused and the case not taken within the city's time; found once, by a sweep."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from cases.actions.moving import beside, tell
from cases.contracts import BESIDE
from cases.models import Case, Hold, Move, Request, Untaken
from cases.selectors import deadline, take_within
from core import clock
from core.scope import Actor, machine

FINDER: Actor = machine("rule:shirking", label="推诿认定 Shirking")


def await_taking(case: Case, row: Request, now: datetime) -> None:
    """Whoever has the case must take it within the city's time from now on. Call under the lock of the case.

    Who took it after an earlier refusal is let go of that one at once; who was found once is not found again.
    """
    within = take_within()
    if within and case.org:
        due_at = deadline(within, case.area, now, 1).due_at
        earlier = Untaken.objects.filter(case=case, org=case.org, found_at=None).first()
        if earlier is not None and _taken(earlier):
            earlier.delete()
        Untaken.objects.get_or_create(
            case=case, org=case.org, defaults={"request": row, "refused_at": now, "due_at": due_at}
        )


def sweep_untaken(limit: int = 500) -> int:
    """Every case that was not taken in time after its return was refused has told so, once; how many there were."""
    waiting = Untaken.objects.filter(found_at=None, due_at__lt=clock.now()).order_by("due_at")
    return sum(_find(*pair) for pair in list(waiting.values_list("pk", "case_id")[:limit]))


@transaction.atomic
def _find(pk: int, case_id: int) -> int:
    """Judged by what happened until the time was up, whenever that is looked at: what was taken in time is let go."""
    cases = Case.objects.select_for_update(skip_locked=True, of=("self",)).select_related("category")
    case = cases.filter(pk=case_id).first()
    row = Untaken.objects.select_related("request").filter(pk=pk, found_at=None).first() if case else None
    if case is None or row is None:
        return 0
    if _taken(row):
        row.delete()
        return 0
    row.found_at = clock.now()
    row.save(update_fields=["found_at"])
    code = row.org.rpartition(".")[2]
    beside(case, "not_taken", FINDER, kept={"left": code, "request": row.request.kind, "reason": row.request.reason})
    tell(case, "not_taken", FINDER, kind=BESIDE["not_taken"], left=row.org)
    return 1


def _taken(row: Untaken) -> bool:
    """Whether the case went on, or was put on hold with approval, before the time was up."""
    span = {"gt": row.refused_at, "lte": row.due_at}
    moves = Move.objects.filter(case=row.case_id, **{f"at__{name}": at for name, at in span.items()})
    holds = Hold.objects.filter(case=row.case_id, **{f"since__{name}": at for name, at in span.items()})
    return moves.exclude(before=F("after")).exists() or holds.exists()
