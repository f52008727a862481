"""Whom the news of orders and requests concerns: who must answer or sign now, and who waits for the answer."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from cases.contracts import ENDS, ORDER_KINDS, ORDER_OVERDUE, OrderKind, RequestKind, RequestState
from cases.contracts.occasions import ORDER_ISSUED, ORDER_LATE, ORDER_REPLIED, REQUEST_DECIDED, REQUEST_TO_SIGN
from cases.models import Case, Order, Request
from cases.rules import REPLIERS
from cases.selectors.steps import level_of
from cases.selectors.tidings import case_values, holders, moment_told, sees_case
from core.scope import Actor
from exchange.contracts.messages import Tidings, Words, people_of
from journal.contracts import EntryView

_PRESSED: Mapping[str, Words] = {
    OrderKind.TIMEOUT: {"zh": "案件超时", "en": "the case is late"},
    OrderKind.LEADER: {"zh": "领导交办", "en": "a leader asks"},
    OrderKind.IMPORTANT: {"zh": "重要案件", "en": "it matters"},
}
_ASKED: Mapping[str, Words] = {
    RequestKind.EXTENSION: {"zh": "延期", "en": "extension"},
    RequestKind.HOLD: {"zh": "挂账", "en": "hold"},
    RequestKind.RETURN: {"zh": "回退", "en": "return"},
    RequestKind.VOID: {"zh": "作废", "en": "void"},
    RequestKind.CANCEL: {"zh": "撤销", "en": "cancellation"},
    RequestKind.APPEAL: {"zh": "申诉", "en": "appeal"},
    RequestKind.FORCE: {"zh": "强制结案", "en": "closing by force"},
}
_STANDS: Mapping[str, Words] = {
    RequestState.OPEN: {"zh": "待审批", "en": "waiting for a signature"},
    RequestState.APPROVED: {"zh": "已批准", "en": "approved"},
    RequestState.REFUSED: {"zh": "未批准", "en": "refused"},
    RequestState.LAPSED: {"zh": "已失效", "en": "lapsed"},
}


def paper_tidings(entry: EntryView) -> Sequence[Tidings]:
    """What an entry of an order or a request is to people; nothing where that has meanwhile gone on."""
    return _order(entry) if entry.kind in ORDER_KINDS else _request(entry)


def _order(entry: EntryView) -> Sequence[Tidings]:
    row = Order.objects.select_related("case__category").filter(pk=entry.data["order"]).first()
    answered = entry.kind == "order.replied.v1"
    if row is None or (not answered and (row.replied_at is not None or row.case.stage in ENDS)):
        return []
    more = {"matter": _PRESSED[row.kind], "answer_due": {"zh": moment_told(row.due_at)}}
    issuer, sees = people_of(row.issued_by), partial(sees_case, row.case)
    if answered:
        return _told(ORDER_REPLIED, issuer, row.case, entry, more, sees)
    mine = people_of(row.case.handler).union(*(holders(duty, row.case) for duty in REPLIERS))
    if entry.kind == ORDER_OVERDUE:
        return _told(ORDER_LATE, mine | issuer, row.case, entry, more, sees)
    return _told(ORDER_ISSUED, mine, row.case, entry, more, sees)


def _request(entry: EntryView) -> Sequence[Tidings]:
    row = Request.objects.select_related("case__category").filter(pk=entry.data["request"]).first()
    if row is None or (row.state, row.signed) != (entry.data["state"], entry.data["signed"]):
        return []
    more, asker = {"matter": _ASKED[row.kind], "outcome": _STANDS[row.state]}, people_of(row.asked_by)
    if not row.is_open:
        return _told(REQUEST_DECIDED, asker, row.case, entry, more, partial(sees_case, row.case))
    signers = frozenset(one.by for one in row.signatures.all())
    sees = partial(_may_sign, row.case, row.next_level, signers)
    return _told(REQUEST_TO_SIGN, holders(row.next_duty, row.case) - asker, row.case, entry, more, sees)


def _may_sign(case: Case, level: str, signers: Collection[str], actor: Actor) -> bool:
    """Whoever stands at the level that the chain names, each once."""
    return level in ("", level_of(actor)) and actor.key not in signers and sees_case(case, actor)


def _told(
    code: str,
    people: Collection[int],
    case: Case,
    entry: EntryView,
    more: Mapping[str, Words],
    sees: Callable[[Actor], bool],
) -> Sequence[Tidings]:
    values = {**case_values(case, entry), **more}
    return [Tidings(code, people, values, f"/cases/{case.number}/", sees)] if people else []
