"""What people may be told of cases; whom each concerns is found by `cases.selectors.tidings`."""

from collections.abc import Mapping

from cases.contracts.clocks import DUE_SOON, ESCALATED, OVERDUE
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
CASE_ESCALATED = "case.escalated"
OCCASIONS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "case.dispatched": ("案件派到本单位", "A case came to us", ("case.dispatched.v1", "case.sent_to_district.v1")),
    "case.assigned": ("案件指派给我", "A case is assigned to me", ("case.assigned.v1",)),
    "case.to_look": ("请我核实或核查", "I am asked to look", ("case.sent_to_verify.v1", "case.sent_to_check.v1")),
    "case.rework": (
        "案件退回返工", "A case must be worked again",
        ("case.redone.v1", "case.reworked.v1", "case.check_failed.v1", "case.feedback_refused.v1"),
    ),
    "case.returned": ("部门回退案件", "A case was sent back", ("case.sent_back.v1",)),
    "case.due_soon": ("案件即将到期", "A case is due soon", (DUE_SOON,)),
    "case.overdue": ("案件已超时", "A case is overdue", (OVERDUE,)),
    CASE_ESCALATED: ("案件超时升级", "An overdue case is escalated", (ESCALATED,)),
    "case.merged": ("我上报的案件被并案", "What I reported was merged", ("case.merged.v1", "case.unmerged.v1")),
    "case.progress": (
        "并案后的案件有进展", "The case that mine was merged into goes on",
        ("case.registered.v1", "case.dispatched.v1", "case.confirmed.v1", "case.reopened.v1"),
    ),
    "case.ended": (
        "我上报的案件有了结果", "What I reported has an end",
        ("case.closed.v1", "case.rejected.v1", "case.refused.v1", "case.voided.v1"),
    ),
}  # fmt: skip
for _code, (_zh, _en, _kinds) in OCCASIONS.items():
    _places = CASE_PLACES + LADDER_PLACES if _code == CASE_ESCALATED else CASE_PLACES
    register_occasion(Occasion(_code, {"zh": _zh, "en": _en}, _kinds, _places))
