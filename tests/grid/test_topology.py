"""The ground of a city under random edits: what the engine accepts without a problem has no gap and no overlap."""

from dataclasses import replace
from itertools import combinations, count

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon, box

from core.errors import DomainError, Invalid
from grid.contracts import CodePlan
from grid.rules import edits
from grid.rules.codes import community_of, is_cell_code
from grid.rules.findings import cell_findings, findings, gap_findings, overlap_findings
from grid.rules.polygons import ROUNDING_M, ROUNDING_M2, area_of, is_rounding, metres, polygons
from grid.rules.shapes import CellShape
from grid.rules.weaving import NEAR

WEST, SOUTH, SIDE = 116.7, 23.35, 0.001
PLAN = CodePlan()
HOMES = ("449901001001", "449901001002")
FAR = (WEST + 0.3 * SIDE, SOUTH + 3 * SIDE)
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class City:
    """Two communities side by side, each of columns and rows of cells, whose inner corners were shaken."""

    def __init__(self, columns: int, rows: int, seed: int) -> None:
        random = np.random.default_rng(seed)
        self.random = random
        across = np.arange(2 * columns + 1)
        shake = random.uniform(-0.2, 0.2, (2 * columns + 1, rows + 1, 2))
        shake[[0, -1], :, :] = 0
        shake[:, [0, -1], :] = 0
        grid = np.stack(np.meshgrid(across, np.arange(rows + 1), indexing="ij"), axis=2) + shake
        at = np.round(grid * SIDE + (WEST, SOUTH), 9)
        self.cells: dict[str, CellShape] = {}
        for x in range(2 * columns):
            for y in range(rows):
                code = f"{HOMES[x // columns]}{(x % columns) * rows + y + 1:03d}"
                ring = [at[x, y], at[x + 1, y], at[x + 1, y + 1], at[x, y + 1]]
                self.cells[code] = CellShape(code, Polygon(ring))
        self.outlines = {home: self._whole(home) for home in HOMES}
        self.next = {home: count(columns * rows + 1) for home in HOMES}

    def _whole(self, home: str) -> Polygon:
        return shapely.union_all([cell.geom for code, cell in self.cells.items() if code.startswith(home)])

    def free(self, home: str):
        return (f"{home}{number:03d}" for number in self.next[home])

    def act(self) -> edits.Change:
        """One random act, or the refusal that it earns."""
        code = str(self.random.choice(sorted(self.cells)))
        shape = self.cells[code].geom
        corners = shapely.get_coordinates(shape)
        corner = tuple(map(float, corners[self.random.integers(len(corners) - 1)]))
        towards = tuple(float(v) for v in np.array(corner) + self.random.uniform(-0.4, 0.4, 2) * SIDE)
        match self.random.integers(5):
            case 0:
                angle = self.random.uniform(0, np.pi)
                middle = np.array(shape.representative_point().coords[0])
                reach = 3 * SIDE * np.array([np.cos(angle), np.sin(angle)])
                line = LineString([middle - reach, middle + reach])
                return edits.split(self.cells, code, line, self.free(community_of(code, PLAN)))
            case 1:
                beside = [c for c, cell in self.cells.items() if c != code and cell.geom.intersects(shape)]
                return edits.merge(self.cells, [code, str(self.random.choice(beside))], PLAN)
            case 2:
                return edits.move_vertex(self.cells, corner, towards)
            case 3:
                edge = tuple(tuple(map(float, point)) for point in corners[:2])
                middle = tuple(float(v) for v in corners[:2].mean(axis=0) + self.random.uniform(-0.1, 0.1, 2) * SIDE)
                return edits.insert_vertex(self.cells, edge, middle)
            case _:
                return edits.delete_vertex(self.cells, corner)

    def after(self, change: edits.Change) -> dict[str, CellShape]:
        """The cells as the change leaves them."""
        merged = {**self.cells, **change}
        return {code: cell for code, cell in merged.items() if cell is not None}

    def around(self, cells: dict[str, CellShape], changed: set[str]) -> list[str]:
        """What the neighbourhood of changed cells has to say, as the server judges it after an edit."""
        homes = {community_of(code, PLAN) for code in changed}
        mine = {code: cell.geom for code, cell in cells.items() if community_of(code, PLAN) in homes}
        every = {code: cell.geom for code, cell in cells.items()}
        found = cell_findings(mine, self.outlines, PLAN) + overlap_findings(every, PLAN, changed)
        for home in homes:
            found += gap_findings(home, self.outlines[home], {c: s for c, s in mine.items() if c.startswith(home)})
        return sorted(one.ident for one in found)

    def all(self, cells: dict[str, CellShape]) -> list[str]:
        """What the whole city has to say."""
        shapes = {code: cell.geom for code, cell in cells.items()}
        return sorted(one.ident for one in findings(shapes, [], self.outlines, PLAN) if one.code != "grid.one_city")

    def flaws(self) -> list[Polygon]:
        """Ground of two cells, of another community or of nobody, found pair by pair; what rounding leaves is none."""
        found = [one.geom.intersection(other.geom) for one, other in combinations(self.cells.values(), 2)]
        for home, outline in self.outlines.items():
            mine = [cell.geom for code, cell in self.cells.items() if code.startswith(home)]
            found += [shape.difference(outline) for shape in mine] + [outline.difference(shapely.union_all(mine))]
        return [part for shape in found for part in polygons(shape) if not is_rounding(part)]

    def roundings(self) -> float:
        """Square metres by which the cells together may miss the outlines: a rounding at each corner and each edge."""
        flat = [metres(cell.geom) for cell in self.cells.values()]
        corners = sum(shapely.get_num_coordinates(shape) for shape in flat)
        return corners * ROUNDING_M2 + sum(shape.length for shape in flat) * ROUNDING_M


