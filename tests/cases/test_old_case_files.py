"""Old cases as a file: each comes in once, with its whole way, or is refused by its row and column."""

from datetime import UTC, datetime

import pytest

from cases import selectors
from cases.models import Case, Clock, Move
from core.errors import Forbidden
from evaluation import actions as evaluation
from evaluation.models import Fact, Mark
from exchange.contracts import State, intakes
from exchange.models import ImportJob
from journal import actions as journal
from journal.models import Entry
from tests.cases.factories import HERE, OUTSIDE, point
from tests.exchange.factories import checked, codes, imported, suspicions, workbook

pytestmark = pytest.mark.django_db
DEPARTMENT = f"d{HERE}-appearance"
LON, LAT = point(HERE)
WAY = {
    "案件编号": "A1", "问题来源": "采集员", "小类代码": "机动车乱停放", "立案条件": "a", "问题描述": "占道停放",
    "地址": "金砂路 12 号", "处置单位": DEPARTMENT, "上报时间": "2026-11-02 09:00", "立案时间": "2026-11-02 09:10",
    "派遣时间": "2026-11-02 09:20", "处置时间": "2026-11-02 10:30", "核查时间": "2026-11-02 11:00",
    "结案时间": "2026/11/2 11:10", "办理结果": "结案", "处置说明": "已劝离", "经度": LON, "纬度": LAT,
}  # fmt: skip
NOTHING = dict.fromkeys(("立案条件", "处置单位", "立案时间", "派遣时间", "处置时间", "核查时间"), "")


def line(ref="A1", **changes):
    return {**WAY, "案件编号": ref, **changes}


def file(*lines):
    return "\n".join([",".join(WAY), *(",".join(map(str, one.values())) for one in lines)]) + "\n"


def taken(*lines, **options):
    """The import of these lines, done."""
    job = imported(file(*lines), kind="old_cases", options={"system": "former", **options})
    assert job.state == State.DONE, job.failure
    return job


def old(ref):
    return Case.objects.select_related("category").get(source_ref=f"former:{ref}")


def way(case):
    return [(move.verb, move.after, move.at) for move in selectors.history(case)]


def at(hour, minute):
    """That time of the second of November in the city."""
    return datetime(2026, 11, 2, hour - 8, minute, tzinfo=UTC)


def test_a_row_becomes_a_closed_case_with_every_step_and_counts_as_if_it_had_gone_its_way_here(town, time):
    marks = Mark.objects.count()
    job = taken(
        line(), line("A2", 处置时间="2026-11-02 16:00", 核查时间="2026-11-03 09:00", 结案时间="2026-11-03 10:00")
    )
    case = old("A1")
    assert (case.stage, case.source, case.category_code, case.org, case.district) == (
        "closed", "collector", "E0407", selectors.history(case)[3].org, HERE,
    )  # fmt: skip
    assert case.org.endswith(DEPARTMENT)
    assert way(case) == [
        ("report", "reported", at(9, 0)), ("accept", "accepted", at(9, 10)), ("register", "registered", at(9, 10)),
        ("dispatch", "dispatched", at(9, 20)), ("assign", "handling", at(9, 20)), ("submit", "handled", at(10, 30)),
        ("confirm", "fed_back", at(10, 30)), ("send_check", "checking", at(10, 30)),
        ("check_pass", "checked", at(11, 0)), ("close", "closed", at(11, 10)),
    ]  # fmt: skip
    assert {move.actor_label for move in selectors.history(case)} == {"former"}, "nobody of ours has done it"
    assert Clock.objects.filter(case=case, stopped_at=None).count() == 0
    assert (case.handled_late, old("A2").handled_late) == (False, True)
    assert (job.report["told"], job.counts["add"]) == ({"cases": 2}, 2)
    told = Entry.objects.get(kind="case.history_taken.v1")
    assert (told.data["cases"], told.data["system"]) == (2, "former")
    while journal.number() or journal.deliver():
        pass
    evaluation.sweep_all()
    assert set(Fact.objects.filter(handle_late=True).values_list("case", flat=True)) == {old("A2").number}
    assert Mark.objects.count() == marks, "nobody is judged by it"


