"""The city's own rules of asking: in plain words, from a moment on, never such that nobody could sign."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions import create_user, grant, upsert_role
from accounts.models import Grant
from cases import actions, selectors
from cases.manifest import RequestRules
from cases.models import Request, RequestRule
from core import clock
from core.errors import Conflict, Forbidden, Invalid, Stale
from journal.models import Entry
from tests.cases.factories import HERE, PASSWORD, REQUEST_RULES, SETUP, asked, brought_to, ground, names, signer

pytestmark = pytest.mark.django_db
JSON, API = "application/json", "/api/request-rules"
HOLD = {"askers": ["desk"], "chain": [signer("supervise", "city")], "grounds": [ground("season")], "days": 100}


def admin(town, area=""):
    """A browser of an administrator, of the whole city or of an area."""
    upsert_role(code="admin_of_tests", names=names("管理员", "Administrator"), permissions=("admin",), actor=SETUP)
    user = create_user(username=f"boss{area}", password=PASSWORD, label="Boss", organisation="centre", actor=SETUP)
    grant(user=user, role="admin_of_tests", org="", area=area, actor=SETUP)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def saved(kind="hold", says=HOLD, **more):
    return actions.save_request_rule(kind, says, **{"actor": SETUP, "reason": "市里决定", **more})


def refused(code, kind="hold", says=HOLD, **more):
    with pytest.raises(Invalid) as found:
        saved(kind, says, **more)
    assert found.value.code == code


def test_the_citys_word_counts_from_its_moment_on_and_running_requests_keep_their_chain(town, time):
    running = asked(town, brought_to(town, "dispatched"), "return", "desk")
    chain = [signer("supervise", "city"), signer("command.city", "city")]
    begins = clock.now() + timedelta(days=1)
    row = saved("return", {"askers": ["desk"], "chain": chain, "shirk_after": 5}, valid_from=begins)
    assert (selectors.request_rule_rows()["return"].origin, selectors.shirk_after()) == ("pack", 2)
    time.pass_by(days=1, minutes=1)
    assert (selectors.request_rule_rows()["return"].pk, selectors.shirk_after()) == (row.pk, 5)
    later = asked(town, brought_to(town, "dispatched"), "return", "desk")
    running.refresh_from_db()
    assert ([one["duty"] for one in running.chain], [one["duty"] for one in later.chain]) == (
        ["supervise"], ["supervise", "command.city"],
    )  # fmt: skip
    news = Entry.objects.get(kind="asking.changed.v1").data
    assert (news["before"]["chain"], news["after"]["chain"]) == ("supervise", "supervise@city → command.city@city")
    actions.end_request_rule(row.pk, actor=SETUP, reason="x")
    assert selectors.request_rule_rows()["return"].origin == "pack"
    assert Request.objects.get(pk=later.pk).chain == later.chain
    with pytest.raises(Conflict):
        actions.end_request_rule(row.pk, actor=SETUP, reason="x")


def test_one_to_come_is_withdrawn_and_the_one_before_it_goes_on(town, time):
    first = saved()
    second = saved(says={**HOLD, "days": 50}, valid_from=clock.now() + timedelta(days=3))
    with pytest.raises(Conflict):
        saved(says={**HOLD, "days": 60})
    actions.end_request_rule(second.pk, actor=SETUP, reason="不改了")
    time.pass_by(days=4)
    assert selectors.request_rule_rows()["hold"].pk == first.pk
    third = saved(says={**HOLD, "days": 60})
    entry = selectors.asking_entry("hold")
    assert (entry.counts.pk, {row.pk for row in entry.over}) == (third.pk, {first.pk, second.pk})
    assert RequestRule.objects.get(pk=first.pk).valid_until == third.valid_from


def test_a_rule_that_nobody_could_sign_is_refused(town):
    two = [signer("supervise", "city"), signer("supervise", "city")]
    saved(says={**HOLD, "chain": two}), saved(says={**HOLD, "days": 1})
    refused("asking.nobody_signs", says={**HOLD, "chain": [*two, signer("supervise", "city")]})
    refused("asking.nobody_signs", says={**HOLD, "chain": [signer("supervise", "district")]})
    refused("asking.nobody_signs", says={**HOLD, "again": [signer("evaluate", "district")]})
    one = {**ground("law"), "chain": [signer("desk", "street")]}
    refused("asking.nobody_signs", says={**HOLD, "grounds": [one]})
    Grant.objects.filter(user=town.people["leader2"]).delete()
    refused("asking.nobody_signs", says={**HOLD, "chain": two})


def test_within_what_a_case_must_be_taken_is_changed_on_the_page_and_by_programs(town):
    client = admin(town)
    form = client.get("/request-rules/return/")
    assert "take_value" not in client.get("/request-rules/hold/").context["form"].rule.fields
    sent = {
        "version": form.context["version"], "askers": ["desk"], "most": 0, "share": 0, "days": 0, "shirk_after": 2,
        "reason": "市里决定", "usual-place0": "supervise||0", "take_value": 3, "take_unit": "work_hour",
    }  # fmt: skip
    for wrong in (-1, 0, "1e30", "nan"):
        assert client.post("/request-rules/return/", {**sent, "take_value": wrong}).status_code == 400
    assert client.post("/request-rules/return/", sent).status_code == 302
    assert selectors.take_within() == {"value": 3, "unit": "work_hour"}
    assert Entry.objects.get(kind="asking.changed.v1").data["after"]["take_within"] == "3 work_hour"
    assert "3 working hours" in client.get("/request-rules/").content.decode()
    read = client.get(f"{API}/return")
    assert read.json()["counts"]["take_within"] == {"value": 3, "unit": "work_hour"}
    rule = {"askers": ["desk"], "chain": [signer("supervise")], "shirk_after": 2, "reason": "x"}
    for within, status in (({"value": 1, "unit": "week"}, 400), ({"value": 0, "unit": "work_day"}, 400), (None, 200)):
        etag = {"If-Match": client.get(f"{API}/return").headers["ETag"]}
        put = client.put(f"{API}/return", {**rule, "take_within": within}, JSON, headers=etag)
        assert put.status_code == status, put.content
    assert selectors.take_within() == {}


def test_what_makes_no_sense_is_refused(town):
    for says, code in (
        ({"askers": []}, "asking.bad_rule"), ({"askers": ["king"]}, "asking.bad_rule"),
        ({"chain": []}, "asking.bad_rule"), ({"chain": [signer("king")]}, "asking.bad_rule"),
        ({"chain": [signer("supervise", waived=True)]}, "asking.bad_rule"),
        ({"grounds": [ground("a"), ground("a")]}, "asking.bad_ground"),
        ({"grounds": [ground("A b")]}, "asking.bad_ground"),
        ({"take_within": {"value": 1, "unit": "work_day"}}, "asking.bad_limit"),
        ({"days": 10**30}, "asking.bad_limit"), ({"share": -1}, "asking.bad_limit"),
    ):  # fmt: skip
        refused(code, says={**HOLD, **says})
    refused("case.needs_reason", reason=" ")
    refused("case.unknown_request", kind="king")
    refused("responsibility.in_the_past", valid_from=clock.now() - timedelta(days=1))
    saved()
    refused("asking.nothing_changes")
    with pytest.raises(Forbidden):
        saved(actor=town.actor("leader"))
    with pytest.raises(Stale):
        saved(says={**HOLD, "days": 1}, seen="0" * 32)


def test_a_pack_says_its_word_anew_and_the_citys_stays(town):
    row = saved()
    actions.save_request_rules([{**one, "days": 7} for one in REQUEST_RULES], pack="test")
    assert selectors.request_rule_rows()["hold"].pk == row.pk
    assert selectors.pack_request_rules()["hold"].days == 7
    assert not RequestRules().diff({"code": "test", "request_rules": [{**one, "days": 7} for one in REQUEST_RULES]})


def test_administrators_read_chains_in_plain_words_and_change_them_on_the_page(town):
    client = admin(town)
    page = client.get("/request-rules/").content.decode()
    assert "desk → command.district → command.city" in page
    form = client.get("/request-rules/hold/")
    sent = {
        "version": form.context["version"], "askers": ["desk", "supervise"], "most": 1, "share": 0, "days": 30,
        "shirk_after": 0, "reason": "市里决定",
        "usual-place0": "supervise|city|0", "usual-place1": "command.city|city|0",
        "ground0-code": "season", "ground0-zh": "季节", "ground0-en": "Season", "ground0-place0": "command.city||0",
    }  # fmt: skip
    assert client.post("/request-rules/hold/", {**sent, "usual-place0": "evaluate|district|0"}).status_code == 400
    assert client.post("/request-rules/hold/", sent).status_code == 302
    rule = selectors.request_rule_rows()["hold"]
    assert ([one["names"]["zh"] for one in rule.chain], rule.grounds[0]["chain"][0]["names"]["en"]) == (
        ["supervise", "市指挥中心（市）"], "City command",
    )  # fmt: skip
    assert client.post("/request-rules/hold/", {**sent, "days": 31}).status_code == 412
    page = client.get("/request-rules/").content.decode()
    assert ("supervise → City command (city)" in page, "changed by the city" in page) == (True, True)
    (counts,) = (one["counts"] for one in client.get("/request-rules/").context["rows"] if one["kind"] == "hold")
    for given, status in (({"reason": ""}, 400), ({"reason": "x", "version": form.context["version"]}, 412),
                          ({"reason": "x", "version": counts["version"]}, 302)):  # fmt: skip
        assert client.post(f"/request-rules/{rule.pk}/end/", given).status_code == status
    assert selectors.request_rule_rows()["hold"].origin == "pack"
    near = admin(town, f"449900.{HERE}")
    again = near.get("/request-rules/hold/").context["version"]
    assert near.post("/request-rules/hold/", {**sent, "version": again}).status_code == 403


def test_programs_read_change_and_end_a_rule_with_its_version(town):
    client = admin(town)
    read = client.get(f"{API}/hold")
    assert (read.json()["counts"]["origin"], read.json()["to_come"]) == ("pack", None)
    body = {**HOLD, "reason": "市里决定"}
    assert client.put(f"{API}/hold", body, JSON).status_code == 428
    etag = {"If-Match": read.headers["ETag"]}
    made = client.put(f"{API}/hold", body, JSON, headers=etag)
    assert (made.status_code, made.json()["origin"], made.json()["days"]) == (200, "city", 100)
    assert client.put(f"{API}/hold", {**body, "days": 1}, JSON, headers=etag).status_code == 412
    for bad in ({"askers": ["king"]}, {"days": -1}, {"chain": []}, {"reason": "a\x00"}, {"colour": 1}):
        fresh = {"If-Match": made.headers["ETag"]}
        assert client.put(f"{API}/hold", {**body, **bad}, JSON, headers=fresh).status_code == 400
    end = f"{API}/{made.json()['id']}/end"
    assert client.post(end, {"reason": "x"}, JSON, headers={"If-Match": made.headers["ETag"]}).json()["valid_until"]
    assert [row["id"] for row in client.get(f"{API}/hold").json()["over"]] == [made.json()["id"]]
    assert [one["kind"] for one in client.get(API).json()][0] == "extension"
    assert (client.get(f"{API}/king").status_code, client.post(f"{API}/{10**9}/end", {"reason": "x"}, JSON,
            headers=etag).status_code) == (404, 404)  # fmt: skip
