"""Roles and sessions for programs: the same verbs as the pages, the same refusals, in the reader's language."""

import pytest
from django.test import Client

from accounts import actions, selectors
from accounts.models import OpenSession, Role
from journal.models import Entry
from tests.accounts.factories import HERE, ROOT, THERE, city, holder, person, role
from tests.seen import tag_at

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-password-7"
JSON = "application/json"
VIEWER = {"zh": "看", "en": "Viewer"}


def signed_in(username, language="en"):
    """A browser in which this person signed in through the page."""
    client = Client(headers={"Accept-Language": language, "User-Agent": "X11; Linux x86_64 Firefox/140.0"})
    assert client.post("/accounts/login/", {"login": username, "password": PASSWORD}).status_code == 302
    client.cookies["django_language"] = language
    return client


def admin(language="en"):
    """An administrator of everything, as a program."""
    client = Client(headers={"Accept-Language": language})
    client.force_login(holder("boss", "admin"))
    return client


def test_roles_are_listed_with_their_holders_and_what_their_pack_says():
    boss = admin()
    actions.upsert_role(code="viewer", names=VIEWER, permissions=["case.see"], pack="base", actor=ROOT)
    for name in ("a", "b"):
        actions.grant(user=person(name), role="viewer", actor=ROOT)
    rows = {row["code"]: row for row in boss.get("/api/roles").json()}
    assert (rows["viewer"]["holders"], rows["viewer"]["differs"]) == (2, False)
    assert rows["viewer"]["pack_says"] == {"names": VIEWER, "permissions": ["case.see"]}
    assert (rows["role-boss"]["holders"], rows["role-boss"]["pack_says"]) == (1, None)
    assert boss.get("/api/roles/viewer").json() == rows["viewer"], "the list and the one agree"


def test_a_role_is_made_changed_and_taken_back_to_its_pack():
    boss = admin()
    made = boss.post("/api/roles", {"code": "watch", "names": VIEWER, "permissions": ["wall.see"]}, JSON)
    assert (made.status_code, made.json()["second_factor"]) == (201, False)
    held = tag_at(boss, "/api/roles/watch")
    assert boss.post("/api/roles/watch/reset", headers=held).json()["code"] == "accounts.role_without_pack"
    actions.upsert_role(code="viewer", names=VIEWER, permissions=["case.see"], pack="base", actor=ROOT)
    path, given = (
        "/api/roles/viewer",
        {"names": VIEWER, "permissions": ["case.see", "score.see"], "second_factor": True},
    )
    read = tag_at(boss, path)
    saved = boss.put(path, given, JSON, headers=read)
    assert saved["ETag"] != read["If-Match"]
    assert saved.json()["permissions"] == ["case.see", "score.see"]
    assert (saved.json()["differs"], saved.json()["second_factor"]) == (True, True)
    back = boss.post(f"{path}/reset", headers={"If-Match": saved["ETag"]})
    assert back.json()["permissions"] == ["case.see"]
    factor = boss.put(f"{path}/second-factor", {"required": False}, JSON, headers={"If-Match": back["ETag"]})
    assert factor.json()["second_factor"] is False
    kinds = set(Entry.objects.filter(subject="role:viewer").values_list("kind", flat=True))
    assert kinds == {"accounts.role_changed.v1", "accounts.role_factor_changed.v1"}


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "A role role-boss exists already."), ("zh-hans", "角色 role-boss 已存在。")]
)
def test_a_role_is_not_made_twice(language, sentence):
    boss = admin(language)
    answer = boss.post("/api/roles", {"code": "role-boss", "names": VIEWER, "permissions": []}, JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "accounts.role_exists")
    assert answer.json()["message"] == sentence
    assert Role.objects.get(code="role-boss").permissions == ["admin"]


