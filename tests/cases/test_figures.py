"""The city in figures: what is open, late and done today, in which district, and for whom."""

from dataclasses import asdict

from django.test import Client

from cases import selectors
from cases.models import Case
from cases.rest.outputs import CaseOut, case_json
from core.scope import EVERYWHERE, NOBODY, Actor, Ground
from journal.models import Entry
from tests.cases.factories import AREA_HERE, HERE, OUTSIDE, THERE, brought_to, reported, standing, take

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


def test_a_part_is_no_report_of_its_own_but_it_is_open_and_may_be_late(time, town):
    case, since = brought_to(town, "registered"), time()
    take(town, case, "split", "city_dispatcher", parts=[{"department": f"d{HERE}-appearance"}] * 2)
    part = standing(Case.objects.filter(parent=case.number).first())
    brought_to(town, "closed", part)
    time.pass_by(hours=3)
    (here,) = selectors.figures(ALL).rows()
    assert here == {
        "district": HERE, "open": 2, "overdue": 1, "registered": 1, "closed": 0, "closed_on_time": 0,
    }  # fmt: skip
    measured = {one: selectors.by_cell(ALL, one, now=time(), since=since) for one in ("open", "registered", "on_time")}
    assert measured == {"open": {case.cell: 2}, "registered": {case.cell: 1}, "on_time": {case.cell: 100}}
    begun = ["case.part_begun.v1", "case.accepted.v1", "case.part_registered.v1", "case.dispatched.v1"]
    told = list(Entry.objects.filter(subject=part.number).order_by("id").values_list("kind", flat=True))
    assert (told[:4], told[-1]) == (begun, "case.part_closed.v1")


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


def test_a_list_tells_the_same_of_a_case_as_its_own_page_and_in_the_shape_that_is_promised(time, town):
    for stage in ("reported", "handling", "closed"):
        brought_to(town, stage, attributes={"lamp": [1, None]})
    reported(town, lon=None, lat=None, address="某处", category="")
    time.pass_by(days=9)
    rows = Case.objects.select_related("category").order_by("-pk")
    views = selectors.newest(Case.objects.all(), 100)
    assert views == [(row.pk, selectors.view_of(row)) for row in rows]
    assert [view.late for _key, view in views] == [True, False, True, True], "handled in time, the closed one is not"
    for _key, view in views:
        given = {**asdict(view), "located": view.located, "notice": "x"}
        assert case_json(view, notice="x") == dict(CaseOut(given).data)
