"""Acts upon the cells of a draft: what each makes of the neighbourhood that it is given. Pure.

Every act answers the cells that it changed, woven into their neighbours; None stands for a cell that is gone.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from core.errors import Conflict, Invalid
from grid.contracts import CodePlan, Fix
from grid.rules.codes import community_of
from grid.rules.findings import Finding
from grid.rules.polygons import MOST_POINTS, Point, is_rounding, largest, metres, polygons, width_of
from grid.rules.shapes import CellShape
from grid.rules.weaving import NEAR, from_rings, once, rings_of, weave, woven_ring

DEGREE_M = 111_195.0
OVERSHOOT = 1e-6

Cells = Mapping[str, CellShape]
Change = dict[str, CellShape | None]


def draw(cells: Cells, code: str, shape: Polygon, home: BaseGeometry, snap_m: float) -> Change:
    """There is a new cell; its border is drawn to neighbours and to its community's edge where it nearly touches."""
    others = {other: cell.geom for other, cell in cells.items()}
    reach = snap_m / DEGREE_M
    drawn = _drawn_to(shape, [*others.values(), home], reach) if snap_m else shape
    for other in others.values():
        over = drawn.intersection(other)
        if 0 < width_of(over) <= snap_m:
            drawn = largest(drawn.difference(other)) or drawn
    reaching = drawn.difference(home)
    if 0 < width_of(reaching) <= snap_m:
        drawn = largest(drawn.intersection(home)) or drawn
    drawn = _close_gaps(drawn, others, home, snap_m)
    return _woven(cells, {code: CellShape(code, drawn)})


def _drawn_to(shape: Polygon, others: list[BaseGeometry], reach: float) -> Polygon:
    """Vertices within reach of another's vertex go there, else onto its edge."""
    near = [other for other in others if shapely.dwithin(other, shape, reach)]
    if not near:
        return shape
    edges = shapely.union_all([other.boundary for other in near])
    corners = shapely.multipoints(shapely.get_coordinates(edges))

    def drawn(points: np.ndarray) -> np.ndarray:
        out = points.copy()
        for n, point in enumerate(shapely.points(points)):
            for aim in (corners, edges):
                if shapely.dwithin(aim, point, reach):
                    out[n] = shapely.get_coordinates(shapely.shortest_line(point, aim))[-1]
                    break
        return out

    made = from_rings([once(drawn(ring)) for ring in rings_of(shape)])
    return made if made.is_valid and not made.is_empty else shape


def _close_gaps(shape: Polygon, others: Mapping[str, Polygon], home: BaseGeometry, snap_m: float) -> Polygon:
    """Strips no wider than the reach between the new cell and what lies beside it become part of it."""
    if not snap_m:
        return shape
    taken = shapely.union_all([*others.values(), shape])
    around = home.intersection(shape.buffer(2 * snap_m / DEGREE_M, join_style="mitre"))
    for strip in polygons(around.difference(taken)):
        if width_of(strip) <= snap_m and not is_rounding(strip) and strip.touches(shape):
            grown = _joined(shape, strip, others.values(), home)
            shape = grown if isinstance(grown, Polygon) else shape
    return shape


def move_vertex(cells: Cells, start: Point, end: Point) -> Change:
    """Every cell with a vertex at `start`, or an edge through it, has that vertex at `end`."""
    touched = _with_vertex(cells, start)
    if not touched:
        raise Invalid("grid.no_vertex", lon=start[0], lat=start[1])
    moved = {code: _moved(cell.geom, start, end) for code, cell in touched.items()}
    return _woven(cells, {code: replace(touched[code], geom=shape) for code, shape in moved.items()})


