"""The inbox and the template editor as people and programs use them."""

import pytest
from django.test import Client

from accounts.selectors import actor_of
from exchange import actions, selectors
from exchange.models import Delivery, MessageTemplate
from tests.accounts.factories import holder
from tests.cases.factories import brought_to
from tests.exchange.post import adopt_base, carried, newest

CODE = "case.assigned"


def browser(user, language="en") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


@pytest.fixture
def handled(town):
    """A case at its handler, who has heard of it."""
    adopt_base()
    case = brought_to(town, "handling")
    carried()
    return town, case, browser(town.people["handler"])


def test_the_inbox_shows_ones_own_messages_and_opening_one_leads_to_the_case(handled):
    town, case, client = handled
    row = newest(town.people["handler"])
    page = client.get("/inbox/").content.decode()
    assert "Assigned to you: Vehicle mis-parking" in page
    assert "1 unread" in page
    assert case.number in page
    assert case.number not in browser(town.people["handler_b"]).get("/inbox/").content.decode()
    assert browser(town.people["handler_b"]).post(f"/inbox/{row.pk}/open/").status_code == 404
    assert Delivery.objects.get(pk=row.pk).read_at is None
    assert client.get(f"/inbox/{row.pk}/open/").status_code == 405, "only a press of the button reads it"
    assert client.post(f"/inbox/{row.pk}/open/")["Location"] == f"/cases/{case.number}/"
    page = client.get("/inbox/").content.decode()
    assert "Mark all as read" not in page
    assert "No message fits" in client.get("/inbox/?state=unread").content.decode()
    assert "指派给您" in browser(town.people["handler"], "zh-hans").get("/inbox/").content.decode()


def test_everything_shown_is_marked_as_read_and_the_filter_stays(handled):
    town, _case, client = handled
    row = newest(town.people["handler"])
    assert (
        client.post("/inbox/read/", {"kind": "case.overdue", "newest": row.pk})["Location"]
        == "/inbox/?kind=case.overdue"
    )
    assert selectors.unread(actor_of(town.people["handler"])) == 1
    assert client.post("/inbox/read/", {"kind": "", "newest": "x"}).status_code == 302
    assert selectors.unread(actor_of(town.people["handler"])) == 0
    assert client.get("/inbox/?kind=nonsense&after=zzz").status_code == 400


def test_what_somebody_wants_to_be_told_is_chosen_on_a_page(handled):
    town, _case, client = handled
    page = client.get("/inbox/preferences/").content.decode()
    assert page.count("checked") == 26
    wrong = client.post("/inbox/preferences/", {"wanted": [CODE], "quiet_from": "22:00"})
    assert wrong.status_code == 400
    assert "Quiet hours need" in wrong.content.decode()
    given = {"wanted": [CODE], "quiet_from": "22:00", "quiet_until": "07:00"}
    assert client.post("/inbox/preferences/", given).status_code == 302
    held = selectors.preference(actor_of(town.people["handler"]))
    assert CODE not in held.muted
    assert "case.overdue" in held.muted
    assert client.get("/inbox/preferences/").content.decode().count("checked") == 1


def test_the_bar_carries_the_badge_of_whoever_signed_in_and_of_nobody_else(handled):
    town, _case, client = handled
    page = client.get("/inbox/").content.decode()
    assert f'scope="user:{town.people["handler"].pk}"' in page
    assert "cc-inbox" not in Client().get("/accounts/login/").content.decode()


def test_programs_read_an_inbox_by_pages_and_mark_what_they_have_read(handled):
    town, case, client = handled
    told = client.get("/api/inbox?limit=1").json()
    (message,) = told["messages"]
    assert (message["subject"], message["href"], told["after"]) == (case.number, f"/cases/{case.number}/", "")
    assert set(message["titles"]) == {"zh", "en"}
    badge = client.get("/api/inbox/unread").json()
    assert (badge["unread"], badge["newest"]["id"]) == (1, message["id"])
    assert browser(town.people["handler_b"]).post(f"/api/inbox/{message['id']}/read").status_code == 404
    assert client.post(f"/api/inbox/{message['id']}/read").json()["read_at"]
    assert client.get("/api/inbox/unread").json() == {"unread": 0, "newest": None}
    assert client.post("/api/inbox/read", {}, "application/json").json() == {"read": 0, "unread": 0}
    for wrong in ("limit=0", "limit=x", "after=q9", "unread=maybe", "occasion=no.such"):
        assert client.get(f"/api/inbox?{wrong}").status_code == 400, wrong


