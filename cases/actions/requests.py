"""Requests: somebody asks, others sign along a chain, and what was approved takes effect. One transaction each."""

from datetime import datetime
from typing import Any

from django.db import transaction

from cases import rules
from cases.actions.clocks import extend_handling
from cases.actions.holds import begin_hold
from cases.actions.moving import beside, error_of, lock, tell
from cases.actions.papers import tell_request
from cases.actions.untaken import await_taking
from cases.actions.withholding import withheld
from cases.contracts import BESIDE, EXTENDED, HELD, RequestKind, RequestState
from cases.models import Case, Request, Signature
from cases.selectors import level_of, paper_of, request_of, request_rule, request_rule_rows, standing_of, steps_model
from core import clock
from core.errors import Conflict, Forbidden, Invalid
from core.scope import Actor


@transaction.atomic
def ask(
    number: str, *, actor: Actor, version: int, kind: str, reason: str, ground: str = "", minutes: int | None = None,
    until: datetime | None = None,
) -> Request:  # fmt: skip
    """It is asked, on a ground of the city's rule whose words are kept, and waits for the first signature."""
    if kind not in {known.value for known in RequestKind}:
        raise Invalid("case.unknown_request", given=kind)
    case = lock(number, actor, version)
    held = request_rule_rows().get(kind)
    rule, standing = request_rule(held), standing_of(case)
    duties = actor.duties(case.org, case.area)
    minutes, until = (minutes if kind == "extension" else None), (until if kind == "hold" else None)
    no = rules.ask_refusal(rule, kind, standing, rules.Asked(reason.strip(), ground, minutes, until), duties)
    if no or rule is None:
        raise error_of(no or rules.Refusal("case.request_not_ruled", {"kind": kind}))
    levels, before = steps_model().levels.get("sign", ()), standing.granted.get(kind, 0)
    chain = rules.chain_for(rule, duties, levels, ground, before)
    row = Request(
        case=case, kind=kind, stage=case.stage, reason=withheld(case, "request", reason.strip()), ground=ground,
        ground_names=dict(rule.grounds.get(ground, {})), minutes=minutes, until=until,
        chain=[vars(signer) for signer in chain], asked_by=actor.key, asked_label=actor.label, asked_org=actor.org,
        asked_at=clock.now(),
    )  # fmt: skip
    _await_next(row)
    beside(case, "ask", actor, kept=_kept(row, reason=row.reason))
    row.save()
    tell_request(row, BESIDE["ask"], actor)
    return row


def _await_next(row: Request) -> None:
    """It waits for the signature after those that were given, or for none."""
    waits = row.state == RequestState.OPEN and row.signed < len(row.chain)
    signer = row.chain[row.signed] if waits else {"duty": "", "level": ""}
    row.next_duty, row.next_level = signer["duty"], signer["level"]


def _kept(row: Request, **more: Any) -> dict[str, Any]:
    """What the history keeps of it."""
    until = row.until.isoformat() if row.until else None
    return {"request": row.kind, "ground": row.ground_names, "minutes": row.minutes, "until": until, **more}


def _open_paper(number: str, request_id: int, actor: Actor, version: int) -> tuple[Case, Request]:
    case = lock(number, actor, version)
    row = request_of(case, request_id)
    row.case = case
    return case, row


@transaction.atomic
def decide(number: str, request_id: int, *, actor: Actor, version: int, approve: bool, answer: str = "") -> Request:
    """The request has one more signature, with the last one takes effect; or it is refused, and why stands there."""
    case, row = _open_paper(number, request_id, actor, version)
    no = rules.sign_refusal(paper_of(row), actor.duties(case.org, case.area), level_of(actor), actor.key)
    if no:
        raise error_of(no)
    answer = answer.strip()
    if not approve and not answer:
        raise Invalid("case.needs_answer")
    if approve:
        _still_fits(case, row)
    answer = withheld(case, f"request.{row.pk}", answer)
    _sign(row, actor, approve, answer)
    verb = ("approve" if row.state == RequestState.APPROVED else "sign") if approve else "decline"
    effect = _effect(case, row) if verb == "approve" else ""
    row.save()
    if verb == "decline" and row.kind == RequestKind.RETURN:
        await_taking(case, row, clock.now())
    beside(case, verb, actor, kept=_kept(row, answer=answer))
    tell_request(row, BESIDE[verb], actor)
    if effect:
        tell(case, verb, actor, kind=effect)
    return row


def _still_fits(case: Case, row: Request) -> None:
    """What may not be granted as the case stands now may only be refused."""
    rule = request_rule(request_rule_rows().get(row.kind))
    no = rules.fit_refusal(rule, standing_of(case)) if rule else None
    if no:
        raise error_of(no)
    if row.until is not None and row.until <= clock.now():
        raise Conflict("case.hold_is_past")


def _sign(row: Request, actor: Actor, approve: bool, answer: str) -> None:
    now = clock.now()
    Signature.objects.create(
        request=row, place=row.signed + 1, approved=approve, answer=answer, duty=row.next_duty, by=actor.key,
        label=actor.label, org=actor.org, at=now,
    )  # fmt: skip
    row.signed += int(approve)
    if approve and row.signed < len(row.chain):
        return _await_next(row)
    row.state = RequestState.APPROVED if approve else RequestState.REFUSED
    row.answer, row.decided_at, row.decided_by, row.decided_label = answer, now, actor.key, actor.label
    return _await_next(row)


def _effect(case: Case, row: Request) -> str:
    """What follows from the approval at once; a return, a void and a cancellation wait for their step."""
    now = clock.now()
    if row.kind == RequestKind.EXTENSION and row.minutes:
        extend_handling(case, row.minutes, now)
        case.extension_count += 1
    elif row.kind == RequestKind.HOLD and row.until:
        row.save()
        begin_hold(case, row, row.until, now)
    elif row.kind == RequestKind.APPEAL:
        case.exempt = True
    else:
        return ""
    row.used_at = now
    return {"extension": EXTENDED, "hold": HELD}.get(row.kind, "")


@transaction.atomic
def withdraw(number: str, request_id: int, *, actor: Actor, version: int) -> Request:
    """Who asked asks no more."""
    case, row = _open_paper(number, request_id, actor, version)
    if row.asked_by != actor.key:
        raise Forbidden("case.not_your_request")
    if not row.is_open:
        raise Conflict("case.request_decided")
    row.state, row.decided_at = RequestState.WITHDRAWN, clock.now()
    _await_next(row)
    row.save()
    beside(case, "withdraw", actor, kept=_kept(row))
    tell_request(row, BESIDE["withdraw"], actor)
    return row
