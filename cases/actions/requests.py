"""Requests: somebody asks, somebody else decides, a step uses what was approved."""

from django.db import transaction

from cases.actions.moving import error_of, lock
from cases.contracts import RequestKind
from cases.models import Case, Request
from cases.rules import ask_refusal, decide_refusal
from cases.selectors import facts_of, request_of
from core import clock
from core.errors import Invalid
from core.scope import Actor


@transaction.atomic
def ask(number: str, *, actor: Actor, kind: str, reason: str) -> Request:
    """It is asked that the case be returned or voided; asked again while undecided, the first request stands."""
    if kind not in {known.value for known in RequestKind}:
        raise Invalid("case.unknown_request", given=kind)
    case = lock(number, actor)
    no = ask_refusal(RequestKind(kind), facts_of(case), actor.duties(case.org, case.area), reason)
    if no:
        raise error_of(no)
    row, _ = Request.objects.get_or_create(
        case=case,
        kind=kind,
        approved=None,
        defaults={
            "stage": case.stage,
            "reason": reason,
            "asked_by": actor.key,
            "asked_label": actor.label,
            "asked_at": clock.now(),
        },
    )
    return row


@transaction.atomic
def decide(number: str, request_id: int, *, actor: Actor, approve: bool, answer: str = "") -> Request:
    """The request is approved or refused, by somebody else than who asked."""
    case = lock(number, actor)
    row = request_of(case, request_id)
    duties = actor.duties(case.org, case.area)
    no = decide_refusal(row.asked_by, row.approved is not None, duties, actor.key, approve or bool(answer))
    if no:
        raise error_of(no)
    row.approved, row.answer, row.decided_at = approve, answer, clock.now()
    row.decided_by, row.decided_label = actor.key, actor.label
    row.save()
    return row


def use_request(case: Case, kind: RequestKind) -> None:
    """The approved request of this kind has been carried out and carries no further step."""
    Request.objects.filter(case=case, kind=kind, approved=True, used_at=None).update(used_at=clock.now())
