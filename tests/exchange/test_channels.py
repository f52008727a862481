"""What people are told by mail, SMS and WeCom: as they chose it, to addresses they proved, not in their quiet hours."""

import hashlib
from datetime import time as hour
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accounts.models import User
from accounts.selectors import actor_of
from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import NOBODY
from core.versions import version_of
from exchange import actions, selectors
from exchange.models import Contact, Delivery, Endpoint, Sending
from exchange.rules.sendings import filled
from tests.cases.factories import SETUP, brought_to
from tests.exchange.partner import letterbox, partner
from tests.exchange.post import adopt_base, carried, newest, told

ASSIGNED = "case.assigned"


@pytest.fixture(autouse=True)
def near(settings):
    """Partners of tests live on this host, and mail goes to one of them."""
    settings.OUTGOING_NETWORKS = ["127.0.0.0/8"]
    settings.PUBLIC_URL = "https://city.example/"


@pytest.fixture
def box(settings):
    """A mail server, which the settings name."""
    with letterbox() as held:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", held.port
        yield held


@pytest.fixture
def there():
    """A gateway that listens."""
    with partner() as held:
        yield held


def serve(channel: str, secret: str = "", **settings):
    """The city serves the channel."""
    given = {"name": channel, "settings": settings, "kinds": [ASSIGNED], "secret": secret}
    return actions.make_endpoint(channel, actor=SETUP, **given).row


def reached(user, channel: str, address: str) -> None:
    """The person has proved the address and wants to hear of what is assigned there."""
    Contact.objects.create(user=user, channel=channel, address=address, verified_at=user.date_joined)
    held = selectors.preference(actor_of(user))
    channels = {ASSIGNED: [*held.channels.get(ASSIGNED, ()), channel]}
    actions.prefer(actor=actor_of(user), quiet_from=held.quiet_from, quiet_until=held.quiet_until, channels=channels)


@pytest.fixture
def handler(town):
    """Who is about to be assigned a case."""
    adopt_base()
    carried()
    return town.people["handler"]


def assigned(town):
    """A case is assigned, and those it concerns are told."""
    case = brought_to(town, "handling")
    carried()
    return case


def test_a_mail_goes_to_who_chose_it_in_their_language_with_the_link_and_to_nobody_else(town, handler, box):
    serve("mail")
    User.objects.filter(pk=handler.pk).update(language="en")
    reached(handler, "mail", "handler@city.example")
    case = assigned(town)
    assert actions.send_due() == 1
    (mail,) = box.came
    (row,) = Sending.objects.all()
    assert (mail["To"], mail["Subject"]) == ("handler@city.example", "Assigned to you: Vehicle mis-parking")
    assert mail["Message-ID"] == f"<msg_{row.uid.hex}@cityops>"
    text = mail.get_payload(decode=True).decode()
    assert case.number in text
    assert f"https://city.example/cases/{case.number}/" in text
    assert (row.state, row.address) == ("delivered", "h***@city.example")
    assert told(handler) == [ASSIGNED], "the inbox has it too"


@pytest.mark.parametrize(("says", "state"), [("550 no such box", "given_up"), ("451 later", "failed")])
def test_a_mail_server_that_refuses_for_good_or_for_now(town, handler, box, says, state):
    serve("mail")
    reached(handler, "mail", "handler@city.example")
    assigned(town)
    box.says = says
    actions.send_due()
    row = Sending.objects.get()
    assert (row.state, row.failure) == (state, {"code": "sending.refused", "params": {"status": int(says[:3])}})
    assert box.came == []


def test_a_mail_server_that_is_away_is_tried_again(town, handler, box, settings):
    serve("mail")
    reached(handler, "mail", "handler@city.example")
    assigned(town)
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "city", "wrong"
    actions.send_due()
    row = Sending.objects.get()
    assert (row.state, row.failure["params"]) == ("failed", {"status": 535}), "our password is no fault of who reads"
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    actions.retry_sending(row.uid, actor=SETUP)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    actions.send_due()
    assert Sending.objects.get().failure["code"] == "sending.no_connection"
    settings.EMAIL_PORT = port
    actions.retry_sending(Sending.objects.get().uid, actor=SETUP)
    actions.send_due()
    assert len(box.came) == 1


