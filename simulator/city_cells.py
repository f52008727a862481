"""Unit cells: each community cut by its own gently bent lattice of about 100 m, and by the banks of the river.

All lines are laid over one another and noded together, so that neighbours share every vertex; the faces between the
lines are gathered into cells. Gaps and overlaps cannot arise: each cell is a union of faces, each face belongs once.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from simulator.city_plan import Plan
from simulator.city_regions import Cut, Division, Part

SNAP_M = 0.5
SMALLEST = 0.34
OVERSHOOT = 0.04


@dataclass(frozen=True)
class Lattice:
    """The lattice of one community: fractions along its west-east and south-north sides."""

    community: Part
    columns: np.ndarray
    rows: np.ndarray


@dataclass
class CityCell:
    """A cell on the plane, before it is drawn in degrees."""

    code: str
    community: str
    geom: Polygon
    water: bool


def lattice_of(plan: Plan, community: Part, step: float, rng: np.random.Generator) -> Lattice:
    """Lines about `step` apart, each a little out of place, because a city is no chessboard."""
    sw, se, ne, nw = plan.warp(community.corners)
    across = (np.hypot(*(se - sw)) + np.hypot(*(ne - nw))) / 2
    along = (np.hypot(*(nw - sw)) + np.hypot(*(ne - se))) / 2
    return Lattice(community, _fractions(across / step, rng), _fractions(along / step, rng))


def _fractions(count: float, rng: np.random.Generator) -> np.ndarray:
    number = max(1, round(count))
    marks = np.arange(number + 1) + 0.0
    marks[1:-1] += rng.uniform(-0.13, 0.13, max(number - 1, 0))
    return marks / number


def bilinear(corners: np.ndarray, s: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Points of a four-sided part at fractions s (west to east) and t (south to north)."""
    sw, se, ne, nw = corners
    s, t = s[..., None], t[..., None]
    return sw * (1 - s) * (1 - t) + se * s * (1 - t) + ne * s * t + nw * (1 - s) * t


