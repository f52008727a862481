"""The pages of organisations, people and rosters: what an administrator does there, and what they show."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import actions
from accounts.models import Organisation, Plan, Post, User, Watch
from tests.accounts.factories import ROOT, city, holder, organisation, person, role
from tests.accounts.test_staffing import MONDAY, SHIFTS
from tests.seen import tag_at, version_at, version_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    city()
    organisation("bureau", "centre", "449900", level="city")
    role("desk", "desk", "case.see")
    role("shift_leader", "supervise")
    client = Client()
    client.force_login(holder("boss", "admin", organisation="centre"))
    return client


def test_a_move_is_previewed_and_happens_only_when_confirmed(admin):
    given = {"parent": "bureau", "note": "改革"}
    page = admin.post("/organisations/appearance-449901/move/", given | {"act": "look"})
    assert page.status_code == 200
    assert "centre.bureau.appearance-449901" in page.text
    assert not Plan.objects.exists()
    assert admin.post("/organisations/appearance-449901/move/", given | {"act": "save"}).status_code == 302
    assert Organisation.objects.get(code="appearance-449901").path == "centre.bureau.appearance-449901"


def test_a_move_that_cannot_be_says_why_and_offers_no_button(admin):
    page = admin.post("/organisations/d449901/move/", {"parent": "appearance-449901", "act": "look"})
    assert "不能划归其下级单位" in page.text
    assert 'value="save"' not in page.text


def test_the_tree_is_searched_and_shown_as_of_a_day(admin):
    page = admin.get("/organisations/", {"q": "sanitation-449902"})
    assert "sanitation-449902" in page.text
    assert "sanitation-449901" not in page.text
    assert admin.get("/organisations/", {"at": "2001-01-01"}).text.count("tree__item") == 0
    assert admin.get("/organisations/", {"at": "2001-99-99"}).status_code == 400


def test_a_person_is_created_given_a_post_and_a_link_that_is_not_kept(admin):
    made = admin.post("/people/new/", {"username": "new", "label": "新人", "organisation": "centre", "phone": ""})
    user = User.objects.get(username="new")
    assert made.headers["Location"] == f"/people/{user.pk}/"
    post = actions.create_post(organisation="centre", role="shift_leader", actor=ROOT)
    admin.post(f"/people/{user.pk}/posts/", {"post": post.code})
    assert user.grants.get().post == post
    desk = actions.create_post(organisation="appearance-449901", role="desk", actor=ROOT)
    refused = admin.post(f"/people/{user.pk}/posts/", {"post": desk.code})
    assert refused.status_code == 409
    assert user.grants.count() == 1
    links = admin.post("/people/links/", {"person": user.pk})
    assert links.headers["Cache-Control"] == "no-store"
    assert "/accounts/password/reset/key/" in links.text


def test_a_roster_is_ticked_saved_and_an_overlap_keeps_the_ticks(admin):
    actions.adopt_shifts(SHIFTS, pack="base", actor=ROOT)
    somebody = person("somebody", "centre")
    form = {"organisation": "centre", "week": MONDAY.isoformat(), "act": "save"}
    turn = f"{somebody.pk}:{MONDAY.isoformat()}:"
    week = f"/rosters/?organisation=centre&week={MONDAY.isoformat()}"
    form["version"] = version_at(admin, week)
    assert admin.post("/rosters/", form | {"turn": [turn + "day"]}).status_code == 302
    assert Watch.objects.get().day == date(2026, 11, 23)
    late = admin.post("/rosters/", form | {"turn": [turn + "evening"]})
    assert late.status_code == 412
    assert "11-23" in late.text.split('id="meanwhile"')[1].split("</section>")[0], "the turn that came meanwhile"
    assert late.text.count(" checked aria-label") == 1
    form["version"] = version_on(late.text)
    page = admin.post("/rosters/", form | {"turn": [turn + "evening", turn + "long"]})
    assert page.status_code == 409
    assert page.text.count(" checked aria-label") == 2
    assert page.text.count('name="shown"') == 8, "seven days and the whole week"
    assert page.text.count('class="roster__day roster__day--2') == 2, "one cell a person"
    assert Watch.objects.get().shift.code == "day"


def test_names_and_duties_that_somebody_else_changed_are_not_overwritten(admin):
    path = "/organisations/appearance-449901/"
    mine = {"zh": "市容一局", "en": "Mine", "duties": "appearance", "version": version_at(admin, path)}
    actions.change_organisation("appearance-449901", names={"zh": "他改的名", "en": "Theirs"}, actor=ROOT)
    late = admin.post(f"{path}change/", mine)
    assert late.status_code == 412
    assert "Theirs" in late.text.split('id="meanwhile"')[1].split("</section>")[0]
    assert 'value="Mine"' in late.text
    assert Organisation.objects.get(code="appearance-449901").names["en"] == "Theirs"
    assert admin.post(f"{path}change/", {**mine, "version": version_on(late.text)}).status_code == 302
    assert Organisation.objects.get(code="appearance-449901").names["en"] == "Mine"


def test_a_person_whom_somebody_else_changed_is_not_overwritten_but_switched_off_at_once(admin):
    somebody = person("somebody", "centre")
    path = f"/people/{somebody.pk}/"
    mine = {"label": "我改的", "organisation": "centre", "phone": "", "version": version_at(admin, path)}
    actions.change_person(somebody.pk, phone="13800138000", organisation="bureau", actor=ROOT)
    late = admin.post(f"{path}change/", mine)
    meanwhile = late.text.split('id="meanwhile"')[1].split("</section>")[0]
    assert late.status_code == 412
    assert "13800138000" in meanwhile
    assert 'value="我改的"' in late.text
    somebody.refresh_from_db()
    assert (somebody.phone, somebody.organisation.code) == ("13800138000", "bureau")
    assert admin.post(f"{path}change/", {"act": "off"}).status_code == 302
    assert User.objects.get(pk=somebody.pk).is_active is False


@pytest.mark.parametrize(
    ("path", "change"),
    [("/api/organisations/bureau", {"duties": ["parking"]}), ("/api/people/{somebody}", {"label": "新名"})],
)
def test_over_http_too_nobody_overwrites_what_they_have_not_seen(admin, path, change):
    path = path.format(somebody=person("somebody", "centre").pk)
    seen = tag_at(admin, path)
    assert admin.patch(path, change, content_type="application/json").status_code == 428
    done = admin.patch(path, change, content_type="application/json", headers=seen)
    assert done.status_code == 200
    late = admin.patch(path, {"active": False}, content_type="application/json", headers=seen)
    assert (late.status_code, late.json()["code"]) == (412, "version.stale")
    assert admin.get(path).json()["active"] is True
    assert admin.get(path)["ETag"] == done["ETag"]


def test_over_http_posts_and_crews_are_not_overwritten_either(admin):
    post = actions.create_post(organisation="bureau", role="desk", actor=ROOT)
    crew = actions.create_crew(organisation="bureau", code="crew-1", names={"zh": "一班", "en": "One"}, actor=ROOT)
    for path in (f"/api/posts/{post.code}", f"/api/organisations/crews/{crew.code}"):
        seen, change = tag_at(admin, path), {"names": {"zh": "新名", "en": "Other"}}
        assert admin.patch(path, change, content_type="application/json").status_code == 428
        done = admin.patch(path, change, content_type="application/json", headers=seen)
        assert (done.status_code, admin.get(path)["ETag"]) == (200, done["ETag"])
        late = admin.patch(path, {"active": False}, content_type="application/json", headers=seen)
        assert (late.status_code, late.json()["code"]) == (412, "version.stale")
    assert set(Post.objects.values_list("active", flat=True)) == {True}


def test_in_the_browser_a_post_that_was_renamed_meanwhile_is_not_given_up(admin):
    post = actions.create_post(organisation="bureau", role="desk", actor=ROOT)
    path, give_up = "/organisations/bureau/", f"/organisations/posts/{post.code}/give-up/"
    ((_post, seen),) = admin.get(path).context["posts"]
    actions.change_post(post.code, names={"zh": "新名", "en": "Other"}, actor=ROOT)
    late = admin.post(give_up, {"version": seen})
    assert (late.status_code, 'id="meanwhile"' in late.text) == (412, True)
    assert Post.objects.get().active
    ((_post, now),) = admin.get(path).context["posts"]
    assert admin.post(give_up, {"version": now}).status_code == 302
    assert not Post.objects.get().active


def test_over_http_a_roster_is_not_overwritten(admin):
    actions.adopt_shifts(SHIFTS, pack="base", actor=ROOT)
    somebody = person("somebody", "centre")
    path, week = "/api/rosters", {"organisation": "centre", "week": MONDAY.isoformat()}
    seen = {"If-Match": admin.get(path, week)["ETag"]}
    turns = [{"user_id": somebody.pk, "day": MONDAY.isoformat(), "shift": "day"}]
    given = {**week, "turns": turns}
    assert admin.put(path, given, content_type="application/json", headers=seen).status_code == 200
    for headers, status in ((seen, 412), ({}, 428)):
        empty = {**week, "turns": []}
        assert admin.put(path, empty, content_type="application/json", headers=headers).status_code == status
    assert Watch.objects.count() == 1


@pytest.mark.parametrize("path", ["/organisations/", "/people/", "/organisations/centre/", "/rosters/"])
def test_a_page_costs_the_same_for_many_as_for_few(admin, path):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert admin.get(path).status_code == 200
        return len(found)

    post = actions.create_post(organisation="centre", role="shift_leader", actor=ROOT)
    actions.appoint(post.code, user=person("first", "centre"), actor=ROOT)
    few = cost()
    for number in range(5):
        organisation(f"more-{number}", "centre", "449900")
        actions.appoint(post.code, user=person(f"more-{number}", "centre"), actor=ROOT)
    assert cost() == few


def test_the_api_moves_with_a_dry_run_first(admin):
    given = {"parent": "bureau", "dry_run": True}
    told = admin.post("/api/organisations/appearance-449901/move", given, content_type="application/json").json()
    assert (told["preview"]["after"], told["preview"]["refusal"]) == ("centre.bureau.appearance-449901", "")
    done = admin.post("/api/organisations/appearance-449901/move", {"parent": "bureau"},
                      content_type="application/json").json()  # fmt: skip
    assert done["plan"]["state"] == "done"
    assert admin.get("/api/organisations/appearance-449901").json()["parent"] == "bureau"
