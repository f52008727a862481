"""Lines and areas: taken, kept, drawn, given away; each in the cell of a point that lies on it."""

import json
import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from assets import actions, selectors
from assets.contracts import ComponentPlan, Refusal
from assets.models import ChangeRequest
from assets.rules import Row, TypeFacts, anchor, hex_of, metres_away, read, shape_fault, tidy
from core.errors import Invalid
from exchange import actions as exchange
from grid.contracts import FeatureQuery
from tests.assets.factories import ADMIN, KERB, LAMP, LAWN, line, patch, put, row, types
from tests.assets.test_selectors import tile_of
from tests.exchange.factories import checked
from tests.grid.factories import put_map
from tests.grid.mvt import decode

POINTS = st.tuples(st.floats(116.0, 117.0), st.floats(23.0, 24.0))
PLAN = ComponentPlan()
FACTS = {"kerb": TypeFacts(1, "kerb", "0286", "line"), "lawn": TypeFacts(2, "lawn", "0499", "area")}
LONG = {"type": "LineString", "coordinates": [[0, n / 1e4] for n in range(20_001)]}
BOW = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


@given(st.lists(POINTS, min_size=2, max_size=9, unique=True))
def test_a_line_is_stood_for_by_a_point_on_it(points):
    shape = shapely.LineString(points)
    if shape_fault(shape, "line"):
        return
    assert shapely.distance(shapely.Point(anchor(shape)), shape) < 1e-9


@given(POINTS, st.floats(0.001, 0.1), st.integers(3, 12))
def test_an_area_is_stood_for_by_a_point_inside_and_kept_the_same_however_it_is_turned(middle, size, corners):
    shape = shapely.Point(middle).buffer(size, quad_segs=corners)
    assert shape.contains(shapely.Point(anchor(shape)))
    assert hex_of(tidy(shape)) == hex_of(tidy(shape.reverse())) == hex_of(tidy(shapely.MultiPolygon([shape])))


