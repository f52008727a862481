"""The desk, an alarm, gauges, the flood page and the rule editor, and the same over HTTP: who sees and does what."""

import json
import os
from pathlib import Path

import pytest
from django.test import Client

from accounts.actions import create_user, grant
from telemetry import actions
from telemetry.models import Alarm, AlarmRule, RainWarning
from tests.cases.factories import CITY, HERE, PASSWORD, SETUP
from tests.cases.test_query_counts import cost
from tests.telemetry.flood_town import DIP, START, UNDERPASS, after, alarms, at, gauge, sent

pytestmark = pytest.mark.django_db
RECORD = Path(__file__).with_name("query_counts.json")
TOLD = {
    "zh": "积水", "en": "Water", "bands": "5 15 27 40", "least": 2, "share": 0.1, "need": 2, "of": 3, "minutes": 10,
    "readings": 3, "rate": 1, "within": 15, "category": "E0506", "level": 2, "days": 7,
}  # fmt: skip


def browser(town, name="watcher") -> Client:
    client = Client()
    client.force_login(town.people[name])
    return client


@pytest.fixture
def flooded(flood):
    """Water stands at the first point."""
    sent(gauge([0, 0, 20, 21, 22, 22]))
    return flood


def test_the_desk_shows_what_stands_and_takes_acknowledgements(flooded):
    watcher, (alarm,) = browser(flooded), alarms()
    page = watcher.get("/alarms/").content.decode()
    assert f"/alarms/{alarm.pk}/" in watcher.get("/todo/").content.decode()
    assert f'id="alarm-{alarm.pk}"' in page
    assert "黄色" in page
    assert 'data-key="a"' in page
    answer = watcher.post(f"/alarms/{alarm.pk}/acknowledge/", {"back": "/alarms/?state=open"})
    assert (answer.status_code, answer.url) == (302, "/alarms/?state=open")
    assert Alarm.objects.get(pk=alarm.pk).acknowledged_by == "Watcher"
    assert f'id="alarm-{alarm.pk}"' not in watcher.get("/alarms/?state=waiting").content.decode()
    away = watcher.post(f"/alarms/{alarm.pk}/assign/", {"to": "me", "back": "https://evil.example/"})
    assert away.url == f"/alarms/{alarm.pk}/", "nobody is sent elsewhere"
    other = browser(flooded, "other")
    assert f"alarm-{alarm.pk}" not in other.get("/alarms/").content.decode()
    assert other.get(f"/alarms/{alarm.pk}/").status_code == 404
    assert other.post(f"/alarms/{alarm.pk}/acknowledge/").status_code == 404


def test_an_alarm_has_its_curve_its_history_and_its_refusals(flooded):
    watcher, (alarm,) = browser(flooded), alarms()
    page = watcher.get(f"/alarms/{alarm.pk}/").content.decode()
    assert "<svg" in page
    assert "chart__alarm" in page
    assert "告警产生" in page
    refused = watcher.post(f"/alarms/{alarm.pk}/shelve/", {"minutes": 60, "reason": ""})
    assert refused.status_code == 400
    assert "请填写原因" in refused.content.decode()
    assert watcher.post(f"/alarms/{alarm.pk}/shelve/", {"minutes": 60, "reason": "检修"}).status_code == 302
    assert Alarm.objects.get(pk=alarm.pk).shelved_until == after(65)
    stale = watcher.post(f"/alarms/{alarm.pk}/acknowledge/", {"version": alarm.version})
    assert stale.status_code == 409
    assert watcher.post(f"/alarms/{alarm.pk}/dance/").status_code == 404
    assert watcher.get("/alarms/?state=nonsense").status_code == 400


