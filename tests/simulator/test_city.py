"""The generated city is believable geometry: it covers its ground, obeys the codes, and is the same every time."""

import hashlib
import itertools
import json
from collections import Counter

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grid import codecs
from grid.contracts import CodePlan
from grid.rules.codes import is_cell_code
from grid.rules.drawing import problems_of
from simulator import city
from simulator.city_assets import GREAT, SORTS
from simulator.city_plan import Plan
from simulator.city_regions import counts_for, shares

SMALL = 200


@pytest.fixture(scope="module")
def town() -> city.City:
    return city.build(5, SMALL)


@pytest.fixture(scope="module")
def full() -> city.City:
    """The city of the demo, at its full size."""
    return city.build()


def shapes_of(drawn: city.City) -> np.ndarray:
    return np.array([shape for _, shape in drawn.cell_features()])


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000), cells=st.sampled_from([60, 90, 200, 350]))
@example(seed=258, cells=350)
@example(seed=4, cells=800)
def test_at_any_seed_and_size_the_cells_cover_the_ground_without_gap_or_overlap(seed, cells):
    drawn = city.build(seed, cells)
    shapes = shapes_of(drawn)
    assert shapely.is_valid(shapes).all()
    assert set(shapely.get_type_id(shapes)) == {3}, "each cell is one polygon"
    assert shapely.coverage_is_valid(shapes)
    assert shapely.coverage_invalid_edges(shapes).tolist().count(None) + sum(
        edges.is_empty for edges in shapely.coverage_invalid_edges(shapes)
    ) == len(shapes)
    whole = drawn.plan.degrees(drawn.plan.land)
    assert shapely.coverage_union_all(shapes).symmetric_difference(whole).area < 0.002 * whole.area
    assert 0.75 * cells < len(shapes) < 1.35 * cells
    assert problems_of(codecs.read(drawn.as_grid()), CodePlan()) == []


def test_the_full_city_has_the_size_of_the_article(full):
    streets = [street for district in full.division.districts for street in district.children]
    assert len(full.division.districts) == 3
    assert len(streets) == 25
    assert len(full.division.communities()) == 261
    assert 12_500 < len(full.cells) < 13_200
    square_km = sum(cell.geom.area for cell in full.cells) * full.plan.scale**2 / 1e6
    assert square_km == pytest.approx(128, rel=0.005)
    assert {cell.community for cell in full.cells} == {part.code for part in full.division.communities()}


def test_the_full_city_may_be_imported_as_it_stands(full):
    assert problems_of(codecs.read(full.as_grid()), CodePlan()) == []


def test_a_cell_is_about_a_hundred_metres_wide(full):
    areas = np.array([cell.geom.area for cell in full.cells if not cell.water]) * full.plan.scale**2
    assert 9_000 < np.median(areas) < 11_000
    assert (areas > 3_000).mean() > 0.99
    assert (areas < 20_000).mean() > 0.995


def test_no_community_is_torn_apart_and_none_is_too_large_for_its_codes(full):
    for _, cells in itertools.groupby(full.cells, key=lambda cell: cell.community):
        members = list(cells)
        assert len(members) <= 999
        assert shapely.coverage_union_all(np.array([cell.geom for cell in members])).geom_type == "Polygon"


def test_codes_run_from_one_without_a_hole_in_every_community(full):
    for community, cells in itertools.groupby(full.cells, key=lambda cell: cell.community):
        codes = [cell.code for cell in cells]
        assert all(is_cell_code(code, CodePlan()) for code in codes)
        assert codes == [f"{community}{number:03d}" for number in range(1, len(codes) + 1)]


