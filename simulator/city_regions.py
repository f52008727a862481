"""Districts, streets and communities: the ground halved again and again along future roads, by how many live there.

A part is a four-sided piece of the bent plane (corners in u, v). Where a part is halved, a road will run.
"""

from dataclasses import dataclass, field

import numpy as np
import shapely

from simulator.city_plan import HEIGHT, WIDTH, Plan

Corners = np.ndarray
SAMPLES = (420, 280)
BANDS = (0.385, 0.655)


@dataclass(frozen=True)
class Cut:
    """A line between two points of the bent plane along which ground was parted, and the road it becomes."""

    start: np.ndarray
    end: np.ndarray
    rank: str


@dataclass
class Part:
    """A piece of ground: corners south-west, south-east, north-east, north-west in (u, v)."""

    corners: Corners
    members: np.ndarray
    code: str = ""
    children: list["Part"] = field(default_factory=list)

    def centre(self) -> np.ndarray:
        """The middle of its corners."""
        return self.corners.mean(axis=0)


@dataclass(frozen=True)
class Division:
    """The whole tree, and every cut that made it."""

    districts: list[Part]
    cuts: list[Cut]

    def communities(self) -> list[Part]:
        """Every community, district by district."""
        return [c for district in self.districts for street in district.children for c in street.children]


def counts_for(cells: int) -> tuple[int, int]:
    """How many streets and communities a city of so many cells has: 25 and 261 at 12,800."""
    streets = max(5, round(25 * cells / 12_800))
    return streets, max(2 * streets, round(261 * cells / 12_800))


def shares(weights: np.ndarray, total: int, least: int) -> list[int]:
    """Whole numbers in proportion to weights that add up to the total, none below the least (largest remainders)."""
    rest = total - least * len(weights)
    exact = weights / weights.sum() * rest
    found = np.floor(exact).astype(int)
    for index in np.argsort(found - exact)[: rest - found.sum()]:
        found[index] += 1
    return [int(number) + least for number in found]


