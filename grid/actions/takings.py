"""Files of divisions and boundaries, row by row: what would become of each, and then exactly that."""

from collections import Counter
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
from grid.contracts import Level
from grid.rules.codes import city_stem, short_code
from grid.rules.divisions import PLACEHOLDERS, Division, Misfit, bare_name, read_division

ALIKE = 1e-9


class Divisions:
    """A list of regions: every parent must be in the list or in the draft already."""

    def __init__(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> None:
        self.actor = actor
        self.plan = selectors.code_plan()
        self.version = int(keep.get("version") or 0)
        self.known = selectors.draft_regions(self.version or selectors.newest_draft() or selectors.map_version())
        self.listed: dict[str, Division] = {}
        self.city = short_code((options.get("city") or "").strip(), Level.CITY, self.plan)
        self._stem = city_stem(self.city) if self.city else ""
        self._takes_placeholders = options.get("placeholders") == "take"
        self._parents: set[str] = set()
        self._times: Counter[str] = Counter()
        self._early: set[str] = set()
        self._seen: set[str] = set()

    def look(self, rows: Sequence[Row]) -> None:
        """Every sound division is remembered, so that a child may stand before its parent."""
        for row in rows:
            found = None if row.faults else read_division(row.values, self.plan)
            if isinstance(found, Division):
                self._times[found.code] += 1
                self.listed.setdefault(found.code, found)
                self._parents.add(found.parent)

    def suspicions(self) -> list[Suspicion]:
        """Codes given twice, placeholders that are no place, and cities beside the one there is."""
        found = []
        twice = sum(times > 1 for times in self._times.values())
        if twice:
            found.append(Suspicion("grid.codes_twice", {"count": twice}))
        placeholders = sum(one.name in PLACEHOLDERS for one in self.listed.values())
        if placeholders:
            found.append(Suspicion("grid.placeholders", {"count": placeholders}, grave=False))
        cities = {one.code for one in self.listed.values() if one.level is Level.CITY}
        if self.city and self.city not in cities | self.known.keys():
            found.append(Suspicion("grid.city_not_listed", {"code": self.city}))
        if len(cities) > 1 and not self.city:
            found.append(Suspicion("grid.several_cities", {"count": len(cities)}, grave=False))
        return found

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """What would become of each row."""
        return [self._judged(row) for row in rows]

    def _judged(self, row: Row) -> Verdict:
        code = str(row.values.get("code") or "")
        if row.faults:
            return Verdict(row, Outcome.REFUSE, code)
        found = read_division(row.values, self.plan)
        if isinstance(found, Division) and self._left_out(found):
            return Verdict(row, Outcome.LEAVE, found.code)
        if isinstance(found, Misfit):
            row.refuse(found.field, found.code, **found.params)
        elif found.code in self._seen:
            row.refuse("code", "grid.code_twice", code=found.code, times=self._times[found.code])
        elif found.parent and not self._has(found.parent, found.level):
            row.refuse("parent", "grid.region_parent", code=found.code, parent=found.parent)
        if row.faults or isinstance(found, Misfit):
            return Verdict(row, Outcome.REFUSE, code)
        self._seen.add(found.code)
        return Verdict(row, self._outcome(found), found.code, found)

    def _left_out(self, found: Division) -> bool:
        """Another city's, or a name that is no place; one with regions beneath it in the list is a place after all."""
        placeholder = found.name in PLACEHOLDERS and found.code not in self._parents
        return not found.code.startswith(self._stem) or (placeholder and not self._takes_placeholders)

    def _has(self, parent: str, level: Level) -> bool:
        above = self.listed.get(parent)
        held = self.known.get(parent)
        wanted = list(Level)[list(Level).index(level) - 1]
        return (above is not None and above.level is wanted) or (held is not None and held.level == wanted)

    def _outcome(self, found: Division) -> Outcome:
        held = self.known.get(found.code)
        if held is None or found.code in self._early:
            return Outcome.ADD
        same = held.name == found.name and held.parent == found.parent and found.name_en in ("", held.name_en)
        return Outcome.SAME if same else Outcome.CHANGE

    def store(self, verdicts: Sequence[Verdict]) -> None:
        """The regions are in the draft, and so is every parent of theirs that stands later in the list."""
        wanted = {one.code: one.item for one in verdicts if one.outcome in (Outcome.ADD, Outcome.CHANGE)}
        for one in list(wanted.values()):
            parent = one.parent
            while parent and parent not in self.known and parent not in wanted and parent not in self._early:
                wanted[parent] = self.listed[parent]
                self._early.add(parent)
                parent = self.listed[parent].parent
        drafts.take_divisions(self.version, wanted.values(), actor=self.actor)
        self._early |= wanted.keys()

    def finish(self) -> Mapping[str, Any]:
        """How many regions of each level the draft now has."""
        return drafts.settle(self.version)


class Boundaries:
    """Outlines for regions that the draft knows by code or by name."""

    def __init__(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> None:
        self.actor = actor
        self.plan = selectors.code_plan()
        self.version = int(keep.get("version") or 0)
        shown = self.version or selectors.newest_draft() or selectors.map_version()
        self.known = selectors.draft_regions(shown)
        self.outlines = selectors.draft_outlines(shown)
        self._level = options.get("level") or ""
        self._by_name: dict[str, dict[str, list[str]]] = {level.value: {} for level in Level}
        for code, held in self.known.items():
            for name in {held.name, bare_name(held.name)}:
                self._by_name[held.level].setdefault(name, []).append(code)
        self._looked: list[Row] = []
        self._seen: set[str] = set()

    def look(self, rows: Sequence[Row]) -> None:
        """Each outline is remembered, to be held against known ground and against the others."""
        self._looked += [row for row in rows if not row.faults and row.geometry is not None]

    @cached_property
    def level(self) -> str:
        """The level whose names the file uses most; the shallower of two."""
        if self._level:
            return self._level
        names = [str(row.values.get("name") or "") for row in self._looked]
        known = {level: sum(bool(self._called(name, level)) for name in names) for level in self._by_name}
        return max(known, key=lambda level: known[level])

    @cached_property
    def given(self) -> dict[str, BaseGeometry]:
        """The outlines of the file by the regions they are for."""
        found: dict[str, BaseGeometry] = {}
        for row in self._looked:
            if row.geometry is not None and row.geometry.geom_type in ("Polygon", "MultiPolygon"):
                found.setdefault(self._code(row), row.geometry)
        found.pop("", None)
        return found

    def _called(self, name: str, level: str) -> list[str]:
        return self._by_name[level].get(name) or self._by_name[level].get(bare_name(name)) or []

    def _code(self, row: Row) -> str:
        written = str(row.values.get("code") or "")
        if written:
            short = {short_code(written, level, self.plan) for level in Level}
            return next((code for code in short if code in self.known), "")
        found = self._called(str(row.values.get("name") or ""), self.level)
        return found[0] if len(found) == 1 else ""

    def suspicions(self) -> list[Suspicion]:
        """A bent datum, changed axes, ground beside the city, outlines that overlap: each with what it was told by."""
        found = self._off_ground()
        overlapping = selectors.overlapping(self.given, self.known)
        if overlapping:
            told = ", ".join(f"{one}/{other}" for one, other, _area in overlapping[:5])
            found.append(Suspicion("grid.outlines_overlap", {"count": len(overlapping), "which": told}, grave=False))
        return found

    def _off_ground(self) -> list[Suspicion]:
        bounds = selectors.bounds_of(self.outlines.values())
        shapes = [row.geometry for row in self._looked if row.geometry is not None]
        points = [(float(x), float(y)) for x, y in shapely.get_coordinates(shapes)[::20]]
        if bounds is None:
            return [Suspicion("grid.datum_unproven", {}, grave=False)]
        if ground.swapped(points, bounds):
            return [Suspicion("grid.axes_swapped", {})]
        outside = sum(not ground.inside(point, bounds, 0.2) for point in points)
        if outside * 2 > len(points):
            return [Suspicion("grid.outside_city", {"percent": round(outside * 100 / len(points))})]
        common = [code for code in self.given if code in self.outlines]
        for code in common:
            bent = ground.bent(_ring(self.given[code]), selectors.distance_to(self.outlines[code]))
            if bent:
                return [
                    Suspicion("grid.datum_bent", {"datum": bent[0].upper(), "metres": round(bent[1]), "code": code})
                ]
        return [] if common else [Suspicion("grid.datum_unproven", {}, grave=False)]

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """What would become of each row."""
        return [self._judged(row) for row in rows]

    def _judged(self, row: Row) -> Verdict:
        called = str(row.values.get("code") or row.values.get("name") or "")
        code = "" if row.faults else self._code(row)
        if not row.faults:
            self._find_fault(row, code, called)
        if row.faults or row.geometry is None:
            return Verdict(row, Outcome.REFUSE, code or called)
        self._seen.add(code)
        held = self.outlines.get(code)
        if held is None:
            return Verdict(row, Outcome.ADD, code, row.geometry)
        same = shapely.equals_exact(shapely.normalize(_multi(held)), shapely.normalize(_multi(row.geometry)), ALIKE)
        return Verdict(row, Outcome.SAME, code) if same else Verdict(row, Outcome.CHANGE, code, row.geometry, held)

    def _find_fault(self, row: Row, code: str, called: str) -> None:
        field = "code" if row.values.get("code") else "name"
        if not called:
            row.refuse("name", "grid.outline_of_nobody")
        elif not code:
            several = len(self._called(called, self.level)) > 1
            row.refuse(field, "grid.region_ambiguous" if several else "grid.region_unknown", name=called)
        elif code in self._seen:
            row.refuse(field, "grid.code_twice", code=code, times=2)
        elif row.geometry is not None and row.geometry.geom_type not in ("Polygon", "MultiPolygon"):
            row.refuse(field, "grid.geometry", code=called, why=row.geometry.geom_type)

    def store(self, verdicts: Sequence[Verdict]) -> None:
        """The regions have these outlines."""
        wanted = (Outcome.ADD, Outcome.CHANGE)
        outlines = {one.code: one.item for one in verdicts if one.outcome in wanted}
        drafts.take_outlines(self.version, outlines, actor=self.actor)

    def finish(self) -> Mapping[str, Any]:
        """Areas are measured, shared edges simplified together."""
        return drafts.settle(self.version)


def _multi(geom: BaseGeometry) -> BaseGeometry:
    made: BaseGeometry = geom if geom.geom_type == "MultiPolygon" else shapely.multipolygons([geom])
    return made


def _ring(geom: BaseGeometry) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(geom)]
