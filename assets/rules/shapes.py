"""Shapes of components: whether one may stand on the map, how it is kept, and the point that stands for it."""

import json
import math
from collections.abc import Mapping
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from assets.contracts import Geometry

KINDS: Mapping[str, Geometry] = {
    "Point": Geometry.POINT,
    "LineString": Geometry.LINE,
    "MultiLineString": Geometry.LINE,
    "Polygon": Geometry.AREA,
    "MultiPolygon": Geometry.AREA,
}
MOST_VERTICES = 20_000
METRES_PER_DEGREE = 111_195


def shape_of(given: object) -> BaseGeometry | None:
    """The shape of a geometry or of a GeoJSON object; None where it is neither."""
    if isinstance(given, BaseGeometry):
        return given
    if not isinstance(given, Mapping):
        return None
    try:
        return shapely.from_geojson(json.dumps(given, allow_nan=False))
    except (ShapelyError, ValueError, TypeError):
        return None


def shape_fault(shape: BaseGeometry | None, kind: str) -> str:
    """Why a component of that kind of type cannot have this shape, as a code; "" when it can."""
    if shape is None or shape.is_empty or not _on_earth(shape):
        return "assets.bad_place"
    if KINDS.get(shape.geom_type) != kind:
        return "assets.wrong_shape"
    if shapely.get_num_coordinates(shape) > MOST_VERTICES:
        return "assets.too_many_vertices"
    if not shape.is_valid or (kind == Geometry.LINE and not all(map(_runs, parts_of(shape)))):
        return "assets.shape_invalid"
    return ""


def parts_of(shape: BaseGeometry) -> list[BaseGeometry]:
    """The parts of a shape; of a single one itself."""
    return list(getattr(shape, "geoms", [shape]))


def _runs(line: BaseGeometry) -> bool:
    return line.length > 0 and bool(line.is_simple)


def vertices(shape: BaseGeometry) -> list[tuple[float, float]]:
    """Every corner of a shape, in order."""
    return [(float(lon), float(lat)) for lon, lat in shapely.get_coordinates(shape)]


def metres_away(shape: BaseGeometry, before: BaseGeometry) -> float:
    """How far the corner of a shape that lies farthest from the shape before lies from it."""
    _, south, _, north = before.bounds
    flat = METRES_PER_DEGREE * math.cos(math.radians((south + north) / 2)), METRES_PER_DEGREE
    corners, held = (shapely.transform(one, lambda points: points * flat) for one in (shape, before))
    return float(shapely.distance(shapely.points(shapely.get_coordinates(corners)), held).max())


def _on_earth(shape: BaseGeometry) -> bool:
    west, south, east, north = shape.bounds
    return all(map(math.isfinite, shape.bounds)) and -180 <= west <= east <= 180 and -90 <= south <= north <= 90


def tidy(shape: BaseGeometry) -> BaseGeometry:
    """The shape as it is kept: flat, one part where there is one, areas begun and turned always the same way."""
    flat = shapely.force_2d(shape)
    if flat.geom_type.startswith("Multi") and len(flat.geoms) == 1:
        flat = flat.geoms[0]
    return shapely.normalize(flat) if KINDS[flat.geom_type] is Geometry.AREA else flat


def anchor(shape: BaseGeometry) -> tuple[float, float]:
    """The point that stands for a shape, always on it: the middle of its longest line, a point inside its largest area.

    The cell of a component is the cell of this point.
    """
    if shape.geom_type == "Point":
        return float(shape.x), float(shape.y)
    parts = parts_of(shape)
    if KINDS[shape.geom_type] is Geometry.LINE:
        point = max(parts, key=lambda part: part.length).interpolate(0.5, normalized=True)
    else:
        point = max(parts, key=lambda part: part.area).representative_point()
    return float(point.x), float(point.y)


def hex_of(shape: BaseGeometry) -> str:
    """The shape as it is written into the register and its history."""
    return str(shapely.to_wkb(shape, hex=True, byte_order=1, output_dimension=2)).lower()


def geojson_of(wkb: bytes | str) -> dict[str, Any]:
    """GeoJSON of a WKB, or of its hex."""
    told: dict[str, Any] = shapely.geometry.mapping(shapely.from_wkb(wkb))
    return told
