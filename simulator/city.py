"""A believable city as files: `python -m simulator.city --out DIR --seed 7 --cells 12800 --assets 60000`.

Writes regions.geojson, cells.geojson, base.geojson and assets.csv.gz, the same bytes for the same arguments.
"""

import argparse
import csv
import gzip
import io
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from simulator.city_assets import Planter, as_text
from simulator.city_base import Ground, Surveyor, land_use
from simulator.city_cells import CityCell, Cutter
from simulator.city_names import CITY, DISTRICTS, Namer, Names
from simulator.city_plan import Plan
from simulator.city_regions import Divider, Division

CODE = "449900"
DEFAULT_SEED, DEFAULT_CELLS, DEFAULT_ASSETS = 7, 12_800, 60_000
FEWEST_CELLS = 60
ASSET_FIELDS = (
    "code",
    "type",
    "lon",
    "lat",
    "state",
    "authority",
    "owner",
    "maintainer",
    "accuracy",
    "source",
    "attributes",
    "geometry",
)


@dataclass(frozen=True)
class Corner:
    """A street corner in a district, in degrees: a good place for a camera."""

    lon: float
    lat: float
    community: str
    names: Names


@dataclass(frozen=True)
class City:
    """A generated city: the plan it stands on and everything on it."""

    plan: Plan
    division: Division
    cells: list[CityCell]
    ground: Ground
    names: dict[str, Names]

    def regions(self) -> Iterator[tuple[dict, BaseGeometry]]:
        """City, districts, streets and communities: each exactly the union of its cells."""
        shapes = self._degrees()
        groups: dict[str, list[BaseGeometry]] = {}
        for cell in self.cells:
            groups.setdefault(cell.community, []).append(shapes[cell.code])
        unions = {code: shapely.coverage_union_all(np.array(members)) for code, members in groups.items()}
        for level in ("community", "street", "district", "city"):
            grown: dict[str, list[BaseGeometry]] = {}
            for code, shape in list(unions.items()):
                yield {"code": code, "level": level, "parent": self._parent(code), "names": self.names[code]}, shape
                grown.setdefault(self._parent(code), []).append(shape)
            unions = {code: shapely.coverage_union_all(np.array(members)) for code, members in grown.items()}

    def _parent(self, code: str) -> str:
        if code == CODE:
            return ""
        return CODE if len(code) == 6 else code[:-3]

    def _degrees(self) -> dict[str, BaseGeometry]:
        shapes = shapely.orient_polygons(np.array([self.plan.degrees(cell.geom) for cell in self.cells]))
        return dict(zip((cell.code for cell in self.cells), shapes, strict=True))

    def cell_features(self) -> Iterator[tuple[dict, BaseGeometry]]:
        """Every unit cell with its use and grade."""
        shapes = self._degrees()
        for cell, (use, grade) in zip(self.cells, land_use(self.plan, self.cells, self.ground.park_cells), strict=True):
            yield {"code": cell.code, "land_use": use, "grade": grade}, shapes[cell.code]

    def base_features(self) -> Iterator[tuple[dict, BaseGeometry]]:
        """Sea, river, parks and roads."""
        for feature in self.ground.features:
            properties = {"kind": feature.kind, "class": feature.rank, "names": feature.names}
            yield properties, _sound(self.plan.degrees(feature.geom))

    def assets(self, total: int) -> Iterator[dict[str, object]]:
        """So many components, as `assets.actions.import_assets` takes them."""
        return Planter(self.plan, self.ground, self.cells).rows(total)

    def as_grid(self) -> dict[str, object]:
        """The map as `grid.actions.import_grid` takes it, without files."""
        parts = {"regions": self.regions(), "cells": self.cell_features(), "base": self.base_features()}
        return {part: _collection(features) for part, features in parts.items()}


def _sound(shape: BaseGeometry) -> BaseGeometry:
    """The shape; where rounding to a centimetre made a needle's two sides cross, without the needle."""
    if shape.geom_type in ("Polygon", "MultiPolygon") and not shape.is_valid:
        return shapely.make_valid(shape, method="structure", keep_collapsed=False)
    return shape


@lru_cache(maxsize=2)
def build(seed: int = DEFAULT_SEED, cells: int = DEFAULT_CELLS) -> City:
    """The city of this seed with about so many cells of 100 m by 100 m (60 at least)."""
    if cells < FEWEST_CELLS:
        raise ValueError(f"a city has at least {FEWEST_CELLS} cells")
    plan, division, names = _divided(seed, cells)
    cutter = Cutter(plan, division)
    found = cutter.cut()
    ground = Surveyor(plan, division, cutter, found).draw()
    return City(plan, division, found, ground, names)


@lru_cache(maxsize=2)
def _divided(seed: int, cells: int) -> tuple[Plan, Division, dict[str, Names]]:
    """The plan, its communities and their names: all that corners need, in half a second."""
    plan = Plan(seed, cells)
    division = Divider(plan).divide()
    return plan, division, _names(plan, division)