def test_codes_run_from_the_north_to_the_south_and_from_the_west_to_the_east(full):
    """In rows of the lattice: the first cell lies north of the last, and most steps go east."""
    eastward = steps = 0
    for _, cells in itertools.groupby(full.cells, key=lambda cell: cell.community):
        middles = [cell.geom.centroid for cell in cells]
        if len(middles) < 20:
            continue
        first, last = middles[: len(middles) // 3], middles[-(len(middles) // 3) :]
        assert np.mean([p.y for p in first]) > np.mean([p.y for p in last])
        steps += len(middles) - 1
        eastward += sum(b.x > a.x for a, b in itertools.pairwise(middles))
    assert eastward / steps > 0.75


def test_regions_are_exactly_the_union_of_what_lies_beneath(town):
    regions = {properties["code"]: (properties, shape) for properties, shape in town.regions()}
    for code, (properties, shape) in regions.items():
        beneath = [other for child, (below, other) in regions.items() if below["parent"] == code]
        if not beneath:
            beneath = [cell for properties, cell in town.cell_features() if properties["code"].startswith(code)]
        assert shapely.coverage_union_all(np.array(beneath)).equals(shape), properties["names"]


def test_every_name_is_given_once_and_in_both_languages(full):
    communities = [names["zh"] for code, names in full.names.items() if len(code) == 12]
    assert len(set(communities)) == 261
    assert all(names["zh"] and names["en"].isascii() for names in full.names.values())
    assert full.names["449901001"] == {"zh": "石炮街道", "en": "Shipao Subdistrict"}
    assert [full.names[code]["zh"] for code in ("449900", "449901", "449902", "449903")] == [
        "澄湾市",
        "金港区",
        "龙滨区",
        "华侨试验区",
    ]


def digest(drawn: city.City, tmp_path, name: str) -> str:
    folder = tmp_path / name
    city.write(drawn, folder, assets=400)
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(folder.iterdir()))).hexdigest()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path):
    first = digest(city.build.__wrapped__(5, SMALL), tmp_path, "first")
    again = digest(city.build.__wrapped__(5, SMALL), tmp_path, "again")
    other = digest(city.build.__wrapped__(6, SMALL), tmp_path, "other")
    assert first == again
    assert first != other


def test_the_files_are_read_back_as_the_map_that_was_written(town, tmp_path):
    city.write(town, tmp_path, assets=50)
    drawing = codecs.read(tmp_path)
    assert problems_of(drawing, CodePlan()) == []
    assert len(drawing.cells) == len(town.cells)
    assert len(list(city.read_assets(tmp_path / "assets.csv.gz"))) == 50


def test_the_river_parts_two_districts_and_its_water_has_cells_of_its_own(full):
    water = [cell for cell in full.cells if cell.water]
    assert len(water) > 100
    assert {cell.code[:6] for cell in water} == {"449901", "449902"}
    uses = {properties["code"]: properties["land_use"] for properties, _ in full.cell_features()}
    assert all(uses[cell.code] == "water" for cell in water)
    assert {"residential", "commercial", "industrial", "park", "public", "water"} == set(uses.values())
    for cell in water[::10]:
        assert full.plan.river.intersection(cell.geom).area > 0.6 * cell.geom.area


def test_roads_have_classes_names_and_bridges_over_the_river(full):
    ranks = {feature.rank for feature in full.ground.roads()}
    assert ranks == {"expressway", "arterial", "secondary", "collector", "street", "bridge"}
    for feature in full.ground.features:
        assert all(feature.names.values()), feature.rank
        assert not feature.geom.is_empty
    over = [bridge for bridge in full.ground.roads("bridge") if bridge.geom.intersects(full.plan.river)]
    assert len(over) >= 3
    minor = shapely.union_all([road.geom for road in full.ground.roads("secondary", "collector", "street")])
    assert minor.intersection(full.plan.river).length < 1, "small roads end at the bank"
    assert {feature.kind for feature in full.ground.features} == {"sea", "river", "park", "road"}


def test_there_is_no_road_or_park_in_the_sea(full):
    for feature in full.ground.roads("arterial", "secondary", "collector", "street"):
        assert shapely.length(feature.geom.intersection(full.plan.sea)) < 1, feature.names
    for feature in full.ground.features:
        if feature.kind == "park":
            assert feature.geom.intersection(full.plan.sea).area < 0.02 * feature.geom.area


