"""The map's cells and cases: what is counted, for whom, and that nothing of the next district shows."""

from datetime import datetime

import pytest
from django.test import Client

from core.errors import Invalid
from core.scope import EVERYWHERE, NOBODY, Actor, Ground
from dashboard import selectors
from dashboard.contracts import METRICS
from grid import actions as grid_actions
from grid import selectors as grid
from tests.cases.factories import CITY, HERE, SETUP, THERE, brought_to, point, reported
from tests.dashboard.test_wall import signed_in

ALL = Actor("all", "all", {"case.see": EVERYWHERE})


def seer(area):
    return Actor("seer", "seer", {"case.see": (Ground(area=area),)})


@pytest.mark.django_db
def test_open_cases_are_counted_by_cell_and_only_those_one_may_see(town):
    here, also, there = reported(town, HERE), reported(town, HERE), reported(town, THERE)
    assert here.cell == also.cell != there.cell
    assert selectors.cell_values(ALL).values == {here.cell: 2, there.cell: 1}
    assert selectors.cell_values(seer(f"{CITY}.{HERE}")).values == {here.cell: 2}
    assert selectors.cell_values(NOBODY).values == {}


@pytest.mark.django_db
def test_a_case_past_its_limit_is_overdue_and_a_closed_one_is_neither(time, town):
    late, closed = brought_to(town, "handling"), brought_to(town, "closed")
    assert selectors.cell_values(ALL, "overdue").values == {}
    time.pass_by(days=9)
    assert selectors.cell_values(ALL, "overdue").values == {late.cell: 1}
    assert selectors.cell_values(ALL, "open").values == {late.cell: 1}
    assert selectors.cell_values(ALL, "registered", 30).values == {late.cell: 2}
    assert selectors.cell_values(ALL, "registered", 7).values == {}
    assert closed.cell == late.cell


@pytest.mark.django_db
def test_the_share_handled_in_time_counts_what_departments_handed_back(time, town):
    kept, broken = brought_to(town, "fed_back"), brought_to(town, "handled")
    time.pass_by(days=9)
    assert selectors.cell_values(ALL, "on_time", 7).values == {}
    brought_to(town, "fed_back", broken)
    told = selectors.cell_values(ALL, "on_time", 30)
    assert told.values == {kept.cell: 50}
    assert told.metric.class_of(50) == 0, "the class that wants attention most"


@pytest.mark.django_db
def test_cells_are_coloured_by_their_management_grade_for_whoever_works_here(town):
    told = selectors.cell_values(seer(f"{CITY}.{HERE}"), "grade")
    assert set(told.values.values()) == {1}
    assert len(told.values) == grid.cell_count()
    draft = grid_actions.draft_version(actor=SETUP)
    first = min(told.values)
    change = {"code": first, "grade": 4}
    grid_actions.edit(draft, actor=SETUP, revision=0, op="describe", given=change)
    assert selectors.cell_values(ALL, "grade").values[first] == 1, "a draft colours nothing"
    assert selectors.cell_values(NOBODY, "grade").values == {}
    client = signed_in("looks", "looks", ["case.see"], CITY)
    assert "管理等级" in client.get("/map/?metric=grade").content.decode()
    answer = client.get("/api/map/cells?metric=grade").json()
    assert (answer["breaks"], answer["closed"], answer["unit"]) == ([1, 2, 3, 4], True, "grade")


@pytest.mark.django_db
@pytest.mark.parametrize(("metric", "days"), [("beauty", 7), ("open", 8), ("", 7)])
def test_what_is_no_measure_and_no_period_is_refused_with_a_sentence(town, metric, days):
    with pytest.raises(Invalid):
        selectors.cell_values(ALL, metric, days)
    client = signed_in("looks", "looks", ["case.see"], CITY)
    answer = client.get(f"/api/map/cells?metric={metric}&days={days}")
    assert answer.status_code == 400
    assert answer.json()["code"].startswith("atlas.no_")


def test_classes_hold_every_value_once():
    for metric in METRICS.values():
        assert [metric.class_of(start) for start in metric.breaks] == list(range(len(metric.breaks)))
        assert list(metric.breaks) == sorted(set(metric.breaks))


