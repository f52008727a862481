"""The matrix for programs: who and why everywhere, faults, special rules that are replayed before they are saved."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions import change_organisation, create_organisation, create_user, grant, upsert_role
from cases import selectors
from cases.models import Override
from core import clock
from journal.models import Entry
from tests.accounts.factories import holder
from tests.cases.factories import AREA_HERE, CITY, HERE, SETUP, THERE, brought_to, names

BUREAU, DISTRICT = f"d{HERE}-appearance", f"{CITY}.{HERE}"
JSON, PATH = "application/json", "/api/responsibility/rules"
GIVEN = {"category": "E0407", "area": DISTRICT, "organisation": "centre", "reason": "直管"}


@pytest.fixture
def boss(town):
    """An administrator of the whole city who sees its cases, as a program."""
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(holder("root", "admin", "case.see"))
    return client


def looked(client, given=GIVEN, path=PATH, method="post", **options):
    """The replay of what is given."""
    answer = getattr(client, method)(path, {**given, "dry_run": True}, JSON, **options)
    assert answer.status_code == 200, answer.json()
    return answer.json()["replay"]


def made(client, **changes):
    """A special rule, looked at and saved: the answer."""
    given = {**GIVEN, **changes}
    return client.post(PATH, {**given, "seen": looked(client, given)["seal"]}, JSON)


def of(answer):
    """Where the rule of an answer is, and the header that names what was read."""
    return f"{PATH}/{answer.json()['saved']['id']}", {"If-Match": answer["ETag"]}


def test_the_matrix_says_who_and_by_which_rule_in_every_district(boss):
    rule = made(boss).json()["saved"]["id"]
    found = boss.get("/api/responsibility").json()
    assert [column["code"] for column in found["columns"]] == [HERE, THERE]
    assert [row["category"] for row in found["rows"]] == ["C0101", "E0110", "E0407", "E0506"]
    [row] = [row for row in found["rows"] if row["category"] == "E0407"]
    assert (row["duty"]["code"], row["duty"]["by"], row["major"]) == ("appearance", "district", "E04")
    [special], [general] = (square["answers"] for square in row["squares"])
    assert (special["responsible"], special["special"], special["reason"]) == ("centre", rule, "special")
    assert (general["responsible"], general["special"]) == (f"d{THERE}-appearance", None)
    assert [line["code"] for line in general["why"]] == ["class_duty", "nearest", "arbiter"]
    assert {"centre", f"d{THERE}-appearance"} <= {one["code"] for one in found["organisations"]}


def test_the_matrix_is_asked_for_a_district_a_major_class_or_a_name(boss):
    inside = boss.get(f"/api/responsibility?district={HERE}&major=E04").json()
    assert [column["code"] for column in inside["columns"]] == [f"{HERE}001"]
    assert [row["category"] for row in inside["rows"]] == ["E0407"]
    assert [row["category"] for row in boss.get("/api/responsibility?q=e0110").json()["rows"]] == ["E0110"]
    assert boss.get("/api/responsibility?major=E99").json()["rows"] == []
    assert boss.get("/api/responsibility?district=000000").json()["code"] == "responsibility.no_district"
    assert boss.get("/api/responsibility?district=x").status_code == 400


def test_holes_and_conflicts_are_told_with_their_cells(boss):
    change_organisation(f"d{THERE}-appearance", duties=[], actor=SETUP)
    create_organisation(code="second", names=names("二所", "Second"), kind="department", level="district",
                        parent=BUREAU, area=DISTRICT, duties=["appearance"], actor=SETUP)  # fmt: skip
    found = boss.get("/api/responsibility/faults").json()
    assert (found["classes"], found["cells"]) == (4, 8)
    [hole] = [one for one in found["holes"] if one["category"] == "E0407"]
    assert (hole["cells"], [place["code"] for place in hole["places"]]) == (4, [THERE])
    assert hole["why"]["code"] == "no_organisation"
    assert hole["message"].endswith("has nobody in 4 cells.")
    [conflict] = found["conflicts"]
    assert [one["code"] for one in conflict["organisations"]] == [BUREAU, "second"]
    assert (conflict["cells"], len(conflict["classes"])) == (4, 4)


def test_a_rule_is_looked_at_and_then_saved_with_the_seal_of_that(town, boss):
    case = brought_to(town, "registered")
    replay = looked(boss)
    assert (replay["total"], replay["moved"], replay["instead"]) == (1, 1, [])
    assert replay["cases"] == [{"number": case.number, "before": BUREAU, "after": "centre"}]
    assert not Override.objects.exists(), "looking saves nothing"
    blind = boss.post(PATH, GIVEN, JSON)
    assert (blind.status_code, blind.json()["code"]) == (409, "responsibility.look_again")
    assert not Override.objects.exists()
    saved = boss.post(PATH, {**GIVEN, "seen": replay["seal"]}, JSON)
    assert (saved.status_code, saved.json()["saved"]["state"]) == (201, "in_force")
    assert selectors.responsible("E0407", AREA_HERE).organisation == "centre"
    path, _seen = of(saved)
    assert boss.get(path)["ETag"] == saved["ETag"]
    assert [row["id"] for row in boss.get(PATH).json()] == [saved.json()["saved"]["id"]]


def test_a_replay_that_has_changed_since_is_refused(town, boss):
    seal = looked(boss)["seal"]
    brought_to(town, "registered")
    answer = boss.post(PATH, {**GIVEN, "seen": seal}, JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "responsibility.look_again")
    assert not Override.objects.exists()
    assert not Entry.objects.filter(kind="responsibility.overridden.v1").exists()


def test_a_rule_is_changed_by_another_in_its_place(boss):
    first = made(boss)
    path, seen = of(first)
    change = {"organisation": f"d{HERE}", "reason": "交区里"}
    replay = looked(boss, change, path, "put", headers=seen)
    assert replay["instead"] == [first.json()["saved"]["id"]]
    assert boss.put(path, {**change, "seen": replay["seal"]}, JSON).status_code == 428
    saved = boss.put(path, {**change, "seen": replay["seal"]}, JSON, headers=seen)
    assert saved.json()["saved"]["area"] == DISTRICT
    assert selectors.responsible("E0407", AREA_HERE).organisation == f"d{HERE}"
    assert boss.get(path).json()["state"] == "over", "the earlier one stays on record"
    again = boss.put(path, {**change, "seen": replay["seal"]}, JSON, headers=seen)
    assert (again.status_code, again.json()["code"]) == (412, "version.stale")
    assert Override.objects.count() == 2


def test_a_rule_to_come_is_changed_before_it_begins_and_never_does(boss):
    begins = clock.now() + timedelta(days=3)
    path, seen = of(made(boss, valid_from=begins.isoformat()))
    change = {"organisation": f"d{HERE}", "reason": "交区里"}
    early = {**change, "valid_from": (begins - timedelta(days=1)).isoformat()}
    refused = boss.put(path, {**early, "seen": looked(boss, early, path, "put", headers=seen)["seal"]}, JSON,
                       headers=seen)  # fmt: skip
    assert (refused.status_code, refused.json()["code"]) == (409, "responsibility.another_follows")
    replay = looked(boss, change, path, "put", headers=seen)
    saved = boss.put(path, {**change, "seen": replay["seal"]}, JSON, headers=seen).json()["saved"]
    assert saved["state"] == "to_come"
    gone, kept = Override.objects.order_by("pk")
    assert (gone.valid_until, kept.valid_from) == (gone.valid_from, begins)
    assert selectors.responsible("E0407", AREA_HERE).organisation == BUREAU


def test_a_rule_is_ended_once_that_was_looked_at(town, boss):
    brought_to(town, "registered")
    path, seen = of(made(boss))
    why = {"reason": "结束"}
    seal = looked(boss, why, f"{path}/end", headers=seen)["seal"]
    for headers, status in (({}, 428), ({"If-Match": f'"{"0" * 32}"'}, 412)):
        assert boss.post(f"{path}/end", {**why, "seen": seal}, JSON, headers=headers).status_code == status
    assert boss.post(f"{path}/end", why, JSON, headers=seen).json()["code"] == "responsibility.look_again"
    assert boss.get(path).json()["state"] == "in_force"
    ended = boss.post(f"{path}/end", {**why, "seen": seal}, JSON, headers=seen)
    assert ended.json()["saved"]["state"] == "over"
    assert selectors.responsible("E0407", AREA_HERE).organisation == BUREAU
    over = boss.post(f"{path}/end", {**why, "seen": seal}, JSON, headers={"If-Match": ended["ETag"]})
    assert (over.status_code, over.json()["code"]) == (409, "responsibility.over")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"category": "E9999"}, 400, "case.unknown_category"),
        ({"area": "449900.1"}, 400, "responsibility.no_area"),
        ({"organisation": ""}, 400, "responsibility.says_nothing"),
        ({"reason": "很" * 401}, 400, "case.text_too_long"),
        ({"reason": ""}, 400, "request.invalid"),
        ({"valid_from": "2001-01-01T00:00:00Z"}, 400, "responsibility.in_the_past"),
    ],
)
def test_a_wrong_rule_is_refused_with_a_sentence(boss, changes, status, code):
    answer = boss.post(PATH, {**GIVEN, **changes, "dry_run": True}, JSON)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]


def test_an_administrator_of_a_district_makes_rules_there_only_and_is_told_no_hidden_case(town, boss):
    upsert_role(code="near", names=names("区管", "Near"), permissions=["admin"], actor=SETUP)
    user = create_user(username="near", password="a town of tests 7", label="Near", organisation="centre", actor=SETUP)
    grant(user=user, role="near", area=DISTRICT, actor=SETUP)
    near = Client()
    near.force_login(user)
    answer = near.post(PATH, {**GIVEN, "area": f"{CITY}.{THERE}", "dry_run": True}, JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "responsibility.not_yours")
    path, seen = of(made(boss, area=f"{CITY}.{THERE}"))
    foreign = near.post(f"{path}/end", {"reason": "x", "seen": "x"}, JSON, headers=seen)
    assert (foreign.status_code, foreign.json()["code"]) == (403, "responsibility.not_yours")
    assert Override.objects.get().valid_until is None
    brought_to(town, "registered")
    replay = looked(near)
    assert (replay["moved"], replay["cases"]) == (1, []), "how many move is told, not which of those that are hidden"
