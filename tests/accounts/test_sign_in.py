"""Signing in, through the pages and the sockets as people and programs meet them."""

from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts import actions
from accounts.authentication import ActorAsgiMiddleware, acting
from accounts.models import User
from cityops.settings import base
from core.gates import page_needs
from core.scope import NOBODY
from journal.models import Entry
from tests.accounts.factories import ROOT, city, holder, person, role

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-password-7"
LOGIN = "/accounts/login/"


def sign_in(client: Client, username: str, password: str = PASSWORD, **given: str) -> HttpResponse:
    return client.post(LOGIN, {"login": username, "password": password, **given})


def test_the_right_password_opens_a_session_and_leaves_an_entry(client):
    made = person()
    answer = sign_in(client, "somebody", next="/accounts/profile/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/profile/")
    assert client.get("/accounts/profile/").status_code == 200
    entry = Entry.objects.filter(subject=f"user:{made.pk}").latest("id")
    assert (entry.kind, entry.data) == ("accounts.signed_in.v1", {"user_id": made.pk, "method": "password"})


def test_an_e_mail_address_serves_as_a_name(client):
    person(email="somebody@example.org")
    assert sign_in(client, "somebody@example.org").status_code == 302


def test_a_session_lasts_eight_hours(client, settings):
    person()
    sign_in(client, "somebody")
    assert settings.SESSION_COOKIE_AGE == 8 * 3600
    assert client.session.get_expiry_age() == 8 * 3600


def test_a_wrong_password_says_nothing_about_the_name(client):
    person()
    wrong, unknown = (sign_in(client, name, "nonsense-12345").content.decode() for name in ("somebody", "nobody-here"))
    assert "notice--critical" in wrong
    assert wrong.replace("somebody", "").count("notice--critical") == unknown.count("notice--critical")
    assert not Entry.objects.filter(kind="accounts.signed_in.v1").exists()


def test_after_five_wrong_passwords_even_the_right_one_is_refused(client):
    person()
    person("other")
    for _ in range(5):
        sign_in(client, "somebody", "nonsense-12345")
    assert sign_in(client, "somebody").status_code != 302
    assert sign_in(Client(), "other").status_code == 302, "others are not locked out"


def test_wrong_passwords_are_counted_where_every_process_sees_them(client, settings):
    settings.CACHES = base.CACHES
    person()
    for _ in range(5):
        sign_in(client, "somebody", "nonsense-12345")
    assert sign_in(client, "somebody").status_code != 302
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cityops_cache")
        assert cursor.rowcount > 0
    assert sign_in(client, "somebody").status_code == 302, "the count stood in the shared table and nowhere else"


def test_a_switched_off_account_does_not_enter(client):
    made = person()
    actions.change_person(made.pk, active=False, actor=ROOT)
    sign_in(client, "somebody")
    assert client.get("/accounts/profile/").status_code == 302


def test_switching_an_account_off_ends_what_it_may_do_at_once(client):
    made = holder("somebody", "case.see")
    client.force_login(made)
    actions.change_person(made.pk, active=False, actor=ROOT)
    assert client.get("/accounts/profile/").status_code == 302


