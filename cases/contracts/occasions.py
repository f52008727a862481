"""What people may be told of cases; whom each concerns is found by `cases.selectors.tidings`."""

from collections.abc import Mapping

from cases.contracts.clocks import DUE_SOON, ESCALATED, OVERDUE
from cases.contracts.orders import ORDER_OVERDUE
from cases.contracts.requests import LAPSED
from exchange.contracts.messages import Occasion, place, register_occasion

CASE_PLACES = (
    place("number", "案件编号", "case number", "20261123449901000012"),
    place("class", "类别", "class", "暴露垃圾", "Exposed refuse"),
    place("place", "地点", "place", "金砂路 12 号", "12 Jinsha Road"),
    place("department", "承办单位", "organisation that has it", "环卫局", "Sanitation bureau"),
    place("due", "到期时间", "due time", "11-23 18:00"),
    place("by", "经办人", "who did it", "王静", "Wang Jing"),
)
LADDER_PLACES = (
    place("late", "已超时", "over by", "2 小时", "2 h"),
    place("belated", "迟告说明", "when it should have been told", "（应于 11-23 20:00 告知）",
          " (should have been told 11-23 20:00)"),
)  # fmt: skip
ORDER_PLACES = (
    *CASE_PLACES,
    place("matter", "督办缘由", "why somebody presses", "领导交办", "a leader asks"),
    place("answer_due", "答复期限", "when the answer is due", "11-23 16:00"),
)
REQUEST_PLACES = (
    *CASE_PLACES,
    place("matter", "申请事项", "what is asked for", "延期", "extension"),
    place("outcome", "申请状态", "how it stands", "已批准", "approved"),
)
CASE_ESCALATED = "case.escalated"
TO_COORDINATE, UNASSIGNED = "case.to_coordinate", "case.unassigned"
OCCASIONS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "case.dispatched": ("案件派到本单位", "A case came to us", ("case.dispatched.v1", "case.sent_to_district.v1")),
    "case.assigned": ("案件指派给我", "A case is assigned to me", ("case.assigned.v1",)),
    UNASSIGNED: ("指派给我的案件被收回", "A case is no longer assigned to me", ("case.unassigned.v1",)),
    "case.to_look": ("请我核实或核查", "I am asked to look", ("case.sent_to_verify.v1", "case.sent_to_check.v1")),
    "case.rework": (
        "案件退回返工", "A case must be worked again",
        ("case.redone.v1", "case.reworked.v1", "case.check_failed.v1", "case.feedback_refused.v1"),
    ),
    "case.returned": ("部门回退案件", "A case was sent back", ("case.sent_back.v1",)),
    "case.due_soon": ("案件即将到期", "A case is due soon", (DUE_SOON,)),
    "case.overdue": ("案件已超时", "A case is overdue", (OVERDUE,)),
    CASE_ESCALATED: ("案件超时升级", "An overdue case is escalated", (ESCALATED,)),
    TO_COORDINATE: ("案件需要协调", "It must be settled whose case it is", ("case.registered.v1", "case.shirked.v1")),
    "case.resumed": ("挂账结束，案件恢复办理", "A case on hold goes on", ("case.resumed.v1",)),
    "case.merged": ("我上报的案件被并案", "What I reported was merged", ("case.merged.v1", "case.unmerged.v1")),
    "case.progress": (
        "并案后的案件有进展", "The case that mine was merged into goes on",
        ("case.registered.v1", "case.dispatched.v1", "case.confirmed.v1", "case.reopened.v1"),
    ),
    "case.ended": (
        "我上报的案件有了结果", "What I reported has an end",
        ("case.closed.v1", "case.force_closed.v1", "case.rejected.v1", "case.refused.v1", "case.voided.v1"),
    ),
}  # fmt: skip
ORDER_ISSUED, ORDER_REPLIED, ORDER_LATE = "order.issued", "order.replied", "order.overdue"
REQUEST_TO_SIGN, REQUEST_DECIDED = "request.to_sign", "request.decided"
PAPER_OCCASIONS: Mapping[str, Occasion] = {
    code: Occasion(code, {"zh": zh, "en": en}, kinds, places)
    for code, zh, en, kinds, places in (
        (ORDER_ISSUED, "案件被督办", "A case is pressed for", ("order.issued.v1",), ORDER_PLACES),
        (ORDER_REPLIED, "我发出的督办已答复", "My supervision order is answered", ("order.replied.v1",), ORDER_PLACES),
        (ORDER_LATE, "督办逾期未答复", "A supervision order is not answered in time", (ORDER_OVERDUE,), ORDER_PLACES),
        (REQUEST_TO_SIGN, "申请待我审批", "A request waits for my signature",
         ("request.asked.v1", "request.signed.v1"), REQUEST_PLACES),
        (REQUEST_DECIDED, "我的申请有了结果", "What I asked for is decided",
         ("request.approved.v1", "request.refused.v1", LAPSED), REQUEST_PLACES),
    )
}  # fmt: skip
"""What is told of orders and requests, which are beside the steps of a case."""
for _occasion in PAPER_OCCASIONS.values():
    register_occasion(_occasion)
for _code, (_zh, _en, _kinds) in OCCASIONS.items():
    _places = CASE_PLACES + LADDER_PLACES if _code == CASE_ESCALATED else CASE_PLACES
    register_occasion(Occasion(_code, {"zh": _zh, "en": _en}, _kinds, _places))
