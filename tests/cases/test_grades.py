"""T7, 各类不同级别管理区域: limits by the grade of the ground, which word counts, and that a promise never moves."""

from dataclasses import replace

import pytest
from django.test import Client

from cases import actions, rules, selectors
from cases.models import AreaGrade, Case, Clock
from cases.rules import By, LimitBook, Special, Spot, limit_of
from core.errors import Conflict, Forbidden, Invalid, Stale
from core.scope import machine
from grid import actions as grid_actions
from grid import selectors as grid
from journal.models import Entry
from tests.accounts.factories import holder
from tests.cases.factories import (
    AREA_HERE,
    CITY,
    HERE,
    SETUP,
    STEPS_MODEL,
    THERE,
    at,
    brought_to,
    condition,
    names,
    reported,
    take,
)

ADMIN = machine("test:admin", "admin", label="管理员")
SHARES = {1: 0.5, 2: 1.0, 3: 1.5, 4: 2.0}
GRADES = [{"grade": grade, "names": names(f"{grade}级", f"Level {grade}"), "share": share}
          for grade, share in SHARES.items()]  # fmt: skip
WHY, JSON = "城市管理委员会决定", "application/json"
EMPTY = LimitBook()
CONDITION = {**condition("a", 4, "work_hour"), "grades": {"3": 9}}
CLASS = {"code": "E0407", "quick": False, "conditions": [CONDITION, condition("b", 4, "work_hour")]}
FULL = LimitBook(
    shares=SHARES,
    specials=(Special(7, "E0407", CITY, "", (), "", "台风", at("2026-01-01T00:00:00Z"), None,
                      {"value": 20, "unit": "urgent_hour"}),),
    quick={"limit": {"value": 0.5, "unit": "urgent_hour"}, "classes": ["E0407"]},
)  # fmt: skip


def graded(grade: int, area: str = "") -> None:
    """The map has that grade in the area from now on, or everywhere."""
    draft = grid_actions.draft_version(actor=SETUP)
    revision = grid.version_of(draft).revision
    given = {"region": area or CITY, "grade": grade}
    grid_actions.edit(draft, actor=SETUP, revision=revision, op="grade", given=given)
    grid_actions.publish(draft, actor=SETUP)


def shares(**changes: float) -> None:
    actions.save_area_grades(GRADES, pack="test")
    wanted = SHARES | {int(grade[1:]): share for grade, share in changes.items()}
    if wanted != SHARES:
        looked = selectors.replay_shares(wanted).seal
        actions.set_shares(wanted, actor=ADMIN, reason=WHY, looked=looked)


def promised(number: str) -> tuple[float, str, str]:
    promise = Case.objects.get(number=number).promise
    return promise["limit"]["value"], promise["limit"]["unit"], promise["says"]["by"]


@pytest.mark.parametrize(
    ("book", "letter", "grade", "limit", "by"),
    [
        (FULL, "a", 3, (20, "urgent_hour"), By.SPECIAL),
        (replace(FULL, specials=()), "a", 3, (0.5, "urgent_hour"), By.QUICK),
        (replace(FULL, specials=(), quick={}), "a", 3, (9, "work_hour"), By.GRADE),
        (replace(FULL, specials=(), quick={}), "b", 3, (6, "work_hour"), By.SHARE),
        (replace(FULL, specials=(), quick={}), "a", 1, (2, "work_hour"), By.SHARE),
        (replace(FULL, specials=(), quick={}), "b", 2, (4, "work_hour"), By.WRITTEN),
        (replace(FULL, specials=(), quick={}), "b", 0, (4, "work_hour"), By.WRITTEN),
        (EMPTY, "b", 3, (4, "work_hour"), By.WRITTEN),
    ],
)
def test_t7_of_all_words_on_a_limit_the_strongest_that_speaks_counts(book, letter, grade, limit, by):
    found = limit_of(book, CLASS, letter, Spot(AREA_HERE, grade))
    assert (found.limit["value"], found.limit["unit"]) == limit
    assert found.says["by"] == by
    assert found.says.get("grade", 0) == grade


def test_t7_a_quick_class_keeps_its_half_hour_on_every_ground():
    quick = {"code": "E0506", "quick": True, "conditions": [condition("a", 0.5, "urgent_hour")]}
    for grade in SHARES:
        found = limit_of(replace(EMPTY, shares=SHARES), quick, "a", Spot(AREA_HERE, grade))
        assert found.limit == {"value": 0.5, "unit": "urgent_hour"}
    longer = replace(EMPTY, quick={"limit": {"value": 1, "unit": "urgent_hour"}, "classes": []})
    assert limit_of(longer, quick, "a", Spot(AREA_HERE, 3)).says["by"] == By.WRITTEN, "quick only ever shortens"


