"""A closed case is marked once, by what happened to it; a reopened one loses its mark until it closes again."""

import pytest

from cases.models import Case
from core.errors import Conflict, Invalid
from core.scope import NOBODY, machine
from evaluation import actions, selectors
from evaluation.contracts import MARKED, WITHDRAWN
from evaluation.models import Mark
from journal.models import Entry
from tests.cases.factories import HERE, STORY, THERE, brought_to, reported, standing, take
from tests.exchange.post import carried

JUDGE = machine("judge", "score.see")


def told(kind: str) -> list[Entry]:
    return list(Entry.objects.filter(kind=kind).order_by("id"))


def test_a_case_closed_in_time_earns_full_marks_and_the_news_says_so(time, town, scheme):
    case = brought_to(town, "closed")
    mark = actions.mark_case(case.number)
    assert mark is not None
    assert (float(mark.score), mark.level, mark.counts) == (100.0, "A", True)
    assert mark.organisation.endswith(f"d{HERE}-appearance")
    (entry,) = told(MARKED)
    assert entry.subject == case.number
    assert (entry.data["score"], entry.data["handled_on_time"], entry.data["district"]) == (100.0, True, HERE)


def test_the_parts_of_a_case_are_marked_as_they_close_each_for_its_department(time, town, scheme):
    case = brought_to(town, "registered")
    take(town, case, "split", "city_dispatcher", parts=[{"department": f"d{HERE}-appearance"}] * 2)
    parts = Case.objects.filter(parent=case.number)
    for part in parts:
        brought_to(town, "closed", standing(part))
    carried()
    assert {mark.case for mark in Mark.objects.all()} == {part.number for part in parts} != set()
    assert all(mark.organisation.endswith(f"d{HERE}-appearance") for mark in Mark.objects.all())


def test_marking_twice_gives_one_mark_and_one_entry(time, town, scheme):
    case = brought_to(town, "closed")
    actions.mark_case(case.number)
    actions.mark_case(case.number)
    assert Mark.objects.count() == 1
    assert len(told(MARKED)) == 1


def test_an_open_case_is_not_marked(time, town, scheme):
    case = brought_to(town, "checked")
    assert actions.mark_case(case.number) is None
    assert not Mark.objects.exists()
    assert told(MARKED) == []


def test_a_case_handled_late_loses_the_points_for_being_in_time_and_nothing_else(time, town, scheme):
    case = brought_to(town, "handled")
    time.pass_by(hours=3)
    case = brought_to_end(town, case, "confirm")
    mark = actions.mark_case(case.number)
    assert mark is not None
    assert float(mark.score) == 80.0
    assert mark.facts["handled_on_time"] == 0
    assert mark.facts["reworked"] == 0


def test_a_failed_check_costs_the_points_for_rework(time, town, scheme):
    case = brought_to(town, "checking")
    case = take(town, case, "check_fail", "collector", reason="仍有车辆", photos="@")
    case = take(town, case, "rework", "district_dispatcher")
    case = brought_to_end(town, case, "assign")
    mark = actions.mark_case(case.number)
    assert mark is not None
    assert (float(mark.score), mark.reworks) == (80.0, 1)


def test_a_reopened_case_loses_its_mark_and_tells_so(time, town, scheme):
    case = brought_to(town, "closed")
    actions.mark_case(case.number)
    take(town, case, "reopen", "leader", reason="复发")
    actions.withdraw(case.number)
    actions.withdraw(case.number)
    assert not Mark.objects.get().counts
    assert len(told(WITHDRAWN)) == 1
    assert selectors.mark_of(case.number, JUDGE) is None


def test_without_a_scheme_the_mark_says_what_is_missing(time, town):
    case = brought_to(town, "closed")
    with pytest.raises(Conflict) as refused:
        actions.mark_case(case.number)
    assert refused.value.code == "evaluation.no_scheme"


def test_the_scoreboard_shows_each_district_and_a_dash_where_nothing_was_closed(time, town, scheme):
    actions.mark_case(brought_to(town, "closed").number)
    time.pass_by(minutes=1)
    board = selectors.scoreboard(JUDGE, level="district", days=1)
    scores = {row.code: (row.cases, row.score.value) for row in board.rows}
    assert scores == {HERE: (1, 100.0), THERE: (0, None)}
    assert board.rows[0].code == HERE


def test_marks_outside_the_period_do_not_count(time, town, scheme):
    actions.mark_case(brought_to(town, "closed").number)
    time.pass_by(days=2)
    assert [row.cases for row in selectors.scoreboard(JUDGE, days=1).rows] == [0, 0]


def test_nobody_sees_no_marks(time, town, scheme):
    actions.mark_case(brought_to(town, "closed").number)
    time.pass_by(minutes=1)
    assert not selectors.marks(NOBODY).exists()
    assert selectors.scoreboard(NOBODY, days=1).rows == ()


@pytest.mark.parametrize(("level", "days"), [("planet", 3), ("district", 0), ("district", 367)])
def test_a_question_that_makes_no_sense_is_refused(town, scheme, level, days):
    with pytest.raises(Invalid):
        selectors.scoreboard(JUDGE, level=level, days=days)


def test_a_pack_that_drops_a_scheme_retires_it_and_old_marks_stay(time, town, scheme):
    actions.mark_case(brought_to(town, "closed").number)
    actions.retire_schemes(pack="test", keep=[])
    assert Mark.objects.get().scheme.in_force is False
    with pytest.raises(Conflict):
        selectors.scheme_in_force()


def brought_to_end(town, case, first: str):
    """The rest of the straight story from this verb on."""
    verbs = [verb for verb, _, _ in STORY]
    for verb, who, given in STORY[verbs.index(first) :]:
        case = take(town, case, verb, who, **given)
    return case


def test_a_case_settled_on_the_spot_belongs_to_nobody_and_is_not_marked(time, town, scheme):
    case = reported(town, category="E0110")
    settled = take(town, case, "settle", "collector", before="@", after="@")
    assert settled.stage == "closed"
    assert actions.mark_case(case.number) is None
    assert not Mark.objects.exists()