def test_an_sms_gateway_is_described_by_data_and_judged_by_what_it_answers(town, handler, there):
    serve(
        "sms", secret="s3cret", url=f"{there.url}/sms", encoding="form",
        fields={"account": "city", "mobile": "{phone}", "content": "{text}", "ts": "{time}", "sign": "{sign}",
                "msgid": "{id}"},
        sign={"method": "md5", "over": "{phone}{time}{secret}"}, success={"path": "result.code", "equals": "0"},
    )  # fmt: skip
    reached(handler, "sms", "13800001234")
    assigned(town)
    there.answer = lambda came: (200, {}, {"result": {"code": 7}})
    actions.send_due()
    row = Sending.objects.get()
    assert (row.state, row.failure) == ("failed", {"code": "sending.gateway_says", "params": {"what": "7"}})
    there.answer = lambda came: (200, {}, {"result": {"code": "9\x00\ud800"}})
    actions.retry_sending(row.uid, actor=SETUP)
    actions.send_due()
    row.refresh_from_db()
    assert row.failure["params"] == {"what": "9  "}, "what no column holds does not keep the sending from being settled"
    there.answer = lambda came: (200, {}, {"result": {"code": "0"}})
    actions.retry_sending(row.uid, actor=SETUP)
    actions.send_due()
    first, _second, second = (parse_qs(came.body.decode()) for came in there.came)
    assert second["mobile"] == ["13800001234"]
    assert "机动车乱停放" in second["content"][0]
    expected = hashlib.md5(f"13800001234{second['ts'][0]}s3cret".encode(), usedforsecurity=False).hexdigest()
    assert second["sign"] == [expected]
    assert first["msgid"] == second["msgid"]
    row.refresh_from_db()
    assert (row.state, row.address) == ("delivered", "138****1234")


def test_words_that_look_like_a_place_are_sent_as_they_were_written():
    values = {"phone": "13800001234", "text": "{secret} {sign} {time} {other}", "secret": "s3cret", "sign": "5161"}
    assert filled("{phone}|{text}|{sign}|{none}", values) == "13800001234|{secret} {sign} {time} {other}|5161|{none}"


def wecom(answers: dict):
    """WeCom as it answers: a token for the right secret, and what the test says to a message."""

    def answer(came):
        if came.path.startswith("/cgi-bin/gettoken"):
            told = {"errcode": 0, "access_token": answers["token"], "expires_in": answers["lasts"]}
            right = "corpsecret=s3cret" in came.path
            return 200, {}, told if right else {"errcode": 40001, "errmsg": "invalid credential"}
        if f"access_token={answers['token']}" not in came.path:
            return 200, {}, {"errcode": 42001, "errmsg": "access_token expired"}
        return 200, {}, answers["message"]

    return answer


def test_wecom_writes_to_a_person_and_asks_for_a_new_token_when_the_old_one_is_not_taken(town, handler, there):
    answers = {"token": "one", "lasts": 10**400, "message": {"errcode": 0, "errmsg": "ok"}}
    there.answer = wecom(answers)
    serve("wecom", secret="s3cret", url=there.url, corp_id="ww1", agent_id=1000002)
    reached(handler, "wecom", "LiHua")
    assigned(town)
    actions.send_due()
    assert [urlsplit(came.path).path for came in there.came] == ["/cgi-bin/gettoken", "/cgi-bin/message/send"]
    sent = there.came[1].json()
    assert (sent["touser"], sent["agentid"], sent["msgtype"]) == ("LiHua", 1000002, "text")
    assert "https://city.example/cases/" in sent["text"]["content"]
    answers["token"] = "two"
    assigned(town)
    actions.send_due()
    assert Sending.objects.filter(state="delivered").count() == 2
    assert len(there.came) == 5, "refused, a new token, taken"
    answers["message"] = {"errcode": 0, "errmsg": "ok", "invaliduser": "LiHua"}
    assigned(town)
    actions.send_due()
    row = Sending.objects.latest("pk")
    assert (row.state, row.failure["code"]) == ("given_up", "sending.no_such_person")
    answers["message"] = {"errcode": 45009, "errmsg": "api freq out of limit"}
    assigned(town)
    actions.send_due()
    assert Sending.objects.latest("pk").state == "failed"


def test_a_robot_writes_into_its_group_what_it_was_asked_for(town, handler, there):
    serve("robot", secret="k-e-y", url=there.url)
    there.answer = lambda came: (200, {}, {"errcode": 93000, "errmsg": "invalid webhook url"})
    assigned(town)
    actions.send_due()
    (came,) = there.came
    assert came.path == "/cgi-bin/webhook/send?key=k-e-y"
    assert "指派给您" in came.json()["text"]["content"]
    row = Sending.objects.get()
    assert (row.state, row.user_id) == ("given_up", None), "with a wrong key it is of no use to try again"


