"""Components (部件) along roads and in parks: lamps, covers, trees, guard rails, lawns and forty more sorts."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from simulator.city_base import Ground
from simulator.city_cells import CityCell
from simulator.city_plan import Plan
from simulator.city_regions import shares
from simulator.city_shapes import as_geojson, drawn

GREAT = ("arterial", "secondary")
MIDDLE = ("arterial", "secondary", "collector")
ALL = ("arterial", "secondary", "collector", "street")


@dataclass(frozen=True)
class Sort:
    """A sort of component: its type and class, its share, where it stands, how far from the middle line.

    Lines and areas lie along the road or bank that is nearest; `size` is how long and how wide they are in metres.
    """

    type: str
    number: str
    share: float
    where: tuple[str, ...]
    metres: float
    shape: str = "point"
    size: tuple[float, float] = (0, 0)


SORTS = (
    Sort("street_light", "0137", 190, ALL, 7), Sort("street_tree", "0402", 205, ALL, 9),
    Sort("litter_bin", "0305", 72, MIDDLE, 10), Sort("storm_grate", "0104", 92, ALL, 5),
    Sort("storm_cover", "0103", 70, ALL, 2), Sort("sewage_cover", "0102", 66, ALL, -2),
    Sort("water_cover", "0101", 48, ALL, 4), Sort("light_cover", "0106", 22, ALL, 7),
    Sort("gas_cover", "0111", 16, MIDDLE, -4), Sort("green_cover", "0114", 8, GREAT, 9),
    Sort("telecom_cabinet", "0127", 10, ALL, 11), Sort("power_facility", "0128", 9, ALL, 12),
    Sort("power_pole", "0130", 16, ("street",), 8), Sort("telecom_pole", "0131", 10, ("street",), -8),
    Sort("surveillance_camera", "0150", 9, MIDDLE, 8), Sort("street_sign", "0212", 17, ALL, 8),
    Sort("guardrail", "0217", 12, GREAT, 3, "line", (48, 0)), Sort("pavement_bollard", "0221", 20, MIDDLE, 11),
    Sort("crosswalk_bollard", "0220", 6, MIDDLE, 8), Sort("bicycle_parking", "0225", 8, MIDDLE, 11),
    Sort("bus_shelter", "0204", 8, GREAT, 9), Sort("car_park", "0201", 3, ALL, 26, "area", (42, 22)),
    Sort("ev_charger", "0154", 5, MIDDLE, 24), Sort("fitness_equipment", "0146", 9, ("park", "street"), 18),
    Sort("news_kiosk", "0140", 1.5, GREAT, 12), Sort("rest_pavilion", "0152", 2, ("park",), 0),
    Sort("bench", "0407", 22, ("park", "arterial"), 11), Sort("flower_rack", "0405", 10, ("park", *GREAT), 10),
    Sort("sculpture", "0406", 1, ("park",), 0),
    Sort("green_railing", "0408", 9, ("park", *GREAT), 10, "line", (24, 0)),
    Sort("notable_tree", "0401", 0.7, ("park", "street"), 14), Sort("landscape_light", "0139", 10, ("park", *GREAT), 9),
    Sort("public_toilet", "0301", 2.2, ("park", *MIDDLE), 22), Sort("toilet_sign", "0302", 3, MIDDLE, 11),
    Sort("transfer_station", "0304", 0.6, ALL, 34), Sort("outdoor_advert", "0306", 6, GREAT, 18),
    Sort("notice_board", "0308", 6, ALL, 12), Sort("water_sign", "0230", 1.5, ("bank",), 3),
    Sort("water_railing", "0507", 5, ("bank",), 0, "line", (36, 0)),
    Sort("flood_wall", "0508", 1, ("bank",), -2, "line", (60, 0)),
    Sort("green_strip", "0499", 6, ("park", *GREAT), 12, "area", (34, 3.5)),
    Sort("kerb", "0286", 3, GREAT, 6, "line", (40, 0)),
)  # fmt: skip
STATES = (("intact", 0.955), ("damaged", 0.033), ("lost", 0.006), ("abandoned", 0.006))
AUTHORITIES = {
    "01": "公用事业管理处",
    "02": "交通设施管理处",
    "03": "环境卫生管理局",
    "04": "园林绿化管理局",
    "05": "水务局",
}
KEEPERS = {"01": "市政养护所", "02": "市政养护所", "03": "环卫所", "04": "园林绿化所", "05": "市政养护所"}
MATERIALS = {"cover": ("铸铁", "球墨铸铁", "复合材料"), "tree": ("榕树", "凤凰木", "香樟", "木棉", "芒果")}


class Planter:
    """Sets the components of a city; every row has a 16-digit code of the district it stands in."""

    def __init__(self, plan: Plan, ground: Ground, cells: list[CityCell]) -> None:
        self.plan, self.cells = plan, cells
        self.rng = np.random.default_rng([plan.seed, plan.cells, 7])
        self.lines = {rank: _segments([road.geom for road in ground.roads(rank)]) for rank in ALL}
        banks = shapely.intersection(shapely.boundary(shapely.buffer(plan.river, 25)), plan.land)
        self.lines["bank"] = _segments([banks])
        parks = [cell.geom for cell in cells if cell.code in ground.park_cells]
        self.parks = np.array(parks or [cells[0].geom], dtype=object)
        self.tree = shapely.STRtree(np.array([cell.geom for cell in cells]))
        self.borders = shapely.union_all(shapely.boundary(self._districts()))
        shapely.prepare(self.borders)
        self.next: dict[str, int] = {}

    def _districts(self) -> np.ndarray:
        """The shapes of the districts, because a component's code says in which one it stands."""
        groups: dict[str, list[BaseGeometry]] = {}
        for cell in self.cells:
            groups.setdefault(cell.code[:6], []).append(cell.geom)
        return np.array([shapely.coverage_union_all(np.array(members)) for members in groups.values()])

    def rows(self, total: int) -> Iterator[dict[str, object]]:
        """So many components, sort by sort, in a fixed order."""
        least = 1 if total >= len(SORTS) else 0
        for sort, wanted in zip(SORTS, shares(np.array([sort.share for sort in SORTS]), total, least), strict=True):
            points = self._points(sort, wanted)
            yield from self._sort_rows(sort, points[:wanted])

    def _points(self, sort: Sort, wanted: int) -> np.ndarray:
        """Places on dry ground; what fell outside the city or into water is set again."""
        found = np.empty((0, 2))
        for attempt in range(6):
            missing = wanted - len(found)
            if missing <= 0:
                break
            fresh = self._draw(sort, int(missing * 1.15) + 2, attempt)
            found = np.vstack([found, fresh[self._stands(fresh)]])
        return found

    def _stands(self, points: np.ndarray) -> np.ndarray:
        inside = np.zeros(len(points), bool)
        spots = shapely.points(points)
        index, cell = self.tree.query(spots, predicate="within")
        inside[[i for i, c in zip(index, cell, strict=True) if not self.cells[c].water]] = True
        return inside & (shapely.distance(self.borders, spots) > 0.5)

    def _draw(self, sort: Sort, number: int, attempt: int) -> np.ndarray:
        in_parks = (
            number // 2 if "park" in sort.where and len(sort.where) > 1 else number if "park" in sort.where else 0
        )
        pieces = []
        if in_parks:
            pieces.append(self._in_parks(in_parks))
        ranks = [rank for rank in sort.where if rank != "park" and len(self.lines[rank])]
        if ranks and number > in_parks:
            segments = np.vstack([self.lines[rank] for rank in ranks])
            pieces.append(self._along(segments, number - in_parks, sort.metres / self.plan.scale, attempt))
        points = np.vstack(pieces)
        return points[self.rng.permutation(len(points))]

    def _in_parks(self, number: int) -> np.ndarray:
        shapes = self.parks[self.rng.integers(0, len(self.parks), number)]
        west, south, east, north = shapely.bounds(shapes).T
        share = self.rng.random((2, number))
        return np.column_stack([west + (east - west) * share[0], south + (north - south) * share[1]])

    def _along(self, segments: np.ndarray, number: int, metres: float, attempt: int) -> np.ndarray:
        """Evenly along all lines end to end, a little off the beat, on either side."""
        start, way = segments[:, :2], segments[:, 2:] - segments[:, :2]
        length = np.hypot(*way.T)
        ends = np.cumsum(length)
        marks = (
            (np.arange(number) + self.rng.uniform(0.3, 0.7, number) + 0.37 * attempt) / (number + attempt) * ends[-1]
        )
        at = np.clip(np.searchsorted(ends, marks), 0, len(ends) - 1)
        share = np.clip(1 - (ends[at] - marks) / length[at], 0, 1)
        normal = np.column_stack([-way[at, 1], way[at, 0]]) / length[at, None]
        side = np.where(np.arange(number) % 2 == 0, 1.0, -1.0) * metres + self.rng.normal(0, 0.5, number)
        return start[at] + way[at] * share[:, None] + normal * side[:, None]

    def _sort_rows(self, sort: Sort, points: np.ndarray) -> Iterator[dict[str, object]]:
        if not len(points):
            return
        cells = self.tree.nearest(shapely.points(points))
        degrees = self.plan.to_degrees(points)
        states = self.rng.choice([s for s, _ in STATES], len(points), p=[p for _, p in STATES])
        luck = self.rng.random(len(points))
        shapes = self._shapes(sort, points, luck)
        for (lon, lat), cell, state, chance, shape in zip(degrees, cells, states, luck, shapes, strict=True):
            district = self.cells[cell].code[:6]
            key = district + sort.number
            self.next[key] = self.next.get(key, 0) + 1
            major = sort.number[:2]
            yield {
                "code": f"{key}{self.next[key]:06d}", "type": sort.type, "lon": float(lon), "lat": float(lat),
                "state": str(state), "authority": AUTHORITIES[major], "owner": AUTHORITIES[major],
                "maintainer": KEEPERS[major], "accuracy": "A" if chance < 0.7 else "B", "source": "survey",
                "attributes": _attributes(sort, float(chance)), **shape,
            }  # fmt: skip

    def _shapes(self, sort: Sort, points: np.ndarray, luck: np.ndarray) -> list[dict[str, object]]:
        """`geometry` for each point of a sort of lines or areas; nothing for a sort of points."""
        if sort.shape == "point":
            return [{}] * len(points)
        segments = np.vstack([self.lines[rank] for rank in sort.where if rank != "park"])
        size = (sort.size[0] / self.plan.scale, sort.size[1] / self.plan.scale)
        found = drawn(sort.shape, size, points, segments, luck)
        return [{"geometry": as_geojson(self.plan.degrees(shape))} for shape in found]


