"""What of the traffic in and out waits for a person: tickets of partners, imports to go on with or that failed."""

from core.languages import pick
from core.scope import Actor
from core.waiting import Desk, Pile, Waiting, piled, register_desk
from exchange import selectors
from exchange.contracts import State
from exchange.contracts.hotline import TicketState
from exchange.models import ImportJob, PartnerTicket
from exchange.models.ticket_words import TICKET_STATES

TROUBLED = {"zh": "往来有误", "en": "Something is wrong"}
STATES = {
    State.UPLOADED: {"zh": "待对应字段", "en": "Columns to match"},
    State.CHECKED: {"zh": "待确认", "en": "To be confirmed"},
    State.FAILED: {"zh": "导入失败", "en": "Failed"},
}


def _ticket(row: PartnerTicket) -> Waiting:
    waits = row.state == TicketState.WAITING
    return Waiting(
        f"{pick(row.partner.names)} {row.ticket}", str(TICKET_STATES[row.state]) if waits else pick(TROUBLED),
        f"/hotline/{row.pk}/", since=row.first_at if waits else row.changed_at, due_at=row.deadline,
    )  # fmt: skip


def _tickets(actor: Actor, most: int) -> Pile:
    return piled(selectors.tickets_waiting(actor), most, _ticket, "/hotline/?only=waiting")


def _import(row: ImportJob) -> Waiting:
    act = pick(STATES[State(row.state)])
    return Waiting(row.name, act, f"/imports/{row.uid}/", since=row.ended_at or row.created_at)


def _imports(actor: Actor, most: int) -> Pile:
    return piled(selectors.imports_waiting(actor), most, _import, "/imports/")


register_desk(Desk("hotline", {"zh": "热线工单", "en": "Hotline tickets"}, selectors.sees_tickets, _tickets))
register_desk(Desk("imports", {"zh": "数据导入", "en": "Imports"}, lambda actor: actor.may("admin"), _imports))