def test_in_quiet_hours_what_goes_out_waits_for_their_end_and_the_urgent_breaks_through(town, time, handler, box):
    serve("mail")
    actions.prefer(actor=actor_of(handler), quiet_from=hour(22), quiet_until=hour(7, 30))
    reached(handler, "mail", "handler@city.example")
    time.be("2026-11-17T02:00:00+08:00")
    assigned(town)
    row = Sending.objects.get()
    assert (row.state, row.due_at.isoformat()) == ("held", "2026-11-16T23:30:00+00:00"), "half past seven in the city"
    assert actions.send_due() == 0
    assert newest(handler).silent
    entry = selectors.template(ASSIGNED)
    saved = {**entry.texts, "enabled": True, "urgent": True, "seen": entry.version}
    actions.save_template(ASSIGNED, actor=SETUP, **saved)
    assigned(town)
    assert actions.send_due() == 1
    assert not newest(handler).silent
    time.be("2026-11-17T07:30:00+08:00")
    assert actions.send_due() == 1
    assert len(box.came) == 2
    time.be("2026-11-18T03:00:00+08:00")
    span = {"begins": clock.now() - timedelta(days=2), "ends": clock.now()}
    assert actions.replay_span(Endpoint.objects.get().uid, actor=SETUP, **span) == 2
    assert actions.send_due() == 1, "what is sent anew wakes nobody either, but for the urgent"
    assert {one.state for one in Sending.objects.filter(urgent=False)} == {"held"}


def test_a_secret_does_not_go_to_another_address_than_the_one_it_was_given_for(town):
    row = serve("robot", secret="k-e-y", url="https://robot.example")
    told = {"name": "robot", "kinds": [ASSIGNED], "settings": {"url": "https://elsewhere.example"}}
    seen = version_of(selectors.says(row))
    with pytest.raises(Invalid) as error:
        actions.change_endpoint(row.uid, actor=SETUP, seen=seen, **told)
    assert error.value.code == "endpoint.secret_again"
    assert Endpoint.objects.get().settings == {"url": "https://robot.example"}
    changed = actions.change_endpoint(row.uid, actor=SETUP, seen=seen, secret="other", **told)
    assert changed.settings == {"url": "https://elsewhere.example"}


def test_what_fails_shortly_before_the_quiet_hours_is_not_tried_within_them(town, time, handler, box):
    serve("mail")
    actions.prefer(actor=actor_of(handler), quiet_from=hour(12), quiet_until=hour(14))
    reached(handler, "mail", "handler@city.example")
    time.be("2026-11-16T11:59:58+08:00")
    box.says = "451 later"
    assigned(town)
    actions.send_due()
    row = Sending.objects.get()
    assert (row.state, row.due_at.isoformat()) == ("failed", "2026-11-16T06:00:00+00:00")


def test_what_is_muted_or_to_an_address_not_proved_or_to_who_left_goes_nowhere(town, handler, box):
    serve("mail")
    reached(handler, "mail", "handler@city.example")
    Contact.objects.update(verified_at=None)
    assigned(town)
    assert not Sending.objects.exists()
    Contact.objects.update(verified_at=handler.date_joined)
    actions.prefer(actor=actor_of(handler), muted=[ASSIGNED])
    assigned(town)
    assert not Sending.objects.exists()
    actions.prefer(actor=actor_of(handler))
    assert selectors.preference(actor_of(handler)).channels == {ASSIGNED: ["mail"]}, "not said again, it stays"
    assigned(town)
    User.objects.filter(pk=handler.pk).update(is_active=False)
    actions.send_due()
    assert (Sending.objects.get().state, box.came) == ("given_up", [])


