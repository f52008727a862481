"""The password profile: what it refuses and why, its history, its end, and lock-outs with an hour in them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from accounts import actions, selectors
from accounts.models import PastPassword, User
from accounts.rules import PasswordProfile, classes_in, password_faults
from core import clock
from core.errors import Forbidden, Invalid
from journal.models import Entry
from tests.accounts.factories import ROOT, holder, person

PASSWORD = "a-long-password-7"
CHANGE, PROFILE, LOGIN = "/accounts/password/change/", "/accounts/profile/", "/accounts/login/"
STRICT = PasswordProfile("dengbao3", 10, classes=3, history=5, days=90)


@pytest.mark.parametrize(
    ("password", "classes"),
    [("abc", 1), ("abcD", 2), ("aB3", 3), ("aB3-", 4), ("密码abc", 1), ("密码Abc1!", 4), ("", 0)],
)
def test_classes_are_capitals_small_letters_digits_and_the_rest(password, classes):
    assert classes_in(password) == classes


def test_a_profile_says_everything_that_is_wrong_at_once():
    assert [fault.code for fault in password_faults("short", STRICT)] == [
        "accounts.password_short", "accounts.password_classes",
    ]  # fmt: skip
    assert password_faults("Long-enough-7", STRICT) == []
    assert password_faults("all small letters", PasswordProfile("asvs", 12)) == []


@pytest.mark.django_db
class TestProfile:
    @pytest.fixture(autouse=True)
    def strict(self, settings):
        """The profile of level 3."""
        settings.PASSWORD_PROFILE = "dengbao3"

    def test_a_refusal_is_a_sentence_in_the_readers_language(self):
        with translation.override("zh-hans"), pytest.raises(Invalid) as refused:
            person(password="short")
        assert "密码至少" in str(refused.value.params["reasons"])
        assert not User.objects.exists()

    def test_the_last_five_passwords_do_not_come_back_and_the_sixth_does(self):
        made = person(password="Password-of-0")
        for number in range(1, 6):
            actions.change_person(made.pk, password=f"Password-of-{number}", actor=ROOT)
        for number in (5, 3, 1):
            with pytest.raises(Invalid) as refused:
                actions.change_person(made.pk, password=f"Password-of-{number}", actor=ROOT)
            assert "5" in str(refused.value.params["reasons"])
        actions.change_person(made.pk, password="Password-of-0", actor=ROOT)
        assert PastPassword.objects.filter(user=made).count() == 5
        assert "Password-of" not in "".join(PastPassword.objects.values_list("hash", flat=True))

    def test_an_old_password_is_changed_before_the_next_page_and_leads_back(self, client):
        made = holder("somebody", "case.see", password="Password-of-0")
        User.objects.filter(pk=made.pk).update(password_set_at=clock.now() - timedelta(days=91))
        client.post(LOGIN, {"login": "somebody", "password": "Password-of-0"})
        answer = client.get("/cases/", {"q": "井盖"})
        assert answer["Location"] == f"{CHANGE}?next=%2Fcases%2F%3Fq%3D%25E4%25BA%2595%25E7%259B%2596"
        assert client.get(answer["Location"]).status_code == 200
        assert client.post(PROFILE, {"language": "en"}).status_code == 302, "a form on its way still arrives"
        assert User.objects.get(pk=made.pk).language == "en"
        given = {"oldpassword": "Password-of-0", "password1": "Password-of-1", "password2": "Password-of-1"}
        back = client.post(answer["Location"], {**given, "next": "/cases/?q=1"})
        assert back["Location"] == "/cases/?q=1"
        assert client.get("/cases/").status_code == 200

    def test_a_young_password_is_left_alone(self, client):
        made = holder("somebody", "case.see", password="Password-of-0")
        User.objects.filter(pk=made.pk).update(password_set_at=clock.now() - timedelta(days=89))
        client.force_login(made)
        assert client.get("/cases/").status_code == 200


@pytest.mark.django_db
def test_asvs_never_forces_a_change(client):
    made = holder("somebody", "case.see")
    User.objects.filter(pk=made.pk).update(password_set_at=clock.now() - timedelta(days=4000))
    client.force_login(made)
    assert client.get("/cases/").status_code == 200


@pytest.mark.django_db
class TestLockOut:
    def lock(self, name: str = "somebody", **given: str) -> str:
        """Five wrong passwords, and the page that the sixth attempt sees."""
        for _ in range(5):
            Client().post(LOGIN, {"login": name, "password": "nonsense-12345"}, **given)
        client = Client(HTTP_ACCEPT_LANGUAGE="en")
        return client.post(LOGIN, {"login": name, "password": PASSWORD}, **given).content.decode()

    def test_the_sentence_says_until_when_and_the_log_knows(self):
        made = person()
        page = self.lock()
        until = selectors.locked_until(made.pk)
        assert until is not None
        assert timezone.localtime(until).strftime("%Y-%m-%d %H:%M") in page
        assert abs((until - clock.now()).total_seconds() - 1800) < 30
        entry = Entry.objects.get(kind="accounts.locked.v1")
        assert entry.data == {"user_id": made.pk, "until": until.isoformat()}

    def test_the_account_is_one_by_name_by_mail_and_under_every_host(self):
        made = person(email="somebody@example.org")
        for name in ("somebody", "SOMEBODY", "somebody@example.org", "Somebody@Example.org", "somebody"):
            Client().post(LOGIN, {"login": name, "password": "nonsense-12345"}, headers={"Host": "localhost"})
        assert selectors.locked_until(made.pk) is not None

    def test_an_administrator_unlocks_and_a_neighbour_does_not(self):
        made = person()
        self.lock()
        with pytest.raises(Forbidden):
            actions.unlock(made.pk, actor=selectors.actor_of(holder("other", "case.see")))
        assert selectors.locked_until(made.pk) is not None

    def test_after_unlocking_the_right_password_enters(self, django_capture_on_commit_callbacks):
        made = person()
        self.lock()
        with django_capture_on_commit_callbacks(execute=True):
            actions.unlock(made.pk, actor=ROOT)
        assert selectors.locked_until(made.pk) is None
        assert Client().post(LOGIN, {"login": "somebody", "password": PASSWORD}).status_code == 302
        assert Entry.objects.filter(kind="accounts.unlocked.v1").count() == 1

    def test_an_address_that_tries_many_accounts_is_told_so(self):
        for number in range(20):
            Client().post(LOGIN, {"login": f"nobody-{number}", "password": "nonsense-12345"})
        person()
        page = Client(HTTP_ACCEPT_LANGUAGE="en").post(LOGIN, {"login": "somebody", "password": PASSWORD})
        assert "from your address" in page.content.decode()
