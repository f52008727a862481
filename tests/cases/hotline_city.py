"""The city of the hotline's file: 15 council districts, each of one street, one community and a few cells."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import mapping, shape

from grid.actions import import_grid
from tests.cases.factories import SETUP, names

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "service-requests"
TICKETS = FOLDER / "la311_2020-01_10k.csv.gz"
OUTLINES = FOLDER / "la_city_council_districts_2012.geojson"
CITY = "990100"
GRID = 1e-6  # degrees, about 10 cm: borders are drawn on it, so that neighbours share them exactly


def district_code(number: str) -> str:
    """The code of a council district."""
    return f"9901{int(number):02d}"


def outlines() -> dict[str, list[Any]]:
    """Each district as polygons that share their borders with the next and no ground."""
    read = json.loads(OUTLINES.read_text("utf-8"))["features"]
    given = dict(sorted((int(one["properties"]["name"]), shape(one["geometry"]).buffer(0)) for one in read))
    borders = shapely.union_all([outline.boundary for outline in given.values()], grid_size=GRID)
    faces: dict[int, list[Any]] = {number: [] for number in given}
    for face in shapely.get_parts(shapely.polygonize([borders])):
        middle = face.representative_point()
        owner = next((number for number, outline in given.items() if outline.covers(middle)), None)
        if owner is not None:
            faces[owner].append(face)
    return {str(number): list(shapely.get_parts(shapely.union_all(held))) for number, held in faces.items()}


def _feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": mapping(geometry), "properties": properties}


def drawing() -> dict[str, Any]:
    """The city as a map."""
    regions, cells, every = [], [], []
    for number, parts in outlines().items():
        code, whole = district_code(number), shapely.multipolygons(parts)
        every += parts
        street, community = f"{code}001", f"{code}001001"
        title = names(f"第{number}区", number)
        regions += [
            _feature(whole, code=code, level="district", parent=CITY, names=title),
            _feature(whole, code=street, level="street", parent=code, names=title),
            _feature(whole, code=community, level="community", parent=street, names=title),
        ]
        cells += [
            _feature(part, code=f"{community}{place:03d}", land_use="street", grade=1)
            for place, part in enumerate(parts, start=1)
        ]
    city = _feature(shapely.union_all(every), code=CITY, level="city", parent="", names=names("洛城", "Los Angeles"))
    return {
        "regions": {"type": "FeatureCollection", "features": [city, *regions]},
        "cells": {"type": "FeatureCollection", "features": cells},
    }


def build() -> None:
    """The map is in force; without the files there is nothing to test."""
    if not (TICKETS.exists() and OUTLINES.exists()):
        pytest.skip("the real files are not here")
    import_grid(drawing(), actor=SETUP)


def first(rows: int) -> bytes:
    """The head of the file and its first tickets."""
    with gzip.open(TICKETS, "rt", encoding="utf-8", newline="") as read:
        return "".join(line for _number, line in zip(range(rows + 1), read, strict=False)).encode()
