"""Webhooks against a partner that listens on this host: signed, once, tried again, switched off, sent anew."""

import base64
import hashlib
import hmac
import json
import subprocess
from datetime import timedelta

import pytest

from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from core.scope import NOBODY
from core.versions import version_of
from exchange import actions, selectors
from exchange.actions import sending
from exchange.adapters.outside import Unreachable, reachable
from exchange.contracts.sendings import ENDPOINT_SWITCHED, SENDING_GIVEN_UP
from exchange.models import Endpoint, Sending, SendingAttempt
from exchange.rules.sendings import offered_kinds
from journal.contracts import kinds
from journal.models import Entry
from journal.selectors import view
from tests.cases.factories import CITY, HERE, SETUP, brought_to
from tests.exchange.partner import partner
from tests.exchange.post import carried

KIND = "case.dispatched.v1"
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


@pytest.fixture(autouse=True)
def near(settings):
    """Partners of tests live on this host."""
    settings.OUTGOING_NETWORKS = ["127.0.0.0/8"]


@pytest.fixture
def there():
    """A partner that listens."""
    with partner() as held:
        yield held


def hook(there, **given) -> Endpoint:
    """An endpoint at the partner."""
    more = {"name": "Partner", "settings": {"url": f"{there.url}/hook"}, "kinds": [KIND], "secret": SECRET, **given}
    return actions.make_endpoint("webhook", actor=SETUP, **more).row


def pinged(there, **given) -> Sending:
    """A sending that waits for such an endpoint."""
    return actions.ping_endpoint(hook(there, **given).uid, actor=SETUP)


def verified(came, secret: str) -> bool:
    """What the receiver's side of Standard Webhooks does, written without ours."""
    content = f"{came.headers['webhook-id']}.{came.headers['webhook-timestamp']}.".encode() + came.body
    key = base64.b64decode(secret.split("_")[1])
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return f"v1,{expected}" in came.headers["webhook-signature"].split(" ")


def now(row: Sending) -> Sending:
    """The row as it stands."""
    return Sending.objects.get(pk=row.pk)


def test_an_entry_of_a_kind_that_was_asked_for_reaches_the_partner_signed_and_once(town, there):
    hook(there)
    carried()
    case = brought_to(town, "dispatched")
    carried()
    assert actions.send_due() == 1
    (came,) = there.came
    assert (came.method, came.path, came.headers["content-type"]) == ("POST", "/hook", "application/json")
    assert verified(came, SECRET)
    assert not verified(came, "whsec_" + base64.b64encode(b"x" * 32).decode())
    told = came.json()
    assert told["type"] == KIND
    assert told["data"]["subject"] == case.number
    assert told["data"]["area"].startswith(f"{CITY}.{HERE}")
    (row,) = Sending.objects.all()
    assert (row.state, row.status, row.attempts) == ("delivered", 200, 1)
    assert came.headers["webhook-id"] == f"msg_{row.uid.hex}"
    assert actions.send_due() == 0
    for entry in Entry.objects.filter(kind=KIND):
        actions.send_entry(view(entry, 0))
    assert Sending.objects.count() == 1, "brought twice, it is there once"


def test_an_endpoint_hears_of_its_own_ground_only_and_thin_ones_learn_only_what_and_where(town, there):
    hook(there, name="far", area=f"{CITY}.449902")
    hook(there, name="here", area=f"{CITY}.{HERE}", settings={"url": f"{there.url}/thin", "payload": "thin"})
    carried()
    brought_to(town, "dispatched")
    carried()
    actions.send_due()
    (came,) = there.came
    assert came.path == "/thin"
    assert set(came.json()["data"]) == {"entry", "subject", "org", "area"}


def test_no_endpoint_is_offered_what_only_some_may_read_or_the_news_of_sendings():
    offered = offered_kinds()
    assert KIND in offered
    assert not [kind for kind in offered if kind.startswith(("message.", "sending.", "endpoint."))]
    some = {"accounts.signed_in.v1", "accounts.person_created.v1", "assets.change_decided.v1"}
    assert some <= set(kinds())
    assert not some & set(offered)