@pytest.mark.django_db
def test_the_browser_that_has_the_colours_is_told_so_until_they_change(town):
    client = signed_in("looks", "looks", ["case.see"], CITY)
    first = client.get("/api/map/cells?metric=open")
    assert first.json()["values"] == {}
    same = client.get("/api/map/cells?metric=open", headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    case = reported(town, HERE)
    changed = client.get("/api/map/cells?metric=open", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed.json()["values"] == {case.cell: 1}
    assert "private" in changed["Cache-Control"]


@pytest.mark.django_db
def test_the_map_shows_open_cases_of_its_box_and_of_ones_own_ground(town):
    here, there, closed = reported(town, HERE), reported(town, THERE), brought_to(town, "closed")
    lon, lat = point(HERE)
    box = f"{lon - 0.5},{lat - 0.5},{lon + 0.5},{lat + 0.5}"
    client = signed_in("looks", "looks", ["case.see"], CITY)
    told = client.get(f"/api/map/cases?bbox={box}").json()
    assert {one["number"] for one in told["cases"]} == {here.number, there.number}
    assert closed.number not in str(told)
    assert told["more"] is False
    first = next(one for one in told["cases"] if one["number"] == here.number)
    assert (first["lon"], first["lat"]) == (here.lon, here.lat)
    assert (first["stage"], first["cell"], first["names"]) == ("reported", here.cell, dict(here.category_names))
    assert datetime.fromisoformat(first["due_at"]) == here.due_at
    own = signed_in("own", "own", ["case.see"], f"{CITY}.{HERE}").get(f"/api/map/cases?bbox={box}").json()
    assert [one["number"] for one in own["cases"]] == [here.number]
    assert client.get("/api/map/cases?bbox=100,20,100.1,20.1").json() == {"cases": [], "more": False}


@pytest.mark.django_db
@pytest.mark.parametrize("box", ["", "1,2,3", "a,b,c,d", "nan,nan,nan,nan", "10,10,5,20", "0,0,1e308,1", "1,2,3,4,5"])
def test_what_is_no_box_is_refused_with_a_sentence(town, box):
    client = signed_in("looks", "looks", ["case.see"], CITY)
    answer = client.get("/api/map/cases", {"bbox": box})
    assert (answer.status_code, answer.json()["code"]) == (400, "atlas.bad_box")


@pytest.mark.django_db
def test_more_cases_than_a_map_draws_are_cut_and_the_cut_is_told(town, monkeypatch):
    monkeypatch.setattr("dashboard.selectors.cells.MOST_CASES", 1)
    reported(town, HERE)
    reported(town, THERE)
    lon, lat = point(HERE)
    found, more = selectors.cases_in(ALL, (lon - 1, lat - 1, lon + 1, lat + 1))
    assert (len(found), more) == (1, True)


@pytest.mark.django_db
def test_the_page_lists_the_cells_that_the_map_colours(town):
    case = reported(town, HERE)
    client = signed_in("looks", "looks", ["case.see"], CITY)
    page = client.get("/map/").content.decode()
    assert f'data-fly="{case.cell}"' in page
    assert "<cc-atlas" in page
    part = client.get("/map/?metric=overdue&days=7", headers={"HX-Request": "true"}).content.decode()
    assert "<cc-atlas" not in part
    assert case.cell not in part, "it is not overdue"
    neighbour = signed_in("far", "far", ["case.see"], f"{CITY}.{THERE}").get("/map/").content.decode()
    assert case.cell not in neighbour


@pytest.mark.django_db
def test_the_map_is_for_people_who_work_here(town):
    answer = Client().get("/map/")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")
    assert signed_in("admin1", "adm", ["admin"], "").get("/map/").status_code == 200


@pytest.mark.django_db
def test_a_map_of_a_busy_city_costs_as_many_queries_as_that_of_a_quiet_one(town, django_assert_max_num_queries):
    for place in (HERE, HERE, THERE):
        reported(town, place)
    with django_assert_max_num_queries(5):
        selectors.worst_cells(selectors.cell_values(ALL))
