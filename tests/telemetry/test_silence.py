"""Silent gauges: by their own interval, sooner in rain, and a place that nobody sees is graver than one gauge."""

from telemetry.rules.healing import Kept, heal
from telemetry.rules.levels import Episode
from telemetry.rules.rule_data import SilenceRule
from telemetry.rules.silence import BLIND, IN_RAIN, QUIET, rain_spells, silences, silent_from, silent_spells

RULE, MINUTE, HOUR = SilenceRule(), 60.0, 3600.0


def test_a_gauge_is_silent_after_three_of_its_intervals_and_never_before_a_quarter_of_an_hour():
    assert silent_from(0, 60, (), RULE) == 15 * MINUTE
    assert silent_from(0, 600, (), RULE) == 30 * MINUTE


def test_in_rain_five_minutes_are_enough_and_rain_that_begins_later_counts_from_its_beginning():
    assert silent_from(0, 60, [(-HOUR, HOUR)], RULE) == 5 * MINUTE
    assert silent_from(0, 60, [(8 * MINUTE, HOUR)], RULE) == 8 * MINUTE
    assert silent_from(0, 60, [(0, 3 * MINUTE)], RULE) == 15 * MINUTE, "that rain is over before"
    assert silent_from(0, 300, [(-HOUR, HOUR)], RULE) == 6 * MINUTE, "who tells every five minutes has six"


def test_rain_goes_on_for_half_an_hour_after_the_last_heavy_reading():
    told = [(0.0, 6.0), (600.0, 12.0), (1200.0, 1.0)]
    assert rain_spells(told, [(5000.0, 6000.0)]) == [(0.0, 2400.0), (5000.0, 6000.0)]
    assert rain_spells([(0.0, 4.9)], ()) == []


def test_a_gap_between_two_readings_is_an_alarm_that_ended_and_one_after_the_last_stands():
    spells = silent_spells([0, 60, 60 + 2 * HOUR], 60 + 4 * HOUR, 60, (), RULE)
    assert spells == [(60 + 15 * MINUTE, 60 + 2 * HOUR), (60 + 2 * HOUR + 15 * MINUTE, float("inf"))]
    assert silent_spells([], HOUR, 60, (), RULE) == [], "who never told anything is not there yet"


def test_a_dead_gauge_is_graver_in_rain_and_gravest_where_no_other_sees_the_place():
    rains = [(HOUR, 3 * HOUR)]
    (alone,) = silences({1: [(600.0, float("inf"))]}, 1, rains, 2 * HOUR)
    assert [level for _at, level, _why in alone.levels] == [QUIET, BLIND]
    assert alone.ended is None
    seen = {1: [(600.0, float("inf"))], 2: [(1.5 * HOUR, float("inf"))]}
    (pair,) = silences(seen, 1, rains, 2 * HOUR)
    assert [(at, level) for at, level, _why in pair.levels] == [(600.0, QUIET), (HOUR, IN_RAIN), (1.5 * HOUR, BLIND)]
    (after,) = silences(seen, 1, rains, 4 * HOUR)
    assert after.levels[-1][1] == QUIET, "the rain is over"


def episode(begun: float, ended: float | None, **more: object) -> Episode:
    """An alarm as the machine tells it."""
    return Episode(begun, [[begun, 1, "measured"]], 9.0, begun, begun, ended=ended, **more)


def test_history_is_healed_and_not_written_anew():
    same = heal([Kept(7, 100, None)], [episode(40, None)])
    assert [(key, one.begun) for key, one in same.same] == [(7, 40)]
    assert not same.new
    assert not same.wrong


def test_what_never_was_is_wrong_and_what_was_overlooked_is_new():
    healed = heal([Kept(7, 100, 200)], [episode(900, 950)])
    assert healed.wrong == [7]
    assert [one.begun for one in healed.new] == [900]


def test_one_alarm_that_was_two_stays_one_and_the_rest_is_new_but_no_prediction():
    healed = heal([Kept(7, 0, None)], [episode(0, 50), episode(60, None), episode(55, 58, retracted="prediction")])
    assert [(key, one.begun) for key, one in healed.same] == [(7, 60)]
    assert [one.begun for one in healed.new] == [0], "what stands keeps its alarm; a prediction that failed is none"