@pytest.mark.parametrize(
    ("kind", "geometry", "reason"),
    [
        ("kerb", {"type": "Point", "coordinates": [1, 1]}, "assets.wrong_shape"), ("lawn", BOW, "assets.shape_invalid"),
        ("kerb", {"type": "LineString", "coordinates": [[1, 1], [1, 1]]}, "assets.shape_invalid"),
        ("kerb", {"type": "LineString", "coordinates": [[1, 1], [1e308, 1]]}, "assets.bad_place"),
        ("kerb", {"type": "LineString", "coordinates": []}, "assets.bad_place"), ("kerb", "junk", "assets.bad_place"),
        ("lawn", {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, "assets.bad_place"),
        ("kerb", LONG, "assets.too_many_vertices"),
    ],
)  # fmt: skip
def test_a_bad_shape_is_refused_for_the_reason_it_deserves(kind, geometry, reason):
    number = FACTS[kind].class_code
    told = read(3, {"code": f"449901{number}000001", "type": kind, "geometry": geometry}, FACTS, PLAN)
    assert isinstance(told, Refusal), told
    assert told.reason == reason


def test_a_good_shape_is_a_row():
    found = read(1, {"code": "4499010286000001", "type": "kerb", "geometry": line()}, FACTS, PLAN)
    assert isinstance(found, Row)
    assert found.shape


@pytest.fixture
def mixed():
    """A lamp, a kerb and a lawn on the map."""
    put_map()
    types(LAMP, KERB, LAWN)
    put(
        row(),
        {"code": "4499010286000001", "geometry": line(1), "names": {"zh": "一号路沿"}},
        {"code": "4499010499000001", "geometry": patch(2), "owner": "园林"},
    )


@pytest.mark.django_db
def test_lines_and_areas_are_on_tiles_in_clusters_and_in_the_layers(mixed):
    drawn = decode(selectors.tile(*tile_of(1, 0, 15), actor=ADMIN)[0])["assets"]
    assert {one["type"] for one in drawn} == {"street_light", "kerb", "lawn"}
    far = decode(selectors.tile(*tile_of(1, 0, 12), actor=ADMIN)[0])["clusters"]
    assert sum(one["count"] for one in far) == 3
    features = [
        json.loads(text) for _, text in selectors.ComponentLayers().features("components", FeatureQuery(), ADMIN)
    ]
    assert {one["geometry"]["type"] for one in features} == {"Point", "LineString", "Polygon"}
    assert {count.type: count.count for count in selectors.counts(actor=ADMIN)} == {
        "street_light": 1, "kerb": 1, "lawn": 1,
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("suffix", ["csv", "xlsx", "geojson", "gpkg"])
def test_lines_and_areas_that_were_exported_are_imported_without_any_change(mixed, suffix):
    out = exchange.export("components", suffix, {}, actor=ADMIN)
    data = out.file.read() if out.file else "".join(out.text or ()).encode()
    job = checked(data, f"components.{suffix}", kind="components")
    assert job.report["counts"] == {"add": 0, "change": 0, "same": 3, "refuse": 0, "retire": 0, "leave": 0}, job.report[
        "faults"
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["kerb", "lawn"])
def test_a_shapefile_holds_one_sort_of_shape_and_gives_it_back(mixed, kind):
    out = exchange.export("components", "zip", {"type": kind}, actor=ADMIN)
    job = checked(out.file.read(), "components.zip", kind="components")
    assert job.report["counts"] == {"add": 0, "change": 0, "same": 1, "refuse": 0, "retire": 0, "leave": 0}, job.report[
        "faults"
    ]


@pytest.mark.django_db
def test_a_kerb_is_not_taken_as_a_lamp(mixed):
    report = put({"code": "4499010137000009", "geometry": line()})
    assert [one.reason for one in report.refused] == ["assets.wrong_shape"]
    assert actions.retire("4499010286000001", actor=ADMIN, version=1, reason="拆除").state == "removed"


def test_a_line_that_crosses_itself_is_refused_and_one_that_comes_home_is_not():
    bow = shapely.LineString([(0, 0), (1, 1), (1, 0), (0, 1)])
    ring = shapely.LineString([(0, 0), (1, 1), (1, 0), (0, 0)])
    assert shape_fault(bow, "line") == "assets.shape_invalid"
    assert shape_fault(shapely.MultiLineString([ring, bow]), "line") == "assets.shape_invalid"
    assert shape_fault(ring, "line") == ""
    assert shape_fault(shapely.MultiLineString([[(0, 0), (1, 1)], [(1, 0), (0, 1)]]), "line") == "", "parts may cross"


@given(POINTS, st.floats(1, 400), st.floats(0, 6.28))
def test_how_far_a_shape_went_is_told_in_metres(at, metres, way):
    lon, lat = at
    before = shapely.Point(lon, lat)
    east, north = metres * math.sin(way) / 111_195 / math.cos(math.radians(lat)), metres * math.cos(way) / 111_195
    there = shapely.Point(lon + east, lat + north)
    assert metres_away(there, before) == pytest.approx(metres, rel=1e-3)
    line = shapely.LineString([at, (lon + east, lat + north)])
    assert metres_away(line, before) == pytest.approx(metres, rel=1e-3), "the farthest corner counts"
    assert metres_away(line, line) == 0


@pytest.mark.django_db
def test_a_line_drawn_out_of_the_city_or_far_from_where_it_was_is_refused_and_nothing_changes(mixed, settings):
    code, home = "4499010286000001", line(1)
    settings.COMPONENT_MOVE_M = 60
    lon, lat = home["coordinates"][-1]
    out = {"type": "LineString", "coordinates": [*home["coordinates"], [lon, lat - 0.0007]]}
    with pytest.raises(Invalid) as refused:
        actions.edit(code, actor=ADMIN, version=1, given={"geometry": out}, reason="改线")
    assert refused.value.code == "assets.shape_outside"
    assert refused.value.params["count"] == 1
    far = {"type": "LineString", "coordinates": [*home["coordinates"], [lon, lat + 0.0007]]}
    with pytest.raises(Invalid) as refused:
        actions.edit(code, actor=ADMIN, version=1, given={"geometry": far}, reason="改线")
    assert (refused.value.code, refused.value.params["most"]) == ("assets.moved_far", 60)
    with pytest.raises(Invalid, match=r"assets\.moved_far"):
        actions.propose(actor=ADMIN, kind="moved", code=code, reason="改线", key="far-away-1", given={"geometry": far})
    assert selectors.asset(code, actor=ADMIN).version == 1
    assert not ChangeRequest.objects.exists()
    told = actions.edit(code, actor=ADMIN, version=1, given={"geometry": far}, reason="改线", far=True)
    assert told.geometry["coordinates"][-1] == (lon, lat + 0.0007)


@pytest.mark.django_db
def test_what_is_not_drawn_anew_is_not_looked_at_again(mixed, settings):
    settings.COMPONENT_MOVE_M = 0
    view = actions.edit("4499010286000001", actor=ADMIN, version=1, given={"state": "damaged"}, reason="破损")
    assert view.state == "damaged"