def _attributes(sort: Sort, chance: float) -> dict[str, object]:
    for word, materials in MATERIALS.items():
        if sort.type.endswith(word):
            return {"material" if word == "cover" else "species": materials[int(chance * len(materials))]}
    if sort.type == "street_light":
        return {"watt": (60, 90, 120, 150)[int(chance * 4)], "lamp": "LED"}
    return {}


def _segments(lines: list[BaseGeometry]) -> np.ndarray:
    """Every straight piece of the lines: x1, y1, x2, y2, those of a hand's breadth left out."""
    pieces = []
    for line in shapely.get_parts(np.array(lines, dtype=object)):
        if line.geom_type == "LineString" and not line.is_empty:
            points = shapely.get_coordinates(line)
            pieces.append(np.hstack([points[:-1], points[1:]]))
    if not pieces:
        return np.empty((0, 4))
    found = np.vstack(pieces)
    return found[np.hypot(found[:, 2] - found[:, 0], found[:, 3] - found[:, 1]) > 0.3]


def as_text(row: dict[str, object]) -> dict[str, object]:
    """A row for a CSV file: attributes as JSON, and the geometry of what is no point."""
    shape = json.dumps(row["geometry"]) if "geometry" in row else ""
    return {**row, "attributes": json.dumps(row["attributes"], ensure_ascii=False), "geometry": shape}
