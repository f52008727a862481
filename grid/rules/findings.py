"""What is wrong with the ground of a draft: gaps, overlaps, slivers, reaches outside; each with its shape and a fix.

Everything is overlaid in degrees, cell by cell in the order of their codes, and only measured in metres: a part of the
map judged alone gives to the last bit what the whole map judged at once gives.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from grid.contracts import CodePlan, Fix, Level
from grid.rules.codes import PARENTS, community_of
from grid.rules.polygons import area_of, is_rounding, is_sliver, metres, polygons, width_of
from grid.rules.shapes import RegionShape
from grid.rules.weaving import NEAR


@dataclass(frozen=True)
class Finding:
    """One problem of the ground: where and whose it is, and what would mend it; `target` is the cell that changes."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    community: str = ""
    cells: tuple[str, ...] = ()
    geom: BaseGeometry | None = None
    fix: Fix | None = None
    target: str = ""

    @property
    def ident(self) -> str:
        """The same problem has the same name whenever it is found."""
        shape = b"" if self.geom is None else shapely.to_wkb(shapely.normalize(self.geom))
        told = "|".join([self.code, self.community, str(self.params.get("code", "")), *self.cells])
        return hashlib.sha256(told.encode() + shape).hexdigest()[:16]


def cell_findings(cells: Mapping[str, Polygon], outlines: Mapping[str, BaseGeometry], plan: CodePlan) -> list[Finding]:
    """What is wrong with each cell by itself: no sound shape, too narrow, outside its community."""
    found = []
    for code, shape in sorted(cells.items()):
        if shape.is_empty or not shape.is_valid:
            why = "empty" if shape.is_empty else shapely.is_valid_reason(shape)
            found.append(Finding("grid.geometry", {"code": code, "why": why}, community_of(code, plan), (code,), shape))
        elif is_sliver(shape):
            found.append(_sliver(code, shape, cells, plan))
        home = outlines.get(community_of(code, plan))
        if home is not None and shape.is_valid:
            found += _outside(code, shape, home, plan)
    return found


def _sliver(code: str, shape: Polygon, cells: Mapping[str, Polygon], plan: CodePlan) -> Finding:
    home = community_of(code, plan)
    beside = {other: one for other, one in cells.items() if other != code and community_of(other, plan) == home}
    target = longest_border(shape, beside)
    params = {"code": code, "metres": round(width_of(shape), 1)}
    fix = Fix.DISSOLVE if target else None
    return Finding("grid.sliver", params, community_of(code, plan), (code,), shape, fix, target)


def _outside(code: str, shape: Polygon, home: BaseGeometry, plan: CodePlan) -> list[Finding]:
    if home.covers(shape):
        return []
    reach = [part for part in polygons(shape.difference(home)) if not is_rounding(part)]
    if not reach:
        return []
    whole = shapely.multipolygons(reach)
    inside = [part for part in polygons(shape.intersection(home)) if not is_rounding(part)]
    fix = Fix.CLIP if inside else None
    params = {"code": code, "area": round(area_of(whole))}
    return [Finding("grid.cell_outside", params, community_of(code, plan), (code,), whole, fix, code if fix else "")]


def overlap_findings(
    cells: Mapping[str, Polygon], plan: CodePlan, among: Collection[str] | None = None
) -> list[Finding]:
    """Pairs of cells that lie over each other; only those with a cell of `among` where it is given."""
    codes = sorted(code for code, shape in cells.items() if shape.is_valid and not shape.is_empty)
    shapes = np.array([cells[code] for code in codes], dtype=object)
    if among is None and shapely.coverage_is_valid(shapes):
        return []
    asked = range(len(codes)) if among is None else [n for n, code in enumerate(codes) if code in among]
    wanted = np.array(list(asked), dtype=int)
    if not len(wanted):
        return []
    left, right = shapely.STRtree(shapes).query(shapes[wanted], predicate="intersects")
    pairs = {(min(one, other), max(one, other)) for one, other in zip(wanted[left], right, strict=True) if one != other}
    ordered = np.array(sorted(pairs), dtype=int).reshape(-1, 2)
    common = shapely.intersection(shapes[ordered[:, 0]], shapes[ordered[:, 1]])
    found = []
    for (one, other), shape in zip(ordered, common, strict=True):
        parts = [part for part in polygons(shape) if not is_rounding(part)]
        if parts:
            found.append(_overlap(codes[one], codes[other], cells, shapely.multipolygons(parts), plan))
    return found


def _overlap(one: str, other: str, cells: Mapping[str, Polygon], common: BaseGeometry, plan: CodePlan) -> Finding:
    """The larger one gives way, unless that would tear it; where either would vanish, none is offered."""
    rest = {
        code: [part for part in polygons(cells[code].difference(cells[keeper])) if not is_rounding(part)]
        for code, keeper in ((one, other), (other, one))
    }
    able = sorted((code for code in rest if rest[code]), key=lambda code: (len(rest[code]) > 1, -cells[code].area))
    params = {"code": one, "other": other, "area": round(area_of(common))}
    fix, target = (Fix.CUT, able[0]) if able else (None, "")
    return Finding("grid.cells_overlap", params, community_of(one, plan), (one, other), common, fix, target)


