"""`manage.py demo` in small: the whole seed through the platform's own verbs, and again without doing anything."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils.timezone import localtime

from accounts import selectors as people
from accounts.actions import demo_people
from accounts.models import Contract, CrewMember, Grant, Organisation, User, Watch
from assets import selectors as assets
from assets.models import Asset, ChangeRequest, Finding, Project
from cases import selectors as cases
from cases.models import Case, CaseWords, Clock, Move
from cityops.management import demo_pictures, demo_registers
from core import clock
from core.scope import machine
from evaluation.models import Fact, Mark
from grid import selectors as grid
from grid.models import Patrol
from journal.models import Cursor, Entry, Parked

pytestmark = pytest.mark.django_db
STAGES = {
    "reported", "verifying", "accepted", "registered", "at_district", "dispatched", "handling", "handled", "fed_back",
    "checking", "checked", "rework", "returned", "closed", "rejected", "voided",
}  # fmt: skip
WATCHER = machine("watcher", "case.see")
WITHOUT_A_QUEUE = {"evaluator", "administrator", "data_protection", "wall_operator"}


def demo(**given) -> str:
    out = io.StringIO()
    size = {"cells": 200, "assets": 300, "cases": 63, "past": 150, "seed": 5, "no_cameras": True}
    call_command("demo", stdout=out, **{**size, **given})
    return out.getvalue()


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    """A data folder in which the pictures have been rendered, before any transaction waits for them."""
    folder = tmp_path_factory.mktemp("data")
    demo_pictures.pictures(folder / "demo" / "pictures", 5)
    return folder


@pytest.fixture
def at_home(studio, settings):
    """The platform keeps its files where the pictures lie."""
    settings.DATA_DIR = studio
    settings.MEDIA_ROOT = studio / "media"


@pytest.fixture
def told(at_home) -> str:
    """What the command said when the demo was seeded."""
    return demo()


def the_day_was_played_by_people_with_the_duty_in_the_order_of_time() -> None:
    """Moves and entries are chronological; who worked did not judge, who closed supervises."""
    case = Case.objects.filter(stage="closed", handled_late=False).exclude(org="").order_by("id").first()
    moves = list(Move.objects.filter(case=case).order_by("id"))
    moments = [move.at for move in moves]
    assert moments == sorted(moments)
    actors = {move.verb: move.actor for move in moves}
    assert actors["submit"] not in (actors["close"], actors["check_pass"])
    leaders = {person.key for person in people.people_with("supervise", area=case.area)}
    assert actors["close"] in leaders
    for entry in Entry.objects.filter(kind__startswith="case.").exclude(kind="case.history_taken.v1"):
        assert entry.area or entry.data["stage"] == "reported"
    at = list(Entry.objects.filter(kind__startswith="case.").order_by("id").values_list("at", flat=True))
    assert at == sorted(at), "the journal tells the day in order"


def every_account_that_is_printed_has_something_to_do() -> None:
    """Whoever signs in finds a case that waits for them."""
    idle = [
        person.username
        for person in demo_people()
        if person.role not in WITHOUT_A_QUEUE
        and not cases.filtered({"queue": "mine"}, people.actor_named(person.username)).exists()
    ]
    assert idle == []


def the_city_has_a_past() -> None:
    """What a former system closed in fourteen months is here, of every source, counted, found, judged by none."""
    past = Case.objects.filter(source_ref__startswith="past-")
    assert past.count() > 100
    span = past.order_by("reported_at")
    assert (span.last().reported_at - span.first().reported_at).days > 380
    assert span.last().closed_at is None or span.last().closed_at < clock.now()
    assert past.values("source").distinct().count() >= 5
    assert Fact.objects.filter(case__in=past.values("number"), round=0).count() == past.count()
    assert not Entry.objects.filter(subject__in=past.values("number")).exists()
    assert Clock.objects.filter(case__in=past, stopped_at=None).count() == 0
    assert past.filter(handled_late=True).exists()
    assert CaseWords.objects.filter(case__in=past).count() == past.count()


def the_work_out_of_doors_is_there_to_see() -> None:
    """No page of the ground and the organisations is empty: shapes, censuses, requests, areas, posts, crews."""
    kinds = set(Asset.objects.values_list("type__geometry", flat=True))
    assert kinds == {"point", "line", "area"}
    running, accepted = Project.objects.order_by("-state")
    assert (running.state, accepted.state) == ("running", "accepted")
    assert running.streets.count() == 2
    assert running.findings.values("street").distinct().count() == 1
    assert {one.outcome for one in accepted.findings.all()} == {"kept", "written"}
    assert list(ChangeRequest.objects.values_list("state", flat=True)) == ["open", "open"]
    assert not Grant.objects.filter(post=None).exists(), "whoever has a role has it by a post"
    assert {grant.user.username for grant in Grant.objects.all()} >= {person.username for person in demo_people()}
    held = grid.supervision(machine("test", "admin"))
    assert [*held.lone, *held.shared, *held.gone, *held.unmanned] == []
    assert people.watches_in_week("centre", localtime(clock.now()).date()).exists()
    assert CrewMember.objects.filter(leads=True).exists()
    assert Contract.objects.exists()


def test_the_demo_is_a_city_at_work_and_seeding_it_again_changes_nothing(told, django_assert_max_num_queries):
    assert "The demo city is ready" in told
    assert grid.cell_count() > 150
    assert sum(count.count for count in assets.counts(actor=machine("test", "admin"))) == 300 + 5 + 3, (
        "and those of systems, and a flood-prone point with two gauges"
    )
    assert Organisation.objects.get(code="centre").names["zh"] == "澄湾市城市管理监督指挥中心"
    assert set(Case.objects.values_list("stage", flat=True)) == STAGES
    ours = Case.objects.exclude(source_ref__startswith="past-")
    told = (
        "the open ones, those that ended in the day, tickets of the hotline, waybills that went wrong, works over gas"
    )
    assert ours.count() == 21 + 21 + 3 + 2 + 1, told
    assert cases.filtered({"queue": "unlocated"}, WATCHER).exists()
    assert Mark.objects.count() == ours.filter(stage="closed").exclude(org="").count() > 0
    the_city_has_a_past()
    assert not Parked.objects.exists()
    assert not Entry.objects.filter(seq=None).exists()
    assert Cursor.objects.exists()
    the_day_was_played_by_people_with_the_duty_in_the_order_of_time()
    every_account_that_is_printed_has_something_to_do()
    the_work_out_of_doors_is_there_to_see()
    tables = (Case, Move, Entry, User, Organisation, Grant, Asset, Finding, ChangeRequest, Patrol, Watch, CrewMember)
    before = [table.objects.count() for table in tables]
    with django_assert_max_num_queries(600):
        again = demo()
    assert [table.objects.count() for table in tables] == before
    assert "the day has been played already" in again


def test_packs_applied_a_moment_ago_hold_for_the_day_that_the_demo_plays(at_home):
    began = clock.now()
    call_command("packs", "apply", stdout=io.StringIO())
    assert "The demo city is ready" in demo(cells=120, assets=60, cases=12, past=0)
    assert Case.objects.count() == 8 + 3 + 2 + 1, "with tickets of the hotline and what went wrong in registers"
    assert Case.objects.filter(registered_at__lt=began).exists(), "by classes that were put in force after it"
    assert not Parked.objects.exists()


def test_pictures_show_the_trouble_before_and_not_after(studio):
    found = demo_pictures.pictures(studio / "demo" / "pictures", 5)
    assert set(found) == {"vehicle", "bicycle", "stall", "refuse", "plain"}
    for pairs in found.values():
        for before, after in pairs:
            assert before[:3] == after[:3] == b"\xff\xd8\xff"
    before, after = found["refuse"][0]
    assert before != after


def test_at_whatever_hour_a_city_is_seeded_its_last_load_of_spoil_is_overdue():
    for quarter in range(4 * 24 * 2):
        now = datetime(2026, 11, 30, tzinfo=UTC) + timedelta(minutes=15 * quarter)
        nine = demo_registers.evening(now)
        assert localtime(nine).hour == 21
        assert timedelta(hours=7) <= now - nine < timedelta(hours=31), "six hours on the road by the pack"


def test_it_says_who_may_sign_in():
    out = io.StringIO()
    call_command("demo", accounts=True, stdout=out)
    for name in (
        "collector",
        "acceptor",
        "leader",
        "city_dispatcher",
        "desk",
        "handler",
        "evaluator",
        "privacy",
        "wall",
        "cityops-demo",
    ):
        assert name in out.getvalue()
