"""Every list of the workbench goes out as a job: what its page shows, for whom it shows it, and nothing that runs."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.selectors import actor_of
from assets import actions as assets
from cases import actions as cases
from core import clock
from core.errors import Forbidden, Invalid
from exchange import actions
from exchange.actions import exports
from exchange.models import PartnerTicket
from journal.models import Entry
from tests.accounts.factories import holder
from tests.assets import factories as components
from tests.cases.factories import CITY, HERE, SETUP, THERE, Town, asked, brought_to, point, reported
from tests.cases.test_orders import APPEARANCE, passed_around
from tests.cases.test_personal import OFFICER, PHONE, WHY, told
from tests.exchange.telling import partner, ticket
from tests.exchange.test_sending_pages import URL
from tests.exchange.test_webhooks import KIND, SECRET
from tests.video.factories import ADDRESS, OTHER_DISTRICT, person, put_up, ready

__all__ = ["partner"]
CODE = "4499010137000001"
FORMULA = '=HYPERLINK("http://evil.example")'


def rows_of(actor: Any, dataset: str, **options: str) -> list[dict[str, str]]:
    """The rows of the CSV file that somebody gets of a list."""
    job = actions.ask_export(dataset, "csv", options, actor=actor)
    actions.write_export(str(job.uid))
    with actions.fetch_export(str(job.uid), actor=actor)[1] as file:
        return list(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"))))


def page_of(user: Any, path: str) -> str:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def offered(dataset: str, address: str = "") -> str:
    return f'name="dataset" value="{dataset}"><input type="hidden" name="filters" value="{address}">'


def two_returns(town: Town) -> tuple[str, str]:
    """A request here, whose reason is a formula, and one in the other district."""
    here = brought_to(town, "dispatched")
    asked(town, here, "return", "desk", reason=FORMULA)
    there = brought_to(town, "registered", reported(town, THERE))
    given = {"actor": town.actor("city_dispatcher"), "version": there.version}
    there = cases.dispatch(there.number, department=f"d{THERE}-appearance", **given)
    asked(town, there, "return", "desk2")
    return here.number, there.number


def test_requests_go_out_by_queue_for_whom_the_page_shows_them_and_run_no_formula(town, monkeypatch):
    monkeypatch.setattr(exports, "BATCH", 2)
    here, there = two_returns(town)
    held = brought_to(town, "dispatched")
    asked(town, held, "hold", "desk", until=clock.now() + timedelta(days=20))
    rows = rows_of(town.actor("leader"), "requests")
    assert [(row["case"], row["kind"]) for row in rows] == [(held.number, "hold"), (there, "return"), (here, "return")]
    assert (rows[2]["reason"], rows[2]["signatures"], rows[2]["state"]) == (f"'{FORMULA}", "1", "open")
    assert rows[2]["wkt"].startswith("POINT (")
    assert [row["case"] for row in rows_of(town.actor("district_dispatcher2"), "requests", queue="open")] == [there]
    assert [row["case"] for row in rows_of(town.actor("desk"), "requests", queue="mine")] == [held.number, here]
    assert rows_of(town.actor("desk"), "requests") == [], "nothing waits for who asked"
    for options in ({"queue": "odd"}, {"colour": "red"}, {"queue": "\x00"}):
        with pytest.raises(Invalid):
            actions.ask_export("requests", "csv", options, actor=town.actor("leader"))
    assert offered("requests", "queue=open") in page_of(town.people["leader"], "/requests/?queue=open")
    assert "Wait for me" not in page_of(town.people["district_dispatcher2"], "/exports/")
    assert "All undecided" in page_of(town.people["district_dispatcher2"], "/exports/"), "the filter in words"


def test_returns_of_shirked_cases_go_out_one_by_one_however_small_the_batches(town, monkeypatch):
    monkeypatch.setattr(exports, "BATCH", 1)
    monkeypatch.setattr("cases.selectors.lists.AT_ONCE", 1)
    first = passed_around(town).number
    rows = rows_of(town.actor("leader"), "shirking")
    assert [(row["case"], row["organisation"], row["reason"]) for row in rows] == [
        (first, APPEARANCE, "需要"), (first, f"d{HERE}", "需要"),
    ]  # fmt: skip
    assert [row["organisation"] for row in rows_of(town.actor("leader"), "shirking", organisation=APPEARANCE)] == [
        APPEARANCE
    ]
    assert rows_of(town.actor("desk2"), "shirking") == [], "nothing of another district"
    address = f"organisation={APPEARANCE}"
    assert offered("shirking", address) in page_of(town.people["leader"], f"/cases/shirking/?{address}")
    with pytest.raises(Invalid):
        actions.ask_export("shirking", "csv", {"days": "9999"}, actor=town.actor("leader"))


def test_who_looked_goes_out_to_overseers_of_that_ground_only(town):
    officer = actor_of(holder("officer", *OFFICER, area=CITY))
    case = told(town)
    cases.look(case.number, actor=officer, **WHY)
    (row,) = rows_of(town.actor("leader"), "looks", who="officer")
    assert (row["case"], row["key"], row["ground"], row["reason"]) == (
        case.number,
        officer.key,
        "callback",
        WHY["note"],
    )
    assert PHONE not in str(row)
    assert rows_of(town.actor("leader"), "looks", who="nobody of this name") == []
    assert rows_of(actor_of(holder("elsewhere", "supervise", area=f"{CITY}.{THERE}")), "looks") == []
    with pytest.raises(Forbidden):
        actions.ask_export("looks", "csv", {}, actor=town.actor("acceptor"))
    assert {entry.data["options"].get("who", "…") for entry in Entry.objects.filter(kind="exchange.exported.v1")} == {
        "…"
    }
    assert offered("looks", "who=officer") in page_of(town.people["leader"], "/personal-data/looks/?who=officer")


def test_tickets_go_out_as_the_page_is_narrowed_and_to_no_district(town, partner):
    actions.receive(partner, ticket("T1", caller={"name": "林小雨", "phone": "13812345678"}))
    actions.receive(partner, ticket("T2", **{"class": "扰民"}))
    subject = PartnerTicket.objects.get(ticket="T1").subject
    every = {row["ticket"]: row for row in rows_of(town.actor("acceptor"), "tickets")}
    assert every.keys() == {"T1", "T2"}
    assert (every["T1"]["case"], every["T1"]["late"]) == (subject, "False")
    assert (every["T2"]["case"], every["T2"]["our_deadline"], every["T2"]["state"]) == ("", "", "waiting")
    assert "13812345678" not in str(every)
    assert [row["ticket"] for row in rows_of(town.actor("acceptor"), "tickets", only="waiting")] == ["T2"]
    assert [row["ticket"] for row in rows_of(town.actor("acceptor"), "tickets", q=subject)] == ["T1"]
    for dataset in ("tickets", "ticket_refusals"):
        with pytest.raises(Forbidden):
            actions.ask_export(dataset, "csv", {}, actor=town.actor("district_dispatcher"))
    with pytest.raises(Invalid):
        actions.ask_export("tickets", "csv", {"only": "odd"}, actor=town.actor("acceptor"))
    assert offered("tickets", "only=waiting") in page_of(town.people["acceptor"], "/hotline/?only=waiting")


def test_sendings_go_out_to_administrators_without_what_they_said(town):
    boss = holder("sending-boss", "admin")
    endpoint = actions.make_endpoint(
        "webhook", actor=SETUP, name=FORMULA, settings={"url": URL}, kinds=[KIND], secret=SECRET
    ).row
    actions.ping_endpoint(endpoint.uid, actor=SETUP)
    (row,) = rows_of(actor_of(boss), "sendings", state="waiting", endpoint=str(endpoint.uid))
    assert (row["endpoint"], row["state"], row["channel"]) == (f"'{FORMULA}", "waiting", "webhook")
    assert "payload" not in row
    assert rows_of(actor_of(boss), "sendings", state="delivered") == []
    with pytest.raises(Forbidden):
        actions.ask_export("sendings", "csv", {}, actor=town.actor("leader"))
    assert offered("sendings", "state=waiting") in page_of(boss, "/sendings/?state=waiting")


def test_the_audit_trail_goes_out_of_the_auditors_ground_and_to_nobody_else(town):
    here, there = reported(town, HERE), reported(town, THERE)
    everywhere, elsewhere = holder("a", "audit.see", area=CITY), holder("b", "audit.see", area=f"{CITY}.{THERE}")
    rows = rows_of(actor_of(everywhere), "audit", subject=here.number)
    assert {(row["subject"], row["kind"]) for row in rows} == {(here.number, "case.reported.v1")}
    assert rows[0]["actor"] == town.key("collector")
    found = {row["subject"] for row in rows_of(actor_of(elsewhere), "audit")}
    assert there.number in found
    assert here.number not in found
    with pytest.raises(Forbidden):
        actions.ask_export("audit", "csv", {}, actor=town.actor("leader"))
    for options in ({"since": "yesterday"}, {"colour": "red"}, {"district": "x"}):
        with pytest.raises(Invalid):
            actions.ask_export("audit", "csv", options, actor=actor_of(everywhere))
    assert offered("audit", "kind=case") in page_of(everywhere, "/audit/?kind=case")
    assert rows_of(actor_of(everywhere), "audit", kind="case", district=HERE)
    taken = page_of(everywhere, "/exports/")
    assert "Kind: Cases" in taken
    assert f"District: {HERE}" not in taken, "a district is said by its name"


def test_proposals_about_components_go_out_of_the_ground_one_keeps(town):
    components.types(components.LAMP)
    lon, lat = point(HERE)
    proposer = actor_of(holder("walker", "component.propose", area=CITY))
    components.put({"code": CODE, "lon": lon, "lat": lat, "type": "street_light", "attributes": {"watt": 60}})
    assets.propose(actor=proposer, kind="vanished", code=CODE, reason=FORMULA, key="key-of-a-walker")
    keeper, other = (holder(f"keeper-{one}", "component.edit", area=f"{CITY}.{one}") for one in (HERE, THERE))
    (row,) = rows_of(actor_of(keeper), "component_requests")
    assert (row["reason"], row["type"], row["state"]) == (f"'{FORMULA}", "street_light", "open")
    assert row["wkt"].startswith("POINT (")
    assert rows_of(actor_of(keeper), "component_requests", state="accepted") == []
    assert "State: Accepted" in page_of(keeper, "/exports/"), "what was taken away is said in words"
    assert rows_of(actor_of(other), "component_requests") == []
    assert offered("component_requests", "state=open") in page_of(keeper, "/component-requests/")


def test_what_cameras_have_seen_goes_out_of_ones_ground_without_the_address_of_a_stream(town):
    ready()
    put_up("corner", url=ADDRESS + "/secret-path")
    watcher, stranger = (
        person(name, "camera.see", **more) for name, more in (("w", {}), ("s", {"area": OTHER_DISTRICT}))
    )
    (row,) = rows_of(actor_of(watcher), "cameras")
    assert (row["code"], row["open_incidents"]) == ("corner", "0")
    assert row["wkt"].startswith("POINT (")
    assert "secret-path" not in str(row)
    assert rows_of(actor_of(stranger), "cameras") == rows_of(actor_of(watcher), "incidents", state="open") == []
    for dataset in ("cameras", "incidents"):
        with pytest.raises(Forbidden):
            actions.ask_export(dataset, "csv", {}, actor=town.actor("leader"))
    with pytest.raises(Invalid):
        actions.ask_export("incidents", "csv", {"state": "odd"}, actor=actor_of(watcher))
    assert offered("cameras") in page_of(watcher, "/video/")
    assert offered("incidents", "state=open") in page_of(watcher, "/video/incidents/?state=open")


SETTINGS = {
    "/people/": "people", "/organisations/": "organisations", "/calendars/": "calendars", "/texts/": "standard_texts",
    "/responsibility/rules/": "special_rules", "/responsibility/general/": "general_rules",
    "/grid/areas/": "supervision_areas",
}  # fmt: skip


def test_lists_of_settings_are_offered_to_administrators_of_the_whole_city(town):
    boss, local = holder("boss", "admin", "case.see"), holder("local", "admin", "case.see", area=f"{CITY}.{HERE}")
    for path, dataset in SETTINGS.items():
        link = f'href="/api/exports/{dataset}.xlsx"'
        assert link in page_of(boss, path), path
        client = Client()
        client.force_login(local)
        assert link not in client.get(path).content.decode(), path
        assert client.get(f"/api/exports/{dataset}.xlsx").status_code == 403
