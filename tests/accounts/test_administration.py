"""The administration pages change things only by actions, and say a refusal on the form."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import selectors
from accounts.models import Grant, Organisation, Role, User
from core import clock
from journal.models import Entry
from tests.accounts.factories import city, holder, person, role

pytestmark = pytest.mark.django_db
NOW = {"valid_from_0": "2026-11-22", "valid_from_1": "12:00:00", "valid_until_0": "", "valid_until_1": ""}


@pytest.fixture
def boss(client):
    """The administrator's browser."""
    client.force_login(holder("boss", "admin"))
    client.cookies["django_language"] = "en"
    return client


def test_a_grant_is_given_through_the_action(boss):
    made, viewer = person(), role("viewer", "case.see")
    given = {"user": made.pk, "role": viewer.pk, "org": "", "area": "449900.449901", **NOW}
    assert boss.post(reverse("admin:accounts_grant_add"), given).status_code == 302
    row = Grant.objects.get(user=made)
    assert row.granted_by.startswith("user:")
    assert Entry.objects.filter(kind="accounts.granted.v1", subject=f"user:{made.pk}").count() == 1


def test_a_refused_grant_says_why_on_the_form(boss):
    made, handler = holder("somebody", "supervise"), role("handler", "handle")
    given = {"user": made.pk, "role": handler.pk, "org": "", "area": "", **NOW}
    answer = boss.post(reverse("admin:accounts_grant_add"), given)
    assert answer.status_code == 200
    assert "Nobody may handle cases and supervise over the same ground" in answer.content.decode()
    assert not Grant.objects.filter(user=made, role=handler).exists()


def test_grants_are_ended_from_the_list(boss):
    made = holder("somebody", "case.see")
    row = Grant.objects.get(user=made)
    boss.post(reverse("admin:accounts_grant_changelist"), {"action": "end", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert row.valid_until <= clock.now()
    assert selectors.actor_of(made).rights == {}


def test_a_person_is_made_and_changed_and_the_password_is_never_shown(boss):
    city()
    home = Organisation.objects.get(code="d449901")
    given = {"username": "new", "label": "New", "organisation": home.pk, "phone": "", "email": "", "language": "en"}
    add = reverse("admin:accounts_user_add")
    weak = boss.post(add, {**given, "is_active": "on", "password": "12345"})
    assert "This password is not accepted" in weak.content.decode()
    assert boss.post(add, {**given, "is_active": "on", "password": "a-long-password-7"}).status_code == 302
    made = User.objects.get(username="new")
    assert made.check_password("a-long-password-7")
    page = boss.get(reverse("admin:accounts_user_change", args=[made.pk]))
    assert made.password.encode() not in page.content
    given = {"label": "Newer", "organisation": home.pk, "phone": "", "email": "", "password": ""}
    assert boss.post(reverse("admin:accounts_user_change", args=[made.pk]), given).status_code == 302
    made.refresh_from_db()
    assert (made.label, made.is_active, made.check_password("a-long-password-7")) == ("Newer", False, True)


def test_an_organisation_is_made_and_refused_with_a_sentence(boss):
    given = {"code": "centre", "names": '{"zh": "中心", "en": "Centre"}', "kind": "centre", "level": "city"}
    given |= {"parent": "", "area": "449900", "duties": "[]", "active": "on"}
    add = reverse("admin:accounts_organisation_add")
    assert boss.post(add, given).status_code == 302
    assert "exists already" in boss.post(add, given).content.decode() or Organisation.objects.count() == 1
    bad = boss.post(add, {**given, "code": "other", "names": '{"zh": "其他"}'})
    assert "A name is needed in both languages" in bad.content.decode()
    centre = Organisation.objects.get()
    change = reverse("admin:accounts_organisation_change", args=[centre.pk])
    words = {"names": '{"zh": "指挥中心", "en": "Command"}', "duties": '["appearance"]', "active": "on"}
    assert boss.post(change, words).status_code == 302
    centre.refresh_from_db()
    assert (centre.names["en"], centre.duties, centre.path) == ("Command", ["appearance"], "centre")


def test_a_role_is_changed_through_the_action(boss):
    made = role("viewer", "case.see")
    change = reverse("admin:accounts_role_change", args=[made.pk])
    words = {"names": '{"zh": "看", "en": "Viewer"}', "permissions": '["case.see", "rule.the.world"]'}
    assert "No part of the platform asks for rule.the.world" in boss.post(change, words).content.decode()
    words["permissions"] = '["case.see", "score.see"]'
    assert boss.post(change, words).status_code == 302
    assert Role.objects.get(code="viewer").permissions == ["case.see", "score.see"]
    assert Entry.objects.filter(kind="accounts.role_changed.v1", subject="role:viewer").count() == 2


@pytest.mark.parametrize("model", ["organisation", "user", "role", "grant"])
def test_nothing_can_be_deleted(boss, model):
    target = {"organisation": Organisation, "user": User, "role": Role, "grant": Grant}[model]
    city()
    row = target.objects.first()
    assert boss.post(reverse(f"admin:accounts_{model}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    given = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    boss.post(reverse(f"admin:accounts_{model}_changelist"), given)
    assert target.objects.filter(pk=row.pk).exists()


class TestFirstAdministrator:
    def test_an_empty_installation_gets_one_by_command(self, monkeypatch, capsys):
        role("administrator", "admin")
        monkeypatch.setattr("sys.stdin", io.StringIO("a-long-password-7\n"))
        call_command("first_admin", "root", "--password-stdin")
        assert selectors.actor_named("root").may("admin")
        monkeypatch.setattr("sys.stdin", io.StringIO("a-long-password-7\n"))
        with pytest.raises(CommandError):
            call_command("first_admin", "second", "--password-stdin")
        assert User.objects.count() == 1

    def test_without_the_base_pack_nothing_is_left_half_done(self, monkeypatch):
        monkeypatch.setattr("sys.stdin", io.StringIO("a-long-password-7\n"))
        with pytest.raises(CommandError):
            call_command("first_admin", "root", "--password-stdin")
        assert not User.objects.exists()
