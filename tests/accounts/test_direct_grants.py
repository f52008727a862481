"""Roles given without a post: on the person's page and over REST, by the rules that posts have."""

import pytest
from django.test import Client

from accounts import actions, selectors
from accounts.models import Grant
from core import clock
from journal.models import Entry
from tests.accounts.factories import HERE, ROOT, THERE, city, holder, person, role

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    """A city with its roles, and somebody who supervises in 金港区 by a post."""
    city()
    role("desk", "desk", "case.see")
    role("viewer", "case.see")
    role("shift_leader", "supervise")
    somebody = person("somebody", "d449901")
    post = actions.create_post(organisation="d449901", role="shift_leader", actor=ROOT)
    actions.appoint(post.code, user=somebody, actor=ROOT)
    return somebody


def window(username: str, area: str = "", org: str = "") -> Client:
    """The browser of an administrator of that ground."""
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(holder(username, "admin", area=area, org=org))
    return client


def test_a_role_is_given_and_taken_back_on_the_persons_page(town):
    boss, page = window("boss"), f"/people/{town.pk}/"
    given = {"role": "viewer", "org": "", "area": HERE, "valid_until": "2031-01-01"}
    assert boss.post(f"{page}grants/", given).status_code == 302
    held = Grant.objects.get(user=town, role__code="viewer")
    assert (held.area, held.post, f"{held.valid_until:%Y}") == (HERE, None, "2030")
    assert f"{page}grants/{held.pk}/end/" in boss.get(page).text
    assert boss.post(f"{page}grants/{held.pk}/end/").status_code == 302
    held.refresh_from_db()
    assert held.valid_until <= clock.now()
    assert not selectors.actor_of(town).holds("case.see")
    assert Entry.objects.filter(kind="accounts.revoked.v1", subject=f"user:{town.pk}").count() == 1


def test_a_role_that_conflicts_with_a_post_is_refused_with_a_sentence_and_the_form_kept(town):
    answer = window("boss").post(f"/people/{town.pk}/grants/", {"role": "desk", "org": "d449901", "area": ""})
    assert answer.status_code == 409
    assert "desk" in answer.context["refusal"]
    assert answer.context["grant_form"]["role"].value() == "desk"
    assert Grant.objects.filter(user=town).count() == 1


def test_what_a_post_gives_is_ended_by_leaving_the_post_alone(town):
    boss, held = window("boss"), Grant.objects.get(user=town)
    assert boss.post(f"/people/{town.pk}/grants/{held.pk}/end/").status_code == 404
    assert boss.delete(f"/api/grants/{held.pk}").status_code == 404
    assert selectors.actor_of(town).holds("supervise")


def test_a_local_administrator_gives_and_sees_nothing_beyond_their_ground(town):
    local = window("local", HERE, "d449901")
    body = {"user_id": town.pk, "role": "viewer", "org": "d449901", "area": ""}
    refused = local.post("/api/grants", {**body, "org": "", "area": THERE}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "accounts.not_an_administrator")
    wide = actions.grant(user=town, role="viewer", actor=ROOT)
    assert local.get("/api/grants", {"user_id": town.pk}).json() == []
    assert local.delete(f"/api/grants/{wide.pk}").status_code == 404
    assert f"grants/{wide.pk}/end/" not in local.get(f"/people/{town.pk}/").text
    assert Grant.objects.get(pk=wide.pk).valid_until is None


def test_programs_list_give_and_end_grants(town):
    boss = window("boss")
    body = {"user_id": town.pk, "role": "viewer", "org": "d449901", "area": HERE}
    made = boss.post("/api/grants", body, content_type="application/json")
    assert made.status_code == 201
    told = made.json()
    assert (told["username"], told["role"], told["org"], told["area"]) == ("somebody", "viewer", "centre.d449901", HERE)
    assert boss.post("/api/grants", body, content_type="application/json").json()["id"] == told["id"], "given once"
    assert [one["id"] for one in boss.get("/api/grants", {"user_id": town.pk}).json()] == [told["id"]]
    assert boss.get("/api/grants", {"user_id": town.pk, "after": told["id"]}).json() == []
    clash = boss.post("/api/grants", {**body, "role": "desk"}, content_type="application/json")
    assert (clash.status_code, clash.json()["code"]) == (409, "accounts.desk_and_supervises")
    assert boss.post("/api/grants", {**body, "role": "nobody"}, content_type="application/json").status_code == 404
    assert boss.delete(f"/api/grants/{told['id']}").status_code == 204
    assert boss.delete(f"/api/grants/{told['id']}").status_code == 404
    assert boss.get("/api/grants", {"user_id": town.pk}).json() == []


def test_nobody_gives_a_role_to_themselves(town):
    boss = window("boss")
    myself = selectors.account_named("boss")
    refused = boss.post(f"/people/{myself}/grants/", {"role": "viewer", "org": "", "area": ""})
    assert refused.status_code in (403, 404)
    assert "Give a role" not in boss.get(f"/people/{myself}/").text
