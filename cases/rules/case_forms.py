"""The eight forms that go between the city and a district centre: what stands on each, and from which step on."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple, Protocol, TypeVar

from cases.contracts import Phase

Names = Mapping[str, str]
Rows = tuple[tuple[str, ...], ...]
"""What stands in each row: two short answers beside each other, or a long one."""


def _n(zh: str, en: str) -> Names:
    return {"zh": zh, "en": en}


class CaseForm(NamedTuple):
    """A form: its place among the eight, when a case has it, its rows, the pictures on it, and who signs.

    `after` are the steps of which a case must have taken one; every case has a form without any.
    """

    place: int
    code: str
    names: Names
    rows: Rows
    after: frozenset[str] = frozenset()
    phase: str = ""
    signs: tuple[Names, ...] = ()


_HEAD: Rows = (("number", "class"), ("address",), ("cell", "coordinates"))
_PROBLEM: Rows = (*_HEAD, ("description",))
_WORK: Rows = (("number", "class"), ("address",), ("organisation", "handler"))

CASE_FORMS: tuple[CaseForm, ...] = (
    CaseForm(
        1, "registration", _n("问题登记单", "Problem registration form"),
        (("number", "kind"), ("source", "reported_at"), ("reporter", "phone"), ("class", "component"), ("address",),
         ("cell", "coordinates"), ("description",)),
        phase=Phase.REPORT, signs=(_n("登记人", "Registered by"), _n("审核人", "Checked by")),
    ),
    CaseForm(
        2, "verification", _n("问题核实单", "Problem verification form"),
        (*_PROBLEM, ("verify_sent_by", "verify_sent_at"), ("verifier",), ("verify_asked",)),
        frozenset({"send_verify"}), Phase.REPORT, (_n("下达人", "Asked by"), _n("核实人", "Verified by")),
    ),
    CaseForm(
        3, "feedback", _n("问题反馈单", "Problem feedback form"),
        (*_PROBLEM, ("verifier", "verified_at"), ("verdict",)),
        frozenset({"verify"}), Phase.VERIFY, (_n("核实人", "Verified by"), _n("受理人", "Accepted by")),
    ),
    CaseForm(
        4, "filing", _n("问题立案单", "Case filing form"),
        (*_PROBLEM, ("source", "reported_at"), ("condition",), ("closing",), ("limit", "priority"),
         ("registered_by", "registered_at"), ("register_note",)),
        frozenset({"register"}), Phase.REPORT, (_n("立案人", "Filed by"), _n("值班长", "Shift leader")),
    ),
    CaseForm(
        5, "dispatch", _n("任务分派单", "Task dispatch form"),
        (*_PROBLEM, ("condition",), ("closing",), ("district_centre", "organisation"), ("limit", "due_at"),
         ("dispatched_by", "dispatched_at"), ("dispatch_note",)),
        frozenset({"dispatch", "dispatch_district"}), Phase.REPORT,
        (_n("派遣员", "Dispatched by"), _n("承办单位\n（盖章）", "Responsible organisation\n(seal)")),
    ),
    CaseForm(
        6, "result", _n("任务反馈单", "Task feedback form"),
        (*_WORK, ("dispatched_at", "due_at"), ("handled_at", "in_time"), ("result",)),
        frozenset({"submit"}), Phase.HANDLE,
        (_n("处置人", "Handled by"), _n("承办单位\n（盖章）", "Responsible organisation\n(seal)")),
    ),
    CaseForm(
        7, "check", _n("结果核查单", "Result check form"),
        (*_WORK, ("handled_at", "in_time"), ("result",), ("closing",), ("check_sent_by", "check_sent_at"),
         ("checker", "check_asked")),
        frozenset({"send_check"}), Phase.HANDLE, (_n("下达人", "Asked by"), _n("核查人", "Checked by")),
    ),
    CaseForm(
        8, "outcome", _n("结果反馈单", "Result feedback form"),
        (*_WORK, ("checker", "checked_at"), ("outcome",), ("check_told",), ("closed_by", "closed_at"),
         ("satisfaction", "reworks")),
        frozenset({"check_pass", "check_fail"}), Phase.CHECK,
        (_n("核查人", "Checked by"), _n("值班长", "Shift leader")),
    ),
)  # fmt: skip

LABELS: Mapping[str, Names] = {
    "number": _n("案件编号", "Case number"), "class": _n("问题类别", "Class"), "kind": _n("问题类型", "Kind"),
    "address": _n("问题位置", "Place"), "cell": _n("单元网格", "Cell"), "coordinates": _n("坐标", "Coordinates"),
    "description": _n("问题描述", "Description"), "component": _n("部件编码", "Component"),
    "source": _n("问题来源", "Source"), "reported_at": _n("上报时间", "Reported"), "reporter": _n("反映人", "Told by"),
    "phone": _n("联系电话", "Telephone"), "verify_sent_by": _n("下达人", "Asked by"),
    "verify_sent_at": _n("下达时间", "Asked"), "verifier": _n("核实人", "Verified by"),
    "verify_asked": _n("核实要求", "What to verify"),
    "verified_at": _n("核实时间", "Verified"), "verdict": _n("核实结果", "What was found"),
    "condition": _n("立案条件", "Filing condition"), "closing": _n("结案条件", "Closing condition"),
    "limit": _n("处置时限", "Handling limit"), "priority": _n("紧急程度", "Priority"),
    "registered_by": _n("立案人", "Filed by"), "registered_at": _n("立案时间", "Filed"),
    "register_note": _n("立案意见", "Remark"), "district_centre": _n("区级平台", "District centre"),
    "organisation": _n("承办单位", "Responsible organisation"), "due_at": _n("处置截止", "Due"),
    "dispatched_by": _n("派遣人", "Dispatched by"), "dispatched_at": _n("派遣时间", "Dispatched"),
    "dispatch_note": _n("派遣意见", "Remark"), "handler": _n("处置人", "Handled by"),
    "handled_at": _n("处置完成时间", "Handled"), "in_time": _n("是否按时", "In time"),
    "result": _n("处置结果", "Result"),
    "check_sent_by": _n("下达人", "Asked by"), "check_sent_at": _n("下达时间", "Asked"),
    "checker": _n("核查人", "Checked by"), "check_asked": _n("核查要求", "What to check"),
    "checked_at": _n("核查时间", "Checked"), "outcome": _n("核查结论", "Outcome"),
    "check_told": _n("核查意见", "Remark"),
    "closed_by": _n("结案人", "Closed by"), "closed_at": _n("结案时间", "Closed"),
    "satisfaction": _n("回访满意度", "Satisfaction"), "reworks": _n("返工次数", "Reworks"),
}  # fmt: skip


COMING_IN = frozenset({"report", "send_verify", "verify", "accept", "register"})
"""Steps that a case keeps when it is opened again: it is registered, and nothing else has been done about it."""


class Taken(Protocol):
    """A step that was taken, and its place in the history."""

    verb: str
    version: int


OneTaken = TypeVar("OneTaken", bound=Taken)


def counting(moves: Iterable[OneTaken]) -> list[OneTaken]:
    """The steps that count for the forms of a case: of what was done before it was last opened again, none."""
    every = list(moves)
    opened = max((move.version for move in every if move.verb == "reopen"), default=0)
    return [move for move in every if move.version > opened or move.verb in COMING_IN]


def case_form(code: str) -> CaseForm | None:
    """The form of this code."""
    return next((form for form in CASE_FORMS if form.code == code), None)


def forms_after(verbs: Collection[str]) -> list[CaseForm]:
    """The forms that a case has which has taken these steps."""
    return [form for form in CASE_FORMS if not form.after or form.after & frozenset(verbs)]


def form_number(form: CaseForm, number: str) -> str:
    """The number of a form of a case: that of the case, and its place among the eight."""
    return f"{number}-{form.place:02d}"