def test_t7_a_special_rule_speaks_for_its_class_and_area_alone():
    there = replace(FULL, quick={}, specials=tuple(replace(one, area=f"{CITY}.{THERE}") for one in FULL.specials))
    assert limit_of(there, CLASS, "b", Spot(AREA_HERE, 2)).says["by"] == By.WRITTEN
    assert limit_of(there, {**CLASS, "code": "E0110"}, "b", Spot(f"{CITY}.{THERE}.x", 2)).says["by"] == By.WRITTEN


def test_t7_a_case_on_graded_ground_has_its_share_of_the_limit_and_says_so(town, time):
    shares()
    graded(3, HERE)
    here, there = (brought_to(town, "accepted", reported(town, district)) for district in (HERE, THERE))
    here = take(town, take(town, here, "register", "leader", condition="b"), "dispatch", "city_dispatcher",
                department=f"d{HERE}-appearance")  # fmt: skip
    take(town, there, "register", "leader", condition="b")
    assert promised(here.number) == (6, "work_hour", "share")
    assert promised(there.number) == (2, "work_hour", "share"), "the other district has grade 1"
    assert here.due_at == at("2026-11-16T17:00:00+08:00"), "three hours of the morning and three of the afternoon"
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(town.people["desk"])
    page = browser.get(f"/cases/{here.number}/").text
    assert "The ground has management grade 3: Level 3." in page
    assert "Such ground has 1.5 times the limit of the condition." in page
    assert "The condition says: 4 working hours." in page
    clock = next(one for one in browser.get(f"/api/cases/{here.number}/clocks").json() if one["kind"] == "handling")
    assert (clock["says"]["grade"], clock["says"]["by"], clock["value"]) == (3, "share", 6)


def test_t7_a_grade_or_a_share_that_changes_later_moves_no_promise(town, time):
    shares()
    old = brought_to(town, "dispatched")
    before = list(Clock.objects.filter(case__number=old.number).values())
    graded(4)
    shares(g1=0.25, g4=8)
    assert list(Clock.objects.filter(case__number=old.number).values()) == before
    assert promised(old.number) == (1, "urgent_hour", "share")
    back = brought_to(town, "checking", selectors.view_of(Case.objects.get(number=old.number)))
    back = take(town, back, "check_fail", "collector", reason="未清理", photos="@")
    rework = Clock.objects.filter(case__number=back.number, kind="handling").latest("pk")
    assert (rework.minutes, rework.why["says"]["grade"]) == (30, 1), "half of what was promised, on its old ground"
    assert promised(brought_to(town, "registered").number) == (16, "urgent_hour", "share"), "new cases follow"


def test_t7_what_a_condition_says_for_a_grade_comes_before_the_share(town, time):
    shares()
    graded(3)
    given = selectors.told(selectors.category("E0407"))
    given["conditions"][0]["grades"] = {"3": 9}
    actions.save_class(given, actor=ADMIN, seen=1, reason=WHY)
    assert promised(brought_to(town, "registered").number) == (9, "urgent_hour", "grade")


def test_t7_a_special_rule_sets_the_limit_of_a_class_and_is_replayed_first(town, time):
    shares()
    old = brought_to(town, "registered")
    row = actions.draft_override(
        actor=SETUP, category_code="E0407", area=f"{CITY}.{HERE}", limit={"value": 9.0, "unit": "work_day"}, reason=WHY
    )
    replay = selectors.replay_save(row)
    assert [(one.number, one.before["value"], one.after) for one in replay.timed] == [
        (old.number, 1, {"value": 9, "unit": "work_day"})
    ]
    assert replay.moved == ()
    with pytest.raises(Conflict, match=r"responsibility\.look_again"):
        actions.save_override(row, actor=SETUP, seen="0" * 16)
    actions.save_override(row, actor=SETUP, seen=replay.seal)
    new = brought_to(town, "registered")
    assert (promised(old.number), promised(new.number)) == ((1, "urgent_hour", "share"), (9, "work_day", "special"))
    assert selectors.responsible("E0407", AREA_HERE).organisation == f"d{HERE}-appearance", "it says nothing of who"
    assert selectors.replay_end(row.pk).timed[0].after["value"] == 1


@pytest.mark.parametrize("limit", [{"value": 0, "unit": "work_day"}, {"value": 1, "unit": "moon"}, {"value": 1}])
def test_a_special_rule_with_a_limit_that_is_none_is_refused(town, limit):
    with pytest.raises(Invalid, match=r"class\.bad_"):
        actions.draft_override(actor=SETUP, category_code="E0407", area="", limit=limit, reason=WHY)


def test_a_rule_that_only_sets_a_limit_does_not_hide_a_wider_one_that_names_somebody():
    wide = Special(1, "E0407", "", "everywhere", (), "", "", at("2026-01-01T00:00:00Z"))
    near = replace(wide, id=2, area=CITY, organisation="", limit={"value": 1, "unit": "work_day"})
    office = rules.Office("everywhere", {}, "department", "everywhere", "", frozenset())
    book = rules.Book((office,), {}, {"E0407": ""}, (wide, near))
    assert rules.resolve(book, "E0407", AREA_HERE).organisation == "everywhere"