CITIES = st.builds(City, st.integers(1, 4), st.integers(1, 4), st.integers(0, 2**32 - 1))


@SLOW
@given(CITIES)
def test_a_random_city_has_no_gap_and_no_overlap(city):
    assert city.all(city.cells) == []


@SLOW
@given(CITIES, st.integers(1, 12))
def test_accepted_acts_without_problems_leave_the_city_whole_and_the_rest_is_judged_alike_near_and_far(city, acts):
    total = sum(area_of(outline) for outline in city.outlines.values())
    for _ in range(acts):
        try:
            change = city.act()
        except DomainError:
            continue
        cells = city.after(change)
        near, far = city.around(cells, set(change)), city.all(cells)
        assert near == far, "what an edit tells of its neighbourhood is all there is to tell"
        if near:
            continue
        city.cells = cells
        assert all(is_cell_code(code, PLAN) and cell.code == code for code, cell in cells.items())
        assert all(cell.geom.is_valid for cell in cells.values())
        assert city.flaws() == []
        assert abs(sum(area_of(cell.geom) for cell in cells.values()) - total) <= city.roundings()


@SLOW
@given(CITIES)
def test_what_was_split_and_merged_again_has_the_area_that_it_had(city):
    code = sorted(city.cells)[0]
    shape = city.cells[code].geom
    west, south, east, north = shape.bounds
    line = LineString([(west - SIDE, (south + north) / 2), (east + SIDE, (south + north) / 2)])
    city.cells = city.after(edits.split(city.cells, code, line, city.free(HOMES[0])))
    parts = [c for c, cell in city.cells.items() if cell.geom.intersection(shape).area > shape.area / 1000]
    assert len(parts) >= 2
    city.cells = city.after(edits.merge(city.cells, parts, PLAN))
    assert area_of(city.cells[code].geom) == pytest.approx(area_of(shape), rel=1e-9)
    assert area_of(city.cells[code].geom.symmetric_difference(shape)) < 0.1
    assert city.all(city.cells) == []


@SLOW
@given(CITIES, st.integers(0, 2**31))
def test_every_fix_ends_its_problem_and_makes_no_worse_one(city, seed):
    code = sorted(city.cells)[seed % len(city.cells)]
    gone = {c: cell for c, cell in city.cells.items() if c != code}
    shapes = {c: cell.geom for c, cell in gone.items()}
    for one in findings(shapes, [], city.outlines, PLAN):
        if one.fix is None:
            continue
        change = edits.fix(gone, one, city.outlines[one.community], city.free(one.community))
        cells = {c: cell for c, cell in {**gone, **change}.items() if cell is not None}
        assert city.all(cells) == []


@SLOW
@given(CITIES)
def test_a_cell_drawn_roughly_into_a_gap_fits_it_exactly(city):
    code = sorted(city.cells)[-1]
    shape = city.cells.pop(code).geom
    corners = shapely.get_coordinates(shape)[:-1]
    rough = Polygon(corners + city.random.uniform(-5e-6, 5e-6, corners.shape))
    new = next(city.free(code[:12]))
    city.cells = city.after(edits.draw(city.cells, new, rough, city.outlines[code[:12]], 2.0))
    assert city.all(city.cells) == []
    assert area_of(city.cells[new].geom.symmetric_difference(shape)) < 2


def small() -> City:
    return City(2, 2, 7)


def test_an_overlap_is_cut_and_a_reach_outside_clipped():
    city = small()
    code = f"{HOMES[0]}001"
    wide = city.cells[code].geom.buffer(0.1 * SIDE, join_style="mitre")
    city.cells[code] = replace(city.cells[code], geom=wide)
    seen = set()
    for _ in range(12):
        found = findings({c: cell.geom for c, cell in city.cells.items()}, [], city.outlines, PLAN)
        found = [one for one in found if one.fix]
        if not found:
            break
        seen.add(found[0].code)
        home = city.outlines[community_of(found[0].target or found[0].community, PLAN)]
        city.cells = city.after(edits.fix(city.cells, found[0], home, city.free(found[0].community)))
    assert seen >= {"grid.cells_overlap", "grid.cell_outside"}
    assert city.all(city.cells) == []


