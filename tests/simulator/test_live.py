"""The living city at work: the right people, after their pause, and never in the way of a person."""

import os
import signal
import threading
import time as real_time
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from accounts import selectors as people
from accounts.actions import create_user, grant, upsert_role
from cases import actions
from cases.contracts import ENDS
from cases.models import Case, Move
from cityops.management import demo_live
from cityops.management.commands import demo_live as command
from cityops.management.demo_live import LiveCity, Unfounded
from cityops.management.demo_pictures import SUBJECTS
from core.scope import Duty
from simulator import live_plan, live_stories
from tests.cases.conftest import standing_town, time, town
from tests.cases.factories import CITY, HERE, SETUP, names, picture, reported, take

__all__ = ["standing_town", "time", "town"]
DEPARTMENT = f"d{HERE}-appearance"
BY_CHANCE = live_plan.roll
COLLEAGUES = (
    ("acceptor02", "acceptor", ("accept", "case.report", "case.see"), "centre", "", CITY),
    ("leader02", "shift_leader", ("supervise", "case.see"), "centre", "", CITY),
    ("dispatcher02", "city_dispatcher", ("command.city", "case.see"), "centre", "", CITY),
    ("desk02", "department_desk", ("desk", "case.see"), DEPARTMENT, DEPARTMENT, ""),
)
DUTY_OF = {
    "accept": Duty.ACCEPT, "register": Duty.SUPERVISE, "dispatch_district": Duty.COMMAND_CITY, "assign": Duty.DESK,
    "submit": Duty.HANDLE, "confirm": Duty.DESK, "send_check": Duty.ACCEPT, "check_pass": Duty.COLLECT,
    "close": Duty.SUPERVISE,
}  # fmt: skip


@pytest.fixture
def city(town, time, settings, tmp_path, monkeypatch):
    """A town with colleagues, pictures and a case of the demo's own, in which nothing new and nothing odd happens."""
    for name, role, rights, home, org, area in COLLEAGUES:
        upsert_role(code=role, names=names(role, role), permissions=rights, actor=SETUP)
        user = create_user(username=name, password="town of tests 7", label=name, organisation=home, actor=SETUP)
        grant(user=user, role=role, org=org, area=area, actor=SETUP)
        town.people[name] = user
    settings.DATA_DIR = tmp_path
    folder = tmp_path / "demo" / "pictures"
    folder.mkdir(parents=True)
    for subject in SUBJECTS:
        for when, colour in (("before", "maroon"), ("after", "teal")):
            (folder / f"{subject}-7-0-{when}.jpg").write_bytes(picture(colour))
    monkeypatch.setattr(live_stories, "PEAK_PER_HOUR", 0.0)
    monkeypatch.setattr(live_plan, "roll", lambda case, word: 0.5)
    ours(town, "demo-1")
    return town


def ours(town, ref, **more):
    """A case that the demo itself told, reported by somebody whose account is not printed."""
    return reported(town, source_ref=ref, actor=town.actor("collector2"), address="跃进路", **more)


def live(time, city, minutes: float, every: float = 1.0) -> LiveCity:
    """The city has lived for so long."""
    living = LiveCity()
    for _ in range(int(minutes / every)):
        time.pass_by(minutes=every)
        living.tick()
    return living


def moves() -> list[tuple[str, str]]:
    """Verb and account of every step since the reports."""
    found = Move.objects.exclude(verb="report").order_by("id")
    return [(move.verb, move.actor) for move in found]


def test_each_step_is_taken_after_its_pause_by_somebody_with_the_duty_and_never_by_a_printed_account(city, time):
    live(time, city, 8)
    assert moves() == [], "the first step was taken before anybody could be quicker"
    live(time, city, 15)
    assert [verb for verb, _ in moves()][:1] == ["accept"]
    live(time, city, 14 * 60, every=5)
    assert Case.objects.get().stage == "closed"
    for verb, actor in moves():
        if verb in DUTY_OF:
            key = next(user for user in city.people.values() if f"user:{user.pk}" == actor)
            assert people.actor_of(key).holds(DUTY_OF[verb]), verb
    by_themselves = {actor for verb, actor in moves() if verb in ("accept", "register", "assign", "confirm", "close")}
    assert by_themselves == {city.key(name) for name in ("acceptor02", "leader02", "desk02")}


def test_a_case_that_somebody_reported_is_left_alone_for_three_quarters_of_its_clock(city, time):
    mine = reported(city)
    live(time, city, 21)
    assert Case.objects.get(number=mine.number).version == 1
    live(time, city, 6)
    assert Case.objects.get(number=mine.number).stage == "accepted"


def test_a_case_that_somebody_took_up_is_left_alone_from_then_on(city, time):
    case = Case.objects.get()
    time.pass_by(minutes=5)
    take(
        city, actions.accept(case.number, actor=city.actor("acceptor"), version=1), "register", "leader", condition="a"
    )
    live(time, city, 21)
    assert Case.objects.get().stage == "registered"
    live(time, city, 6)
    assert Case.objects.get().stage == "at_district"


