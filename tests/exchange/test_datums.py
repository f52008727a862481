"""Components drawn on a bent map: told by components that are known already, and in a first file by the roads."""

from itertools import islice

import pytest

from core import ground
from core.geo import wgs84_to_bd09, wgs84_to_gcj02
from grid import actions as grid
from grid.selectors import metres_to_roads
from simulator import city as generator
from tests.assets.factories import BIN, row, types
from tests.exchange.factories import ADMIN, checked, imported, suspicions
from tests.grid.factories import changed, middle, put_map

pytestmark = pytest.mark.django_db
CITY = generator.build(7, 240)
HEADER = "code,lon,lat"


@pytest.fixture
def town():
    """A generated town with its roads."""
    grid.import_grid(CITY.as_grid(), actor=ADMIN)
    types({**BIN, "code": "tree", "major": "04", "minor": "02"})


def trees(by=lambda lon, lat: (lon, lat), most: int = 200) -> str:
    """Street trees of the town as somebody draws them."""
    found = islice((one for one in CITY.assets(3000) if one["code"][6:10] == "0402"), most)
    drawn = [(one["code"], *by(one["lon"], one["lat"])) for one in found]
    return "\n".join([HEADER, *(f"{code},{lon!r},{lat!r}" for code, lon, lat in drawn)])


def told(job) -> list[tuple[str, str]]:
    return [(one["code"], one["params"].get("datum", "")) for one in job.report["suspicions"]]


@pytest.mark.parametrize(("datum", "by"), [("GCJ02", wgs84_to_gcj02), ("BD09", wgs84_to_bd09)])
def test_a_first_file_that_is_bent_is_flagged_by_the_roads(town, datum, by):
    job = checked(trees(by), "trees.csv", kind="components")
    assert told(job) == [("assets.datum_off_roads", datum)]
    assert suspicions(job) == {"assets.datum_off_roads": True}
    straight = checked(trees(by), "trees.csv", kind="components", options={"datum": datum.lower()})
    assert told(straight) == [], "read on its own datum it is sound"


def test_a_first_file_that_is_true_is_not_flagged(town):
    assert told(checked(trees(), "trees.csv", kind="components")) == []


def test_a_bent_file_of_known_components_is_flagged_by_them_and_a_true_one_is_proven(town):
    imported(trees(), "trees.csv", kind="components")
    assert told(checked(trees(wgs84_to_gcj02), "trees.csv", kind="components")) == [("assets.datum_bent", "GCJ02")]
    assert told(checked(trees(), "trees.csv", kind="components")) == []


def test_a_small_file_and_a_map_that_cannot_tell_are_called_unproven(town):
    few = checked(trees(wgs84_to_gcj02, most=19), "trees.csv", kind="components")
    assert suspicions(few) == {"assets.datum_unproven": False}
    assert few.report["suspicions"][0]["params"] == {"least": 20}


def test_without_roads_nothing_is_known_of_a_first_file():
    grid.import_grid(changed(base=list.clear), actor=ADMIN)
    types()
    lon, lat = middle(0, 0)
    job = checked(f"{HEADER}\n{row()['code']},{lon},{lat}\n", "a.csv", kind="components")
    assert suspicions(job) == {"assets.datum_unproven": False}


def test_the_distance_to_the_nearest_road_is_in_metres_and_in_order():
    put_map()
    on_it, beside = middle(0, 0.5), middle(2, 0)
    assert metres_to_roads([beside, on_it]) == [pytest.approx(55.6, abs=0.5), pytest.approx(0, abs=0.01)]


def test_points_in_one_square_say_nothing():
    def far_from(given):
        return [1000 * abs(lon - 114) for lon, _lat in given]

    assert ground.fit([(114 + n * 1e-5, 22.5) for n in range(50)], far_from) is None
    assert ground.fit([(114 + n * 1e-3, 22.5) for n in range(50)], far_from) is not None
