"""The shapes of components that are no points: pieces of rail and kerb along roads and banks, strips, places, lawns."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely

LAWN_CORNERS = 14


def drawn(
    shape: str, size: tuple[float, float], points: np.ndarray, segments: np.ndarray, luck: np.ndarray
) -> np.ndarray:
    """One shape for each point: a line or rectangle along the nearest segment; a lawn where no road is near.

    All on the plane; `luck` (0 to 1, one a point) makes each a little longer or shorter.
    """
    way, away = _beside(points, segments)
    half = size[0] / 2 * (0.75 + 0.5 * luck)[:, None] * way
    if shape == "line":
        return shapely.linestrings(np.stack([points - half, points + half], axis=1))
    across = size[1] / 2 * np.column_stack([-way[:, 1], way[:, 0]])
    corners = [points - half - across, points + half - across, points + half + across, points - half + across]
    found = shapely.polygons(np.stack([*corners, corners[0]], axis=1))
    lonely = away > size[0]
    found[lonely] = _lawns(points[lonely], size[0] / 2, luck[lonely])
    return found


def _beside(points: np.ndarray, segments: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The direction of the segment nearest to each point (of length 1), and how far away it is."""
    if not len(segments):
        return np.tile([1.0, 0.0], (len(points), 1)), np.full(len(points), np.inf)
    lines = shapely.linestrings(segments.reshape(-1, 2, 2))
    spots = shapely.points(points)
    nearest = shapely.STRtree(lines).nearest(spots)
    way = segments[nearest, 2:] - segments[nearest, :2]
    return way / np.hypot(*way.T)[:, None], shapely.distance(lines[nearest], spots)


def _lawns(points: np.ndarray, reach: float, luck: np.ndarray) -> np.ndarray:
    """Rounded patches with an uneven edge."""
    turn = np.linspace(0, 2 * np.pi, LAWN_CORNERS, endpoint=False)
    edge = reach * (0.7 + 0.6 * luck[:, None]) * (1 + 0.18 * np.sin(2 * turn + 9 * luck[:, None]))
    ring = points[:, None, :] + np.stack([edge * np.cos(turn), 0.7 * edge * np.sin(turn)], axis=2)
    return shapely.polygons(np.concatenate([ring, ring[:, :1]], axis=1))


def as_geojson(shape: shapely.Geometry) -> Mapping[str, object]:
    """The shape as a row of a census carries it."""
    return {"type": shape.geom_type, "coordinates": _listed(shape)}


def _listed(shape: shapely.Geometry) -> Sequence[object]:
    points = [list(map(float, point)) for point in shapely.get_coordinates(shape)]
    return points if shape.geom_type == "LineString" else [points]
