"""The pages of tickets and partners, and the same for programs."""

import json

import pytest
from django.db import connection
from django.test import Client

from cases.models import Case
from exchange import actions, selectors
from exchange.models import Partner, PartnerTicket, TicketReply
from tests.accounts.factories import holder
from tests.cases.factories import HERE
from tests.cases.test_query_counts import cost
from tests.dashboard.waits import waits
from tests.exchange.telling import ABOUT, DUMPING, SECRET, partner, said, ticket

__all__ = ["partner"]


def browser(user, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


@pytest.fixture
def acceptor(town) -> Client:
    return browser(town.people["acceptor"])


@pytest.fixture
def boss(town) -> Client:
    return browser(holder("hotline-boss", "admin"))


def row(number: str) -> PartnerTicket:
    return PartnerTicket.objects.get(ticket=number)


def test_the_list_shows_how_both_sides_stand_and_costs_the_same_for_many(town, partner, acceptor):
    actions.receive(partner, ticket("T1"))
    first = cost(lambda: acceptor.get("/hotline/"))
    for number in range(2, 6):
        actions.receive(partner, ticket(f"T{number}"))
    actions.receive(partner, ticket("T9", **{"class": "扰民"}))
    assert cost(lambda: acceptor.get("/hotline/")) == first
    page = acceptor.get("/hotline/").content.decode()
    assert "12-01 18:00" in page, "their deadline, in the city's time"
    assert row("T1").subject in page
    assert "waits for a person" in page
    assert waits(town.actor("acceptor"), "hotline") == [("hotline", f"/hotline/{row('T9').pk}/")]
    assert waits(town.actor("leader"), "hotline") == [], "who takes no tickets has none to take"
    waiting = acceptor.get("/hotline/?only=waiting").content.decode()
    assert "<strong>T9<" in waiting
    assert "<strong>T1<" not in waiting
    assert acceptor.get("/hotline/?q=T9").content.decode().count("/hotline/") < page.count("/hotline/")
    for strange in ("only=all", "q=%00", "q=" + "9" * 99, "after=x", "after=1e400_1", "after=1_9" + "9" * 30):
        assert acceptor.get(f"/hotline/?{strange}").status_code == 400, strange


def test_the_search_counts_more_tickets_than_stand_on_a_page(town, partner, acceptor, monkeypatch):
    monkeypatch.setattr("exchange.selectors.hotline.PAGE", 2)
    for number in range(7):
        actions.receive(partner, ticket(f"SN{number}", **{"class": "扰民"}))
    (group,) = acceptor.get("/api/find?q=SN").json()
    assert (group["code"], len(group["hits"]), group["count"], group["more"]) == ("hotline", 5, 7, False)
    assert group["hits"][0]["href"] == f"/hotline/{row('SN6').pk}/", "those that changed last come first"


def test_a_ticket_is_found_along_indexes_by_the_beginning_of_its_number_or_by_what_it_became(town, partner):
    actions.receive(partner, ticket("SN1"))
    subject = row("SN1").subject
    for q in ("SN", subject):
        rows = selectors.tickets_by(town.actor("acceptor"), q=q).order_by("-changed_at", "-id")
        assert [one.ticket for one in rows] == ["SN1"]
        with connection.cursor() as cursor:  # a table of one row is read from end to end unless that is not allowed
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        plan = str(json.loads(rows.explain(format="json"))).replace("'", '"')
        used = {part.split('"')[0] for part in plan.split('Index Name": "')[1:]}
        assert used == {"exchange_ticket_begins", "exchange_ticket_subject"}, plan


def test_a_waiting_ticket_is_mapped_on_its_page_and_the_case_shows_the_ticket(town, partner, acceptor):
    actions.receive(partner, ticket("T1", **{"class": "扰民"}, caller={"name": "林小雨", "phone": "13812345678"}))
    where = f"/hotline/{row('T1').pk}/"
    page = acceptor.get(where).content.decode()
    assert "What class is it here?" in page
    assert "13812345678" not in page
    assert acceptor.post(where, {"act": "map", "category": "E9999"}).status_code == 400
    assert not Case.objects.exists()
    assert acceptor.post(where, {"act": "map", "category": "E0407", "remember": "on"}).status_code == 302
    assert Partner.objects.get().classes == {DUMPING: "E0407", "扰民": "E0407"}
    actions.receive(partner, said("T1", 2, "callback", score="satisfied", text="谢谢"))
    shown = acceptor.get(f"/cases/{row('T1').subject}/").content.decode()
    assert where in shown
    assert "2026-12-01 18:00" in shown
    assert "satisfied" in shown


def test_a_ticket_is_sent_back_on_its_page_only_with_a_reason_and_only_once(town, partner, acceptor):
    actions.receive(partner, ticket("T1", **{"class": "社保"}))
    where = f"/hotline/{row('T1').pk}/"
    assert acceptor.post(where, {"act": "refuse", "reason": ""}).status_code == 400
    assert acceptor.post(where, {"act": "clear"}).status_code == 409
    assert acceptor.post(where, {"act": "refuse", "reason": "不归我们管"}).status_code == 302
    assert acceptor.post(where, {"act": "refuse", "reason": "再来"}).status_code == 409
    assert [one.body for one in TicketReply.objects.all()] == [{"reason": "不归我们管"}]


def test_a_district_sees_no_tickets_and_an_acceptor_sets_no_partners(town, partner, acceptor):
    district = browser(holder("district-acceptor", "accept", area=f"449900.{HERE}"))
    actions.receive(partner, ticket("T1"))
    for path in ("/hotline/", f"/hotline/{row('T1').pk}/", "/api/tickets", f"/api/tickets/{row('T1').pk}"):
        assert district.get(path).status_code == 403, path
    assert acceptor.get("/hotline/partners/hotline/").status_code == 403
    told = json.dumps(ABOUT)
    assert acceptor.put("/api/partners/hotline", told, content_type="application/json").status_code == 403


def test_an_administrator_sets_a_partner_up_and_two_at_once_do_not_overwrite_each_other(town, partner, boss):
    page = boss.get("/hotline/partners/hotline/")
    form = {
        "zh": "热线", "en": "Hotline", "enabled": "on", "secret_ref": "tests", "datum": "gcj02",
        "unsatisfied": "follow_up", "classes": "违停 = E0407\n 垃圾=E0407 ", "areas": f"金港 = {HERE}",
        "steps": "register dispatch", "version": page.context["version"],
    }  # fmt: skip
    assert boss.post("/hotline/partners/hotline/", {**form, "classes": "违停"}).status_code == 400
    assert boss.post("/hotline/partners/hotline/", {**form, "classes": "违停 = E9999"}).status_code == 400
    assert boss.post("/hotline/partners/hotline/", {**form, "base_url": "ftp://x"}).status_code == 400
    assert boss.post("/hotline/partners/hotline/", form).status_code == 302
    kept = Partner.objects.get()
    assert (kept.classes, kept.areas, kept.steps) == (
        {"违停": "E0407", "垃圾": "E0407"}, {"金港": HERE}, ["register", "dispatch"],
    )  # fmt: skip
    assert boss.post("/hotline/partners/hotline/", {**form, "en": "Other"}).status_code == 412
    new = {**form, "code": "gas", "zh": "燃气"}
    assert boss.post("/hotline/partners/new/", new).status_code == 302
    assert boss.post("/hotline/partners/new/", new).status_code == 409
    assert "合作单位" in browser(town.people["acceptor"], "zh-hans").get("/hotline/").content.decode()
    for path in ("/hotline/partners/", "/hotline/partners/new/", "/hotline/refusals/", "/health/"):
        assert boss.get(path).status_code == 200, path


def test_programs_set_partners_with_the_version_they_saw(town, partner, boss):
    seen = boss.get("/api/partners/hotline")
    assert (seen.json()["classes"], SECRET in seen.content.decode()) == ({DUMPING: "E0407"}, False)
    told = json.dumps({**ABOUT, "fields": {"text": "appeal.words"}, "unsatisfied": "flag"})
    sent = {"content_type": "application/json"}
    assert boss.put("/api/partners/hotline", told, **sent).status_code == 428
    saved = boss.put("/api/partners/hotline", told, headers={"If-Match": seen.headers["ETag"]}, **sent)
    assert (saved.status_code, saved.json()["fields"]) == (200, {"text": "appeal.words"})
    assert (
        boss.put("/api/partners/hotline", told, headers={"If-Match": seen.headers["ETag"]}, **sent).status_code == 412
    )
    made = boss.post("/api/partners", json.dumps({**ABOUT, "code": "gas"}), **sent)
    assert (made.status_code, boss.post("/api/partners", made.content, **sent).status_code) == (201, 409)
    for bad in (
        {"secret_ref": "a b"},
        {"base_url": "http://a:b@c"},
        {"base_url": "https://a/?x=1"},
        {"areas": {"x": "1"}},
        {"fields": {"text": "a..b"}},
    ):
        given = json.dumps({**ABOUT, "code": "water", **bad})
        assert boss.post("/api/partners", given, **sent).status_code == 400, bad


def test_programs_read_tickets_and_decide_about_them(town, partner, acceptor):
    actions.receive(partner, ticket("T1", **{"class": "扰民"}))
    (listed,) = acceptor.get("/api/tickets?only=waiting&partner=hotline").json()["tickets"]
    assert (listed["ticket"], listed["state"], listed["case"]) == ("T1", "waiting", "")
    where = f"/api/tickets/{listed['id']}"
    assert acceptor.get(where).json()["messages"][0]["flags"][0]["code"] == "hotline.unknown_class"
    mapped = acceptor.post(f"{where}/map", {"category": "E0407"}, content_type="application/json")
    assert (mapped.status_code, mapped.json()["state"]) == (200, "taken")
    again = acceptor.post(f"{where}/refuse", {"reason": "-"}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "hotline.not_waiting")
    assert acceptor.get("/api/tickets/999999").status_code == 404
