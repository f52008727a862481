"""A file of cells measured anew: what it leaves out goes, where somebody says so, and the dry run shows it before."""

import pytest

from exchange import actions, selectors
from exchange.actions import working
from exchange.contracts import State
from exchange.models import ImportJob
from grid import selectors as grid
from journal.models import Entry
from tests.exchange.factories import ADMIN, TREE, checked, codes, collection, imported, polygon, run, square, suspicions

pytestmark = pytest.mark.django_db
HOME, NEXT = "440304001001", "440304001002"
WEST, EAST, SOUTH, STEP = 114.05, 114.06, 22.54, 0.001
GONE = {"options": {"left_out": "take_out"}}
OLD = [(f"{HOME}00{n + 1}", WEST + n * STEP, SOUTH) for n in range(4)]
BESIDE = (f"{NEXT}001", EAST, SOUTH)
MOVED = WEST + 0.5 * STEP
NEW = [(f"{HOME}00{n + 1}", MOVED + n * STEP, SOUTH) for n in range(3)]


def cells(*squares: tuple[str, float, float]) -> bytes:
    return collection(*[polygon(square(west, south), code=code) for code, west, south in squares])


def there() -> set[str]:
    return set(grid.draft_cells(grid.newest_draft()))


@pytest.fixture(autouse=True)
def measured_before() -> None:
    """Two communities with their outlines, four cells in one and one in the other."""
    imported(TREE + f"{NEXT},二社区,440304001000,community\n")
    outlines = [polygon(square(west, SOUTH, 0.005), code=code) for code, west in ((HOME, WEST), (NEXT, EAST))]
    imported(collection(*outlines), "c.geojson", kind="boundaries")
    imported(cells(*OLD, BESIDE), "old.geojson", kind="cells")
    assert len(there()) == 5


def new_file(*more: tuple[str, float, float], **given) -> ImportJob:
    return checked(cells(*NEW, *more), "new.geojson", kind="cells", **given)


def test_unless_somebody_says_so_old_cells_stay_and_hinder_what_lies_over_them():
    job = new_file()
    assert codes(job) == [(3, "grid.cells_overlap")]
    assert job.report["counts"] == {"add": 0, "change": 2, "same": 0, "retire": 0, "leave": 0, "refuse": 1}
    run(job)
    assert f"{HOME}004" in there()


def test_the_dry_run_shows_the_cells_that_go_and_stores_nothing():
    job = new_file(**GONE)
    assert job.report["counts"] == {"add": 0, "change": 3, "same": 0, "retire": 1, "leave": 0, "refuse": 0}
    assert job.total == 3, "what the file leaves out is no row of it"
    assert {"line": 0, "code": f"{HOME}004", "outcome": "retire"} in job.report["rows"]
    [shown] = [one for one in job.preview if one["properties"]["outcome"] == "retire"]
    assert shown["geometry"]["coordinates"][0][0][0] == pytest.approx(WEST + 3 * STEP)
    assert suspicions(job) == {"grid.cells_left_out": True}
    assert len(there()) == 5


def test_after_it_the_communities_of_the_file_have_its_cells_and_others_all_they_had():
    done = run(new_file(**GONE))
    assert there() == {*(code for code, _, _ in NEW), BESIDE[0]}
    assert done.counts == {"add": 0, "change": 3, "same": 0, "retire": 1, "leave": 0, "refuse": 0}
    entry = Entry.objects.filter(kind="exchange.imported.v1").latest("pk")
    assert (entry.data["changed"], entry.data["added"]) == (4, 0)
    assert done.report["told"]["cells"] == 4


def test_a_file_that_only_leaves_out_is_something_to_do():
    job = checked(cells(*OLD[:3]), "fewer.geojson", kind="cells", **GONE)
    assert job.report["counts"] == {"add": 0, "change": 0, "same": 3, "retire": 1, "leave": 0, "refuse": 0}
    run(job)
    assert there() == {*(code for code, _, _ in OLD[:3]), BESIDE[0]}


def test_a_cell_whose_row_is_refused_stays_and_a_wrong_code_empties_no_other_community():
    outside = (f"{HOME}004", WEST + 0.02, SOUTH)
    mistyped = (f"{NEXT}009", MOVED + 3 * STEP, SOUTH)
    job = new_file(outside, mistyped, **GONE)
    assert {code for _row, code in codes(job)} >= {"grid.cell_outside"}
    assert job.report["counts"]["retire"] == 0
    run(job)
    assert {f"{HOME}004", BESIDE[0]} <= there()


def test_a_worker_killed_before_the_end_is_followed_by_one_that_takes_out_the_same_once(monkeypatch):
    class Killed(BaseException):
        """The worker's process is gone."""

    monkeypatch.setattr(working, "BATCH", 1)
    job = new_file(**GONE)
    actions.confirm(str(job.uid), actor=ADMIN, accept_suspicions=True)
    with monkeypatch.context() as dying:
        dying.setattr(working, "_finish", lambda *_: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            actions.work(str(job.uid))
    assert f"{HOME}004" in there()
    ImportJob.objects.filter(pk=job.pk).update(beat_at=None)
    actions.work(str(job.uid))
    done = selectors.job(str(job.uid), ADMIN)
    assert (done.state, done.done, done.counts["retire"]) == (State.DONE, 3, 1)
    assert f"{HOME}004" not in there()
