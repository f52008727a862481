"""The pages of keys, sessions and roles, as their people meet them."""

import pytest
from django.test import Client

from accounts import actions, selectors
from accounts.forms.roles import PERMISSION_NAMES
from accounts.models import Grant, Key, Role, User
from accounts.rules import PERMISSIONS
from core.errors import Conflict
from journal.models import Entry
from tests.accounts.factories import ROOT, holder, person, role
from tests.seen import version_at, version_on

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def browser(user: User, language: str = "en") -> Client:
    """A browser of this person."""
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


class TestKeys:
    def test_a_key_is_shown_once_and_opens_what_its_owner_may_read(self):
        client = browser(holder("somebody", "case.see"))
        answer = client.post("/keys/", {"label": "QGIS", "days": 30})
        page = answer.content.decode()
        text = page.split('value="ck_')[1].split('"')[0]
        assert (answer.status_code, answer["Cache-Control"].count("no-store")) == (201, 1)
        told = Client().get("/api/me", headers={"Authorization": f"Bearer ck_{text}"})
        assert told.json()["rights"] == ["case.see"]
        again = client.get("/keys/").content.decode()
        assert "QGIS" in again
        assert text not in again

    def test_a_refused_key_keeps_what_was_typed(self):
        client = browser(person())
        answer = client.post("/keys/", {"label": "my script", "days": 400})
        assert answer.status_code == 400
        assert "my script" in answer.content.decode()
        assert not Key.objects.exists()

    def test_nobody_sees_or_ends_the_key_of_another_but_an_administrator(self):
        owner = person()
        key, _text = actions.make_key(label="their-own-key", days=9, actor=selectors.actor_of(owner))
        other = browser(holder("other", "case.see"))
        assert "their-own-key" not in other.get("/keys/").content.decode()
        assert other.post(f"/keys/{key.pk}/end/").status_code == 404
        assert Key.objects.get().ended_at is None
        boss = browser(holder("boss", "admin"))
        assert "their-own-key" in boss.get("/keys/").content.decode()
        assert boss.post(f"/keys/{key.pk}/end/").status_code == 302
        assert Key.objects.get().ended_at is not None


class TestSignedIn:
    def test_an_administrator_signs_somebody_out_everywhere(self):
        made = person("victim", label="Lin")
        theirs = browser(made)
        boss = browser(holder("boss", "admin"))
        assert "Lin" in boss.get("/sessions/everybody/").content.decode()
        boss.post(f"/sessions/everybody/{made.pk}/end/")
        assert theirs.get("/accounts/profile/").status_code == 302
        assert "Lin" not in boss.get("/sessions/everybody/").content.decode().split("<tbody>")[1]
        assert boss.get("/accounts/profile/").status_code == 200

    def test_a_locked_account_is_listed_and_unlocked(self, django_capture_on_commit_callbacks):
        made = person("victim", label="Lin")
        for _ in range(5):
            Client().post(LOGIN, {"login": "victim", "password": "nonsense-12345"})
        boss = browser(holder("boss", "admin"))
        assert "locked until" in boss.get("/sessions/everybody/").content.decode()
        with django_capture_on_commit_callbacks(execute=True):
            boss.post(f"/sessions/everybody/{made.pk}/unlock/")
        assert "locked until" not in boss.get("/sessions/everybody/").content.decode()

    def test_others_are_not_let_in(self):
        assert browser(holder("other", "supervise")).get("/sessions/everybody/").status_code == 403

    def test_my_page_lists_this_browser_and_ends_the_others(self):
        made = person()
        here, there = browser(made), browser(made)
        page = here.get("/sessions/").content.decode()
        assert page.count("this one") == 1
        here.post("/sessions/others/end/")
        assert there.get("/accounts/profile/").status_code == 302
        assert here.get("/sessions/").status_code == 200


