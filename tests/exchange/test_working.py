"""The two works: cancelled at any batch, taken over from a dead worker, never told twice."""

import os
from datetime import timedelta

import pytest

from core import clock
from core.errors import Conflict, Forbidden, Invalid
from core.scope import machine
from exchange import actions, selectors
from exchange.actions import working
from exchange.contracts import State
from exchange.models import ImportJob
from grid import selectors as grid
from journal.models import Entry
from tests.exchange.factories import ADMIN, TREE, checked, imported, run, uploaded

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The worker's process is gone: nothing of it runs any more."""


def long_list(streets: int = 60) -> str:
    rows = [f"440304{number:03d}000,街道{number},440304000000,street" for number in range(2, streets + 2)]
    return TREE + "\n".join(rows) + "\n"


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(working, "BATCH", 10)


def dies_after(batches: int, monkeypatch) -> None:
    """The process dies in the middle of the batch after so many."""
    store, told = working._store, []

    def stored(job, session, verdicts):
        if len(told) == batches:
            raise Killed
        told.append(1)
        return store(job, session, verdicts)

    monkeypatch.setattr(working, "_store", stored)


def fresh(job: ImportJob) -> ImportJob:
    return selectors.job(str(job.uid), ADMIN)


def test_a_worker_that_was_killed_is_followed_by_one_that_goes_on_behind_it(small_batches, monkeypatch):
    job = checked(long_list())
    actions.confirm(str(job.uid), actor=ADMIN)
    with monkeypatch.context() as dying:
        dies_after(3, dying)
        with pytest.raises(Killed):
            actions.work(str(job.uid))
    assert (fresh(job).state, fresh(job).done) == (State.RUNNING, 30)
    assert len(grid.draft_regions(grid.newest_draft())) == 30
    actions.work(str(job.uid))
    assert fresh(job).done == 30, "its heartbeat is fresh: it may still live"
    later = clock.now() + timedelta(seconds=61)
    clock.set_source(lambda: later)
    asked = []
    monkeypatch.setattr("exchange.adapters.queue.ask", asked.append)
    assert actions.unfinished() == 1
    assert asked == [str(job.uid)]
    actions.work(str(job.uid))
    done = fresh(job)
    assert (done.state, done.done, done.counts["add"]) == (State.DONE, 64, 64)
    assert len(grid.draft_regions(grid.newest_draft())) == 64
    assert Entry.objects.filter(kind="exchange.imported.v1").count() == 1


def test_the_first_worker_that_wakes_again_stores_nothing_more(small_batches):
    job = checked(long_list())
    actions.confirm(str(job.uid), actor=ADMIN)
    first = working.claim(str(job.uid))
    assert first is not None
    later = clock.now() + timedelta(seconds=61)
    clock.set_source(lambda: later)
    actions.work(str(job.uid))
    working._run(first)
    assert fresh(job).counts == {"add": 64, "change": 0, "same": 0, "refuse": 0, "retire": 0, "leave": 0}


def test_an_import_cancelled_under_way_stops_at_its_batch(small_batches, monkeypatch):
    job = checked(long_list())
    actions.confirm(str(job.uid), actor=ADMIN)
    store = working._store

    def then_cancelled(held, session, verdicts):
        kept = store(held, session, verdicts)
        if fresh(job).done == 20:
            actions.cancel(str(job.uid), actor=ADMIN)
        return kept

    monkeypatch.setattr(working, "_store", then_cancelled)
    actions.work(str(job.uid))
    assert (fresh(job).state, fresh(job).done) == (State.CANCELLED, 20)
    assert len(grid.draft_regions(grid.newest_draft())) == 20
    monkeypatch.undo()
    again = imported(long_list())
    assert again.counts == {"add": 44, "change": 0, "same": 20, "refuse": 0, "retire": 0, "leave": 0}, (
        "the same file goes on where it ended"
    )


def test_a_job_that_kills_every_worker_is_given_up(small_batches, monkeypatch):
    job = checked(long_list())
    actions.confirm(str(job.uid), actor=ADMIN)
    dies_after(0, monkeypatch)
    moment = clock.now()
    for turn in range(1, 6):
        clock.set_source(lambda turn=turn: moment + timedelta(minutes=2 * turn))
        with pytest.raises(Killed):
            actions.work(str(job.uid))
    clock.set_source(lambda: moment + timedelta(minutes=20))
    actions.work(str(job.uid))
    assert (fresh(job).state, fresh(job).failure["code"]) == (State.FAILED, "exchange.gave_up")


