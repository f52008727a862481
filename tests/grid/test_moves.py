"""What a new map moves is told before it is published: cases, components, cameras; and old cases keep their cell."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from cases.models import Case
from grid import actions, selectors
from grid.contracts import point_sources, register_points
from tests.accounts.factories import holder
from tests.assets.factories import put, row, types
from tests.cases.factories import build_town, reported
from tests.cases.factories import point as in_town
from tests.grid.factories import ADMIN, SIDE, SOUTH, WEST, put_map
from tests.video.factories import put_up

pytestmark = pytest.mark.django_db
HOME = "449901001001"


def at(column: float, row: float) -> list[float]:
    return [round(WEST + column * SIDE, 7), round(SOUTH + row * SIDE, 7)]


def act(version: int, op: str, **given):
    revision = selectors.version_of(version).revision
    return actions.edit(version, actor=ADMIN, revision=revision, op=op, given=given)


def total(told, kind):
    return next((one["moved"], one["lost"]) for one in told["totals"] if one["kind"] == kind)


@pytest.fixture
def lamps() -> int:
    """The tiny map in force with a lamp in each of three cells, and a draft."""
    put_map()
    types()
    put(row(), row("4499010137000002", 1, 0), row("4499010137000003", 0, 1))
    return actions.draft_version(actor=ADMIN)


def test_an_unchanged_draft_moves_nothing(lamps):
    told = selectors.moves(lamps)
    assert told["cells"] == {"added": 0, "removed": 0, "changed": 0, "same": 12}
    assert (told["moves"], told["truncated"]) == ([], False)
    assert {one["kind"] for one in told["totals"]} == {"cases", "components", "cameras", "collectors"}


def test_components_of_a_merged_cell_move_and_of_a_deleted_one_are_lost(lamps):
    act(lamps, "merge", codes=[f"{HOME}003", f"{HOME}004"])
    act(lamps, "delete", code=f"{HOME}001")
    told = selectors.moves(lamps)
    moved = {(one["from_cell"], one["to_cell"], one["count"]) for one in told["moves"]}
    assert moved == {(f"{HOME}004", f"{HOME}003", 1), (f"{HOME}001", "", 1)}
    assert total(told, "components") == (1, 1)
    assert told["cells"] == {"added": 0, "removed": 2, "changed": 1, "same": 9}


def test_a_component_that_no_longer_stands_there_is_not_counted(lamps):
    put(row("4499010137000002", 1, 0, state="removed"))
    act(lamps, "merge", codes=[f"{HOME}003", f"{HOME}004"])
    assert total(selectors.moves(lamps), "components") == (0, 0)


def test_the_preview_asks_each_source_once_whatever_stands_there(lamps):
    act(lamps, "merge", codes=[f"{HOME}003", f"{HOME}004"])
    with CaptureQueriesContext(
        connection,
    ) as asked:
        selectors.moves(lamps)
    assert len([one for one in asked if "changed_ground g" in one["sql"]]) == len(point_sources()) == 3
    assert len(asked) < 15


def test_an_open_case_and_a_camera_move_but_the_case_keeps_the_cell_it_was_reported_in():
    town = build_town()
    case = reported(town)
    put_up()
    lon, lat = in_town()
    cell = selectors.place_at(lon, lat).cell
    draft = actions.draft_version(actor=ADMIN)
    shape = selectors.cells_called(draft, [cell])[cell].geom
    west, south, east, north = shape.bounds
    assert lon == pytest.approx((west + east) / 2)
    for share in (0.3, 0.6):
        column = west + share * (east - west)
        line = {"type": "LineString", "coordinates": [[column, south - 1e-4], [column, north + 1e-4]]}
        act(draft, "split", code=cell, line=line)
    told = selectors.moves(draft)
    assert total(told, "cases") == total(told, "cameras") == (1, 0)
    actions.publish(draft, actor=ADMIN)
    assert selectors.place_at(lon, lat).cell != cell
    assert Case.objects.get(number=case.number).cell == cell


def stays(told):
    return {(one["kind"], one["cell"][12:]): one["count"] for one in told["stays"]}


def test_of_a_split_cell_it_is_told_what_stays_on_the_side_that_keeps_its_code(lamps):
    walks("li", "A1", "003", "002")
    put(row("4499010137000004", 0, 0) | {"lon": at(0.1, 0)[0]}, row("4499010137000005", 0, 0) | {"lon": at(0.2, 0)[0]})
    line = {"type": "LineString", "coordinates": [at(0.3, -0.1), at(0.3, 1.1)]}
    act(lamps, "split", code=f"{HOME}003", line=line)
    told = selectors.moves(lamps)
    assert total(told, "components") == (2, 0)
    moved = {(m["from_cell"][12:], m["to_cell"][12:], m["count"]) for m in told["moves"] if m["kind"] == "components"}
    assert moved == {("003", "005", 2)}
    assert stays(told) == {("components", "003"): 1, ("collectors", "003"): 1}


def test_what_stays_in_cells_that_do_not_change_is_not_told(lamps):
    act(lamps, "delete", code=f"{HOME}003")
    act(lamps, "describe", code=f"{HOME}004", grade=3)
    assert stays(selectors.moves(lamps)) == {}


def test_for_some_cells_only_their_ground_is_looked_at(lamps):
    act(lamps, "delete", code=f"{HOME}001")
    line = {"type": "LineString", "coordinates": [at(0.7, -0.1), at(0.7, 1.1)]}
    act(lamps, "split", code=f"{HOME}003", line=line)
    told = selectors.moves(lamps, [f"{HOME}003", f"{HOME}005"])
    assert stays(told) == {("components", "003"): 1}
    assert told["moves"] == []
    assert total(told, "components") == (0, 0)
    assert total(selectors.moves(lamps), "components") == (0, 1)


def walks(username: str, area: str, *cells: str) -> int:
    """Somebody who collects in a supervision area of these cells, from now on."""
    who = User.objects.filter(username=username).first() or holder(username, "collect")
    listed = " ".join(f"{HOME}{cell}" for cell in cells)
    actions.save_supervision_area(area, actor=ADMIN, names={"zh": area, "en": area}, cells=listed)
    actions.assign_collector(area, actor=ADMIN, user_id=who.pk)
    return who.pk


def collectors(told):
    return {
        (one["from_cell"][12:], one["to_cell"][12:], one["count"])
        for one in told["moves"]
        if one["kind"] == "collectors"
    }


def test_whoever_walks_a_cell_that_is_merged_away_loses_it_and_whoever_walks_the_grown_one_moves(lamps):
    walks("li", "A1", "003")
    walks("wang", "A2", "003", "004")
    walks("zhao", "A3", "002")
    act(lamps, "merge", codes=[f"{HOME}003", f"{HOME}004"])
    told = selectors.moves(lamps)
    assert total(told, "collectors") == (1, 1)
    assert collectors(told) == {("003", "003", 2), ("004", "", 1)}


def test_somebody_in_two_areas_with_a_changed_cell_is_one_collector(lamps):
    walks("li", "A1", "003")
    walks("li", "A2", "003", "002")
    shape = selectors.cells_called(lamps, [f"{HOME}003"])[f"{HOME}003"].geom
    west, south, east, north = shape.bounds
    middle = (west + east) / 2
    line = {"type": "LineString", "coordinates": [[middle, south - 1e-4], [middle, north + 1e-4]]}
    act(lamps, "split", code=f"{HOME}003", line=line)
    told = selectors.moves(lamps)
    assert total(told, "collectors") == (1, 0)
    assert collectors(told) == {("003", "003", 1)}


def test_who_walks_no_more_or_left_and_an_area_that_is_no_more_are_not_touched(lamps):
    gone = walks("li", "A1", "001")
    walks("wang", "A2", "001")
    patrol = actions.assign_collector("A2", actor=ADMIN, user_id=holder("zhao", "collect").pk)
    actions.relieve_collector("A2", actor=ADMIN, patrol=patrol.pk)
    User.objects.filter(pk=gone).update(is_active=False)
    actions.dissolve_supervision_area("A2", actor=ADMIN)
    act(lamps, "delete", code=f"{HOME}001")
    told = selectors.moves(lamps)
    assert total(told, "collectors") == (0, 0)
    assert collectors(told) == set()
    walks("qian", "A4", "002")
    act(lamps, "describe", code=f"{HOME}002", grade=3)
    assert total(selectors.moves(lamps), "collectors") == (0, 0)


def test_the_register_of_points_closes_with_the_start():
    with pytest.raises(RuntimeError, match="closed"):
        register_points(point_sources()[0])