@pytest.mark.parametrize("seed", range(0, 60, 4))
def test_bent_coordinates_come_back(seed):
    plan = Plan(seed, 400)
    rng = np.random.default_rng(seed)
    uv = rng.uniform(0, 1, (400, 2))
    assert np.abs(plan.unwarp(plan.warp(uv)) - uv).max() < 1e-6
    assert plan.land.is_valid
    assert plan.land.geom_type == "Polygon"


def test_components_stand_on_dry_cells_with_codes_of_their_district(town):
    rows = list(town.assets(1500))
    assert len(rows) == 1500
    codes = [row["code"] for row in rows]
    assert len(set(codes)) == len(codes)
    tree = shapely.STRtree(shapes_of(town))
    index, cell = tree.query(shapely.points([(row["lon"], row["lat"]) for row in rows]), predicate="within")
    assert sorted(index) == list(range(len(rows)))
    for i, c in zip(index, cell, strict=True):
        assert rows[i]["code"][:6] == town.cells[c].code[:6]
        assert not town.cells[c].water
    numbers = {sort.type: sort.number for sort in SORTS}
    assert all(row["code"][6:10] == numbers[row["type"]] for row in rows)
    assert {row["type"] for row in rows} >= {"street_light", "street_tree", "litter_bin", "storm_cover", "bench"}


def test_components_number_what_was_asked_for_and_some_are_lines_and_areas(full):
    rows = list(full.assets(60_000))
    assert len(rows) == 60_000
    kinds = Counter(row["geometry"]["type"] for row in rows if "geometry" in row)
    assert kinds["LineString"] > 300
    assert kinds["Polygon"] > 300
    shaped = {row["type"] for row in rows if "geometry" in row}
    assert shaped == {sort.type for sort in SORTS if sort.shape != "point"}
    assert {row["geometry"]["type"] for row in rows if row["type"] == "green_strip"} == {"Polygon"}
    rails = shapely.from_geojson([json.dumps(row["geometry"]) for row in rows if row["type"] == "guardrail"])
    assert shapely.is_valid(rails).all()
    roads = shapely.buffer(shapely.union_all([full.plan.degrees(r.geom) for r in full.ground.roads(*GREAT)]), 1e-4)
    assert shapely.within(rails, roads).mean() > 0.95, "a guard rail stands along its road"


def test_corners_for_cameras_lie_in_their_district_on_dry_ground(full):
    for district in ("449901", "449902", "449903"):
        corners = city.street_corners(district, 6)
        assert len({corner.community for corner in corners}) == 6
        tree = shapely.STRtree(shapes_of(full))
        _, cells = tree.query(shapely.points([(c.lon, c.lat) for c in corners]), predicate="within")
        assert {full.cells[cell].code[:6] for cell in cells} == {district}
        assert not any(full.cells[cell].water for cell in cells)
    assert city.street_corner(7, "449902") == city.street_corners("449902", 1)[0]


def test_spots_beside_roads_lie_in_the_city(town):
    spots = city.street_spots(town, 60)
    assert len(spots) == 60
    ground = town.plan.degrees(town.plan.land)
    assert all(shapely.contains_xy(ground, lon, lat) for lon, lat, _ in spots)


def test_counts_follow_the_size():
    assert counts_for(12_800) == (25, 261)
    assert counts_for(200) == (5, 10)
    assert counts_for(25_600) == (50, 522)


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=12), st.integers(12, 300))
def test_shares_add_up_and_leave_nobody_out(weights, total):
    found = shares(np.array(weights), total, 1)
    assert sum(found) == total
    assert min(found) >= 1


def test_a_city_too_small_to_divide_is_refused():
    with pytest.raises(ValueError, match="at least 60"):
        city.build(7, 20)
