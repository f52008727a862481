"""Who may watch which wall, where people land, and what the figures say when there is nothing to say."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation

from accounts.actions import create_user, grant, upsert_role
from cases import actions
from cases.contracts import ENDS, Stage
from core.errors import Forbidden
from core.scope import EVERYWHERE, NOBODY, Actor, Ground
from dashboard import rules, selectors
from dashboard.contracts import Level
from dashboard.templatetags.wall import NEWS, percent, tile
from journal import contracts
from journal.contracts import BY_AREA
from tests.cases.factories import CITY, HERE, PASSWORD, SETUP, THERE, brought_to, names, reported
from tests.dashboard.stories import WALL, published

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
RIGHTS = ("wall.see", "feed.read", "case.see")


def watcher(area):
    return Actor("watcher", "watcher", {right: (Ground(area=area),) for right in RIGHTS})


def signed_in(username, role, permissions, area):
    upsert_role(code=role, names=names(role, role), permissions=permissions, actor=SETUP)
    user = create_user(username=username, password=PASSWORD, label=username, organisation="centre", actor=SETUP)
    grant(user=user, role=role, area=area, actor=SETUP)
    client = Client()
    client.force_login(user)
    return client


def remembered(stage="handling", minutes_left=None, **more):
    due = None if minutes_left is None else (NOW + timedelta(minutes=minutes_left)).isoformat()
    case = dict.fromkeys(rules.FIELDS) | {"stage": stage, "due_at": due, "priority": 0, "number": "1"}
    return case | {"reported_at": (NOW - timedelta(hours=3)).isoformat()} | more


@pytest.mark.django_db
def test_a_city_watcher_has_every_wall_and_a_district_watcher_only_their_own(town):
    assert [one.name for one in selectors.scopes(watcher(CITY))] == ["city", f"d:{HERE}", f"d:{THERE}"]
    assert [one.name for one in selectors.scopes(watcher(f"{CITY}.{HERE}"))] == [f"d:{HERE}"]
    assert selectors.scope(watcher(f"{CITY}.{HERE}")).name == f"d:{HERE}"
    for name in ("city", f"d:{THERE}", "d:nowhere"):
        with pytest.raises(Forbidden):
            selectors.snapshot(watcher(f"{CITY}.{HERE}"), name)


@pytest.mark.django_db
def test_the_right_to_watch_is_not_enough_without_the_right_to_read_the_feed(town):
    with pytest.raises(Forbidden):
        selectors.snapshot(Actor("a", "a", {"wall.see": EVERYWHERE}))
    with pytest.raises(Forbidden):
        selectors.snapshot(Actor("a", "a", {"feed.read": EVERYWHERE}))
    with pytest.raises(Forbidden):
        selectors.snapshot(NOBODY)


@pytest.mark.django_db
def test_a_district_wall_shows_nothing_of_the_next_district(town):
    here, there = reported(town, HERE).number, reported(town, THERE).number
    published()
    shown = selectors.snapshot(WALL, f"d:{HERE}")
    assert [case["number"] for case in shown["cases"]] == [here]
    assert [row["code"] for row in shown["districts"]] == [HERE]
    assert set(shown["days"]) == {f"d:{HERE}"}
    assert {case["number"] for case in selectors.snapshot(WALL, "city")["cases"]} == {here, there}


@pytest.mark.django_db
def test_an_empty_city_has_rates_that_are_not_available_and_never_a_hundred(town):
    found = selectors.snapshot(WALL, "city")
    for key in ("on_time", "half_hour", "rework"):
        assert found["kpis"][key]["den"] == 0
        assert tile(key, found["kpis"])["value"] == "—"
    assert percent(0, 0) == "—"
    assert percent(1, 3) == "33.3"


@pytest.mark.django_db
def test_a_case_handled_in_time_is_kept_and_one_confirmed_too_late_is_not(time, town):
    brought_to(town, "fed_back")
    late = brought_to(town, "handled")
    time.pass_by(hours=3)
    brought_to(town, "fed_back", late)
    published()
    assert selectors.snapshot(WALL, "city")["kpis"]["on_time"] == {"num": 1, "den": 2, "num_before": 0, "den_before": 0}


@pytest.mark.django_db
def test_the_wall_is_drawn_in_both_languages_in_few_questions(town, django_assert_max_num_queries):
    brought_to(town, "handling")
    published()
    client = signed_in("wall", "wall_operator", (*RIGHTS, "camera.see"), CITY)
    assert "城市运行指挥" in client.get("/wall/").content.decode()
    client.cookies["django_language"] = "en"
    with django_assert_max_num_queries(45):
        page = client.get("/wall/").content.decode()
    assert "City operations command" in page
    assert "Vehicle mis-parking" in page
    assert "style=" not in page
    assert "onclick" not in page


def test_every_kind_that_is_told_on_a_wall_has_a_word_in_both_languages():
    told = {name for name, kind in contracts.kinds().items() if rules.is_news(name) and kind.audience & BY_AREA}
    assert told == NEWS.keys()
    with translation.override("en"):
        english = {kind: str(word) for kind, word in NEWS.items()}
    with translation.override("zh-hans"):
        assert {kind for kind, word in NEWS.items() if str(word) == english[kind]} == set()


@pytest.mark.django_db
def test_a_promise_that_was_moved_is_news_in_words(town):
    case = brought_to(town, "dispatched")
    later = case.due_at + timedelta(days=2)
    given = {"version": case.version, "kind": "handling", "due_at": later, "reason": "停电"}
    actions.reschedule(case.number, actor=town.actor("leader"), **given)
    published()
    shown = signed_in("wall", "wall_operator", RIGHTS, CITY).get("/wall/").content.decode()
    assert "改期 · 机动车乱停放" in shown
    assert "case.rescheduled.v1 ·" not in shown


@pytest.mark.django_db
def test_the_foot_of_the_wall_forgets_no_stage_and_no_case_in_parts(town):
    case, parts = brought_to(town, "registered"), [{"department": f"d{HERE}-appearance"}] * 2
    actions.split(case.number, actor=town.actor("city_dispatcher"), version=case.version, parts=parts)
    published()
    shown = signed_in("wall", "wall_operator", RIGHTS, CITY).get("/wall/").content.decode()
    foot = {tuple(stages.split(",")): int(n) for stages, n in re.findall(r'data-stages="([a-z_,]+)">(\d+)<', shown)}
    assert sorted(stage for stages in foot for stage in stages) == sorted(set(Stage) - set(ENDS))
    assert {stages[0]: n for stages, n in foot.items() if n} == {"in_parts": 3}, "the whole and its two parts"


@pytest.mark.django_db
def test_everybody_starts_where_they_work(town):
    watcher_client = signed_in("wall", "wall_operator", RIGHTS, CITY)
    assert watcher_client.get("/").url == "/wall/"
    marker = signed_in("marker", "marker", ("score.see",), CITY)
    assert marker.get("/").url == "/scores/"
    assert signed_in("keeps", "keeps", ("register.keep",), CITY).get("/").url == "/todo/"
    client = Client()
    client.force_login(town.people["acceptor"])
    assert client.get("/").url == "/cases/"
    assert Client().get("/").url.startswith("/accounts/login/")


@pytest.mark.django_db
def test_the_snapshot_is_json_for_those_who_may_and_a_sentence_for_others(town):
    client = signed_in("wall", "wall_operator", RIGHTS, CITY)
    found = client.get("/api/wall/snapshot")
    assert found.status_code == 200
    assert found["Cache-Control"] == "private, no-store"
    assert found.json()["heads"] == {"city": 0}
    refused = client.get("/api/wall/snapshot?scope=dept:x")
    assert refused.status_code == 403
    assert refused.json()["code"] == "wall.not_yours"


@pytest.mark.parametrize(
    ("stage", "left", "level"),
    [
        ("handling", 0, Level.CRITICAL), ("handling", 30, Level.SERIOUS), ("handling", 120, Level.CAUTION),
        ("handling", 121, Level.NORMAL), ("handling", None, Level.NORMAL), ("reported", 300, Level.INFO),
        ("accepted", -1, Level.CRITICAL),
    ],
)  # fmt: skip
def test_a_level_is_what_is_left_of_the_promise(stage, left, level):
    assert rules.level_of(remembered(stage, left), NOW) is level


def test_the_rail_holds_six_and_always_what_has_just_come():
    bad = [remembered(minutes_left=-n, number=f"b{n}") for n in range(1, 10)]
    just = remembered("reported", 20, number="new", reported_at=NOW.isoformat())
    rail = rules.rail_of([*bad, just], NOW)
    assert len(rail) == 6
    assert rail[-1]["number"] == "new"
    assert rail[0]["number"] == "b9"


def test_a_clock_is_decided_once():
    data = dict.fromkeys(rules.FIELDS) | {"number": "1", "late": False, "source": "camera"}
    due = NOW + timedelta(hours=2)
    at = [NOW, NOW + timedelta(hours=3), NOW + timedelta(hours=4)]
    told = [
        ("case.dispatched.v1", {"stage": "dispatched", "due_at": due.isoformat()}),
        ("case.overdue.v1", {"stage": "handling", "due_at": due.isoformat(), "clock": "handling"}),
        ("case.confirmed.v1", {"stage": "fed_back", "due_at": None}),
    ]
    case, total = None, Counter()
    for (kind, more), moment in zip(told, at, strict=True):
        fold = rules.fold_case(case, kind, data | more, moment)
        case, total = fold.case, total + fold.counts
    assert total[rules.local(due).date().isoformat(), "due"] == 1
    assert total[rules.local(due).date().isoformat(), "kept"] == 0
    assert case["deadline"] is None


def test_a_line_of_a_rate_is_the_share_of_the_six_hours_that_end_with_each_hour():
    here = rules.local(NOW)
    days = {here.date().isoformat(): {"due:10": 4, "kept:10": 3, "due:14": 4, "kept:14": 4}}
    line = rules.figures([], days, NOW)["trends"]["on_time"]
    assert len(line) == 24
    assert here.hour == 14
    assert line[-6:] == [None, 75.0, 75.0, 75.0, 75.0, 87.5]


def test_the_line_of_open_cases_ends_with_those_open_now_and_is_counted_back():
    here = rules.local(NOW)
    days = {here.date().isoformat(): {"opened:14": 3, "ended:14": 1, "ended:13": 2}}
    held = [remembered(number=str(n)) for n in range(5)]
    assert rules.figures(held, days, NOW)["trends"]["open"][-4:] == [5, 5, 3, 5]


def test_what_happened_an_hour_ago_moves_every_line_of_the_wall():
    data = remembered() | {"source": "camera"}
    due = (NOW + timedelta(minutes=30)).isoformat()
    told = [
        ("case.registered.v1", {"stage": "registered"}),
        ("case.dispatched.v1", {"stage": "dispatched", "due_at": due}),
        ("case.confirmed.v1", {"stage": "fed_back"}),
        ("case.check_failed.v1", {"stage": "rework", "due_at": due}),
    ]
    case, total = None, Counter()
    for kind, more in told:
        fold = rules.fold_case(case, kind, data | more, NOW)
        case, total = fold.case, total + fold.counts
    day = rules.local(NOW).date().isoformat()
    days = {day: {name: n for (_, name), n in total.items()}}
    lines = rules.figures([case], days, NOW + timedelta(hours=1))["trends"]
    assert {key: line[-2] for key, line in lines.items()} == {
        "registered_today": 1, "overdue": 0, "on_time": 100.0, "half_hour": 100.0, "rework": 100.0, "open": 1,
    }  # fmt: skip
