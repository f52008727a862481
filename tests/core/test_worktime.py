"""Limits are minutes on a calendar: the algebra, the four units, holidays and make-up workdays."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.prove_time import Tally, compare, stories
from core.errors import Invalid
from core.worktime import ROUND_THE_CLOCK, Calendar, Unit, days, due, minutes_of, moved, runs_on, worked

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE_DAY = ((8 * 60, 12 * 60), (14 * 60, 18 * 60))
OFFICE = Calendar(
    weekly=(OFFICE_DAY,) * 5 + ((), ()),
    closed=frozenset(date(2026, 10, day) for day in range(1, 8)),
    extra={date(2026, 9, 27): OFFICE_DAY, date(2026, 10, 10): OFFICE_DAY},
)


def local(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=SHANGHAI)


def by_counting(calendar: Calendar, a: datetime, b: datetime) -> int:
    """A second implementation: look at every minute."""
    zone, many = ZoneInfo(calendar.tz), 0
    while a < b:
        here = a.astimezone(zone)
        minute = here.hour * 60 + here.minute
        day = here.date()
        windows = calendar.extra.get(day, () if day in calendar.closed else calendar.weekly[day.weekday()])
        many += calendar.round_the_clock or any(opens <= minute < closes for opens, closes in windows)
        a += timedelta(minutes=1)
    return many


dates = st.dates(date(2026, 9, 20), date(2026, 10, 20))
windows = st.lists(st.integers(0, 1440), min_size=0, max_size=6, unique=True).map(
    lambda edges: tuple(zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False))
)
calendars = st.builds(
    Calendar,
    weekly=st.tuples(*[windows] * 7).filter(any),
    closed=st.frozensets(dates, max_size=8),
    extra=st.dictionaries(dates, windows, max_size=5),
    tz=st.sampled_from(["Asia/Shanghai", "UTC", "Asia/Kathmandu"]),
    round_the_clock=st.booleans(),
)
moments = st.integers(0, 40 * 24 * 60).map(lambda minute: datetime(2026, 9, 15, tzinfo=UTC) + timedelta(minutes=minute))
budgets = st.integers(0, 3000)


@given(calendars, moments, budgets)
def test_working_the_budget_ends_at_due(calendar, start, minutes):
    assert worked(calendar, start, due(calendar, start, minutes)) == minutes


@given(calendars, moments, budgets, budgets)
def test_budgets_add(calendar, start, first, second):
    assert due(calendar, due(calendar, start, first), second) == due(calendar, start, first + second)


@given(calendars, moments, st.integers(0, 5000), budgets)
def test_starting_later_never_ends_earlier(calendar, start, later, minutes):
    assert due(calendar, start + timedelta(minutes=later), minutes) >= due(calendar, start, minutes)


@given(calendars, moments, st.integers(0, 5000), st.integers(0, 5000))
def test_worked_time_adds_up(calendar, a, first, second):
    b, c = a + timedelta(minutes=first), a + timedelta(minutes=first + second)
    assert worked(calendar, a, b) + worked(calendar, b, c) == worked(calendar, a, c)


@settings(max_examples=60, deadline=None)
@given(calendars, moments, st.integers(0, 4 * 24 * 60))
def test_worked_time_is_what_counting_every_minute_gives(calendar, a, minutes):
    b = a + timedelta(minutes=minutes)
    assert worked(calendar, a, b) == by_counting(calendar, a, b)


def test_a_golden_week_with_a_make_up_saturday():
    assert due(OFFICE, local(2026, 9, 30, 17, 0), 60) == local(2026, 9, 30, 18, 0)
    assert due(OFFICE, local(2026, 9, 30, 17, 0), 61) == local(2026, 10, 8, 8, 1)
    assert due(OFFICE, local(2026, 10, 9, 17, 0), 2 * 60) == local(2026, 10, 10, 9, 0)
    assert worked(OFFICE, local(2026, 9, 26), local(2026, 9, 28)) == 8 * 60
    assert worked(OFFICE, local(2026, 10, 1), local(2026, 10, 8)) == 0


def test_lunch_is_nobodys_working_time():
    assert due(OFFICE, local(2026, 11, 23, 11, 50), 20) == local(2026, 11, 23, 14, 10)
    assert due(OFFICE, local(2026, 11, 23, 12, 30), 1) == local(2026, 11, 23, 14, 1)


def test_the_half_hour_rule_runs_at_night():
    assert due(ROUND_THE_CLOCK, local(2026, 10, 1, 23, 45), 30) == local(2026, 10, 2, 0, 15)


@pytest.mark.parametrize(
    ("value", "unit", "calendar", "ends"),
    [
        (2, Unit.URGENT_HOUR, ROUND_THE_CLOCK, local(2026, 10, 10, 1, 0)),
        (1, Unit.NATURAL_DAY, ROUND_THE_CLOCK, local(2026, 10, 10, 23, 0)),
        (4, Unit.WORK_HOUR, OFFICE, local(2026, 10, 10, 12, 0)),
        (2, Unit.WORK_DAY, OFFICE, local(2026, 10, 12, 18, 0)),
    ],
)
def test_each_unit_on_its_calendar_from_a_friday_night_before_a_make_up_saturday(value, unit, calendar, ends):
    expected = "round_the_clock" if calendar.round_the_clock else "office_hours"
    assert runs_on(unit) == expected
    assert due(calendar, local(2026, 10, 9, 23, 0), minutes_of(value, unit)) == ends


def test_times_come_out_in_utc():
    assert due(OFFICE, local(2026, 11, 23, 9, 0), 5).tzinfo is UTC


def test_a_calendar_that_never_works_says_so_instead_of_searching_for_ever():
    only_once = Calendar(extra={date(2026, 11, 28): ((0, 60),)})
    assert due(only_once, local(2026, 11, 1), 60) == local(2026, 11, 28, 1, 0)
    with pytest.raises(Invalid) as refused:
        due(only_once, local(2026, 11, 1), 61)
    assert refused.value.code == "calendar.never_works"


@pytest.mark.parametrize("hours", [((60, 60),), ((120, 60),), ((0, 120), (60, 180)), ((-1, 5),), ((1400, 1441),)])
def test_hours_that_make_no_sense_are_refused(hours):
    with pytest.raises(Invalid, match="calendar.bad_hours"):
        Calendar(weekly=(hours,) + ((),) * 6)


def test_naive_times_are_refused():
    with pytest.raises(Invalid, match="calendar.naive_time"):
        due(OFFICE, local(2026, 11, 23).replace(tzinfo=None), 5)
    with pytest.raises(Invalid, match="calendar.negative_limit"):
        due(OFFICE, local(2026, 11, 23), -5)


def test_going_backwards_is_no_work():
    assert worked(OFFICE, local(2026, 11, 24), local(2026, 11, 23)) == 0
    assert worked(ROUND_THE_CLOCK, local(2026, 11, 24), local(2026, 11, 23)) == 0


def test_the_engine_and_a_count_of_every_minute_agree_on_random_calendars_and_pauses():
    tally = Tally()
    for story in stories(200, 11):
        compare(story, tally)
    assert tally.differences == 0, tally.example
    assert tally.ends > 300
    assert min(tally.pauses, tally.extensions, tally.spans) > 40


def test_the_days_of_a_limit_say_which_do_not_count_and_add_up_to_it():
    start = local(2026, 9, 30, 17, 0)
    listed = days(OFFICE, start, due(OFFICE, start, minutes_of(4, "work_day")))
    assert [(day.day.day, day.kind, day.minutes) for day in listed] == [
        (30, "work", 60), *((number, "closed", 0) for number in range(1, 8)), (8, "work", 480), (9, "work", 480),
        (10, "extra", 480), (11, "free", 0), (12, "work", 420),
    ]  # fmt: skip
    assert sum(day.minutes for day in listed) == 4 * 480


def test_what_was_left_of_a_limit_when_it_was_stopped_is_left_when_it_goes_on():
    ends, stopped = local(2026, 11, 24, 10, 0), local(2026, 11, 23, 17, 30)
    assert moved(OFFICE, ends, stopped, local(2026, 12, 5, 9, 0)) == local(2026, 12, 7, 10, 30)
    assert moved(OFFICE, stopped, stopped, local(2026, 12, 5, 9, 0)) == stopped
    assert moved(ROUND_THE_CLOCK, ends, stopped, local(2026, 12, 5, 9, 0)) == local(2026, 12, 6, 1, 30)
