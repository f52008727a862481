"""Degrees to Web Mercator metres (EPSG:3857), the plane that vector tiles are cut from."""

import numpy as np
import shapely

RADIUS_M = 6_378_137.0


def to_mercator(geoms: np.ndarray) -> np.ndarray:
    """The same shapes on the plane of the tiles (spherical Mercator, formula of EPSG guidance note 7-2, 1024)."""
    flat: np.ndarray = shapely.transform(geoms, _project)
    return flat


def _project(points: np.ndarray) -> np.ndarray:
    east = np.radians(points[:, 0]) * RADIUS_M
    north = np.log(np.tan(np.pi / 4 + np.radians(points[:, 1]) / 2)) * RADIUS_M
    return np.column_stack([east, north])
