"""The census: every sound row in its cell, every other one named."""

import pytest

from assets import actions, selectors
from assets.models import Asset, AssetType, Survey
from core.errors import Conflict, Forbidden, Invalid
from core.scope import NOBODY, machine
from journal.models import Entry
from tests.assets.factories import ADMIN, BIN, LAMP, put, row, types
from tests.grid.factories import SIDE, SOUTH, WEST, put_map

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_map_with_two_types():
    put_map()
    types()


def test_a_component_lands_in_its_cell_with_all_it_was_told():
    report = put(
        row(
            state="damaged",
            owner="市政",
            authority="公用",
            maintainer="养护所",
            accuracy="A",
            names={"zh": "1 号灯"},
            attributes={"watt": 90},
        )
    )
    assert (report.created, report.updated, report.unchanged, report.refused) == (1, 0, 0, ())
    found = selectors.asset("4499010137000001", actor=ADMIN)
    assert (found.cell, found.area) == ("449901001001003", "449900.449901.449901001.449901001001")
    assert (found.type, found.state, found.owner, found.authority, found.maintainer) == (
        "street_light",
        "damaged",
        "市政",
        "公用",
        "养护所",
    )
    assert (found.names, dict(found.attributes)) == ({"zh": "1 号灯"}, {"watt": 90})


def test_importing_again_updates_what_changed_and_nothing_else():
    put(row(), row("4499010137000002", 1))
    before = Asset.objects.get(code="4499010137000002").changed_at
    report = put(row(state="lost"), row("4499010137000002", 1))
    assert (report.created, report.updated, report.unchanged) == (0, 1, 1)
    assert selectors.asset("4499010137000001", actor=ADMIN).state == "lost"
    assert Asset.objects.get(code="4499010137000002").changed_at == before


def test_each_bad_row_is_named_and_the_good_ones_are_taken():
    report = put(
        row(),
        row(),
        row("4499010137000003", 5),
        row("4499010137000004", 9),
        row("4499010137000005", attributes={"watt": "much"}),
        row("44990101370000"),
        row("4499010305000001", 1),
    )
    assert report.created == 2
    assert {(refusal.row, refusal.reason) for refusal in report.refused} == {
        (2, "assets.code_twice"),
        (3, "assets.other_district"),
        (4, "assets.outside"),
        (5, "assets.bad_attributes"),
        (6, "assets.bad_code"),
    }
    survey = Survey.objects.get(pk=report.survey)
    assert (survey.created, survey.refused, survey.taken_by) == (2, 5, "test")


def test_a_component_on_the_border_of_districts_belongs_to_the_lower_cell():
    on_border = {"code": "4499010137000009", "lon": round(WEST + 4 * SIDE, 7), "lat": round(SOUTH + 1.5 * SIDE, 7)}
    put(on_border)
    assert selectors.asset("4499010137000009", actor=ADMIN).cell == "449901001002002"


def test_a_census_is_news():
    put(row(), row("bad"))
    entry = Entry.objects.get(kind="assets.imported.v1")
    assert (entry.area, entry.data["created"], entry.data["refused"]) == ("449900", 1, 1)


@pytest.mark.parametrize("actor", [NOBODY, machine("video", "case.report")])
def test_only_an_administrator_imports_or_changes_types(actor):
    with pytest.raises(Forbidden):
        actions.import_assets([row()], actor=actor)
    with pytest.raises(Forbidden):
        actions.save_type(LAMP, actor=actor)
    with pytest.raises(Forbidden):
        actions.retire_types(["street_light"], actor=actor)


def test_a_retired_type_takes_no_new_component_and_keeps_the_old_ones():
    put(row())
    actions.retire_types(["street_light"], actor=ADMIN)
    assert put(row("4499010137000002")).refused[0].reason == "assets.unknown_type"
    assert selectors.asset("4499010137000001", actor=ADMIN).type == "street_light"


def test_a_class_number_belongs_to_one_type():
    with pytest.raises(Conflict, match=r"assets\.class_taken"):
        actions.save_type({**BIN, "code": "other_bin"}, actor=ADMIN)
    with pytest.raises(Invalid, match=r"assets\.type_geometry"):
        actions.save_type({**BIN, "geometry": "cube"}, actor=ADMIN)
    actions.save_type({**BIN, "names": {"zh": "垃圾箱", "en": "Bin"}}, actor=ADMIN)
    assert AssetType.objects.get(code="litter_bin").names["zh"] == "垃圾箱"


def test_many_rows_go_in_batches_and_all_arrive():
    rows = [row(f"4499010137{number:06d}", number % 4, number % 2) for number in range(1, 5202)]
    report = put(*rows)
    assert (report.created, report.refused) == (5201, ())
    assert selectors.counts(actor=ADMIN)[0].count == 5201