def test_a_role_that_would_judge_its_own_work_and_an_unknown_permission_change_nothing():
    boss = admin()
    role("both", "handle")
    given = {"names": VIEWER, "second_factor": True}
    seen = tag_at(boss, "/api/roles/both")
    judged = boss.put("/api/roles/both", {**given, "permissions": ["handle", "supervise"]}, JSON, headers=seen)
    assert (judged.status_code, judged.json()["code"]) == (409, "accounts.handles_and_supervises")
    strange = boss.put("/api/roles/both", {**given, "permissions": ["fly"]}, JSON, headers=seen)
    assert (strange.status_code, strange.json()["params"]) == (400, {"permissions": "fly"})
    row = Role.objects.get(code="both")
    assert (row.permissions, row.second_factor) == (["handle"], False)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Somebody else has changed this since you read it. Nothing was written."),
        ("zh-hans", "您读取之后，已有他人修改了此内容，未写入任何改动。"),
    ],
)
def test_a_role_that_somebody_else_changed_is_not_overwritten(language, sentence):
    boss = admin(language)
    role("viewer", "case.see")
    path, given = "/api/roles/viewer", {"names": VIEWER, "permissions": ["score.see"], "second_factor": False}
    read = tag_at(boss, path)
    assert boss.put(path, {**given, "permissions": ["wall.see"]}, JSON, headers=read).status_code == 200
    late = boss.put(path, given, JSON, headers=read)
    assert (late.status_code, late.json()["code"], late.json()["message"]) == (412, "version.stale", sentence)
    assert boss.post(f"{path}/reset", headers=read).status_code == 412
    assert boss.put(f"{path}/second-factor", {"required": True}, JSON, headers=read).status_code == 412
    for headers, status in (({}, 428), ({"If-Match": "*"}, 400), ({"If-Match": '"7"'}, 400)):
        assert boss.put(path, given, JSON, headers=headers).status_code == status
    row = Role.objects.get(code="viewer")
    assert (row.permissions, row.second_factor) == (["wall.see"], False)


def test_who_administers_a_district_changes_no_role():
    city()
    client = Client()
    client.force_login(holder("local", "admin", area=HERE))
    seen = tag_at(client, "/api/roles/role-local")
    answer = client.put("/api/roles/role-local/second-factor", {"required": True}, JSON, headers=seen)
    assert (answer.status_code, answer.json()["code"]) == (403, "accounts.not_an_administrator")
    assert Role.objects.get(code="role-local").second_factor is False


def test_i_see_my_browsers_and_end_the_others():
    person()
    here, there, third = (signed_in("somebody") for _ in range(3))
    answer = here.get("/api/sessions")
    rows = answer.json()
    assert "no-store" in answer["Cache-Control"]
    assert [row["here"] for row in rows].count(True) == 1
    assert {(row["browser"], row["system"]) for row in rows} == {("Firefox", "Linux")}
    assert not {"key", "session_key"} & set(rows[0]), "what opens a session is not told"
    other = next(row["id"] for row in there.get("/api/sessions").json() if row["here"])
    assert here.delete(f"/api/sessions/{other}").status_code == 204
    assert there.get("/api/sessions").status_code == 401
    assert here.post("/api/sessions/others/end").json() == {"ended": 1}
    assert third.get("/api/sessions").status_code == 401
    assert len(here.get("/api/sessions").json()) == 1


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "This session is not open, or is not yours."), ("zh-hans", "该会话未打开，或不属于您。")],
)
def test_nobody_ends_the_session_of_another(language, sentence):
    person()
    person("other")
    signed_in("somebody")
    answer = signed_in("other", language).delete(
        f"/api/sessions/{OpenSession.objects.get(user__username='somebody').pk}"
    )
    assert (answer.status_code, answer.json()["message"]) == (404, sentence)
    assert OpenSession.objects.count() == 2


def test_an_administrator_signs_out_only_people_of_their_ground():
    city()
    near, far = person("near", "d449901"), person("far", "d449902")
    browsers = {name: signed_in(name) for name in ("near", "far")}
    local = Client()
    local.force_login(holder("local", "admin", area=HERE))
    assert [row["username"] for row in local.get("/api/sessions/everybody").json()] == ["near"]
    assert local.delete(f"/api/people/{far.pk}/sessions").status_code == 403
    assert local.delete(f"/api/people/{near.pk}/sessions").json() == {"ended": 1}
    assert browsers["near"].get("/api/me").status_code == 401
    assert browsers["far"].get("/api/me").status_code == 200, f"{THERE} is not theirs"
    assert selectors.sessions_of(selectors.actor_of(far))
