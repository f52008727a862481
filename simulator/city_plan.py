"""The ground plan: a bent plane, a coast with a bay, a river, and how densely people live.

Everything is drawn on a canonical plane (metres, origin at the city's middle) and scaled at the end to the size that
was asked for. The bent coordinates (u, v) run along the river (v) and along the coast (u): streets, communities and
cells are cut in them, so their borders follow the features of the ground.
"""

import math
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

CENTRE = (116.70, 23.36)
METRES_PER_DEGREE = 6_371_008.8 * math.pi / 180
WIDTH, HEIGHT = 16_000.0, 10_000.0
CELL_M2 = 10_000.0
COAST = (
    (-2.60, -1.05), (-2.05, -0.86), (-1.62, -0.93), (-1.28, -0.78), (-1.02, -0.86), (-0.80, -0.70), (-0.60, -0.72),
    (-0.42, -0.80), (-0.26, -0.80), (-0.10, -0.80), (0.06, -0.68), (0.16, -0.52), (0.32, -0.42), (0.50, -0.42),
    (0.66, -0.50), (0.73, -0.62), (0.68, -0.73), (0.56, -0.77), (0.58, -0.83), (0.72, -0.85), (0.90, -0.79),
    (1.10, -0.72), (1.34, -0.84), (1.70, -0.76), (2.10, -0.92), (2.60, -0.84),
)  # fmt: skip
ISLANDS = ((0.36, -0.74, 0.030), (0.18, -0.98, 0.045), (-0.86, -1.02, 0.036))


