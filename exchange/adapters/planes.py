"""Planes (CRS) to WGS 84 by GDAL: only from WKT or an EPSG number, never from text that GDAL would look up itself."""

import math
from collections.abc import Sequence

import numpy as np
import shapely
from django.contrib.gis.gdal import CoordTransform, GDALException, OGRGeometry, SpatialReference
from shapely.geometry.base import BaseGeometry

from core.errors import Invalid

WGS84 = 4326
FARTHEST = 1e9
EQUAL_TO_WGS84 = frozenset({4326, 4490, 4979})


class Plane:
    """The plane a file's coordinates lie on."""

    def __init__(self, crs: str) -> None:
        self.reference = _reference(crs)
        code = self.reference.srid if self.reference.attr_value("AUTHORITY") == "EPSG" else None
        self.is_wgs84 = code in EQUAL_TO_WGS84
        self.name = str(self.reference.name)
        self._transform = None if self.is_wgs84 else CoordTransform(self.reference, SpatialReference(WGS84))

    def to_wgs84(self, shapes: Sequence[BaseGeometry | None]) -> list[BaseGeometry | None]:
        """The same shapes in degrees; one that cannot be converted becomes None. All points go in one call."""
        if self._transform is None:
            return list(shapes)
        whole = [found for found in shapes if found is not None]
        points = shapely.get_coordinates(whole)
        if not len(points):
            return list(shapes)
        moved = self._moved(points)
        converted = iter(shapely.set_coordinates(np.array(shapely.force_2d(whole), dtype=object), moved))
        made = [next(converted) if found is not None else None for found in shapes]
        return [found if found is None or _finite(found) else None for found in made]

    def _moved(self, points: np.ndarray) -> np.ndarray:
        """Each point in degrees. What lies beyond any plane is not asked of PROJ, which would turn 1e308 for ever."""
        sane = (np.abs(points) < FARTHEST).all(axis=1)
        moved = np.full(points.shape, np.inf)
        if sane.any():
            moved[sane] = self._asked(points[sane])
        return moved

    def _asked(self, points: np.ndarray) -> np.ndarray:
        try:
            return self._at_once(points)
        except GDALException:
            return np.array([self._one(point) for point in points])

    def _at_once(self, points: np.ndarray) -> np.ndarray:
        padded = points if len(points) > 1 else np.vstack([points, points])
        line = OGRGeometry(memoryview(shapely.to_wkb(shapely.linestrings(padded))))
        if self._transform is not None:
            line.transform(self._transform)
        moved: np.ndarray = shapely.get_coordinates(shapely.from_wkb(bytes(line.wkb)))
        return moved[: len(points)]

    def _one(self, point: np.ndarray) -> tuple[float, float]:
        try:
            found = self._at_once(np.array([point]))[0]
        except GDALException:
            return math.inf, math.inf
        return float(found[0]), float(found[1])


def _finite(found: BaseGeometry) -> bool:
    return bool(np.isfinite(shapely.get_coordinates(found)).all())


def _reference(crs: str) -> SpatialReference:
    try:
        if crs.upper().startswith("EPSG:"):
            return SpatialReference(int(crs[5:]))
        reference = SpatialReference(crs, srs_type="wkt")
        if crs.lstrip().startswith(("PROJCS[", "GEOGCS[")):
            reference.from_esri()
        reference.validate()
    except (GDALException, ValueError) as error:
        raise Invalid("exchange.unknown_crs", crs=crs[:80]) from error
    if not (reference.geographic or reference.projected):
        raise Invalid("exchange.unknown_crs", crs=crs[:80])
    return reference