def test_what_fails_is_tried_again_later_and_later_under_the_same_id_until_it_is_taken(town, time, there):
    there.answer = lambda came: (500, {}, {})
    row = pinged(there)
    waits = []
    for _again in range(3):
        assert actions.send_due() == 1
        held = now(row)
        assert (held.state, held.failure["code"]) == ("failed", "sending.refused")
        waits.append((held.due_at - time.moment).total_seconds())
        assert actions.send_due() == 0, "not before it is due"
        time.moment = held.due_at
    assert 5 <= waits[0] <= 6.3
    assert 30 <= waits[1] <= 37.5
    assert 180 <= waits[2] <= 225
    there.answer = lambda came: (204, {}, b"")
    actions.send_due()
    assert now(row).state == "delivered"
    assert len(set(there.ids())) == 1
    assert [one.verdict for one in selectors.tries_of(row)] == ["later", "later", "later", "done"]


def test_what_was_tried_often_enough_is_given_up_and_the_journal_says_so(town, time, there):
    there.answer = lambda came: (500, {}, {})
    row = pinged(there, policy={"most": 2, "first": 1, "factor": 1, "longest": 1})
    actions.send_due()
    time.moment = now(row).due_at
    actions.send_due()
    assert now(row).state == "given_up"
    assert Entry.objects.get(kind=SENDING_GIVEN_UP).data["why"] == "sending.refused"
    there.answer = lambda came: (200, {}, {})
    actions.retry_sending(row.uid, actor=SETUP)
    actions.send_due()
    assert (now(row).state, now(row).rounds) == ("delivered", 2)
    assert len(set(there.ids())) == 1


@pytest.mark.parametrize(("header", "least"), [("120", 120), ("Wed, 21 Oct 2099 07:28:00 GMT", 86_000), ("soon", 5)])
def test_the_partner_says_how_long_to_wait(town, time, there, header, least):
    there.answer = lambda came: (429, {"Retry-After": header}, {})
    row = pinged(there)
    actions.send_due()
    assert least <= (now(row).due_at - time.moment).total_seconds() <= 86_400


def test_410_switches_the_endpoint_off_and_nothing_more_is_sent_there(town, there):
    there.answer = lambda came: (410, {}, {})
    row = pinged(there)
    second = actions.ping_endpoint(row.endpoint.uid, actor=SETUP)
    assert actions.send_due() == 1
    endpoint = Endpoint.objects.get()
    assert (endpoint.enabled, endpoint.off_why) == (False, "sending.endpoint_gone")
    assert (now(row).state, now(second).state) == ("given_up", "waiting")
    assert Entry.objects.get(kind=ENDPOINT_SWITCHED).data["enabled"] is False
    with pytest.raises(Conflict, match="is_off"):
        actions.ping_endpoint(endpoint.uid, actor=SETUP)
    actions.switch_endpoint(endpoint.uid, enabled=True, actor=SETUP)
    there.answer = lambda came: (200, {}, {})
    actions.send_due()
    assert now(second).state == "delivered"


def test_a_redirect_is_a_failure_and_nobody_goes_where_it_points(town, there):
    there.answer = lambda came: (302, {"Location": f"{there.url}/elsewhere"}, {})
    row = pinged(there)
    actions.send_due()
    assert (now(row).state, now(row).status) == ("failed", 302)
    assert [one.path for one in there.came] == ["/hook"]


def test_a_partner_that_hangs_or_dribbles_costs_no_more_than_its_time(town, there, settings):
    settings.OUTGOING_TIMEOUT_S = 0.3
    there.answer = lambda came: (there.ended.wait(60), (200, {}, {}))[1]
    row = pinged(there)
    actions.send_due()
    there.ended.set()
    assert (now(row).state, now(row).failure["code"]) == ("failed", "sending.timed_out")


