"""The grid editor's acts upon a draft: each checked, remembered and able to be taken back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, transaction
from shapely.geometry.base import BaseGeometry

from core.errors import Conflict, Invalid
from core.scope import Actor
from grid import selectors
from grid.actions import regions
from grid.actions.checks import remember
from grid.actions.drafts import put_cells
from grid.actions.regions import REGION_OPS
from grid.actions.storing import geos, noted, opened
from grid.contracts import CodePlan
from grid.models import Cell, EditedCell, GridEdit, GridProblem, GridVersion
from grid.rules import edits
from grid.rules.codes import community_of
from grid.rules.findings import Finding, cell_findings, gap_findings, overlap_findings
from grid.rules.polygons import Point, read_line, read_point, read_polygon
from grid.rules.shapes import CellShape, Edited

MARGIN = 1e-5
SNAP_M, MOST_SNAP_M = 1.0, 20.0
MOST_MERGED = 200
MOST_GRADED = 2_000
MEASURE = "UPDATE grid_cell SET area_m2 = ST_Area(geom::geography) WHERE version_id = %s AND code = ANY(%s)"

Given = Mapping[str, Any]


@transaction.atomic
def edit(version: int, *, actor: Actor, revision: int, op: str, given: Given) -> Edited:
    """The draft is changed by one act, which can be undone; what that does to its neighbourhood is answered."""
    if op in REGION_OPS:
        return regions.edit_region(version, actor=actor, revision=revision, op=op, given=given)
    draft = opened(version, actor, revision)
    if op not in OPS:
        raise Invalid("grid.bad_op", op=op[:40], known=", ".join((*OPS, *REGION_OPS)))
    plan = selectors.code_plan()
    before, change = OPS[op](draft.pk, given, plan)
    real = {code: cell for code, cell in change.items() if cell != before.get(code)}
    if not real:
        raise Invalid("grid.nothing_changes")
    made = noted(draft, op, given, actor)
    EditedCell.objects.bulk_create(
        [_remembered(made, code, before.get(code), cell) for code, cell in sorted(real.items())]
    )
    return _put(draft, real, plan)


@transaction.atomic
def undo(version: int, *, actor: Actor, revision: int) -> Edited:
    """The last act counts no more: its cells are to the last bit what they were. Imports are not undone."""
    draft = opened(version, actor, revision)
    last = GridEdit.objects.filter(version=draft, standing=GridEdit.Standing.DONE).order_by("-number").first()
    if last is None or last.op == selectors.IMPORT:
        raise Conflict("grid.nothing_to_undo")
    return _turn(draft, last, GridEdit.Standing.UNDONE, actor)


@transaction.atomic
def redo(version: int, *, actor: Actor, revision: int) -> Edited:
    """The act that was undone last counts again."""
    draft = opened(version, actor, revision)
    following = GridEdit.objects.filter(version=draft, standing=GridEdit.Standing.UNDONE).order_by("number").first()
    if following is None:
        raise Conflict("grid.nothing_to_redo")
    return _turn(draft, following, GridEdit.Standing.DONE, actor)


def _turn(draft: GridVersion, one: GridEdit, standing: GridEdit.Standing, actor: Actor) -> Edited:
    """The cells (or the region) of an act as they were before it, or as it left them."""
    one.standing = standing
    one.save(update_fields=["standing"])
    if one.op in REGION_OPS:
        return regions.turn_region(draft, one, actor)
    rows = list(one.cells.all())
    was = {row.code: _shape(row.code, row.geom_before, row.words_before) for row in rows}
    became = {row.code: _shape(row.code, row.geom_after, row.words_after) for row in rows}
    return _put(draft, was if standing == GridEdit.Standing.UNDONE else became, selectors.code_plan())


def _shape(code: str, geom: GEOSGeometry | None, words: Given | None) -> CellShape | None:
    return None if geom is None else CellShape(code, selectors.shape_of(geom), **(words or {}))


def _remembered(made: GridEdit, code: str, before: CellShape | None, after: CellShape | None) -> EditedCell:
    return EditedCell(
        edit=made, code=code,
        geom_before=geos(before.geom) if before else None, geom_after=geos(after.geom) if after else None,
        words_before=_words(before) if before else None, words_after=_words(after) if after else None,
    )  # fmt: skip


def _words(cell: CellShape) -> dict[str, object]:
    return {"land_use": cell.land_use, "grade": cell.grade, "responsible": cell.responsible}


def _put(draft: GridVersion, after: Mapping[str, CellShape | None], plan: CodePlan) -> Edited:
    """The rows of these cells are as told, the problems around them judged anew, the draft one revision on."""
    gone = sorted(code for code, cell in after.items() if cell is None)
    kept = [cell for _code, cell in sorted(after.items()) if cell is not None]
    Cell.objects.filter(version=draft, code__in=gone).delete()
    if kept:
        put_cells(draft.pk, kept, plan)
        with connection.cursor() as cursor:
            cursor.execute(MEASURE, [draft.pk, [cell.code for cell in kept]])
    found = _judged(draft.pk, set(after), plan)
    draft.revision += 1
    draft.state = GridVersion.State.DRAFT
    if draft.problem_count is not None:
        _replace(draft, set(after), found, plan)
    draft.save(update_fields=["revision", "state", "problem_count"])
    return Edited(draft.revision, [cell.code for cell in kept], gone, found)


def _judged(version: int, codes: set[str], plan: CodePlan) -> list[Finding]:
    """What is wrong around changed cells: with all cells of their communities, and wherever they overlap another."""
    homes = {community_of(code, plan) for code in codes}
    outlines = selectors.outlines_of(version, homes)
    mine = {code: cell.geom for code, cell in selectors.cells_of(version, homes).items()}
    changed = {code: mine[code] for code in codes & mine.keys()}
    found = cell_findings(mine, outlines, plan)
    if changed:
        beside = selectors.cells_near(version, selectors.bounds_of(changed.values()), MARGIN)
        found += overlap_findings({code: cell.geom for code, cell in beside.items()}, plan, changed)
    for home, outline in sorted(outlines.items()):
        own = {code: geom for code, geom in mine.items() if community_of(code, plan) == home}
        found += gap_findings(home, outline, own)
    return found


def _replace(draft: GridVersion, codes: set[str], found: Sequence[Finding], plan: CodePlan) -> None:
    homes = {community_of(code, plan) for code in codes}
    known = GridProblem.objects.filter(version=draft)
    known.filter(community__in=homes).exclude(code="grid.cells_overlap").delete()
    over = known.filter(code="grid.cells_overlap").values_list("pk", "cells")
    known.filter(pk__in=[pk for pk, cells in over if codes & set(cells)]).delete()
    remember(draft, found)
    draft.problem_count = GridProblem.objects.filter(version=draft).count()


Done = tuple[Mapping[str, CellShape], edits.Change]


def _around(version: int, points: Sequence[Point]) -> dict[str, CellShape]:
    west, south = min(p[0] for p in points), min(p[1] for p in points)
    east, north = max(p[0] for p in points), max(p[1] for p in points)
    return _wide(version, selectors.cells_near(version, (west, south, east, north), MARGIN))


def _wide(version: int, found: Mapping[str, CellShape]) -> dict[str, CellShape]:
    """The cells with all that lie beside them."""
    bounds = selectors.bounds_of(cell.geom for cell in found.values())
    return {**found, **selectors.cells_near(version, bounds, MARGIN)} if bounds else dict(found)


def _cells(version: int, codes: Sequence[str]) -> dict[str, CellShape]:
    """The named cells with all that lie beside them; Invalid where one is not on the map."""
    found = selectors.cells_called(version, codes)
    for code in codes:
        if code not in found:
            raise Invalid("grid.no_cell", code=code)
    return _wide(version, found)


def _draw(version: int, given: Given, plan: CodePlan) -> Done:
    community = _text(given, "community", plan.community)
    home = _outline(version, community)
    shape = read_polygon(given.get("geometry"))
    snap = given.get("snap_m", SNAP_M)
    if isinstance(snap, bool) or not isinstance(snap, int | float) or not 0 <= snap <= MOST_SNAP_M:
        raise Invalid("grid.bad_snap", most=MOST_SNAP_M)
    west, south, east, north = shape.bounds
    cells = _around(version, [(west - 1e-3, south - 1e-3), (east + 1e-3, north + 1e-3)])
    return cells, edits.draw(cells, next(selectors.free_codes(version, community, plan)), shape, home, float(snap))


def _move_vertex(version: int, given: Given, plan: CodePlan) -> Done:
    start, end = read_point(given.get("from")), read_point(given.get("to"))
    cells = _around(version, [start, end])
    return cells, edits.move_vertex(cells, start, end)


def _insert_vertex(version: int, given: Given, plan: CodePlan) -> Done:
    edge = given.get("edge")
    if not isinstance(edge, list) or len(edge) != 2:
        raise Invalid("grid.no_edge")
    ends, at = (read_point(edge[0]), read_point(edge[1])), read_point(given.get("at"))
    cells = _around(version, [*ends, at])
    return cells, edits.insert_vertex(cells, ends, at)


def _delete_vertex(version: int, given: Given, plan: CodePlan) -> Done:
    at = read_point(given.get("at"))
    cells = _around(version, [at])
    return cells, edits.delete_vertex(cells, at)


def _split(version: int, given: Given, plan: CodePlan) -> Done:
    code, line = _text(given, "code", plan.cell), read_line(given.get("line"))
    cells = _cells(version, [code])
    return cells, edits.split(cells, code, line, selectors.free_codes(version, community_of(code, plan), plan))


def _merge(version: int, given: Given, plan: CodePlan) -> Done:
    codes = given.get("codes")
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise Invalid("grid.merge_few")
    if len(codes) > MOST_MERGED:
        raise Invalid("grid.merge_many", most=MOST_MERGED)
    cells = _cells(version, codes)
    return cells, edits.merge(cells, codes, plan)


def _delete(version: int, given: Given, plan: CodePlan) -> Done:
    code = _text(given, "code", plan.cell)
    cells = _cells(version, [code])
    return cells, edits.delete(cells, code)


def _describe(version: int, given: Given, plan: CodePlan) -> Done:
    code = _text(given, "code", plan.cell)
    cells = _cells(version, [code])
    held = cells[code]
    grade = _grade_of(given.get("grade", held.grade), code)
    texts = {
        "land_use": _text(given, "land_use", 30, held.land_use),
        "responsible": _text(given, "responsible", 60, held.responsible),
    }
    return cells, edits.describe(cells, code, grade=grade, **texts)


def _grade_of(given: object, code: str) -> int:
    if isinstance(given, bool) or given not in (1, 2, 3, 4):
        raise Invalid("grid.cell_grade", code=code, grade=str(given)[:20])
    return int(str(given))


def _grade(version: int, given: Given, plan: CodePlan) -> Done:
    """Many cells at once: those named, or all of a region."""
    region, codes = _text(given, "region", plan.community, ""), given.get("codes", [])
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise Invalid("grid.field_missing", field="codes")
    if region:
        codes = selectors.codes_within(version, region)
    if not codes or len(codes) > MOST_GRADED:
        raise Invalid("grid.grade_how_many", found=len(codes), most=MOST_GRADED)
    grade = _grade_of(given.get("grade"), region or codes[0][: plan.cell])
    found = selectors.cells_called(version, codes)
    for code in codes:
        if code not in found:
            raise Invalid("grid.no_cell", code=code[: plan.cell])
    return found, edits.grade(found, codes, grade)


def _fix(version: int, given: Given, plan: CodePlan) -> Done:
    finding = selectors.finding(version, _text(given, "problem", 16))
    if finding is None:
        raise Conflict("grid.problem_gone")
    home: BaseGeometry | None = None
    if finding.community:
        home = _outline(version, community_of(finding.target, plan) or finding.community)
    if finding.geom is None or home is None or finding.fix is None:
        raise Conflict("grid.no_fix")
    west, south, east, north = finding.geom.bounds
    named = _cells(version, finding.cells) if finding.cells else {}
    cells = {**_around(version, [(west, south), (east, north)]), **named}
    return cells, edits.fix(cells, finding, home, selectors.free_codes(version, finding.community, plan))


def _outline(version: int, community: str) -> BaseGeometry:
    found = selectors.outlines_of(version, {community}).get(community)
    if found is None:
        raise Invalid("grid.no_community", code=community)
    return found


def _text(given: Given, name: str, longest: int, default: str | None = None) -> str:
    value = given.get(name, default)
    if not isinstance(value, str) or (default is None and not value):
        raise Invalid("grid.field_missing", field=name)
    if len(value) > longest:
        raise Invalid("grid.field_long", field=name, most=longest)
    return value


OPS: Mapping[str, Callable[[int, Given, CodePlan], Done]] = {
    "draw": _draw, "move_vertex": _move_vertex, "insert_vertex": _insert_vertex, "delete_vertex": _delete_vertex,
    "split": _split, "merge": _merge, "delete": _delete, "describe": _describe, "fix": _fix,
    "grade": _grade,
}  # fmt: skip
