"""The state machine of levels: bands, hysteresis, votes, foresight, chatter, and no matter what arrived when."""

import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry.rules.levels import FORESEEN, MEASURED, STEPPED, State, fold, theil_sen
from telemetry.rules.rule_data import LevelRule, level_rule
from tests.telemetry.series import FLOOD, START, judged, minutes, told

QUIET = LevelRule(bands=(5, 15, 27, 40), rise=1e6)
"""A rule that foresees nothing."""


def test_two_of_the_last_three_readings_raise_an_alarm_and_one_alone_does_not():
    assert judged(told([0, 0, 6, 0, 0, 0])) == []
    (alarm,) = judged(told([0, 0, 6, 0, 7, 0]))
    assert minutes(alarm.begun) == 4
    assert alarm.highest == 1
    assert alarm.ended is None


def test_one_reading_two_bands_up_raises_the_band_below_it_at_once():
    (alarm,) = judged(told([4, 4, 4, 13.9, 16, 4]), QUIET)
    assert alarm.levels[0] == [START + 240, 1, MEASURED], "13.9 alone is no yellow, 16 is a blue"


def test_two_gauges_of_one_place_agree_at_once():
    assert judged([*told([2, 2, 2, 6]), *told([2, 2, 2, 2], gauge=2)], QUIET) == []
    (alarm,) = judged([*told([2, 2, 2, 6]), *told([2, 2, 2, 6], gauge=2)], QUIET)
    assert minutes(alarm.begun) == 3


def test_a_level_is_left_one_at_a_time_after_ten_minutes_and_three_readings_well_below():
    rise, fall = [0, 0, 8, 14, 18, 18, 20], [1] * 40
    (alarm,) = judged(told([*rise, *fall]), QUIET)
    assert [(level, why) for _at, level, why in alarm.levels] == [
        (1, MEASURED), (2, MEASURED), (1, STEPPED), (0, STEPPED),
    ]  # fmt: skip
    down = [minutes(at) for at, level, why in alarm.levels if why == STEPPED]
    assert down[0] >= len(rise) + 10
    assert down[1] > down[0]


def test_a_value_just_below_its_band_clears_nothing():
    (alarm,) = judged(told([0, 0, 8, 8, 8, *[4.0] * 60]), QUIET)
    assert alarm.ended is None, "two centimetres below are needed"
    (alarm,) = judged(told([0, 0, 8, 8, 8, *[3.0] * 60]), QUIET)
    assert alarm.ended is not None


def test_a_single_spike_and_a_spike_of_rubbish_raise_nothing_and_move_no_peak():
    assert judged(told([1, 1, 1, 120, 1, 1, 300, 1, 1])) == []
    (alarm,) = judged(told([1, 1, 6, 7, 7, 250, 7, 8, 8]), QUIET)
    assert alarm.highest == 1
    assert alarm.peak == 8


def test_a_jump_that_the_next_reading_confirms_is_a_flood_at_the_second_sample():
    (alarm,) = judged(told([0, 0, 0, 35, 37]))
    assert minutes(alarm.begun) == 4
    assert alarm.level == 3


def test_a_first_reading_over_the_band_must_be_confirmed():
    assert judged(told([60, 0, 0, 0])) == []
    (alarm,) = judged(told([60, 61]))
    assert alarm.level == 4


def test_water_that_rises_fast_raises_yellow_before_it_is_there():
    (alarm,) = judged(told([3, 4, 5, 6, 7.5, 9, 10.5, 12]))
    foreseen = next(one for one in alarm.levels if one[2] == FORESEEN)
    assert foreseen[1] == 2
    assert max(value for value in (3, 4, 5, 6, 7.5, 9, 10.5, 12)) < 15


def test_water_that_stands_is_not_foreseen_to_rise_however_slow_a_rise_may_be():
    (alarm,) = judged(told([10.0] * 12), LevelRule(bands=(5, 15, 27, 40), rise=0))
    assert [level for _at, level, _why in alarm.levels] == [1]


def test_what_was_foreseen_and_does_not_come_is_taken_back_after_twenty_minutes():
    readings = told([0, 1, 2, 3, 4.9, 6.2, 4, 2, 1, 0, 0, 0, 0])
    (alarm,) = judged(readings, LevelRule(bands=(10, 15, 20, 40)), until=START + 3600)
    assert alarm.retracted == "prediction"
    assert alarm.ended - alarm.begun == 1200
    (alarm,) = judged(readings, LevelRule(bands=(10, 15, 20, 40)), until=START + 900)
    assert alarm.ended is None
    assert alarm.foreseen


def test_water_that_comes_and_goes_is_held_as_one_alarm_that_chatters():
    wave = [8] * 4 + [0] * 12
    alarms = judged(told([0, 0, *wave * 8], every=60), LevelRule(bands=(5,), rise=1e6, most_turns=4))
    assert any(one.chattering for one in alarms)
    assert len(alarms) < 8


def test_outside_its_season_a_rule_raises_nothing():
    winter = level_rule({"bands": [5, 15], "months": [12, 1]})
    night = level_rule({"bands": [5, 15], "hours": "22:00-06:00"})
    readings = told([0, 0, 20, 20, 20])
    assert judged(readings, winter) == []
    assert judged(readings, night) == []
    assert judged(readings, level_rule({"bands": [5, 15], "hours": "08:00-18:00"}))


def test_the_slope_is_not_bent_by_one_wrong_point():
    line = [[60.0 * step, float(step)] for step in range(8)]
    assert abs(theil_sen(line) * 60 - 1) < 1e-9
    line[4][1] = 500.0
    assert abs(theil_sen(line) * 60 - 1) < 0.3
    assert theil_sen(line[:3]) is None


levels_of_a_day = st.lists(
    st.one_of(st.floats(-10, 60), st.sampled_from([0.0, 4.9, 5.0, 15.0, 27.0, 40.0, 300.0])), min_size=2, max_size=80
)


@settings(max_examples=40)
@given(levels_of_a_day, levels_of_a_day, st.integers(1, 79), st.randoms(use_true_random=False))
def test_the_order_of_arrival_and_broken_off_folds_change_nothing(one, other, cut, lots):
    readings = [*told(one), *told(other, gauge=2, every=90)]
    wanted = judged(readings)
    shuffled = list(readings)
    lots.shuffle(shuffled)
    assert judged(shuffled) == wanted
    ordered = sorted(readings, key=lambda one: (one.at, one.gauge))
    state = State()
    found = list(fold(state, ordered[:cut], FLOOD))
    state = State.of(json.loads(json.dumps(state.plain())))
    found += fold(state, ordered[cut:], FLOOD)
    assert [*found, *([state.open] if state.open else [])] == wanted


@settings(max_examples=40)
@given(levels_of_a_day)
def test_alarms_of_one_place_never_overlap_and_each_is_whole(values):
    alarms = judged(told(values))
    for alarm in alarms:
        assert alarm.levels[0][0] == alarm.begun
        assert alarm.levels[0][1] > 0
        assert (alarm.ended is None) == (alarm.levels[-1][1] > 0)
        assert alarm.begun <= alarm.peak_at
    for before, after in zip(alarms, alarms[1:], strict=False):
        assert before.ended is not None
        assert before.ended <= after.begun


def test_noise_below_the_first_band_is_silence_whatever_it_does():
    lots = random.Random(7)
    assert judged(told([lots.uniform(-5, 4.9) for _ in range(500)]), QUIET) == []
