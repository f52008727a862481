"""Supervision orders and coordination: who may press, who answers, and who settles whose case it is."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cases.contracts import ENDS, OrderKind, Stage
from cases.rules.guards import CaseFacts, given_wrong, state
from core.scope import Duty
from core.steps import Ground, Refusal

Said = Mapping[str, Any]
ISSUERS = frozenset({Duty.SUPERVISE, Duty.COMMAND_CITY, Duty.COMMAND_DISTRICT})
REPLIERS = frozenset({Duty.DESK, Duty.COMMAND_DISTRICT})
COORDINATORS = frozenset({Duty.COMMAND_CITY})
COORDINATED_AT = frozenset({Stage.REGISTERED, Stage.RETURNED})


def order_refusal(
    facts: CaseFacts, duties: frozenset[Duty], kind: str, requirement: str, due_at: datetime | None, now: datetime
) -> Refusal | None:
    """Why this actor may not press for the case now, or None: an issuer, a case that somebody has, a deadline."""
    if not duties & ISSUERS:
        return Refusal("case.not_your_duty", {"verb": "order"}, Ground.DUTY)
    if facts.stage in ENDS or not facts.org:
        return state("nobody_to_order", stage=facts.stage)
    if kind not in {known.value for known in OrderKind}:
        return given_wrong("unknown_order", given=kind)
    if not requirement:
        return given_wrong("needs_requirement")
    return None if due_at is not None and due_at > now else given_wrong("needs_order_due")


def reply_refusal(
    facts: CaseFacts, duties: frozenset[Duty], issued_by: str, replied: bool, actor: str, reply: str
) -> Refusal | None:
    """Why this actor may not answer the order now, or None: whoever has the case, not who issued it, once."""
    if not duties & REPLIERS:
        return Refusal("case.not_your_duty", {"verb": "reply"}, Ground.DUTY)
    if issued_by == actor:
        return Refusal("case.own_order", {}, Ground.DUTY)
    if replied:
        return state("order_replied")
    return None if reply else given_wrong("needs_reply")


def order_of_breach(orders: Iterable[Said], clock: str, stage: str) -> Said | None:
    """What the city's model says of a clock that broke in a stage: one for the stage before one for the clock."""
    fitting = [one for one in orders if one["clock"] == clock and one.get("stage", "") in ("", stage)]
    return max(fitting, key=lambda one: bool(one.get("stage")), default=None)


def coordinate_refusal(facts: CaseFacts, duties: frozenset[Duty], organisation: bool, reason: str) -> Refusal | None:
    """Why this actor may not settle whose case it is, or None: the city's command, where nobody will have it."""
    if not duties & COORDINATORS:
        return Refusal("case.not_your_duty", {"verb": "coordinate"}, Ground.DUTY)
    if not facts.coordination or facts.stage not in COORDINATED_AT or facts.held:
        return state("nothing_to_coordinate")
    if not organisation:
        return given_wrong("needs_department")
    return None if reason else given_wrong("needs_reason")


def is_shirked(returners: Iterable[str], after: int) -> bool:
    """Whether so many different organisations have returned a case that it counts as passed around."""
    return bool(after) and len(set(returners)) >= after
