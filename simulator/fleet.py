"""The demo's vehicles as plain data: each with a plate, a terminal and a line of the city's roads that it drives."""

from typing import Any

import numpy as np
import shapely

from simulator.city import City

MANY, SHORTEST_M = 24, 700
FAULTS = ("", "", "", "dead", "", "", "jump", "", "late", "", "", "clock")
KINDS = (
    ("S", "洗扫车", "Sweeper", 9), ("W", "洒水车", "Sprinkler", 14), ("C", "垃圾收集车", "Collection truck", 18),
    ("T", "垃圾转运车", "Transfer truck", 30),
)  # fmt: skip


def vehicles(city: City, many: int = MANY) -> list[dict[str, Any]]:
    """So many vehicles on the longest roads, each on one of its own while there are enough; some with a fault."""
    roads = sorted(city.ground.roads("arterial", "secondary", "collector"), key=lambda road: -road.geom.length)
    lines = [line for road in roads for line in shapely.get_parts(shapely.line_merge(road.geom))]
    lines = sorted((line for line in lines if line.geom_type == "LineString"), key=lambda line: -line.length)[:many]
    found = []
    for number in range(many if lines else 0):
        points = shapely.get_coordinates(shapely.simplify(lines[number % len(lines)], 3))
        letter, zh, en, kmh = KINDS[number % len(KINDS)]
        found.append({
            "code": f"truck-{number + 1:02d}", "phone": f"1390754{number + 1:04d}",
            "plate": f"粤D{letter}{number + 1:04d}",
            "terminal": f"{letter}{number + 1:06d}", "zh": f"{zh}{number + 1:02d}", "en": f"{en} {number + 1:02d}",
            "kmh": kmh, "fault": FAULTS[number % len(FAULTS)],
            "route": np.round(city.plan.to_degrees(points), 6).tolist(),
        })  # fmt: skip
    return found