def insert_vertex(cells: Cells, edge: tuple[Point, Point], at: Point) -> Change:
    """Every cell along the edge has a vertex at `at`."""
    line = LineString(edge)
    foot = shapely.line_interpolate_point(line, shapely.line_locate_point(line, shapely.Point(at)))
    if line.length == 0 or min(foot.distance(shapely.Point(end)) for end in edge) <= NEAR:
        raise Invalid("grid.vertex_on_corner")
    along = {code: cell for code, cell in cells.items() if shapely.dwithin(cell.geom.boundary, foot, NEAR)}
    if not along:
        raise Invalid("grid.no_edge")
    spot = shapely.get_coordinates(foot)[0]
    changed = {}
    for code, cell in along.items():
        points, tree = spot[np.newaxis], shapely.STRtree([foot])
        rings = [woven_ring(ring, points, tree) for ring in rings_of(cell.geom)]
        changed[code] = replace(cell, geom=_moved(from_rings(rings), (spot[0], spot[1]), at))
    return _woven(cells, changed)


def delete_vertex(cells: Cells, at: Point) -> Change:
    """No cell has a vertex at `at`; where three borders meet it stays."""
    having = {code for code, cell in cells.items() if _at(cell.geom, at).any()}
    if not having:
        raise Invalid("grid.no_vertex", lon=at[0], lat=at[1])
    woven = weave({code: cell.geom for code, cell in cells.items()}, having)
    touched = {code: replace(cells[code], geom=woven.get(code, cells[code].geom)) for code in having}
    ends = {end for cell in touched.values() for ring in rings_of(cell.geom) for end in _beside(ring, at)}
    if len(ends) > 2 or len(touched) < len(_with_vertex(cells, at)):
        raise Invalid("grid.vertex_junction")
    changed = {}
    for code, cell in touched.items():
        rings = [_without(ring, at) for ring in rings_of(cell.geom)]
        if any(len(ring) < 4 for ring in rings):
            raise Invalid("grid.vertex_needed", code=code)
        changed[code] = replace(cell, geom=from_rings(rings))
    return _woven(cells, changed)


def split(cells: Cells, code: str, line: LineString, free: Iterator[str]) -> Change:
    """The cell is two or more along the line; the largest part keeps its code."""
    cell = _known(cells, code)
    drawn = _drawn_line(line, cell.geom)
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all([cell.geom.boundary, drawn])]))
    within = [face for face in faces if cell.geom.contains(face.point_on_surface())]
    if len(within) < 2:
        raise Invalid("grid.split_misses", code=code)
    within.sort(key=lambda face: (-face.area, face.bounds))
    if is_rounding(within[-1]):
        raise Invalid("grid.split_too_fine", code=code)
    parts: dict[str, CellShape] = {code: replace(cell, geom=within[0])}
    for face in within[1:]:
        name = next(free)
        parts[name] = replace(cell, code=name, geom=face)
    return _woven(cells, parts)


def _drawn_line(line: LineString, shape: Polygon) -> LineString:
    """The line through the corners that it nearly touches, a hand's breadth longer: it may end on the border."""
    corners = np.concatenate([ring[:-1] for ring in rings_of(shape)])
    points = shapely.get_coordinates(line)
    made = woven_ring(points, corners, shapely.STRtree(shapely.points(corners)))
    tree = shapely.STRtree(shapely.points(corners))
    at, to = tree.query_nearest(shapely.points(made), max_distance=NEAR, all_matches=False)
    made = made.copy()
    made[at] = corners[to]
    return LineString([_beyond(made[1], made[0]), *made, _beyond(made[-2], made[-1])])


