"""Endpoints and sendings as administrators and programs use them, and what a case says of what was sent."""

import pytest
from django.test import Client

from accounts.selectors import actor_of
from exchange import actions
from exchange.models import Contact, Endpoint, Sending
from exchange.rules.sendings import offered_kinds
from tests.accounts.factories import holder
from tests.cases.factories import CITY, HERE, SETUP, brought_to
from tests.cases.test_query_counts import cost
from tests.exchange.partner import partner
from tests.exchange.post import adopt_base, carried
from tests.exchange.test_webhooks import KIND, SECRET, verified

URL = "https://partner.example/hook"


def browser(user, language="en") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


@pytest.fixture
def boss(db):
    """An administrator's browser."""
    return browser(holder("endpoint-boss", "admin"))


def form(**changes):
    return {"name": "Partner", "set_url": URL, "set_payload": "full", "kinds": [KIND], **changes}


def test_an_administrator_sets_up_a_webhook_whose_secret_is_shown_once(boss):
    assert "Nothing is sent anywhere yet" in boss.get("/endpoints/").content.decode()
    assert KIND in boss.get("/endpoints/new/webhook/").content.decode()
    assert boss.get("/endpoints/new/pigeon/").status_code == 302
    wrong = boss.post("/endpoints/new/webhook/", form(set_url="ftp://x"))
    assert wrong.status_code == 400
    assert "setting url is missing or not understood" in wrong.content.decode()
    made = boss.post("/endpoints/new/webhook/", form())
    assert made.status_code == 201
    assert "whsec_" in made.content.decode()
    endpoint = Endpoint.objects.get()
    page = boss.get(f"/endpoints/{endpoint.uid}/").content.decode()
    assert "whsec_" not in page
    assert endpoint.sealed not in page
    assert "whsec_" not in boss.get("/endpoints/").content.decode()
    again = boss.post(f"/endpoints/{endpoint.uid}/act/", {"act": "secret"}).content.decode()
    assert "whsec_" in again
    assert "signs too until" in again


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_a_webhook_may_be_told_is_in_words_with_the_code_for_its_programmer(db, language):
    page = browser(holder(f"boss-{language}", "admin"), language).get("/endpoints/new/webhook/")
    labels = {box.data["value"]: box.choice_label for box in page.context["form"]["kinds"]}
    assert labels.keys() == set(offered_kinds())
    assert labels["case.dispatched.v1"] == {
        "zh-hans": "将案件 … 派遣至 …", "en": "dispatched the case … to …",
    }[language]  # fmt: skip
    assert [kind for kind, label in labels.items() if kind in label and not kind.startswith("test.")] == []
    assert '<small class="mono quiet">case.dispatched.v1</small>' in page.content.decode()


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(boss):
    boss.post("/endpoints/new/webhook/", form())
    endpoint = Endpoint.objects.get()
    page = boss.get(f"/endpoints/{endpoint.uid}/").content.decode()
    version = page.split('name="version" value="')[1].split('"')[0]
    where = f"/endpoints/{endpoint.uid}/"
    assert boss.post(where, form(name="Renamed", version=version)).status_code == 302
    stale = boss.post(where, form(name="Lost", version=version))
    assert stale.status_code == 412
    assert Endpoint.objects.get().name == "Renamed"
    assert Endpoint.objects.get().sealed == endpoint.sealed, "a secret that is not given stays"


@pytest.mark.parametrize(
    ("channel", "more"),
    [
        ("mail", {}),
        ("sms", {"set_url": URL, "set_encoding": "json", "set_fields": '{"to": "{phone}", "text": "{text}"}'}),
        ("wecom", {"set_url": "https://qyapi.weixin.qq.com", "set_corp_id": "ww1", "set_agent_id": "7", "secret": "s"}),
        ("robot", {"set_url": "https://qyapi.weixin.qq.com/", "secret": "key", "kinds": ["case.overdue"]}),
    ],
)
def test_every_channel_has_its_form(boss, channel, more):
    assert boss.get(f"/endpoints/new/{channel}/").status_code == 200
    made = boss.post(f"/endpoints/new/{channel}/", {"name": channel, **more})
    assert made.status_code == 302, made.content.decode()
    row = Endpoint.objects.get()
    page = boss.get(f"/endpoints/{row.uid}/")
    assert page.status_code == 200
    if channel == "sms":
        assert row.settings["fields"] == {"to": "{phone}", "text": "{text}"}
        nested = {"name": channel, **more, "set_fields": '{"a": ["b"]}', "version": page.context["version"]}
        bad = boss.post(f"/endpoints/{row.uid}/", nested)
        assert bad.status_code == 400
        assert "setting fields is missing or not understood" in bad.content.decode()


