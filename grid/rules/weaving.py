"""Neighbours woven together: where one cell has a vertex on a border, every cell along that border has it too. Pure.

A vertex less than `NEAR` from another is the same vertex, and one less than `NEAR` from an edge lies on it: two
centimetres, twice what seven decimals of a degree can tell.
"""

from collections.abc import Iterable, Mapping, Set

import numpy as np
import shapely
from shapely.geometry import Polygon

NEAR = 2e-7


def rings_of(polygon: Polygon) -> list[np.ndarray]:
    """The points of each ring, outer first, the last equal to the first."""
    return [shapely.get_coordinates(ring) for ring in (polygon.exterior, *polygon.interiors)]


def from_rings(rings: list[np.ndarray]) -> Polygon:
    """The polygon of these rings; a ring that shrank to nothing is left out."""
    alive = [ring for ring in rings if len(ring) >= 4]
    return Polygon(alive[0], alive[1:]) if alive and alive[0] is rings[0] else Polygon()


def weave(cells: Mapping[str, Polygon], changed: Set[str]) -> dict[str, Polygon]:
    """The cells with the vertices of their neighbours on common borders; what did not change is not answered.

    Changed cells give way: their vertices move onto those of the others, which only gain vertices.
    """
    moved = [cells[code] for code in changed if code in cells]
    if not moved:
        return {}
    still = {code: shape for code, shape in cells.items() if code not in changed and _near(shape, moved)}
    anchors = _vertices(still.values())
    snapped = {code: _snapped(cells[code], anchors) for code in sorted(changed) if code in cells}
    points = _vertices([*still.values(), *snapped.values()])
    woven = {code: _woven(shape, points) for code, shape in snapped.items()}
    gained = _vertices(woven.values())
    found = {**woven, **{code: _woven(shape, gained) for code, shape in still.items()}}
    return {code: shape for code, shape in found.items() if not shape.equals_exact(cells[code], 0)}


def _near(shape: Polygon, moved: list[Polygon]) -> bool:
    return bool(shapely.dwithin(shape, moved, NEAR).any())


def _vertices(shapes: Iterable[Polygon]) -> np.ndarray:
    points = shapely.get_coordinates(list(shapes))
    return np.unique(points, axis=0)


def _snapped(polygon: Polygon, anchors: np.ndarray) -> Polygon:
    """Vertices that are nearly an anchor are that anchor."""
    if not len(anchors):
        return polygon
    tree = shapely.STRtree(shapely.points(anchors))
    made = from_rings([_snapped_ring(ring, anchors, tree) for ring in rings_of(polygon)])
    return made if made.is_valid and not made.is_empty else polygon


def _snapped_ring(ring: np.ndarray, anchors: np.ndarray, tree: shapely.STRtree) -> np.ndarray:
    at, to = tree.query_nearest(shapely.points(ring), max_distance=NEAR, all_matches=False)
    out = ring.copy()
    out[at] = anchors[to]
    return once(out)


def once(ring: np.ndarray) -> np.ndarray:
    """The ring without points that repeat the one before."""
    differs = np.concatenate([[True], np.any(ring[1:] != ring[:-1], axis=1)])
    found: np.ndarray = ring[differs]
    return found


def _woven(polygon: Polygon, points: np.ndarray) -> Polygon:
    """The polygon with each point that lies on an edge as a vertex there."""
    tree = shapely.STRtree(shapely.points(points))
    made = from_rings([woven_ring(ring, points, tree) for ring in rings_of(polygon)])
    return made if made.is_valid and not made.is_empty else polygon


def woven_ring(ring: np.ndarray, points: np.ndarray, tree: shapely.STRtree) -> np.ndarray:
    """The ring with the points that lie on its edges, each in its place along the edge."""
    edges = shapely.linestrings(np.stack([ring[:-1], ring[1:]], axis=1))
    at, which = tree.query(edges, predicate="dwithin", distance=NEAR)
    if not len(at):
        return ring
    own = shapely.STRtree(shapely.points(ring))
    taken = np.zeros(len(points), dtype=bool)
    taken[own.query(shapely.points(points), predicate="dwithin", distance=NEAR)[0]] = True
    free = ~taken[which]
    at, which = at[free], which[free]
    along = shapely.line_locate_point(edges[at], shapely.points(points[which]))
    order = np.lexsort((along, at))
    made: np.ndarray = np.insert(ring, at[order] + 1, points[which[order]], axis=0)
    return once(made)
