"""What of cases waits for a person: steps to take, requests to sign, supervision orders to answer."""

from django.db.models import F
from django.utils.translation import gettext as _

from cases import rules, selectors
from cases.models import Case, Order, Request, words
from core.languages import pick
from core.scope import Actor, Duty
from core.waiting import COUNTED, Desk, Pile, Waiting, piled, register_desk


def _title(case: Case) -> str:
    return pick(case.category.names) if case.category else case.description[:30] or _("Report without a class")


def _place(case: Case) -> str:
    return " · ".join(part for part in (pick(case.place), case.address) if part)


def _case(case: Case) -> Waiting:
    act = str(words.STAGE_NAMES.get(case.stage, case.stage))
    return Waiting(
        f"{_title(case)} {case.number}", act, f"/cases/{case.number}/", where=_place(case), area=case.area,
        since=case.stage_since, due_at=case.due_at, warn_at=case.warn_at,
    )  # fmt: skip


def _cases(actor: Actor, most: int) -> Pile:
    rows = selectors.filtered({"queue": "mine"}, actor)
    first = selectors.listed(rows, "mine", "", most).rows
    count = len(first) if len(first) < most else rows.order_by()[: max(COUNTED, most) + 1].count()
    return Pile([_case(row) for row in first], count, "/cases/?queue=mine")


def _request(row: Request) -> Waiting:
    case = row.case
    act = _("Sign: %(what)s") % {"what": words.REQUEST_NAMES.get(row.kind, row.kind)}
    return Waiting(
        f"{_title(case)} {case.number}", act, f"/cases/{case.number}/", where=_place(case), area=case.area,
        since=row.asked_at, due_at=case.due_at, warn_at=case.warn_at,
    )  # fmt: skip


def _requests(actor: Actor, most: int) -> Pile:
    rows = selectors.request_queue(actor, "awaiting").order_by(F("case__due_at").asc(nulls_last=True), "asked_at", "id")
    return piled(rows.prefetch_related(None), most, _request, "/requests/?queue=awaiting")


def _order(row: Order) -> Waiting:
    case = row.case
    act = _("Answer: %(what)s") % {"what": words.ORDER_NAMES.get(row.kind, row.kind)}
    return Waiting(
        f"{_title(case)} {case.number}", act, f"/cases/{case.number}/", where=_place(case), area=case.area,
        since=row.issued_at, due_at=row.due_at,
    )  # fmt: skip


def _orders(actor: Actor, most: int) -> Pile:
    return piled(selectors.orders_to_answer(actor), most, _order, "/cases/?queue=pressed")


def _any_duty(actor: Actor) -> bool:
    return actor.holds("case.see") and any(actor.holds(duty) for duty in Duty)


register_desk(Desk("cases", {"zh": "案件", "en": "Cases"}, _any_duty, _cases))
register_desk(Desk("requests", {"zh": "申请审批", "en": "Requests"}, _any_duty, _requests))
register_desk(
    Desk(
        "orders", {"zh": "督办件", "en": "Supervision orders"},
        lambda actor: any(actor.holds(duty) for duty in rules.REPLIERS), _orders,
    )
)  # fmt: skip
