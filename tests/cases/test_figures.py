"""The city in figures: what is open, late and done today, in which district, and for whom."""

from dataclasses import asdict

from django.test import Client

from cases import selectors
from cases.models import Case
from cases.rest.outputs import CaseOut, case_json
from core.scope import EVERYWHERE, NOBODY, Actor, Ground
from tests.cases.factories import AREA_HERE, HERE, OUTSIDE, STAGES, THERE, brought_to, reported, standing

ALL = Actor("all", "all", {"case.see": EVERYWHERE})


def seer(**ground):
    return Actor("seer", "seer", {"case.see": (Ground(**ground),)})


def test_each_district_has_its_open_and_late_cases_and_what_today_brought(time, town):
    reported(town, THERE)
    brought_to(town, "closed")
    brought_to(town, "handling")
    told = selectors.figures(ALL)
    assert [row["district"] for row in told.rows()] == [HERE, THERE]
    here, there = told.rows()
    assert here == {
        "district": HERE, "open": 1, "overdue": 0, "registered": 2, "closed": 1, "closed_on_time": 1,
    }  # fmt: skip
    assert (there["open"], there["registered"], there["closed"]) == (1, 0, 0)
    assert told.total()["open"] == 2


def test_the_next_day_counts_anew_but_what_is_open_stays_and_grows_late(time, town):
    brought_to(town, "closed")
    brought_to(town, "handling")
    time.pass_by(days=9)
    (here,) = selectors.figures(ALL).rows()
    assert (here["open"], here["overdue"]) == (1, 1)
    assert (here["registered"], here["closed"], here["closed_on_time"]) == (0, 0, 0)


def test_figures_are_those_of_the_cases_that_one_may_see(time, town):
    reported(town, HERE)
    reported(town, THERE)
    reported(town, lon=OUTSIDE[0], lat=OUTSIDE[1])
    assert set(selectors.figures(ALL).districts) == {HERE, THERE}, "what has no place belongs to no district"
    assert set(selectors.figures(seer(area=AREA_HERE)).districts) == {HERE}
    assert selectors.figures(seer(org="centre.elsewhere")).rows() == []
    assert selectors.figures(NOBODY).rows() == []


def test_the_figures_of_the_api_are_those_of_the_selector(town):
    reported(town)
    browser = Client()
    browser.force_login(town.people["leader"])
    told = browser.get("/api/cases/figures").json()
    assert told["total"] == {"open": 1, "overdue": 0, "registered": 0, "closed": 0, "closed_on_time": 0}
    assert told["districts"] == [{**told["total"], "district": HERE}]


def test_a_list_tells_the_same_of_a_case_as_its_own_page(time, town):
    for stage in STAGES:
        brought_to(town, stage, attributes={"lamp": [1, None]})
    reported(town, lon=None, lat=None, address="某处", category="")
    brought_to(town, "fed_back")
    time.pass_by(days=9)
    rows = Case.objects.select_related("category").order_by("-pk")
    assert selectors.views(Case.objects.order_by("-pk")) == [(row.pk, selectors.view_of(row)) for row in rows]


def test_a_case_is_written_as_its_shape_says(time, town):
    for stage in ("reported", "handled", "closed"):
        view = standing(brought_to(town, stage, attributes={"lamp": [1, None]}))
        assert case_json(view) == dict(CaseOut({**asdict(view), "located": view.located}).data)
    nowhere = standing(reported(town, lon=None, lat=None, address="某处"))
    assert case_json(nowhere, notice="x") == dict(CaseOut({**asdict(nowhere), "located": False, "notice": "x"}).data)
