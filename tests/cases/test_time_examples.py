"""The worked examples of the rules of the field about time (the units, the timers, extensions and holds), by name."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from cases import actions, selectors
from cases.models import Case
from core.errors import Conflict
from core.worktime import ROUND_THE_CLOCK, Calendar, due, minutes_of, runs_on
from tests.cases.conftest import Time
from tests.cases.factories import STEPS_MODEL, Town, at, brought_to, granted, standing, take
from tests.cases.test_clocks import dispatched, handling

DAY = ((480, 720), (840, 1080))
OFFICE = Calendar(
    weekly=(DAY,) * 5 + ((), ()),
    closed=frozenset(date(2026, 10, day) for day in range(1, 8)),
    extra={date(2026, 10, 10): DAY},
)


def ends(value: float, unit: str, start: str) -> str:
    hours = ROUND_THE_CLOCK if runs_on(unit) == "round_the_clock" else OFFICE
    until = due(hours, at(f"{start}:00+08:00"), minutes_of(value, unit))
    return f"{until.astimezone(ZoneInfo('Asia/Shanghai')):%m-%d %H:%M}"


def test_urgent_hours_run_through_nights_weekends_and_holidays() -> None:
    assert ends(2, "urgent_hour", "2026-10-03T23:00") == "10-04 01:00"


def test_natural_days_are_days_of_the_calendar_whatever_they_are() -> None:
    assert ends(2, "natural_day", "2026-09-30T17:00") == "10-02 17:00"


def test_working_hours_run_from_eight_to_twelve_and_from_two_to_six() -> None:
    assert ends(4, "work_hour", "2026-11-16T11:00") == "11-16 17:00"
    assert ends(4, "work_hour", "2026-11-16T15:00") == "11-17 09:00"


def test_a_working_day_is_eight_working_hours() -> None:
    assert ends(1, "work_day", "2026-11-16T10:00") == ends(8, "work_hour", "2026-11-16T10:00") == "11-17 10:00"


def test_statutory_holidays_do_not_count_and_make_up_workdays_do() -> None:
    assert ends(3, "work_day", "2026-09-30T08:00") == "10-09 18:00"
    assert ends(4, "work_day", "2026-09-30T08:00") == "10-10 18:00", "the tenth is a Saturday that is worked"


def test_handling_starts_at_dispatch_and_stops_when_the_department_confirms_not_at_the_upload(
    time: Time, town: Town
) -> None:
    case = brought_to(town, "handling")
    started = handling().started_at
    assert started == Case.objects.get().dispatched_at
    time.pass_by(minutes=100)
    case = take(town, case, "submit", "handler", result="已办", photos="@")
    assert handling().stopped_at is None
    time.pass_by(minutes=30)
    assert take(town, case, "confirm", "desk").late, "in time when it was uploaded, late when it was confirmed"
    assert handling().stopped_at == started + timedelta(minutes=130)


def test_quick_matters_have_half_an_hour_by_the_clock_before_the_limit_of_the_condition(time: Time, town: Town) -> None:
    limit = {"value": 0.5, "unit": "urgent_hour"}
    model = {**STEPS_MODEL, "quick": {"limit": limit, "classes": ["E0407"]}}
    actions.save_steps_model(model, pack="test")
    time.be("2026-10-01T23:50:00+08:00")
    assert dispatched(town, "b").due_at == at("2026-10-02T00:20:00+08:00")


def test_another_limit_counts_only_for_cases_dispatched_from_then_on(time: Time, town: Town) -> None:
    before = dispatched(town)
    actions.save_steps_model({**STEPS_MODEL, "quick": {"limit": {"value": 0.5, "unit": "urgent_hour"},
                                                       "classes": ["E0407"]}}, pack="test")  # fmt: skip
    assert standing(before).due_at == time() + timedelta(hours=2)
    assert dispatched(town).due_at == time() + timedelta(minutes=30)


def test_an_extension_is_one_more_original_limit_on_the_present_end_twice_and_not_after_it(
    time: Time, town: Town
) -> None:
    case = dispatched(town)
    first = case.due_at
    for times in (1, 2):
        case = granted(town, case, "extension", "desk", "district_dispatcher", "city_dispatcher", minutes=120)
        assert case.due_at == first + times * timedelta(hours=2)
    with pytest.raises(Conflict):
        granted(town, case, "extension", "desk", "district_dispatcher", "city_dispatcher", minutes=120)
    late = dispatched(town)
    time.pass_by(hours=3)
    with pytest.raises(Conflict):
        granted(town, late, "extension", "desk", "district_dispatcher", "city_dispatcher", minutes=1)


def test_a_hold_stops_the_timer_and_goes_on_by_itself_with_what_was_left(time: Time, town: Town) -> None:
    case = dispatched(town)
    time.pass_by(minutes=45)
    until = time() + timedelta(days=30)
    case = granted(town, case, "hold", "desk", "leader", until=until)
    assert case.due_at is None
    with pytest.raises(Conflict):
        take(town, case, "assign", "desk", handler="@handler")
    time.be((until + timedelta(hours=1)).isoformat())
    actions.end_holds()
    assert standing(case).due_at == until + timedelta(minutes=75)


def test_the_lamp_of_a_case_is_green_yellow_near_the_limit_and_red_over_it(time: Time, town: Town) -> None:
    dispatched(town)
    seen = []
    for minutes in (0, 90, 31):
        time.pass_by(minutes=minutes)
        (row,) = [one for one in selectors.why_due(Case.objects.get()) if one["kind"] == "handling"]
        seen.append(row["lamp"])
    assert seen == ["green", "yellow", "red"]
