"""Maps and codes of the real world, where they lie beside the project."""

import csv
import json
from pathlib import Path

import pytest
import shapely
from shapely import affinity
from shapely.geometry import mapping, shape

from core.errors import Invalid
from grid import actions, selectors
from grid.contracts import CodePlan, Level
from grid.rules import codes
from tests.grid.factories import ADMIN

DATA = Path(__file__).parents[3] / "shared" / "data"
BOUNDARIES = DATA / "boundaries" / "shenzhen_districts.geojson"
DIVISIONS = DATA / "divisions" / "divisions_2021_city_district_street_community.csv"
DIGITS = {"city": 6, "district": 6, "street": 9, "community": 12}


def shapes() -> dict[str, shapely.Geometry]:
    if not BOUNDARIES.exists():
        pytest.skip("the real boundaries are not here")
    features = json.loads(BOUNDARIES.read_text(encoding="utf-8"))["features"]
    return {feature["properties"]["qh"]: shape(feature["geometry"]) for feature in features}


def as_map(districts: dict[str, shapely.Geometry]) -> dict:
    """Shenzhen as a map whose every district is one street and one community, with a cell for each of its parts."""
    regions, cells = [], []

    def add(code, level, parent, zh, geom):
        properties = {"code": code, "level": level, "parent": parent, "names": {"zh": zh, "en": zh}}
        regions.append({"type": "Feature", "properties": properties, "geometry": mapping(geom)})

    add("440300", "city", "", "深圳市", shapely.union_all(list(districts.values())))
    for number, (name, geom) in enumerate(districts.items(), start=3):
        code = f"4403{number:02d}"
        add(code, "district", "440300", f"{name}区", geom)
        add(f"{code}001", "street", code, f"{name}街道", geom)
        add(f"{code}001001", "community", f"{code}001", f"{name}社区", geom)
        for sequence, part in enumerate(shapely.get_parts(geom), start=1):
            properties = {"code": f"{code}001001{sequence:03d}"}
            cells.append({"type": "Feature", "properties": properties, "geometry": mapping(part)})
    return {
        "regions": {"type": "FeatureCollection", "features": regions},
        "cells": {"type": "FeatureCollection", "features": cells},
    }


@pytest.mark.django_db
def test_the_districts_of_shenzhen_are_taken_with_islands_and_true_areas():
    districts = shapes()
    report = actions.import_grid(as_map(districts), actor=ADMIN)
    assert report.regions == 31
    futian = next(view for view in selectors.regions("district") if view.names["zh"] == "福田区")
    assert futian.area_m2 / 1e6 == pytest.approx(78.7, rel=0.06), "the yearbook's square kilometres"
    assert selectors.place_at(114.0579, 22.5431).names["zh"].startswith("福田区"), "the civic centre"
    assert selectors.place_at(114.1694, 22.3193) is None, "Hong Kong"


@pytest.mark.django_db
def test_a_district_moved_by_two_hundred_metres_is_refused_by_name():
    districts = shapes()
    districts["福田"] = affinity.translate(districts["福田"], 0.002)
    with pytest.raises(Invalid) as refused:
        actions.import_grid(as_map(districts), actor=ADMIN)
    problems = refused.value.params["problems"]
    moved = f"4403{list(districts).index('福田') + 3:02d}"
    overlaps = [p["params"] for p in problems if p["code"] == "grid.regions_overlap"]
    assert overlaps
    assert all(moved in (params["code"][:6], params["other"][:6]) for params in overlaps)
    assert not any(p["code"] == "grid.gap" for p in problems), "each community is still covered by its own cells"


def rows() -> list[dict[str, str]]:
    if not DIVISIONS.exists():
        pytest.skip("the real divisions are not here")
    with DIVISIONS.open(encoding="utf-8") as text:
        return list(csv.DictReader(text))


def test_the_official_codes_of_three_cities_fit_the_rules():
    short = {row["code"]: row["code"][: DIGITS[row["level"]]] for row in rows()}
    misfits = []
    for row in rows():
        level = Level(row["level"])
        code = short[row["code"]]
        child = level is Level.CITY or codes.is_child(code, level, short[row["parent_code"]])
        if not codes.is_region_code(code, level, CodePlan()) or not child:
            misfits.append(row)
    assert len(short) == 5057
    assert misfits == []