def _names(plan: Plan, division: Division) -> dict[str, Names]:
    namer = Namer(np.random.default_rng([plan.seed, plan.cells, 8]))
    found = {CODE: CITY}
    streets = iter(namer.streets(sum(len(district.children) for district in division.districts)))
    for district, names in zip(division.districts, DISTRICTS, strict=True):
        found[district.code] = names
        for street in district.children:
            found[street.code] = next(streets)
            found.update((community.code, namer.community()) for community in street.children)
    return found


def street_corners(district: str, count: int, *, seed: int = DEFAULT_SEED, cells: int = DEFAULT_CELLS) -> list[Corner]:
    """So many corners in a district ("" = in all), liveliest first, no two in one community; on land, off the water."""
    plan, division, names = _divided(seed, cells)
    parts = [part for part in division.communities() if part.code.startswith(district)]
    spots = plan.warp(np.array([part.corners[2] * 0.94 + part.centre() * 0.06 for part in parts]))
    dry = shapely.contains_xy(shapely.buffer(plan.land, -120), spots)
    dry &= ~shapely.contains_xy(shapely.buffer(plan.river, 60), spots)
    order = [index for index in np.argsort(-plan.density(spots)) if dry[index]]
    degrees = plan.to_degrees(spots)
    return [
        Corner(float(degrees[i, 0]), float(degrees[i, 1]), parts[i].code, names[parts[i].code]) for i in order[:count]
    ]


def street_spots(city: City, count: int) -> list[tuple[float, float, Names]]:
    """So many places beside roads (degrees, the road's names), more where more people live; inside the city, dry."""
    rng = np.random.default_rng([city.plan.seed, city.plan.cells, 9])
    roads = city.ground.roads("arterial", "secondary", "collector", "street")
    length = np.array([road.geom.length for road in roads])
    chosen = rng.choice(len(roads), count * 6, p=length / length.sum())
    ways = np.array([roads[index].geom for index in chosen], dtype=object)
    points = shapely.get_coordinates(shapely.line_interpolate_point(ways, rng.random(len(ways)), normalized=True))
    points += rng.normal(0, 6 / city.plan.scale, points.shape)
    ground = shapely.difference(shapely.buffer(city.plan.land, -40), shapely.buffer(city.plan.river, 30))
    shapely.prepare(ground)
    dense = city.plan.density(points) ** 2.2
    keep = shapely.contains_xy(ground, points) & (rng.random(len(points)) < dense / dense.max())
    degrees = city.plan.to_degrees(points)
    found = np.flatnonzero(keep)[:count]
    return [(float(degrees[i, 0]), float(degrees[i, 1]), roads[chosen[i]].names) for i in found]


def street_corner(seed: int, district: str, cells: int = DEFAULT_CELLS) -> Corner:
    """The liveliest corner of a district."""
    return street_corners(district, 1, seed=seed, cells=cells)[0]


def _collection(features: Iterable[tuple[Mapping, BaseGeometry]]) -> dict[str, object]:
    found = [
        {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(shape))}
        for properties, shape in features
    ]
    return {"type": "FeatureCollection", "features": found}


def write(city: City, out: Path, assets: int = DEFAULT_ASSETS) -> None:
    """The files of a city in a folder, which is made where it does not exist."""
    write_map(city, out)
    with (out / "assets.csv.gz").open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
        text = io.TextIOWrapper(packed, encoding="utf-8", newline="")
        rows = csv.DictWriter(text, ASSET_FIELDS)
        rows.writeheader()
        rows.writerows(as_text(row) for row in city.assets(assets))
        text.flush()


def write_map(city: City, out: Path) -> None:
    """The three GeoJSON files that `grid.actions.import_grid` takes."""
    out.mkdir(parents=True, exist_ok=True)
    _write_features(out / "regions.geojson", city.regions())
    _write_features(out / "cells.geojson", city.cell_features())
    _write_features(out / "base.geojson", city.base_features())


def _write_features(file: Path, features: Iterable[tuple[Mapping, BaseGeometry]]) -> None:
    with file.open("w", encoding="utf-8") as out:
        out.write('{"type":"FeatureCollection","features":[\n')
        for number, (properties, shape) in enumerate(features):
            told = json.dumps(properties, ensure_ascii=False)
            start = ",\n" if number else ""
            out.write(f'{start}{{"type":"Feature","properties":{told},"geometry":{shapely.to_geojson(shape)}}}')
        out.write("\n]}\n")


def read_assets(file: Path) -> Iterator[dict[str, object]]:
    """The rows of an assets.csv.gz, attributes and geometry as mappings; points have no geometry."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            shape = row.pop("geometry")
            more = {"geometry": json.loads(shape)} if shape else {}
            yield {**row, "attributes": json.loads(row["attributes"] or "{}"), **more}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--cells", type=int, default=DEFAULT_CELLS)
    parser.add_argument("--assets", type=int, default=DEFAULT_ASSETS)
    given = parser.parse_args()
    began = time.monotonic()
    city = build(given.seed, given.cells)
    write(city, given.out, given.assets)
    regions = len(city.names)
    print(f"{given.out}: {regions} regions, {len(city.cells)} cells, {len(city.ground.features)} base features, "
          f"{given.assets} components in {time.monotonic() - began:.1f} s")  # fmt: skip


if __name__ == "__main__":
    main()
