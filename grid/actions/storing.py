"""How drafts are locked, shapes stored and measured, borders simplified: what every verb upon a map does alike."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import connection
from shapely.geometry.base import BaseGeometry

from core import clock
from core.errors import Conflict, Forbidden, NotFound
from core.scope import Actor
from grid.contracts import Level
from grid.models import Cell, GridEdit, GridProblem, GridVersion, Region
from grid.rules.mercator import to_mercator
from grid.selectors import IMPORT

REGION_SIMPLE_M = 25.0
CELL_SIMPLE_M = 6.0
MEASURE = "UPDATE {table} SET area_m2 = ST_Area(geom::geography) WHERE version_id = %s"


def only_admins(actor: Actor) -> None:
    """Forbidden to everybody who does not administer the platform."""
    if not actor.may("admin"):
        raise Forbidden("grid.not_admin")


def locked(version: int) -> GridVersion:
    """The draft, checked or not, locked until the transaction ends; Conflict once it is published."""
    draft = GridVersion.objects.select_for_update().filter(pk=version).first()
    if draft is None:
        raise NotFound("grid.no_version", version=version)
    if draft.state == GridVersion.State.PUBLISHED:
        raise Conflict("grid.not_a_draft", version=version)
    return draft


def opened(version: int, actor: Actor, revision: int) -> GridVersion:
    """The draft, locked, for an administrator who saw this revision of it."""
    only_admins(actor)
    draft = locked(version)
    if draft.revision != revision:
        raise Conflict("grid.revision_stale", revision=draft.revision, given=revision)
    return draft


def noted(draft: GridVersion, op: str, params: Mapping[str, Any], actor: Actor) -> GridEdit:
    """The next act upon the draft; what was undone before it can no longer be done again."""
    GridEdit.objects.filter(version=draft, standing=GridEdit.Standing.UNDONE).update(standing=GridEdit.Standing.DROPPED)
    last = GridEdit.objects.filter(version=draft).order_by("-number").values_list("number", flat=True).first()
    return GridEdit.objects.create(
        version=draft, number=(last or 0) + 1, op=op, params=dict(params), actor=actor.key, at=clock.now()
    )


def geos(geom: BaseGeometry, srid: int = 4326) -> Any:
    """The same shape for Django; its class follows from the shape."""
    return GEOSGeometry(memoryview(shapely.to_wkb(geom)), srid=srid)


def multi(geom: BaseGeometry, srid: int = 4326) -> MultiPolygon:
    """The same, as a multipolygon."""
    made: GEOSGeometry = geos(geom, srid)
    return made if isinstance(made, MultiPolygon) else MultiPolygon(made, srid=srid)


def simplified(geoms: Sequence[BaseGeometry], tolerance_m: float) -> np.ndarray:
    """The shapes on the plane of the tiles; neighbours that are simplified together keep one common border."""
    flat = to_mercator(np.array(geoms, dtype=object))
    simple: np.ndarray = shapely.coverage_simplify(flat, tolerance_m, simplify_boundary=True)
    return simple


def measure(version: GridVersion) -> None:
    """Areas in square metres on the ellipsoid, as the register of cells asks."""
    with connection.cursor() as cursor:
        for table in (Region._meta.db_table, Cell._meta.db_table):
            cursor.execute(MEASURE.format(table=table), [version.pk])
            cursor.execute(f"ANALYZE {table}")


def simplify_regions(version: int) -> None:
    """Neighbours keep one common edge at every zoom only if all of a level are simplified together."""
    for level in Level:
        found = Region.objects.filter(version=version, level=level, geom__isnull=False).only("pk", "geom")
        rows = [(row, shapely.from_wkb(bytes(row.geom.wkb))) for row in found if row.geom]
        if rows:
            for (row, _shape), simple in zip(rows, simplified([s for _, s in rows], REGION_SIMPLE_M), strict=True):
                row.simple3857 = multi(simple, 3857)
            Region.objects.bulk_update([row for row, _ in rows], ["simple3857"], batch_size=500)


def simplify_cells(version: int) -> None:
    """The same for the cells of a version."""
    rows = list(Cell.objects.filter(version=version).only("pk", "geom"))
    if rows:
        shapes = [shapely.from_wkb(bytes(row.geom.wkb)) for row in rows]
        for row, simple in zip(rows, simplified(shapes, CELL_SIMPLE_M), strict=True):
            row.simple3857 = geos(simple, 3857)
        Cell.objects.bulk_update(rows, ["simple3857"], batch_size=500)


def bound_history(draft: GridVersion, actor: Actor) -> None:
    """The draft is changed by an import: it must be checked anew, and nothing done before can be taken back."""
    GridEdit.objects.filter(version=draft, standing=GridEdit.Standing.UNDONE).update(standing=GridEdit.Standing.DROPPED)
    last = GridEdit.objects.filter(version=draft).order_by("-number").first()
    if last is None or last.op != IMPORT or last.actor != actor.key:
        number = last.number + 1 if last else 1
        GridEdit.objects.create(version=draft, number=number, op=IMPORT, actor=actor.key, at=clock.now())
    GridProblem.objects.filter(version=draft).delete()
    draft.revision += 1
    draft.state = GridVersion.State.DRAFT
    draft.problem_count = None
    draft.save(update_fields=["revision", "state", "problem_count"])
