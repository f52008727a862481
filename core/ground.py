"""What gives a wrong datum away: comparing where a file puts things with where they are known to be. Pure."""

from collections.abc import Callable, Sequence
from math import inf
from statistics import median
from typing import NamedTuple

from core.geo import bd09_to_wgs84, gcj02_to_wgs84, haversine_m

Point = tuple[float, float]
Bounds = tuple[float, float, float, float]
CLOSE_M = 40.0
BETTER = 3.0
MOST = 400
FEWEST = 20
WIDE_M = 500.0
STRAIGHTENED: dict[str, Callable[[float, float], Point]] = {"gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}


def thinned(points: Sequence[Point]) -> list[Point]:
    """At most four hundred of the points, evenly taken."""
    step = max(1, -(-len(points) // MOST))
    return list(points[::step])


def bent(points: Sequence[Point], metres_off: Callable[[Sequence[Point]], float]) -> tuple[str, float] | None:
    """The datum that explains why the points lie off known ground, and by how many metres they do; None if none does.

    `metres_off` tells how far points lie from where they belong. A datum explains it when straightening brings them
    at least three times nearer.
    """
    points = thinned(points)
    if not points:
        return None
    as_given = metres_off(points)
    if as_given < CLOSE_M:
        return None
    best, name = inf, ""
    for datum, straighten in STRAIGHTENED.items():
        off = metres_off([straighten(lon, lat) for lon, lat in points])
        if off < best:
            best, name = off, datum
    return (name, as_given) if best * BETTER < as_given else None


class Fit(NamedTuple):
    """How far points lie from what they stand beside: as given, and when read on the datum that brings them nearest.

    `bent`: that datum is the likelier one. `sound`: the points fit as they are, and worse on any other datum.
    """

    datum: str
    as_given: float
    straightened: float
    bent: bool
    sound: bool


def fit(points: Sequence[Point], metres_off: Callable[[Sequence[Point]], Sequence[float]]) -> Fit | None:
    """Whether points that stand beside something, as components do beside roads, were drawn on another datum.

    `metres_off` tells for each point how far it lies from the nearest. A road is near everywhere in a city, so a bent
    file lies tens of metres off and not hundreds: it takes half the distance for most of the points to call a file
    bent. None where the points are too few, or too close together, to tell.
    """
    points = thinned(points)
    if len(points) < FEWEST or not _spread(points):
        return None
    as_given = metres_off(points)
    if not as_given:
        return None
    found = {name: metres_off([turn(*point) for point in points]) for name, turn in STRAIGHTENED.items()}
    datum = min(found, key=lambda name: median(found[name]))
    given, best = median(as_given), median(found[datum])
    nearer = sum(straight < off for straight, off in zip(found[datum], as_given, strict=True))
    return Fit(datum, given, best, best * 2 < given and nearer * 3 > len(points) * 2, given * 2 < best)


def _spread(points: Sequence[Point]) -> bool:
    lons, lats = zip(*points, strict=True)
    return haversine_m(min(lons), min(lats), max(lons), max(lats)) > WIDE_M


def swapped(points: Sequence[Point], bounds: Bounds) -> bool:
    """Whether more of the points lie on the known ground when longitude and latitude change places."""
    points = thinned(points)
    here = sum(inside(point, bounds) for point in points)
    turned = sum(inside((lat, lon), bounds) for lon, lat in points)
    return turned > here and turned * 2 > len(points)


def inside(point: Point, bounds: Bounds, margin: float = 0.0) -> bool:
    """Whether a point lies in the bounds, widened by so many degrees."""
    west, south, east, north = bounds
    return west - margin <= point[0] <= east + margin and south - margin <= point[1] <= north + margin
