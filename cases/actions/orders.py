"""Supervision orders 督办 and coordination: pressed for, answered, told when late; and whose case it is, settled."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cases import rules
from cases.actions.moving import BREACHES, beside, error_of, lock, tell
from cases.actions.withholding import withheld
from cases.contracts import ENDS, ORDER_OVERDUE, CaseView, OrderKind
from cases.models import Case, Order, Rung
from cases.selectors import deadline, facts_of, level_of, order_news, order_of, target_of
from core import clock
from core.errors import Conflict
from core.scope import Actor, machine
from core.trace import current_trace, use_trace
from journal import actions as journal

PRESSER: Actor = machine("rule:orders")


def _tell(row: Order, kind: str, actor: Actor) -> None:
    case = row.case
    with use_trace(case.trace or current_trace()):
        journal.record(kind, subject=case.number, actor=actor, org=row.org, area=case.area, data=order_news(row))


@transaction.atomic
def order(number: str, *, actor: Actor, version: int, kind: str, requirement: str, due_at: datetime | None) -> Order:
    """Whoever has the case is told what is demanded of it, and by when an answer is due."""
    case, requirement, now = lock(number, actor, version), requirement.strip(), clock.now()
    no = rules.order_refusal(facts_of(case), actor.duties(case.org, case.area), kind, requirement, due_at, now)
    if no or due_at is None:
        raise error_of(no or rules.Refusal("case.needs_order_due"))
    if Order.objects.filter(case=case, kind=kind, replied_at=None).exists():
        raise Conflict("case.order_open")
    requirement = withheld(case, "order", requirement)
    row = Order.objects.create(
        case=case, kind=OrderKind(kind), level=level_of(actor), requirement=requirement, org=case.org,
        issued_by=actor.key, issued_label=actor.label, issued_at=now, due_at=due_at,
    )  # fmt: skip
    beside(case, "order", actor, kept={"order": kind, "note": requirement, "due": due_at.isoformat()})
    _tell(row, "order.issued.v1", actor)
    return row


def press_late(case: Case, rung: Rung, said: Mapping[str, Any]) -> None:
    """Whoever has the case is pressed for the breach, as the city's model says. Call under the lock, the rung kept.

    Nobody is where nobody has it, or where an order of this kind is not answered yet.
    """
    pressed = Order.objects.filter(case=case, kind=OrderKind.TIMEOUT, replied_at=None).exists()
    if pressed or not case.org or case.stage in ENDS:
        return
    now, says = clock.now(), dict(said["says"])
    due_at = deadline(said["within"], case.area, now, 1).due_at
    row = Order.objects.create(
        case=case, kind=OrderKind.TIMEOUT, level=said["level"], requirement=says["zh"], says=says, org=case.org,
        rung=rung, issued_by=BREACHES.key, issued_label=BREACHES.label, issued_at=now, due_at=due_at,
    )  # fmt: skip
    beside(case, "order", BREACHES, kept={"order": row.kind, "due": due_at.isoformat()})
    _tell(row, "order.issued.v1", BREACHES)


@transaction.atomic
def reply(number: str, order_id: int, *, actor: Actor, version: int, text: str) -> Order:
    """The order is answered, in time or late."""
    case, text = lock(number, actor, version), text.strip()
    row = order_of(case, order_id)
    duties = actor.duties(case.org, case.area)
    no = rules.reply_refusal(facts_of(case), duties, row.issued_by, row.replied_at is not None, actor.key, text)
    if no:
        raise error_of(no)
    text = withheld(case, f"order.{row.pk}", text)
    row.case, row.reply, row.replied_at = case, text, clock.now()
    row.replied_by, row.replied_label = actor.key, actor.label
    row.save()
    beside(case, "reply", actor, kept={"order": row.kind, "note": text})
    _tell(row, "order.replied.v1", actor)
    return row


def sweep_orders(limit: int = 500) -> int:
    """Every order whose answer is late has told so, once; how many there were."""
    late = Order.objects.filter(replied_at=None, told_overdue_at=None, due_at__lt=clock.now()).order_by("due_at")
    return sum(_late(pk) for pk in list(late.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _late(pk: int) -> int:
    rows = Order.objects.select_for_update(skip_locked=True, of=("self",)).select_related("case")
    row = rows.filter(pk=pk, replied_at=None, told_overdue_at=None).first()
    if row is None:
        return 0
    row.told_overdue_at = clock.now()
    row.save(update_fields=["told_overdue_at"])
    _tell(row, ORDER_OVERDUE, PRESSER)
    return 1


@transaction.atomic
def coordinate(number: str, *, actor: Actor, version: int, organisation: str, reason: str) -> CaseView:
    """It is settled whose case it is: it goes there and nowhere else, and is not returned again."""
    case, reason = lock(number, actor, version), reason.strip()
    duties = actor.duties(case.org, case.area)
    no = rules.coordinate_refusal(facts_of(case), duties, bool(organisation), reason)
    if no:
        raise error_of(no)
    target = target_of(organisation)
    if not rules.may_receive(target.kind, target.area, case.area, centre=target.kind in rules.DISTRICT_CENTRES):
        raise error_of(rules.Refusal("case.target_serves_elsewhere", ground=rules.Ground.INPUT))
    case.bound_to, case.coordination = organisation, ""
    beside(case, "coordinate", actor, kept={"department": organisation, "reason": reason})
    return tell(case, "coordinate", actor, kind="case.coordinated.v1")
