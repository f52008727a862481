"""The fold says "stands too long" exactly when something stands too long (video.md 4.5)."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.video.stays import BLUE, GREY, RED, Stay, run, spec, times, violations
from video.contracts import Phase
from video.rules.dwell import State, fold
from video.rules.places import spec_of, state_json, state_of

START = 1_800_000_000.0


def test_a_car_that_stands_longer_than_the_dwell_time_is_one_violation_at_that_time() -> None:
    _, news = run([Stay(20, 200)], times(0, 200, 2), spec(60))
    (found,) = violations(news)
    assert 80 <= found.at <= 84
    assert found.place.first_seen == 20
    assert found.place.covered >= 60


def test_the_phases_come_in_order() -> None:
    _, news = run([Stay(20, 200)], times(0, 200, 2), spec(60))
    assert [one.what for one in news] == ["new", Phase.CANDIDATE, Phase.SUSPECT, Phase.VIOLATION]


def test_a_car_that_leaves_just_before_is_no_violation() -> None:
    _, news = run([Stay(20, 79)], times(0, 200, 1), spec(60))
    assert violations(news) == []


def test_a_car_parked_before_watching_began_is_a_violation() -> None:
    _, news = run([Stay(-1000, 200)], times(0, 200, 5), spec(60))
    assert len(violations(news)) == 1


def test_a_row_of_cars_parked_before_watching_began_is_one_violation_each() -> None:
    row = [Stay(-1000, 300, x=x) for x in (0.3, 0.42, 0.54, 0.66)]
    _, news = run(row, times(0, 300, 5), spec(60))
    assert len(violations(news)) == 4


def test_cars_that_pass_one_after_another_through_the_same_spot_are_no_violation() -> None:
    passing = [Stay(t, t + 4, x=0.3, speed=0.1) for t in range(0, 600, 3)]
    _, news = run(passing, times(0, 600, 0.33), spec(10))
    assert violations(news) == []


def test_different_cars_that_take_turns_at_one_spot_are_no_single_stay() -> None:
    looks = (RED, BLUE, GREY)
    turns = [Stay(40 * i, 40 * i + 38, look=looks[i % 3]) for i in range(10)]
    _, news = run(turns, times(0, 400, 1), spec(60))
    assert violations(news) == []


def test_the_age_of_a_thing_that_creeps_never_counts() -> None:
    _, news = run([Stay(0, 600, x=0.25, speed=0.0009)], times(0, 600, 1), spec(60))
    assert violations(news) == []


def test_a_detector_that_misses_one_in_five_still_finds_it() -> None:
    _, news = run([Stay(0, 300)], times(0, 300, 2), spec(60), missed=lambda _s, t: int(t / 2) % 5 == 3)
    assert len(violations(news)) == 1


def test_a_thing_seen_in_less_than_sixty_percent_of_the_looks_is_no_violation() -> None:
    _, news = run([Stay(0, 600)], times(0, 600, 2), spec(60), missed=lambda _s, t: int(t / 2) % 2 == 1)
    assert violations(news) == []


def test_a_restart_of_forty_seconds_does_not_reset_the_stay() -> None:
    looked = [*times(0, 80, 5), *times(120, 400, 5)]
    _, news = run([Stay(10, 500)], looked, spec(180))
    (found,) = violations(news)
    assert found.at == pytest.approx(190, abs=6)


def test_a_pause_of_two_minutes_does_reset_the_stay() -> None:
    looked = [*times(0, 80, 5), *times(200, 400, 5)]
    _, news = run([Stay(10, 500)], looked, spec(180))
    assert [round(one.at) for one in violations(news)] == [380]


def test_an_empty_spot_that_was_looked_at_ends_the_stay_even_of_the_same_thing() -> None:
    _, news = run([Stay(0, 50), Stay(65, 110)], times(0, 200, 1), spec(60))
    assert violations(news) == []
    assert [one.at for one in news if one.what == "new"] == [0, 65]


def test_a_slow_sampler_is_given_three_of_its_own_intervals() -> None:
    _, news = run([Stay(0, 3600)], times(0, 3600, 40), spec(900))
    assert len(violations(news)) == 1


def test_one_pause_proves_at_most_a_third_of_a_short_dwell_time() -> None:
    _, news = run([Stay(0, 500)], [0, 40, 41, 42], spec(8))
    assert violations(news) == []


def test_half_a_footprint_in_the_zone_is_needed() -> None:
    beside = Stay(0, 300, x=0.16)
    inside = Stay(0, 300, x=0.22)
    assert violations(run([beside], times(0, 300, 2), spec(60))[1]) == []
    assert len(violations(run([inside], times(0, 300, 2), spec(60))[1])) == 1


def test_other_labels_do_not_count() -> None:
    _, news = run([Stay(0, 300, label="person")], times(0, 300, 2), spec(60))
    assert news == []


def test_a_queue_at_a_red_light_is_congestion_not_parking() -> None:
    queue = [Stay(10 + 4 * i, 130, x=0.3 + 0.12 * i) for i in range(4)]
    _, news = run(queue, times(0, 300, 2), spec(60))
    assert violations(news) == []


def test_the_car_that_stays_when_the_queue_has_gone_is_a_violation_later() -> None:
    queue = [Stay(10 + 4 * i, 130 if i else 400, x=0.3 + 0.12 * i) for i in range(4)]
    _, news = run(queue, times(0, 400, 2), spec(60))
    (found,) = violations(news)
    assert found.at > 170


def test_two_cars_are_no_queue() -> None:
    _, news = run([Stay(10, 300, x=0.4), Stay(14, 300, x=0.52)], times(0, 300, 2), spec(60))
    assert len(violations(news)) == 2


def test_it_is_cleared_after_three_looks_over_a_minute_and_closed_after_half_an_hour() -> None:
    state, news = run([Stay(0, 100)], times(0, 2200, 10), spec(60))
    told = {one.what: one for one in news}
    assert told["cleared"].at == pytest.approx(170, abs=11)
    assert told["cleared"].place.cleared_at == 110
    assert told["closed"].at == pytest.approx(110 + 1800, abs=21)
    assert state.places == ()


def test_a_lost_sight_of_half_a_minute_clears_nothing() -> None:
    _, news = run([Stay(0, 100), Stay(130, 300)], times(0, 300, 5), spec(60))
    assert [one.what for one in news].count("cleared") == 0
    assert len(violations(news)) == 1


def test_a_return_within_half_an_hour_is_the_same_incident() -> None:
    state, news = run([Stay(0, 100), Stay(400, 600, look=BLUE)], times(0, 600, 5), spec(60))
    assert len(violations(news)) == 1
    (again,) = [one for one in news if one.what == "recurred"]
    assert again.place.key == violations(news)[0].place.key
    assert again.place.recurrence == 1
    assert len(state.places) == 1


def test_a_return_after_half_an_hour_is_another_incident() -> None:
    _, news = run([Stay(0, 100), Stay(2400, 2600)], times(0, 2600, 5), spec(60))
    first, second = violations(news)
    assert first.place.key != second.place.key


def test_a_van_that_hides_the_place_does_not_clear_it() -> None:
    hidden = [Stay(0, 100, x=0.5), Stay(101, 400, x=0.53, y=0.52, label="truck", look=BLUE)]
    _, news = run(hidden, times(0, 400, 5), spec(60))
    assert "cleared" not in [one.what for one in news]


def test_the_same_thing_seen_as_car_and_truck_is_one() -> None:
    _, news = run([Stay(0, 100), Stay(0, 100, label="truck")], times(0, 100, 2), spec(60))
    assert len(violations(news)) == 1


def test_time_that_runs_backwards_changes_nothing() -> None:
    state, _ = run([Stay(0, 100)], times(0, 50, 2), spec(60))
    again, news = run([Stay(0, 100)], [49.0, 10.0, 50.0], spec(60), state=state)
    assert (again, news) == (state, [])


def test_the_state_survives_json() -> None:
    state, _ = run([Stay(0, 100), Stay(0, 90, x=0.3)], times(0, 80, 2), spec(60))
    assert state_of(json.loads(json.dumps(state_json(state)))) == state


def test_an_unknown_threshold_is_refused() -> None:
    with pytest.raises(TypeError):
        spec_of(["car"], ((0, 0), (1, 0), (1, 1)), 60, {"no_such": 1})


def test_many_things_do_not_make_the_state_grow_without_end() -> None:
    crowd = [Stay(0, 100, x=0.01 * i, y=0.01 * j) for i in range(1, 99, 7) for j in range(1, 99, 7)]
    state, _ = run(crowd, times(0, 20, 1), spec(60))
    assert len(state.places) <= 80


samplings = st.lists(st.floats(0.05, 50), min_size=5, max_size=120)


def at_steps(steps: list[float]) -> list[float]:
    moments, t = [], 0.0
    for step in steps:
        t += step
        moments.append(t)
    return moments


@given(samplings, st.floats(5, 300), st.floats(0, 200), st.floats(0.1, 0.99))
@settings(max_examples=150, deadline=None)
def test_no_way_of_sampling_makes_a_shorter_stay_a_violation(
    steps: list[float], dwell: float, start: float, share: float
) -> None:
    """Standing time is counted between hits only: whoever stays less than the limit is never one."""
    _, news = run([Stay(start, start + dwell * share)], at_steps(steps), spec(dwell))
    assert violations(news) == []


@given(samplings, st.floats(20, 120), st.integers(2, 12))
@settings(max_examples=50, deadline=None)
def test_splitting_the_sampling_never_makes_a_violation_of_people_taking_turns(
    steps: list[float], dwell: float, parts: int
) -> None:
    looks = (RED, BLUE, GREY)
    turns = [Stay(i * dwell * 0.8, (i + 0.95) * dwell * 0.8, look=looks[i % 3]) for i in range(30)]
    moments = at_steps(steps)
    finer = sorted({a + (b - a) * k / parts for a, b in zip(moments, moments[1:], strict=False) for k in range(parts)})
    assert violations(run(turns, finer, spec(dwell))[1]) == []


@given(samplings, st.data())
@settings(max_examples=50, deadline=None)
def test_looking_twice_at_the_same_moment_proves_nothing_more(steps: list[float], data: st.DataObject) -> None:
    """Ten inferences in a second count as a second: the covered time is never more than the time that passed."""
    moments = at_steps(steps)
    burst = data.draw(st.integers(0, len(moments) - 1))
    dense = sorted({*moments, *(moments[burst] + i * 0.01 for i in range(30))})
    state, _ = run([Stay(0, 1e9)], dense, spec(60))
    for place in state.places:
        assert place.covered <= dense[-1] - place.first_seen + 1e-6


@given(st.lists(st.floats(0.5, 5), min_size=100, max_size=200), st.floats(10, 60))
@settings(max_examples=60, deadline=None)
def test_a_thing_that_does_stand_is_found_soon_after_its_time(steps: list[float], dwell: float) -> None:
    moments = at_steps(steps)
    _, news = run([Stay(0, 1e9)], moments, spec(dwell))
    late = moments[0] + dwell + 2 * dwell
    assert moments[-1] < late or len(violations(news)) == 1


@given(st.integers(1, 60), st.floats(30, 120))
@settings(max_examples=50, deadline=None)
def test_a_restart_at_any_moment_changes_no_verdict(cut: int, dwell: float) -> None:
    """The state is written down and read again between two looks, as a killed process does."""
    state, told = State(), []
    rule = spec(dwell)
    stay = [Stay(0, dwell + 30)]
    for index, t in enumerate(times(0, dwell + 30, 2)):
        if index == cut:
            state = state_of(json.loads(json.dumps(state_json(state))))
        state, news = run(stay, [t], rule, state=state)
        told += news
    assert len(violations(told)) == 1


def test_thousands_of_looks_take_milliseconds_each() -> None:
    street = [Stay(i, i + 90, x=0.1 + 0.08 * (i % 10)) for i in range(0, 3000, 9)]
    _, news = run(street, times(0, 3000, 1), spec(60, neighbours=100))
    assert len(violations(news)) > 0
    assert fold is not None