def test_a_hole_a_sliver_and_an_empty_community_are_told_and_mended():
    city = small()
    code = f"{HOMES[0]}001"
    shape = city.cells[code].geom
    middle = shape.representative_point().buffer(0.1 * SIDE)
    city.cells[code] = replace(city.cells[code], geom=shape.difference(middle))
    told = findings({c: cell.geom for c, cell in city.cells.items()}, [], city.outlines, PLAN)
    hole = next(one for one in told if one.code == "grid.hole")
    assert hole.target == code
    city.cells = city.after(edits.fix(city.cells, hole, city.outlines[HOMES[0]], city.free(HOMES[0])))
    assert city.all(city.cells) == []
    west, south, _east, north = shape.bounds
    line = LineString([(west + 0.25 * SIDE, south - SIDE), (west + 0.25 * SIDE, north + SIDE)])
    city.cells = city.after(edits.split(city.cells, code, line, city.free(HOMES[0])))
    thin = LineString([(west + 0.262 * SIDE, south - SIDE), (west + 0.262 * SIDE, north + SIDE)])
    parts = [
        c for c in city.cells if city.cells[c].geom.crosses(thin) and city.cells[c].geom.within(shape.buffer(NEAR))
    ]
    city.cells = city.after(edits.split(city.cells, parts[0], thin, city.free(HOMES[0])))
    told = findings({c: cell.geom for c, cell in city.cells.items()}, [], city.outlines, PLAN)
    sliver = next(one for one in told if one.code == "grid.sliver")
    city.cells = city.after(edits.fix(city.cells, sliver, city.outlines[HOMES[0]], city.free(HOMES[0])))
    assert city.all(city.cells) == []
    bare = {c: cell for c, cell in city.cells.items() if community_of(c, PLAN) != HOMES[1]}
    told = findings({c: cell.geom for c, cell in bare.items()}, [], city.outlines, PLAN)
    empty = next(one for one in told if one.code == "grid.community_uncovered")
    change = edits.fix(bare, empty, city.outlines[HOMES[1]], city.free(HOMES[1]))
    assert city.all({**bare, **change}) == []


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda c, one: edits.merge(c.cells, [f"{HOMES[0]}001", f"{HOMES[1]}001"], PLAN), "grid.merge_communities"),
        (lambda c, one: edits.merge(c.cells, [one], PLAN), "grid.merge_few"),
        (lambda c, one: edits.merge(c.cells, [f"{HOMES[0]}001", f"{HOMES[0]}004"], PLAN), "grid.merge_apart"),
        (lambda c, one: edits.merge(c.cells, [one, "0"], PLAN), "grid.no_cell"),
        (lambda c, one: edits.move_vertex(c.cells, (1.0, 1.0), (2.0, 2.0)), "grid.no_vertex"),
        (
            lambda c, one: edits.move_vertex(c.cells, (WEST, SOUTH), FAR),
            "grid.edit_crosses",
        ),
        (lambda c, one: edits.split(c.cells, one, LineString([(0, 0), (1, 1)]), c.free(HOMES[0])), "grid.split_misses"),
        (lambda c, one: edits.insert_vertex(c.cells, ((0.0, 0.0), (1.0, 0.0)), (0.5, 0.0)), "grid.no_edge"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_reason(act, code):
    with pytest.raises(Invalid) as refused:
        act(small(), f"{HOMES[0]}001")
    assert refused.value.code == code


def test_a_corner_of_four_cells_stays():
    city = small()
    shapes = [cell.geom for code, cell in city.cells.items() if code.startswith(HOMES[0])]
    spots = [tuple(point) for point in shapely.get_coordinates(shapes)]
    inner = max(set(spots), key=spots.count)
    with pytest.raises(Invalid, match=r"grid\.vertex_junction"):
        edits.delete_vertex(city.cells, inner)


def test_a_long_edge_with_a_corner_of_its_neighbours_in_the_middle_moves_with_them():
    """Files of cells often have it: one cell's straight edge, along which two others meet."""
    wide = CellShape("a", box(0, 0, 2e-3, 1e-3))
    one, other = CellShape("b", box(0, 1e-3, 1e-3, 2e-3)), CellShape("c", box(1e-3, 1e-3, 2e-3, 2e-3))
    cells = {"a": wide, "b": one, "c": other}
    change = edits.move_vertex(cells, (1e-3, 1e-3), (1e-3, 1.2e-3))
    shapes = [change[code].geom for code in "abc"]
    assert shapely.coverage_is_valid(shapes)
    assert sum(shape.area for shape in shapes) == pytest.approx(4e-6)