def inverse_bilinear(corners: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The fractions (s, t) of points in a four-sided part, by Newton's method."""
    sw, se, ne, nw = corners
    s, t = np.full(len(points), 0.5), np.full(len(points), 0.5)
    for _ in range(12):
        miss = points - bilinear(corners, s, t)
        by_s = (se - sw) * (1 - t[:, None]) + (ne - nw) * t[:, None]
        by_t = (nw - sw) * (1 - s[:, None]) + (ne - se) * s[:, None]
        area = by_s[:, 0] * by_t[:, 1] - by_s[:, 1] * by_t[:, 0]
        s = s + (miss[:, 0] * by_t[:, 1] - miss[:, 1] * by_t[:, 0]) / area
        t = t + (by_s[:, 0] * miss[:, 1] - by_s[:, 1] * miss[:, 0]) / area
    return s, t


def border_lines(plan: Plan, division: Division) -> list[LineString]:
    """The borders of all parts, finely bent, each reaching a little over its ends."""
    lines = [_bent(plan, cut) for cut in division.cuts]
    frame = np.array([[-0.15, -0.15], [1.15, -0.15], [1.15, 1.15], [-0.15, 1.15]])
    lines.append(LineString(plan.warp(np.vstack([frame, frame[:1]]))))
    v = np.linspace(-0.1, 1.1, 260)
    lines.append(LineString(plan.warp(np.column_stack([np.full_like(v, plan.river_u), v]))))
    return lines


def _bent(plan: Plan, cut: Cut) -> LineString:
    rough = plan.warp(np.array([cut.start, cut.end]))
    number = max(3, int(np.hypot(*(rough[1] - rough[0])) / 60))
    reach = 4.0 / max(np.hypot(*(rough[1] - rough[0])), 1.0)
    share = np.linspace(-reach, 1 + reach, number)[:, None]
    return LineString(plan.warp(cut.start + (cut.end - cut.start) * share))


def lattice_lines(plan: Plan, lattice: Lattice) -> list[LineString]:
    """The lines inside a community; vertices where they cross, ends a little over the border."""
    corners, columns, rows = lattice.community.corners, lattice.columns, lattice.rows
    lines = []
    for s in columns[1:-1]:
        t = np.concatenate([[-OVERSHOOT / len(rows)], rows, [1 + OVERSHOOT / len(rows)]])
        lines.append(LineString(plan.warp(bilinear(corners, np.full_like(t, s), t))))
    for t in rows[1:-1]:
        s = np.concatenate([[-OVERSHOOT / len(columns)], columns, [1 + OVERSHOOT / len(columns)]])
        lines.append(LineString(plan.warp(bilinear(corners, s, np.full_like(s, t)))))
    return lines


class Cutter:
    """Cuts the cells of a division."""

    def __init__(self, plan: Plan, division: Division) -> None:
        self.plan = plan
        self.communities = division.communities()
        rng = np.random.default_rng([plan.seed, plan.cells, 3])
        state = rng.bit_generator.state
        step = plan.step
        for _ in range(2):
            rng.bit_generator.state = state
            self.lattices = [lattice_of(plan, part, step, rng) for part in self.communities]
            step *= np.sqrt(self._expected() / plan.cells)
        rng.bit_generator.state = state
        self.lattices = [lattice_of(plan, part, step, rng) for part in self.communities]
        self.borders = border_lines(plan, division)
        self._inside = [line for lattice in self.lattices for line in lattice_lines(plan, lattice)]

    def _expected(self) -> float:
        """How many cells the lattices would give: those whose middle lies on the city's ground."""
        total = 0.0
        for lattice in self.lattices:
            s, t = np.meshgrid(_middles(lattice.columns), _middles(lattice.rows))
            middles = self.plan.warp(bilinear(lattice.community.corners, s.ravel(), t.ravel()))
            total += shapely.contains_xy(self.plan.land, middles).sum()
        return total

    def cut(self) -> list[CityCell]:
        """Every cell with its code, community by community."""
        faces = self._faces()
        keys, water = self._keys(faces)
        groups = self._gathered(faces, keys, water)
        return self._coded(self._reunited(groups))

    def _faces(self) -> np.ndarray:
        """The smallest pieces between all lines that lie on the city's ground."""
        banks = shapely.boundary(shapely.intersection(self.plan.river, self.plan.land))
        lines = [*self.borders, *self._inside, shapely.boundary(self.plan.land), banks]
        noded = shapely.union_all(lines, grid_size=SNAP_M / self.plan.scale)
        faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
        return faces[shapely.contains_xy(self.plan.land, shapely.get_coordinates(shapely.point_on_surface(faces)))]

    def _keys(self, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each face: community, row from the north, column from the west; and whether it is river."""
        spots = shapely.point_on_surface(faces)
        xy = shapely.get_coordinates(spots)
        water = shapely.contains_xy(self.plan.river, xy)
        uv = self.plan.unwarp(xy)
        parts = np.array([Polygon(part.corners) for part in self.communities])
        tree = shapely.STRtree(parts)
        owner = tree.nearest(shapely.points(uv))
        keys = np.zeros((len(faces), 3), int)
        keys[:, 0] = owner
        for index in np.unique(owner):
            mine = np.flatnonzero(owner == index)
            lattice = self.lattices[index]
            s, t = inverse_bilinear(lattice.community.corners, uv[mine])
            keys[mine, 1] = -_slot(lattice.rows, t)
            keys[mine, 2] = _slot(lattice.columns, s)
        return keys, water

    def _gathered(self, faces: np.ndarray, keys: np.ndarray, water: np.ndarray) -> dict[tuple, BaseGeometry]:
        """Faces of one slot together; what is too small to be a cell goes to the neighbour with the longest border."""
        slots: dict[tuple, list[int]] = {}
        for index, (community, row, column) in enumerate(keys):
            slots.setdefault((int(community), bool(water[index]), int(row), int(column)), []).append(index)
        pieces: list[tuple[tuple, BaseGeometry]] = []
        for key, members in slots.items():
            whole = shapely.coverage_union_all(faces[members])
            pieces += [(key, part) for part in shapely.get_parts(whole)]
        return _absorbed(pieces, SMALLEST * self.plan.step**2)

    def _reunited(self, groups: dict[tuple, BaseGeometry]) -> dict[tuple, BaseGeometry]:
        """No community lies on both sides of a bay: what is cut off goes to the neighbour it borders on."""
        keys = list(groups)
        shapes = np.array(list(groups.values()), dtype=object)
        owner = np.array([key[0] for key in keys])
        for community in range(len(self.communities)):
            mine = np.flatnonzero(owner == community)
            pieces = shapely.get_parts(shapely.coverage_union_all(shapes[mine]))
            for piece in sorted(pieces, key=lambda part: part.area)[:-1]:
                gone = mine[shapely.contains_xy(piece, shapely.get_coordinates(shapely.point_on_surface(shapes[mine])))]
                owner[gone] = self._neighbour(piece, shapes, owner, community)
        return {self._rekeyed(key, int(home), groups[key]): groups[key] for key, home in zip(keys, owner, strict=True)}

    def _neighbour(self, piece: BaseGeometry, shapes: np.ndarray, owner: np.ndarray, community: int) -> int:
        """The other community with the longest border on a piece; its own where it is an island."""
        near = shapely.STRtree(shapes).query(piece, predicate="intersects")
        near = near[owner[near] != community]
        shared = shapely.length(shapely.intersection(shapely.boundary(shapes[near]), piece.boundary))
        lengths = {int(home): float(shared[owner[near] == home].sum()) for home in np.unique(owner[near])}
        return max(lengths, key=lambda home: lengths[home]) if any(lengths.values()) else community

    def _rekeyed(self, key: tuple, home: int, geom: BaseGeometry) -> tuple:
        """The key of a cell in the community that took it in: its row is counted on in that lattice."""
        if key[0] == home:
            return key
        lattice = self.lattices[home]
        uv = self.plan.unwarp(shapely.get_coordinates(shapely.centroid(geom)))
        s, t = inverse_bilinear(lattice.community.corners, uv)
        row = -int(np.floor(t[0] * (len(lattice.rows) - 1)))
        return (home, key[1], row, int(np.floor(s[0] * (len(lattice.columns) - 1))), *key[4:])

    def _coded(self, groups: dict[tuple, BaseGeometry]) -> list[CityCell]:
        """Codes run from the west to the east, then from the north to the south, inside a community."""
        cells = []
        for community in range(len(self.communities)):
            mine = sorted(
                ((key, geom) for key, geom in groups.items() if key[0] == community),
                key=lambda item: (item[0][2], item[1].centroid.x),
            )
            code = self.communities[community].code
            cells += [CityCell(f"{code}{number:03d}", code, geom, key[1]) for number, (key, geom) in enumerate(mine, 1)]
        return cells


def _middles(marks: np.ndarray) -> np.ndarray:
    return (marks[1:] + marks[:-1]) / 2


def _slot(marks: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.clip(np.searchsorted(marks, values) - 1, 0, len(marks) - 2)


def _absorbed(pieces: list[tuple[tuple, BaseGeometry]], smallest: float) -> dict[tuple, BaseGeometry]:
    """Cells by a key of their own; small pieces are taken in by the best neighbour, smallest first."""
    keys = [key for key, _ in pieces]
    shapes = np.array([geom for _, geom in pieces], dtype=object)
    owner = np.arange(len(pieces))
    areas = shapely.area(shapes)
    small = [index for index in np.argsort(areas) if areas[index] < smallest]
    links = _links(shapes, small)
    grown = areas.copy()
    for index in small:
        if owner[index] != index or grown[index] >= smallest:
            continue
        best = _best(index, links, keys, owner)
        if best is None:
            continue
        grown[best] += grown[index]
        owner[owner == index] = best
    return {
        (*keys[index], int(index)): shapely.coverage_union_all(shapes[owner == index]) for index in np.unique(owner)
    }


def _links(shapes: np.ndarray, small: list[int]) -> dict[int, dict[int, float]]:
    """For each small piece: how long a border it shares with which other."""
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes[small], predicate="intersects")
    left = np.array(small)[left] if len(small) else left
    apart = left != right
    left, right = left[apart], right[apart]
    shared = shapely.length(shapely.intersection(shapely.boundary(shapes[left]), shapely.boundary(shapes[right])))
    links: dict[int, dict[int, float]] = {}
    for one, other, length in zip(left, right, shared, strict=True):
        if length > 0:
            links.setdefault(int(one), {})[int(other)] = float(length)
            links.setdefault(int(other), {})[int(one)] = float(length)
    return links


def _best(index: int, links: dict[int, dict[int, float]], keys: list[tuple], owner: np.ndarray) -> int | None:
    """The neighbour to be taken in by: of the same community and ground if there is one, then by shared length."""
    shared: dict[int, float] = {}
    for member in np.flatnonzero(owner == index):
        for other, length in links.get(int(member), {}).items():
            if owner[other] != index:
                shared[int(owner[other])] = shared.get(int(owner[other]), 0.0) + length
    if not shared:
        return None
    return max(shared, key=lambda o: (keys[o][0] == keys[index][0], keys[o][1] == keys[index][1], shared[o]))
