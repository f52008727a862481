"""The files of real cities, where they lie beside the project: the tree, the outlines, the trees of Perth."""

import json
import time
from collections import Counter
from pathlib import Path

import pytest

from assets import selectors as components
from core.geo import wgs84_to_bd09, wgs84_to_gcj02
from exchange.contracts import State
from grid import actions as grid
from grid import selectors
from tests.assets.test_real_trees import perth
from tests.exchange.factories import ADMIN, BOUNDARIES, DIVISIONS, TREES, checked, imported, suspicions

pytestmark = pytest.mark.django_db
TREE_TYPE = {"new_type": "street_tree", "new_class": "0402", "new_zh": "行道树", "new_en": "Street tree"}


def there(path: Path) -> Path:
    if not path.exists():
        pytest.skip("the real files are not here")
    return path


def bent(by) -> bytes:
    """The boundaries as a map of another datum draws them."""
    drawn = json.loads(there(BOUNDARIES).read_text(encoding="utf-8"))

    def moved(part):
        return list(by(*part)) if isinstance(part[0], float) else [moved(inner) for inner in part]

    for feature in drawn["features"]:
        feature["geometry"]["coordinates"] = moved(feature["geometry"]["coordinates"])
    return json.dumps(drawn).encode()


def test_the_divisions_of_three_cities_become_the_right_tree_and_again_nothing():
    job = imported(there(DIVISIONS))
    assert (job.state, job.counts) == (State.DONE, {"add": 5057, "change": 0, "same": 0, "refuse": 0, "retire": 0})
    tree = selectors.draft_regions(selectors.newest_draft())
    levels = Counter(held.level for held in tree.values())
    assert levels == {"city": 3, "district": 30, "street": 324, "community": 4700}
    assert tree["440304"].path == "440300.440304"
    assert tree["440304001"].parent == "440304"
    assert all(held.parent in tree for held in tree.values() if held.level != "city")
    again = checked(there(DIVISIONS))
    assert again.report["counts"] == {"add": 0, "change": 0, "same": 5057, "refuse": 0, "retire": 0}


def test_outlines_find_their_districts_and_bent_ones_are_flagged():
    imported(there(DIVISIONS))
    job = imported(there(BOUNDARIES), "shenzhen.geojson", kind="boundaries")
    assert job.counts == {"add": 9, "change": 0, "same": 0, "refuse": 1, "retire": 0}
    assert [fault["params"] for fault in job.report["faults"]] == [{"name": "大鹏"}], "it has no official code"
    assert suspicions(job) == {"grid.datum_unproven": False}
    for datum, by in (("GCJ02", wgs84_to_gcj02), ("BD09", wgs84_to_bd09)):
        shifted = checked(bent(by), "shifted.geojson", kind="boundaries")
        assert suspicions(shifted) == {"grid.datum_bent": True}
        assert shifted.report["suspicions"][0]["params"]["datum"] == datum
    straightened = checked(bent(wgs84_to_gcj02), "x.geojson", kind="boundaries", options={"datum": "gcj02"})
    assert straightened.report["counts"] == {"add": 0, "change": 0, "same": 9, "refuse": 1, "retire": 0}
    turned = checked(bent(lambda lon, lat: (lat, lon)), "turned.geojson", kind="boundaries")
    assert {fault["code"] for fault in turned.report["faults"]} == {"exchange.axes_swapped"}


def test_the_trees_of_perth_are_components_of_a_new_type_in_half_a_minute():
    grid.import_grid(perth(), actor=ADMIN)
    given = {"options": {"crs": "EPSG:3857", **TREE_TYPE}, "mapping": {"sequence": "OBJECTID", "lon": "X", "lat": "Y"}}
    began = time.monotonic()
    job = imported(there(TREES), "perth.csv.gz", kind="components", **given)
    took = time.monotonic() - began
    assert job.total == 16_681
    assert sum(job.counts.values()) == 16_681
    assert job.counts["add"] > 16_000
    assert components.counts(actor=ADMIN)[0].count == job.counts["add"]
    assert took < 30, f"{took:.1f} s"
    assert {fault["code"] for fault in job.report["faults"]} <= {"assets.outside", "assets.no_sequence"}
    tree = components.asset("6101010402000001", actor=ADMIN)
    assert (tree.attributes["BOTANICAL_NAME"], tree.cell[:12]) == ("Quercus palustris", "610101001001")
    again = checked(there(TREES), "perth.csv.gz", kind="components", **given)
    assert again.report["counts"]["same"] == job.counts["add"], "the same file again changes nothing"
