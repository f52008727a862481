"""The plan of codes: how many digits a city's codes have is data, read by imports, the editor and the lists."""

from copy import deepcopy

import pytest
from django.db import DataError, IntegrityError, transaction
from django.test import Client

from core.errors import Conflict, DomainError, Forbidden, Invalid
from core.scope import machine
from grid import actions, selectors
from grid.contracts import CodePlan
from grid.contracts import Problem as Fault
from grid.manifest import CodePlans
from grid.models import Cell, PlanOfCodes
from grid.rules import codes
from grid.sentences import listed
from journal.models import Entry
from packs.contracts import Problem
from tests.accounts.factories import holder
from tests.assets.factories import put, row, types
from tests.grid.factories import ADMIN, put_map, tiny_map

pytestmark = pytest.mark.django_db
HOME = "449901001001"
OLD = {"standard": "CJ/T 213", "edition": "2005", "district": 6, "street": 9, "community": 12, "cell": 14}
WIDE = {**OLD, "standard": "local", "edition": "1", "cell": 16}
NEW = {**OLD, "standard": "GB/T 30428.1", "edition": "2013", "cell": 15}


def old_map():
    """The tiny map with cells numbered by two digits."""
    drawn = deepcopy(tiny_map())
    for one in drawn["cells"]["features"]:
        code = one["properties"]["code"]
        one["properties"]["code"] = f"{code[:12]}{int(code[12:]):02d}"
    return drawn


@pytest.fixture
def old():
    """A city of the 2005 standard with its map in force."""
    actions.save_code_plan(OLD, actor=ADMIN)
    return actions.import_grid(old_map(), actor=ADMIN)


def refused(code: str, kind: type[DomainError], verb, *args, **given) -> DomainError:
    with pytest.raises(kind) as caught, transaction.atomic():
        verb(*args, **given)
    assert caught.value.code == code
    return caught.value


def test_without_any_plan_codes_are_those_of_the_national_standard():
    assert selectors.code_plan() == CodePlan("GB/T 30428.1", "2013", 6, 9, 12, 15)


def test_a_map_of_fourteen_digits_is_refused_with_a_sentence_that_names_the_expected_width():
    error = refused("grid.import_refused", Invalid, actions.import_grid, old_map(), actor=ADMIN)
    assert {one["code"] for one in error.params["problems"]} == {"grid.cell_code"}
    told = listed([Fault(**error.params["problems"][0])])[0]
    assert "代码应为 15 位数字（GB/T 30428.1-2013），末 3 位为 001 至 999" in told
    assert not Cell.objects.exists()


def test_a_city_of_the_older_standard_imports_its_map_edits_it_and_lists_its_cells(old):
    assert (old.state, old.cells) == ("published", 12)
    assert set(Cell.objects.values_list("region__code", flat=True)) == {HOME, "449901001002", "449902001001"}
    draft = actions.draft_version(actor=ADMIN)
    shape = selectors.cells_called(draft, [f"{HOME}01"])[f"{HOME}01"].geom
    west, south, east, north = shape.bounds
    middle = (west + east) / 2
    given = {
        "code": f"{HOME}01",
        "line": {"type": "LineString", "coordinates": [[middle, south - 1e-4], [middle, north + 1e-4]]},
    }
    done = actions.edit(draft, actor=ADMIN, revision=0, op="split", given=given)
    assert f"{HOME}05" in done.changed
    assert not done.findings
    actions.publish(draft, actor=ADMIN)
    area = actions.save_supervision_area("A1", actor=ADMIN, names={"zh": "一"}, cells=f"{HOME}05\n449902")
    assert len(selectors.supervised_cells(area)) == 5
    error = refused(
        "grid.cell_unread", Invalid, actions.save_supervision_area,
        "A2", actor=ADMIN, names={"zh": "二"}, cells=f"{HOME}001",
    )  # fmt: skip
    assert error.params["digits"] == 14


def test_pages_and_search_take_the_digits_of_the_plan(old):
    client = Client()
    client.force_login(holder("boss", "admin"))
    editor = client.get(f"/grid/{actions.draft_version(actor=ADMIN)}/").content.decode()
    assert r'pattern="\d{14}"' in editor
    assert 'data-community="12"' in editor
    assert 'name="cell" value="" inputmode="numeric" maxlength="14"' in client.get("/components/").content.decode()
    found = [one["code"] for one in client.get("/api/search", {"q": HOME}).json()]
    assert found[0] == HOME
    assert f"{HOME}01" in found, "cells from the digits of a community on"
    street = [one["kind"] for one in client.get("/api/search", {"q": HOME[:9]}).json()]
    assert "cell" not in street


def test_a_component_stands_in_a_cell_of_fourteen_digits(old):
    types()
    put(row())
    point = selectors.place_at(*[row()["lon"], row()["lat"]])
    assert point.cell == f"{HOME}03"