def gap_findings(community: str, outline: BaseGeometry, cells: Mapping[str, Polygon]) -> list[Finding]:
    """Where ground of a community belongs to none of its cells; `cells` are those that its codes name."""
    sound = {code: shape for code, shape in sorted(cells.items()) if shape.is_valid and not shape.is_empty}
    if not sound:
        params = {"code": community, "area": round(area_of(outline))}
        return [Finding("grid.community_uncovered", params, community, (), outline, Fix.COVER)]
    missing = outline.difference(shapely.union_all(np.array(list(sound.values()), dtype=object)))
    return [_gap(community, piece, sound) for piece in polygons(missing) if not is_rounding(piece)]


def _gap(community: str, piece: Polygon, cells: Mapping[str, Polygon]) -> Finding:
    beside = {code: shape for code, shape in cells.items() if shapely.dwithin(shape, piece, NEAR)}
    target = longest_border(piece, beside)
    around = [code for code, shape in beside.items() if any(Polygon(ring).covers(piece) for ring in shape.interiors)]
    params: dict[str, object] = {"code": community, "area": round(area_of(piece))}
    fix = Fix.FILL if target else Fix.COVER
    if around:
        return Finding("grid.hole", {**params, "cell": around[0]}, community, (around[0],), piece, fix, around[0])
    return Finding("grid.gap", params, community, tuple(sorted(beside)), piece, fix, target)


def longest_border(shape: BaseGeometry, beside: Mapping[str, BaseGeometry]) -> str:
    """Which of the neighbours shares the longest border; empty where none shares more than a corner."""
    edge = shapely.buffer(shape.boundary, NEAR, cap_style="flat", join_style="mitre")
    shared = {
        code: float(metres(common).length)
        for code, one in sorted(beside.items())
        if shapely.dwithin(one, shape, NEAR) and not (common := one.boundary.intersection(edge)).is_empty
    }
    best = max(shared, key=lambda code: shared[code], default="")
    return best if best and shared[best] > 0.1 else ""


def region_findings(regions: Sequence[RegionShape]) -> list[Finding]:
    """Regions without outline, outside the one above, over a sibling; and a map without its one city."""
    found = []
    cities = [region for region in regions if region.level == Level.CITY]
    if len(cities) != 1:
        found.append(Finding("grid.one_city", {"count": len(cities)}))
    by_code = {region.code: region for region in regions}
    for region in sorted(regions, key=lambda one: one.code):
        found += _of_region(region, by_code.get(region.parent))
    for level in PARENTS:
        found += _siblings([region for region in regions if region.level == level and not region.geom.is_empty])
    return found


def _of_region(region: RegionShape, above: RegionShape | None) -> list[Finding]:
    if region.geom.is_empty:
        return [Finding("grid.region_bare", {"code": region.code, "name": region.names.get("zh", "")})]
    if not region.geom.is_valid:
        why = shapely.is_valid_reason(region.geom)
        return [Finding("grid.geometry", {"code": region.code, "why": why}, geom=region.geom)]
    if above is None or above.geom.is_empty or not above.geom.is_valid or above.geom.covers(region.geom):
        return []
    reach = [part for part in polygons(region.geom.difference(above.geom)) if not is_rounding(part)]
    if not reach:
        return []
    whole = shapely.multipolygons(reach)
    params = {"code": region.code, "parent": above.code, "area": round(area_of(whole))}
    return [Finding("grid.region_outside", params, geom=whole)]


def _siblings(regions: Sequence[RegionShape]) -> Iterable[Finding]:
    ordered = sorted((one for one in regions if one.geom.is_valid), key=lambda one: one.code)
    shapes = np.array([one.geom for one in ordered], dtype=object)
    if len(shapes) < 2:
        return
    left, right = shapely.STRtree(shapes).query(shapes, predicate="overlaps")
    inner = shapely.STRtree(shapes).query(shapes, predicate="contains")
    pairs = {(min(a, b), max(a, b)) for a, b in [*zip(left, right, strict=True), *zip(*inner, strict=True)] if a != b}
    for one, other in sorted(pairs):
        parts = [part for part in polygons(shapes[one].intersection(shapes[other])) if not is_rounding(part)]
        if parts:
            whole = shapely.multipolygons(parts)
            params = {"code": ordered[one].code, "other": ordered[other].code, "area": round(area_of(whole))}
            yield Finding("grid.regions_overlap", params, geom=whole)


def findings(
    cells: Mapping[str, Polygon], regions: Sequence[RegionShape], outlines: Mapping[str, BaseGeometry], plan: CodePlan
) -> list[Finding]:
    """Everything that is wrong with a map; `outlines` are those of its communities."""
    by_community: dict[str, dict[str, Polygon]] = {code: {} for code in outlines}
    for code, shape in cells.items():
        by_community.setdefault(community_of(code, plan), {})[code] = shape
    found = region_findings(regions)
    for group in by_community.values():
        found += cell_findings(group, outlines, plan)
    found += overlap_findings(cells, plan)
    for code, outline in sorted(outlines.items()):
        found += gap_findings(code, outline, by_community[code])
    return found