class Divider:
    """Cuts the ground of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rng = np.random.default_rng([plan.seed, plan.cells, 2])
        u, v = np.meshgrid((np.arange(SAMPLES[0]) + 0.5) / SAMPLES[0], (np.arange(SAMPLES[1]) + 0.5) / SAMPLES[1])
        uv = np.column_stack([u.ravel(), v.ravel()])
        xy = plan.warp(uv)
        dry = shapely.contains_xy(plan.land, xy) & ~shapely.contains_xy(plan.river, xy)
        self.uv, self.xy = uv[dry], xy[dry]
        self.weight = plan.density(self.xy)
        self.cuts: list[Cut] = []

    def divide(self) -> Division:
        """The tree of districts, streets and communities with their codes."""
        streets, communities = counts_for(self.plan.cells)
        blocks = self._blocks()
        weights = np.array([[self._mass(block) for block in column] for column in blocks])
        flat = [block for column in blocks for block in column]
        groups: list[list[Part]] = [[], [], []]
        parted = shares(weights.ravel(), streets, 0) if streets >= 9 else None
        if parted is None or min(parted) == 0:
            groups = [self._split(self._merged(column), n, "arterial") for column, n in
                      zip(blocks, shares(weights.sum(axis=1), streets, 1), strict=True)]  # fmt: skip
        else:
            for index, (block, number) in enumerate(zip(flat, parted, strict=True)):
                groups[index // len(blocks[0])] += self._split(block, number, "arterial")
        each = iter(shares(np.array([self._mass(s) ** 0.8 for g in groups for s in g]), communities, 2))
        districts = [self._district(number, group, each) for number, group in enumerate(groups, start=1)]
        return Division(districts, self.cuts)

    def _district(self, number: int, streets: list[Part], each) -> Part:
        district = Part(np.empty((0, 2)), np.empty(0, int), f"44990{number}", streets)
        for index, street in enumerate(self._ordered(streets), start=1):
            street.code = f"{district.code}{index:03d}"
        district.children = sorted(streets, key=lambda part: part.code)
        for street in district.children:
            street.children = self._ordered(self._split(street, next(each), "secondary"))
            for index, community in enumerate(street.children, start=1):
                community.code = f"{street.code}{index:03d}"
        return district

    def _ordered(self, parts: list[Part]) -> list[Part]:
        """As people read a map: in rows from the north, each from the west."""
        return sorted(parts, key=lambda part: (-round(part.centre()[1] * 4), part.centre()[0]))

    def _blocks(self) -> list[list[Part]]:
        """Three districts by three bands: the river, the canal and two great avenues part them."""
        plan = self.plan
        columns = (0.0, plan.river_u, plan.canal_u, 1.0)
        tilt = self.rng.uniform(-0.03, 0.03, 2)
        south, north = BANDS + self.rng.uniform(-0.02, 0.02, 2)
        lines = [
            lambda u: 0.0,
            lambda u: south + tilt[0] * (u - 0.5),
            lambda u: north + tilt[1] * (u - 0.5),
            lambda u: 1.0,
        ]
        for line in lines[1:3]:
            self.cuts.append(Cut(np.array([-0.2, line(-0.2)]), np.array([1.2, line(1.2)]), "avenue"))
        self.cuts.append(Cut(np.array([plan.canal_u, -0.1]), np.array([plan.canal_u, 1.25]), "arterial"))
        blocks = []
        for west, east in zip(columns, columns[1:], strict=False):
            column = []
            for low, high in zip(lines, lines[1:], strict=False):
                corners = np.array([[west, low(west)], [east, low(east)], [east, high(east)], [west, high(west)]])
                column.append(Part(corners, self._inside(corners)))
            blocks.append(column)
        return blocks

    def _merged(self, column: list[Part]) -> Part:
        corners = np.vstack([column[0].corners[:2], column[-1].corners[2:]])
        return Part(corners, np.concatenate([part.members for part in column]))

    def _inside(self, corners: Corners) -> np.ndarray:
        keep = np.ones(len(self.uv), bool)
        for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            keep &= _side(self.uv, a, b) >= 0
        return np.flatnonzero(keep)

    def _mass(self, part: Part) -> float:
        return float(self.weight[part.members].sum())

    def _split(self, part: Part, number: int, rank: str) -> list[Part]:
        """The part in so many pieces of about the same weight, halved across its longer side each time."""
        if number <= 1:
            return [part]
        first = number // 2 + (int(self.rng.integers(0, 2)) if number % 2 else 0)
        spread = np.ptp(self.xy[part.members], axis=0) if len(part.members) else np.array([WIDTH, HEIGHT])
        upright = spread[0] * self.rng.uniform(0.85, 1.18) > spread[1]
        one, other = self._halved(part, first / number, bool(upright), rank)
        lower = "collector" if rank == "secondary" and number <= 3 else rank
        return [*self._split(one, first, lower), *self._split(other, number - first, lower)]

    def _halved(self, part: Part, share: float, upright: bool, rank: str) -> tuple[Part, Part]:
        sw, se, ne, nw = part.corners
        sides = ((sw, se), (nw, ne)) if upright else ((sw, nw), (se, ne))
        slant = self.rng.uniform(-0.1, 0.1)
        low, high = 0.02, 0.98
        for _ in range(18):
            middle = (low + high) / 2
            a, b = _between(*sides[0], middle - slant), _between(*sides[1], middle + slant)
            before = _side(self.uv[part.members], a, b) * (1 if upright else -1) >= 0
            done = self.weight[part.members][before].sum() / max(self._mass(part), 1e-9)
            low, high = (middle, high) if done < share else (low, middle)
        self.cuts.append(Cut(a, b, rank))
        if upright:
            pieces = np.array([sw, a, b, nw]), np.array([a, se, ne, b])
        else:
            pieces = np.array([sw, se, b, a]), np.array([a, b, ne, nw])
        return Part(pieces[0], part.members[before]), Part(pieces[1], part.members[~before])


def _side(points: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Positive where a point lies to the left of the way from a to b."""
    return (b[0] - a[0]) * (points[:, 1] - a[1]) - (b[1] - a[1]) * (points[:, 0] - a[0])


def _between(a: np.ndarray, b: np.ndarray, share: float) -> np.ndarray:
    return a + (b - a) * min(max(share, 0.01), 0.99)