def test_the_plan_of_the_city_goes_before_that_of_a_pack_and_a_default_comes_last():
    actions.save_code_plan({**NEW, "default": True}, actor=ADMIN, pack="base")
    assert selectors.code_plan().cell == 15
    actions.save_code_plan(WIDE, actor=ADMIN, pack="aacity")
    assert selectors.code_plan().cell == 16
    actions.save_code_plan(OLD, actor=ADMIN)
    assert selectors.code_plan().cell == 14
    actions.drop_code_plan(actor=ADMIN)
    actions.drop_code_plan(actor=ADMIN, pack="aacity")
    assert selectors.code_plan().cell == 15
    told = Entry.objects.filter(kind="grid.code_plan_saved.v1").order_by("pk")
    assert [one.data["cell"] for one in told] == [16, 14, 16, 15]


def test_a_plan_that_the_map_would_not_fit_is_refused_and_the_old_one_stays():
    put_map()
    error = refused("grid.code_plan_in_use", Conflict, actions.save_code_plan, OLD, actor=ADMIN)
    assert error.params == {"count": 12, "cell": 14, "was": 15}
    assert selectors.code_plan() == CodePlan()
    assert not PlanOfCodes.objects.exists()
    actions.save_code_plan({**NEW, "edition": "2025"}, actor=ADMIN)
    assert selectors.code_plan().edition == "2025"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"cell": 12}, "grid.code_plan_widths"),
        ({"cell": 21}, "grid.code_plan_widths"),
        ({"cell": 19}, "grid.code_plan_widths"),
        ({"cell": True}, "grid.code_plan_widths"),
        ({"cell": "15"}, "grid.code_plan_widths"),
        ({"street": 6}, "grid.code_plan_widths"),
        ({"community": 13}, "grid.code_plan_widths"),
        ({"standard": " "}, "grid.code_plan_standard"),
        ({"edition": "x" * 41}, "grid.code_plan_standard"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(given, code):
    refused(code, Invalid, actions.save_code_plan, {**NEW, **given}, actor=ADMIN)
    assert not PlanOfCodes.objects.exists()


def test_only_an_administrator_says_how_codes_are_built():
    refused("grid.not_admin", Forbidden, actions.save_code_plan, NEW, actor=machine("other", "case.see"))


def test_the_database_itself_keeps_letters_out_of_codes_and_plans_rising():
    put_map()
    for code in ("44990100100100x", "123", "1" * 21):
        with pytest.raises((IntegrityError, DataError)) as caught, transaction.atomic():
            Cell.objects.filter(code=f"{HOME}001").update(code=code)
        assert "grid_cell_code_shape" in str(caught.value) or "too long" in str(caught.value)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanOfCodes.objects.create(**{**OLD, "cell": 12})


def test_a_pack_brings_its_plan_once_and_takes_it_away():
    pack = {"code": "base", "code_plan": {**WIDE, "default": True}}
    section = CodePlans()
    assert [change.what for change in section.diff(pack)] == ["add"]
    section.apply(pack, ADMIN)
    assert selectors.code_plan().cell == 16
    assert section.diff(pack) == []
    pack["code_plan"]["cell"] = 15
    assert [dict(change.fields) for change in section.diff(pack)] == [{"cell": (16, 15)}]
    section.apply({"code": "base"}, ADMIN)
    assert not PlanOfCodes.objects.exists()


def test_two_packs_of_one_rank_and_impossible_widths_are_faults_of_a_pack():
    mine, theirs = {"code": "mine", "code_plan": OLD}, {"code": "theirs", "code_plan": WIDE}
    base = {"code": "base", "code_plan": {**NEW, "default": True}}
    assert CodePlans().check(mine, {"mine": mine, "base": base}) == []
    found = CodePlans().check(mine, {"mine": mine, "theirs": theirs})
    assert [one.code for one in found] == ["grid.code_plan_twice"]
    bad = {"code": "mine", "code_plan": {**OLD, "cell": 12}}
    assert [one.code for one in CodePlans().check(bad, {})] == ["grid.code_plan_widths"]
    assert all(isinstance(one, Problem) for one in found)


def test_codes_are_cut_by_the_plan_that_is_handed_in():
    plan = CodePlan("local", "1", 6, 8, 10, 13)
    assert codes.community_of("4499010203007", plan) == "4499010203"
    assert codes.is_cell_code("4499010203007", plan)
    assert not codes.is_cell_code("4499010203000", plan)
    assert codes.level_of("4499010000", plan) == "district"
    assert codes.level_of("4499010200", plan) == "street"
    assert codes.parent_of("4499010203", codes.Level.COMMUNITY, plan) == "44990102"
    assert codes.beneath("449900", plan) == "4499"
