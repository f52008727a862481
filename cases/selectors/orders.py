"""Supervision orders of a case, and what may be done about them."""

from typing import Any

from django.db.models import QuerySet

from cases import rules
from cases.contracts import ENDS, OrderNews
from cases.models import Case, Order
from cases.selectors.finding import visible_to
from cases.selectors.requests import request_rule_rows
from core import clock
from core.errors import NotFound
from core.querying import NOTHING, scope_q
from core.scope import Actor


def orders(case: Case) -> list[Order]:
    """Every order for a case the caller was allowed to see, oldest first."""
    return list(Order.objects.filter(case=case))


def order_of(case: Case, order_id: int) -> Order:
    """One order of a case; NotFound("case.no_order") if it has none of this id."""
    found = Order.objects.filter(case=case, pk=order_id).first()
    if found is None:
        raise NotFound("case.no_order", id=order_id)
    return found


def order_state(row: Order) -> str:
    """`open`, `overdue`, `replied` or `late`: whether it was answered, and in time."""
    if row.replied_at is not None:
        return "late" if row.replied_at > row.due_at else "replied"
    return "overdue" if row.due_at < clock.now() else "open"


def may_order(case: Case, actor: Actor) -> bool:
    """Whether the actor may press for the case now."""
    return bool(actor.duties(case.org, case.area) & rules.ISSUERS) and bool(case.org) and case.stage not in ENDS


def may_reply(case: Case, row: Order, actor: Actor) -> bool:
    """Whether the actor may answer the order now."""
    mine = actor.duties(case.org, case.area) & rules.REPLIERS
    return bool(mine) and row.replied_at is None and row.issued_by != actor.key


def orders_to_answer(actor: Actor) -> QuerySet[Order]:
    """The same rule as `may_reply`, of every order for an open case that the actor may see; the soonest due first."""
    mine = NOTHING
    for duty in sorted(rules.REPLIERS):
        mine |= scope_q(actor.scope(duty), "case__org", "case__area")
    open_ones = Order.objects.filter(mine, replied_at=None, case__in=visible_to(actor).order_by().values("pk"))
    open_ones = open_ones.exclude(issued_by=actor.key).exclude(case__stage__in=sorted(ENDS))
    return open_ones.select_related("case__category").order_by("due_at", "id")


def may_coordinate(case: Case, actor: Actor) -> bool:
    """Whether the actor may settle whose case it is now."""
    mine = actor.duties(case.org, case.area) & rules.COORDINATORS
    return bool(mine) and bool(case.coordination) and case.stage in rules.COORDINATED_AT and case.held_until is None


def shirk_after() -> int:
    """Returned by how many different organisations a case counts as shirked; 0 is never."""
    row = request_rule_rows().get("return")
    return row.shirk_after if row else 0


def take_within() -> dict[str, Any]:
    """Within what limit a case must be taken after its return was refused; nothing where the city does not say."""
    row = request_rule_rows().get("return")
    return dict(row.take_within) if row else {}


def order_news(row: Order) -> OrderNews:
    """The order as the journal tells it: ids and facts, no words."""
    case: Any = row.case
    return OrderNews(
        number=case.number,
        order=row.pk,
        kind=row.kind,
        level=row.level,
        version=case.version,
        organisation=row.org.rpartition(".")[2],
        district=case.district,
        due_at=row.due_at.isoformat(),
        state=order_state(row),
    )