def test_each_step_has_its_time():
    job = uploaded(TREE)
    uid = str(job.uid)
    for too_early in (actions.confirm,):
        with pytest.raises(Conflict, match="wrong_state"):
            too_early(uid, actor=ADMIN)
    with pytest.raises(Invalid, match="unknown_column"):
        actions.map_columns(uid, actor=ADMIN, mapping={"code": "nowhere", "name": "name"})
    with pytest.raises(Invalid, match="field_missing"):
        actions.map_columns(uid, actor=ADMIN, mapping={"code": "code"})
    with pytest.raises(Forbidden):
        actions.map_columns(uid, actor=machine("somebody", "case.see"), mapping=job.mapping)
    done = run(checked(TREE))
    with pytest.raises(Conflict, match="wrong_state"):
        actions.cancel(str(done.uid), actor=ADMIN)
    with pytest.raises(Conflict, match="nothing_to_do"):
        actions.confirm(str(checked(TREE).uid), actor=ADMIN)


def test_what_was_imported_is_in_the_journal_with_the_name_of_who_confirmed_it():
    job = imported(TREE)
    entry = Entry.objects.get(kind="exchange.imported.v1")
    assert entry.actor == ADMIN.key
    assert entry.subject == f"import:{job.uid}"
    assert (entry.data["sha256"], entry.data["added"]) == (job.sha256, 4)


def test_a_changed_name_is_a_change_and_keeps_the_outline():
    imported(TREE)
    job = checked(TREE.replace("园岭街道", "新园岭街道"))
    assert job.report["counts"] == {"add": 0, "change": 1, "same": 3, "refuse": 0, "retire": 0, "leave": 0}
    run(job)
    tree = grid.draft_regions(grid.newest_draft())
    assert tree["440304001"].name == "新园岭街道"
    assert len(tree) == 4


def later(**given: float) -> None:
    moment = clock.now() + timedelta(**given)
    clock.set_source(lambda: moment)


@pytest.fixture
def files_of_its_own(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "imports"


def test_an_upload_that_nobody_goes_on_with_is_cancelled_and_its_file_is_gone(
    files_of_its_own, django_capture_on_commit_callbacks
):
    left, looked_at = uploaded(TREE), checked(TREE)
    later(days=13)
    again, busy = uploaded(TREE), checked(TREE)
    actions.confirm(str(busy.uid), actor=ADMIN)
    assert actions.drop_abandoned() == 0
    later(days=1, hours=1)
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.drop_abandoned() == 2
    assert {fresh(job).state for job in (left, looked_at)} == {State.CANCELLED}
    assert fresh(left).failure == {"code": "exchange.abandoned", "params": {"days": "14"}}
    assert (fresh(again).state, fresh(busy).state) == (State.UPLOADED, State.CONFIRMED)
    assert {one.name for one in files_of_its_own.iterdir()} == {again.uid.hex, busy.uid.hex}
    assert actions.drop_abandoned() == 0
    actions.work(str(busy.uid))
    assert fresh(busy).state == State.DONE


def test_a_check_of_yesterday_keeps_an_old_upload_and_the_number_of_days_is_a_setting(files_of_its_own, settings):
    job = uploaded(TREE)
    later(days=13)
    actions.map_columns(str(job.uid), actor=ADMIN, mapping=job.mapping)
    actions.work(str(job.uid))
    assert fresh(job).state == State.CHECKED
    later(days=2)
    assert actions.drop_abandoned() == 0
    settings.IMPORT_KEEP_DAYS = 1
    assert actions.drop_abandoned() == 1
    assert fresh(job).state == State.CANCELLED


def test_bytes_of_an_upload_whose_process_died_are_dropped_but_not_those_still_coming(files_of_its_own):
    dead, coming = files_of_its_own / ("0" * 32), files_of_its_own / ("1" * 32)
    for one in (dead, coming):
        one.mkdir(parents=True)
        (one / "file").write_bytes(b"half")
    longer_ago = (clock.now() - timedelta(days=15)).timestamp()
    os.utime(dead, (longer_ago, longer_ago))
    assert actions.drop_abandoned() == 0
    assert [one.name for one in files_of_its_own.iterdir()] == [coming.name]
