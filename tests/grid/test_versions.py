"""Drafts and their history: what is undone, what an import ends, what is published and never changes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.scope import NOBODY
from grid import actions, selectors
from grid.actions.drafts import take_cells
from grid.models import Cell, GridEdit, GridProblem, GridVersion, Region
from journal.models import Entry
from tests.grid.factories import ADMIN, SIDE, SOUTH, WEST, put_map

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
FIRST, SECOND = "449901001001001", "449901001001002"
HOME = "449901001001"


def at(column: float, row: float) -> list[float]:
    return [round(WEST + column * SIDE, 7), round(SOUTH + row * SIDE, 7)]


def line(*points: list[float]) -> dict[str, object]:
    return {"type": "LineString", "coordinates": list(points)}


def polygon(*points: list[float]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [[*points, points[0]]]}


CUT = line(at(0.5, 0.5), at(0.5, 2.5))


@pytest.fixture
def draft() -> int:
    put_map()
    return actions.draft_version(actor=ADMIN, note="spring")


def act(version: int, op: str, **given):
    revision = GridVersion.objects.get(pk=version).revision
    return actions.edit(version, actor=ADMIN, revision=revision, op=op, given=given)


def turn(version: int, verb):
    return verb(version, actor=ADMIN, revision=GridVersion.objects.get(pk=version).revision)


def ground(version: int) -> dict[str, tuple]:
    """Every cell of a version to the last bit."""
    rows = Cell.objects.filter(version=version)
    return {c.code: (c.geom.wkb.tobytes(), c.area, c.area_m2, c.grade, c.land_use, c.responsible) for c in rows}


def test_many_acts_undone_leave_exactly_what_was_there_and_redone_exactly_what_they_made(draft):
    before = ground(draft)
    act(draft, "split", code=FIRST, line=CUT)
    act(draft, "move_vertex", **{"from": at(1, 1), "to": at(1.13, 1.21)})
    act(draft, "insert_vertex", edge=[at(4, 0), at(5, 0)], at=at(4.4, 0.02))
    act(draft, "describe", code=SECOND, grade=4, responsible="街道办")
    act(draft, "merge", codes=[f"{HOME}003", f"{HOME}004"])
    act(draft, "delete", code="449902001001004")
    after = ground(draft)
    assert after != before
    for _ in range(6):
        turn(draft, actions.undo)
    assert ground(draft) == before
    with pytest.raises(Conflict, match=r"grid\.nothing_to_undo"):
        turn(draft, actions.undo)
    for _ in range(6):
        turn(draft, actions.redo)
    assert ground(draft) == after
    with pytest.raises(Conflict, match=r"grid\.nothing_to_redo"):
        turn(draft, actions.redo)


def test_a_new_act_drops_what_was_undone_but_the_record_keeps_it(draft):
    act(draft, "split", code=FIRST, line=CUT)
    turn(draft, actions.undo)
    act(draft, "describe", code=FIRST, grade=3)
    with pytest.raises(Conflict, match=r"grid\.nothing_to_redo"):
        turn(draft, actions.redo)
    told = list(GridEdit.objects.order_by("number").values_list("number", "op", "standing", "actor"))
    assert told == [(1, "split", "dropped", ADMIN.key), (2, "describe", "done", ADMIN.key)]


def test_many_cells_get_a_grade_in_one_act_that_is_taken_back_whole(draft):
    before = ground(draft)
    region = act(draft, "grade", region="449901", grade=3)
    assert {code[:6] for code, row in ground(draft).items() if row[3] == 3} == {"449901"}
    assert len(region.changed) == sum(code.startswith("449901") for code in before)
    assert act(draft, "grade", codes=[FIRST, SECOND], grade=4).changed == [FIRST, SECOND]
    turn(draft, actions.undo)
    turn(draft, actions.undo)
    assert ground(draft) == before


def test_an_import_is_never_undone_and_nothing_before_it_either(draft):
    act(draft, "describe", code=FIRST, grade=3)
    act(draft, "describe", code=FIRST, grade=4)
    turn(draft, actions.undo)
    cell = selectors.cells_called(draft, [SECOND])[SECOND]
    assert actions.working_draft(actor=ADMIN) == draft
    take_cells(draft, [cell], actor=ADMIN)
    take_cells(draft, [cell], actor=ADMIN)
    assert GridEdit.objects.filter(op="import").count() == 1, "one import is one line of the history, in any batches"
    for verb in (actions.undo, actions.redo):
        with pytest.raises(Conflict, match=r"grid\.nothing_to"):
            turn(draft, verb)
    act(draft, "describe", code=FIRST, grade=1)
    turn(draft, actions.undo)
    assert Cell.objects.get(version=draft, code=FIRST).grade == 3


def test_an_import_returns_a_checked_map_to_draft(draft):
    assert actions.check(draft, actor=ADMIN) == 0
    assert GridVersion.objects.get(pk=draft).state == "checked"
    assert actions.working_draft(actor=ADMIN) == draft
    take_cells(draft, [selectors.cells_called(draft, [SECOND])[SECOND]], actor=ADMIN)
    row = GridVersion.objects.get(pk=draft)
    assert (row.state, row.problem_count) == ("draft", None)


def test_an_edit_returns_a_checked_map_to_draft_and_keeps_the_count_of_problems(draft):
    actions.check(draft, actor=ADMIN)
    act(draft, "delete", code=FIRST)
    row = GridVersion.objects.get(pk=draft)
    assert (row.state, row.problem_count) == ("draft", 1)
    kept = {one.ident for one in selectors.problems(draft)}
    assert kept == {one.ident for one in selectors.findings_of(draft)}
    turn(draft, actions.undo)
    assert GridVersion.objects.get(pk=draft).problem_count == 0
    assert not GridProblem.objects.exists()


def test_a_stale_revision_changes_nothing_and_is_told_the_current_one(draft):
    act(draft, "describe", code=FIRST, grade=3)
    before = ground(draft)
    for call in (
        lambda: actions.edit(draft, actor=ADMIN, revision=0, op="delete", given={"code": FIRST}),
        lambda: actions.undo(draft, actor=ADMIN, revision=0),
        lambda: actions.publish(draft, actor=ADMIN, revision=0),
    ):
        with pytest.raises(Conflict) as refused:
            call()
        assert (refused.value.code, refused.value.params["revision"]) == ("grid.revision_stale", 1)
    assert ground(draft) == before


BAD = [
    ("draw", {"community": HOME, "geometry": polygon(at(0, 0), at(1, 1), at(1, 0), at(0, 1))}, "grid.shape_crosses"),
    ("draw", {"community": HOME, "geometry": {"type": "Polygon", "coordinates": [[at(0, 0), at(1, 1), at(1, 0)]]}},
     "grid.shape_unclosed"),
    ("draw", {"community": HOME, "geometry": {"type": "Polygon", "coordinates": []}}, "grid.shape_empty"),
    ("draw", {"community": HOME, "geometry": polygon(at(0, 0), at(0, 0), at(0, 0))}, "grid.shape_empty"),
    ("draw", {"community": HOME, "geometry": polygon([float("nan"), 1], [1, 2], [2, 2])}, "grid.bad_point"),
    ("draw", {"community": HOME, "geometry": polygon([1e308, 1], [1, 2], [2, 2])}, "grid.shape_far"),
    ("draw", {"community": HOME, "geometry": polygon(*([[1, 2]] * 1_000_000))}, "grid.shape_too_many"),
    ("draw", {"community": HOME, "geometry": {"type": "Point", "coordinates": [1, 2]}}, "grid.shape_type"),
    ("draw", {"community": HOME, "geometry": "POLYGON EMPTY"}, "grid.shape_type"),
    ("draw", {"community": "449901001009", "geometry": polygon(at(0, 0), at(1, 0), at(1, 1))}, "grid.no_community"),
    ("draw", {"geometry": polygon(at(0, 0), at(1, 0), at(1, 1))}, "grid.field_missing"),
    ("draw", {"community": HOME, "geometry": polygon(at(0, 0), at(1, 0), at(1, 1)), "snap_m": 1e9}, "grid.bad_snap"),
    ("split", {"code": FIRST, "line": line(at(0, 0), at(0, 0))}, "grid.line_short"),
    ("split", {"code": FIRST, "line": line(at(0.2, 1.2), at(0.4, 1.4))}, "grid.split_misses"),
    ("split", {"code": "9", "line": CUT}, "grid.no_cell"),
    ("move_vertex", {"from": at(1, 1), "to": None}, "grid.bad_point"),
    ("move_vertex", {"from": at(1, 1), "to": ["1", "2"]}, "grid.bad_point"),
    ("merge", {"codes": FIRST}, "grid.merge_few"),
    ("merge", {"codes": [FIRST] * 500}, "grid.merge_many"),
    ("describe", {"code": FIRST, "grade": 7}, "grid.cell_grade"),
    ("describe", {"code": FIRST, "responsible": "x" * 61}, "grid.field_long"),
    ("describe", {"code": FIRST}, "grid.nothing_changes"),
    ("grade", {"codes": [], "grade": 3}, "grid.grade_how_many"),
    ("grade", {"region": "449909", "grade": 3}, "grid.grade_how_many"),
    ("grade", {"codes": [FIRST, "9"], "grade": 3}, "grid.no_cell"),
    ("grade", {"codes": FIRST, "grade": 3}, "grid.field_missing"),
    ("grade", {"codes": [FIRST], "grade": "3"}, "grid.cell_grade"),
    ("grade", {"codes": [FIRST], "grade": 1}, "grid.nothing_changes"),
    ("fix", {"problem": "0" * 16}, "grid.problem_gone"),
    ("explode", {}, "grid.bad_op"),
]  # fmt: skip


@pytest.mark.parametrize(("op", "given", "code"), BAD, ids=lambda value: value if isinstance(value, str) else "")
def test_bad_input_is_refused_with_its_code_and_changes_nothing(draft, op, given, code):
    before = ground(draft)
    with pytest.raises(DomainError) as refused:
        act(draft, op, **given)
    assert refused.value.code == code
    assert ground(draft) == before
    assert not GridEdit.objects.exists()


def test_a_cell_drawn_outside_its_community_is_a_problem_that_clipping_mends(draft):
    actions.check(draft, actor=ADMIN)
    far = polygon(at(1.5, 0), at(2.5, 0), at(2.5, 1), at(1.5, 1))
    codes = {one.code for one in act(draft, "draw", community=HOME, geometry=far, snap_m=0).findings}
    assert codes == {"grid.cell_outside", "grid.cells_overlap"}
    with pytest.raises(Conflict, match=r"grid\.version_invalid"):
        actions.publish(draft, actor=ADMIN)
    for _ in range(6):
        found = [one for one in selectors.problems(draft) if one.fix]
        if found:
            act(draft, "fix", problem=found[0].ident)
    assert selectors.problems(draft) == []


def test_a_new_cell_never_takes_a_code_that_was_used_before(draft):
    act(draft, "delete", code=f"{HOME}004")
    shape = polygon(at(1, 0), at(2, 0), at(2, 1), at(1, 1))
    assert f"{HOME}005" in act(draft, "draw", community=HOME, geometry=shape).changed
    assert selectors.problems(draft) == []


def test_publishing_checks_what_nobody_checked_and_tells_of_it(draft):
    act(draft, "split", code=FIRST, line=CUT)
    actions.publish(draft, actor=ADMIN)
    assert GridVersion.objects.get(pk=draft).state == "published"
    assert selectors.place_at(WEST + 0.25 * SIDE, SOUTH + 1.5 * SIDE) != selectors.place_at(
        WEST + 0.75 * SIDE, SOUTH + 1.5 * SIDE
    )
    whole = Region.objects.get(version=draft, level="city").simple3857
    parts = [cell.simple3857 for cell in Cell.objects.filter(version=draft)]
    assert sum(part.area for part in parts) == pytest.approx(whole.area, rel=1e-9)


def test_the_database_itself_refuses_to_publish_problems_and_to_change_what_is_published(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        GridVersion.objects.filter(pk=draft).update(state="checked", problem_count=3)
    for state in ("checked", "published"):
        with pytest.raises(IntegrityError), transaction.atomic():
            GridVersion.objects.filter(pk=draft).update(state=state, valid_from=NOON if state == "published" else None)
    held = selectors.map_version()
    for change in (
        lambda: Cell.objects.filter(version=held, code=FIRST).update(grade=4),
        lambda: Cell.objects.filter(version=held, code=FIRST)._raw_delete("default"),
        lambda: Region.objects.filter(version=held, level="city").update(names={}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    for call in (lambda: act(held, "delete", code=FIRST), lambda: turn(held, actions.undo)):
        with pytest.raises(Conflict, match=r"grid\.not_a_draft"):
            call()


def test_a_version_has_its_time_and_an_old_cell_stays_findable(draft):
    clock.set_source(lambda: NOON + timedelta(days=400))
    held = selectors.map_version()
    act(draft, "merge", codes=[FIRST, SECOND])
    start = clock.now() + timedelta(days=1)
    actions.publish(draft, actor=ADMIN, at=start)
    assert selectors.map_version() == held
    assert selectors.version_of(draft).current is False
    clock.set_source(lambda: start)
    assert selectors.map_version() == draft
    assert Cell.objects.filter(version=held, code=SECOND).exists()
    assert selectors.cell_place(SECOND) is None


def test_only_administrators_touch_versions_and_what_is_not_there_is_not_found(draft):
    for call in (
        lambda: actions.draft_version(actor=NOBODY),
        lambda: actions.edit(draft, actor=NOBODY, revision=0, op="delete", given={"code": FIRST}),
        lambda: actions.undo(draft, actor=NOBODY, revision=0),
        lambda: actions.redo(draft, actor=NOBODY, revision=0),
        lambda: actions.check(draft, actor=NOBODY),
    ):
        with pytest.raises(Forbidden):
            call()
    with pytest.raises(NotFound):
        actions.draft_version(actor=ADMIN, source=10**6)
    with pytest.raises(Invalid, match=r"grid\.note_long"):
        actions.draft_version(actor=ADMIN, note="x" * 201)


def test_the_journal_tells_of_drafts_checks_and_discards(draft):
    actions.check(draft, actor=ADMIN)
    actions.discard(draft, actor=ADMIN)
    kinds = list(Entry.objects.filter(subject=f"grid:{draft}").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["grid.version_drafted.v1", "grid.version_checked.v1", "grid.version_discarded.v1"]
