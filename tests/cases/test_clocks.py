"""Limits are minutes on a calendar: when clocks start, stop and tell, and why a deadline is what it is."""

import pytest

from cases import actions, selectors
from cases.models import Case, Clock
from cases.pages import timing
from core.worktime import ROUND_THE_CLOCK, due
from journal.models import Entry
from tests.cases.conftest import Time
from tests.cases.factories import HERE, STEPS_MODEL, Town, at, brought_to, reported, take


def told(kind: str) -> int:
    return Entry.objects.filter(kind=kind).count()


def handling() -> Clock:
    return Clock.objects.filter(kind="handling").last()


def dispatched(town: Town, condition: str = "a"):
    case = brought_to(town, "accepted")
    case = take(town, case, "register", "leader", condition=condition)
    return take(town, case, "dispatch", "city_dispatcher", department=f"d{HERE}-appearance")


def test_two_urgent_hours_run_through_the_night(time: Time, town: Town) -> None:
    time.be("2026-11-16T23:30:00+08:00")
    case = dispatched(town)
    assert case.due_at == at("2026-11-17T01:30:00+08:00")


def test_four_working_hours_end_after_lunch_and_skip_the_night(time: Time, town: Town) -> None:
    time.be("2026-11-16T16:00:00+08:00")
    assert dispatched(town, "b").due_at == at("2026-11-17T10:00:00+08:00")


def test_working_hours_do_not_run_at_the_weekend(time: Time, town: Town) -> None:
    time.be("2026-11-20T17:00:00+08:00")
    assert dispatched(town, "b").due_at == at("2026-11-23T11:00:00+08:00")


def test_the_handling_clock_starts_at_the_first_command_and_not_again_at_the_second(time: Time, town: Town) -> None:
    brought_to(town, "at_district")
    started = handling().started_at
    time.pass_by(minutes=20)
    case = brought_to(town, "dispatched", selectors.view_of(Case.objects.get()))
    assert Clock.objects.filter(kind="handling").count() == 1
    assert handling().started_at == started
    assert case.due_at == due(ROUND_THE_CLOCK, started, 120)


def test_only_confirm_stops_the_handling_clock(time: Time, town: Town) -> None:
    case = brought_to(town, "handled")
    assert handling().stopped_at is None
    time.pass_by(minutes=10)
    take(town, case, "confirm", "desk")
    assert handling().stopped_at == time()


def test_the_deadline_shown_is_the_stages_before_dispatch_then_the_handlings(time: Time, town: Town) -> None:
    case = reported(town)
    assert case.due_at == due(ROUND_THE_CLOCK, time(), 30)
    assert brought_to(town, "registered", case).due_at is None
    case = brought_to(town, "at_district", selectors.view_of(Case.objects.get()))
    assert case.due_at == due(ROUND_THE_CLOCK, time(), 120)


def test_the_total_clock_runs_from_register_to_close(time: Time, town: Town) -> None:
    case = brought_to(town, "registered")
    time.pass_by(hours=3)
    brought_to(town, "closed", case)
    total = Clock.objects.get(kind="total")
    assert (total.stopped_at - total.started_at).total_seconds() == 3 * 3600


def test_a_closed_case_has_no_running_clock_and_no_deadline(time: Time, town: Town) -> None:
    case = brought_to(town, "closed")
    assert case.due_at is None
    assert Clock.objects.filter(stopped_at=None).count() == 0


def test_a_rework_has_the_share_of_the_limit_that_the_city_gives(time: Time, town: Town) -> None:
    case = brought_to(town, "checking")
    time.pass_by(minutes=5)
    case = take(town, case, "check_fail", "collector", reason="noch da", photos="@")
    assert (handling().round, handling().minutes) == (2, 60)
    assert case.due_at == due(ROUND_THE_CLOCK, time(), 60)


def test_work_done_too_late_stays_late_to_the_end(time: Time, town: Town) -> None:
    case = brought_to(town, "handled")
    time.pass_by(hours=2, minutes=1)
    case = take(town, case, "confirm", "desk")
    assert case.late
    case = brought_to(town, "closed", case)
    assert case.late
    assert Entry.objects.get(kind="case.closed.v1").data["late"] is True
    outcome = selectors.outcome(case.number)
    assert (outcome.handled_on_time, outcome.handle_minutes) == (False, 121)