def _beyond(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """A point a little past the end, going on in the same direction."""
    far: np.ndarray = end + (end - start) * (OVERSHOOT / (np.hypot(*(end - start)) or 1.0))
    return far


def merge(cells: Cells, codes: Collection[str], plan: CodePlan) -> Change:
    """The cells are one with the lowest of their codes."""
    if len(set(codes)) < 2:
        raise Invalid("grid.merge_few")
    chosen = [_known(cells, code) for code in sorted(set(codes))]
    homes = {community_of(cell.code, plan) for cell in chosen}
    if len(homes) > 1:
        raise Invalid("grid.merge_communities", codes=", ".join(sorted(homes)))
    woven = weave({cell.code: cell.geom for cell in chosen}, {cell.code for cell in chosen[1:]})
    whole = _closed(shapely.union_all([woven.get(cell.code, cell.geom) for cell in chosen]), chosen)
    if not isinstance(whole, Polygon):
        raise Invalid("grid.merge_apart", codes=", ".join(cell.code for cell in chosen))
    gone: Change = {cell.code: None for cell in chosen[1:]}
    return {**gone, **_woven(_without_cells(cells, gone), {chosen[0].code: replace(chosen[0], geom=whole)})}


def _closed(whole: BaseGeometry, parts: list[CellShape]) -> BaseGeometry:
    """The union without the seams that rounded coordinates left between its parts."""
    if not isinstance(whole, Polygon):
        swollen = shapely.union_all([part.geom.buffer(NEAR, join_style="mitre") for part in parts])
        whole = swollen.buffer(-NEAR, join_style="mitre") if len(polygons(swollen)) == 1 else whole
    if isinstance(whole, Polygon):
        return Polygon(whole.exterior, [hole for hole in whole.interiors if not is_rounding(Polygon(hole))])
    return whole


def delete(cells: Cells, code: str) -> Change:
    """The cell is gone; its ground belongs to nobody until somebody draws it."""
    return {_known(cells, code).code: None}


def describe(cells: Cells, code: str, *, grade: int, land_use: str, responsible: str) -> Change:
    """The cell has these properties."""
    cell = _known(cells, code)
    return {code: replace(cell, grade=grade, land_use=land_use, responsible=responsible)}


def grade(cells: Cells, codes: Iterable[str], level: int) -> Change:
    """These cells have that management grade; those that have it already are left alone."""
    return {code: replace(cells[code], grade=level) for code in codes if cells[code].grade != level}


def fix(cells: Cells, finding: Finding, home: BaseGeometry, free: Iterator[str]) -> Change:
    """The problem is mended the way it offers."""
    if finding.fix is None or finding.geom is None:
        raise Conflict("grid.no_fix")
    return FIXES[finding.fix](cells, finding, home, free)


def _fill(cells: Cells, finding: Finding, home: BaseGeometry, free: Iterator[str]) -> Change:
    taker = _known(cells, finding.target)
    others = [cell.geom for code, cell in cells.items() if code != taker.code]
    grown = _joined(taker.geom, finding.geom, others, home)
    if not isinstance(grown, Polygon):
        raise Conflict("grid.no_fix")
    return _woven(cells, {taker.code: replace(taker, geom=grown)})


def _cut(cells: Cells, finding: Finding, home: BaseGeometry, free: Iterator[str]) -> Change:
    loser = _known(cells, finding.target)
    keeper = next(_known(cells, code) for code in finding.cells if code != finding.target)
    return _shrunk(cells, loser, loser.geom.difference(keeper.geom))


def _clip(cells: Cells, finding: Finding, home: BaseGeometry, free: Iterator[str]) -> Change:
    cell = _known(cells, finding.target)
    return _shrunk(cells, cell, cell.geom.intersection(home))


def _shrunk(cells: Cells, cell: CellShape, rest: BaseGeometry) -> Change:
    left = largest(rest)
    if left is None:
        raise Conflict("grid.no_fix")
    return _woven(cells, {cell.code: replace(cell, geom=left)})


def _dissolve(cells: Cells, finding: Finding, home: BaseGeometry, free: Iterator[str]) -> Change:
    sliver, taker = _known(cells, finding.cells[0]), _known(cells, finding.target)
    whole = _closed(shapely.union_all([sliver.geom, taker.geom]), [sliver, taker])
    if not isinstance(whole, Polygon):
        raise Conflict("grid.no_fix")
    gone: Change = {sliver.code: None}
    return {**gone, **_woven(_without_cells(cells, gone), {taker.code: replace(taker, geom=whole)})}


def _cover(cells: Cells, finding: Finding, home: BaseGeometry, free: Iterator[str]) -> Change:
    made = {name: CellShape(name, part) for part, name in zip(polygons(finding.geom), free, strict=False)}
    return _woven(cells, made)


FIXES: Mapping[Fix, Callable[[Cells, Finding, BaseGeometry, Iterator[str]], Change]] = {
    Fix.FILL: _fill, Fix.CUT: _cut, Fix.CLIP: _clip, Fix.DISSOLVE: _dissolve, Fix.COVER: _cover,
}  # fmt: skip


def _joined(shape: Polygon, piece: BaseGeometry, others: Iterable[Polygon], home: BaseGeometry) -> BaseGeometry:
    """The shape with the piece, whose edges are those of its neighbours and of the community exactly."""
    beside = [other for other in others if shapely.dwithin(other, piece, NEAR)]
    swollen = piece.buffer(NEAR / 10, join_style="mitre").intersection(home)
    exact = swollen.difference(shapely.union_all(beside)) if beside else swollen
    joined = shapely.union_all([shape, *polygons(exact)])
    main = largest(joined)
    if main is None or any(not is_rounding(part) for part in polygons(joined) if part is not main):
        return joined
    return Polygon(main.exterior, [hole for hole in main.interiors if not is_rounding(Polygon(hole))])


def _woven(cells: Cells, changed: Mapping[str, CellShape]) -> Change:
    """The changed cells and the neighbours that gained vertices; Invalid where one would have no sound shape."""
    for code, cell in changed.items():
        refuse_unsound(code, cell.geom)
    after = {**cells, **changed}
    woven = weave({code: cell.geom for code, cell in after.items()}, set(changed))
    return {code: replace(after[code], geom=woven.get(code, after[code].geom)) for code in {*changed, *woven}}


def refuse_unsound(code: str, shape: BaseGeometry) -> None:
    """Invalid where a cell would cross itself, fall apart, vanish or have too many points."""
    if shape.is_empty or not isinstance(shape, Polygon) or metres(shape).area == 0:
        raise Invalid("grid.edit_empties", code=code)
    if not shape.is_valid:
        raise Invalid("grid.edit_crosses", code=code, why=shapely.is_valid_reason(shape))
    if shapely.get_num_coordinates(shape) > MOST_POINTS:
        raise Invalid("grid.shape_too_many", most=MOST_POINTS)


def _without_cells(cells: Cells, gone: Collection[str]) -> dict[str, CellShape]:
    return {code: cell for code, cell in cells.items() if code not in gone}


def _known(cells: Cells, code: str) -> CellShape:
    if code not in cells:
        raise Invalid("grid.no_cell", code=code)
    return cells[code]


def _with_vertex(cells: Cells, at: Point) -> dict[str, CellShape]:
    """The cells whose border passes there, each with a vertex at the place."""
    spot = shapely.Point(at)
    points, tree = np.array([at], dtype=float), shapely.STRtree([spot])
    found = {}
    vertex = any(_at(cell.geom, at).any() for cell in cells.values())
    for code, cell in cells.items():
        if vertex and shapely.dwithin(cell.geom.boundary, spot, NEAR):
            rings = [woven_ring(ring, points, tree) for ring in rings_of(cell.geom)]
            found[code] = replace(cell, geom=from_rings(rings))
    return found


def _at(shape: Polygon, at: Point) -> np.ndarray:
    return _close(shapely.get_coordinates(shape), at)


def _close(points: np.ndarray, at: Point) -> np.ndarray:
    close: np.ndarray = np.hypot(points[:, 0] - at[0], points[:, 1] - at[1]) <= NEAR
    return close


def _moved(shape: Polygon, start: Point, end: Point) -> Polygon:
    rings = rings_of(shape)
    for ring in rings:
        ring[_close(ring, start)] = end
    return from_rings([once(ring) for ring in rings])


def _beside(ring: np.ndarray, at: Point) -> Iterator[tuple[int, int]]:
    """The neighbours of a vertex along a ring, to the centimetre."""
    open_ring = ring[:-1]
    for n in np.flatnonzero(_close(open_ring, at)):
        for point in (open_ring[n - 1], open_ring[(n + 1) % len(open_ring)]):
            yield round(float(point[0]) / NEAR), round(float(point[1]) / NEAR)


def _without(ring: np.ndarray, at: Point) -> np.ndarray:
    kept = ring[:-1][~_close(ring[:-1], at)]
    return np.concatenate([kept, kept[:1]]) if len(kept) else kept