def test_a_certificate_nobody_vouches_for_and_a_closed_port_are_told_apart(town, tmp_path):
    made = tmp_path / "self.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", made, "-out", tmp_path / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    made.write_text(made.read_text() + (tmp_path / "cert.pem").read_text())
    with partner(made) as there:
        row = pinged(there)
        actions.send_due()
    assert now(row).failure["code"] == "sending.bad_certificate"
    assert there.came == []
    actions.retry_sending(row.uid, actor=SETUP)
    actions.send_due()
    assert now(row).failure["code"] == "sending.no_connection"


def test_an_endpoint_that_keeps_failing_is_left_alone_for_a_while(town, time, there):
    there.answer = lambda came: (503, {}, {})
    endpoint = hook(there)
    for _one in range(8):
        actions.ping_endpoint(endpoint.uid, actor=SETUP)
    assert actions.send_due() == 5
    assert Endpoint.objects.get().rests_until == time.moment + timedelta(seconds=30)
    time.moment += timedelta(seconds=31)
    there.answer = lambda came: (200, {}, {})
    while actions.send_due():
        time.moment += timedelta(seconds=10)
    assert Sending.objects.filter(state="delivered").count() == 8
    assert (Endpoint.objects.get().failures, Endpoint.objects.get().rests_until) == (0, None)


def test_our_own_networks_are_not_reached_unless_a_setting_allows_them(town, there, settings):
    settings.OUTGOING_NETWORKS = []
    row = pinged(there)
    actions.send_due()
    assert (now(row).state, now(row).failure["code"]) == ("given_up", "sending.forbidden_address")
    assert there.came == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1", "::1", "::",
     "fe80::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "100.64.0.1"],
)  # fmt: skip
def test_addresses_inside_are_recognised_however_they_are_written(settings, host):
    settings.OUTGOING_NETWORKS = []
    with pytest.raises(Unreachable, match="forbidden_address"):
        reachable(host, 443, plain=False)


def test_outside_only_encrypted_connections_are_made(settings):
    settings.OUTGOING_NETWORKS = ["10.0.0.0/8"]
    assert reachable("8.8.8.8", 443, plain=False) == "8.8.8.8"
    with pytest.raises(Unreachable, match="plain_http"):
        reachable("8.8.8.8", 80, plain=True)
    assert reachable("10.1.1.1", 80, plain=True) == "10.1.1.1"


def test_a_new_secret_and_the_one_before_sign_together_until_the_overlap_ends(town, time, there):
    endpoint = hook(there)
    made = actions.rotate_secret(endpoint.uid, overlap_hours=2, actor=SETUP)
    assert made.secret not in (SECRET, "")
    actions.ping_endpoint(endpoint.uid, actor=SETUP)
    actions.send_due()
    assert verified(there.came[0], SECRET)
    assert verified(there.came[0], made.secret)
    time.moment += timedelta(hours=3)
    actions.ping_endpoint(endpoint.uid, actor=SETUP)
    actions.send_due()
    assert not verified(there.came[1], SECRET)
    assert verified(there.came[1], made.secret)
    assert SECRET not in json.dumps(list(Endpoint.objects.values_list("sealed", "sealed_before")))
    assert made.secret not in json.dumps(list(Entry.objects.values_list("data", flat=True)))


def test_with_another_key_the_secret_is_lost_and_nothing_goes_out_unsigned(town, there, settings):
    row = pinged(there)
    settings.SECRET_KEY = "another" * 12
    actions.send_due()
    assert now(row).failure["code"] == "sending.secret_lost"
    assert there.came == []


def test_one_sending_and_a_span_of_time_go_out_anew_under_their_ids_with_what_was_missed(town, there):
    endpoint = hook(there)
    carried()
    brought_to(town, "dispatched")
    carried()
    actions.send_due()
    (row,) = Sending.objects.all()
    actions.replay_sending(row.uid, actor=SETUP)
    actions.send_due()
    assert len(there.ids()) == 2
    assert len(set(there.ids())) == 1
    actions.switch_endpoint(endpoint.uid, enabled=False, actor=SETUP)
    brought_to(town, "dispatched")
    carried()
    assert Sending.objects.count() == 1
    actions.switch_endpoint(endpoint.uid, enabled=True, actor=SETUP)
    at = Entry.objects.filter(kind=KIND).latest("id").at
    span = {"begins": at - timedelta(days=1), "ends": at + timedelta(days=1)}
    assert actions.replay_span(endpoint.uid, **span, actor=SETUP) == 2
    actions.send_due()
    assert len(there.ids()) == 4
    assert len(set(there.ids())) == 2
    with pytest.raises(Invalid, match="bad_span"):
        actions.replay_span(endpoint.uid, begins=span["ends"], ends=span["begins"], actor=SETUP)


