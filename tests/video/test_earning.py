"""Hours, piles and what a rule may do by itself: pure decisions, without a database."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.video.stays import GREY, Stay, box_at, run, spec, times, violations
from video.contracts import Detection, RuleMode
from video.rules.clusters import clustered
from video.rules.earning import Bar, Measured, bar_of, earned, fallen, may_start, mode_after, unproven
from video.rules.hours import holds

MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CAR, STALL = ["car", "truck"], ["stall"]
AUTO, REVIEW, SHADOW = RuleMode.AUTOMATIC, RuleMode.REVIEW, RuleMode.SHADOW


def test_a_rule_without_hours_holds_always() -> None:
    assert all(holds({}, MONDAY + timedelta(hours=h), workday) for h in range(48) for workday in (True, False))


@pytest.mark.parametrize(
    ("hour", "minute", "held"),
    [(6, 59, False), (7, 0, True), (8, 59, True), (9, 0, False), (21, 59, False), (22, 0, True), (3, 0, True),
     (5, 59, True), (6, 0, False)],
)  # fmt: skip
def test_hours_begin_with_their_first_minute_end_before_their_last_and_run_over_midnight(
    hour: int, minute: int, held: bool
) -> None:
    hours = {"hours": [["07:00", "09:00"], ["22:00", "06:00"]]}
    assert holds(hours, MONDAY.replace(hour=hour, minute=minute), True) is held


def test_working_days_are_what_the_calendar_says_they_are() -> None:
    assert holds({"days": "workdays"}, MONDAY, True)
    assert not holds({"days": "workdays"}, MONDAY, False)
    assert holds({"days": "restdays"}, MONDAY, False)
    assert not holds({"days": "restdays"}, MONDAY, True)


def test_market_days_are_days_of_the_month_by_their_last_digit_and_single_dates() -> None:
    market = {"market_digits": [3, 8], "market_dates": ["2026-12-01"]}
    third, eighteenth, first, second = (MONDAY.replace(month=12, day=day) for day in (3, 18, 1, 2))
    for day, is_market in ((third, True), (eighteenth, True), (first, True), (second, False)):
        assert holds({**market, "market": "only"}, day, True) is is_market
        assert holds({**market, "market": "except"}, day, True) is not is_market
        assert holds(market, day, True)


def bikes(*xs: float) -> list[Detection]:
    return [Detection("bicycle", 0.6, box_at(x, 0.5, 0.04, 0.08)) for x in xs]


def test_so_many_together_count_as_one_pile_and_fewer_as_nothing() -> None:
    rule = spec(cluster=3)
    (pile,) = clustered(bikes(0.3, 0.35, 0.4, 0.7), 0.5625, rule)
    assert pile.box == pytest.approx((0.28, 0.46, 0.42, 0.54))
    assert clustered(bikes(0.3, 0.4, 0.5), 0.5625, rule) == []
    assert clustered(bikes(0.05, 0.1, 0.15), 0.5625, rule) == []
    assert clustered(bikes(0.3), 0.5625, spec()) == bikes(0.3)


@given(st.lists(st.floats(0.25, 0.75), max_size=8), st.randoms())
def test_in_which_order_they_are_seen_makes_no_other_pile(xs: list[float], random: Random) -> None:
    shuffled = list(xs)
    random.shuffle(shuffled)
    rule = spec(cluster=2)
    boxes = [sorted(one.box for one in clustered(bikes(*order), 0.5625, rule)) for order in (xs, shuffled)]
    assert boxes[0] == boxes[1]


def test_a_pile_that_stands_is_one_violation_and_clears_when_it_is_taken_away() -> None:
    pile = [Stay(0, 200, 0.4 + 0.05 * n, look=GREY) for n in range(4)]
    left = [Stay(0, 400, 0.4, look=GREY)]
    state, news = run([*pile[1:], *left], times(0, 400, 2), spec(60, cluster=3, clear_seconds=30))
    assert len(violations(news)) == 1
    assert [one.what for one in news].count("cleared") == 1
    assert not violations(run(pile[:2], times(0, 400, 2), spec(60, cluster=3))[1])
    assert state.last_at == 400


def test_what_no_validated_network_finds_is_named() -> None:
    assert unproven(CAR) == []
    assert unproven(["refuse", "car", "stall"]) == ["refuse", "stall"]


def test_a_rule_may_start_by_itself_where_its_pack_vouches_or_its_verdicts_do() -> None:
    none, good, bad = Measured(), Measured(20, 0), Measured(4, 1)
    assert may_start(CAR, AUTO, none, Bar())
    assert not may_start(CAR, REVIEW, none, Bar())
    assert may_start(CAR, REVIEW, good, Bar())
    assert not may_start(CAR, AUTO, bad, Bar())
    assert not may_start(STALL, AUTO, good, Bar())


def test_good_verdicts_raise_a_rule_to_its_ceiling_and_no_further() -> None:
    assert mode_after(REVIEW, AUTO, CAR, Measured(19, 1), Bar()) is AUTO
    assert mode_after(REVIEW, AUTO, CAR, Measured(18, 2), Bar()) is REVIEW
    assert mode_after(REVIEW, AUTO, CAR, Measured(19, 0), Bar()) is REVIEW
    assert mode_after(REVIEW, REVIEW, CAR, Measured(50, 0), Bar()) is REVIEW
    assert mode_after(REVIEW, AUTO, STALL, Measured(50, 0), Bar()) is REVIEW
    assert mode_after(SHADOW, AUTO, CAR, Measured(50, 0), Bar()) is SHADOW
    assert mode_after(AUTO, AUTO, STALL, Measured(50, 0), Bar()) is REVIEW


def test_bad_verdicts_make_a_rule_ask_again_once_there_are_enough_of_them() -> None:
    assert mode_after(AUTO, AUTO, CAR, Measured(0, 4), Bar()) is AUTO
    assert mode_after(AUTO, AUTO, CAR, Measured(4, 1), Bar()) is REVIEW
    assert mode_after(AUTO, REVIEW, CAR, Measured(4, 1), Bar()) is REVIEW
    assert mode_after(AUTO, AUTO, CAR, Measured(9, 1), Bar()) is AUTO


@given(st.integers(0, 60), st.integers(0, 60))
def test_no_verdicts_raise_and_lower_a_rule_at_once(right: int, wrong: int) -> None:
    found = Measured(right, wrong)
    assert not (earned(found, Bar()) and fallen(found, Bar()))
    raised = mode_after(REVIEW, AUTO, CAR, found, Bar())
    assert mode_after(raised, AUTO, CAR, found, Bar()) is raised


def test_a_pack_sets_the_bar() -> None:
    assert bar_of({"promote": 0.9, "least": 10}) == Bar(promote=0.9, least=10)
    assert bar_of({}) == Bar()
