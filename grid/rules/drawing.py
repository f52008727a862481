"""Whether a drawn map may be imported: every reason against it, so that all can be mended at once."""

from collections import Counter
from collections.abc import Iterable

from grid.contracts import CodePlan, Level, Problem
from grid.rules.codes import PARENTS, cell_fault, community_of, is_child, is_region_code
from grid.rules.coverage import coverage_problems, shape_problems
from grid.rules.shapes import Drawing, RegionShape

AREAL = frozenset({"Polygon", "MultiPolygon"})
ANY = AREAL | {"LineString", "MultiLineString", "Point"}
BASE_KINDS = frozenset({"sea", "river", "park", "road"})
LEVELS = frozenset(Level)


def problems_of(drawing: Drawing, plan: CodePlan) -> list[Problem]:
    """Why the map is refused, worst first; empty when it may be imported.

    Coverage is judged only once codes and shapes are sound: before that it would blame the innocent.
    """
    found = [*drawing.problems, *_region_problems(drawing.regions, plan), *_cell_problems(drawing, plan)]
    found += shape_problems([(region.code, region.geom) for region in drawing.regions], AREAL)
    found += shape_problems([(cell.code, cell.geom) for cell in drawing.cells], frozenset({"Polygon"}))
    found += _base_problems(drawing)
    return found or coverage_problems(drawing, plan)


def _region_problems(regions: Iterable[RegionShape], plan: CodePlan) -> list[Problem]:
    regions = list(regions)
    by_code = {region.code: region for region in regions}
    found = _repeated(region.code for region in regions)
    cities = [region for region in regions if region.level == Level.CITY]
    if len(cities) != 1:
        found.append(Problem("grid.one_city", {"count": len(cities)}))
    for region in regions:
        found += _one_region(region, by_code, plan)
    return found


def _one_region(region: RegionShape, by_code: dict[str, RegionShape], plan: CodePlan) -> list[Problem]:
    if region.level not in LEVELS:
        return [Problem("grid.region_level", {"code": region.code, "level": region.level})]
    level = Level(region.level)
    found = []
    if not is_region_code(region.code, level, plan):
        params = {"code": region.code, "level": region.level, "digits": plan.digits(level)}
        found.append(Problem("grid.region_code", params))
    for language in ("zh", "en"):
        if not region.names.get(language):
            found.append(Problem("grid.region_name", {"code": region.code, "language": language}))
    if level is not Level.CITY:
        parent = by_code.get(region.parent)
        if parent is None or parent.level != PARENTS[level] or not is_child(region.code, level, parent.code):
            found.append(Problem("grid.region_parent", {"code": region.code, "parent": region.parent or "-"}))
    elif region.parent:
        found.append(Problem("grid.region_parent", {"code": region.code, "parent": region.parent}))
    return found


def _cell_problems(drawing: Drawing, plan: CodePlan) -> list[Problem]:
    communities = {region.code for region in drawing.regions if region.level == Level.COMMUNITY}
    found = _repeated(cell.code for cell in drawing.cells)
    for cell in drawing.cells:
        community, fault = community_of(cell.code, plan), cell_fault(cell.code, plan)
        if fault:
            found.append(fault)
        elif community not in communities:
            params = {"code": cell.code, "community": community}
            found.append(Problem("grid.cell_community", params))
        if not 1 <= cell.grade <= 4:
            found.append(Problem("grid.cell_grade", {"code": cell.code, "grade": cell.grade}))
    return found


def _base_problems(drawing: Drawing) -> list[Problem]:
    found = [Problem("grid.base_kind", {"kind": kind}) for kind in {b.kind for b in drawing.base} - BASE_KINDS]
    return found + shape_problems([(f"{b.kind} {b.names.get('zh', '')}".strip(), b.geom) for b in drawing.base], ANY)


def _repeated(codes: Iterable[str]) -> list[Problem]:
    counts = Counter(codes)
    return [Problem("grid.code_twice", {"code": code, "times": times}) for code, times in counts.items() if times > 1]
