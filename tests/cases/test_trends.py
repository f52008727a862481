"""Trends, forecasts and changes: honest about chance, about holidays and about a past that is too short."""

import random
from datetime import date, timedelta

import pytest
from django.test import Client

from cases import selectors
from cases.models import Case
from cases.rules.changes import changes, judged
from cases.rules.series import AHEAD, COVERAGE, Day, filled, forecast, kind_of, trend, usual, width_of
from grid.actions import save_calendar
from tests.cases.factories import DAY, HERE, OFFICE_HOURS, SETUP, THERE, Town, reported

FIRST = date(2025, 1, 6)


def drawn(seed: int, many: int, holidays: frozenset[int] = frozenset()) -> list[Day]:
    """Days of a city that works on weekdays: about 30 cases, 10 at the weekend and on holidays."""
    dice = random.Random(seed)
    days = []
    for number in range(many):
        day = FIRST + timedelta(days=number)
        usually = day.weekday() < 5
        works = usually and number not in holidays
        cases = sum(dice.random() < 0.1 for _ in range(300 if works else 100))
        days.append(Day(day, kind_of(day, works, usually), cases))
    return days


def ahead(days: list[Day]) -> list[tuple[date, str]]:
    """The two weeks after these days, without a holiday."""
    after = [days[-1].day + timedelta(days=number) for number in range(1, AHEAD + 1)]
    return [(day, kind_of(day, day.weekday() < 5, day.weekday() < 5)) for day in after]


def test_the_usual_week_is_found_and_one_wild_day_does_not_move_it():
    days = drawn(1, 112)
    calm = usual(days)
    wild = [*days[:-3], days[-3]._replace(cases=900), *days[-2:]]
    assert usual(wild).level == pytest.approx(calm.level, abs=1)
    assert calm.of("w3") > 22
    assert calm.of("w7") < 16
    assert calm.of("holiday") < 16, "a holiday is like the weekend where none was seen yet"
    assert calm.of("makeup") > 22


def test_a_day_of_rest_on_a_weekday_is_a_kind_of_its_own():
    assert kind_of(date(2026, 10, 1), works=False, usually=True) == "holiday"
    assert kind_of(date(2026, 10, 10), works=True, usually=False) == "makeup"
    assert kind_of(date(2026, 10, 12), works=True, usually=True) == "w1"


def test_the_band_holds_about_as_often_as_it_is_made_to_on_days_it_has_not_seen():
    shares, told = [], []
    for seed in range(6):
        days = drawn(seed, 200)
        found = forecast(days[:-AHEAD], ahead(days[:-AHEAD]))
        assert found is not None
        told.append(found.coverage)
        shares += [
            low <= one.cases <= high for one, (_day, _v, low, high) in zip(days[-AHEAD:], found.days, strict=True)
        ]
    assert COVERAGE - 0.12 <= sum(shares) / len(shares) <= 1.0
    assert COVERAGE - 0.12 <= sum(told) / len(told) <= COVERAGE + 0.12


def test_without_enough_history_or_cases_there_is_no_forecast():
    short = drawn(1, 111)
    assert forecast(short, ahead(short)) is None
    quiet = [one._replace(cases=0) for one in drawn(1, 200)]
    assert forecast(quiet, ahead(quiet)) is None


def test_the_width_is_the_error_that_so_many_lay_within():
    assert width_of([float(n) for n in range(1, 10)], 0.8) == 8.0
    assert width_of([1.0, 2.0], 0.8) == 2.0


def test_the_level_needs_two_weeks_on_either_side():
    level = trend(drawn(1, 60))
    assert level[13] is None
    assert level[14] is not None
    assert level[-14] is None
    assert trend(drawn(1, 10)) == [None] * 10


def test_days_without_a_case_are_days():
    day = date(2026, 11, 1)
    kinds = {day + timedelta(days=number): "w1" for number in range(3)}
    assert [one.cases for one in filled({day: 4}, day, day + timedelta(days=2), kinds)] == [4, 0, 0]


