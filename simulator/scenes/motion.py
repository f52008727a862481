"""How things move: paths through points, with speed that rises and falls as it does."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, degrees, hypot

import numpy as np

Pace = Callable[[float], float]


def steady(share: float) -> float:
    """The same speed all the way."""
    return share


def braking(share: float) -> float:
    """Full speed first, then to a stop."""
    return 1 - (1 - share) ** 2


def starting(share: float) -> float:
    """From a stop, faster and faster."""
    return share**2


@dataclass(frozen=True)
class Pose:
    """Where, turned where (degrees clockwise from +y), metres gone since the start, and whether it is slowing down."""

    x: float
    y: float
    heading: float
    gone: float
    slowing: bool


@dataclass(frozen=True)
class Path:
    """A way through points of the ground (a smooth line), taken in `seconds` at a pace."""

    points: tuple[tuple[float, float], ...]
    seconds: float
    pace: Pace = steady

    def at(self, t: float) -> Pose:
        """The pose t seconds after the start (before and after it: at the ends)."""
        dense, gone = _line(self.points)
        share = min(1.0, max(0.0, t / self.seconds))
        distance = self.pace(share) * gone[-1]
        x, y = (float(np.interp(distance, gone, dense[:, axis])) for axis in (0, 1))
        low, high = (max(0.0, min(gone[-1], distance + shift)) for shift in (-0.4, 0.4))
        dx, dy = (
            float(np.interp(high, gone, dense[:, axis]) - np.interp(low, gone, dense[:, axis])) for axis in (0, 1)
        )
        heading = degrees(atan2(dx, dy)) if hypot(dx, dy) > 1e-6 else 0.0
        return Pose(x, y, heading, float(distance), self.pace is braking and 0.1 < share < 1.0)


@lru_cache(maxsize=256)
def _line(corners: tuple[tuple[float, float], ...]) -> tuple[np.ndarray, np.ndarray]:
    """A dense line through the corners, and the metres gone at each of its points."""
    points = np.array(corners, dtype=float)
    dense = np.vstack([_curve(points, share) for share in np.linspace(0, len(points) - 1, 24 * (len(points) - 1) + 1)])
    steps = np.hypot(*np.diff(dense, axis=0).T)
    return dense, np.concatenate([[0.0], np.cumsum(steps)])


def _curve(points: np.ndarray, share: float) -> np.ndarray:
    """Catmull-Rom spline through the points."""
    k = min(int(share), len(points) - 2)
    u = share - k
    before, after = points[max(k - 1, 0)], points[min(k + 2, len(points) - 1)]
    a, b = points[k], points[k + 1]
    return 0.5 * (
        2 * a + (b - before) * u + (2 * before - 5 * a + 4 * b - after) * u**2 + (3 * a - before - 3 * b + after) * u**3
    )
