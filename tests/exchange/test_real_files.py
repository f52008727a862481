"""The files of real cities, where they lie beside the project: the tree, the outlines, the trees of Perth."""

import json
import time
from collections import Counter
from pathlib import Path

import pytest

from assets import selectors as components
from core.errors import Conflict
from core.geo import wgs84_to_bd09, wgs84_to_gcj02
from exchange.contracts import State
from grid import actions as grid
from grid import selectors
from tests.assets.test_real_trees import perth
from tests.exchange.factories import ADMIN, BOUNDARIES, DIVISIONS, TREE, TREES, checked, imported, suspicions

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
    assert job.state == State.DONE
    assert job.counts == {"add": 5054, "change": 0, "same": 0, "refuse": 0, "retire": 0, "leave": 3}, "no 市辖区"
    tree = selectors.draft_regions(selectors.newest_draft())
    levels = Counter(held.level for held in tree.values())
    assert levels == {"city": 3, "district": 27, "street": 324, "community": 4700}
    assert tree["440304"].path == "440300.440304"
    assert tree["440304001"].parent == "440304"
    assert all(held.parent in tree for held in tree.values() if held.level != "city")
    again = checked(there(DIVISIONS))
    assert again.report["counts"] == {"add": 0, "change": 0, "same": 5054, "refuse": 0, "retire": 0, "leave": 3}


def test_one_city_of_a_list_is_taken_given_its_outlines_and_what_is_missing_is_said():
    grid.name_city(code="440300", zh="深圳市", en="Shenzhen", actor=ADMIN)
    job = imported(there(DIVISIONS))
    mine = sum(line.startswith("4403") for line in DIVISIONS.read_text(encoding="utf-8").splitlines())
    assert job.counts == {"add": mine - 2, "change": 0, "same": 1, "refuse": 0, "retire": 0, "leave": 5057 - mine + 1}
    assert suspicions(job) == {"grid.placeholders": False}, "the other cities are nothing to worry about"
    draft = selectors.newest_draft()
    tree = selectors.draft_regions(draft)
    assert {code[:4] for code in tree} == {"4403"}
    assert "440301" not in tree, "the placeholder"
    taken = imported(there(BOUNDARIES), "shenzhen.geojson", kind="boundaries")
    assert taken.counts["add"] == 9
    state = selectors.map_state()
    assert state.without_outline == {"city": 1, "district": 0, "street": 79, "community": 784}
    with pytest.raises(Conflict) as refused:
        grid.publish(draft, actor=ADMIN)
    assert (refused.value.code, refused.value.params) == ("grid.no_outline", {"count": len(tree) - 9})


def test_a_city_that_the_list_lacks_is_said_before_anything_is_left_out():
    job = checked(TREE, options={"city": "110100"})
    assert job.report["counts"]["leave"] == 4
    assert suspicions(job) == {"grid.city_not_listed": True}
    everything = checked(TREE, options={"city": "440300000000"})
    assert everything.report["counts"]["add"] == 4, "a code of twelve digits means the same city"


def test_a_placeholder_is_kept_on_demand_and_where_streets_lie_beneath_it():
    rows = TREE + "440301000000,市辖区,440300000000,district\n"
    assert checked(rows).report["counts"] | {"add": 4, "leave": 1} == checked(rows).report["counts"]
    assert checked(rows, options={"placeholders": "take"}).report["counts"]["add"] == 5
    parent = rows + "440301001000,东莞街道,440301000000,street\n"
    assert checked(parent).report["counts"]["add"] == 6


def test_outlines_find_their_districts_and_bent_ones_are_flagged():
    imported(there(DIVISIONS))
    job = imported(there(BOUNDARIES), "shenzhen.geojson", kind="boundaries")
    assert job.counts == {"add": 9, "change": 0, "same": 0, "refuse": 1, "retire": 0, "leave": 0}
    assert [fault["params"] for fault in job.report["faults"]] == [{"name": "大鹏"}], "it has no official code"
    assert suspicions(job) == {"grid.datum_unproven": False}
    for datum, by in (("GCJ02", wgs84_to_gcj02), ("BD09", wgs84_to_bd09)):
        shifted = checked(bent(by), "shifted.geojson", kind="boundaries")
        assert suspicions(shifted) == {"grid.datum_bent": True}
        assert shifted.report["suspicions"][0]["params"]["datum"] == datum
    straightened = checked(bent(wgs84_to_gcj02), "x.geojson", kind="boundaries", options={"datum": "gcj02"})
    assert straightened.report["counts"] == {"add": 0, "change": 0, "same": 9, "refuse": 1, "retire": 0, "leave": 0}
    turned = checked(bent(lambda lon, lat: (lat, lon)), "turned.geojson", kind="boundaries")
    assert {fault["code"] for fault in turned.report["faults"]} == {"exchange.axes_swapped"}


def test_the_trees_of_perth_are_components_of_a_new_type_in_half_a_minute():
    grid.import_grid(perth(), actor=ADMIN)
    given = {"options": {"crs": "EPSG:3857", **TREE_TYPE}, "mapping": {"sequence": "OBJECTID", "lon": "X", "lat": "Y"}}
    began = time.process_time()  # of this process: what others do beside it is not its fault
    job = imported(there(TREES), "perth.csv.gz", kind="components", **given)
    took = time.process_time() - began
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
