"""Questions about supervision areas: who collects where, which cells nobody has, which ones several have."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from accounts import selectors as accounts
from core import clock
from core.errors import Invalid, NotFound
from core.scope import Actor
from grid.contracts import CodePlan, PatrolView, Supervision, SupervisionAreaView
from grid.models import Cell, Patrol, SupervisedCell, SupervisionArea
from grid.rules import pasted
from grid.rules.codes import beneath
from grid.selectors.code_plans import code_plan
from grid.selectors.places import in_force, map_version

SUPERVISION_READERS = ("case.see", "admin")
GONE = """
    SELECT s.supervision_area_id, s.cell
      FROM grid_supervisedcell s
      LEFT JOIN grid_cell c ON c.version_id = %(version)s AND c.code = s.cell
     WHERE s.supervision_area_id = ANY(%(areas)s) AND c.id IS NULL
     ORDER BY s.cell
"""
LONE = """
    SELECT c.area, array_agg(c.code::text ORDER BY c.code)
      FROM grid_cell c
     WHERE c.version_id = %(version)s AND (%(below)s = '' OR c.area = %(below)s OR c.area LIKE %(below)s || '.%%')
       AND NOT EXISTS (SELECT 1 FROM grid_supervisedcell s JOIN grid_supervisionarea a ON a.id = s.supervision_area_id
                        WHERE s.cell = c.code AND a.dissolved_at IS NULL)
     GROUP BY c.area ORDER BY c.area
"""


def supervision_areas(actor: Actor, below: str = "") -> QuerySet[SupervisionArea]:
    """The areas in use that the actor may know of, by code; `below` is the path of a region."""
    found = SupervisionArea.objects.filter(dissolved_at__isnull=True).order_by("code")
    if below:
        found = found.filter(_at_or_below(below))
    grounds = {ground.area for right in SUPERVISION_READERS for ground in actor.scope(right).grounds}
    if "" in grounds:
        return found
    seen = Q(pk__in=())
    for area in grounds:
        seen |= _at_or_below(area)
    return found.filter(seen)


def _at_or_below(path: str) -> Q:
    return Q(area=path) | Q(area__startswith=f"{path}.")


def supervision_area(code: str, actor: Actor) -> SupervisionArea:
    """The area in use of that code; NotFound where there is none that the actor may know of."""
    found = supervision_areas(actor).filter(code=code[:40]).first()
    if found is None:
        raise NotFound("grid.no_supervision_area", code=code[:40])
    return found


def supervision_views(areas: Iterable[SupervisionArea], at: datetime | None = None) -> list[SupervisionAreaView]:
    """Areas with the number of their cells and those who collect there then (now), in four queries."""
    rows = list(areas)
    ids = [row.pk for row in rows]
    counts = dict(
        SupervisedCell.objects.filter(supervision_area__in=ids)
        .order_by()
        .values_list("supervision_area")
        .annotate(many=Count("pk"))
    )
    patrols = _patrols(Patrol.objects.filter(_walking(at or clock.now()), supervision_area__in=ids))
    lost = gone_cells(ids)
    return [
        SupervisionAreaView(
            code=row.code,
            names=row.names,
            area=row.area,
            cells=counts.get(row.pk, 0),
            gone=len(lost.get(row.pk, ())),
            patrols=tuple(patrols.get(row.pk, ())),
        )
        for row in rows
    ]


def _walking(at: datetime, prefix: str = "") -> Q:
    ends = Q(**{f"{prefix}valid_until__isnull": True}) | Q(**{f"{prefix}valid_until__gt": at})
    return ends & Q(**{f"{prefix}valid_from__lte": at})


def _patrols(rows: QuerySet[Patrol]) -> dict[int, list[PatrolView]]:
    held = list(rows.order_by("valid_from", "pk"))
    people = accounts.people(row.person_id for row in held)
    found: dict[int, list[PatrolView]] = defaultdict(list)
    for row in held:
        person = people[row.person_id]
        view = PatrolView(row.pk, person.user_id, person.key, person.label, row.valid_from, row.valid_until)
        found[row.supervision_area_id].append(view)
    return found


def patrols_of(area: SupervisionArea) -> list[PatrolView]:
    """Everybody who collects there now or will, first come first."""
    now = clock.now()
    rows = Patrol.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=now), supervision_area=area)
    return _patrols(rows).get(area.pk, [])


def supervised_cells(area: SupervisionArea) -> list[str]:
    """The codes of an area's cells in order."""
    return list(area.cells.order_by("cell").values_list("cell", flat=True))