def test_nobody_signs_up(client):
    answer = client.post("/accounts/signup/", {"username": "me", "password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 200
    assert not User.objects.exists()


def test_a_foreign_next_is_not_followed(client):
    person()
    assert urlsplit(sign_in(client, "somebody", next="https://evil.example/")["Location"]).netloc == ""


def test_signing_out_needs_a_click_and_ends_the_session(client):
    client.force_login(person())
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/accounts/profile/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/accounts/profile/").status_code == 302


def test_a_forgotten_password_is_recovered_by_mail(client):
    person(email="somebody@example.org")
    client.post("/accounts/password/reset/", {"email": "somebody@example.org"})
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    form = client.get(urlsplit(link).path, follow=True)
    answer = client.post(
        form.redirect_chain[-1][0], {"password1": "quite-another-1", "password2": "quite-another-1"}, follow=True
    )
    assert answer.status_code == 200
    client.post("/accounts/logout/")
    assert sign_in(Client(), "somebody", "quite-another-1").status_code == 302
    assert sign_in(Client(), "somebody").status_code != 302


def test_recovering_the_password_of_nobody_looks_the_same(client):
    person(email="somebody@example.org")
    places = []
    for address in ("somebody@example.org", "nobody@example.org"):
        answer = client.post("/accounts/password/reset/", {"email": address})
        places.append((answer.status_code, answer["Location"]))
    assert places[0] == places[1]
    assert [message.to for message in mail.outbox if "/password/reset/key/" in message.body] == [
        ["somebody@example.org"]
    ]


def test_anonymous_people_are_sent_to_sign_in_and_come_back(client):
    answer = client.get("/accounts/profile/?a=1")
    assert answer.status_code == 302
    assert answer["Location"] == f"{LOGIN}?next=/accounts/profile/%3Fa%3D1"


def test_a_fragment_asked_by_nobody_moves_the_whole_page(client):
    answer = client.get("/accounts/profile/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, LOGIN)


def test_the_pages_speak_the_persons_language_after_signing_in(client):
    made = person(language="en")
    sign_in(client, made.username)
    page = client.get("/accounts/profile/").content.decode()
    assert "What I may do" in page
    client.post("/accounts/profile/", {"language": "zh-hans"})
    page = client.get("/accounts/profile/").content.decode()
    assert "我的权限" in page
    assert "What I may do" not in page


def test_a_language_chosen_before_signing_in_stays(client):
    made = person(language="zh-hans")
    client.post("/i18n/setlang/", {"language": "en"})
    sign_in(client, made.username)
    assert "What I may do" in client.get("/accounts/profile/").content.decode()


def test_my_account_shows_my_grants_in_words(client):
    city()
    client.force_login(holder("desk", "desk", org="d449901", organisation="d449901", language="en"))
    client.cookies["django_language"] = "en"
    page = client.get("/accounts/profile/").content.decode()
    assert "Office d449901" in page
    assert "role-desk" in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_demo_shows_its_accounts_and_a_click_enters(client, settings, language):
    seeded()
    client.cookies["django_language"] = language
    assert "cityops-demo" not in client.get(LOGIN).content.decode(), "never outside the demo"
    settings.DEMO = True
    page = client.get(LOGIN).content.decode()
    assert page.count('name="demo"') == len(actions.demo_people()) == 14
    assert sign_in(client, "leader", actions.DEMO_PASSWORD).status_code == 302


def seeded() -> None:
    city()
    for code in {made.role for made in actions.demo_people()}:
        role(code, "case.see")
    actions.seed_people(actor=ROOT)


class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def required(self, settings):
        settings.MFA_REQUIRED = True

    def test_an_administrator_without_one_may_do_nothing_but_set_it_up(self, client):
        made = holder("boss", "admin", "case.see")
        client.force_login(made)
        answer = client.get("/accounts/profile/")
        assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_index"))
        assert acting(made).rights == {}
        assert client.get(reverse("mfa_index")).status_code == 200

    def test_people_who_work_from_outside_need_one_too(self):
        assert acting(holder("remote", "case.see", remote=True)).rights == {}
        assert acting(holder("inside", "case.see")).holds("case.see")

    def test_with_a_second_factor_the_rights_are_back(self, django_user_model):
        made = holder("boss", "admin")
        with_factor(made)
        assert acting(made).may("admin")

    def test_signing_in_then_asks_for_the_code(self, client):
        with_factor(holder("boss", "admin"))
        answer = sign_in(client, "boss")
        assert answer["Location"].startswith(reverse("mfa_authenticate"))
        assert client.get("/accounts/profile/").status_code == 302
        assert not Entry.objects.filter(kind="accounts.signed_in.v1").exists()


def with_factor(user: User) -> None:
    TOTP.activate(user, generate_totp_secret())


class TestDoors:
    def test_a_page_opens_to_those_who_hold_the_right_anywhere(self):
        page = page_needs("wall.see", "admin")(lambda request: HttpResponse("open"))
        request = RequestFactory().get("/")
        request.actor = acting(holder("wall", "wall.see", area="449900.449901"))
        assert page(request).content == b"open"
        request.actor = acting(holder("other", "case.see"))
        with pytest.raises(Exception, match="wall.see"):
            page(request)

    async def test_a_socket_of_nobody_has_an_actor_without_rights(self):
        seen = []

        async def inner(scope, receive, send):
            seen.append(scope["actor"])

        await ActorAsgiMiddleware(inner)({"type": "websocket", "user": AnonymousUser()}, None, None)
        await ActorAsgiMiddleware(inner)({"type": "websocket"}, None, None)
        assert seen == [NOBODY, NOBODY]

    def test_the_administration_has_one_way_in(self, client):
        assert client.get("/admin/").status_code == 302
        answer = client.post("/admin/login/", {"username": "x", "password": "y"})
        assert answer.status_code == 302
        assert answer["Location"].startswith(LOGIN)
        client.force_login(holder("leader", "supervise"))
        assert client.get("/admin/", follow=True).status_code == 403

    def test_the_api_says_401_to_nobody(self, client):
        answer = client.get("/api/feed?scope=city")
        assert answer.status_code == 401
        assert answer.json()["code"] == "request.not_authenticated"
