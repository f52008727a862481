"""A web process killed before its answer: the gauge sends again, and it is the same case, of which it says more."""

import signal
from http.client import IncompleteRead

import pytest

from cases.models import Case, Clue, Move
from exchange import actions
from exchange.models import MachineCall
from simulator import sensor
from tests.cases.conftest import real_town
from tests.cases.factories import SETUP, point
from tests.killed import dying_server

__all__ = ["real_town"]

FLOODED = ("2026-11-30T09:00:00+08:00", "2026-11-30T09:15:00+08:00")


@pytest.mark.django_db(transaction=True)
def test_a_gauge_whose_report_killed_the_server_has_one_case_and_says_later_when_it_is_over(real_town, live_server):
    told = {"names": {"zh": "积水计", "en": "Gauge"}, "kind": "sensor", "classes": ["E0506"]}
    key = actions.make_machine("gauge-7", told=told, actor=SETUP).key
    lon, lat = point()
    gauge = sensor.Gauge({"class": "E0506", "lon": lon, "lat": lat}, "run")
    with dying_server() as (process, address):
        gauge.measure(FLOODED[0])
        assert gauge.send(address, "gauge-7", key) == [(0, {})]
        assert process.wait(60) == -signal.SIGKILL
    (number,) = Case.objects.values_list("number", flat=True)
    assert [(status, answer["case"]) for status, answer in gauge.send(live_server.url, "gauge-7", key)] == [
        (200, number)
    ]
    while gauge.event:
        gauge.measure(FLOODED[1])
    answers = gauge.send(live_server.url, "gauge-7", key)
    assert {(status, answer["state"]) for status, answer in answers} == {(200, "taken")}
    case = Case.objects.get()
    assert (case.number, case.attributes["values"]["level_cm"]) == (number, 17.8)
    assert Clue.objects.order_by("pk").last().note.startswith("设备报告：已恢复\nlevel_cm = ")
    assert (MachineCall.objects.get(event="run-2").times, Move.objects.filter(verb="report").count()) == (2, 1)


def test_an_answer_that_breaks_off_is_no_answer(monkeypatch):
    def broken(*_args, **_more):
        raise IncompleteRead(b"{")

    monkeypatch.setattr(sensor.urllib.request, "urlopen", broken)
    gauge = sensor.Gauge({"class": "E0506"}, "run")
    gauge.measure(FLOODED[0])
    assert gauge.send("http://city", "gauge-7", "m1_x") == [(0, {})]
    assert len(gauge.waiting) == 1
