"""Sessions: listed, ended, over when idle or old, and nothing typed is lost with them."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import actions, selectors
from accounts.models import Key, OpenSession
from accounts.rules import device_of, is_display
from core import clock
from core.errors import Forbidden, NotFound
from journal.models import Entry
from tests.accounts.factories import HERE, ROOT, city, holder, person

pytestmark = pytest.mark.django_db
PASSWORD, ANOTHER = "a-long-password-7", "quite-another-1"
PROFILE = "/accounts/profile/"


def browser(username: str = "somebody", password: str = PASSWORD) -> Client:
    """A browser in which this person has signed in through the page."""
    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0")
    assert client.post("/accounts/login/", {"login": username, "password": password}).status_code == 302
    return client


def enters(client: Client) -> bool:
    return client.get(PROFILE).status_code == 200


def later(monkeypatch: pytest.MonkeyPatch, minutes: float) -> None:
    """So many minutes have passed."""
    now = clock.now() + timedelta(minutes=minutes)
    clock.set_source(lambda: now)


def test_every_browser_is_listed_and_signing_out_takes_it_off():
    made = person()
    first, second = browser(), browser()
    rows = selectors.sessions_of(selectors.actor_of(made))
    assert [device_of(row.agent) for row in rows] == [("Firefox", "Linux")] * 2
    assert {row.address for row in rows} == {"127.0.0.1"}
    first.post("/accounts/logout/")
    assert len(selectors.sessions_of(selectors.actor_of(made))) == 1
    assert enters(second)


def test_switching_off_ends_sessions_and_keys_in_the_same_act():
    made = holder("somebody", "case.see")
    client = browser()
    actions.make_key(label="QGIS", days=9, actor=selectors.actor_of(made))
    actions.change_person(made.pk, active=False, actor=ROOT)
    assert not Session.objects.exists()
    assert not OpenSession.objects.exists()
    assert not Key.objects.filter(ended_at__isnull=True).exists()
    assert not enters(client)
    entry = Entry.objects.get(kind="accounts.sessions_ended.v1")
    assert entry.data == {"user_id": made.pk, "ended": 1, "why": "switched_off"}


def test_a_changed_password_ends_all_other_sessions_and_keeps_this_one():
    person()
    here, there = browser(), browser()
    given = {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER}
    assert here.post("/accounts/password/change/", given).status_code == 302
    assert enters(here)
    assert not enters(there)
    assert Session.objects.count() == 1
    assert Entry.objects.get(kind="accounts.password_changed.v1").data["how"] == "changed"


def test_a_password_given_by_an_administrator_ends_every_session():
    made = person()
    client = browser()
    actions.change_person(made.pk, password=ANOTHER, actor=ROOT)
    assert not Session.objects.exists()
    assert not enters(client)
    assert enters(browser(password=ANOTHER))


def test_one_of_my_sessions_can_be_ended_and_nobody_elses():
    made, other = person(), person("other")
    here, there, theirs = browser(), browser(), browser("other")
    row = OpenSession.objects.get(key=there.session.session_key)
    with pytest.raises(NotFound):
        actions.end_session(row.pk, actor=selectors.actor_of(other))
    actions.end_session(row.pk, actor=selectors.actor_of(made))
    assert (enters(here), enters(there), enters(theirs)) == (True, False, True)


def test_only_an_administrator_of_the_ground_signs_others_out_everywhere():
    city()
    made = person(organisation="d449901")
    client = browser()
    far = selectors.actor_of(holder("far", "admin", area="449900.449902"))
    with pytest.raises(Forbidden):
        actions.sign_out_everywhere(made.pk, actor=far)
    assert enters(client)
    near = selectors.actor_of(holder("near", "admin", org="centre.d449901", area=HERE))
    assert actions.sign_out_everywhere(made.pk, actor=near) == 1
    assert not enters(client)


def test_nothing_done_for_half_an_hour_signs_out_where_the_profile_says_so(settings, monkeypatch):
    person()
    client = browser()
    later(monkeypatch, 31)
    assert enters(client), "asvs has no idle limit"
    settings.PASSWORD_PROFILE = "dengbao3"
    later(monkeypatch, 29)
    assert enters(client)
    later(monkeypatch, 31)
    answer = client.get(PROFILE)
    assert answer.status_code == 302
    assert "why=idle" in answer["Location"]
    assert "30" in client.get(answer["Location"]).content.decode()
    assert not OpenSession.objects.exists()


def test_a_wall_hangs_for_hours_without_a_touch(settings, monkeypatch):
    holder("wall", "wall.see", "feed.read")
    settings.PASSWORD_PROFILE = "dengbao3"
    client = browser("wall")
    later(monkeypatch, 200)
    assert enters(client)
    assert not is_display({"wall.see", "supervise"})


def test_a_session_is_over_after_eight_hours_however_busy(monkeypatch):
    person()
    client = browser()
    for _ in range(7):
        later(monkeypatch, 60)
        assert enters(client)
    later(monkeypatch, 61)
    assert "why=long" in client.get(PROFILE)["Location"]


def test_what_was_typed_when_the_session_ended_is_shown_again():
    made = person()
    client = browser()
    actions.sign_out_everywhere(made.pk, actor=ROOT)
    given = {"reason": "下水井盖破损 <b>", "password1": "secret-7-secret", "csrfmiddlewaretoken": "x" * 32}
    answer = client.post(PROFILE, given, headers={"Referer": "http://testserver/accounts/profile/?a=1"})
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "下水井盖破损 &lt;b&gt;" in page
    assert "secret-7-secret" not in page
    assert "next=%2Faccounts%2Fprofile%2F%3Fa%3D1" in page


def test_a_foreign_referer_is_no_way_back():
    made = person()
    client = browser()
    actions.sign_out_everywhere(made.pk, actor=ROOT)
    answer = client.post(PROFILE, {"a": "long text"}, headers={"Referer": "https://evil.example/x"})
    assert "evil" not in answer.content.decode()