def test_a_gauge_and_the_flood_page_show_depths_bands_and_rain(flooded):
    watcher = browser(flooded)
    page = watcher.get(f"/gauges/{DIP}/?hours=6").content.decode()
    assert "chart__limit--caution" in page
    assert "22 cm" in page
    assert watcher.get("/gauges/none/").status_code == 404
    flood = watcher.get("/flooding/").content.decode()
    assert flood.index("易涝点1") < flood.index("易涝点2"), "the deepest first"
    answer = watcher.post("/flooding/", {"area": f"{CITY}.{HERE}", "hours": 3, "reason": "气象台橙色预警"})
    assert answer.status_code == 302
    warning = RainWarning.objects.get()
    assert "气象台橙色预警" in watcher.get("/flooding/").content.decode()
    assert watcher.post("/flooding/", {"area": "1.2", "hours": 3, "reason": "x"}).status_code == 400
    assert browser(flooded, "other").post(f"/flooding/rain/{warning.pk}/end/").status_code == 404
    at(after(30))
    assert watcher.post(f"/flooding/rain/{warning.pk}/end/").status_code == 302
    assert RainWarning.objects.get().until == after(30)


def test_a_rule_is_tried_by_whoever_watches_and_saved_by_an_administrator(flooded):
    watcher, boss = browser(flooded), browser(flooded, "boss")
    page = watcher.get("/alarm-rules/flood_depth/").content.decode()
    assert 'value="try"' in page
    assert 'value="save"' not in page
    tried = watcher.post("/alarm-rules/flood_depth/", {**TOLD, "do": "try"})
    assert tried.status_code == 200
    assert 'id="tried"' in tried.content.decode()
    assert watcher.post("/alarm-rules/flood_depth/", {**TOLD, "do": "save", "reason": "试"}).status_code == 403
    wrong = boss.post("/alarm-rules/flood_depth/", {**TOLD, "bands": "5 4", "do": "save", "reason": "试"})
    assert wrong.status_code == 400
    assert AlarmRule.objects.get(code="flood_depth").versions.count() == 1
    saved = boss.post("/alarm-rules/flood_depth/", {**TOLD, "bands": "6 16 28 41", "do": "save", "reason": "标准"})
    assert saved.status_code == 302
    newest = AlarmRule.objects.get(code="flood_depth").versions.first()
    assert newest.document["bands"] == [6, 16, 28, 41]
    assert newest.document["case"]["metres"] == 80, "what the form does not ask stays"
    assert boss.get("/alarm-rules/gauge_silent/").status_code == 200
    assert "flood_depth" in boss.get("/alarm-rules/").content.decode()


def test_the_same_over_http(flooded):
    watcher, boss, (alarm,) = browser(flooded), browser(flooded, "boss"), alarms()
    listed = watcher.get("/api/alarms?system=flooding&level=2").json()
    assert [one["id"] for one in listed["results"]] == [alarm.pk]
    assert listed["next"] is None
    assert watcher.get("/api/alarms?level=9").status_code == 400
    read = watcher.get(f"/api/alarms/{alarm.pk}")
    assert read.json()["turns"][0]["act"] == "raised"
    told = json.dumps({"reason": "看过"})
    stale = watcher.post(f"/api/alarms/{alarm.pk}/note", told, content_type="application/json",
                         headers={"If-Match": '"999"'})  # fmt: skip
    assert stale.status_code == 409
    noted = watcher.post(f"/api/alarms/{alarm.pk}/note", told, content_type="application/json",
                         headers={"If-Match": read.headers["ETag"]})  # fmt: skip
    assert noted.status_code == 200
    station = watcher.get(f"/api/stations/{DIP}").json()
    assert (station["level"], station["value"], station["silent"]) == (2, 22, False)
    assert len(watcher.get("/api/stations").json()["results"]) == 2
    series = watcher.get(f"/api/stations/{DIP}/{DIP}-a", {"since": START.isoformat()}).json()["results"]
    assert [one["value"] for one in series] == [0, 0, 20, 21, 22, 22]
    for odd in ("since=yesterday", "until=0001-01-01T00:00:00Z", "since=9999-12-31T23:59:59Z"):
        assert watcher.get(f"/api/stations/{DIP}/{DIP}-a?{odd}").status_code == 400
    assert watcher.get(f"/api/stations/{DIP}/{UNDERPASS}-a").status_code == 404
    document = AlarmRule.objects.get(code="flood_depth").versions.first().document
    tried = watcher.post("/api/alarm-rules/flood_depth/dry-run", json.dumps({"document": document}),
                         content_type="application/json").json()["results"]  # fmt: skip
    assert [len(one["would"]) for one in tried if one["station"] == DIP] == [1]
    saved = boss.put("/api/alarm-rules/new_rule", json.dumps({"document": document, "reason": "新"}),
                     content_type="application/json")  # fmt: skip
    assert (saved.status_code, saved.json()["own"]) == (200, True)
    assert boss.delete("/api/alarm-rules/new_rule").status_code == 204
    assert AlarmRule.objects.get(code="new_rule").retired
    rain = {"area": f"{CITY}.{HERE}", "until": after(90).isoformat(), "reason": "暴雨"}
    made = watcher.post("/api/rain-warnings", json.dumps(rain), content_type="application/json")
    assert made.status_code == 201
    assert watcher.delete(f"/api/rain-warnings/{made.json()['id']}").status_code == 204


