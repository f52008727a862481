"""How many queries each endpoint costs, recorded: a number that grows is seen. RECORD_QUERIES=1 writes them anew."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases import actions
from cases.models import Evidence
from cases.selectors import newest_versions, told
from tests.accounts.factories import holder
from tests.cases.conftest import Time
from tests.cases.factories import CAMERA, HERE, SETUP, Town, asked, brought_to, picture, point, reported

ASKED = f"category=E0407&lon={point()[0]}&lat={point()[1]}"
RECORD = Path(__file__).with_name("query_counts.json")


def cost(act: Callable[[], Any]) -> int:
    """Queries of the second time, when what is read once per process has been read; savepoints are no questions."""
    act()
    with CaptureQueriesContext(connection) as seen:
        answer = act()
    assert getattr(answer, "status_code", 200) < 400
    return sum("SAVEPOINT" not in query["sql"] for query in seen.captured_queries)


def pages(town: Town) -> dict[str, Callable[[], Any]]:
    """What people and programs read."""
    case = brought_to(town, "at_district")
    for kind in ("return", "void"):
        asked(town, case, kind, "district_dispatcher")
    handled = brought_to(town, "handled")
    browsers = {who: Client() for who in ("leader", "district_dispatcher", "desk", "collector")}
    for who, browser in browsers.items():
        browser.force_login(town.people[who])
    api = f"/api/cases/{handled.number}"
    evidence = handled_picture(handled.number)
    return {
        "GET /cases/": lambda: browsers["leader"].get("/cases/?queue=open"),
        "GET /cases/?q=": lambda: browsers["leader"].get("/cases/?q=机动车"),
        "GET /cases/<number>/ by a dispatcher": lambda: browsers["district_dispatcher"].get(f"/cases/{case.number}/"),
        "GET /cases/<number>/ by a desk": lambda: browsers["desk"].get(f"/cases/{handled.number}/"),
        "GET /cases/new/": lambda: browsers["collector"].get("/cases/new/"),
        "GET /api/cases": lambda: browsers["leader"].get("/api/cases"),
        "GET /api/cases?filters": lambda: browsers["leader"].get(f"/api/cases?district={HERE}&late=false&open=true"),
        "GET /api/cases?q=": lambda: browsers["leader"].get("/api/cases?q=机动车&open=true"),
        "GET /api/cases/counts": lambda: browsers["leader"].get("/api/cases/counts"),
        "GET /api/cases/figures": lambda: browsers["leader"].get("/api/cases/figures"),
        "GET /api/cases/<number>": lambda: browsers["leader"].get(api),
        "GET /api/cases/<number>/moves": lambda: browsers["leader"].get(f"{api}/moves"),
        "GET /api/cases/<number>/clocks": lambda: browsers["leader"].get(f"{api}/clocks"),
        "GET /api/cases/<number>/steps": lambda: browsers["desk"].get(f"{api}/steps"),
        "GET /api/cases/<number>/responsible": lambda: browsers["leader"].get(f"{api}/responsible"),
        "GET /api/cases/<number>/evidence": lambda: browsers["leader"].get(f"{api}/evidence"),
        "GET .../evidence/<id>/public": lambda: browsers["leader"].get(f"{api}/evidence/{evidence}/public"),
        "GET /requests/": lambda: browsers["leader"].get("/requests/?queue=open"),
        "GET /api/requests": lambda: browsers["leader"].get("/api/requests?queue=open"),
        "GET /classes/": lambda: browsers["leader"].get("/classes/"),
        "GET /classes/<code>/": lambda: browsers["leader"].get("/classes/E0407/"),
        "GET /responsibility/": lambda: browsers["leader"].get("/responsibility/?major=E04"),
        "GET /responsibility/?district=": lambda: browsers["leader"].get(f"/responsibility/?district={HERE}"),
        "GET /responsibility/faults/": lambda: browsers["leader"].get("/responsibility/faults/"),
        "GET /responsibility/simulator/": lambda: browsers["leader"].get(f"/responsibility/simulator/?{ASKED}"),
        "GET /api/responsibility": lambda: browsers["leader"].get("/api/responsibility"),
        "GET /api/responsibility/faults": lambda: browsers["leader"].get("/api/responsibility/faults"),
        "GET /api/responsible": lambda: browsers["leader"].get(f"/api/responsible?{ASKED}"),
        "GET /api/categories": lambda: browsers["leader"].get("/api/categories"),
        "GET /api/categories/<code>": lambda: browsers["leader"].get("/api/categories/E0407"),
    }


SETTINGS = (
    "/api/classes", "/api/classes/E0407", "/api/classes/E0407/versions", "/api/classes/presets", "/api/roles",
    "/api/responsibility/rules", "/api/responsibility/general", "/responsibility/general/",
    "/api/classes/grades", "/classes/grades/",
    "/api/roles/role-root", "/api/calendars", "/api/calendars/office_hours", "/api/texts", "/api/sessions",
    "/api/sessions/everybody", "/api/organisations", "/api/people", "/api/posts", "/roles/", "/calendars/", "/texts/",
    "/sessions/", "/sessions/everybody/", "/organisations/", "/people/", "/grid/", "/grid/areas/", "/components/",
    "/component-requests/", "/census/", "/api/ladders",
)  # fmt: skip


def settings_of_the_city() -> dict[str, Callable[[], Any]]:
    """What administrators and their programs read."""
    browser = Client()
    browser.force_login(holder("root", "admin", "case.see", "component.edit"))
    return {f"GET {path} by an administrator": lambda path=path: browser.get(path) for path in SETTINGS}


def handled_picture(number: str) -> int:
    """The picture that was submitted."""
    return Evidence.objects.get(case__number=number).pk


def verbs(town: Town) -> dict[str, Callable[[], Any]]:
    """What machines and people do, each time to another case."""
    lon, lat = point()
    serial = iter(range(100))
    people = {who: town.actor(who) for who in ("acceptor", "leader", "city_dispatcher", "desk", "handler", "collector")}
    accepted = iter([brought_to(town, "accepted") for _ in range(2)])
    registered = iter([brought_to(town, "registered") for _ in range(2)])
    dispatched = iter([brought_to(town, "dispatched") for _ in range(2)])
    handling = iter([brought_to(town, "handling") for _ in range(2)])
    handled = iter([brought_to(town, "handled") for _ in range(2)])
    key = town.key("handler")

    def step(verb: str, who: str, some: Any, **given: Any) -> Callable[[], Any]:
        def act() -> None:
            case = next(some)
            getattr(actions, verb)(case.number, actor=people[who], version=case.version, **given)

        return act

    def report(**given: Any) -> Callable[[], Any]:
        given = {"source": "camera", "category": "E0407", "lon": lon, "lat": lat, **given}
        return lambda: actions.report(actor=CAMERA, source_ref=f"7:{next(serial)}", **given)

    return {
        "report": report(),
        "report with a picture": report(photos=[picture()]),
        "report that registers itself": report(category="E0506"),
        "register": step("register", "leader", accepted, condition="a"),
        "split into two parts": step(
            "split", "city_dispatcher", registered, parts=[{"department": f"d{HERE}-appearance"}] * 2
        ),
        "assign": step("assign", "desk", dispatched, handler=key),
        "submit with a picture": step("submit", "handler", handling, result="done", photos=[picture()]),
        "confirm": step("confirm", "desk", handled),
        "sweep of nothing": actions.sweep,
    }


@pytest.fixture
def measured(time: Time, town: Town) -> dict[str, int]:
    """Every endpoint and what it cost."""
    for _ in range(5):
        reported(town)
    return {name: cost(act) for name, act in {**pages(town), **settings_of_the_city(), **verbs(town)}.items()}


def test_every_endpoint_costs_what_was_recorded(measured: dict[str, int]) -> None:
    if os.environ.get("RECORD_QUERIES"):
        RECORD.write_text(json.dumps(measured, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert measured == json.loads(RECORD.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", ["/cases/?queue=open", "/api/cases"])
def test_a_list_costs_the_same_for_many_as_for_few(time: Time, town: Town, path: str) -> None:
    browser = Client()
    browser.force_login(town.people["leader"])
    reported(town)
    few = cost(lambda: browser.get(path))
    for _ in range(12):
        brought_to(town, "dispatched")
    assert cost(lambda: browser.get(path)) == few


def test_the_lists_of_administrators_cost_the_same_for_many_as_for_few(time: Time, town: Town) -> None:
    lists = settings_of_the_city()
    names = [f"GET {path} by an administrator" for path in ("/api/classes", "/api/roles", "/people/", "/api/people")]
    few = {name: cost(lists[name]) for name in names}
    for number in range(9):
        holder(f"another{number}", "case.see")
        fields = {"code": f"E048{number}", "minor": f"8{number}", "names": {"zh": f"新{number}", "en": f"New {number}"}}
        actions.save_class(
            {**told(newest_versions().get(code="E0407")), **fields}, actor=SETUP, seen=0, reason="增设"
        )  # fmt: skip
    assert {name: cost(lists[name]) for name in names} == few