def test_a_test_is_sent_and_the_list_shows_how_it_went_and_can_be_steered(boss, settings):
    settings.OUTGOING_NETWORKS = ["127.0.0.0/8"]
    with partner() as there:
        there.answer = lambda came: (500, {}, {})
        given = {"name": "Partner", "settings": {"url": there.url}, "kinds": [KIND], "secret": SECRET}
        endpoint = actions.make_endpoint("webhook", actor=SETUP, **given).row
        boss.post(f"/endpoints/{endpoint.uid}/act/", {"act": "ping"})
        actions.send_due()
        listed = boss.get(f"/sendings/?state=failed&endpoint={endpoint.uid}").content.decode()
        assert "failed for now" in listed
        assert "The other side answered 500." in listed
        assert "failed 1 times in a row" in boss.get("/endpoints/").content.decode()
        row = Sending.objects.get()
        assert "Try again now" in boss.get(f"/sendings/{row.uid}/").content.decode()
        there.answer = lambda came: (200, {}, {})
        boss.post(f"/sendings/{row.uid}/act/", {"act": "retry"})
        actions.send_due()
        page = boss.get(f"/sendings/{row.uid}/").content.decode()
        assert "delivered" in page
        assert page.count("<tr>") == 3, "a heading and two attempts"
        cancelled = boss.post(f"/sendings/{row.uid}/act/", {"act": "cancel"}, follow=True).content.decode()
        assert "cannot be done now" in cancelled
        span = {"act": "replay", "begins": "2000-01-01T00:00", "ends": "2000-01-02T00:00"}
        assert "0 are sent anew" in boss.post(f"/endpoints/{endpoint.uid}/act/", span, follow=True).content.decode()
        wrong = boss.post(f"/endpoints/{endpoint.uid}/act/", {"act": "replay", "begins": "x"}, follow=True)
        assert "a beginning before its end" in wrong.content.decode()
    for query in ("state=odd", "endpoint=odd", "subject=%00", "subject=" + "9" * 121):
        assert boss.get(f"/sendings/?{query}").status_code == 400
    assert boss.get("/sendings/?after=" + "9" * 40).status_code == 200


def test_a_page_with_many_sendings_asks_no_more_than_one_with_few(boss):
    given = {"name": "Partner", "settings": {"url": URL}, "kinds": [KIND], "secret": SECRET}
    endpoint = actions.make_endpoint("webhook", actor=SETUP, **given).row
    counts = []
    for _more in range(2):
        for _one in range(3):
            actions.ping_endpoint(endpoint.uid, actor=SETUP)
        row = Sending.objects.latest("pk")
        asked = ("/endpoints/", f"/endpoints/{endpoint.uid}/", "/sendings/", f"/sendings/{row.uid}/", "/api/sendings")
        counts.append([cost(lambda path=path: boss.get(path)) for path in asked])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 6


def test_programs_keep_endpoints_with_the_version_they_saw(boss, settings):
    settings.OUTGOING_NETWORKS = ["127.0.0.0/8"]
    with partner() as there:
        body = {"channel": "webhook", "name": "P", "settings": {"url": there.url}, "kinds": [KIND], "area": CITY}
        made = boss.post("/api/endpoints", body, "application/json")
        assert made.status_code == 201
        secret, uid = made.json()["secret"], made.json()["uid"]
        where = f"/api/endpoints/{uid}"
        read = boss.get(where)
        assert "secret" not in read.json()
        assert KIND in boss.get("/api/endpoints").json()["offered"]
        assert boss.put(where, body, "application/json").status_code == 428
        tag = {"If-Match": read["ETag"]}
        changed = boss.put(where, {**body, "name": "Q"}, "application/json", headers=tag)
        assert (changed.status_code, changed.json()["name"]) == (200, "Q")
        assert boss.put(where, body, "application/json", headers=tag).status_code == 412
        ping = boss.post(f"{where}/ping")
        assert (ping.status_code, ping.json()["state"]) == (202, "waiting")
        actions.send_due()
        assert verified(there.came[0], secret)
        sending = f"/api/sendings/{ping.json()['uid']}"
        assert [one["verdict"] for one in boss.get(sending).json()["tries"]] == ["done"]
        assert boss.post(f"{sending}/replay").json()["state"] == "waiting"
        assert boss.post(f"{sending}/cancel").json()["state"] == "cancelled"
        assert boss.post(f"{sending}/retry").status_code == 409
        new = boss.post(f"{where}/secret", {"overlap_hours": 0}, "application/json").json()["secret"]
        assert new.startswith("whsec_")
        off = boss.post(f"{where}/switch", {"enabled": False}, "application/json").json()
        assert (off["enabled"], boss.post(f"{where}/ping").status_code) == (False, 409)
        span = {"begins": "2026-01-01T00:00:00Z", "ends": "2026-01-02T00:00:00Z"}
        assert boss.post(f"{where}/replay", span, "application/json").status_code == 409
        listed = boss.get("/api/sendings?state=cancelled").json()
        assert [one["uid"] for one in listed["sendings"]] == [ping.json()["uid"]]


def test_a_case_says_who_was_told_by_which_channel_and_why_not(town, settings):
    settings.OUTGOING_NETWORKS = ["127.0.0.0/8"]
    adopt_base()
    carried()
    handler = town.people["handler"]
    with partner() as there:
        there.answer = lambda came: (200, {}, {"code": 1}) if came.path == "/sms" else (200, {}, {})
        given = {"settings": {"url": f"{there.url}/sms", "success": {"path": "code", "equals": "0"}}, "name": "SMS"}
        actions.make_endpoint("sms", actor=SETUP, **given)
        hook = {"name": "Traffic police", "settings": {"url": there.url}, "kinds": [KIND], "area": f"{CITY}.{HERE}"}
        actions.make_endpoint("webhook", actor=SETUP, **hook)
        Contact.objects.create(user=handler, channel="sms", address="13800001234", verified_at=handler.date_joined)
        actions.prefer(actor=actor_of(handler), channels={"case.assigned": ["sms"]})
        case = brought_to(town, "handling")
        carried()
        while actions.send_due():
            continue
    client = browser(handler)
    part = " ".join(client.get(f"/cases/{case.number}/messages/").content.decode().split())
    assert "Handler · SMS · failed for now" in part
    assert "The other side said: 1." in part
    assert "Traffic police · webhook · delivered" in part
    assert "13800001234" not in part
    (told,) = [one for one in client.get(f"/api/cases/{case.number}/messages").json() if one["sent"]]
    assert (told["sent"][0]["channel"], told["sent"][0]["code"]) == ("sms", "sending.gateway_says")
    assert "Traffic police" not in browser(town.people["desk2"]).get(f"/cases/{case.number}/messages/").content.decode()