def test_a_case_that_was_not_closed_like_that_has_the_way_of_its_outcome(town, time):
    job = taken(
        line("B1", **NOTHING, 办理结果="不予受理", 处置说明="不归城管"),
        line("B2", **NOTHING, 办理结果="settled", 问题来源="监督员"),
        line("B3", **NOTHING | {"立案时间": "2026-11-02 09:10"}, 办理结果="作废", 处置说明="重复上报"),
        line("B4", 核查时间="", 处置单位=DEPARTMENT.upper()),
    )
    assert job.counts["add"] == 4, job.report["faults"]
    assert [verb for verb, _after, _at in way(old("B1"))] == ["report", "reject"]
    assert Move.objects.get(case=old("B1"), verb="reject").given == {"reason": "不归城管"}
    assert [verb for verb, _after, _at in way(old("B2"))] == ["report", "settle"]
    assert [verb for verb, _after, _at in way(old("B3"))] == ["report", "accept", "register", "void"]
    assert {ref: old(ref).stage for ref in ("B1", "B2", "B3", "B4")} == {
        "B1": "rejected", "B2": "closed", "B3": "voided", "B4": "closed",
    }  # fmt: skip
    assert suspicions(job) == {"old.many_unchecked": False}


def test_an_old_case_comes_in_once_and_one_that_is_told_otherwise_stays_and_is_listed(town, time):
    taken(line())
    number = old("A1").number
    again = taken(line(), line("A2"))
    assert (again.counts["add"], again.counts["same"], codes(again)) == (1, 1, [])
    other = taken(line(结案时间="2026-11-02 12:00"), line("A2", 问题来源="市民"), line("A3"))
    assert (other.counts["add"], other.counts["same"], codes(other)) == (1, 2, [(1, "old.otherwise_here")])
    assert (old("A1").number, old("A1").closed_at) == (number, at(11, 10))
    assert taken(line(), system="another").counts["add"] == 1, "another system counts for itself"


def test_what_no_case_can_have_been_is_refused_by_row_and_column_and_the_rest_is_taken(town, time):
    wrong = {
        "old.unknown_source": line("W1", 问题来源="鸽子"),
        "case.unknown_category": line("W2", 小类代码="飞碟"),
        "case.unknown_condition": line("W3", 立案条件="z"),
        "old.unknown_organisation": line("W4", 处置单位="无此单位"),
        "old.needs_organisation": line("W5", 处置单位=""),
        "old.needs_moment": line("W6", 处置时间=""),
        "old.not_of_outcome": line("W7", **NOTHING | {"核查时间": "2026-11-02 11:00"}, 办理结果="作废"),
        "old.bad_order": line("W8", 派遣时间="2026-11-02 08:00"),
        "ticket.bad_moment": line("W9", 结案时间="2027-01-01"),
        "old.unknown_outcome": line("W10", 办理结果="不知道"),
        "case.outside_grid": line("W11", 经度=OUTSIDE[0], 纬度=OUTSIDE[1]),
        "case.text_too_long": line("W12", 地址="长" * 301),
        "exchange.empty_cell": line(""),
    }
    job = taken(*wrong.values(), line("A1"), line("A1", 问题来源="市民"))
    assert codes(job) == [*enumerate(wrong, start=1), (len(wrong) + 2, "old.twice")]
    assert {fault["column"] for fault in job.report["faults"] if fault["code"] == "old.bad_order"} == {"派遣时间"}
    assert (job.counts["add"], job.counts["refuse"]) == (1, len(wrong) + 1)
    assert Case.objects.count() == 1


def test_every_fault_of_a_row_is_told_at_once(town, time):
    job = checked(
        file(line(立案时间="gestern", 派遣时间="", 处置单位="", 立案条件="z")), kind="old_cases",
        options={"system": "former"},
    )  # fmt: skip
    assert sorted(codes(job)) == [
        (1, "case.unknown_condition"), (1, "old.needs_moment"), (1, "ticket.bad_moment"),
    ]  # fmt: skip


def test_a_workbook_is_looked_at_without_storing_and_wrong_settings_are_told(town, time):
    rows = workbook(list(WAY), list(line().values()))
    job = checked(rows, "old.xlsx", kind="old_cases", options={"system": "former"})
    assert (job.state, job.report["counts"]["add"]) == (State.CHECKED, 1)
    assert not Case.objects.exists()
    for option, code in (
        ({"zone": "Mars/Olympus"}, "ticket.bad_zone"),
        ({"classes": "x=E9999"}, "case.unknown_category"),
    ):
        job = checked(file(line()), kind="old_cases", options={"system": "former", **option})
        assert (job.state, job.failure["code"]) == (State.FAILED, code)


def test_old_cases_are_taken_by_administrators_only_and_no_number_of_anybody_stays_in_the_file(town, time):
    taken(line("A1", 处置说明="已劝离，回电 138-7650-4321"))
    assert "7650" not in str(ImportJob.objects.values().get())
    assert "7650" not in str(list(Move.objects.values()))
    with pytest.raises(Forbidden):
        intakes()["old_cases"].open({"system": "former"}, actor=town.actor("leader"), keep={})
