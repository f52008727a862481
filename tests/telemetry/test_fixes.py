"""How good a fix is: by itself and by its neighbours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry.contracts import Quality
from telemetry.rules.fixes import Point, Trace, alone, kmh

NOW = 1_800_000_000.0
STEP = 0.0005  # some 51 m to the east


def at(second: float, east: float = 0.0, speed: float = 30.0, *, running: bool = True) -> Point:
    return Point(NOW + second, 116.7 + east * STEP, 23.35, speed, running)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({}, Quality.GOOD),
        ({"located": False}, Quality.NOT_LOCATED),
        ({"lat": 116.307629}, Quality.OUT_OF_RANGE),
        ({"lon": 0.0, "lat": 0.0}, Quality.OUT_OF_RANGE),
        ({"at": None}, Quality.OUT_OF_RANGE),
        ({"at": NOW + 301}, Quality.FUTURE),
        ({"at": NOW + 299}, Quality.GOOD),
        ({"at": NOW - 61}, Quality.LATE),
        ({"at": NOW - 60}, Quality.GOOD),
    ],
)
def test_a_fix_by_itself(told: dict[str, float | None], code: Quality) -> None:
    given = {"lon": 116.7, "lat": 23.35, "located": True, "at": NOW, "received": NOW, **told}
    assert alone(**given) is code


def test_a_jump_there_and_back_was_a_spike_and_the_next_fix_is_judged_by_the_one_before_it() -> None:
    trace = Trace()
    told = [trace.take(point) for point in (at(0), at(10, 1), at(20, 400), at(30, 3), at(40, 4))]
    assert [code for code, _spike in told] == [Quality.GOOD] * 5
    assert [spike for _code, spike in told] == [False, False, False, True, False]


def test_a_jump_that_stays_is_no_spike() -> None:
    trace = Trace()
    told = [trace.take(point) for point in (at(0), at(10, 1), at(20, 400), at(30, 401), at(40, 402))]
    assert not any(spike for _code, spike in told)


def test_what_stands_drifts_about_its_anchor_and_what_drives_on_does_not() -> None:
    trace = Trace()
    points = (at(0), at(10, 1, 0), at(20, 1.2, 1), at(30, 1.4, 40, running=False), at(40, 3, 0), at(50, 4))
    assert [trace.take(point)[0] for point in points] == [
        Quality.GOOD, Quality.GOOD, Quality.DRIFT, Quality.DRIFT, Quality.GOOD, Quality.GOOD,
    ]  # fmt: skip


def test_another_fix_of_the_same_second_is_a_duplicate() -> None:
    trace = Trace()
    assert [trace.take(point)[0] for point in (at(0), at(0, 1))] == [Quality.GOOD, Quality.DUPLICATE]


@given(st.lists(st.floats(0, 20), min_size=3, max_size=20))
def test_no_fix_of_a_drive_that_could_be_driven_is_called_a_spike(strides: list[float]) -> None:
    east, points = 0.0, []
    for second, stride in enumerate(strides):
        east += stride / 51
        points.append(at(second, east))
    trace = Trace()
    assert all(kmh(one, other) <= 160 for one, other in zip(points, points[1:], strict=False))
    assert not any(trace.take(point)[1] for point in points)
