"""Classes and standard texts for programs: listed, changed from a day on, switched, and refused in both languages."""

from datetime import timedelta

import pytest
from django.test import Client

from cases import selectors
from cases.models import Category, StandardText
from core import clock
from tests.accounts.factories import holder
from tests.cases.factories import condition

PATH, JSON, WHY = "/api/classes/E0407", "application/json", "市政府令第 12 号"


@pytest.fixture
def boss(town):
    """An administrator of the whole city, as a program."""
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(holder("root", "admin"))
    return client


def wanted(client, **changes):
    """E0407 as it was read, with changes, and why."""
    return {**client.get(PATH).json()["in_force"]["says"], "reason": WHY, **changes}


def put(client, seen=1, **changes):
    return client.put(PATH, wanted(client, **changes), JSON, headers={"If-Match": f'"{seen}"'})


def save(client, seen=1, **changes):
    """Saved with the seal of the replay that was looked at before."""
    look = put(client, seen, **changes, dry_run=True).json()["draft"]
    return put(client, seen, **changes, looked=look["replay"]["seal"])


def longer(value=9):
    return [condition("a", value, "urgent_hour"), condition("b", 4, "work_hour")]


def test_the_list_has_what_is_switched_off_and_finds(boss):
    assert boss.post("/api/classes/switch", {"codes": ["C0101"], "enabled": False}, JSON).json() == {"changed": 1}
    rows = {row["code"]: row for row in boss.get("/api/classes").json()}
    assert (rows["C0101"]["state"], rows["E0407"]["state"]) == ("off", "on")
    assert [row["code"] for row in boss.get("/api/classes?state=off").json()] == ["C0101"]
    assert boss.get("/api/classes/C0101").json()["switch"]["origin"] == "city"
    assert not selectors.is_switched_on("C0101")
    assert boss.get("/api/classes?state=lost").status_code == 400


def test_a_change_is_looked_at_then_saved_from_a_day_on_and_withdrawn(boss):
    begins = clock.now() + timedelta(days=3)
    draft = put(boss, conditions=longer(), valid_from=begins.isoformat(), dry_run=True).json()["draft"]
    assert [(row["condition"], row["field"]) for row in draft["differences"]] == [("a", "limit")]
    assert Category.objects.filter(code="E0407").count() == 1, "looking saves nothing"
    blind = put(boss, conditions=longer(), valid_from=begins.isoformat())
    assert (blind.status_code, blind.json()["code"]) == (409, "class.look_again")
    assert Category.objects.filter(code="E0407").count() == 1, "nobody saves unseen"
    answer = save(boss, conditions=longer(), valid_from=begins.isoformat())
    saved = answer.json()["saved"]
    assert (answer["ETag"], saved["version"], saved["to_come"]["version"]) == ('"2"', 1, 2)
    assert saved["to_come"]["says"]["conditions"][0]["limit"]["value"] == 9
    assert [row["version"] for row in boss.get(f"{PATH}/versions").json()] == [2, 1]
    gone = boss.post(f"{PATH}/versions/2/withdraw", {"reason": WHY}, JSON)
    assert gone.json()["withdrawn"]
    after = boss.get(PATH)
    assert (after["ETag"], after.json()["to_come"]) == ('"1"', None)
    assert save(boss, conditions=longer(8)).status_code == 200, "what was withdrawn stands in nobody's way"
    withdrawn = {row["version"]: row["withdrawn"] for row in boss.get(f"{PATH}/versions").json()}
    assert withdrawn == {1: False, 2: True, 3: False}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Somebody has changed the class: you saw version 1, it is now version 2."),
        ("zh-hans", "该小类已被他人修改：您看到的是第 1 版，现为第 2 版。"),
    ],
)
def test_a_version_that_is_past_is_refused(boss, language, sentence):
    assert save(boss, conditions=longer()).status_code == 200
    boss.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    answer = put(boss, conditions=longer(8))
    assert (answer.status_code, answer.json()["code"]) == (412, "class.stale")
    assert answer.json()["message"] == sentence
    assert selectors.category("E0407").version == 2


