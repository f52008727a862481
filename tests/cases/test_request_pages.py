"""Requests on the screen and over HTTP: asked for on the page of the case, signed from the queue, refused in words."""

from datetime import timedelta

import pytest
from django.test import Client

from cases import actions
from cases.models import Case, Order, Request
from core import clock
from tests.cases.factories import asked, at, brought_to, granted, signed, standing

pytestmark = pytest.mark.django_db


def page(town, who):
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(town.people[who])
    return client


def match(case):
    return {"HTTP_IF_MATCH": f'"{standing(case).version}"'}


def test_a_return_is_asked_for_on_the_page_waits_in_the_queue_and_is_signed_there(town):
    case = brought_to(town, "dispatched")
    desk, leader = page(town, "desk"), page(town, "leader")
    assert "must be asked for and approved first" in desk.get(f"/cases/{case.number}/").content.decode()
    sent = desk.post(f"/cases/{case.number}/ask/", {"kind": "return", "reason": "不属本局", "version": case.version})
    assert sent.status_code == 302
    request = Request.objects.get()
    assert "不属本局" in leader.get("/requests/").content.decode()
    assert "不属本局" not in desk.get("/requests/").content.decode()
    assert "不属本局" in desk.get("/requests/?queue=mine").content.decode()
    shown = leader.get(f"/cases/{case.number}/").content.decode()
    assert f'action="/cases/{case.number}/requests/{request.pk}/"' in shown
    here = f"/cases/{case.number}/requests/{request.pk}/"
    for strange in ("²", "9" * 5000, "-1", ""):
        assert leader.post(here, {"decision": "approve", "version": strange}).status_code == 400, strange
    leader.post(here, {"decision": "approve", "version": case.version + 1})
    assert desk.post(f"/cases/{case.number}/send_back/", {"version": "²"}).status_code == 400
    desk.post(f"/cases/{case.number}/send_back/", {"version": case.version + 2})
    assert Case.objects.get().stage == "returned"


def test_a_refused_form_says_why_and_keeps_what_was_typed(town):
    case = brought_to(town, "dispatched")
    answer = page(town, "desk").post(
        f"/cases/{case.number}/ask/",
        {"kind": "extension", "ground": "engineering", "reason": "管线复杂", "minutes": 99999, "version": case.version},
    )
    assert answer.status_code == 400
    assert "管线复杂" in answer.content.decode()
    assert not Request.objects.exists()


def test_a_form_that_somebody_was_quicker_than_keeps_what_was_typed_and_can_be_sent_again(town):
    case, desk = brought_to(town, "dispatched"), page(town, "desk")
    given = {"kind": "return", "reason": "不属本局", "version": case.version}
    asked(town, case, "void", "desk")
    late = desk.post(f"/cases/{case.number}/ask/", given)
    assert (late.status_code, Request.objects.filter(kind="return").exists()) == (412, False)
    shown = next(ask["form"] for ask in late.context["asks"] if ask["open"])
    assert (shown["reason"].value(), shown["version"].value()) == ("不属本局", str(case.version + 1))
    again = {name: shown[name].value() for name in given}
    assert desk.post(f"/cases/{case.number}/ask/", again).status_code == 302
    assert Request.objects.get(kind="return").reason == "不属本局"


def test_a_stranger_to_the_kind_is_offered_no_form_and_refused(town):
    case = brought_to(town, "dispatched")
    handler = page(town, "handler")
    assert 'value="void"' not in handler.get(f"/cases/{case.number}/").content.decode()
    sent = handler.post(f"/cases/{case.number}/ask/", {"kind": "void", "reason": "x", "version": case.version})
    assert sent.status_code == 409
    assert not Request.objects.exists()


def test_a_hold_shows_its_end_and_that_the_clock_stands_still(town, time):
    case = granted(
        town, brought_to(town, "dispatched"), "hold", "desk", "leader", until=at("2026-12-20T12:00:00+08:00")
    )
    client = page(town, "desk")
    shown = client.get(f"/cases/{case.number}/").content.decode()
    assert "12-20 12:00" in shown
    assert "stands still" in shown
    assert client.post(f"/cases/{case.number}/resume/", {"version": case.version}).status_code == 400
    client.post(f"/cases/{case.number}/resume/", {"version": case.version, "reason": "材料已到"})
    assert Case.objects.get().held_until is None


def test_a_hold_asked_for_on_the_page_lasts_to_the_end_of_its_last_day(town, time):
    case = brought_to(town, "dispatched")
    given = {"kind": "hold", "ground": "season", "reason": "雨季", "until": "2026-12-20", "version": case.version}
    assert page(town, "desk").post(f"/cases/{case.number}/ask/", given).status_code == 302
    assert Request.objects.get().until == at("2026-12-20T23:59:59+08:00")


