"""When the colleagues take up a case, and what comes in: plain data, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator import live_stories
from simulator.live_plan import TURNS, Standing, turn
from simulator.live_stories import CALM, FULL, SLOT, arrives, rate_per_hour, slots, story
from simulator.seed_stories import STAGE_AFTER, Class, Spot

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
MANY = 400
CLASSES = {code: Class(code, "事项", 120.0) for code in ("E0407", "E0110", "E0506")}
SPOTS = [Spot(116.7, 23.36, "长平大道2号", "449901")]


def standing(number: int = 0, stage: str = "reported", minutes: float = 30, **more) -> Standing:
    return Standing(f"{number:020d}", 1, stage, NOW, NOW, NOW + timedelta(minutes=minutes), **more)


def minutes(stage: str, **more) -> list[float]:
    """After how many minutes each of many cases is taken up, soonest first."""
    return sorted((turn(standing(n, stage, **more), NOW).at - NOW) / timedelta(minutes=1) for n in range(MANY))


@pytest.mark.parametrize("stage", sorted(TURNS))
def test_a_stage_is_left_in_its_share_of_the_clock_and_now_and_then_too_late(stage):
    low, high = TURNS[stage]
    found = minutes(stage, minutes=100)
    in_time = [at for at in found if at <= 100]
    assert in_time[0] >= 100 * low
    assert in_time[-1] <= 100 * high
    assert 0 <= MANY - len(in_time) < 0.1 * MANY


@pytest.mark.parametrize("why", [{"ours": False}, {"followed": True}])
def test_where_a_person_may_be_at_work_the_colleagues_wait_for_three_quarters_of_the_clock(why):
    for stage in TURNS:
        found = minutes(stage, **why)
        assert found[0] >= 0.75 * 30
        assert found[-1] <= 30


def test_a_case_that_was_kept_waiting_is_not_rushed_through_what_is_left():
    since = NOW + timedelta(minutes=29)
    for n in range(MANY):
        late = Standing(f"{n:020d}", 5, "handled", since, NOW, NOW + timedelta(minutes=30))
        assert turn(late, since).at > since + timedelta(minutes=1)


def test_of_what_was_not_taken_up_in_time_some_waits_on_and_most_is_done_at_once():
    now = NOW + timedelta(minutes=40)
    waiting = [turn(standing(n), now).at > now for n in range(MANY)]
    assert 0.2 * MANY < sum(waiting) < 0.45 * MANY
    tomorrow = NOW + timedelta(days=1)
    assert all(turn(standing(n), tomorrow).at < tomorrow for n in range(MANY))


def test_a_limit_of_days_is_no_reason_to_stand_for_days():
    assert minutes("handling", minutes=5 * 24 * 60)[-1] <= 150
    assert minutes("handling", minutes=5 * 24 * 60, ours=False)[-1] <= 240


def test_who_asks_again_hears_the_same_and_the_next_version_is_another_question():
    assert turn(standing(7), NOW) == turn(standing(7), NOW)
    assert len({turn(standing(n), NOW).at for n in range(20)}) == 20


def test_what_was_only_heard_is_looked_at_first():
    for n in range(MANY):
        assert turn(standing(n, source="hotline12345"), NOW).verb == "send_verify"
        assert turn(standing(n, source="hotline12345", looked=True), NOW).verb == "accept"
        assert turn(standing(n, source="hotline12345", looked=True, untrue=True), NOW).verb == "reject"


def test_the_demos_own_case_without_a_place_is_located_and_a_strangers_is_not_guessed():
    assert turn(standing(located=False), NOW).verb == "locate"
    assert turn(standing(located=False, ours=False), NOW).verb == "reject"


def test_a_case_that_people_reported_goes_the_straight_way():
    verbs = {stage: {turn(standing(n, stage, ours=False), NOW).verb for n in range(MANY)} for stage in TURNS}
    assert all(len(found) == 1 for found in verbs.values())
    assert verbs["checking"] == {"check_pass"}


def test_every_case_comes_to_an_end_and_rework_returns_and_refusals_happen():
    ways = [way(number) for number in range(600)]
    assert max(map(len, ways)) < 30
    taken = {verb for found in ways for verb in found}
    assert {"redo", "check_fail", "rework", "send_back", "void", "refuse", "reject", "settle", "close"} <= taken
    failed = sum("check_fail" in found for found in ways)
    assert 0.005 * len(ways) < failed < 0.07 * len(ways)


def way(number: int) -> list[str]:
    """The steps of a case from its report to its end."""
    taken: list[str] = []
    case = standing(number, source=("collector", "citizen", "camera")[number % 3], may_settle=True)
    while case.stage not in ("closed", "rejected", "voided"):
        verb = turn(case, NOW).verb
        taken.append(verb)
        stage = {"locate": "reported", "redo": "handling", "rework": "dispatched"}.get(verb) or STAGE_AFTER[verb]
        looked = case.looked or verb == "send_verify"
        more = {"reworks": case.reworks + (verb == "check_fail"), "returns": case.returns + (verb == "send_back")}
        case = Standing(case.number, case.version + 1, stage, NOW, NOW, source=case.source, looked=looked, **more)
    return taken


def test_slots_follow_each_other_without_a_gap_or_an_overlap():
    moments = [NOW + timedelta(seconds=second) for second in (0, 7, 31, 32, 95, 600)]
    parts = [list(slots(a, b)) for a, b in zip(moments, moments[1:], strict=False)]
    assert sum(parts, []) == list(slots(moments[0], moments[-1]))
    assert len(sum(parts, [])) == timedelta(seconds=600) // SLOT


def test_a_slot_always_tells_the_same_story_and_no_two_slots_the_same_reference():
    assert story(5, CLASSES, SPOTS) == story(5, CLASSES, SPOTS)
    told = [story(slot, CLASSES, SPOTS) for slot in range(300)]
    assert len({one.ref for one in told}) == 300
    assert all(one.ref.startswith(live_stories.PREFIX) for one in told)
    assert {one.source for one in told} >= {"collector", "camera", "hotline12345", "citizen", "sensor"}
    assert any(not one.located for one in told)


def test_about_one_case_in_75_seconds_comes_in_by_day_and_some_at_night():
    day = sum(arrives(slot, 10.0, 60) for slot in range(24_000)) / 100
    night = sum(arrives(slot, 3.0, 60) for slot in range(24_000)) / 100
    assert 40 < day < 56
    assert 12 < night < 24


def test_a_full_city_is_told_less_and_a_very_full_one_nothing():
    assert rate_per_hour(10, CALM) == pytest.approx(48)
    assert 0 < rate_per_hour(10, (CALM + FULL) // 2) < 30
    assert rate_per_hour(10, FULL) == rate_per_hour(10, FULL + 50) == 0
