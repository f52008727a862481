"""Where a point lies: on any map the database and shapely agree, and a point on a border is the lowest code's."""

from collections.abc import Sequence
from typing import Any

import pytest
import shapely
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from grid import actions, selectors
from tests.grid.factories import ADMIN, CITY, JIN
from tests.grid.test_topology import CITIES, City

pytestmark = pytest.mark.django_db
STREET = "449901001"
ON_AN_EDGE = 1e-10
Point = tuple[float, float]


def feature(shape: BaseGeometry, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": mapping(shape)}


def region(shape: BaseGeometry, code: str, level: str, parent: str) -> dict[str, Any]:
    return feature(shape, code=code, level=level, parent=parent, names={"zh": code, "en": code})


def as_map(city: City) -> dict[str, Any]:
    """The city with a street, a district and a city around it."""
    whole = shapely.union_all(list(city.outlines.values()))
    regions = [region(whole, CITY, "city", ""), region(whole, JIN, "district", CITY)]
    regions += [region(whole, STREET, "street", JIN)]
    regions += [region(shape, code, "community", STREET) for code, shape in city.outlines.items()]
    cells = [feature(cell.geom, code=code, land_use="", grade=1) for code, cell in city.cells.items()]
    parts = {"regions": regions, "cells": cells, "base": []}
    return {part: {"type": "FeatureCollection", "features": rows} for part, rows in parts.items()}


def shapes_of(version: int) -> dict[str, BaseGeometry]:
    """The cells as they were stored, by code."""
    return {code: cell[0] for code, cell in selectors.draft_cells(version).items()}


def holding(shapes: dict[str, BaseGeometry], point: Point) -> list[str]:
    """The codes of all cells that the point lies in or on the edge of, lowest first."""
    return sorted(code for code, shape in shapes.items() if shape.intersects(shapely.Point(point)))


def told(points: Sequence[Point]) -> list[str]:
    """The cell of each point, asked one by one; all together they are told the same."""
    places = [selectors.place_at(*point) for point in points]
    assert selectors.places_at(points) == [place and (place.cell, place.area) for place in places]
    assert all(place.area.endswith(place.cell[:12]) for place in places if place)
    return [place.cell if place else "" for place in places]


@given(CITIES, st.lists(st.tuples(st.floats(-0.1, 1.1), st.floats(-0.1, 1.1)), min_size=1, max_size=20))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_point_lies_in_the_one_cell_that_shapely_finds_and_on_a_border_in_the_lowest_code(city, shares):
    with transaction.atomic():
        shapes = shapes_of(actions.import_grid(as_map(city), actor=ADMIN).version)
        west, south, east, north = map(float, shapely.total_bounds(list(shapes.values())))
        edges = shapely.union_all([shape.boundary for shape in shapes.values()])
        points = [(west + x * (east - west), south + y * (north - south)) for x, y in shares]
        points = [point for point in points if edges.distance(shapely.Point(point)) > ON_AN_EDGE]
        assume(points)
        found = [holding(shapes, point) for point in points]
        assert [[code] if code else [] for code in told(points)] == found, "one cell, or none outside"
        corners = sorted({(float(x), float(y)) for shape in shapes.values() for x, y in shape.exterior.coords})
        assert told(corners) == [holding(shapes, corner)[0] for corner in corners], "the lowest of those that meet"
        assert any(len(holding(shapes, corner)) > 1 for corner in corners)
        transaction.set_rollback(True)
