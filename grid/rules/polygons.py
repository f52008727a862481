"""Shapes as somebody sends them: read with a sentence for every fault, measured in metres. Pure."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from core.errors import Invalid
from grid.rules.coverage import flattener

MOST_POINTS = 10_000
ROUNDING_M = 0.02
ROUNDING_M2 = 1.0
NARROW_M = 2.0

Point = tuple[float, float]


def read_polygon(given: object) -> Polygon:
    """A GeoJSON polygon in degrees, closed and without crossings; Invalid tells what is wrong with another."""
    rings = _coordinates(given, "Polygon")
    if not isinstance(rings, Sequence) or isinstance(rings, str) or not rings:
        raise Invalid("grid.shape_empty")
    if sum(len(ring) if isinstance(ring, Sequence) else 0 for ring in rings) > MOST_POINTS:
        raise Invalid("grid.shape_too_many", most=MOST_POINTS)
    read = [_ring(ring) for ring in rings]
    made = Polygon(read[0], read[1:])
    if not made.is_valid:
        raise Invalid("grid.shape_crosses", why=shapely.is_valid_reason(made))
    if is_rounding(made):
        raise Invalid("grid.shape_empty")
    return made


def read_line(given: object) -> LineString:
    """A GeoJSON line in degrees of two points or more."""
    points = _points(_coordinates(given, "LineString"))
    if len(set(points)) < 2:
        raise Invalid("grid.line_short")
    return LineString(points)


def read_point(given: object) -> Point:
    """A pair of degrees, longitude first."""
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) not in (2, 3):
        raise Invalid("grid.bad_point")
    lon, lat = (_degrees(value) for value in given[:2])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Invalid("grid.shape_far", lon=lon, lat=lat)
    return lon, lat


def _coordinates(given: object, kind: str) -> Any:
    if not isinstance(given, Mapping) or given.get("type") != kind:
        found = str(given.get("type", "-"))[:40] if isinstance(given, Mapping) else type(given).__name__
        raise Invalid("grid.shape_type", wanted=kind, given=found)
    return given.get("coordinates")


def _ring(given: object) -> list[Point]:
    points = _points(given)
    if len(points) < 2 or points[0] != points[-1]:
        raise Invalid("grid.shape_unclosed")
    once = [point for n, point in enumerate(points) if n == 0 or point != points[n - 1]]
    if len(once) < 4:
        raise Invalid("grid.shape_empty")
    return once


def _points(given: object) -> list[Point]:
    if not isinstance(given, Sequence) or isinstance(given, str) or not given:
        raise Invalid("grid.shape_empty")
    if len(given) > MOST_POINTS:
        raise Invalid("grid.shape_too_many", most=MOST_POINTS)
    return [read_point(point) for point in given]


def _degrees(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Invalid("grid.bad_point")
    return float(value)


def metres(geom: BaseGeometry) -> BaseGeometry:
    """The shape in metres about its own latitude: the same shape always has the same size."""
    _west, south, _east, north = geom.bounds
    return flattener((south + north) / 2)(geom)


def area_of(geom: BaseGeometry) -> float:
    """Square metres of a shape in degrees."""
    return float(metres(geom).area) if not geom.is_empty else 0.0


def width_of(geom: BaseGeometry) -> float:
    """How wide the widest part of a shape is on average, in metres: that of a long strip is its width."""
    flat = [metres(part) for part in polygons(geom)]
    return max((2 * float(part.area) / float(part.length) for part in flat), default=0.0)


def is_rounding(geom: BaseGeometry) -> bool:
    """Whether a piece is what rounded coordinates leave, and nobody's mistake."""
    return area_of(geom) <= ROUNDING_M2 or width_of(geom) < ROUNDING_M


def is_sliver(geom: BaseGeometry) -> bool:
    """Whether a cell is too narrow for anybody to stand in."""
    return width_of(geom) < NARROW_M


def polygons(geom: BaseGeometry) -> list[Polygon]:
    """The polygons of whatever an overlay answered, without its lines and points."""
    parts = shapely.get_parts(np.array([geom], dtype=object)) if not geom.is_empty else []
    found: list[Polygon] = []
    for part in parts:
        found += [part] if part.geom_type == "Polygon" else polygons(part) if hasattr(part, "geoms") else []
    return found


def largest(geom: BaseGeometry) -> Polygon | None:
    """The largest polygon of it; None where it has none."""
    return max(polygons(geom), key=lambda part: float(part.area), default=None)
