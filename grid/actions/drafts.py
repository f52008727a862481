"""Drafts that grow by imports: the tree of regions, their outlines, cells; nothing here touches a published map."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import shapely
from django.db import connection, transaction
from shapely.geometry.base import BaseGeometry

from core import clock
from core.errors import Conflict, Invalid, NotFound
from core.scope import Actor
from grid import selectors
from grid.actions.storing import (
    CELL_SIMPLE_M,
    MEASURE,
    REGION_SIMPLE_M,
    bound_history,
    geos,
    locked,
    multi,
    only_admins,
    simplified,
    simplify_cells,
    simplify_regions,
)
from grid.contracts import CodePlan, Level, VersionDrafted
from grid.models import BaseFeature, Cell, GridVersion, Region
from grid.rules.codes import community_of, join_names
from grid.rules.divisions import Division, Misfit, read_division
from grid.rules.shapes import BaseShape, CellShape
from journal import actions as journal

LONGEST_NOTE = 200

COPY_REGIONS = """
    INSERT INTO grid_region (version_id, code, level, parent_id, path, names, full_names, area_m2, geom, anchor,
                             simple3857)
    SELECT %(new)s, r.code, r.level, p.id, r.path, r.names, r.full_names, r.area_m2, r.geom, r.anchor, r.simple3857
      FROM grid_region r
      LEFT JOIN grid_region above ON above.id = r.parent_id
      LEFT JOIN grid_region p ON p.version_id = %(new)s AND p.code = above.code
     WHERE r.version_id = %(old)s AND r.level = %(level)s
"""
COPY_CELLS = """
    INSERT INTO grid_cell (version_id, code, region_id, area, area_m2, land_use, grade, responsible, geom, simple3857)
    SELECT %(new)s, c.code, mine.id, c.area, c.area_m2, c.land_use, c.grade, c.responsible, c.geom, c.simple3857
      FROM grid_cell c
      JOIN grid_region r ON r.id = c.region_id
      JOIN grid_region mine ON mine.version_id = %(new)s AND mine.code = r.code
     WHERE c.version_id = %(old)s
"""
COPY_BASE = """
    INSERT INTO grid_basefeature (version_id, kind, class, names, geom)
    SELECT %(new)s, kind, class, names, geom FROM grid_basefeature WHERE version_id = %(old)s