def test_an_address_is_proved_by_the_code_that_came_there(town, time, handler, box):
    me = actor_of(handler)
    with pytest.raises(Conflict, match="no_channel"):
        actions.name_address("mail", "me@city.example", actor=me)
    serve("mail")
    with pytest.raises(Forbidden):
        actions.name_address("mail", "me@city.example", actor=NOBODY)
    for wrong in ("", "me", "a@b", "me@city.example\nBcc: x@y.example", "x" * 300 + "@city.example", "a\x00@b.example"):
        with pytest.raises(Invalid, match="bad_address"):
            actions.name_address("mail", wrong, actor=me)
    actions.name_address("mail", "me@city.example", actor=me)
    row = Sending.objects.get()
    assert "sealed" in row.payload
    with pytest.raises(Conflict, match="too_soon"):
        actions.name_address("mail", "me@city.example", actor=me)
    actions.send_due()
    row.refresh_from_db()
    code = box.came[0].get_payload(decode=True).decode()[:6]
    assert (row.payload, row.state) == ({}, "delivered"), "once it is there, no code is kept"
    assert not actions.verify_address("mail", "abcdef", actor=me)
    with pytest.raises(NotFound):
        actions.verify_address("mail", code, actor=actor_of(town.people["desk"]))
    assert actions.verify_address("mail", f" {code} ", actor=me)
    assert Contact.objects.get().verified_at == time.moment
    with pytest.raises(Conflict, match="no_code"):
        actions.verify_address("mail", code, actor=me)
    time.pass_by(minutes=2)
    actions.name_address("mail", "other@city.example", actor=me)
    assert Contact.objects.get().verified_at is None
    for _again in range(5):
        assert not actions.verify_address("mail", "nothing", actor=me)
    with pytest.raises(Conflict, match="no_code"):
        actions.verify_address("mail", "nothing", actor=me)
    actions.drop_address("mail", actor=me)
    assert not Contact.objects.exists()
    assert Sending.objects.latest("pk").state == "cancelled"


def test_old_news_and_old_codes_do_not_go_out_when_a_channel_comes_back_days_later(town, time, handler, box):
    endpoint = serve("mail")
    reached(handler, "mail", "handler@city.example")
    assigned(town)
    actions.switch_endpoint(endpoint.uid, enabled=False, actor=SETUP)
    Sending.objects.update(made_at=time.moment)
    time.pass_by(days=4)
    actions.switch_endpoint(endpoint.uid, enabled=True, actor=SETUP)
    actions.send_due()
    assert Sending.objects.get().failure["code"] == "sending.too_late"
    assert box.came == []


def test_only_so_many_codes_a_day_go_to_anybodys_number(town, time, handler):
    serve("mail")
    for _again in range(10):
        actions.name_address("mail", "me@city.example", actor=actor_of(handler))
        time.pass_by(minutes=2)
    with pytest.raises(Conflict, match="too_many_codes"):
        actions.name_address("mail", "me@city.example", actor=actor_of(handler))


def test_the_page_offers_the_channels_that_are_served_and_keeps_what_was_chosen_of_others(town, handler, box):
    client = Client()
    client.force_login(handler)
    client.cookies["django_language"] = "en"
    assert "My addresses" not in client.get("/inbox/preferences/").content.decode()
    endpoint = serve("mail")
    actions.prefer(actor=actor_of(handler), channels={ASSIGNED: ["sms"]})
    page = client.get("/inbox/preferences/").content.decode()
    assert "My addresses" in page
    assert 'name="mail" value="case.assigned"' in page
    assert 'name="sms"' not in page
    client.post("/inbox/preferences/", {"wanted": [ASSIGNED], "mail": [ASSIGNED]})
    assert selectors.preference(actor_of(handler)).channels == {ASSIGNED: ["mail", "sms"]}
    where = "/inbox/addresses/mail/"
    assert client.post(where, {"act": "name", "address": "me@city.example"})["Location"] == "/inbox/preferences/"
    actions.send_due()
    code = box.came[0].get_payload(decode=True).decode()[:6]
    assert "not the code" in client.post(where, {"act": "verify", "code": "x"}, follow=True).content.decode()
    assert "verified" in client.post(where, {"act": "verify", "code": code}, follow=True).content.decode()
    client.post(where, {"act": "drop"})
    assert not Contact.objects.exists()
    actions.switch_endpoint(endpoint.uid, enabled=False, actor=SETUP)
    serve("mail")
    with pytest.raises(Conflict, match="one_of_a_kind"):
        actions.switch_endpoint(endpoint.uid, enabled=True, actor=SETUP)


def test_news_of_days_ago_and_old_sendings_are_not_kept(town, time, handler, box):
    serve("mail")
    reached(handler, "mail", "handler@city.example")
    assigned(town)
    actions.send_due()
    time.pass_by(days=89)
    assert actions.forget_sendings() == 0
    time.pass_by(days=2)
    assert actions.forget_sendings() == 1
    assert not Sending.objects.exists()
    assert Delivery.objects.exists()
