"""Maps: imported as a draft that was checked whole, then published for a period."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import shapely
from django.db import connection, transaction
from django.db.models import Q
from shapely.geometry.base import BaseGeometry

from core import clock
from core.errors import Conflict, Invalid
from core.scope import Actor
from grid import codecs, selectors
from grid.actions.checks import checked_now
from grid.actions.storing import CELL_SIMPLE_M, REGION_SIMPLE_M, geos, locked, measure, multi, only_admins, simplified
from grid.contracts import CodePlan, GridPublished, GridReport, Level, VersionDiscarded
from grid.models import BaseFeature, Cell, GridVersion, Region
from grid.rules.codes import community_of, join_names
from grid.rules.drawing import problems_of
from grid.rules.shapes import Drawing, RegionShape
from journal import actions as journal

MOST_TOLD = 200


def import_grid(
    source: Path | str | Mapping[str, object],
    *,
    actor: Actor,
    publish_now: bool = True,
    note: str = "",
) -> GridReport:
    """A map (a folder of GeoJSON files, or the same as a mapping) is a checked draft, published unless told not to.

    A map with any problem is refused whole: Invalid("grid.import_refused") whose `problems` name each (200 at most).
    It is read and checked before the transaction begins, because that takes seconds.
    """
    only_admins(actor)
    drawing, plan = codecs.read(source), selectors.code_plan()
    problems = problems_of(drawing, plan)
    if problems:
        told = [{"code": problem.code, "params": dict(problem.params)} for problem in problems[:MOST_TOLD]]
        raise Invalid("grid.import_refused", count=len(problems), problems=told)
    with transaction.atomic():
        version = GridVersion.objects.create(created_at=clock.now(), created_by=actor.key, note=note)
        regions = _store_regions(version, drawing)
        _store_cells(version, drawing, regions, plan)
        _store_base(version, drawing)
        measure(version)
        if publish_now:
            publish(version.pk, actor=actor)
    version.refresh_from_db()
    return GridReport(
        version=version.pk,
        state=version.state,
        regions=len(drawing.regions),
        cells=len(drawing.cells),
        base_features=len(drawing.base),
    )


@transaction.atomic
def publish(version: int, *, actor: Actor, at: datetime | None = None, revision: int | None = None) -> None:
    """From `at` (now, if not given) places are told by this map; the one in force until then ends there.

    A draft that was not checked since its last change is checked now, and refused while anything is wrong with it.
    """
    only_admins(actor)
    now = clock.now()
    start = at or now
    if start < now:
        raise Invalid("grid.start_in_the_past", at=start.isoformat())
    draft = locked(version)
    if revision is not None and revision != draft.revision:
        raise Conflict("grid.revision_stale", revision=draft.revision, given=revision)
    _refuse_unfinished(draft)
    if draft.state != GridVersion.State.CHECKED:
        _refuse_wrong(draft)
    published = GridVersion.objects.select_for_update().filter(state=GridVersion.State.PUBLISHED)
    ends = published.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=start), valid_from__lt=start)
    later = published.filter(valid_from__gte=start).order_by("valid_from").first()
    ends.update(valid_until=start)
    draft.state = GridVersion.State.PUBLISHED
    draft.valid_from = start
    draft.valid_until = later.valid_from if later else None
    if later and later.valid_from == start:
        raise Conflict("grid.start_taken", at=start.isoformat(), version=later.pk)
    draft.save(update_fields=["state", "valid_from", "valid_until"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT grid_keep_tiles(%s)", [draft.pk])
    city = draft.regions.get(level=Level.CITY)
    news = GridPublished(draft.pk, draft.regions.count(), draft.cells.count(), start.isoformat())
    journal.record("grid.published.v1", subject=f"grid:{draft.pk}", actor=actor, area=city.path, data=news)


def _refuse_wrong(draft: GridVersion) -> None:
    found = checked_now(draft)
    if found:
        told = [{"code": one.code, "params": dict(one.params)} for one in found[:MOST_TOLD]]
        raise Conflict("grid.version_invalid", version=draft.pk, count=len(found), problems=told)


@transaction.atomic
def discard(version: int, *, actor: Actor) -> None:
    """A draft is gone; a published map is never deleted, because old cases lie on its cells."""
    only_admins(actor)
    draft = locked(version)
    news = VersionDiscarded(draft.pk, draft.edits.count())
    journal.record("grid.version_discarded.v1", subject=f"grid:{draft.pk}", actor=actor, data=news)
    draft.delete()


def _refuse_unfinished(draft: GridVersion) -> None:
    """A draft that grew by imports is published only when it is a map: one city, and an outline for every region."""
    cities = draft.regions.filter(level=Level.CITY).count()
    if cities != 1:
        raise Conflict("grid.one_city", count=cities)
    bare = draft.regions.filter(geom__isnull=True).count()
    if bare:
        raise Conflict("grid.no_outline", count=bare)


def _store_regions(version: GridVersion, drawing: Drawing) -> dict[str, Region]:
    """Regions level by level, so that each finds its parent; names and paths are told from the top."""
    stored: dict[str, Region] = {}
    for level in Level:
        shapes = sorted((region for region in drawing.regions if region.level == level), key=lambda r: r.code)
        simple = simplified([region.geom for region in shapes], REGION_SIMPLE_M)
        rows = [
            _region_row(version, region, stored.get(region.parent), flat)
            for region, flat in zip(shapes, simple, strict=True)
        ]
        stored.update((row.code, row) for row in Region.objects.bulk_create(rows))
    return stored


def _region_row(version: GridVersion, region: RegionShape, parent: Region | None, simple: BaseGeometry) -> Region:
    called = [] if parent is None or parent.level == Level.CITY else [parent.full_names]
    return Region(
        version=version,
        code=region.code,
        level=region.level,
        parent=parent,
        path=f"{parent.path}.{region.code}" if parent else region.code,
        names=dict(region.names),
        full_names=join_names([*called, dict(region.names)]),
        geom=multi(region.geom),
        anchor=geos(shapely.maximum_inscribed_circle(region.geom).interpolate(0)),
        simple3857=multi(simple, 3857),
    )


def _store_cells(version: GridVersion, drawing: Drawing, regions: Mapping[str, Region], plan: CodePlan) -> None:
    simple = simplified([cell.geom for cell in drawing.cells], CELL_SIMPLE_M)
    rows = []
    for cell, flat in zip(drawing.cells, simple, strict=True):
        community = regions[community_of(cell.code, plan)]
        rows.append(
            Cell(
                version=version,
                code=cell.code,
                region=community,
                area=community.path,
                land_use=cell.land_use,
                grade=cell.grade,
                responsible=cell.responsible,
                geom=geos(cell.geom),
                simple3857=geos(flat, 3857),
            )
        )
    Cell.objects.bulk_create(rows, batch_size=2000)


def _store_base(version: GridVersion, drawing: Drawing) -> None:
    rows = [
        BaseFeature(version=version, kind=item.kind, rank=item.rank, names=dict(item.names), geom=geos(item.geom))
        for item in drawing.base
    ]
    BaseFeature.objects.bulk_create(rows, batch_size=2000)
