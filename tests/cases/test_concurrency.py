"""Two people, one case, at the same moment: with threads, real connections and real commits."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from threading import Barrier
from time import sleep
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.actions import grant, upsert_role
from cases import actions, selectors
from cases.models import Annotation, AreaGrade, Case, CaseWords, Clock, Evidence, Ladder, Move, Override, Reporter
from core import clock
from core.errors import DomainError
from core.scope import machine
from journal.models import Entry
from tests.cases.factories import CAMERA, CITY, HERE, SETUP, Town, brought_to, names, picture, point, reported, take
from tests.cases.test_history import told_of

THREADS = 6


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """What each call answered or raised, all of them let go at the same moment, each with a connection of its own."""
    barrier = Barrier(len(calls))

    def one(call: Callable[[], Any]) -> Any:
        try:
            barrier.wait(60)
            return call()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


@pytest.mark.django_db(transaction=True)
def test_of_many_with_the_same_version_one_wins_and_the_others_are_stale(real_town: Town) -> None:
    case = brought_to(real_town, "accepted")
    leader = real_town.actor("leader")
    answers = at_once(
        [lambda: actions.register(case.number, actor=leader, version=2, condition="a") for _ in range(THREADS)]
    )
    codes = sorted(getattr(answer, "code", "won") for answer in answers)
    assert codes == ["case.stale"] * (THREADS - 1) + ["won"]
    assert Case.objects.get().version == 3
    assert Move.objects.filter(verb="register").count() == 1
    assert Entry.objects.filter(kind="case.registered.v1").count() == 1
    assert Clock.objects.filter(kind="total").count() == 1


@pytest.mark.django_db(transaction=True)
def test_different_steps_with_the_same_version_exclude_one_another(real_town: Town) -> None:
    case = brought_to(real_town, "handled")
    desk = real_town.actor("desk")
    answers = at_once([
        lambda: actions.confirm(case.number, actor=desk, version=case.version),
        lambda: actions.redo(case.number, actor=desk, version=case.version, reason="noch nicht"),
    ])  # fmt: skip
    assert sorted(getattr(answer, "code", "won") for answer in answers) == ["case.stale", "won"]
    assert Case.objects.get().version == case.version + 1


@pytest.mark.django_db(transaction=True)
def test_one_telling_sent_many_times_at_once_is_one_case(real_town: Town) -> None:
    lon, lat = point()
    given = {"source": "camera", "source_ref": "7:1", "category": "E0506", "lon": lon, "lat": lat}
    answers = at_once([lambda: actions.report(actor=CAMERA, **given) for _ in range(THREADS)])
    assert len({answer.number for answer in answers}) == 1
    assert sorted(answer.repeated for answer in answers) == [False] + [True] * (THREADS - 1)
    assert Case.objects.count() == 1
    assert Entry.objects.filter(kind="case.reported.v1").count() == 1
    assert Case.objects.get().stage == "registered"


@pytest.mark.django_db(transaction=True)
def test_different_tellings_at_once_have_different_numbers(real_town: Town) -> None:
    collector = real_town.actor("collector")
    answers = at_once([lambda: reported(real_town, actor=collector) for _ in range(THREADS)])
    assert len({answer.number for answer in answers}) == THREADS


def _until_somebody_waits_for_us(done: Future[Any]) -> None:
    """Or has nothing to wait for."""
    waiting = "SELECT EXISTS (SELECT FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
    with connection.cursor() as cursor:
        while not done.done():
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
            sleep(0.01)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["batch", "step"])
def test_nothing_done_while_words_are_filled_in_is_lost(real_town: Town, first: str) -> None:
    case = brought_to(real_town, "handling", description="路灯不亮")
    CaseWords.objects.all().delete()
    filling = import_module("cases.migrations.0027_words_filled")

    def step() -> None:
        take(real_town, case, "submit", "handler", result="换了灯泡", photos="@")

    def fill() -> None:
        filling.fill(None, SimpleNamespace(connection=connection))

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            if first == "batch":
                cursor.execute(filling.BATCHES, [0, Case.objects.get().pk])
            else:
                step()
            done = pool.submit(at_once, [step if first == "batch" else fill])
            _until_somebody_waits_for_us(done)
        done.result(60)
    found = selectors.filtered({"q": "路灯 灯泡"}, real_town.actor("leader"))
    assert [row.number for row in found] == [case.number]


@pytest.mark.django_db(transaction=True)
def test_what_a_hold_on_another_case_is_about_to_keep_is_not_erased_meanwhile(real_town: Town) -> None:
    officer = machine("test:officer", "case.see", "person.hold", "person.erase")
    told = {"source": "phone", "actor": real_town.actor("acceptor"), "reporter": {"phone": "13876504321"}}
    main, twin = reported(real_town, **told), reported(real_town, source_ref="twin", **told)
    merged = {"version": twin.version, "into": main.number, "reason": "同一处"}
    actions.merge(twin.number, actor=real_town.actor("acceptor"), **merged)

    def erase() -> str:
        try:
            actions.erase_personal(twin.number, actor=officer, note="本人申请")
        except DomainError as error:
            return error.code
        finally:
            connection.close()
        return "erased"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            actions.keep_personal(main.number, actor=officer, note="诉讼")
            answer = pool.submit(erase)
            _until_somebody_waits_for_us(answer)
        assert answer.result(60) == "person.held_beside"
    assert set(Reporter.objects.values_list("phone", flat=True)) == {"13876504321"}


@pytest.mark.django_db(transaction=True)
def test_who_takes_old_cases_that_another_one_is_taking_is_told_so(real_town: Town) -> None:
    told = told_of(brought_to(real_town, "closed"))
    books = [actions.OldCases(actor=SETUP, system=system) for system in ("first", "second")]
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert books[0].take([told]) == 1
            answer = pool.submit(at_once, [lambda: books[1].take([replace(told, source_ref="new"), told])])
            _until_somebody_waits_for_us(answer)
        (refused,) = answer.result(60)
    assert (refused.code, refused.status) == ("history.told_meanwhile", 409)
    assert list(Case.objects.filter(source_ref__in=["old-1", "new"]).values_list("source_ref", flat=True)) == ["old-1"]
    assert books[1].take([replace(told, source_ref="new"), told]) == 1, "read anew, the others come in"


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_tell_once(real_town: Town) -> None:
    reported(real_town), reported(real_town)
    later = clock.now() + timedelta(hours=1)
    clock.set_source(lambda: later)
    told = at_once([actions.sweep for _ in range(THREADS)])
    assert sum(told) == 2
    assert Entry.objects.filter(kind="case.overdue.v1").count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_sweep_and_a_step_at_once_leave_one_truth(real_town: Town) -> None:
    case = reported(real_town)
    later = clock.now() + timedelta(hours=1)
    clock.set_source(lambda: later)
    acceptor = real_town.actor("acceptor")
    at_once([actions.sweep, lambda: actions.accept(case.number, actor=acceptor, version=1)])
    assert Case.objects.get().stage == "accepted"
    assert Entry.objects.filter(kind="case.overdue.v1").count() <= 1
    stage = Clock.objects.get(stage="reported")
    assert stage.stopped_at is not None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_make_a_special_rule_for_one_place_the_second_must_look_again(real_town: Town) -> None:
    upsert_role(code="boss", names=names("管", "Boss"), permissions=["admin"], actor=SETUP)
    grant(user=real_town.people["leader"], role="boss", actor=SETUP)
    boss = real_town.actor("leader")
    given = {"category_code": "E0407", "area": f"{CITY}.{HERE}", "organisation": "centre", "reason": "直管"}
    rows = [actions.draft_override(actor=boss, **given) for _ in range(2)]
    seen = selectors.replay_save(rows[0]).seal
    answers = at_once([lambda row=row: actions.save_override(row, actor=boss, seen=seen) for row in rows])
    assert sorted(getattr(answer, "code", "won") for answer in answers) == ["responsibility.look_again", "won"]
    assert Override.objects.count() == 1
    assert Entry.objects.filter(kind="responsibility.overridden.v1").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_make_a_ladder_for_the_same_clocks_one_is_told_to_change_that_one(real_town: Town) -> None:
    boss, key = machine("test:boss", "admin"), {"clock_kind": "handling", "stage": "", "category": ""}
    rungs = [[{"late": late, "tell": ["post"]}] for late in range(THREADS)]
    answers = at_once([
        lambda one=one: actions.save_ladder(actor=boss, **key, rungs=one, reason="试行", new=True) for one in rungs
    ])  # fmt: skip
    won = [answer for answer in answers if isinstance(answer, Ladder)]
    assert sorted(getattr(answer, "code", "won") for answer in answers) == ["ladder.exists"] * (THREADS - 1) + ["won"]
    assert Ladder.objects.get().rungs == won[0].rungs
    assert Entry.objects.filter(kind="ladder.changed.v1").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_pack_and_the_city_that_speak_of_grades_at_once_are_both_heard(real_town: Town) -> None:
    pack = [{"grade": grade, "names": names("级", "Level"), "share": 1.5} for grade in (1, 2, 3, 4)]
    wanted = dict.fromkeys((1, 2, 3, 4), 0.5)
    looked, boss = selectors.replay_shares(wanted).seal, machine("test:boss", "admin")
    answers = at_once([
        lambda: actions.save_area_grades(pack, pack="test"),
        lambda: actions.set_shares(wanted, actor=boss, reason="市里决定", looked=looked),
    ])  # fmt: skip
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    held = [(row.share, row.origin, row.names["en"]) for row in AreaGrade.objects.all()]
    assert held == [(0.5, "city", "Level")] * 4


@pytest.mark.django_db(transaction=True)
def test_two_who_draw_on_a_picture_at_once_are_both_kept(real_town: Town) -> None:
    case = brought_to(real_town, "handling", reported(real_town, photos=[picture()]))
    row = Evidence.objects.get(case__number=case.number)
    mark = {"kind": "arrow", "x1": 0.1, "y1": 0.1, "x2": 0.5, "y2": 0.4}
    drawers = [real_town.actor(who) for who in ("handler", "collector")]
    answers = at_once([
        lambda who=who: actions.annotate(case.number, row.pk, actor=who, marks=[mark]) for who in drawers
    ])  # fmt: skip
    kept = {one.pk for one in Annotation.objects.filter(evidence=row)}
    assert kept == {one.pk for one in answers}
    assert len(kept) == 2
