"""Cases that ended elsewhere come here with their whole way, and count as if they had gone it here."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases import actions, selectors
from cases.contracts.history import OldCase, OldStep
from cases.models import Case, CaseWords, Clock, Move
from core.errors import Forbidden, Invalid
from evaluation import actions as evaluation
from evaluation import rules
from evaluation.models import Fact, Mark, News
from journal import actions as journal
from journal.models import Entry
from tests.cases.factories import OUTSIDE, SETUP, brought_to, reported, take

pytestmark = pytest.mark.django_db
SAME = (
    "stage", "version", "stage_version", "stage_since", "source", "reported_by", "category_id", "kind", "description",
    "cell", "area", "district", "place", "org", "handler", "collector", "priority", "promise", "rework_count",
    "return_count", "returned_by", "due_at", "warn_at", "handled_late", "reported_at", "accepted_at", "registered_at",
    "dispatched_at", "confirmed_at", "closed_at",
)  # fmt: skip
OF_CLOCKS = ("kind", "stage", "round", "minutes", "calendar", "why", "started_at", "due_at", "stopped_at")
OF_POSTS = ("verify_late", "accept_late", "register_late", "dispatch_late", "check_late")


def told_of(case, ref="old-1", **changes):
    """A case that stands here as another system would tell of it: by its steps."""
    row = Case.objects.select_related("category").get(number=case.number)
    moves = Move.objects.filter(case=row)
    steps = tuple(OldStep(one.verb, one.at, one.actor, one.actor_label, one.org, one.given) for one in moves)
    given = {
        "source": row.source, "source_ref": ref, "category": row.category.code, "condition": "a", "steps": steps,
        "description": row.description, "address": row.address, "lon": row.lon, "lat": row.lat,
    }  # fmt: skip
    return OldCase(**{**given, **changes})


def taken(*told, system="old"):
    return actions.OldCases(actor=SETUP, system=system).take(told)


def published():
    """Everybody has had the news."""
    while journal.number() or journal.deliver():
        pass


def worked_again_and_reopened(town, time):
    """A case that is late, fails its check, is redone, closed, and opened again."""
    case = brought_to(town, "handled")
    time.pass_by(hours=3)
    case = take(town, case, "redo", "desk", reason="重拍")
    case = take(town, case, "submit", "handler", result="已处理", photos="@")
    case = take(town, case, "confirm", "desk")
    case = take(town, case, "send_check", "acceptor", collector="@collector")
    time.pass_by(minutes=9)
    case = take(town, case, "check_fail", "collector", reason="仍有残留", photos="@")
    case = take(town, case, "rework", "city_dispatcher")
    case = brought_to(town, "closed", case)
    time.pass_by(days=2)
    case = take(town, case, "reopen", "leader", reason="复发")
    return brought_to(town, "closed", case)


def settled_otherwise(town, time):
    """A case that was looked at and not taken on."""
    case = take(town, reported(town), "send_verify", "acceptor", collector="@collector")
    time.pass_by(minutes=20)
    case = take(town, case, "verify", "collector", verdict=True, photos="@")
    case = take(town, case, "accept", "acceptor")
    return take(town, case, "refuse", "leader", reason="不归城管")


def late(town, time):
    """A case that a department kept too long."""
    case = brought_to(town, "handled")
    time.pass_by(hours=5)
    return brought_to(town, "closed", case)


@pytest.mark.parametrize("way", [worked_again_and_reopened, settled_otherwise, late])
def test_an_old_case_is_what_its_steps_would_have_made_of_it_here(town, time, way):
    case = way(town, time)
    assert taken(told_of(case)) == 1
    here, there = Case.objects.get(number=case.number), Case.objects.get(source_ref="old-1")
    assert {name: getattr(there, name) for name in SAME} == {name: getattr(here, name) for name in SAME}
    told = ("version", "verb", "before", "after", "actor", "actor_label", "org", "given", "at")
    assert list(Move.objects.filter(case=there).values(*told)) == list(Move.objects.filter(case=here).values(*told))
    clocks = Clock.objects.exclude(kind="stage").order_by("started_at", "kind")
    assert list(clocks.filter(case=there).values(*OF_CLOCKS)) == list(clocks.filter(case=here).values(*OF_CLOCKS))
    assert CaseWords.objects.filter(case=there).exists(), "it is found by its words"
    facts = [rules.facts_of(one) for one in selectors.records([here.number, there.number])]
    owed = {name for name in facts[0] if name.endswith("_owed") or name in OF_POSTS} - {"handle_owed", "close_owed"}
    assert [facts[1][name] for name in facts[0] if name not in owed] == [
        value for name, value in facts[0].items() if name not in owed
    ]


def test_the_past_is_told_of_once_and_nobody_is_judged_or_warned_by_it(town, time):
    told = told_of(late(town, time))
    published()
    before = Entry.objects.count()
    taken(told, replace(told, source_ref="old-2"))
    entry = Entry.objects.latest("id")
    assert (Entry.objects.count(), entry.kind, entry.data["cases"]) == (before + 1, "case.history_taken.v1", 2)
    marks = Mark.objects.count()
    published()
    evaluation.sweep_all()
    held = Case.objects.filter(source_ref__startswith="old-")
    assert {row.case for row in Fact.objects.filter(handle_late=True)} >= {row.number for row in held}
    assert not News.objects.exists()
    assert Mark.objects.count() == marks
    time.pass_by(days=3)
    actions.sweep()
    assert not Entry.objects.filter(subject__in=[row.number for row in held]).exists()


def test_an_old_case_comes_in_once(town, time):
    told = told_of(late(town, time))
    assert (taken(told, told), taken(told, replace(told, source_ref="old-9"))) == (1, 1)
    assert Case.objects.filter(source_ref__startswith="old-").count() == 2


def test_what_cannot_have_been_is_refused_and_nothing_is_kept(town, time):
    told = told_of(late(town, time))
    first, *rest = told.steps
    wrong = {
        "history.unknown_way": replace(told, steps=(first, *rest[1:])),
        "history.not_ended": replace(told, steps=told.steps[:-1]),
        "history.bad_order": replace(told, steps=(replace(first, at=rest[-1].at + timedelta(days=1)), *rest)),
        "history.unknown_source": replace(told, source="x"),
        "case.unknown_category": replace(told, category="X1"),
        "case.unknown_condition": replace(told, condition="z"),
        "case.outside_grid": replace(told, lon=OUTSIDE[0], lat=OUTSIDE[1]),
    }
    for code, bad in wrong.items():
        with pytest.raises(Invalid, match=code):
            taken(replace(told, source_ref="old-7"), bad)
    assert not Case.objects.filter(source_ref__startswith="old-").exists()
    with pytest.raises(Forbidden):
        actions.OldCases(actor=town.actor("leader"), system="old")