def test_the_model_of_the_city_shortens_graded_limits_too(town, time):
    shares()
    graded(4)
    quick = {"limit": {"value": 0.5, "unit": "urgent_hour"}, "classes": ["E0407"]}
    actions.save_steps_model({**STEPS_MODEL, "quick": quick}, pack="test")
    assert promised(brought_to(town, "registered").number) == (0.5, "urgent_hour", "quick")


@pytest.fixture
def boss(town):
    """An administrator of the whole city, in the browser and as a program."""
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(holder("root", "admin"))
    return client


def form(**changes):
    typed = {f"share_{grade}": share for grade, share in SHARES.items()}
    return {**typed, "reason": WHY, "act": "look", **changes}


def test_shares_are_changed_in_the_browser_after_a_look_at_last_months_cases(boss, town):
    shares()
    old = brought_to(town, "registered")
    page = boss.get("/classes/grades/")
    seen = page.context["version"]
    assert "Level 1" in page.text
    look = boss.post("/classes/grades/", form(share_1="0.25", version=seen))
    assert "1 of 1 cases of the last 30 days would have had another limit." in look.text
    assert AreaGrade.objects.get(grade=1).share == 0.5, "looking saves nothing"
    blind = boss.post("/classes/grades/", form(share_1="0.25", version=seen, act="save"))
    assert (blind.status_code, AreaGrade.objects.get(grade=1).share) == (409, 0.5)
    looked = {"version": seen, "act": "save", "looked": look.context["replay"].seal}
    assert boss.post("/classes/grades/", form(share_1="0.25", **looked))["location"] == "/classes/grades/"
    entry = Entry.objects.get(kind="grades.changed.v1")
    assert (entry.data["before"], entry.data["after"], entry.data["changed"]) == ({"1": 0.5}, {"1": 0.25}, 1)
    assert promised(old.number)[0] == 1
    assert WHY in boss.get("/classes/grades/").text
    late = boss.post("/classes/grades/", form(share_1="3", **looked))
    assert (late.status_code, "What was changed meanwhile" in late.text) == (412, True)
    assert boss.post("/classes/grades/", form(share_1="0", version=seen)).status_code == 400
    assert boss.post("/classes/grades/", form(share_1="", version=seen)).status_code == 400


def test_shares_are_changed_by_a_program_after_a_look(boss, town):
    shares()
    path, told = "/api/classes/grades", boss.get("/api/classes/grades")
    assert [(one["grade"], one["share"], one["cells"]) for one in told.json()][0] == (1, 0.5, 8)
    given, seen = {"shares": {"1": 2, "2": 1, "3": 1, "4": 1}, "reason": WHY}, {"If-Match": told["ETag"]}
    assert boss.put(path, given, JSON).status_code == 428
    replay = boss.put(path, {**given, "dry_run": True}, JSON, headers=seen).json()["replay"]
    assert (replay["timed"], replay["moved"]) == (0, 0)
    assert boss.put(path, {**given, "looked": "x"}, JSON, headers=seen).json()["code"] == "grades.look_again"
    saved = boss.put(path, {**given, "looked": replay["seal"]}, JSON, headers=seen)
    assert [one["share"] for one in saved.json()["saved"]] == [2, 1, 1, 1]
    assert boss.put(path, {**given, "looked": replay["seal"]}, JSON, headers=seen).status_code == 412
    for bad in ({}, {"1": 2}, {"1": 0, "2": 1, "3": 1, "4": 1}, {"x": 1, "2": 1, "3": 1, "4": 1, "1": 1}):
        answer = boss.put(path, {**given, "shares": bad}, JSON, headers={"If-Match": saved["ETag"]})
        assert answer.json()["code"] == "grades.bad_share"


def test_who_is_no_administrator_reads_the_shares_and_changes_none(town):
    shares()
    browser = Client()
    browser.force_login(town.people["leader"])
    assert browser.get("/classes/grades/").status_code == 200
    assert browser.post("/classes/grades/", form()).status_code == 403
    with pytest.raises(Forbidden):
        actions.set_shares(SHARES, actor=town.actor("leader"), reason=WHY, looked="")


def test_a_pack_leaves_the_citys_shares_alone_and_names_the_grades(town):
    shares(g1=0.75)
    actions.save_area_grades([{**GRADES[0], "names": names("核心", "Core"), "share": 3}], pack="test")
    held = {row.grade: row for row in selectors.area_grades()}
    assert (held[1].share, held[1].names["en"], held[1].origin) == (0.75, "Core", "city")
    assert (held[3].pk, held[3].share) == (None, 1), "a grade that the pack no longer speaks of changes no limit"
    with pytest.raises(Stale):
        actions.set_shares(SHARES, actor=ADMIN, reason=WHY, looked="", seen="0" * 32)
