"""Whether cells cover their communities, and regions their parents, without gap or overlap.

Areas are square metres by an equirectangular projection about the map's middle latitude: at the size of a city the
error is far below the tolerance. The tolerance forgives rounding of coordinates, never a drawn mistake.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from grid.contracts import CodePlan, Level, Problem
from grid.rules.codes import community_of
from grid.rules.shapes import CellShape, Drawing, RegionShape

EARTH_RADIUS_M = 6_371_008.8
TOLERANCE_M2 = 1.0

Flatten = Callable[[BaseGeometry], BaseGeometry]


def flattener(latitude: float) -> Flatten:
    """Degrees to metres near a latitude, good to a per mille over a city."""
    metres = EARTH_RADIUS_M * math.pi / 180
    scale = np.array([metres * math.cos(math.radians(latitude)), metres])
    return lambda geometry: shapely.transform(geometry, lambda points: points * scale)


def shape_problems(shapes: Sequence[tuple[str, BaseGeometry]], allowed: frozenset[str]) -> list[Problem]:
    """Shapes that are empty, of another sort than allowed, outside the earth or not valid."""
    found = []
    for code, geom in shapes:
        why = _why_not(geom, allowed)
        if why:
            found.append(Problem("grid.geometry", {"code": code, "why": why}))
    return found


def _why_not(geom: BaseGeometry, allowed: frozenset[str]) -> str:
    if geom.is_empty or geom.geom_type not in allowed:
        return geom.geom_type if not geom.is_empty else "empty"
    west, south, east, north = geom.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return "not in degrees"
    return "" if geom.is_valid else shapely.is_valid_reason(geom)


def coverage_problems(drawing: Drawing, plan: CodePlan) -> list[Problem]:
    """Gaps, overlaps and reaches across borders of a drawing whose codes and shapes are already sound."""
    latitude = float(np.mean([(r.geom.bounds[1] + r.geom.bounds[3]) / 2 for r in drawing.regions]))
    flat = flattener(latitude)
    regions = {region.code: (region, flat(region.geom)) for region in drawing.regions}
    return [*_region_problems(regions), *_cell_problems(drawing.cells, regions, flat, plan)]


def _region_problems(regions: Mapping[str, tuple[RegionShape, BaseGeometry]]) -> list[Problem]:
    found: list[Problem] = []
    siblings: dict[str, list[tuple[str, BaseGeometry]]] = defaultdict(list)
    for code, (region, geom) in regions.items():
        if region.level == Level.CITY:
            continue
        siblings[region.parent].append((code, geom))
        outside = geom.difference(regions[region.parent][1]).area
        if outside > _allowed(geom):
            params = {"code": code, "parent": region.parent, "area": round(outside)}
            found.append(Problem("grid.region_outside", params))
    for group in siblings.values():
        found += _overlaps(group, "grid.regions_overlap")
    return found


def _cell_problems(
    cells: Sequence[CellShape], regions: Mapping[str, tuple[RegionShape, BaseGeometry]], flat: Flatten, plan: CodePlan
) -> list[Problem]:
    found: list[Problem] = []
    by_community: dict[str, list[tuple[str, BaseGeometry]]] = defaultdict(list)
    for cell in cells:
        by_community[community_of(cell.code, plan)].append((cell.code, flat(cell.geom)))
    for community, group in by_community.items():
        found += _inside(group, regions[community][1])
    for code, (region, geom) in regions.items():
        if region.level == Level.COMMUNITY:
            found += _gaps(code, geom, [shape for _, shape in by_community[code]])
    if not shapely.coverage_is_valid(np.array([cell.geom for cell in cells])):
        found += _overlaps([pair for group in by_community.values() for pair in group], "grid.cells_overlap")
    return found


def _inside(cells: Sequence[tuple[str, BaseGeometry]], community: BaseGeometry) -> list[Problem]:
    outside = shapely.area(shapely.difference(np.array([geom for _, geom in cells]), community))
    return [
        Problem("grid.cell_outside", {"code": code, "area": round(float(area))})
        for (code, geom), area in zip(cells, outside, strict=True)
        if area > _allowed(geom)
    ]


def _gaps(code: str, community: BaseGeometry, cells: Sequence[BaseGeometry]) -> list[Problem]:
    missing = community.difference(shapely.union_all(np.array(cells, dtype=object))).area
    if missing <= _allowed(community):
        return []
    return [Problem("grid.gap", {"code": code, "area": round(missing)})]


def _overlaps(shapes: Sequence[tuple[str, BaseGeometry]], code: str) -> list[Problem]:
    geoms = np.array([geom for _, geom in shapes], dtype=object)
    tree = shapely.STRtree(geoms)
    left, right = tree.query(geoms, predicate="intersects")
    pairs = left < right
    left, right = left[pairs], right[pairs]
    areas = shapely.area(shapely.intersection(geoms[left], geoms[right]))
    found = []
    for one, other, area in zip(left, right, areas, strict=True):
        if area > min(_allowed(geoms[one]), _allowed(geoms[other])):
            params = {"code": shapes[one][0], "other": shapes[other][0], "area": round(float(area))}
            found.append(Problem(code, params))
    return found


def overlaps(shapes: Mapping[str, BaseGeometry], code: str) -> list[Problem]:
    """Pairs of shapes in degrees that overlap by more than rounding, told by this code."""
    if not shapes:
        return []
    bounds = shapely.total_bounds(list(shapes.values()))
    flat = flattener(float(bounds[1] + bounds[3]) / 2)
    return _overlaps([(name, flat(shape)) for name, shape in shapes.items()], code)


def reach_outside(shape: BaseGeometry, home: BaseGeometry) -> int:
    """Square metres by which a shape in degrees reaches out of its home; 0 where it is only rounding."""
    flat = flattener(float(home.bounds[1] + home.bounds[3]) / 2)
    inner = flat(shape)
    area = inner.difference(flat(home)).area
    return round(area) if area > _allowed(inner) else 0


def _allowed(geom: BaseGeometry) -> float:
    return max(TOLERANCE_M2, float(geom.length) * 0.001)
