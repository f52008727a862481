"""The matrix of responsibility: who and why everywhere, holes, the simulator, special rules and their replay."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions import change_organisation, create_organisation, create_user, grant, upsert_role
from accounts.selectors import actor_named
from cases import actions, selectors
from cases.models import Case, Override
from core import clock
from core.errors import Conflict, Forbidden, Invalid
from journal.models import Entry
from tests.cases.conftest import Time
from tests.cases.factories import (
    AREA_HERE,
    AREA_THERE,
    CITY,
    HERE,
    OUTSIDE,
    SETUP,
    THERE,
    Town,
    brought_to,
    names,
    point,
)

BUREAU = f"d{HERE}-appearance"
DISTRICT = f"{CITY}.{HERE}"


@pytest.fixture
def boss(town: Town):
    """Somebody who administers the whole city, as user."""
    upsert_role(code="boss", names=names("管", "Boss"), permissions=["admin", "case.see"], actor=SETUP)
    user = create_user(username="boss", password="a town of tests 7", label="Boss", organisation="centre", actor=SETUP)
    grant(user=user, role="boss", actor=SETUP)
    return user


def signed_in(user) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def draft(**changes):
    given = {"actor": actor_named("boss"), "category_code": "E0407", "area": DISTRICT, "organisation": "centre",
             "reason": "文明城市创建期间由市中心直管"}  # fmt: skip
    return actions.draft_override(**{**given, **changes})


def saved(**changes):
    row = draft(**changes)
    return actions.save_override(row, actor=actor_named("boss"), seen=selectors.replay_save(row).seal)


def refused(code: str, kind: type, act) -> None:
    with pytest.raises(kind) as error:
        act()
    assert error.value.code == code


# ---- the matrix


def test_every_class_has_a_row_and_every_district_a_column(town):
    found = selectors.matrix(major="E04")
    assert [place.code for place in found.columns] == [HERE, THERE]
    [(major, [row])] = found.groups
    assert (major, row.category.code, row.duty.duty) == ("E04", "E0407", "appearance")
    assert [square.answers[0][0].organisation for square in row.squares] == [BUREAU, f"d{THERE}-appearance"]
    assert [cells for square in row.squares for _answer, cells in square.answers] == [4, 4]


def test_a_district_opens_into_its_streets_and_a_search_crosses_the_major_classes(town):
    found = selectors.matrix(inside=HERE, text="0")
    assert [place.code for place in found.columns] == [f"{HERE}001"]
    assert {row.category.code for _major, rows in found.groups for row in rows} == {"C0101", "E0110", "E0407", "E0506"}


def test_the_matrix_costs_the_same_for_many_organisations_as_for_few(town):
    with CaptureQueriesContext(connection) as few:
        selectors.matrix()
    for number in range(12):
        create_organisation(code=f"o{number}", names=names("所", "Unit"), kind="department", level="district",
                            parent=f"d{HERE}", area=DISTRICT, duties=["appearance"], actor=SETUP)  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        selectors.matrix()
    assert (len(few), len(many)) == (6, 6)


def test_the_page_says_who_and_why_in_both_languages(town, boss):
    browser = signed_in(boss)
    page = browser.get("/responsibility/?major=E04").content.decode()
    assert "每区由一个单位负责" in page
    assert BUREAU in page
    browser.cookies.load({"django_language": "en"})
    assert "One organisation for each district answers" in browser.get("/responsibility/?major=E04").content.decode()
    assert browser.get("/responsibility/?district=000000").status_code == 404


# ---- holes and conflicts


def test_a_class_that_nobody_answers_for_is_a_sentence_with_its_cells(town, boss):
    change_organisation(f"d{THERE}-appearance", duties=[], actor=SETUP)
    found = selectors.faults()
    assert {(hole.category.code, hole.cells) for hole in found.holes} == {
        ("C0101", 4), ("E0110", 4), ("E0407", 4), ("E0506", 4),
    }  # fmt: skip
    assert [place.code for place in found.holes[0].places] == [THERE]
    page = signed_in(boss).get("/responsibility/faults/?show=E0407").content.decode()
    assert "小类 E0407 机动车乱停放 在 4 个网格无人负责。" in page
    assert "职责“appearance”应每区由一个单位负责，但此处没有。" in page
    assert f'<script id="shade" type="application/json">["{THERE}"]</script>' in page


def test_two_equally_near_organisations_are_a_conflict(town, boss):
    create_organisation(code="second", names=names("二所", "Second"), kind="department", level="district",
                        parent=BUREAU, area=DISTRICT, duties=["appearance"], actor=SETUP)  # fmt: skip
    [clash] = selectors.faults().clashes
    assert (clash.organisations, clash.cells, len(clash.classes)) == ((BUREAU, "second"), 4, 4)
    page = signed_in(boss).get("/responsibility/faults/").content.decode()
    assert f"{BUREAU}, 二所 在 4 个网格同样接近，暂取{BUREAU}。" in page


def test_a_whole_matrix_says_so(town, boss):
    page = signed_in(boss).get("/responsibility/faults/").content.decode()
    assert "每个小类在各处都有且只有一个责任单位。" in page


# ---- the simulator


def test_the_simulator_names_cell_who_why_and_until_when(time: Time, town, boss):
    lon, lat = point()
    found = signed_in(boss).get("/api/responsible", {"category": "E0407", "lon": lon, "lat": lat}).json()
    assert (found["cell"], found["area"]) == (f"{HERE}001001003", AREA_HERE)
    assert found["responsible"]["code"] == BUREAU
    assert found["arbiter"]["code"] == f"d{HERE}"
    assert [line["code"] for line in found["why"]] == ["class_duty", "nearest", "arbiter"]
    dues = {one["code"]: one["due_at"] for one in found["conditions"]}
    assert dues == {"a": "2026-11-16T11:00:00+08:00", "b": "2026-11-16T15:00:00+08:00"}


def test_the_simulator_promises_what_a_case_is_then_promised(time: Time, town):
    lon, lat = point()
    promised = selectors.what_if("E0407", lon, lat, "a").promises[0].handling.due_at
    case = brought_to(town, "at_district")
    assert Case.objects.get(number=case.number).due_at == promised


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"category": "E0407"}, "请以度为单位"),
        ({"category": "E0407", "lon": "east", "lat": "1"}, "请以度为单位"),
        ({"category": "E0407", "lon": "nan", "lat": "nan"}, "经度"),
        ({"category": "E0407", "lon": "1e308", "lat": "1"}, "经度"),
        ({"category": "E0407", "lon": OUTSIDE[0], "lat": OUTSIDE[1]}, "网格之外"),
        ({"category": "E9999", "lon": point()[0], "lat": point()[1]}, "E9999"),
        ({"lon": point()[0], "lat": point()[1]}, "小类"),
        ({"category": "E0407", "condition": "z", "lon": point()[0], "lat": point()[1]}, "立案条件 z"),
    ],
)
def test_a_wrong_question_is_refused_with_a_sentence(town, boss, given, sentence):
    answer = signed_in(boss).get("/api/responsible", given)
    assert answer.status_code == 400
    assert sentence in answer.json()["message"]


def scrolls(page, name):
    """Whether the wide table of this name can be reached and scrolled with the keyboard."""
    return f'<div class="table-wrap" tabindex="0" role="region" aria-label="{name}">' in page


def test_the_page_of_the_simulator_answers_without_a_script(town, boss):
    lon, lat = point()
    browser = signed_in(boss)
    page = browser.get("/responsibility/simulator/", {"category": "E0407", "lon": lon, "lat": lat}).content.decode()
    assert f"{HERE}001001003" in page
    assert "立案条件a" in page
    assert scrolls(page, "时限")
    far = browser.get("/responsibility/simulator/", {"category": "E0407", "lon": OUTSIDE[0], "lat": OUTSIDE[1]})
    assert far.status_code == 400
    assert browser.get("/responsibility/simulator/", {"category": "E0407", "lon": "x", "lat": "1"}).status_code == 400


# ---- special rules


def test_a_special_rule_is_in_force_at_once_and_told_in_the_journal(town, boss):
    row = saved(arbiter=f"d{HERE}")
    assert selectors.responsible("E0407", AREA_HERE).organisation == "centre"
    assert selectors.responsible("E0407", AREA_THERE).organisation == f"d{THERE}-appearance"
    assert selectors.responsible("E0110", AREA_HERE).organisation == BUREAU
    entry = Entry.objects.get(kind="responsibility.overridden.v1")
    assert (entry.subject, entry.actor_label, entry.area) == (f"override:{row.pk}", "Boss", DISTRICT)
    assert entry.data["after"] == {"organisation": "centre", "arbiter": f"d{HERE}"}
    assert entry.data["reason"] == row.reason


def test_the_replay_names_last_months_cases_that_would_have_gone_elsewhere(town, boss):
    here, there = brought_to(town, "registered"), brought_to(town, "registered", district=THERE)
    old = brought_to(town, "registered")
    Case.objects.filter(number=old.number).update(registered_at=clock.now() - timedelta(days=31))
    replay = selectors.replay_save(draft())
    assert (replay.total, [one.number for one in replay.moved]) == (2, [here.number])
    assert (replay.moved[0].before, replay.moved[0].after) == (BUREAU, "centre")
    assert there.number not in [one.number for one in replay.moved]


def test_nothing_is_saved_that_was_not_looked_at(town, boss):
    row = draft()
    seen = selectors.replay_save(row).seal
    brought_to(town, "registered")
    refused(
        "responsibility.look_again", Conflict, lambda: actions.save_override(row, actor=actor_named("boss"), seen=seen)
    )
    assert not Override.objects.exists()
    assert not Entry.objects.filter(kind="responsibility.overridden.v1").exists()


def test_a_later_rule_takes_the_place_of_the_earlier_and_both_stay_on_record(town, boss):
    first, second = saved(), saved(organisation=f"d{HERE}")
    first.refresh_from_db()
    assert first.valid_until == second.valid_from
    assert first.ended_by.startswith("user:")
    assert selectors.responsible("E0407", AREA_HERE).organisation == f"d{HERE}"
    before = Entry.objects.filter(kind="responsibility.overridden.v1").latest("id").data["before"]
    assert before == {"organisation": "centre"}


def test_a_rule_to_come_waits_and_is_not_run_over(time: Time, town, boss):
    begins = clock.now() + timedelta(days=3)
    saved(valid_from=begins)
    assert selectors.responsible("E0407", AREA_HERE).organisation == BUREAU
    refused("responsibility.another_follows", Conflict, lambda: saved(organisation=f"d{HERE}"))
    saved(organisation=f"d{HERE}", valid_until=begins)
    assert selectors.responsible("E0407", AREA_HERE).organisation == f"d{HERE}"
    time.pass_by(days=3)
    assert selectors.responsible("E0407", AREA_HERE).organisation == "centre"


def test_a_rule_that_was_withdrawn_before_it_began_is_in_nobodys_way(town, boss):
    row = saved(valid_from=clock.now() + timedelta(days=3))
    actions.end_override(row.pk, actor=actor_named("boss"), reason="作罢", seen=selectors.replay_end(row.pk).seal)
    row.refresh_from_db()
    assert row.state_at(clock.now()) == "over"
    saved(organisation=f"d{HERE}")
    assert selectors.responsible("E0407", AREA_HERE).organisation == f"d{HERE}"


def withdrawn(row):
    return actions.end_override(
        row.pk, actor=actor_named("boss"), reason="作罢", seen=selectors.replay_end(row.pk).seal
    )


def test_the_special_rule_whose_place_a_withdrawn_one_would_have_taken_goes_on(time: Time, town, boss):
    row, begins = saved(), clock.now() + timedelta(days=3)
    page = signed_in(boss)
    asked = {"act": "save", "reason": "作罢", "seen": selectors.replay_end(saved(valid_from=begins).pk).seal}
    later = Override.objects.get(valid_from=begins)
    seen = page.post(f"/responsibility/rules/{later.pk}/end/", {"act": "look"}, headers={"Accept-Language": "en"})
    assert "the rule whose place it would have taken goes on" in seen.content.decode()
    page.post(f"/responsibility/rules/{later.pk}/end/", asked)
    row.refresh_from_db()
    assert (row.valid_until, row.ended_by) == (None, "")
    told = Entry.objects.filter(kind__startswith="responsibility.over").order_by("id")
    assert [(entry.subject, entry.data["valid_until"]) for entry in told][2:] == [
        (f"override:{later.pk}", begins.isoformat()), (f"override:{row.pk}", ""),
    ]  # fmt: skip
    time.pass_by(days=4)
    assert selectors.responsible("E0407", AREA_HERE).why["override"] == row.pk


def test_a_special_rule_goes_on_only_until_it_would_have_ended_or_the_next_begins(time: Time, town, boss):
    day = clock.now()
    row = saved(valid_until=day + timedelta(days=9))
    first, second = (saved(valid_from=day + timedelta(days=n), organisation=f"d{HERE}") for n in (2, 4))
    withdrawn(first)
    row.refresh_from_db()
    assert row.valid_until == second.valid_from, "the one behind the withdrawn one takes its place"
    withdrawn(second)
    row.refresh_from_db()
    assert row.valid_until == day + timedelta(days=9)


def test_a_special_rule_that_was_ended_meanwhile_or_whose_heir_has_begun_stays_ended(time: Time, town, boss):
    row, later = saved(), saved(valid_from=clock.now() + timedelta(days=3))
    withdrawn(row)
    withdrawn(later)
    heir = saved()
    withdrawn(saved(organisation=f"d{HERE}"))
    over = {one.pk: one.state_at(clock.now()) for one in Override.objects.all()}
    assert set(over.values()) == {"over"}
    assert {row.pk, later.pk, heir.pk} < set(over)
    assert selectors.responsible("E0407", AREA_HERE).organisation == BUREAU


def test_a_rule_that_is_ended_gives_its_cases_back_and_says_why(town, boss):
    row = saved()
    seen = selectors.replay_end(row.pk).seal
    actions.end_override(row.pk, actor=actor_named("boss"), reason="创建结束", seen=seen)
    assert selectors.responsible("E0407", AREA_HERE).organisation == BUREAU
    data = Entry.objects.get(kind="responsibility.override_ended.v1").data
    assert (data["before"], data["after"], data["reason"]) == ({"organisation": "centre"}, {}, "创建结束")
    again = actor_named("boss")
    refused("responsibility.over", Conflict, lambda: actions.end_override(row.pk, actor=again, reason="再", seen=seen))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"category_code": "E9999"}, "case.unknown_category"),
        ({"area": "449900.1"}, "responsibility.no_area"),
        ({"organisation": ""}, "responsibility.says_nothing"),
        ({"organisation": "ghost"}, "case.unknown_organisation"),
        ({"arbiter": "centre"}, "responsibility.party"),
        ({"reason": "  "}, "case.needs_reason"),
        ({"reason": "很" * 401}, "case.text_too_long"),
    ],
)
def test_a_wrong_special_rule_is_refused_with_a_sentence(town, boss, changes, code):
    refused(code, Invalid, lambda: draft(**changes))


def test_a_special_rule_neither_begins_in_the_past_nor_ends_before_it_begins(town, boss):
    refused("responsibility.in_the_past", Invalid, lambda: draft(valid_from=clock.now() - timedelta(days=1)))
    refused("responsibility.ends_before_it_begins", Invalid, lambda: draft(valid_until=clock.now()))


def test_only_an_administrator_of_the_area_makes_a_special_rule(town, boss):
    refused("responsibility.not_yours", Forbidden, lambda: draft(actor=town.actor("leader")))
    grant(user=town.people["leader"], role="boss", area=DISTRICT, actor=SETUP)
    assert draft(actor=town.actor("leader")).category == "E0407"
    refused("responsibility.not_yours", Forbidden, lambda: draft(actor=town.actor("leader"), area=f"{CITY}.{THERE}"))


def test_the_database_itself_keeps_two_rules_for_one_place_apart(town, boss):
    row = saved()
    twin = Override(category=row.category, area=row.area, organisation=BUREAU, reason="x", made_by="x",
                    valid_from=row.valid_from + timedelta(days=1))  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_in_the_browser_a_rule_is_first_replayed_then_saved_then_ended(town, boss):
    case, browser = brought_to(town, "registered"), signed_in(boss)
    given = {"category": "E0407", "area": DISTRICT, "organisation": "centre", "reason": "直管"}
    page = browser.post("/responsibility/rules/", {**given, "act": "look"})
    assert "最近 30 天的 1 件案件中，有 1 件会派往他处。" in page.content.decode()
    assert f"/cases/{case.number}/" in page.content.decode()
    assert scrolls(page.content.decode(), "会派往他处的案件")
    assert not Override.objects.exists()
    blind = browser.post("/responsibility/rules/", {**given, "act": "save", "seen": "guess"})
    assert blind.status_code == 409
    assert "请重新查看" in blind.content.decode()
    seal = page.context["replay"].seal
    assert browser.post("/responsibility/rules/", {**given, "act": "save", "seen": seal}).status_code == 302
    row = Override.objects.get()
    shown = browser.post(f"/responsibility/rules/{row.pk}/end/", {"act": "look"})
    assert "有 1 件会派往他处" in shown.content.decode()
    seen = shown.context["replay"].seal
    ended = browser.post(f"/responsibility/rules/{row.pk}/end/", {"act": "save", "seen": seen, "reason": "结束"})
    assert ended.status_code == 302
    assert selectors.responsible("E0407", AREA_HERE).organisation == BUREAU
    assert scrolls(browser.get("/responsibility/rules/").content.decode(), "特别规定")


def test_a_case_says_that_a_special_rule_gave_it_away(town, boss):
    case = brought_to(town, "at_district")
    saved()
    page = signed_in(town.people["district_dispatcher"]).get(f"/cases/{case.number}/").content.decode()
    assert "本区域对该小类有特别规定" in page
