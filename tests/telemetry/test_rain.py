"""A rainstorm from outside: gauge, alarm, case where it belongs; spikes raise nothing, a dead gauge speaks up."""

import json
from datetime import timedelta

import pytest

from cases.models import Case
from simulator.rain import DRY, Storm
from telemetry import actions
from telemetry.models import Alarm, Observation
from tests.cases.factories import CITY, HERE, SETUP, SOUTH, STEP, WEST, names
from tests.telemetry.flood_town import DIP, START, UNDERPASS, alarms, at, key_of
from tests.telemetry.test_alarms import delivered

pytestmark = pytest.mark.django_db
MORE, UNTIL = ("FP-3", "FP-4"), 31


@pytest.fixture
def storm(flood, client):
    """The storm over four points, the third with a gauge that dies and the fourth with one that tells late."""
    for code in MORE:
        actions.keep_station(
            code, actor=SETUP, names=names(code, code), system="flooding", lon=WEST + STEP * 0.6, lat=SOUTH + STEP * 0.6
        )  # fmt: skip
        actions.keep_stream(
            f"{code}-a", actor=SETUP, station=code, names=names("液", "G"), metric="water_depth", unit="cm",
            interval_s=60, high=500,
        )  # fmt: skip
    actions.keep_stream(
        "rain-1", actor=SETUP, station=DIP, names=names("雨量", "Rain"), metric="rain_rate", unit="mm/h", interval_s=60
    )
    key = key_of()

    def send(body):
        answer = client.post(
            "/api/observations", json.dumps(body), content_type="application/json",
            headers={"Authorization": f"Bearer {key}", "X-Machine": "water-bureau"},
        )  # fmt: skip
        return answer.status_code, answer.json()

    streams = [f"{code}-a" for code in (DIP, UNDERPASS, *MORE)]
    return Storm(streams, START, rain="rain-1"), send


def test_a_storm_is_told_from_outside_and_becomes_a_case_within_two_samples(storm):
    weather, send = storm
    over, alarmed = 0, 0
    for minute in range(UNTIL):
        at(START + timedelta(minutes=minute))
        batch = weather.measured(minute)
        if any(one["stream"] == f"{DIP}-a" and one["value"] >= 5 for one in batch):
            over = over or minute
        status, answer = send({"observations": batch})
        assert (status, answer["refused"]) == (200, [])
        if alarms() and not alarmed:
            alarmed = minute
            delivered()
    assert DRY < over <= alarmed <= over + 1, "in at most two samples"
    actions.sweep_alarms()
    delivered()
    (alarm,) = alarms()
    assert alarm.highest == 4
    assert alarm.peak > 40
    case = Case.objects.get(number=alarm.case)
    assert case.area.startswith(f"{CITY}.{HERE}")
    assert (case.category_code, case.stage) == ("E0506", "registered")
    assert not alarms(UNDERPASS), "a gauge that spikes raises nothing"
    (silent,) = alarms(MORE[0], rule="gauge_silent")
    assert silent.highest == 3
    assert silent.begun_at < START + timedelta(minutes=DRY + 12)
    assert len(alarms(MORE[1])) == 1, "what came late and backwards is one flood"
    assert not Alarm.objects.filter(rule__code="gauge_silent", station__code=DIP).exists()


def test_a_stranger_machine_writes_nothing(flood, client):
    def asked(code="water-bureau", key="m1_wrong", body=None):
        told = body or {"observations": [{"stream": f"{DIP}-a", "at": START.isoformat(), "value": 1}]}
        return client.post(
            "/api/observations", json.dumps(told), content_type="application/json",
            headers={"Authorization": f"Bearer {key}", "X-Machine": code},
        )  # fmt: skip

    key = key_of()
    camera = key_of("camera-cloud", kind="camera")
    far = key_of("far-bureau", areas=["449902"])
    assert asked().status_code == 401
    assert asked(code="nobody").status_code == 401
    for code, right in (("camera-cloud", camera), ("far-bureau", far)):
        answer = asked(code, right).json()
        assert answer["accepted"] == 0
        assert answer["refused"][0]["code"] == "telemetry.no_stream"
    for body in ([], {"observations": "x"}, {"observations": [1] * 1001}):
        assert asked(key=key, body=body or {"x": 1}).status_code == 400
    mixed = {"observations": [1, {"stream": f"{DIP}-a", "at": "yesterday", "value": 1},
                              {"stream": f"{DIP}-a", "at": START.isoformat(), "value": "deep"},
                              {"stream": f"{DIP}-a", "at": START.isoformat(), "value": 1}]}  # fmt: skip
    answer = asked(key=key, body=mixed).json()
    assert answer["accepted"] == 1
    assert [one["index"] for one in answer["refused"]] == [0, 1, 2]
    assert Observation.objects.count() == 1
