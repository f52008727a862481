"""Files of unit cells, row by row: what would become of each, and then exactly that."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from core import ground
from core.scope import Actor
from exchange.contracts import Outcome, Row, Suspicion, Verdict
from grid import selectors
from grid.actions import drafts
from grid.contracts import Level, Problem
from grid.rules.codes import cell_fault, community_of, is_cell_code
from grid.rules.coverage import overlaps, reach_outside
from grid.rules.shapes import CellShape

ALIKE = 1e-9
TAKE_OUT = "take_out"
LONGEST = {"land_use": 30, "responsible": 60}


class Cells:
    """Cells: each in a community of the draft, inside its outline, over no other cell."""

    def __init__(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> None:
        self.actor = actor
        self.plan = selectors.code_plan()
        self.version = int(keep.get("version") or 0)
        shown = self.version or selectors.newest_draft() or selectors.map_version()
        self.known = selectors.draft_regions(shown)
        self.outlines = selectors.draft_outlines(shown)
        self.held = selectors.draft_cells(shown)
        self.whole = options.get("left_out") == TAKE_OUT
        self.given: dict[str, BaseGeometry] = {}
        self.named: set[str] = set()
        self._overlaps: dict[str, Problem] | None = None
        self._seen: set[str] = set()

    def look(self, rows: Sequence[Row]) -> None:
        """The first cell of each code is remembered, to find overlaps."""
        for row in rows:
            self.named.add(str(row.values.get("code") or ""))
            if not row.faults and row.geometry is not None and row.geometry.geom_type in ("Polygon", "MultiPolygon"):
                self.given.setdefault(str(row.values["code"]), _single(row.geometry))

    @cached_property
    def _going(self) -> list[str]:
        """The cells that the file leaves out, where that means that they go; those of a refused row stay.

        A community is in the file when one of its cells lies inside it: one wrong code empties no other community.
        """
        if not self.whole:
            return []
        listed = {community_of(code, self.plan) for code, shape in self.given.items() if self._at_home(code, shape)}
        return sorted(c for c in self.held if community_of(c, self.plan) in listed and c not in self.named)

    def _at_home(self, code: str, shape: BaseGeometry) -> bool:
        outline = self.outlines.get(community_of(code, self.plan))
        return is_cell_code(code, self.plan) and outline is not None and not reach_outside(shape, outline)

    def left_out(self) -> list[Verdict]:
        """The cells that go because the file has none of their code, each with its shape."""
        return [
            Verdict(Row(number=0, line=0, values={"code": code}, geometry=self.held[code][0]), Outcome.RETIRE, code)
            for code in self._going
        ]

    def _overlapping(self) -> Mapping[str, Problem]:
        """For each given cell another that it overlaps, in the file or in the draft beside it; found once."""
        if self._overlaps is None:
            away = {*self.given, *self._going}
            beside = {code: cell[0] for code, cell in self.held.items() if code not in away}
            found = overlaps({**beside, **self.given}, "grid.cells_overlap")
            self._overlaps = {}
            for problem in found:
                for code in (problem.params["code"], problem.params["other"]):
                    self._overlaps.setdefault(str(code), problem)
        return self._overlaps

    def suspicions(self) -> list[Suspicion]:
        """A bent datum, changed axes, ground outside the city."""
        bare = {community_of(code, self.plan) for code in self.given} & self.known.keys() - self.outlines.keys()
        found = [Suspicion("grid.cell_bare_community", {"count": len(bare)}, grave=False)] if bare else []
        if self._going:
            homes = {community_of(code, self.plan) for code in self._going}
            found.append(Suspicion("grid.cells_left_out", {"count": len(self._going), "communities": len(homes)}))
        bounds = selectors.bounds_of(self.outlines.values())
        points = [(float(x), float(y)) for x, y in shapely.get_coordinates(list(self.given.values()))]
        if bounds is None or not points:
            return [*found, Suspicion("grid.datum_unproven", {}, grave=False)]
        if ground.swapped(points, bounds):
            return [*found, Suspicion("grid.axes_swapped", {})]
        return [*found, *self._bent()]

    def _bent(self) -> list[Suspicion]:
        communities = sorted({community_of(code, self.plan) for code in self.given} & self.outlines.keys())
        for community in communities[:5]:
            mine = [shape for code, shape in self.given.items() if community_of(code, self.plan) == community]
            edge = shapely.union_all(mine)
            points = [(float(x), float(y)) for x, y in shapely.get_coordinates(shapely.boundary(edge))]
            bent = ground.bent(points, selectors.distance_to(self.outlines[community]))
            if bent:
                params = {"datum": bent[0].upper(), "metres": round(bent[1]), "code": community}
                return [Suspicion("grid.datum_bent", params)]
        return []

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """What would become of each row."""
        return [self._judged(row) for row in rows]

    def _judged(self, row: Row) -> Verdict:
        code = str(row.values.get("code") or "")
        cell = None if row.faults else self._cell(row, code)
        if cell is None or row.faults:
            return Verdict(row, Outcome.REFUSE, code)
        self._seen.add(code)
        held = self.held.get(code)
        if held is None:
            return Verdict(row, Outcome.ADD, code, cell)
        same = held[1:] == (cell.land_use, cell.grade, cell.responsible)
        same = same and shapely.equals_exact(shapely.normalize(held[0]), shapely.normalize(cell.geom), ALIKE)
        return Verdict(row, Outcome.SAME, code) if same else Verdict(row, Outcome.CHANGE, code, cell, held[0])

    def _cell(self, row: Row, code: str) -> CellShape | None:
        community = community_of(code, self.plan)
        home = self.known.get(community)
        fault = cell_fault(code, self.plan)
        if fault:
            row.refuse("code", fault.code, **fault.params)
        elif code in self._seen:
            row.refuse("code", "grid.code_twice", code=code, times=2)
        elif home is None or home.level != Level.COMMUNITY:
            row.refuse("code", "grid.cell_community", code=code, community=community)
        grade = str(row.values.get("grade") or "2").removesuffix(".0")
        if grade not in ("1", "2", "3", "4"):
            row.refuse("grade", "grid.cell_grade", code=code, grade=grade[:20])
        for name, longest in LONGEST.items():
            if len(str(row.values.get(name) or "")) > longest:
                row.refuse(name, "exchange.text_too_long", limit=longest)
        if row.faults or not self._lies_well(row, code, community):
            return None
        geom = _single(row.geometry)
        texts = {name: str(row.values.get(name) or "") for name in LONGEST}
        return CellShape(code=code, geom=geom, grade=int(grade), **texts)

    def _lies_well(self, row: Row, code: str, community: str) -> bool:
        geom = _single(row.geometry)
        if geom is None or geom.geom_type != "Polygon":
            row.refuse("code", "grid.geometry", code=code, why=geom.geom_type if geom is not None else "empty")
            return False
        outside = reach_outside(geom, self.outlines[community]) if community in self.outlines else 0
        if outside:
            row.refuse("code", "grid.cell_outside", code=code, area=outside)
        overlap = self._overlapping().get(code)
        if overlap:
            row.refuse("code", overlap.code, **overlap.params)
        return not row.faults

    def store(self, verdicts: Sequence[Verdict]) -> None:
        """The cells are in the draft."""
        cells = [one.item for one in verdicts if one.outcome in (Outcome.ADD, Outcome.CHANGE)]
        if cells:
            drafts.take_cells(self.version, cells, actor=self.actor)
        gone = [one.code for one in verdicts if one.outcome is Outcome.RETIRE]
        if gone:
            drafts.drop_cells(self.version, gone, actor=self.actor)

    def finish(self) -> Mapping[str, Any]:
        """Areas are measured, shared edges simplified together."""
        return drafts.settle(self.version)


def _single(geom: Any) -> Any:
    """A polygon that is alone in its multipolygon, as files of areas often write it."""
    return geom.geoms[0] if geom is not None and geom.geom_type == "MultiPolygon" and len(geom.geoms) == 1 else geom