def test_who_asked_withdraws_on_the_page_and_others_cannot(town):
    case = brought_to(town, "dispatched")
    request = asked(town, case, "void", "desk")
    path, given = f"/cases/{case.number}/requests/{request.pk}/withdraw/", {"version": case.version + 1}
    assert page(town, "leader").post(path, given).status_code == 403
    assert page(town, "desk").post(path, given).status_code == 302
    assert Request.objects.get().state == "withdrawn"


def test_the_reason_why_a_deadline_moved_is_told(town, time):
    case = brought_to(town, "dispatched")
    granted(town, case, "extension", "desk", "district_dispatcher", "city_dispatcher", minutes=30)
    assert "added 30 minutes" in page(town, "desk").get(f"/cases/{case.number}/").content.decode()


def test_over_http_a_request_is_asked_for_and_signed_against_the_version_seen(town):
    case = brought_to(town, "dispatched")
    desk, leader = page(town, "desk"), page(town, "leader")
    path, given = f"/api/cases/{case.number}/requests", {"kind": "return", "reason": "不属本局"}
    send = {"content_type": "application/json"}
    assert desk.post(path, given, **send).status_code == 428
    assert desk.post(path, given, **send, HTTP_IF_MATCH='"1"').status_code == 412
    made = desk.post(path, given, **send, **match(case))
    assert (made.status_code, made["ETag"]) == (201, f'"{case.version + 1}"')
    body = made.json()
    assert (body["state"], body["next_duty"], body["signatures"]) == ("open", "supervise", [])
    again = desk.post(path, given, **send, **match(case))
    assert (again.status_code, again.json()["code"]) == (409, "case.request_open")
    decision = f"{path}/{body['id']}/decision"
    assert leader.post(decision, {"approve": True}, **send).status_code == 428
    done = leader.post(decision, {"approve": True}, **send, **match(case)).json()
    assert (done["state"], done["signed"], done["signatures"][0]["label"]) == ("approved", 1, "Leader")
    assert [row["state"] for row in desk.get(path).json()] == ["approved"]
    assert leader.get("/api/requests?queue=nothing").status_code == 400
    assert leader.get("/api/requests/counts").json() == {"awaiting": 0, "mine": 0, "open": 0, "decided": 1}


def test_over_http_a_held_case_is_resumed(town, time):
    case = granted(
        town, brought_to(town, "dispatched"), "hold", "desk", "leader", until=at("2026-12-20T12:00:00+08:00")
    )
    client, send = page(town, "desk"), {"content_type": "application/json"}
    assert client.get(f"/api/cases/{case.number}").json()["held_until"] is not None
    clocks = client.get(f"/api/cases/{case.number}/clocks").json()
    assert all(row["paused"] for row in clocks if row["running"])
    answer = client.post(f"/api/cases/{case.number}/resume", {"reason": "好"}, **send, **match(case))
    assert (answer.status_code, answer.json()["held_until"]) == (200, None)


def test_the_queue_is_one_page_of_the_oldest_first_and_another_department_sees_nothing(town):
    case = brought_to(town, "dispatched")
    signed(town, asked(town, case, "void", "desk", reason="重复上报"), "leader", approve=False, answer="不是")
    assert "重复上报" in page(town, "leader").get("/requests/?queue=decided").content.decode()
    for who in ("desk2", "district_dispatcher2"):
        assert "重复上报" not in page(town, who).get("/requests/?queue=decided").content.decode()


def test_words_that_were_refused_stay_beside_the_sentence_that_says_why(town):
    """A signature and an answer to an order, each sent for a version that is over."""
    case = brought_to(town, "dispatched")
    leader, desk = page(town, "leader"), page(town, "desk")
    request = asked(town, case, "void", "desk")
    actions.order(case.number, actor=town.actor("leader"), version=standing(case).version, kind="leader",
                  requirement="尽快", due_at=clock.now() + timedelta(days=1))  # fmt: skip
    order = Order.objects.get(case__number=case.number)
    for client, path, name in ((leader, f"requests/{request.pk}", "answer"), (desk, f"orders/{order.pk}", "reply")):
        refused = client.post(f"/cases/{case.number}/{path}/", {"version": 1, name: "我写了很久"})
        assert refused.status_code == 412
        form = refused.content.decode().split(f'action="/cases/{case.number}/{path}/"')[1].split("</form>")[0]
        assert 'value="我写了很久"' in form
        assert '<p class="field__error">' in form