class TestRoles:
    def look(self, client: Client, code: str, *permissions: str, **more: str) -> tuple[str, dict[str, object]]:
        """The page of a change that is looked at, and what would be posted to save it."""
        given = {"zh": "看", "en": "Viewer", "permissions": permissions, **more}
        given.setdefault("version", version_at(client, f"/roles/{code}/"))
        page = client.post(f"/roles/{code}/", {**given, "act": "look"}).content.decode()
        seen = page.split('name="seen" value="')[1].split('"')[0] if 'name="seen"' in page else ""
        return page, {**given, "act": "save", "seen": seen}

    def test_every_permission_is_explained_to_people(self):
        assert set(PERMISSION_NAMES) == set(PERMISSIONS)

    def test_a_change_is_seen_before_it_is_saved_and_then_journalled(self):
        boss, made = browser(holder("boss", "admin")), holder("viewer", "case.see")
        page, given = self.look(boss, "role-viewer", "case.see", "score.see")
        assert "See scores" in page
        assert Role.objects.get(code="role-viewer").permissions == ["case.see"], "looking changes nothing"
        assert boss.post("/roles/role-viewer/", given).status_code == 302
        assert selectors.actor_of(made).holds("score.see")
        entry = Entry.objects.filter(kind="accounts.role_changed.v1", subject="role:role-viewer").latest("id")
        assert entry.data["added"] == ["score.see"]

    def test_only_what_was_looked_at_is_saved(self):
        boss = browser(holder("boss", "admin"))
        holder("viewer", "case.see")
        _page, given = self.look(boss, "role-viewer", "case.see", "score.see")
        answer = boss.post("/roles/role-viewer/", {**given, "permissions": ["case.see", "admin"]})
        assert answer.status_code == 409
        assert Role.objects.get(code="role-viewer").permissions == ["case.see"]

    def test_what_somebody_else_changed_meanwhile_is_shown_and_not_overwritten_silently(self):
        boss, other = browser(holder("boss", "admin")), holder("other", "admin")
        holder("viewer", "case.see")
        old = version_at(boss, "/roles/role-viewer/")
        actions.upsert_role(
            code="role-viewer", names={"zh": "看", "en": "Viewer"}, permissions=["case.see", "wall.see"],
            actor=selectors.actor_of(other),
        )  # fmt: skip
        given = {"zh": "看", "en": "Onlooker", "permissions": ["case.see", "score.see"], "version": old}
        for act in ("look", "save"):
            answer = boss.post("/roles/role-viewer/", {**given, "act": act, "seen": "x"})
            page = answer.content.decode()
            assert answer.status_code == 412
            assert "Somebody else has changed this" in page
            assert ("See the wall" in page.split("What was changed meanwhile")[1].split("</section>")[0]) is True
            assert 'value="Onlooker"' in page, "what was typed stays"
            assert other.get_full_name() in page
        assert Role.objects.get(code="role-viewer").permissions == ["case.see", "wall.see"]
        reset = boss.post("/roles/role-viewer/", {"act": "reset", "version": old})
        assert reset.status_code == 412
        given["version"] = version_on(page)
        looked = boss.post("/roles/role-viewer/", {**given, "act": "look"}).content.decode()
        seal = looked.split('name="seen" value="')[1].split('"')[0]
        saved = boss.post("/roles/role-viewer/", {**given, "act": "save", "seen": seal, "version": version_on(looked)})
        assert saved.status_code == 302, "with open eyes it may be replaced"
        assert Role.objects.get(code="role-viewer").permissions == ["case.see", "score.see"]

    def test_a_form_that_does_not_say_what_it_showed_changes_nothing(self):
        boss = browser(holder("boss", "admin"))
        holder("viewer", "case.see")
        for version in ("", "forged"):
            given = {"zh": "看", "en": "Viewer", "permissions": ["score.see"], "act": "save", "version": version}
            assert boss.post("/roles/role-viewer/", given).status_code == 412
        assert Role.objects.get(code="role-viewer").permissions == ["case.see"]

    def test_a_mistyped_form_is_shown_again_with_the_version_that_was_seen(self):
        boss = browser(holder("boss", "admin"))
        holder("viewer", "case.see")
        old = version_at(boss, "/roles/role-viewer/")
        actions.upsert_role(code="role-viewer", names={"zh": "看", "en": "V"}, permissions=["wall.see"], actor=ROOT)
        answer = boss.post("/roles/role-viewer/", {"zh": "", "en": "Viewer", "act": "look", "version": old})
        assert answer.status_code == 400
        assert version_on(answer.content.decode()) == old

    def test_a_role_that_would_judge_its_own_work_is_refused_even_without_holders(self):
        boss = browser(holder("boss", "admin"))
        role("both", "handle")
        _page, given = self.look(boss, "both", "handle", "supervise")
        answer = boss.post("/roles/both/", given)
        assert answer.status_code == 409
        assert "Nobody may handle cases and supervise" in answer.content.decode()
        assert Role.objects.get(code="both").permissions == ["handle"]

    def test_a_change_that_makes_a_holder_judge_their_own_work_is_refused(self):
        made = holder("somebody", "supervise")
        role("viewer", "case.see")
        actions.grant(user=made, role="viewer", actor=ROOT)
        with pytest.raises(Conflict):
            actions.save_role(
                code="viewer", names={"zh": "看", "en": "V"}, permissions=["handle"], second_factor=True, actor=ROOT
            )
        row = Role.objects.get(code="viewer")
        assert (row.permissions, row.second_factor) == (["case.see"], False)

    def test_what_the_city_says_stays_when_the_pack_speaks_again_and_can_be_taken_back(self):
        names = {"zh": "看", "en": "Viewer"}
        actions.upsert_role(code="viewer", names=names, permissions=["case.see"], pack="base", actor=ROOT)
        actions.upsert_role(code="viewer", names=names, permissions=["case.see", "score.see"], actor=ROOT)
        actions.upsert_role(code="viewer", names=names, permissions=["case.see"], pack="base", actor=ROOT)
        row = Role.objects.get(code="viewer")
        assert (row.permissions, row.differs) == (["case.see", "score.see"], True)
        assert selectors.roles_of("base")["viewer"]["permissions"] == ["case.see"], "the pack finds nothing to change"
        boss = browser(holder("boss", "admin"))
        assert "See scores" in boss.get("/roles/viewer/").content.decode()
        boss.post("/roles/viewer/", {"act": "reset", "version": version_at(boss, "/roles/viewer/")})
        row.refresh_from_db()
        assert (row.permissions, row.differs) == (["case.see"], False)

    def test_a_role_that_the_city_left_alone_follows_the_pack(self):
        names = {"zh": "看", "en": "Viewer"}
        for permissions in (["case.see"], ["case.see", "wall.see"]):
            actions.upsert_role(code="viewer", names=names, permissions=permissions, pack="base", actor=ROOT)
        assert Role.objects.get(code="viewer").permissions == ["case.see", "wall.see"]

    def test_a_new_role_is_made_and_a_taken_code_is_refused(self):
        boss = browser(holder("boss", "admin"))
        given = {"code": "patrol", "zh": "巡查", "en": "Patrol", "permissions": ["collect"], "act": "look"}
        page = boss.post("/roles/new/", given).content.decode()
        given |= {"act": "save", "seen": page.split('name="seen" value="')[1].split('"')[0]}
        assert boss.post("/roles/new/", given)["Location"] == "/roles/patrol/"
        assert boss.post("/roles/new/", given).status_code == 409
        assert Role.objects.filter(code="patrol").count() == 1

    def test_a_role_may_ask_its_holders_for_a_second_factor(self, settings):
        settings.MFA_REQUIRED = True
        made = holder("viewer", "case.see")
        client = browser(made)
        assert client.get("/cases/").status_code == 200
        actions.require_second_factor("role-viewer", required=True, actor=ROOT)
        assert client.get("/cases/")["Location"] == "/accounts/2fa/"
        assert Entry.objects.filter(kind="accounts.role_factor_changed.v1").count() == 1
        Grant.objects.filter(user=made).delete()
        assert browser(made).get("/accounts/profile/").status_code == 200