"""


@transaction.atomic
def working_draft(*, actor: Actor, note: str = "") -> int:
    """The newest map that is not published; where there is none, a new draft that begins as the map in force."""
    only_admins(actor)
    draft = GridVersion.objects.exclude(state=GridVersion.State.PUBLISHED).order_by("-pk").first()
    return draft.pk if draft else draft_version(actor=actor, note=note)


@transaction.atomic
def draft_version(*, actor: Actor, note: str = "", source: int | None = None) -> int:
    """There is a new draft that begins as `source`, or as the map in force; empty before there is any."""
    only_admins(actor)
    if len(note) > LONGEST_NOTE:
        raise Invalid("grid.note_long", most=LONGEST_NOTE)
    if source is None:
        latest = GridVersion.objects.filter(state=GridVersion.State.PUBLISHED, valid_from__lte=clock.now())
        source = latest.order_by("-valid_from").values_list("pk", flat=True).first()
    elif not GridVersion.objects.filter(pk=source).exists():
        raise NotFound("grid.no_version", version=source)
    made = GridVersion.objects.create(created_at=clock.now(), created_by=actor.key, note=note)
    if source:
        _copy(source, made.pk)
    news = VersionDrafted(made.pk, source or 0)
    journal.record("grid.version_drafted.v1", subject=f"grid:{made.pk}", actor=actor, data=news)
    return made.pk


@transaction.atomic
def name_city(*, code: str, zh: str, en: str, actor: Actor) -> None:
    """The working draft has a city of this code and these names; nothing beneath it changes."""
    draft = working_draft(actor=actor)
    written = {"code": code.strip(), "name": zh.strip(), "name_en": en.strip(), "level": "city"}
    plan = selectors.code_plan()
    found = read_division(written, plan)
    if isinstance(found, Misfit):
        raise Invalid(found.code, **found.params)
    if not found.code.endswith("00"):
        raise Invalid("grid.city_code", code=found.code, digits=plan.district)
    if not found.name_en:
        raise Invalid("grid.region_name", code=found.code, language="en")
    held = Region.objects.filter(version=draft, level=Level.CITY).exclude(code=found.code).first()
    if held and held.children.exists():
        raise Conflict("grid.city_is_another", code=held.code, name=held.names.get("zh", ""))
    if held:
        held.delete()
    take_divisions(draft, [found], actor=actor)


def _copy(old: int, new: int) -> None:
    with connection.cursor() as cursor:
        for level in Level:
            cursor.execute(COPY_REGIONS, {"old": old, "new": new, "level": level.value})
        cursor.execute(COPY_CELLS, {"old": old, "new": new})
        cursor.execute(COPY_BASE, {"old": old, "new": new})


@transaction.atomic
def take_divisions(version: int, divisions: Iterable[Division], *, actor: Actor) -> None:
    """The draft has these regions with these names beneath these parents; outlines stay as they are."""
    bound_history(locked(version), actor)
    wanted = {division.code: division for division in divisions}
    codes = {*wanted, *(division.parent for division in wanted.values())}
    known = {
        row.code: row for row in Region.objects.filter(version=version, code__in=codes).defer("geom", "simple3857")
    }
    for level in Level:
        rows = [_row(version, one, known) for one in wanted.values() if one.level is level]
        fields = ["names", "full_names", "parent", "path"]
        stored = Region.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["version", "code"], update_fields=fields, batch_size=1000
        )
        known |= {row.code: row for row in stored}


def _row(version: int, one: Division, known: Mapping[str, Region]) -> Region:
    parent = known.get(one.parent)
    before = known.get(one.code)
    names = {**(before.names if before else {"en": ""}), "zh": one.name, **({"en": one.name_en} if one.name_en else {})}
    called = [] if parent is None or parent.level == Level.CITY else [parent.full_names]
    return Region(
        version_id=version,
        code=one.code,
        level=one.level,
        parent=parent,
        path=f"{parent.path}.{one.code}" if parent else one.code,
        names=names,
        full_names=join_names([*called, names]),
    )


@transaction.atomic
def take_outlines(version: int, outlines: Mapping[str, BaseGeometry], *, actor: Actor) -> None:
    """These regions of the draft have these outlines."""
    bound_history(locked(version), actor)
    for row in Region.objects.filter(version=version, code__in=list(outlines)).only("pk", "code"):
        geom = outlines[row.code]
        simple = simplified([geom], REGION_SIMPLE_M)[0]
        Region.objects.filter(pk=row.pk).update(
            geom=multi(geom),
            anchor=geos(shapely.maximum_inscribed_circle(geom).interpolate(0)),
            simple3857=multi(simple, 3857),
        )


@transaction.atomic
def take_cells(version: int, cells: Sequence[CellShape], *, actor: Actor) -> None:
    """The draft has these cells in the communities that their codes name."""
    bound_history(locked(version), actor)
    put_cells(version, cells, selectors.code_plan())


@transaction.atomic
def drop_cells(version: int, codes: Collection[str], *, actor: Actor) -> None:
    """The draft has these cells no more."""
    bound_history(locked(version), actor)
    Cell.objects.filter(version=version, code__in=codes).delete()


def put_cells(version: int, cells: Sequence[CellShape], plan: CodePlan) -> None:
    """The rows of these cells, new or not; borders are simplified one by one until `settle` or a check."""
    wanted = {community_of(cell.code, plan) for cell in cells}
    found = Region.objects.filter(version=version, code__in=wanted).defer("geom", "simple3857")
    communities = {row.code: row for row in found}
    rows = []
    for cell, flat in zip(cells, simplified([cell.geom for cell in cells], CELL_SIMPLE_M), strict=True):
        home = communities[community_of(cell.code, plan)]
        rows.append(
            Cell(
                version_id=version, code=cell.code, region=home, area=home.path, land_use=cell.land_use,
                grade=cell.grade, responsible=cell.responsible, geom=geos(cell.geom), simple3857=geos(flat, 3857),
            )
        )  # fmt: skip
    fields = ["region", "area", "land_use", "grade", "responsible", "geom", "simple3857"]
    Cell.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["version", "code"], update_fields=fields, batch_size=1000
    )


@transaction.atomic
def take_base(version: int, shapes: Sequence[BaseShape], *, actor: Actor) -> None:
    """The draft has these roads, rivers, parks and seas beside those it has."""
    bound_history(locked(version), actor)
    rows = [
        BaseFeature(version_id=version, kind=one.kind, rank=one.rank, names=dict(one.names), geom=geos(one.geom))
        for one in shapes
    ]
    BaseFeature.objects.bulk_create(rows, batch_size=1000)


@transaction.atomic
def drop_base(version: int, features: Collection[int], *, actor: Actor) -> int:
    """These features of the base map are in the draft no more; answers how many."""
    bound_history(locked(version), actor)
    gone, _each = BaseFeature.objects.filter(version=version, pk__in=features).delete()
    return gone


@transaction.atomic
def settle(version: int) -> dict[str, int]:
    """Areas are measured anew and shared edges simplified together; answers how many of each level there are."""
    locked(version)
    simplify_regions(version)
    simplify_cells(version)
    with connection.cursor() as cursor:
        for table in (Region._meta.db_table, Cell._meta.db_table):
            cursor.execute(MEASURE.format(table=table) + " AND geom IS NOT NULL", [version])
            cursor.execute(f"ANALYZE {table}")
    rows = Region.objects.filter(version=version)
    counts = {level.value: rows.filter(level=level).count() for level in Level}
    return {**counts, "cells": Cell.objects.filter(version=version).count(), "version": version}
