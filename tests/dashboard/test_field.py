"""The app of the field as the server has it: an open shell that says nothing, and answers for one person alone."""

import json
import re
from itertools import accumulate

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from cases import selectors
from cases.models import Case, Request
from core import clock
from tests.cases.factories import (
    HERE,
    PASSWORD,
    brought_to,
    point,
    reported,
    take,
)


def phone(town, name, **options):
    """A browser in which this person has signed in."""
    client = Client(**options)
    client.force_login(town.people[name])
    return client


def signed_in(client, name):
    """Through the page, as a person does: signing in makes every token of the session before worthless."""
    client.get("/accounts/login/")
    form = {"login": name, "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    if settings.SESSION_COOKIE_NAME in client.cookies:
        del client.cookies[settings.SESSION_COOKIE_NAME]
    assert client.post("/accounts/login/", form).status_code == 302


def said(client, name):
    return client.get(reverse(f"api-field-{name}")).json()


def sent(client, path, body, key, **headers):
    """As the app sends it: with its key, and the version it has seen."""
    headers = {"Idempotency-Key": key, **headers}
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def test_the_shell_is_open_says_nothing_of_anybody_and_is_the_same_in_every_session(town):
    there = phone(town, "collector")
    answers = [client.get(reverse("field")) for client in (Client(), there)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert b"Collector" not in answers[0].content
    assert answers[0]["Cache-Control"] == "no-cache"
    policy = answers[0]["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "unsafe-inline" not in policy
    words = json.loads(re.search(rb'id="field-words"[^>]*>(.*?)</script>', answers[0].content)[1])
    assert words["zh"].keys() == words["en"].keys()
    assert words["zh"]["send"] == "发送"
    assert words["en"]["send"] == "Send"


def test_the_worker_keeps_the_shell_and_every_file_it_names_under_a_version_of_the_build():
    answer = Client().get(reverse("field-worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    kept = json.loads(answer.content.decode().splitlines()[0].removeprefix("self.FIELD = ").rstrip(";"))
    shell = Client().get(reverse("field")).content.decode()
    named = set(re.findall(r'(?:src|href)="(/static/[^"]+\.(?:js|css))"', shell))
    assert named
    assert named <= set(kept["files"])
    assert kept["shell"] == reverse("field")
    assert f'"{kept["version"]}"' in shell
    for path in kept["files"]:
        assert (settings.STATICFILES_DIRS[0] / path.removeprefix("/static/")).is_file(), path


def test_the_manifest_installs_the_app_in_its_own_scope():
    told = Client().get(reverse("field-manifest")).json()
    assert (told["scope"], told["start_url"], told["display"]) == ("/field/", "/field/", "standalone")
    assert {one["sizes"] for one in told["icons"]} == {"192x192", "512x512"}


@pytest.mark.django_db
def test_the_app_is_for_those_who_work_out_there(town):
    for name, what in (("collector", (True, True, False)), ("handler", (False, False, True))):
        told = said(phone(town, name), "person")
        assert (told["reports"], told["collects"], told["handles"]) == what
        assert told["key"] == town.key(name)
    for name in ("person", "tasks", "classes", "ground", "sent"):
        assert phone(town, "leader").get(reverse(f"api-field-{name}")).status_code == 403
        assert Client().get(reverse(f"api-field-{name}")).status_code == 401


@pytest.mark.django_db
def test_a_token_of_one_session_sends_nothing_in_another_persons(town):
    client = Client(enforce_csrf_checks=True)
    signed_in(client, "collector")
    token = said(client, "person")["token"]
    report = {"description": "路面积水", "address": "海滨路 1 号"}
    signed_in(client, "collector2")
    assert said(client, "person")["key"] == town.key("collector2")
    wrong = sent(client, reverse("api-cases"), report, "k1", **{"X-CSRFToken": token})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "request.permission_denied")
    assert not Case.objects.exists()
    own = said(client, "person")["token"]
    assert sent(client, reverse("api-cases"), report, "k1", **{"X-CSRFToken": own}).status_code == 201


@pytest.mark.django_db
def test_a_report_sent_again_is_the_same_case_and_the_phones_clock_decides_no_deadline(time, town):
    client, (lon, lat) = phone(town, "collector"), point()
    body = {
        "category": "E0506", "description": "积水", "lon": lon, "lat": lat,
        "attributes": {"phone_time": "2001-01-01T00:00:00.000Z", "phone_ahead_s": -9, "place_by": "gnss"},
    }  # fmt: skip
    first, again = (sent(client, reverse("api-cases"), body, "one-key") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]
    kept = Case.objects.get()
    assert kept.reported_at == kept.stage_since == clock.now()
    assert kept.attributes["phone_time"] == "2001-01-01T00:00:00.000Z"
    assert [(one["key"], one["number"]) for one in said(client, "sent")] == [("one-key", kept.number)]
    assert said(phone(town, "collector2"), "sent") == []


@pytest.mark.django_db
def test_a_task_is_shown_to_whoever_has_it_and_to_nobody_else(town):
    verifying = take(town, reported(town, category="E0110"), "send_verify", "acceptor", collector="@collector")
    checking = brought_to(town, "checking")
    handling = brought_to(town, "handling")
    found = {
        name: said(phone(town, name), "tasks")["tasks"] for name in ("collector", "collector2", "handler", "handler_b")
    }
    assert {(one["number"], one["act"], one["photo"]) for one in found["collector"]} == {
        (verifying.number, "verify", True), (checking.number, "check", True),
    }  # fmt: skip
    assert [(one["number"], one["act"]) for one in found["handler"]] == [(handling.number, "handle")]
    assert found["collector2"] == found["handler_b"] == []
    assert [one["pictures"] for one in found["collector"] if one["act"] == "verify"][0]


@pytest.mark.django_db
def test_nothing_is_sent_again_to_a_phone_that_has_it(town):
    client = phone(town, "collector")
    for name in ("tasks", "classes", "ground", "sent"):
        first = client.get(reverse(f"api-field-{name}"))
        again = client.get(reverse(f"api-field-{name}"), headers={"If-None-Match": first["ETag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b""), name
        assert again["Cache-Control"] == "private, no-cache"
    tag = client.get(reverse("api-field-tasks"))["ETag"]
    take(town, reported(town, category="E0110"), "send_verify", "acceptor", collector="@collector")
    assert client.get(reverse("api-field-tasks"), headers={"If-None-Match": tag}).status_code == 200


def middle(steps, origin):
    """Of a square that is drawn in steps."""
    corners = list(zip(accumulate(steps[::2]), accumulate(steps[1::2]), strict=True))
    return tuple(
        start + (min(side) + max(side)) / 200_000
        for start, side in zip(origin, zip(*corners, strict=True), strict=True)
    )


@pytest.mark.django_db
def test_the_map_is_of_ones_own_ground(town):
    whole, part = (said(phone(town, name), "ground") for name in ("collector", "handler"))
    assert len(whole["cells"]) == 8
    assert {region[0] for region in whole["regions"]} == {"district", "street", "community"}
    assert whole["mine"] == []
    first = next(cell for cell in whole["cells"] if cell[0].startswith(HERE))
    lon, lat = middle(first[2], whole["origin"])
    assert reported(town, lon=lon, lat=lat).cell == first[0], "the phone's cell is the server's"
    assert {cell[0][:6] for cell in part["cells"]} == {HERE}, "that of the organisation for which one works"


@pytest.mark.django_db
def test_the_classes_are_those_on_offer_in_their_groups_in_both_languages(town):
    told = said(phone(town, "collector"), "classes")
    assert [one["code"] for one in told["classes"]] == [one.code for one in selectors.categories()]
    assert {one["group"] for one in told["classes"]} == told["groups"].keys()
    assert all(names["zh"] and names["en"] for names in told["groups"].values())
    assert {one["code"]: one["photo"] for one in told["classes"]}["E0110"] is True


@pytest.mark.django_db
def test_a_step_whose_answer_was_lost_is_told_as_taken_and_is_not_taken_twice(town):
    case = take(town, reported(town), "send_verify", "acceptor", collector="@collector")
    client = phone(town, "collector")
    path, seen = f"/api/cases/{case.number}/verify", {"If-Match": f'"{case.version}"'}
    first, again = (sent(client, path, {"verdict": True}, "s1", **seen) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert [move.verb for move in selectors.history(Case.objects.get())].count("verify") == 1
    unkeyed = client.post(path, json.dumps({"verdict": True}), content_type="application/json", headers=seen)
    assert unkeyed.status_code == 412, "without a key it is a step like any other"


@pytest.mark.django_db
def test_who_says_no_after_yes_from_the_same_version_is_not_told_that_it_was_taken(town):
    case = take(town, reported(town), "send_verify", "acceptor", collector="@collector")
    client = phone(town, "collector")
    path, seen = f"/api/cases/{case.number}/verify", {"If-Match": f'"{case.version}"'}
    yes = sent(client, path, {"verdict": True}, "s1", **seen)
    no = sent(client, path, {"verdict": False}, "s2", **seen)
    assert (yes.status_code, no.status_code, no.json()["code"]) == (200, 412, "case.stale")
    assert [move.given["verdict"] for move in selectors.history(Case.objects.get()) if move.verb == "verify"] == [True]


@pytest.mark.django_db
def test_the_step_of_somebody_else_is_not_told_as_ones_own(town):
    case = brought_to(town, "checking")
    seen = {"If-Match": f'"{case.version}"'}
    take(town, case, "check_pass", "collector", photos="@")
    other = sent(phone(town, "collector2"), f"/api/cases/{case.number}/check_pass", {"note": ""}, "s2", **seen)
    assert (other.status_code, other.json()["code"]) == (412, "case.stale")


@pytest.mark.django_db
def test_more_time_is_asked_once_however_often_it_is_sent_and_offered_only_where_the_city_grants_it(town):
    case, client = brought_to(town, "handling"), phone(town, "handler")
    told = said(client, "tasks")
    assert [one["extension"] for one in told["tasks"]] == [120]
    assert [one["code"] for one in told["grounds"]] == ["engineering"]
    body = {"kind": "extension", "reason": "等配件", "ground": "engineering", "minutes": 60}
    seen = {"If-Match": f'"{case.version}"'}
    first, again = (sent(client, f"/api/cases/{case.number}/requests", body, "a1", **seen) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"] == Request.objects.get().pk
    assert first["ETag"] == again["ETag"]
    assert [one["extension"] for one in said(client, "tasks")["tasks"]] == [0], "it waits for its signatures"


@pytest.mark.django_db
def test_the_questions_of_a_phone_are_few_however_many_tasks(town, django_assert_max_num_queries):
    for _ in range(3):
        brought_to(town, "handling")
    client = phone(town, "handler")
    said(client, "tasks")
    with django_assert_max_num_queries(14):
        assert len(said(client, "tasks")["tasks"]) == 3
