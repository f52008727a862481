"""What lies on the ground: roads with classes and names, bridges, parks, water; and what each cell is used for."""

from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from simulator.city_cells import CityCell, Cutter, bilinear
from simulator.city_names import ARTERIALS_ACROSS, CANAL, RIVER, SEA, Namer, Names
from simulator.city_plan import HEIGHT, WIDTH, Plan
from simulator.city_regions import Division

PARKS_AT_DEFAULT = 26


@dataclass(frozen=True)
class Feature:
    """A feature of the base map on the plane."""

    kind: str
    rank: str
    names: Names
    geom: BaseGeometry


@dataclass
class Ground:
    """The base map, and the cells that are parks."""

    features: list[Feature] = field(default_factory=list)
    park_cells: set[str] = field(default_factory=set)

    def roads(self, *ranks: str) -> list[Feature]:
        """Roads of these classes (all, if none is named)."""
        return [f for f in self.features if f.kind == "road" and (not ranks or f.rank in ranks)]


class Surveyor:
    """Draws the base map of a city."""

    def __init__(self, plan: Plan, division: Division, cutter: Cutter, cells: list[CityCell]) -> None:
        self.plan, self.division, self.cutter, self.cells = plan, division, cutter, cells
        self.rng = np.random.default_rng([plan.seed, plan.cells, 4])
        self.namer = Namer(np.random.default_rng([plan.seed, plan.cells, 5]))
        self.firm = shapely.buffer(plan.mainland, -30)
        self.wet = shapely.buffer(plan.river, 30)
        shapely.prepare(self.firm)

    def draw(self) -> Ground:
        """Everything, ready to be written."""
        ground = Ground()
        plan = self.plan
        ground.features.append(Feature("sea", "", SEA, self._framed(plan.sea)))
        river = shapely.difference(self._framed(plan.river), plan.sea)
        ground.features.append(Feature("river", "main", RIVER, river))
        ground.features.append(Feature("river", "canal", CANAL, shapely.buffer(plan.canal, 14)))
        self._parks(ground)
        for feature in [*self._great_roads(), *self._cut_roads(), *self._lanes()]:
            if not feature.geom.is_empty:
                ground.features.append(feature)
        ground.features += self._bridges(ground.roads("expressway", "arterial"))
        return ground

    def _framed(self, geom: BaseGeometry) -> BaseGeometry:
        return shapely.intersection(
            geom, shapely.box(-2.2 * WIDTH / 2, -1.9 * HEIGHT, 2.2 * WIDTH / 2, 1.9 * HEIGHT / 2)
        )

    def _great_roads(self) -> list[Feature]:
        """Roads that serve the whole city: ring, coast, river banks, the bridge over the bay, the way inland."""
        plan = self.plan
        turn = np.linspace(0, 2 * np.pi, 300)
        ring = plan.warp(np.column_stack([0.47 + 0.27 * np.cos(turn), 0.56 + 0.27 * np.sin(turn)]))
        coast = _longest(shapely.intersection(shapely.boundary(shapely.buffer(plan.mainland, -240)), self._city_box()))
        coast = shapely.intersection(_smooth(shapely.simplify(coast, 60), 3), shapely.buffer(plan.mainland, -90))
        u = np.linspace(-0.3, 1.3, 220)
        inland = plan.warp(np.column_stack([u, 0.86 + 0.05 * np.sin(5 * u + 1)]))
        bay = _smooth(
            LineString([(620, -2950), (1150, -3650), (2400, -4150), (3900, -4230), (4900, -4080), (5500, -3900)]), 4
        )
        found = [
            Feature("road", "expressway", {"zh": "环城快速路", "en": "Ring Expressway"}, self._dry(LineString(ring))),
            Feature("road", "expressway", {"zh": "澄湾大桥", "en": "Chengwan Bay Bridge"}, bay),
            Feature("road", "expressway", {"zh": "北环高速", "en": "North Expressway"}, LineString(inland)),
            Feature("road", "arterial", {"zh": "滨海大道", "en": "Binhai Avenue"}, _lines(coast)),
        ]
        banks = shapely.difference(shapely.boundary(shapely.buffer(plan.river, 75)), shapely.buffer(plan.sea, 150))
        sides = sorted(shapely.get_parts(_lines(shapely.line_merge(shapely.intersection(banks, plan.land)))),
                       key=lambda line: line.length)[-2:]  # fmt: skip
        for line, (zh, en) in zip(
            sorted(sides, key=lambda s: s.centroid.x), (("西", "West"), ("东", "East")), strict=False
        ):
            found.append(Feature("road", "secondary", {"zh": f"滨江{zh}路", "en": f"Binjiang {en} Road"}, line))
        return found

    def _city_box(self) -> BaseGeometry:
        return shapely.buffer(self.plan.land, 500)

    def _dry(self, line: BaseGeometry) -> BaseGeometry:
        return _lines(shapely.intersection(line, self.firm))

    def _cut_roads(self) -> list[Feature]:
        """A road along every line where ground was parted; only the great avenues cross the river."""
        across = iter(ARTERIALS_ACROSS)
        found = []
        for cut, line in zip(self.division.cuts, self.cutter.borders, strict=False):
            if cut.rank == "avenue":
                found.append(Feature("road", "arterial", self.namer.road("arterial", next(across)), self._dry(line)))
                continue
            ground = shapely.intersection(line, shapely.buffer(self.plan.land, -20))
            way = _lines(shapely.difference(ground, self.wet))
            found.append(Feature("road", cut.rank, self.namer.road(cut.rank), way))
        return found

    def _lanes(self) -> list[Feature]:
        """Streets inside communities: about every second line of the lattice."""
        lines = []
        for lattice in self.cutter.lattices:
            corners = lattice.community.corners
            for s in lattice.columns[1:-1][int(self.rng.integers(0, 2)) :: 2]:
                lines.append(self._lane(corners, np.full_like(lattice.rows, s), lattice.rows))
            for t in lattice.rows[1:-1][int(self.rng.integers(0, 2)) :: 2]:
                lines.append(self._lane(corners, lattice.columns, np.full_like(lattice.columns, t)))
        ground = shapely.difference(shapely.buffer(self.plan.land, -60), self.wet)
        shapely.prepare(ground)
        ways = shapely.intersection(np.array(lines, dtype=object), ground)
        return [Feature("road", "street", self.namer.road("street"), _lines(way)) for way in ways if not way.is_empty]

    def _lane(self, corners: np.ndarray, s: np.ndarray, t: np.ndarray) -> LineString:
        return LineString(self.plan.warp(bilinear(corners, s, t)))

    def _bridges(self, roads: list[Feature]) -> list[Feature]:
        """The stretches of great roads above water, each with a name of its own."""
        water = shapely.union_all([self.plan.river, self.plan.sea])
        found = []
        for road in roads:
            for span in shapely.get_parts(_lines(shapely.intersection(road.geom, water))):
                if span.length > 60:
                    names = {"zh": _bridge_zh(road.names["zh"]), "en": _bridge_en(road.names["en"])}
                    found.append(Feature("road", "bridge", names, span))
        return found

    def _parks(self, ground: Ground) -> None:
        """A forest in the hills, a park by the bay, and squares of a few cells all over the city."""
        dry = [cell for cell in self.cells if not cell.water]
        shapes = np.array([cell.geom for cell in dry])
        middles = shapely.get_coordinates(shapely.centroid(shapes))
        taken = np.zeros(len(dry), bool)
        hills = self.plan.warp(np.array([[0.16, 0.86], [0.62, 0.87]]))
        bay = np.array([0.42 * WIDTH / 2, -0.42 * HEIGHT / 2])
        spots: list[tuple[np.ndarray, float, tuple[str, str] | None]] = [
            (hills[0], 900.0, ("青云山", "Qingyunshan")),
            (hills[1], 620.0, ("凤岭", "Fengling")),
            (bay, 420.0, ("海湾", "Haiwan")),
        ]
        number = max(3, round(PARKS_AT_DEFAULT * self.plan.cells / 12_800))
        weight = 0.4 + self.plan.density(middles)
        for index in self.rng.choice(len(dry), min(number, len(dry) // 8 + 1), replace=False, p=weight / weight.sum()):
            spots.append((middles[index], float(self.rng.uniform(1.0, 2.3)) * self.plan.step, None))
        for place, reach, root in spots:
            self._park(ground, place, reach, root, dry, shapes, middles, taken)

    def _park(self, ground, place, reach, root, dry, shapes, middles, taken) -> None:
        away = middles - place
        bearing = np.arctan2(away[:, 1], away[:, 0])
        edge = reach * (1 + 0.25 * np.sin(2 * bearing + reach) + 0.12 * np.sin(5 * bearing))
        chosen = (np.hypot(*away.T) < edge) & ~taken
        if not chosen.any():
            return
        taken |= chosen
        whole = shapely.coverage_union_all(shapes[chosen])
        soft = 0.3 * self.plan.step
        soft_shape = shapely.buffer(shapely.buffer(shapely.buffer(whole, -soft), 1.6 * soft), -0.75 * soft)
        names = {"zh": f"{root[0]}公园", "en": f"{root[1]} Park"} if root else self.namer.park()
        rank = "forest" if reach > 6 * self.plan.step else "garden"
        parts = [part for part in shapely.get_parts(soft_shape) if not part.is_empty]
        ground.features += [Feature("park", rank, names, part) for part in parts]
        ground.park_cells.update(dry[index].code for index in np.flatnonzero(chosen))


def _bridge_zh(name: str) -> str:
    return name if name.endswith("桥") else f"{name.removesuffix('大道').removesuffix('路')}大桥"


def _bridge_en(name: str) -> str:
    return name if name.endswith("Bridge") else f"{name.removesuffix(' Avenue')} Bridge"


def _lines(geom: BaseGeometry) -> BaseGeometry:
    """Only the lines of a shape, merged where they meet."""
    parts = [part for part in shapely.get_parts(geom) if part.geom_type == "LineString"]
    if not parts:
        return shapely.LineString()
    return parts[0] if len(parts) == 1 else shapely.line_merge(shapely.multilinestrings(parts))


def _longest(geom: BaseGeometry) -> BaseGeometry:
    return max(shapely.get_parts(shapely.line_merge(_lines(geom))), key=lambda line: line.length)


def _smooth(line: BaseGeometry, rounds: int) -> LineString:
    """Corners cut by Chaikin's rule, ends kept."""
    points = np.array(line.coords)
    for _ in range(rounds):
        cut = np.stack([0.75 * points[:-1] + 0.25 * points[1:], 0.25 * points[:-1] + 0.75 * points[1:]], axis=1)
        points = np.vstack([points[:1], cut.reshape(-1, 2), points[-1:]])
    return LineString(points)


def land_use(plan: Plan, cells: list[CityCell], parks: set[str]) -> list[tuple[str, int]]:
    """What each cell is used for, and its management grade: 1 in the liveliest parts, 3 at the edge, 4 on water."""
    rng = np.random.default_rng([plan.seed, plan.cells, 6])
    middles = shapely.get_coordinates(shapely.centroid(np.array([cell.geom for cell in cells])))
    density = plan.density(middles)
    luck = rng.random(len(cells))
    found = []
    for cell, dense, chance in zip(cells, density, luck, strict=True):
        grade = 4 if cell.water else 1 if dense > 1.25 else 2 if dense > 0.65 else 3
        found.append((_use(cell, parks, dense, chance), grade))
    return found


def _use(cell: CityCell, parks: set[str], dense: float, chance: float) -> str:
    if cell.water:
        return "water"
    if cell.code in parks:
        return "park"
    if chance < 0.06:
        return "public"
    if dense > 0.9:
        return "commercial" if chance > 0.68 else "residential"
    return "industrial" if chance > 0.72 else "residential"
