"""Maps come in as checked drafts, are published for a period, and are never lost."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import NOBODY, machine
from grid import actions, selectors
from grid.models import BaseFeature, Cell, GridVersion, Region
from journal.models import Entry
from tests.grid.factories import ADMIN, SIDE, changed, middle, put_map, tiny_map

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


def it_is(moment):
    clock.set_source(lambda: moment)


def test_an_imported_map_is_in_force_with_its_names_paths_and_areas():
    report = put_map(note="first survey")
    assert (report.regions, report.cells, report.base_features, report.state) == (8, 12, 2, "published")
    street = Region.objects.get(code="449901001")
    assert street.path == "449900.449901.449901001"
    assert street.full_names == {"zh": "金港区 · 石炮街道", "en": "Jingang · Shipao"}
    cell = Cell.objects.get(code="449902001001004")
    assert cell.area == "449900.449902.449902001.449902001001"
    assert cell.area_m2 == pytest.approx(111_195**2 * SIDE**2 * 0.918, rel=0.01)
    assert (cell.land_use, cell.grade) == ("residential", 1)
    assert BaseFeature.objects.get(kind="road").names["en"] == "Changping Avenue"


def test_a_map_may_come_from_a_folder_of_files(tmp_path):
    for part, collection in tiny_map().items():
        (tmp_path / f"{part}.geojson").write_text(json.dumps(collection), encoding="utf-8")
    assert actions.import_grid(tmp_path, actor=ADMIN).cells == 12
    (tmp_path / "cells.geojson").unlink()
    with pytest.raises(Invalid) as refused:
        actions.import_grid(tmp_path, actor=ADMIN)
    assert refused.value.params["problems"][0] == {"code": "grid.unreadable_file", "params": {"file": "cells.geojson"}}


def test_a_map_with_problems_is_refused_whole_and_each_is_named():
    with pytest.raises(Invalid) as refused:
        actions.import_grid(changed(cells=lambda cells: cells.pop(5)), actor=ADMIN)
    assert refused.value.code == "grid.import_refused"
    assert [problem["code"] for problem in refused.value.params["problems"]] == ["grid.gap"]
    assert not GridVersion.objects.exists()
    assert not Entry.objects.filter(kind="grid.published.v1").exists()


@pytest.mark.parametrize("actor", [NOBODY, machine("video", "case.report", "case.see")])
def test_only_an_administrator_changes_maps(actor):
    with pytest.raises(Forbidden):
        actions.import_grid(tiny_map(), actor=actor)
    version = put_map(publish_now=False).version
    for act in (actions.publish, actions.discard):
        with pytest.raises(Forbidden):
            act(version, actor=actor)


def test_a_draft_changes_no_place_until_it_is_published():
    draft = put_map(publish_now=False)
    assert draft.state == "draft"
    assert selectors.place_at(*middle(0, 0)) is None
    assert selectors.city() is None
    assert selectors.cell_count() == 0
    actions.publish(draft.version, actor=ADMIN)
    assert selectors.place_at(*middle(0, 0)).cell == "449901001001003"


def test_publishing_is_news():
    put_map()
    entry = Entry.objects.get(kind="grid.published.v1")
    assert entry.area == "449900"
    assert (entry.data["regions"], entry.data["cells"]) == (8, 12)


def test_the_next_map_takes_over_from_the_one_before_at_its_moment():
    it_is(NOON)
    first = put_map().version
    second = actions.import_grid(
        changed(cells=lambda cells: [c["properties"].update(grade=3) for c in cells]), actor=ADMIN, publish_now=False
    ).version
    actions.publish(second, actor=ADMIN, at=NOON + timedelta(days=1))
    assert selectors.map_version() == first
    it_is(NOON + timedelta(days=1, seconds=-1))
    assert selectors.map_version() == first
    it_is(NOON + timedelta(days=1))
    assert selectors.map_version() == second
    assert GridVersion.objects.get(pk=first).valid_until == NOON + timedelta(days=1)
    assert Cell.objects.filter(version=first).count() == 12


def test_a_map_published_between_two_others_holds_until_the_later_one():
    it_is(NOON)
    first, middle_one, last = (put_map(publish_now=False).version for _ in range(3))
    actions.publish(first, actor=ADMIN)
    actions.publish(last, actor=ADMIN, at=NOON + timedelta(days=9))
    actions.publish(middle_one, actor=ADMIN, at=NOON + timedelta(days=3))
    periods = {row.pk: (row.valid_from, row.valid_until) for row in GridVersion.objects.all()}
    assert periods == {
        first: (NOON, NOON + timedelta(days=3)),
        middle_one: (NOON + timedelta(days=3), NOON + timedelta(days=9)),
        last: (NOON + timedelta(days=9), None),
    }


def test_two_maps_cannot_begin_at_the_same_moment():
    it_is(NOON)
    put_map()
    with pytest.raises(Conflict, match=r"grid\.start_taken"):
        put_map()


def test_the_database_itself_refuses_two_maps_in_force_together():
    it_is(NOON)
    put_map()
    with pytest.raises(IntegrityError), transaction.atomic():
        GridVersion.objects.create(
            state="published", valid_from=NOON - timedelta(days=1), created_at=NOON, created_by="someone"
        )


def test_a_published_map_is_never_discarded_and_not_published_twice():
    version = put_map().version
    for act in (actions.publish, actions.discard):
        with pytest.raises(Conflict, match=r"grid\.not_a_draft"):
            act(version, actor=ADMIN)
    draft = put_map(publish_now=False).version
    actions.discard(draft, actor=ADMIN)
    with pytest.raises(NotFound):
        actions.discard(draft, actor=ADMIN)
    assert Cell.objects.count() == 12


def test_a_map_does_not_begin_in_the_past():
    version = put_map(publish_now=False).version
    with pytest.raises(Invalid, match=r"grid\.start_in_the_past"):
        actions.publish(version, actor=ADMIN, at=clock.now() - timedelta(minutes=1))


def test_the_simplified_copies_still_share_their_borders():
    put_map()
    whole = Region.objects.get(level="city").simple3857
    parts = [cell.simple3857 for cell in Cell.objects.all()]
    assert sum(part.area for part in parts) == pytest.approx(whole.area, rel=1e-9)


def test_a_calendar_is_saved_and_saved_again_by_code_and_area():
    given = {"code": "office_hours", "names": {"zh": "工作", "en": "Work"}, "weekly": {"mon": ["08:00-12:00"]}}
    actions.save_calendar(given, actor=ADMIN)
    actions.save_calendar({**given, "weekly": {"tue": ["09:00-12:00"]}}, actor=ADMIN)
    assert selectors.calendar("office_hours").weekly == ((), ((540, 720),), (), (), (), (), ())
    with pytest.raises(Forbidden):
        actions.save_calendar(given, actor=NOBODY)
    with pytest.raises(Invalid, match=r"grid\.calendar_without_hours"):
        actions.save_calendar({**given, "weekly": {}}, actor=ADMIN)