def test_what_the_city_waited_counts_the_weekend_that_the_limit_does_not(time: Time, town: Town) -> None:
    time.be("2026-03-06T17:00:00+08:00")
    case = take(town, brought_to(town, "accepted"), "register", "leader", condition="b")
    case = brought_to(town, "handled", case)
    time.be("2026-03-09T08:30:00+08:00")
    case = brought_to(town, "closed", take(town, case, "confirm", "desk"))
    outcome = selectors.outcome(case.number)
    assert outcome.handled_on_time
    assert outcome.handle_minutes == 63 * 60 + 30


def test_work_done_in_time_is_not_late_whatever_the_check_takes(time: Time, town: Town) -> None:
    case = brought_to(town, "checking")
    time.pass_by(hours=30)
    case = brought_to(town, "closed", case)
    assert not case.late
    assert selectors.outcome(case.number).handled_on_time


def test_exactly_at_the_deadline_is_in_time(time: Time, town: Town) -> None:
    case = brought_to(town, "handled")
    time.pass_by(hours=2)
    assert not take(town, case, "confirm", "desk").late


def test_the_sweep_warns_at_the_share_then_tells_of_the_end_once_each(time: Time, town: Town) -> None:
    reported(town)
    expected = [(22, 0, 0), (1, 1, 0), (1, 1, 0), (6, 1, 0), (1, 1, 1), (30, 1, 1)]
    for minutes, warned, over in expected:
        time.pass_by(minutes=minutes)
        actions.sweep(), actions.sweep()
        assert (told("case.due_soon.v1"), told("case.overdue.v1")) == (warned, over)


def test_a_case_found_late_is_not_warned_of_afterwards(time: Time, town: Town) -> None:
    reported(town)
    time.pass_by(hours=1)
    assert actions.sweep() == 1
    assert (told("case.due_soon.v1"), told("case.overdue.v1")) == (0, 1)
    data = Entry.objects.get(kind="case.overdue.v1").data
    assert (data["late"], data["clock"], data["verb"]) == (True, "stage", "overdue")


def test_every_stage_is_told_of_apart(time: Time, town: Town) -> None:
    case = reported(town)
    time.pass_by(hours=1)
    actions.sweep()
    brought_to(town, "at_district", case)
    time.pass_by(minutes=31)
    actions.sweep()
    clocks = Entry.objects.filter(kind="case.overdue.v1").values_list("data__clock", "data__stage")
    assert list(clocks) == [("stage", "reported"), ("stage", "at_district")]
    assert Entry.objects.filter(kind="case.overdue.v1").last().data["late"] is False


def test_a_stopped_clock_tells_nothing(time: Time, town: Town) -> None:
    brought_to(town, "closed")
    time.pass_by(days=30)
    assert actions.sweep() == 0


def test_a_changed_model_moves_no_promise_already_made(time: Time, town: Town) -> None:
    reported(town)
    changed = {**STEPS_MODEL, "post_limits": {"reported": {"value": 9, "unit": "natural_day"}}, "warn_share": 0.5}
    before = Case.objects.get().due_at
    actions.save_steps_model(changed, pack="test")
    assert Case.objects.get().due_at == before
    assert reported(town).due_at == due(ROUND_THE_CLOCK, time(), 9 * 24 * 60)


def test_queues_by_time(time: Time, town: Town) -> None:
    reported(town)
    leader = town.actor("leader")
    seen = []
    for minutes in (0, 23, 8):
        time.pass_by(minutes=minutes)
        counts = selectors.counts(leader)
        seen.append((counts["soon"], counts["overdue"]))
    assert seen == [(0, 0), (1, 0), (0, 1)]


def test_why_a_deadline_is_what_it_is(time: Time, town: Town) -> None:
    dispatched(town, "b")
    (row,) = [row for row in selectors.why_due(Case.objects.get()) if row["kind"] == "handling"]
    assert (row["rule"], row["condition"], row["value"], row["unit"]) == ("condition", "b", 4, "work_hour")
    assert (row["calendar"], row["category"], row["category_version"]) == ("office_hours", "E0407", 1)
    assert len(timing.why_of(row)) == 4, "the condition, the grade of the ground, whose word it is, the calendar"


@pytest.mark.parametrize("minutes", [0, 30, 90, 119, 121, 600])
def test_late_as_a_condition_says_the_same_as_late_of_a_case(time: Time, town: Town, minutes: int) -> None:
    brought_to(town, "handling"), brought_to(town, "closed"), reported(town)
    case = brought_to(town, "handled")
    time.pass_by(minutes=minutes)
    take(town, case, "confirm", "desk")
    found = set(Case.objects.filter(selectors.late(time())))
    assert found == {row for row in Case.objects.all() if selectors.is_late(row, time())}
