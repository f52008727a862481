"""Cases about a component: those that name it by its code, and apart from them those that are merely near."""

import pytest
from django.test import Client
from django.urls import reverse

from assets import actions as assets
from assets import selectors as components
from assets.contracts import knowledge, reporting
from cases.models import Case
from core.errors import Invalid
from core.scope import NOBODY
from tests.assets.factories import KERB, LAMP, types
from tests.cases.factories import HERE, SETUP, THERE, brought_to, point, reported

CODE, OTHER, LINE = "4499010137000001", "4499010137000002", "4499010286000001"
METRE = 1 / 110_574


@pytest.fixture
def lamp(town):
    """Two lamps 1 m apart and a kerb of some 60 m, in the middle of a cell."""
    lon, lat = point()
    types(LAMP, KERB)
    line = {"type": "LineString", "coordinates": [[lon - 0.0003, lat + 0.0004], [lon + 0.0003, lat + 0.0004]]}
    rows = ({"code": CODE, "lon": lon, "lat": lat}, {"code": OTHER, "lon": lon, "lat": lat + METRE},
            {"code": LINE, "geometry": line})  # fmt: skip
    assert assets.import_assets(rows, actor=SETUP).created == 3
    return components.asset(CODE, actor=SETUP)


def told(view, actor) -> tuple[list[tuple[str, float | None]], list[tuple[str, float | None]]]:
    """The numbers of the cases about a component and of those nearby, with their metres."""
    lists = [lines for names, lines in knowledge(view, "0137", actor) if "件" in names["zh"]]
    about, near = ([(one.label.rsplit(" ", 1)[1], one.metres) for one in lines] for lines in lists)
    return about, near


def test_a_case_that_names_the_component_is_about_it_wherever_it_is_and_about_no_other(town, lamp):
    case = reported(town, component=CODE, lon=lamp.lon, lat=lamp.lat + 90 * METRE)
    assert case.component == CODE
    leader = town.actor("leader")
    assert told(lamp, leader) == ([(case.number, None)], [])
    beside = components.asset(OTHER, actor=SETUP)
    assert told(beside, leader) == ([], []), "it says about what it is, so it is not merely near another"


def test_a_case_that_names_nothing_is_nearby_with_its_metres_whatever_its_class(town, lamp):
    near = reported(town, category="C0101", lon=lamp.lon, lat=lamp.lat - 12 * METRE)
    reported(town, lon=lamp.lon, lat=lamp.lat - 40 * METRE)
    about, nearby = told(lamp, town.actor("leader"))
    assert about == []
    [(number, metres)] = nearby
    assert number == near.number
    assert metres == pytest.approx(12, abs=0.3)


def test_of_a_line_the_nearest_point_counts_and_not_its_middle(town, lamp):
    kerb = components.asset(LINE, actor=SETUP)
    end_of_it = point()[0] + 0.0003
    case = reported(town, lon=end_of_it, lat=point()[1] + 0.0004 + 5 * METRE)
    [(number, metres)] = told(kerb, town.actor("leader"))[1]
    assert number == case.number
    assert metres == pytest.approx(5, abs=0.3)


def test_open_ones_come_first_and_what_the_actor_may_not_see_is_in_neither_list(town, lamp):
    closed = brought_to(town, "closed", component=CODE)
    fresh = reported(town, component=CODE)
    reported(town, lon=lamp.lon, lat=lamp.lat)
    assert [number for number, _ in told(lamp, town.actor("leader"))[0]] == [fresh.number, closed.number]
    assert told(lamp, NOBODY) == ([], [])


def test_without_a_point_the_case_is_where_its_component_stands(town, lamp):
    case = reported(town, component=CODE, lon=None, lat=None)
    assert (case.lon, case.lat) == (lamp.lon, lamp.lat)
    assert case.cell == lamp.cell


@pytest.mark.parametrize("code", ["4499010137000009", "nonsense", "\0"])
def test_a_component_that_is_not_there_is_refused_and_no_case_is_made(town, lamp, code):
    with pytest.raises(Invalid) as refused:
        reported(town, component=code)
    assert refused.value.code == "case.unknown_component"
    assert not Case.objects.exists()


def test_a_component_that_was_removed_is_refused(town, lamp):
    assets.retire(CODE, actor=SETUP, version=1, reason="拆除")
    with pytest.raises(Invalid):
        reported(town, component=CODE)


def test_from_the_page_of_a_component_a_case_about_it_is_reported_and_leads_back(town, lamp):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(town.people["collector"])
    page = client.get(f"/components/{CODE}/").content.decode()
    address = f"/cases/new/?component={CODE}"
    assert f'href="{address}"' in page
    assert reverse("case-new") == "/cases/new/"
    form = client.get(address).context["form"]
    given = {name: form[name].value() for name in ("key", "source", "component", "lon", "lat")}
    assert given["component"] == CODE
    done = client.post("/cases/new/", {**given, "category": "E0407", "photos": []})
    number = Case.objects.get().number
    assert (done.status_code, Case.objects.get().component) == (302, CODE)
    assert f'href="/components/{CODE}/"' in client.get(f"/cases/{number}/").content.decode()
    again = client.get(f"/components/{CODE}/").content.decode()
    assert number in again.split("Cases about it")[1].split("Cases nearby")[0]


def test_who_may_report_nothing_has_no_such_address(lamp):
    assert reporting(lamp, NOBODY) == ""


def test_programs_name_the_component_too(town, lamp):
    client = Client()
    client.force_login(town.people["collector"])
    given = {"category": "E0407", "component": CODE}
    made = client.post("/api/cases", given, "application/json", headers={"Idempotency-Key": "about-the-lamp"})
    assert (made.status_code, made.json()["component"]) == (201, CODE)
    wrong = client.post("/api/cases", {**given, "component": "1"}, "application/json",
                        headers={"Idempotency-Key": "about-nothing"})  # fmt: skip
    assert (wrong.status_code, wrong.json()["code"]) == (400, "case.unknown_component")
    assert [HERE in made.json()["area"], THERE in made.json()["area"]] == [True, False]