def catmull_rom(points: np.ndarray, steps: int) -> np.ndarray:
    """A smooth curve through the points (uniform Catmull-Rom spline)."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        bend = (2 * b) + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
        pieces.append(bend / 2)
    return np.vstack([*pieces, points[-1:]])


class Plan:
    """The ground of one city; deterministic in seed and number of cells."""

    def __init__(self, seed: int, cells: int) -> None:
        self.seed, self.cells = seed, cells
        self.rng = np.random.default_rng([seed, cells])
        self.river_u = 0.37 + self.rng.uniform(-0.015, 0.015)
        self.canal_u = 0.735 + self.rng.uniform(-0.015, 0.015)
        self._draw_bends()
        self.coast = self._coast()
        self.land = self._land()
        self.scale = math.sqrt(cells * CELL_M2 / self.land.area)
        self.step = math.sqrt(CELL_M2) / self.scale
        self.centres = self._centres()

    def _draw_bends(self) -> None:
        rng = self.rng
        self._waves = [
            (rng.uniform(0.4, 1.3), rng.uniform(0.4, 1.2), rng.uniform(0, 2 * np.pi), rng.uniform(0, 2 * np.pi))
            for _ in range(3)
        ]
        self._meander = (rng.uniform(0, 2 * np.pi), rng.uniform(0, 2 * np.pi), rng.uniform(0.65, 0.95))
        self._ripples = [(*rng.uniform(3.0, 6.0, 2), *rng.uniform(0, 2 * np.pi, 2)) for _ in range(2)]
        spots = ((0.20, 0.55), (0.55, 0.62), (0.86, 0.52))
        self._twists = [
            (u + rng.uniform(-0.04, 0.04), v + rng.uniform(-0.08, 0.08), rng.uniform(0.16, 0.30) * rng.choice([-1, 1]))
            for u, v in spots
        ]
        self._strength = 1.0
        while self._smallest_stretch() < 0.4:
            self._strength *= 0.85

    def warp(self, uv: np.ndarray) -> np.ndarray:
        """Bent coordinates to the plane."""
        u, v = uv[..., 0], uv[..., 1]
        x, y = (u - 0.5) * WIDTH, (v - 0.5) * HEIGHT
        dx, dy = np.zeros_like(x), np.zeros_like(y)
        for number, (fu, fv, a, b) in enumerate(self._waves, start=1):
            dx += 330 / number**1.7 * np.sin(2 * np.pi * number * (fu * u * 0.6 + fv * v) + a)
            dy += 340 / number**1.7 * np.sin(2 * np.pi * number * (fu * u + fv * v * 0.6) + b)
        for fu, fv, a, b in self._ripples:
            dx += 45 * np.sin(2 * np.pi * (0.4 * fu * u + fv * v) + a)
            dy += 45 * np.sin(2 * np.pi * (fu * u - 0.4 * fv * v) + b)
        dy += 620 * np.exp(-(((u - 0.55) / 0.17) ** 2)) * np.clip(1 - v, 0, 1.4)
        for cu, cv, angle in self._twists:
            px, py = (u - cu) * WIDTH, (v - cv) * HEIGHT
            fall = angle * np.exp(-(px**2 + py**2) / (2 * 1500.0**2))
            dx += px * (np.cos(fall) - 1) - py * np.sin(fall)
            dy += px * np.sin(fall) + py * (np.cos(fall) - 1)
        phase, second, turns = self._meander
        bend = 950 * np.sin(2 * np.pi * turns * v + phase) + 260 * np.sin(2 * np.pi * 1.9 * v + second)
        dx += bend * np.exp(-(((u - self.river_u) / 0.14) ** 2))
        return np.stack([x + self._strength * dx, y + self._strength * dy], axis=-1)

    def unwarp(self, xy: np.ndarray) -> np.ndarray:
        """The plane to bent coordinates, by fixed-point iteration to a millimetre."""
        size = np.array([WIDTH, HEIGHT])
        uv = xy / size + 0.5
        for _ in range(80):
            miss = xy - self.warp(uv)
            uv = uv + miss / size
            if np.abs(miss).max(initial=0) < 1e-3:
                break
        return uv

    def _smallest_stretch(self) -> float:
        u, v = np.meshgrid(np.linspace(-0.1, 1.1, 140), np.linspace(-0.1, 1.1, 100))
        xy = self.warp(np.stack([u, v], axis=-1))
        across, along = np.diff(xy, axis=1)[:-1] / (1.2 / 139), np.diff(xy, axis=0)[:, :-1] / (1.2 / 99)
        area = (across[..., 0] * along[..., 1] - across[..., 1] * along[..., 0]) / (WIDTH * HEIGHT)
        shift = (xy - np.stack([(u - 0.5) * WIDTH, (v - 0.5) * HEIGHT], axis=-1)) / np.array([WIDTH, HEIGHT])
        slope = max(
            np.abs(np.diff(shift, axis=1)).max() / (1.2 / 139), np.abs(np.diff(shift, axis=0)).max() / (1.2 / 99)
        )
        return float(min(area.min(), 1.15 - slope))

    def _coast(self) -> LineString:
        points = np.array(COAST) * [WIDTH / 2, HEIGHT / 2]
        points[3:-3] += self.rng.normal(0, 110, (len(points) - 6, 2))
        curve = catmull_rom(points, 10)
        for _ in range(3):
            length = np.hypot(*np.diff(curve, axis=0).T)[:, None]
            middle = (curve[1:] + curve[:-1]) / 2 + self.rng.normal(0, 0.11, (len(curve) - 1, 2)) * length
            curve = np.insert(curve, np.arange(1, len(curve)), middle, axis=0)
        return LineString(curve)

    @cached_property
    def islands(self) -> BaseGeometry:
        """Small islands off the coast that belong to nobody."""
        found = []
        for x, y, radius in ISLANDS:
            turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
            size = radius * HEIGHT / 2 * (1 + 0.2 * np.sin(2 * turn + x * 9) + 0.12 * np.sin(5 * turn))
            ring = np.column_stack([x * WIDTH / 2 + 1.5 * size * np.cos(turn), y * HEIGHT / 2 + size * np.sin(turn)])
            found.append(Polygon(ring))
        return shapely.union_all(found)

    @cached_property
    def mainland(self) -> BaseGeometry:
        """All land north of the coast, far beyond the city."""
        corners = [(2.6 * WIDTH / 2, 2.6 * HEIGHT), (-2.6 * WIDTH / 2, 2.6 * HEIGHT)]
        return shapely.make_valid(Polygon([*self.coast.coords, *corners]))

    def _land(self) -> Polygon:
        """The ground of the city: inside its limits and north of the coast."""
        turn = np.linspace(0, 2 * np.pi, 900, endpoint=False)
        phases = self.rng.uniform(0, 2 * np.pi, 5)
        wobble = sum(0.008 * np.sin((k + 2) * turn + phase) for k, phase in enumerate(phases))
        u = 0.5 + np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** 0.32 * (0.475 + 1.3 * wobble)
        v = 0.5 + np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** 0.32 * (
            np.where(turn > np.pi, 0.53, 0.465) + 2.2 * wobble
        )
        limits = shapely.make_valid(Polygon(self.warp(np.clip(np.column_stack([u, v]), 0.004, 0.996))))
        parts = shapely.get_parts(shapely.intersection(limits, self.mainland))
        return max(parts, key=lambda part: part.area)

    @cached_property
    def river_line(self) -> LineString:
        """The middle of the river, from the hills to the open sea: the border of two districts."""
        v = np.linspace(-0.06, 1.5, 420)
        return LineString(self.warp(np.column_stack([np.full_like(v, self.river_u), v])))

    @cached_property
    def river(self) -> BaseGeometry:
        """The water of the river between its banks; it widens towards its mouth."""
        points = np.array(self.river_line.coords)
        v = np.linspace(-0.06, 1.5, len(points))
        half = 118 + 26 * np.sin(9 * v + self._meander[1]) + 620 * np.clip(0.2 - v, 0, 1)
        tangent = np.gradient(points, axis=0)
        normal = np.column_stack([-tangent[:, 1], tangent[:, 0]]) / np.hypot(*tangent.T)[:, None]
        left, right = points + normal * half[:, None], points - normal * half[:, None]
        return shapely.make_valid(Polygon(np.vstack([left, right[::-1]])))

    @cached_property
    def canal(self) -> BaseGeometry:
        """A canal along the border of the second and third district."""
        v = np.linspace(-0.05, 1.12, 260)
        line = LineString(self.warp(np.column_stack([np.full_like(v, self.canal_u), v])))
        return shapely.intersection(line, self.mainland)

    @cached_property
    def sea(self) -> BaseGeometry:
        """The sea south of the coast, far beyond the city."""
        corners = [(2.6 * WIDTH / 2, -2.2 * HEIGHT), (-2.6 * WIDTH / 2, -2.2 * HEIGHT)]
        water = shapely.make_valid(Polygon([*self.coast.coords, *corners]))
        return shapely.difference(water, self.islands)

    def _centres(self) -> np.ndarray:
        spots = np.array(
            [[0.30, 0.42, 1.0], [0.46, 0.50, 0.9], [0.17, 0.62, 0.55], [0.62, 0.66, 0.6], [0.86, 0.56, 0.45]]
        )
        spots[:, :2] += self.rng.uniform(-0.03, 0.03, (len(spots), 2))
        return np.column_stack([self.warp(spots[:, :2]), spots[:, 2]])

    def density(self, xy: np.ndarray) -> np.ndarray:
        """How densely people live: 0.35 at the edge, up to about 2 in the old town."""
        found = np.full(len(xy), 0.35)
        for x, y, weight in self.centres:
            found += 1.5 * weight * np.exp(-((xy[:, 0] - x) ** 2 + (xy[:, 1] - y) ** 2) / (2 * 1700.0**2))
        return found

    def to_degrees(self, points: np.ndarray) -> np.ndarray:
        """The plane to WGS 84 degrees at the size asked for, rounded to about a centimetre."""
        east = METRES_PER_DEGREE * math.cos(math.radians(CENTRE[1]))
        return np.round(points * self.scale / [east, METRES_PER_DEGREE] + CENTRE, 7)

    def degrees(self, geom: BaseGeometry) -> BaseGeometry:
        """A shape on the plane as a shape in degrees."""
        return shapely.transform(geom, self.to_degrees)
