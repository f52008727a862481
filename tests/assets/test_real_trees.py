"""The trees of Perth, as its city surveyed them, where they lie beside the project."""

import csv
import gzip
import math
from pathlib import Path

import pytest
import shapely
from shapely.geometry import mapping

from assets import actions, selectors
from grid import actions as grid
from tests.assets.factories import ADMIN, types

CENSUS = Path(__file__).parents[3] / "shared" / "data" / "assets" / "perth_trees_in_the_city.csv.gz"
TREE = {
    "code": "street_tree", "names": {"zh": "行道树", "en": "Street tree"}, "major": "04", "minor": "02",
    "geometry": "point",
    "attributes": {"required": ["species"], "properties": {"species": {"type": "string", "minLength": 1}}},
}  # fmt: skip
CITY = shapely.box(115.80, -31.99, 115.90, -31.92)


def trees() -> list[dict[str, str]]:
    if not CENSUS.exists():
        pytest.skip("the real census is not here")
    with gzip.open(CENSUS, "rt", encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def perth() -> dict:
    """A map of one community of one hundred cells over the middle of Perth."""

    def feature(geom, **properties):
        return {"type": "Feature", "properties": properties, "geometry": mapping(geom)}

    marks_x, marks_y = (
        [low + (high - low) * n / 10 for n in range(11)] for low, high in ((115.80, 115.90), (-31.99, -31.92))
    )
    cells = [
        feature(
            shapely.box(marks_x[c], marks_y[r], marks_x[c + 1], marks_y[r + 1]),
            code=f"610101001001{r * 10 + c + 1:03d}",
        )
        for r in range(10)
        for c in range(10)
    ]
    whole = shapely.union_all([shapely.geometry.shape(cell["geometry"]) for cell in cells])
    levels = (
        ("610100", "city", ""),
        ("610101", "district", "610100"),
        ("610101001", "street", "610101"),
        ("610101001001", "community", "610101001"),
    )
    regions = [feature(whole, code=c, level=v, parent=p, names={"zh": "珀斯", "en": "Perth"}) for c, v, p in levels]
    return {
        part: {"type": "FeatureCollection", "features": rows} for part, rows in (("regions", regions), ("cells", cells))
    }


def degrees(x: float, y: float) -> tuple[float, float]:
    radius = 6_378_137.0
    return math.degrees(x / radius), math.degrees(2 * math.atan(math.exp(y / radius)) - math.pi / 2)


@pytest.mark.django_db
def test_sixteen_thousand_real_trees_are_taken_or_refused_with_a_reason():
    census = trees()
    grid.import_grid(perth(), actor=ADMIN)
    types(TREE)
    rows = []
    for number, tree in enumerate(census, start=1):
        lon, lat = degrees(float(tree["X"]), float(tree["Y"]))
        attributes = {"species": tree["BOTANICAL_NAME"], "height": tree["TREE_HEIGHT"]}
        rows.append({"code": f"6101010402{number:06d}", "lon": lon, "lat": lat, "attributes": attributes})
    report = actions.import_assets(rows, actor=ADMIN, source="City of Perth")
    outside = sum(not shapely.intersects_xy(CITY, row["lon"], row["lat"]) for row in rows)
    nameless = sum(not row["attributes"]["species"] for row in rows)
    assert len(rows) == 16_681
    assert {refusal.reason for refusal in report.refused} <= {"assets.outside", "assets.bad_attributes"}
    assert report.created + len(report.refused) == len(rows)
    assert len(report.refused) <= outside + nameless
    assert report.created > 15_000
    assert selectors.counts(actor=ADMIN)[0].count == report.created
    near = selectors.nearby(115.8605, -31.9523, 150, actor=ADMIN)
    assert len(near) == 50
    assert near == sorted(near, key=lambda view: (view.metres, view.code))
