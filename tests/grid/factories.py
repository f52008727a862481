"""A map small enough to think about: three communities of four cells in a row, two districts."""

from copy import deepcopy
from typing import Any

from core.scope import Actor, machine
from grid import actions
from grid.contracts import GridReport

WEST, SOUTH, SIDE = 116.700, 23.350, 0.001
CITY, JIN, LONG = "449900", "449901", "449902"
ADMIN: Actor = machine("test", "admin")
COMMUNITIES = {"449901001001": 0, "449901001002": 2, "449902001001": 4}
CELLS_EACH = 4


def square(column: float, row: float, columns: float = 1, rows: float = 1) -> list[list[float]]:
    """A ring of so many columns and rows, with a vertex at every corner of a cell on its edge."""

    def point(x: float, y: float) -> list[float]:
        return [round(WEST + x * SIDE, 7), round(SOUTH + y * SIDE, 7)]

    south = [point(column + n, row) for n in range(int(columns))]
    east = [point(column + columns, row + n) for n in range(int(rows))]
    north = [point(column + columns - n, row + rows) for n in range(int(columns))]
    west = [point(column, row + rows - n) for n in range(int(rows))]
    return [*south, *east, *north, *west, south[0]]


def feature(ring: list[list[float]], **properties: Any) -> dict[str, Any]:
    """A GeoJSON polygon."""
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def region(code: str, level: str, parent: str, ring: list[list[float]], zh: str = "", en: str = "") -> dict[str, Any]:
    """A region with a name in both languages."""
    return feature(
        ring, code=code, level=level, parent=parent, names={"zh": zh or f"{code}区", "en": en or f"Place {code}"}
    )


def tiny_map() -> dict[str, Any]:
    """Two rows of six cells: 金港区 has two communities (columns 0-3), 龙滨区 one (columns 4-5); a road and a river."""
    regions = [
        region(CITY, "city", "", square(0, 0, 6, 2), "澄湾市", "Chengwan"),
        region(JIN, "district", CITY, square(0, 0, 4, 2), "金港区", "Jingang"),
        region(LONG, "district", CITY, square(4, 0, 2, 2), "龙滨区", "Longbin"),
        region("449901001", "street", JIN, square(0, 0, 4, 2), "石炮街道", "Shipao"),
        region("449902001", "street", LONG, square(4, 0, 2, 2), "月浦街道", "Yuepu"),
        *[
            region(code, "community", code[:9], square(column, 0, 2, 2), f"{code[-3:]}社区", f"Community {code[-3:]}")
            for code, column in COMMUNITIES.items()
        ],
    ]
    cells = [
        feature(square(column + n % 2, 1 - n // 2), code=f"{code}{n + 1:03d}", land_use="residential", grade=1)
        for code, column in COMMUNITIES.items()
        for n in range(CELLS_EACH)
    ]
    road = {
        "type": "Feature",
        "properties": {"kind": "road", "class": "arterial", "names": {"zh": "长平大道", "en": "Changping Avenue"}},
        "geometry": {"type": "LineString", "coordinates": [[WEST, SOUTH + SIDE], [WEST + 6 * SIDE, SOUTH + SIDE]]},
    }
    river = feature(square(5, 0, 1, 2), kind="river", **{"class": "main", "names": {"zh": "澄江", "en": "Cheng River"}})
    collections = {"regions": regions, "cells": cells, "base": [road, river]}
    return {part: {"type": "FeatureCollection", "features": rows} for part, rows in collections.items()}


def changed(**parts: Any) -> dict[str, Any]:
    """A tiny map whose parts were handed to functions that spoil them."""
    drawn = deepcopy(tiny_map())
    for part, spoil in parts.items():
        spoil(drawn[part]["features"])
    return drawn


def put_map(**given: Any) -> GridReport:
    """The tiny map is in force."""
    return actions.import_grid(tiny_map(), actor=ADMIN, **given)


def middle(column: int, row: int) -> tuple[float, float]:
    """A point in the middle of the cell at that column and row (rows from the south)."""
    return WEST + (column + 0.5) * SIDE, SOUTH + (row + 0.5) * SIDE
