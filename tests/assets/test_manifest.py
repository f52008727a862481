"""Types of components arrive in packs."""

import pytest

from assets import selectors
from assets.contracts import Geometry
from assets.manifest import AssetTypes
from core.schema import questions
from packs import actions as packs
from packs.adapters.library import read_library
from simulator.city_assets import SORTS
from tests.assets.factories import ADMIN, BIN, LAMP

pytestmark = pytest.mark.django_db


def test_types_are_added_changed_and_retired():
    handler = AssetTypes()
    first = {"code": "streets", "asset_types": [LAMP, BIN]}
    assert {(change.what, change.code) for change in handler.diff(first)} == {
        ("add", "street_light"),
        ("add", "litter_bin"),
    }
    handler.apply(first, ADMIN)
    assert handler.diff(first) == []
    second = {"code": "streets", "asset_types": [{**LAMP, "names": {"zh": "街灯", "en": "Lamp"}}]}
    assert {(change.what, change.code) for change in handler.diff(second)} == {
        ("change", "street_light"),
        ("retire", "litter_bin"),
    }
    handler.apply(second, ADMIN)
    assert selectors.type_rows()["street_light"]["names"]["zh"] == "街灯"
    assert "litter_bin" not in selectors.type_rows()
    handler.apply(first, ADMIN)
    assert "litter_bin" in selectors.type_rows(), "what comes back is in force again"


def test_a_pack_does_not_retire_the_types_of_another():
    AssetTypes().apply({"code": "streets", "asset_types": [LAMP]}, ADMIN)
    AssetTypes().apply({"code": "refuse", "asset_types": [BIN]}, ADMIN)
    assert set(selectors.type_rows()) == {"street_light", "litter_bin"}


def test_a_type_that_moves_to_another_pack_belongs_to_it_and_is_not_retired_by_the_first():
    streets, refuse = {"code": "streets", "asset_types": [BIN]}, {"code": "refuse", "asset_types": [BIN]}
    AssetTypes().apply(streets, ADMIN)
    AssetTypes().apply(refuse, ADMIN)
    AssetTypes().apply({**streets, "asset_types": []}, ADMIN)
    assert selectors.type_rows()["litter_bin"]["pack"] == "refuse"


def test_faults_are_told_where_they_stand():
    pack = {"code": "streets", "asset_types": [LAMP, {**BIN, "geometry": "cube"}]}
    other = {"code": "more", "asset_types": [LAMP]}
    found = [(fault.code, fault.path) for fault in AssetTypes().check(pack, {"streets": pack, "more": other})]
    assert found == [("assets.type_twice", "asset_types/0"), ("assets.type_geometry", "asset_types/1")]


def test_every_sort_the_city_generator_plants_is_a_type_of_the_library():
    packs.apply(actor=ADMIN)
    known = {
        code: (str(row["major"]) + str(row["minor"]), row["geometry"]) for code, row in selectors.type_rows().items()
    }
    assert {sort.type: (sort.number, sort.shape) for sort in SORTS}.items() <= known.items()


def test_every_class_of_components_has_exactly_one_type_of_its_number_and_every_sort_of_shape_occurs():
    written = [pack.document for pack in read_library().packs.values()]
    kinds = [kind for pack in written for kind in pack.get("asset_types", ())]
    classes = [row for pack in written for row in pack.get("categories", ()) if row["kind"] == "component"]
    wanted = {row["major"] + row["minor"]: row["names"]["zh"] for row in classes}
    assert len(wanted) == len(classes) == 104
    assert sorted(kind["major"] + kind["minor"] for kind in kinds) == sorted(wanted)
    assert {kind["major"] + kind["minor"]: kind["names"]["zh"] for kind in kinds} == wanted
    assert {kind["geometry"] for kind in kinds} == set(Geometry)
    for kind in kinds:
        asked = questions(kind["attributes"])
        assert asked, kind["code"]
        assert all(one.names.get("zh") and one.names.get("en") for one in asked), kind["code"]