def supervision_rows(actor: Actor) -> Iterator[dict[str, Any]]:
    """The areas that the actor may know of as rows of a file, by code, with their cells and who collects there now."""
    rows = list(supervision_areas(actor))
    cells: dict[int, list[str]] = defaultdict(list)
    held = SupervisedCell.objects.filter(supervision_area__in=rows).order_by("cell")
    for area, cell in held.values_list("supervision_area", "cell"):
        cells[area].append(cell)
    for row, view in zip(rows, supervision_views(rows), strict=True):
        yield {
            "code": row.code,
            "name": row.names.get("zh", ""),
            "name_en": row.names.get("en", ""),
            "region": row.area,
            "cells": ";".join(cells[row.pk]),
            "collectors": ";".join(one.label for one in view.patrols),
        }


def supervision_told(area: SupervisionArea, cells: Iterable[str]) -> dict[str, Any]:
    """An area by the fields of its form: what `core.versions` compares."""
    return {
        "name_zh": area.names.get("zh", ""),
        "name_en": area.names.get("en", ""),
        "cells": sorted(cells),
    }


def gone_cells(areas: Sequence[int]) -> dict[int, list[str]]:
    """For each of these areas the cells that the map in force does not have."""
    found: dict[int, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(GONE, {"version": map_version(), "areas": list(areas)})
        for area, cell in cursor.fetchall():
            found[area].append(cell)
    return found


def collectors_of(cell: str, at: datetime | None = None) -> list[PatrolView]:
    """Who collects in a cell then (now): active accounts of every area in use that has it, each once, by name."""
    if not cell:
        return []
    held = Patrol.objects.filter(
        _walking(at or clock.now()),
        supervision_area__dissolved_at__isnull=True,
        supervision_area__cells__cell=cell,
        person__is_active=True,
    )
    views = {view.user_id: view for rows in _patrols(held).values() for view in rows}
    return sorted(views.values(), key=lambda view: (view.label, view.user_id))


def walked_cells(person: int | None, at: datetime | None = None) -> frozenset[str]:
    """The cells that this person collects in then (now)."""
    if person is None:
        return frozenset()
    walks = Patrol.objects.filter(
        _walking(at or clock.now()), supervision_area__dissolved_at__isnull=True, person=person
    )
    held = SupervisedCell.objects.filter(supervision_area__in=walks.values("supervision_area"))
    return frozenset(held.values_list("cell", flat=True))


def collectors_touched(reshaped: Collection[str], gone: Collection[str]) -> tuple[list[tuple[str, str, int]], int, int]:
    """Whom a new map would touch, of the active people who collect now: in which cells, how many move, how many lose.

    A cell is told with its code on the new map ("" where it has none); somebody who loses a cell is not one who moves.
    """
    walking = Patrol.objects.filter(
        _walking(clock.now()), supervision_area__dissolved_at__isnull=True, person__is_active=True
    )
    touched = walking.filter(supervision_area__cells__cell__in=[*reshaped, *gone])
    counted = touched.values("supervision_area__cells__cell").annotate(people=Count("person", distinct=True))
    rows = counted.order_by("-people", "supervision_area__cells__cell").values_list(
        "supervision_area__cells__cell", "people"
    )
    away = set(gone)
    people = Count("person", distinct=True)
    losers = Count("person", distinct=True, filter=Q(supervision_area__cells__cell__in=away))
    told = touched.aggregate(everybody=people, lost=losers)
    by_cell = [(cell, "" if cell in away else cell, many) for cell, many in rows]
    return by_cell, told["everybody"] - told["lost"], told["lost"]


def knows_cell(cell: str, actor: Actor) -> bool:
    """Whether a supervision area that the actor may know of has the cell."""
    return supervision_areas(actor).filter(cells__cell=cell).exists()


def areas_by_cell(actor: Actor) -> dict[str, list[str]]:
    """For each supervised cell the codes of the areas that have it, of those that the actor may know of."""
    rows = SupervisedCell.objects.filter(supervision_area__in=supervision_areas(actor)).order_by(
        "supervision_area__code"
    )
    found: dict[str, list[str]] = defaultdict(list)
    for cell, code in rows.values_list("cell", "supervision_area__code"):
        found[cell].append(code)
    return found


def known_cells(codes: Iterable[str]) -> dict[str, str]:
    """Of these cells those that the map in force has, each with the path of its community."""
    rows = Cell.objects.filter(in_force("version__"), code__in=list(codes))
    return dict(rows.values_list("code", "area"))


def cells_beneath(region: str, plan: CodePlan) -> dict[str, str]:
    """Every cell of the map in force in a region, with the path of its community."""
    rows = Cell.objects.filter(in_force("version__"), code__startswith=beneath(region, plan))
    return dict(rows.values_list("code", "area"))


def named_cells(text: str, had: Set[str] = frozenset()) -> tuple[set[str], str]:
    """The cells that a pasted text names, and the region above them; a lost cell that was `had` already may stay.

    Invalid where a line is no code, a cell or a region is none of the map in force, or no cell is named.
    """
    plan = code_plan()
    found = pasted.read_cells(text, plan)
    if found.faults:
        first = found.faults[0]
        raise Invalid(first.code, line=first.line, text=first.text, count=len(found.faults), digits=plan.cell)
    known = known_cells(found.cells)
    for region in found.regions:
        held = cells_beneath(region, plan)
        if not held:
            raise Invalid("grid.region_without_cells", code=region)
        known |= held
    unknown = sorted(set(found.cells) - known.keys() - had)
    if unknown:
        raise Invalid("grid.cells_unknown", count=len(unknown), which=", ".join(unknown[: pasted.MOST_TOLD]))
    if not known:
        raise Invalid("grid.supervision_empty")
    return {*known, *found.cells}, pasted.common_region(set(known.values()))


def supervision(actor: Actor, below: str = "") -> Supervision:
    """Cells with several areas, cells with none, cells that are no longer on the map, areas where nobody walks."""
    areas = {row.pk: row.code for row in supervision_areas(actor, below)}
    rows = SupervisedCell.objects.filter(supervision_area__in=list(areas)).order_by("cell", "supervision_area__code")
    held: dict[str, list[str]] = defaultdict(list)
    for cell, area in rows.values_list("cell", "supervision_area"):
        held[cell].append(areas[area])
    walking = Patrol.objects.filter(_walking(clock.now()), supervision_area__in=list(areas), person__is_active=True)
    walked = set(walking.values_list("supervision_area", flat=True))
    gone = {areas[pk]: tuple(cells) for pk, cells in gone_cells(list(areas)).items()}
    on_map = Cell.objects.filter(in_force("version__"))
    return Supervision(
        cells=(on_map.filter(_at_or_below(below)) if below else on_map).count(),
        supervised=len(held.keys() - {cell for cells in gone.values() for cell in cells}),
        shared={cell: tuple(codes) for cell, codes in held.items() if len(codes) > 1},
        lone=_lone(below),
        gone=gone,
        unmanned=tuple(sorted(code for pk, code in areas.items() if pk not in walked)),
    )


def _lone(below: str) -> Mapping[str, tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(LONE, {"version": map_version(), "below": below})
        return {area: tuple(codes) for area, codes in cursor.fetchall()}