def test_every_page_costs_what_was_recorded_with_one_alarm_or_with_many(flooded):
    watcher, (alarm,) = browser(flooded), alarms()
    asked = {
        "GET /alarms/": lambda: watcher.get("/alarms/"),
        "GET /alarms/<id>/": lambda: watcher.get(f"/alarms/{alarm.pk}/"),
        "GET /gauges/<code>/": lambda: watcher.get(f"/gauges/{UNDERPASS}/"),
        "GET /flooding/": lambda: watcher.get("/flooding/"),
        "GET /alarm-rules/": lambda: watcher.get("/alarm-rules/"),
        "GET /alarm-rules/<code>/": lambda: watcher.get("/alarm-rules/flood_depth/"),
        "GET /api/alarms": lambda: watcher.get("/api/alarms"),
        "GET /api/stations": lambda: watcher.get("/api/stations"),
    }
    first = {name: cost(act) for name, act in asked.items()}
    sent([*gauge([0, 0, 30, 31], stream=f"{UNDERPASS}-a"), *gauge([0, 0, 30, 31], stream=f"{UNDERPASS}-b")])
    at(after(30))
    actions.sweep_alarms()
    assert Alarm.objects.count() > 2
    assert {name: cost(act) for name, act in asked.items()} == first, "more alarms, not more queries"
    if os.environ.get("RECORD_QUERIES"):
        RECORD.write_text(json.dumps(first, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert first == json.loads(RECORD.read_text(encoding="utf-8"))


def test_a_right_over_one_organisation_opens_no_gauge_and_odd_words_are_refused(flooded):
    desk = create_user(username="municipal", password=PASSWORD, label="M", organisation=f"d{HERE}", actor=SETUP)
    grant(user=desk, role="watcher", org=f"d{HERE}", actor=SETUP)
    flooded.people["municipal"] = desk
    (alarm,) = alarms()
    assert browser(flooded, "municipal").get(f"/api/alarms/{alarm.pk}").status_code == 404
    assert browser(flooded, "municipal").get("/api/stations").json()["results"] == []
    watcher, boss = browser(flooded), browser(flooded, "boss")
    for rain in ({"area": "449900.1", "reason": "x"}, {"area": f"{CITY}.{HERE}", "reason": "\ud800"}):
        told = json.dumps({"until": after(90).isoformat(), **rain})
        assert watcher.post("/api/rain-warnings", told, content_type="application/json").status_code == 400
    document = AlarmRule.objects.get(code="flood_depth").versions.first().document
    for wrong in ({"names": {"zh": "\0", "en": "x"}}, {"bands": [1, 1e9]}, {"bands": []}, {"dance": 1}):
        told = json.dumps({"document": {**document, **wrong}, "reason": "试"})
        answer = boss.put("/api/alarm-rules/odd", told, content_type="application/json")
        assert answer.status_code == 400, wrong
    assert not AlarmRule.objects.filter(code="odd").exists()
    assert not RainWarning.objects.exists()