def test_who_does_not_say_what_they_saw_changes_nothing(boss):
    answer = boss.put(PATH, wanted(boss, conditions=longer()), JSON)
    assert (answer.status_code, answer.json()["code"]) == (428, "class.version_needed")
    assert answer.json()["message"] == "Say which version of the class you saw (If-Match)."
    assert boss.put(PATH, {}, JSON, headers={"If-Match": "W/1"}).json()["code"] == "case.bad_version"
    assert selectors.category("E0407").version == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "class.nothing_changes"),
        ({"reason": " ", "conditions": longer()}, "case.needs_reason"),
        ({"conditions": []}, "class.needs_condition"),
        ({"conditions": longer(0)}, "class.bad_limit"),
        ({"names": {"zh": "只有中文", "en": ""}}, "class.needs_words"),
        ({"department": {"duty": "fairies"}}, "class.unknown_duty"),
        ({"conditions": [{"code": "a"}]}, "request.invalid"),
    ],
)
def test_what_a_class_cannot_say_is_refused(boss, changes, code):
    answer = put(boss, **changes)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert selectors.category("E0407").version == 1


def test_a_class_is_made_retired_and_brought_back(boss):
    new = wanted(boss, code="E0499", minor="99", names={"zh": "无人机扰民", "en": "Drones"})
    assert boss.post("/api/classes", new, JSON).status_code == 201
    assert boss.post("/api/classes", new, JSON).json()["code"] == "class.stale", "there is one already"
    seen = {"If-Match": '"1"'}
    retired = boss.post("/api/classes/E0499/retire", {"reason": WHY}, JSON, headers=seen)
    assert (retired.json()["state"], retired["ETag"]) == ("retired", '"2"')
    assert selectors.category("E0499") is None
    now = {"If-Match": '"2"'}
    look = boss.put("/api/classes/E0499", {**new, "dry_run": True}, JSON, headers=now).json()["draft"]["replay"]
    back = boss.put("/api/classes/E0499", {**new, "looked": look["seal"]}, JSON, headers=now).json()["saved"]
    assert (back["state"], back["version"]) == ("on", 3)


def test_who_works_with_cases_reads_the_catalogue_and_changes_nothing(town):
    leader = Client()
    leader.force_login(town.people["leader"])
    assert leader.get(PATH).status_code == 200
    assert leader.get("/api/classes/presets").json() == []
    answer = put(leader, conditions=longer())
    assert (answer.status_code, answer.json()["code"]) == (403, "class.not_yours")
    assert leader.get("/api/texts").status_code == 403


def test_a_text_is_written_changed_and_retired(boss):
    given = {"verb": "redo", "zh": "{place}请重办", "en": "Do {place} again"}
    made = boss.post("/api/texts", given, JSON)
    path = f"/api/texts/{made.json()['id']}"
    assert (made.status_code, made.json()["texts"]["en"]) == (201, "Do {place} again")
    saved = boss.put(path, {**given, "category": "E04"}, JSON, headers={"If-Match": made["ETag"]})
    assert saved.json()["category"] == "E04"
    assert [row["category"] for row in boss.get("/api/texts").json()] == ["E04"]
    now = {"If-Match": saved["ETag"]}
    for headers, status in (({}, 428), ({"If-Match": made["ETag"]}, 412)):
        assert boss.put(path, given, JSON, headers=headers).status_code == status
        assert boss.delete(path, headers=headers).status_code == status
    assert StandardText.objects.get().category == "E04", "what the other wrote stays"
    assert boss.delete(path, headers=now).status_code == 204
    assert (boss.get(path).status_code, boss.put(path, given, JSON, headers=now).status_code) == (404, 404)
    assert StandardText.objects.get().retired


@pytest.mark.parametrize(("language", "said"), [("en", "Nothing fills name."), ("zh-hans", "name")])
def test_a_text_with_a_place_that_nothing_fills_is_refused(boss, language, said):
    boss.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    answer = boss.post("/api/texts", {"verb": "redo", "zh": "{name}请重办", "en": "Again"}, JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "text.strange_place")
    assert said in answer.json()["message"]
    assert not StandardText.objects.exists()