def test_programs_set_preferences(handled):
    _town, _case, client = handled
    given = {"muted": ["case.overdue"], "quiet_from": "22:00", "quiet_until": "07:00", "channels": {CODE: ["sms"]}}
    assert client.put("/api/inbox/preferences", given, "application/json").json() == given
    assert client.get("/api/inbox/preferences").json() == given
    half = {**given, "quiet_until": None}
    assert client.put("/api/inbox/preferences", half, "application/json").json()["code"] == "message.quiet_half"
    assert client.get("/api/inbox/preferences").json() == given


@pytest.fixture
def boss(db):
    """An administrator's browser, with the base pack's templates in force."""
    adopt_base()
    return browser(holder("template-boss", "admin"))


def form(**changes):
    given = {"enabled": "on", "title_zh": "派给您", "body_zh": "案件 {number}", "title_en": "Yours",
             "body_en": "Case {number}", "seen": "1", "act": "save"}  # fmt: skip
    return {**given, **changes}


def test_the_editor_shows_what_is_typed_filled_and_says_what_nothing_fills(boss):
    page = boss.get(f"/message-templates/{CODE}/").content.decode()
    assert "{due}" in page
    assert "王静" in page
    look = boss.post(f"/message-templates/{CODE}/", form(act="look", body_en="At {place}"))
    assert "At 12 Jinsha Road" in look.content.decode()
    strange = boss.post(f"/message-templates/{CODE}/", form(act="look", body_en="{phone}")).content.decode()
    assert "Nothing fills phone" in strange
    refused = boss.post(f"/message-templates/{CODE}/", form(body_en="{phone}"))
    assert refused.status_code == 400
    assert 'value="Yours"' in refused.content.decode(), "what was typed stays"
    assert MessageTemplate.objects.filter(occasion=CODE).count() == 1


def test_a_saved_template_is_the_citys_own_and_an_old_page_cannot_overwrite_it(boss):
    assert boss.post(f"/message-templates/{CODE}/", form()).status_code == 302
    page = boss.get(f"/message-templates/{CODE}/").content.decode()
    assert "The pack base says otherwise" in page
    assert "changed by the city" in boss.get("/message-templates/").content.decode()
    stale = boss.post(f"/message-templates/{CODE}/", form(title_en="Mine"))
    assert stale.status_code == 412
    assert "Somebody changed this template" in stale.content.decode()
    assert 'value="Mine"' in stale.content.decode()
    assert selectors.template(CODE).texts["titles"]["en"] == "Yours"
    assert boss.post(f"/message-templates/{CODE}/", form(act="reset", seen="2")).status_code == 302
    assert not selectors.template(CODE).row.differs
    assert selectors.template(CODE).version == 3


def test_programs_change_templates_with_the_version_they_saw(boss):
    listed = boss.get("/api/message-templates").json()
    assert {one["occasion"] for one in listed} >= {CODE, "case.overdue", "component.decided"}
    read = boss.get(f"/api/message-templates/{CODE}")
    assert read["ETag"] == '"1"'
    body = {"titles": {"zh": "甲", "en": "A"}, "bodies": {"zh": "乙 {by}", "en": "B {by}"}}
    where = f"/api/message-templates/{CODE}"
    assert boss.put(where, body, "application/json").status_code == 428
    saved = boss.put(where, body, "application/json", headers={"If-Match": '"1"'})
    assert (saved.status_code, saved["ETag"], saved.json()["differs"]) == (200, '"2"', True)
    stale = boss.put(where, body, "application/json", headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["params"]) == (412, {"seen": 1, "current": 2})
    strange = {**body, "bodies": {"zh": "{who}", "en": "x"}}
    refused = boss.put(where, strange, "application/json", headers={"If-Match": '"2"'})
    assert (refused.status_code, refused.json()["code"]) == (400, "message.strange_place")
    assert [one["version"] for one in boss.get(f"{where}/versions").json()] == [2, 1]
    reset = boss.post(f"{where}/reset", headers={"If-Match": '"2"'})
    assert (reset.json()["version"], reset.json()["differs"]) == (3, False)
    assert boss.get("/api/message-templates/no.such").status_code == 404


def test_the_case_says_who_was_told_and_who_has_read_it(handled):
    town, case, client = handled
    part = client.get(f"/cases/{case.number}/messages/").content.decode()
    assert "Assigned to you" in part
    assert "Handler · not read" in " ".join(part.split())
    actions.read_message(newest(town.people["handler"]).pk, actor=actor_of(town.people["handler"]))
    (told,) = client.get(f"/api/cases/{case.number}/messages").json()
    assert (told["occasion"], [one["label"] for one in told["reached"]]) == (CODE, ["Handler"])
    assert told["reached"][0]["read_at"]
    other = browser(town.people["desk2"])
    assert other.get(f"/cases/{case.number}/messages/").status_code == 404
    assert other.get(f"/api/cases/{case.number}/messages").status_code == 404