def test_what_waits_can_be_cancelled_and_what_has_ended_cannot(town, there):
    row = pinged(there)
    actions.cancel_sending(row.uid, actor=SETUP)
    assert actions.send_due() == 0
    assert now(row).state == "cancelled"
    with pytest.raises(Conflict, match="wrong_state"):
        actions.cancel_sending(row.uid, actor=SETUP)
    with pytest.raises(Conflict, match="wrong_state"):
        actions.retry_sending(row.uid, actor=SETUP)


def test_the_lease_of_a_killed_worker_ends_and_what_it_says_later_counts_for_nothing(town, time, there):
    row = pinged(there)
    held = sending._claim()
    assert held is not None
    assert actions.send_due() == 0, "another worker holds it"
    time.pass_by(minutes=5, seconds=1)
    assert actions.send_due() == 1
    assert now(row).state == "delivered"
    sending._try(held)
    assert (now(row).state, now(row).epoch) == ("delivered", 2)
    assert SendingAttempt.objects.count() == 1
    assert len(set(there.ids())) == 1


def test_what_kills_every_worker_is_given_up_in_the_end(town, time, there):
    row = pinged(there, policy={"most": 2, "first": 1, "factor": 1, "longest": 1})
    for _killed in range(2):
        assert sending._claim() is not None
        time.pass_by(minutes=6)
    assert actions.send_due() == 1
    assert (now(row).state, now(row).failure["code"]) == ("given_up", "sending.workers_lost")
    assert there.came == []


def test_strangers_and_wrong_words_change_nothing(town, there):
    endpoint = hook(there)
    for act in (
        lambda: actions.make_endpoint("webhook", actor=NOBODY, name="x"),
        lambda: actions.switch_endpoint(endpoint.uid, enabled=False, actor=NOBODY),
        lambda: actions.rotate_secret(endpoint.uid, actor=NOBODY),
        lambda: selectors.sendings(NOBODY, {}),
    ):
        with pytest.raises(Forbidden):
            act()
    good = {"name": "a", "settings": {"url": "https://a.example/x"}, "kinds": [KIND], "secret": SECRET}
    for wrong in (
        {"name": ""}, {"name": "a\x00"}, {"name": "n" * 81}, {"settings": {}}, {"settings": {"url": "ftp://a.example"}},
        {"settings": {"url": "https://user:pass@a.example"}}, {"settings": {"url": "https://a.example:99999"}},
        {"settings": {"url": "https://a.example/" + "x" * 500}}, {"settings": {"url": "https://a.example", "more": 1}},
        {"kinds": []}, {"kinds": ["message.arrived.v1"]},
        {"secret": "\ud800"}, {"name": "\ud800"}, {"secret": "whsec_short"}, {"area": "a b"},
        {"policy": {"most": 10**30, "first": 1, "factor": 1, "longest": 1}}, {"policy": {"most": 3}},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            actions.make_endpoint("webhook", actor=SETUP, **{**good, **wrong})
    assert Endpoint.objects.count() == 1
    seen = version_of(selectors.says(endpoint))
    changed = {"name": "b", "settings": {"url": "https://b.example/"}, "kinds": [KIND]}
    actions.change_endpoint(endpoint.uid, actor=SETUP, seen=seen, **changed)
    with pytest.raises(Stale):
        actions.change_endpoint(endpoint.uid, actor=SETUP, seen=seen, **changed)
    with pytest.raises(NotFound):
        selectors.sending(endpoint.uid, SETUP)