def test_a_person_who_was_quicker_is_respected(city, time, monkeypatch):
    time.pass_by(minutes=25)
    seen_before = list(demo_live._open_cases())
    case = Case.objects.get()
    actions.accept(case.number, actor=city.actor("acceptor"), version=1, category="E0110")
    monkeypatch.setattr(demo_live, "_open_cases", lambda: seen_before)
    living = LiveCity()
    told = living.tick()
    assert (told.done, told.refused) == (0, 1)
    assert living.tick()[1:3] == (0, 0), "what was refused is not tried again at once"
    after = Case.objects.get()
    assert (after.version, after.stage, after.category.code) == (2, "accepted", "E0110")


def test_killed_and_restarted_or_even_twice_it_doubles_nothing(city, time, monkeypatch):
    monkeypatch.setattr(live_stories, "PEAK_PER_HOUR", 1e9)
    first = LiveCity()
    time.pass_by(seconds=20)
    assert first.tick().reported > 0
    told = Case.objects.count()
    second = LiveCity()
    assert second.tick().reported == first.tick().reported == 0
    assert Case.objects.count() == told
    refs = list(Case.objects.filter(source_ref__startswith="live-").values_list("source_ref", flat=True))
    assert len(refs) == len(set(refs)) == told - 1
    time.pass_by(minutes=25)
    first.tick()
    done = Move.objects.count()
    assert LiveCity().tick().done + Move.objects.filter(version__gt=2).count() <= demo_live.MOST_DEEDS
    assert done > told


def test_after_a_night_without_it_the_city_catches_up_a_few_steps_at_a_time(city, time):
    for number in range(2, 12):
        ours(city, f"demo-{number}")
    time.pass_by(hours=9)
    living = LiveCity()
    assert [living.tick().done for _ in range(4)] == [4, 4, 3, 0]


def test_a_day_leaves_no_case_stuck(city, time, monkeypatch):
    first = int(Case.objects.get().number)  # numbers go on from test to test, and what chance says must not

    def by_chance(case, word):
        return BY_CHANCE(replace(case, number=str(int(case.number) - first)), word)

    monkeypatch.setattr(live_plan, "roll", by_chance)
    one_department = {**live_plan.STEPS, "dispatched": ("assign", {})}
    monkeypatch.setattr(live_plan, "STEPS", one_department)  # what it sent back would have nowhere else to go
    for number, source in enumerate(("hotline12345", "citizen", "collector", "collector"), 2):
        actor = {} if source == "collector" else {"actor": city.actor("acceptor02")}
        place = {"lon": None, "lat": None} if number == 3 else {}
        reported(city, source=source, source_ref=f"live-{number}", address="跃进路", **{**actor, **place})
    reported(city)
    reported(city, category="", address="跃进路")
    living = LiveCity()
    for _ in range(26 * 4):
        time.pass_by(minutes=15)
        living.tick()
    open_still = Case.objects.exclude(stage__in=sorted(ENDS))
    assert [(case.source_ref, case.stage) for case in open_still] == []
    assert Case.objects.filter(stage="closed").count() >= 4


def test_a_look_at_a_city_at_rest_costs_two_questions(city, time, django_assert_num_queries):
    living = LiveCity()
    living.tick()
    time.pass_by(seconds=7)
    with django_assert_num_queries(2):
        living.tick()


@pytest.mark.django_db
def test_before_the_city_is_seeded_it_says_so():
    with pytest.raises(Unfounded):
        LiveCity().tick()


# ---------------------------------------------------------------- the process


@pytest.fixture
def signals():
    """The handlers of signals return after the test."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def running(tick) -> command.Command:
    """The process as it stands between two looks."""
    found = command.Command()
    found.city, found.failures = type("City", (), {"tick": tick})(), 0
    return found


def fails(error):
    def tick(self):
        raise error

    return tick


def test_it_invents_cases_in_a_demo_only(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO"):
        call_command("demo_live")


@pytest.mark.parametrize(
    "error", [OperationalError("gone"), ConnectionError("redis"), Unfounded("seed"), KeyError("x")]
)
def test_what_is_away_is_named_and_waited_for_longer_each_time_and_nothing_crashes(error, caplog):
    process = running(fails(error))
    caplog.set_level("WARNING")
    assert [process._tick() for _ in range(5)] == [7.0, 14.0, 28.0, 56.0, 60.0]
    assert caplog.text.count("live.waits") == 5
    process.city = running(lambda self: demo_live.Ticked(0, 0, 0, 0)).city
    assert process._tick() == command.TICK_S
    assert process.failures == 0


def test_it_ends_as_soon_as_it_is_told_and_not_when_the_next_look_is_due(settings, signals, monkeypatch):
    settings.DEMO = True
    told = []

    def tell():
        told.append(real_time.monotonic())
        os.kill(os.getpid(), signal.SIGTERM)

    def look(self):
        threading.Timer(0.3, tell).start()
        return demo_live.Ticked(0, 0, 0, 0)

    monkeypatch.setattr(command, "LiveCity", lambda: running(look).city)
    monkeypatch.setattr(command, "TICK_S", 600.0)
    call_command("demo_live")
    assert real_time.monotonic() - told[0] < 60