def test_what_leaves_its_own_past_is_a_change_and_what_keeps_to_it_is_none():
    dice = random.Random(5)
    steady = {("street", str(n)): [sum(dice.random() < 0.1 for _ in range(100)) for _ in range(13)] for n in range(100)}
    assert len(changes(steady)) <= 2
    grown, gone = ("category", "E0407"), ("source", "camera")
    found = changes(steady | {grown: [10] * 12 + [40], gone: [50, 55] * 6 + [10]})
    assert {(one.by, one.key): one.up for one in found[:2]} == {grown: True, gone: False}
    assert judged(grown, [5, 40] * 6 + [40]).chance > 0.2, "who swings always has not changed"
    assert changes({("street", "x"): [0] * 12 + [3]}) == [], "hardly a case is not asked"


def browser(town: Town, who: str = "leader") -> Client:
    client = Client()
    client.force_login(town.people[who])
    return client


def told_on(day: date, *numbers: str) -> None:
    """These cases were reported on that day."""
    Case.objects.filter(number__in=numbers).update(reported_at=f"{day.isoformat()}T12:00:00+08:00")


def test_a_short_history_is_said_in_a_sentence(town, time):
    assert "还没有您能看到的完整一天" in browser(town).get("/insights/trends/").content.decode()
    told_on(date(2026, 11, 2), reported(town).number)
    trends = browser(town).get("/insights/trends/").content.decode()
    assert "自 2026-11-02 起共 14 个完整日" in trends
    assert "不作预测" in trends
    assert "此前只有 1 个完整周" in browser(town).get("/insights/changes/").content.decode()


def test_the_pages_tell_days_and_changes_with_their_cases_and_only_ones_own(town, time):
    for week in range(10):
        told_on(date(2026, 11, 8) - timedelta(weeks=week), reported(town, HERE).number)
    sudden = [reported(town, HERE).number for _ in range(9)]
    told_on(date(2026, 11, 12), *sudden)
    told_on(date(2026, 11, 13), reported(town, THERE).number)
    reported(town, HERE)
    page = browser(town).get("/insights/changes/")
    rows = {(row["one"].by, row["one"].key): row for row in page.context["rows"]}
    row = rows[("district", HERE)]
    assert (row["one"].found, row["one"].up, row["one"].expected) == (9, True, 1.0)
    assert browser(town).get(row["cases"]).context["count"] == 9
    assert ("district", THERE) not in rows
    other = browser(town, "desk2").get("/api/insights/changes").json()
    assert (other["weeks"], other["changes"]) == (0, None)
    told = browser(town, "district_dispatcher").get("/api/insights/trends?since=2026-11-10").json()
    assert [one["cases"] for one in told["days"]] == [0, 0, 9, 0, 0, 0]
    assert told["forecast"] is None
    linked = browser(town).get("/insights/trends/").context["last"]
    for one in linked:
        assert browser(town).get(one["cases"]).context["count"] == one["one"].cases
        if one["one"].cases:
            break


def test_holidays_and_make_up_workdays_come_from_the_office_hours_of_the_city(town, time):
    time.be("2026-10-12T09:00:00+08:00")
    save_calendar({**OFFICE_HOURS, "closed": ["2026-10-05"], "extra": {"2026-10-10": DAY}}, actor=SETUP)
    told_on(date(2026, 10, 5), reported(town).number)
    found = selectors.trends(selectors.question_here({}), town.actor("leader"))
    assert [one.kind for one in found.days] == ["holiday", "w2", "w3", "w4", "w5", "makeup", "w7"]


@pytest.mark.parametrize("page", ["trends", "changes"])
def test_nonsense_is_refused_with_a_sentence(town, page):
    assert browser(town).get(f"/insights/{page}/?until=x").context["refusal"]
    assert browser(town).get(f"/api/insights/{page}?colour=red").status_code == 400
