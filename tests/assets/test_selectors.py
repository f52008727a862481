"""Finding components: near a point, in a cell, by type, on tiles."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets import actions, selectors
from assets.models import Asset, Stamp
from assets.selectors.scope import visible_to
from core.geo import haversine_m
from core.scope import NOBODY, Actor, Ground, under
from grid.contracts import FeatureQuery
from tests.assets.factories import ADMIN, put, row, types
from tests.grid.factories import middle, put_map
from tests.grid.mvt import decode

pytestmark = pytest.mark.django_db
OF_JIN = Actor("of-jin", "", {"case.see": (Ground(area="449900.449901"),)})


@pytest.fixture(autouse=True)
def a_few_components():
    put_map()
    types()
    put(
        row("4499010137000001", 0), row("4499010137000002", 1), row("4499010305000001", 0, 1),
        row("4499010137000003", 3, state="removed"), row("4499020137000001", 5),
    )  # fmt: skip


def codes(found):
    return [view.code for view in found]


def test_what_is_near_comes_nearest_first_and_nothing_farther():
    here = middle(0, 0)
    found = selectors.nearby(*here, 150, actor=ADMIN)
    assert codes(found) == ["4499010137000001", "4499010137000002", "4499010305000001"]
    for view in found:
        assert view.metres == pytest.approx(haversine_m(*here, view.lon, view.lat), abs=0.6)
    assert codes(selectors.nearby(*here, 50, actor=ADMIN)) == ["4499010137000001"]
    assert codes(selectors.nearby(*here, 150, types=["litter_bin"], actor=ADMIN)) == ["4499010305000001"]
    assert codes(selectors.nearby(*here, 150, types=[], actor=ADMIN)) == []
    assert codes(selectors.nearby(*here, 150, limit=1, actor=ADMIN)) == ["4499010137000001"]


def test_what_is_removed_is_near_nothing():
    assert codes(selectors.nearby(*middle(3, 0), 20, actor=ADMIN)) == []


@pytest.mark.parametrize("point", [(float("nan"), 23.0), (116.7, 89.0), (400.0, 0.0)])
def test_near_no_place_there_is_nothing(point):
    assert selectors.nearby(*point, 100, actor=ADMIN) == []


def test_looking_nearby_costs_two_queries():
    with CaptureQueriesContext(connection) as queries:
        selectors.nearby(*middle(0, 0), 1000, actor=ADMIN)
    assert len(queries) == 2


def test_counts_leave_out_what_was_removed_and_follow_the_area():
    assert [(count.type, count.count) for count in selectors.counts(actor=ADMIN)] == [
        ("street_light", 3),
        ("litter_bin", 1),
    ]
    assert [(count.type, count.count) for count in selectors.counts("449900.449902", actor=ADMIN)] == [
        ("street_light", 1)
    ]
    assert selectors.counts("449900.44990", actor=ADMIN) == []


def test_a_cell_lists_its_components():
    assert codes(selectors.in_cell("449901001001003", actor=ADMIN)) == ["4499010137000001"]
    assert selectors.in_cell("449901001002003", actor=ADMIN) == []


def test_a_component_that_does_not_exist_is_none():
    assert selectors.asset("4499010137999999", actor=ADMIN) is None


def tile_of(column, line, z=16):
    lon, lat = middle(column, line)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT floor((%s + 180) / 360 * 2^%s)::int,"
            " floor((1 - asinh(tan(radians(%s))) / pi()) / 2 * 2^%s)::int", [lon, z, lat, z],
        )  # fmt: skip
        return (z, *cursor.fetchone())


def test_a_tile_holds_what_stands_and_nothing_removed():
    (layer,) = decode(selectors.tile(*tile_of(0, 0, 15), actor=ADMIN)[0]).values()
    assert {row["code"] for row in layer} >= {"4499010137000001", "4499010137000002", "4499010305000001"}
    assert "4499010137000003" not in {row["code"] for row in layer}
    bin_row = next(row for row in layer if row["type"] == "litter_bin")
    assert (bin_row["zh"], bin_row["state"]) == ("果皮箱", "intact")


def test_a_tile_may_be_asked_for_some_types_only():
    tile, _ = selectors.tile(*tile_of(0, 0, 15), types=["litter_bin"], actor=ADMIN)
    assert {row["type"] for row in decode(tile)["assets"]} == {"litter_bin"}


@pytest.mark.parametrize("z", range(8, 15))
def test_far_out_small_things_are_counted_in_clusters(z):
    tile = decode(selectors.tile(*tile_of(0, 0, z), actor=ADMIN)[0])
    assert set(tile) == {"clusters"}
    assert sum(cluster["count"] for cluster in tile["clusters"]) == 4


def test_clusters_follow_types_and_the_ground_of_who_asks():
    def told(**given) -> int:
        tile, _ = selectors.tile(*tile_of(0, 0, 12), **given)
        return sum(cluster["count"] for cluster in decode(tile).get("clusters", []))

    assert told(types=["litter_bin"], actor=ADMIN) == 1
    assert told(actor=OF_JIN) == 3
    assert told(actor=NOBODY) == 0


def test_clusters_follow_every_change_whoever_makes_it():
    def told() -> int:
        tile, _ = selectors.tile(*tile_of(0, 0, 12), actor=ADMIN)
        return sum(cluster["count"] for cluster in decode(tile).get("clusters", []))

    put(row("4499010137000001", 1, state="removed"), row("4499020137000001", 4))
    assert told() == 3
    Asset.objects.filter(code="4499010305000001").update(state="removed")
    assert told() == 2
    Asset.objects.filter(code="4499010137000001").update(state="lost")
    assert told() == 3
    Asset.objects.filter(changes=None).delete()
    assert told() == 2


def test_whoever_has_no_ground_sees_no_component_through_any_question():
    assert selectors.asset("4499010137000001", actor=NOBODY) is None
    assert selectors.nearby(*middle(0, 0), 1000, actor=NOBODY) == []
    assert selectors.counts(actor=NOBODY) == []
    assert selectors.in_cell("449901001001003", actor=NOBODY) == []
    assert selectors.tile(*tile_of(0, 0, 15), actor=NOBODY)[0] == b""


AREAS = st.sampled_from(["", "449900", "449900.449901", "449900.449902", "449900.449901.449901001", "449900.44990"])


@given(st.lists(AREAS, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
def test_both_ways_of_asking_who_sees_what_say_the_same(areas):
    actor = Actor("someone", "", {f"right{n}": (Ground(area=area),) for n, area in enumerate(areas)})
    layer = selectors.ComponentLayers()
    by_sql = {code for code, _ in layer.features("components", FeatureQuery(), actor)}
    standing = Asset.objects.exclude(state="removed")
    assert by_sql == set(standing.filter(visible_to(actor)).values_list("code", flat=True))
    assert by_sql == {row.code for row in standing if any(under(row.area, area) for area in areas)}


def test_the_version_of_the_layer_changes_with_every_change_of_components():
    seen = [selectors.layer_version()]
    put(row("4499010137000077"))
    seen.append(selectors.layer_version())
    Asset.objects.filter(code="4499010137000077").update(state="lost")
    seen.append(selectors.layer_version())
    assert len({*seen, ""}) == 4
    assert selectors.layer_version() == seen[-1]
    Stamp.objects.all().delete()
    assert selectors.layer_version() == ""


def test_a_line_is_a_view_with_a_point_on_it():
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assets_asset SET geom = ST_GeomFromText(%s, 4326) WHERE code = %s",
            ["LINESTRING(116.7 23.35, 116.701 23.35)", "4499010137000001"],
        )
    found = selectors.asset("4499010137000001", actor=ADMIN)
    assert 116.7 <= found.lon <= 116.701
    assert found.lat == 23.35


def test_types_in_force_are_told_by_code():
    assert set(selectors.type_rows()) == {"street_light", "litter_bin"}
    assert selectors.type_rows()["litter_bin"]["major"] == "03"
    actions.retire_types(["litter_bin"], actor=ADMIN)
    assert set(selectors.type_rows()) == {"street_light"}
