"""Regions of a draft, one by one: renamed, or removed once nothing lies beneath them; both can be taken back."""

from collections.abc import Mapping
from typing import Any

import shapely
from django.db import connection, transaction
from shapely.geometry.base import BaseGeometry

from core.errors import Conflict, Invalid
from core.scope import Actor
from grid.actions.storing import REGION_SIMPLE_M, geos, multi, noted, opened, simplified
from grid.contracts import Level, RegionEdited
from grid.models import GridEdit, GridProblem, GridVersion, Region
from grid.rules.codes import join_names
from grid.rules.divisions import LONGEST_NAME
from grid.rules.shapes import Edited
from journal import actions as journal

RENAME, REMOVE = "rename_region", "remove_region"
REGION_OPS = (RENAME, REMOVE)
MEASURE = "UPDATE grid_region SET area_m2 = ST_Area(geom::geography) WHERE id = %s AND geom IS NOT NULL"
SHAPES = ("geom", "anchor", "shape3857", "simple3857")


@transaction.atomic
def rename_region(version: int, *, actor: Actor, revision: int, code: str, names: Mapping[str, str]) -> Edited:
    """The region of the draft has these names, and so has its part of the names of all beneath it."""
    draft = opened(version, actor, revision)
    row = _region(draft, code)
    told = {language: str(names.get(language) or "").strip() for language in ("zh", "en")}
    for language, name in told.items():
        if len(name) > LONGEST_NAME or (language == "zh" and not name):
            raise Invalid("grid.region_name", code=code, language=language)
    if told == {language: row.names.get(language, "") for language in told}:
        raise Invalid("grid.nothing_changes")
    noted(draft, RENAME, {"code": code, "before": row.names, "after": {**row.names, **told}}, actor)
    _named(draft, row, {**row.names, **told})
    return _changed(draft, code, RENAME, actor)


@transaction.atomic
def remove_region(version: int, *, actor: Actor, revision: int, code: str) -> Edited:
    """The region is in the draft no more; refused while regions or cells lie beneath it."""
    draft = opened(version, actor, revision)
    row = _region(draft, code)
    beneath, cells = row.children.count(), row.cells.count()
    if beneath:
        raise Conflict("grid.region_has_regions", code=code, name=row.names.get("zh", ""), count=beneath)
    if cells:
        raise Conflict("grid.region_has_cells", code=code, name=row.names.get("zh", ""), count=cells)
    was = {
        "code": code, "level": row.level, "parent": row.parent.code if row.parent else "", "names": row.names,
        "outline": bytes(row.geom.wkb).hex() if row.geom else "",
    }  # fmt: skip
    noted(draft, REMOVE, was, actor)
    row.delete()
    return _changed(draft, code, REMOVE, actor)


def edit_region(version: int, *, actor: Actor, revision: int, op: str, given: Mapping[str, Any]) -> Edited:
    """The same two acts, asked for like those upon cells."""
    code, names = given.get("code"), given.get("names", {})
    if not isinstance(code, str):
        raise Invalid("grid.field_missing", field="code")
    if op == REMOVE:
        return remove_region(version, actor=actor, revision=revision, code=code)
    if not isinstance(names, Mapping) or not all(isinstance(name, str) for name in names.values()):
        raise Invalid("grid.field_missing", field="names")
    return rename_region(version, actor=actor, revision=revision, code=code, names=names)


def turn_region(draft: GridVersion, one: GridEdit, actor: Actor) -> Edited:
    """An act upon a region, taken back or done again."""
    told, undone = one.params, one.standing == GridEdit.Standing.UNDONE
    if one.op == RENAME:
        _named(draft, _region(draft, told["code"]), told["before" if undone else "after"])
    elif undone:
        _restored(draft, told)
    else:
        _region(draft, told["code"]).delete()
    return _changed(draft, told["code"], one.op, actor, undone=undone)


def _region(draft: GridVersion, code: str) -> Region:
    found = Region.objects.filter(version=draft, code=code).select_related("parent").first()
    if found is None:
        raise Invalid("grid.no_region", code=code[:20])
    return found


def _restored(draft: GridVersion, was: Mapping[str, Any]) -> None:
    parent = _region(draft, was["parent"]) if was["parent"] else None
    row = Region(
        version=draft, code=was["code"], level=was["level"], parent=parent, names=was["names"],
        path=f"{parent.path}.{was['code']}" if parent else was["code"], full_names=_full(parent, was["names"]),
    )  # fmt: skip
    if was["outline"]:
        geom: BaseGeometry = shapely.from_wkb(bytes.fromhex(was["outline"]))
        row.geom = multi(geom)
        row.anchor = geos(shapely.maximum_inscribed_circle(geom).interpolate(0))
        row.simple3857 = multi(simplified([geom], REGION_SIMPLE_M)[0], 3857)
    row.save()
    with connection.cursor() as cursor:
        cursor.execute(MEASURE, [row.pk])


def _full(parent: Region | None, names: Mapping[str, str]) -> dict[str, str]:
    called = [] if parent is None or parent.level == Level.CITY else [parent.full_names]
    return join_names([*called, dict(names)])


def _named(draft: GridVersion, row: Region, names: Mapping[str, str]) -> None:
    """The region is called so; the names of all beneath it are put together anew, parents before children."""
    row.names = dict(names)
    below = Region.objects.filter(version=draft, path__startswith=f"{row.path}.").order_by("path").defer(*SHAPES)
    known: dict[int | None, Region] = {row.parent_id: row.parent} if row.parent else {}
    rows = [row, *below]
    for one in rows:
        parent = known.get(one.parent_id)
        one.full_names = _full(parent, one.names)
        known[one.pk] = one
    Region.objects.bulk_update(rows, ["names", "full_names"], batch_size=500)


def _changed(draft: GridVersion, code: str, act: str, actor: Actor, *, undone: bool = False) -> Edited:
    """The draft is one revision on and waits for its check; the journal has the act."""
    GridProblem.objects.filter(version=draft).delete()
    draft.revision += 1
    draft.state, draft.problem_count = GridVersion.State.DRAFT, None
    draft.save(update_fields=["revision", "state", "problem_count"])
    news = RegionEdited(draft.pk, code, act, undone)
    journal.record("grid.region_edited.v1", subject=f"grid:{draft.pk}", actor=actor, data=news)
    return Edited(draft.revision, [], [], [])
