"""Automatic dispatch: which rule decides, what a replay tells, what a machine does and leaves to people."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from accounts.actions import create_organisation
from cases import actions, rules, selectors
from cases.actions import replaying
from cases.models import AutoDispatch, Case, DispatchReplayJob, DispatchRule, Move
from cases.rules import Dispatchable, Record, ranked, resolve
from core import clock
from core.errors import Conflict, Forbidden, Invalid
from exchange.contracts.exports import listings
from journal import actions as journal
from journal.models import Entry
from tests.accounts.factories import holder
from tests.cases.conftest import Time
from tests.cases.factories import (
    AREA_HERE,
    CITY,
    HERE,
    SETUP,
    THERE,
    Town,
    brought_to,
    granted,
    names,
    standing,
    take,
)
from tests.cases.test_responsibility_rules import BOOK, STREET, office
from tests.cases.test_responsibility_rules import HERE as OFFICE_HERE
from tests.journal.factories import number_all

BUREAU, CENTRE = f"d{HERE}-appearance", f"d{HERE}"
API, PAGE = "/api/dispatching/rules", "/dispatching/"
GIVEN = {"name": "机动车乱停放直派", "level": "city", "aim": "responsible", "classes": ["E0407"], "reason": "责任清楚"}


@pytest.fixture
def boss(town: Town) -> Client:
    """An administrator of the whole city, as browser and as program."""
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(holder("root", "admin", "case.see"))
    return client


def draft(**changes):
    return actions.draft_dispatch_rule(actor=SETUP, **{**GIVEN, **changes})


def in_force(**changes) -> DispatchRule:
    row = draft(**changes)
    seal = selectors.replay_dispatch(row, 30, clock.now()).seal
    return actions.save_dispatch_rule(row, actor=SETUP, seen=seal)


def judged(case) -> AutoDispatch:
    actions.dispatch_by_rule(case.number)
    return AutoDispatch.objects.get(case__number=case.number)


def refused(code, kind, act):
    with pytest.raises(kind) as error:
        act()
    assert error.value.code == code


# ---- the rule alone


def a_rule(**changes) -> rules.DispatchRule:
    return replace(rules.DispatchRule(1, "一", 100, "city", "responsible"), **changes)


def facts(book=BOOK, **changes) -> Dispatchable:
    return replace(Dispatchable("E0110", STREET, "camera", 2, True, resolve(book, "E0110", STREET), ("d1",)), **changes)


@pytest.mark.parametrize(
    ("narrow", "fits", "misses"),
    [
        ({"classes": frozenset({"E0110"})}, {}, {"category": "E0407"}),
        ({"area": "1.11"}, {}, {"area": "1.12"}),
        ({"sources": frozenset({"camera"})}, {}, {"source": "citizen"}),
        ({"grades": frozenset({2, 3})}, {}, {"grade": 1}),
        ({"hours": "office"}, {}, {"in_hours": False}),
        ({"hours": "off"}, {"in_hours": False}, {}),
    ],
)
def test_every_condition_narrows_and_an_empty_one_does_not(narrow, fits, misses):
    assert a_rule(**narrow).speaks_of(facts(**fits))
    assert not a_rule(**narrow).speaks_of(facts(**misses))
    assert a_rule().speaks_of(facts(**misses))


def test_the_first_by_priority_decides_and_the_others_are_not_asked():
    first, second = a_rule(id=2, priority=1, aim="district"), a_rule(id=1, priority=2)
    assert rules.decide([second, first], facts()) == rules.Verdict(first, "d1", "dispatching.sent", {})
    assert rules.decide([second], facts()).organisation == "here"
    assert rules.decide([a_rule(area="1.99")], facts()).code == "dispatching.no_rule"


def test_a_rule_never_chooses_among_rivals_nor_sends_to_nobody_or_out_of_reach():
    disputed = replace(BOOK, offices=(*BOOK.offices, office("also", "1.11", "clean", path="longer.also")))
    empty = replace(BOOK, offices=tuple(one for one in BOOK.offices if one is not OFFICE_HERE))
    for found, code in (
        (facts(disputed), "dispatching.rivals"),
        (facts(empty), "dispatching.nobody"),
        (facts(receives=False), "dispatching.out_of_reach"),
        (facts(), "dispatching.sent"),
    ):
        verdict = rules.decide([a_rule()], found)
        assert (verdict.code, bool(verdict.organisation)) == (code, code == "dispatching.sent")
    two_centres = rules.decide([a_rule(aim="district")], facts(centres=("a", "b")))
    assert (two_centres.organisation, two_centres.code) == ("", "dispatching.rivals")


def test_suggestions_stand_by_matrix_history_promises_kept_and_load():
    records = [
        Record("busy", here=3, open=9, judged=4, in_time=4),
        Record("idle", here=3, open=1, judged=4, in_time=4),
        Record("late", here=3, open=0, judged=4, in_time=1),
        Record("matrix"),
        Record("known", here=8, judged=1),
    ]
    assert [one.organisation for one in ranked("matrix", records)] == ["matrix", "known", "idle", "busy", "late"]


# ---- the act


def test_a_registered_case_goes_where_the_matrix_says_by_a_named_machine_with_rule_and_reason(town: Town, time: Time):
    rule = in_force()
    case = brought_to(town, "registered")
    act = judged(case)
    now = standing(case)
    assert (now.stage, now.organisation, act.organisation, act.rule) == ("dispatched", BUREAU, BUREAU, rule)
    move = Move.objects.get(case__number=case.number, verb="dispatch")
    assert (move.actor, move.given["rule"], move.given["rule_reason"]) == ("rule:dispatch", rule.pk, "责任清楚")
    assert [code for code, _params in act.why][0] == "class_duty"
    assert Entry.objects.filter(kind="case.dispatched.v1", subject=case.number, actor="rule:dispatch").count() == 1


def test_asked_twice_it_dispatches_once_and_where_a_person_was_faster_not_at_all(town: Town, time: Time):
    in_force()
    case = brought_to(town, "registered")
    judged(case)
    assert actions.dispatch_by_rule(case.number) is None
    assert Move.objects.filter(case__number=case.number, verb="dispatch").count() == 1
    taken = brought_to(town, "at_district")
    assert actions.dispatch_by_rule(taken.number) is None
    assert actions.dispatch_by_rule("no such case") is None


def test_what_a_rule_dispatched_is_returned_like_any_other_and_no_rule_touches_it_again(town: Town, time: Time):
    rule = in_force()
    case = brought_to(town, "registered")
    judged(case)
    back = granted(town, standing(case), "return", "desk", "leader")
    take(town, back, "send_back", "desk")
    assert actions.dispatch_by_rule(case.number) is None
    leader = town.actor("leader")
    assert selectors.dispatch_counts(leader, 30) == [selectors.DispatchCounts(rule.pk, 1, 1, 0)]
    assert [one.case.number for one in selectors.auto_dispatches(leader, 30, "returned")] == [case.number]
    assert selectors.dispatch_counts(town.actor("desk2"), 30) == []


def test_where_no_rule_decides_the_case_waits_and_tells_why(town: Town, time: Time):
    in_force(sources=["camera"])
    case = brought_to(town, "registered")
    act = judged(case)
    assert (standing(case).stage, act.code, act.rule) == ("registered", "dispatching.no_rule", None)
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(town.people["city_dispatcher"])
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert "未自动派遣：没有适用的自动派遣规则。" in page
    assert "责任矩阵规定此类此地由其负责。" in page


def test_what_rules_did_goes_out_of_ones_ground_and_a_filter_says_the_name_of_the_rule(town: Town):
    rule = in_force()
    act = judged(brought_to(town, "registered"))
    listing = listings()["automatic_dispatches"]
    asked = {"rule": str(rule.pk), "kind": "sent"}
    (row,) = listing.batch(asked, actor=town.actor("leader"), below=None, most=9)
    assert (row.values["case"], row.values["organisation"]) == (act.case.number, BUREAU)
    assert listing.batch(asked, actor=town.actor("desk2"), below=None, most=9) == []
    assert [value for _name, value in listing.said([asked])[0]] == [rule.name, "按规则派遣"]
    with pytest.raises(Invalid):
        listing.check({"rule": "9" * 30}, actor=town.actor("leader"))


def test_the_switch_stops_every_rule_and_a_case_says_so(town: Town, time: Time):
    in_force()
    actions.switch_dispatching(on=False, actor=SETUP, reason="台风应急，全部人工")
    actions.switch_dispatching(on=False, actor=SETUP, reason="再说一次")
    assert Entry.objects.filter(kind="dispatching.switched.v1").count() == 1
    stopped = brought_to(town, "registered")
    assert judged(stopped).code == "dispatching.switched_off"
    assert standing(stopped).stage == "registered"
    actions.switch_dispatching(on=True, actor=SETUP, reason="解除")
    assert judged(brought_to(town, "registered")).organisation == BUREAU


def test_what_waited_while_the_rules_were_off_is_looked_at_then_dispatched_with_a_result_each(town: Town, boss: Client):
    rule = in_force()
    actions.switch_dispatching(on=False, actor=SETUP, reason="停用")
    first, second, taken = (brought_to(town, "registered") for _ in range(3))
    for case in (first, second, taken):
        assert judged(case).code == "dispatching.switched_off"
    take(town, taken, "dispatch_district", "city_dispatcher", district_centre=CENTRE)
    still = boss.post("/dispatching/waiting/", {"case": first.number, "act": "do"})
    assert (still.status_code, standing(first).stage) == (409, "registered")
    actions.switch_dispatching(on=True, actor=SETUP, reason="解除")
    assert "规则停用期间上报的 2 件案件仍在等待。" in boss.get(PAGE).content.decode()
    page = boss.get("/dispatching/waiting/")
    assert page.context["numbers"] == [first.number, second.number], (
        "who waits longest is first; who was sent waits not"
    )
    before = (Move.objects.count(), Entry.objects.count())
    seen = boss.post("/dispatching/waiting/", {"case": page.context["numbers"], "act": "look"})
    assert (seen.context["sent"], seen.context["left"]) == (2, 0)
    assert "目前尚未作任何更改" in seen.content.decode()
    assert (Move.objects.count(), Entry.objects.count()) == before, "a look changes nothing"
    assert standing(first).stage == "registered"
    done = boss.post("/dispatching/waiting/", {"case": [first.number, second.number, taken.number], "act": "do"})
    assert (done.context["sent"], done.context["left"]) == (2, 1)
    assert "该案件已不再因规则停用而等待。" in done.content.decode()
    assert [standing(case).stage for case in (first, second)] == ["dispatched", "dispatched"]
    act = AutoDispatch.objects.get(case__number=first.number)
    assert (act.rule_id, act.organisation, act.code) == (rule.pk, BUREAU, "dispatching.sent")
    assert Entry.objects.get(kind="dispatching.caught_up.v1").data == {"cases": 3}
    again = boss.post("/dispatching/waiting/", {"case": first.number, "act": "do"})
    assert (again.context["sent"], Move.objects.filter(case__number=first.number, verb="dispatch").count()) == (0, 1)


def test_what_no_rule_decides_goes_on_waiting_and_says_why(town: Town, boss: Client):
    in_force(sources=["camera"])
    actions.switch_dispatching(on=False, actor=SETUP, reason="停用")
    case = brought_to(town, "registered")
    judged(case)
    actions.switch_dispatching(on=True, actor=SETUP, reason="解除")
    (line,) = actions.dispatch_waiting([case.number], actor=SETUP)
    assert (line.organisation, line.code) == ("", "dispatching.no_rule")
    assert (standing(case).stage, selectors.left_while_off().count()) == ("registered", 0)
    assert AutoDispatch.objects.get(case__number=case.number).code == "dispatching.no_rule"


def test_only_who_may_switch_the_rules_dispatches_what_waits_and_only_some_at_once(town: Town):
    refused("responsibility.not_city", Forbidden,
            lambda: actions.dispatch_waiting(["0" * 20], actor=town.actor("city_dispatcher")))  # fmt: skip
    for chosen in ([], [f"{at:020d}" for at in range(actions.MOST_CAUGHT_UP + 1)]):
        refused("case.bulk_size", Invalid, lambda chosen=chosen: actions.dispatch_waiting(chosen, actor=SETUP))
    odd = ["x", "\x00", "9" * 20]
    assert {one.code for one in actions.dispatch_waiting(odd, actor=SETUP)} == {"dispatching.waits_no_more"}


FORM = {
    "name": "直派", "aim": "city:responsible", "classes": ["E0407"], "priority": "100", "reason": "清楚", "days": "30",
}  # fmt: skip


@pytest.fixture
def many(town: Town, monkeypatch) -> list[str]:
    """Cases of the past that are too many to look at while somebody waits."""
    monkeypatch.setattr("cases.actions.AT_SIGHT", 1)
    return [brought_to(town, "dispatched").number for _ in range(3)]


def test_a_replay_of_many_cases_is_a_job_with_progress_whose_sealed_result_goes_in_force(
    town: Town, boss: Client, many: list[str], monkeypatch
):
    asked = boss.post(PAGE, {**FORM, "act": "look"})
    where = asked["Location"]
    assert (asked.status_code, "/dispatching/replays/" in where) == (302, True)
    assert boss.get(where).context["job"].state == "waiting"
    assert "HX-Refresh" not in boss.get(f"{where}progress/").headers
    assert (actions.replay_waiting(), actions.replay_waiting()) == (True, False)
    assert boss.get(f"{where}progress/").headers["HX-Refresh"] == "true"
    page = boss.get(where)
    replay, job = page.context["replay"], DispatchReplayJob.objects.get()
    at_once = selectors.replay_dispatch(draft(), 30, job.until)
    assert (replay.total, replay.right, replay.decided, replay.listed) == (
        at_once.total, at_once.right, at_once.decided, at_once.listed,
    )  # fmt: skip
    assert (replay.decided, job.done, job.total) == (3, 3, 3)
    assert page.context["form"]["name"].value() == "直派"
    monkeypatch.setattr("cases.actions.dispatching.replay_dispatch", None)
    saved = boss.post(PAGE, {**FORM, "act": "save", "seen": replay.seal})
    assert saved.status_code == 302, "what the worker counted is not counted again"
    assert (DispatchRule.objects.get().decided, DispatchRule.objects.get().seal) == (3, replay.seal)


def test_a_sealed_result_counts_no_more_once_something_changed_that_decides(town: Town, boss: Client, many: list[str]):
    boss.post(PAGE, {**FORM, "act": "look"})
    actions.replay_waiting()
    seal = DispatchReplayJob.objects.get().seal
    other = boss.post(PAGE, {**FORM, "priority": "7", "act": "save", "seen": seal})
    assert other.status_code == 409, "it is the seal of another rule"
    actions.save_responsibilities([], pack="test")
    assert boss.post(PAGE, {**FORM, "act": "save", "seen": seal}).status_code == 409
    assert not DispatchRule.objects.exists()


def test_a_replay_is_its_askers_alone_and_the_newest_one_counts(town: Town, boss: Client, many: list[str]):
    first = boss.post(PAGE, {**FORM, "act": "look"})["Location"]
    second = boss.post(PAGE, {**FORM, "act": "look"})["Location"]
    assert "本次不再继续" in boss.get(first).content.decode()
    other = Client()
    other.force_login(holder("other-root", "admin"))
    for where in (second, f"{second}progress/"):
        assert other.get(where).status_code == 404
    assert actions.replay_waiting()
    assert set(DispatchReplayJob.objects.values_list("state", flat=True)) == {"left", "done"}


def test_a_replay_goes_on_with_another_worker_and_is_given_up_after_some(
    town: Town, time: Time, boss: Client, many: list[str], monkeypatch
):
    where = boss.post(PAGE, {**FORM, "act": "look"})["Location"]

    def dies(*_given: object) -> None:
        raise MemoryError

    def overtaken(*_given: Any) -> None:
        DispatchReplayJob.objects.update(epoch=99)
        _given[3](0)

    whole = replaying.replay_dispatch
    monkeypatch.setattr(replaying, "replay_dispatch", dies)
    for _turn in range(2):
        with pytest.raises(MemoryError):
            actions.replay_waiting()
        assert not actions.replay_waiting(), "whoever holds it may live still"
        time.pass_by(seconds=121)
    monkeypatch.setattr(replaying, "replay_dispatch", overtaken)
    assert actions.replay_waiting()
    assert DispatchReplayJob.objects.get().seal == "", "whoever lost it writes nothing"
    monkeypatch.setattr(replaying, "replay_dispatch", whole)
    time.pass_by(seconds=121)
    assert not actions.replay_waiting()
    assert "试算未能完成" in boss.get(where).content.decode()
    time.pass_by(days=2)
    assert (actions.drop_replays(), DispatchReplayJob.objects.exists()) == (1, False)


def test_a_district_rule_sends_only_what_its_centre_has_and_only_below_it(town: Town, time: Time):
    in_force(level="district", area=f"{CITY}.{HERE}")
    waits = brought_to(town, "registered")
    assert actions.dispatch_by_rule(waits.number) is None
    there = brought_to(town, "at_district")
    assert judged(there).organisation == BUREAU
    assert standing(there).stage == "dispatched"
    given = {"category_code": "E0407", "area": AREA_HERE, "organisation": f"d{THERE}-appearance", "reason": "试"}
    row = actions.draft_override(actor=SETUP, **given)
    actions.save_override(row, actor=SETUP, seen=None)
    astray = brought_to(town, "at_district")
    assert (judged(astray).code, standing(astray).stage) == ("dispatching.out_of_reach", "at_district")


def test_a_rule_beyond_the_city_s_model_of_steps_is_refused_and_one_in_force_leaves_its_cases(town: Town, time: Time):
    in_force(aim="district")
    levels = {**selectors.steps_model().levels, "dispatch_district": []}
    selectors.steps_model().__class__.objects.filter(in_force=True).update(levels=levels)
    refused("dispatching.not_this_level", Invalid, lambda: draft(aim="district"))
    case = brought_to(town, "registered")
    assert (judged(case).code, standing(case).stage) == ("case.not_your_level", "registered")


def test_two_departments_equally_near_leave_the_case_to_people(town: Town, time: Time):
    in_force()
    create_organisation(code="rival", names=names("r", "r"), kind="department", level="district", parent=CENTRE,
                        area=f"{CITY}.{HERE}", duties=("appearance",), actor=SETUP)  # fmt: skip
    case = brought_to(town, "registered")
    act = judged(case)
    assert (act.code, act.rule_id is not None, standing(case).stage) == ("dispatching.rivals", True, "registered")


# ---- the replay, and going in force


def test_the_replay_tells_right_wrong_open_and_left_and_lists_where_people_did_otherwise(town: Town, time: Time):
    right, there = brought_to(town, "dispatched"), brought_to(town, "at_district")
    wrong = take(town, there, "dispatch", "district_dispatcher", department=other(town))
    brought_to(town, "registered")
    row = draft()
    replay = selectors.replay_dispatch(row, 30, clock.now())
    assert (replay.total, replay.right, replay.wrong, replay.open, replay.left.total()) == (3, 1, 1, 1, 0)
    assert replay.listed == [selectors.Judged(wrong.number, BUREAU, "other", "dispatching.sent")]
    assert Case.objects.get(number=right.number).version == right.version
    assert selectors.listed_for(replay, town.actor("desk2")) == []
    none = selectors.replay_dispatch(draft(classes=["E0110"]), 30, clock.now())
    assert (none.total, none.speaks_of) == (3, 0)
    assert selectors.replay_dispatch(draft(hours="off"), 30, clock.now()).speaks_of == 0
    assert selectors.replay_dispatch(draft(hours="office"), 30, clock.now()).decided == 3


def other(town: Town) -> str:
    create_organisation(code="other", names=names("o", "o"), kind="department", level="district", parent=CENTRE,
                        area=f"{CITY}.{HERE}", duties=(), actor=SETUP)  # fmt: skip
    return "other"


def test_what_a_rule_did_itself_is_no_proof_for_it(town: Town, time: Time):
    in_force()
    judged(brought_to(town, "registered"))
    replay = selectors.replay_dispatch(draft(priority=1), 30, clock.now())
    assert (replay.right, replay.open) == (0, 1)
    behind = selectors.replay_dispatch(draft(priority=200), 30, clock.now())
    assert behind.speaks_of == 0, "the rule in force is asked first"
    beside = selectors.replay_dispatch(draft(), 30, clock.now())
    assert beside.speaks_of == 0, "of equal priority the older rule is asked first, in the replay as later in force"


def test_a_rule_goes_in_force_only_with_the_seal_of_the_replay_that_was_seen(town: Town, time: Time):
    brought_to(town, "dispatched")
    row = draft()
    seal = selectors.replay_dispatch(row, 30, clock.now()).seal
    for seen in ("", "x@y@z", seal.replace("@30", "@31"), seal + "0", "x" + seal):
        refused("dispatching.look_again", Conflict, lambda seen=seen: actions.save_dispatch_rule(
            draft(), actor=SETUP, seen=seen))  # fmt: skip
    refused("dispatching.look_again", Conflict,
            lambda: actions.save_dispatch_rule(draft(classes=[]), actor=SETUP, seen=seal))  # fmt: skip
    assert not DispatchRule.objects.exists()
    time.pass_by(minutes=5)
    brought_to(town, "registered")
    saved = actions.save_dispatch_rule(draft(), actor=SETUP, seen=seal)
    assert (saved.replayed, saved.decided, saved.wrong) == (1, 1, 0)
    assert Entry.objects.get(kind="dispatching.rule_begun.v1").data["decided"] == 1
    time.pass_by(hours=2)
    refused("dispatching.look_again", Conflict, lambda: actions.save_dispatch_rule(draft(), actor=SETUP, seen=seal))


def test_a_rule_ends_once_and_then_dispatches_nothing(town: Town, time: Time):
    rule = in_force()
    actions.end_dispatch_rule(rule.pk, actor=SETUP, reason="试行结束")
    refused("dispatching.over", Conflict, lambda: actions.end_dispatch_rule(rule.pk, actor=SETUP, reason="再"))
    assert actions.dispatch_by_rule(brought_to(town, "registered").number) is None
    assert not AutoDispatch.objects.exists()


def test_the_journal_itself_shows_a_case_that_begins_to_wait_to_the_rules_once(town: Town, time: Time):
    """No test calls the action here: whoever delivers the journal does."""
    journal.open_cursors()
    in_force()
    in_force(level="district", area=f"{CITY}.{HERE}")
    at_city, at_centre = brought_to(town, "registered"), brought_to(town, "at_district")
    reported = brought_to(town, "accepted")
    delivered()
    assert standing(at_city).organisation == standing(at_centre).organisation == BUREAU
    assert (standing(at_city).stage, standing(at_centre).stage) == ("dispatched", "dispatched")
    assert standing(reported).stage == "accepted"
    delivered()
    acts = AutoDispatch.objects.order_by("case_id").values_list("case__number", "rule__level")
    assert list(acts) == [(at_city.number, "city"), (at_centre.number, "district")]


def delivered() -> None:
    """Everything told so far has reached the rules."""
    number_all()
    while journal.deliver("cases.dispatch_by_rule"):
        continue


def test_a_rule_to_come_waits_for_its_day(town: Town, time: Time):
    in_force(valid_from=clock.now() + (clock.now() - clock.now().replace(hour=0)))
    assert actions.dispatch_by_rule(brought_to(town, "registered").number) is None
    time.pass_by(days=2)
    assert judged(brought_to(town, "registered")).organisation == BUREAU


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "dispatching.needs_name"),
        ({"name": "a\x00b"}, "dispatching.needs_name"),
        ({"priority": 10**30}, "dispatching.bad_priority"),
        ({"level": "street"}, "dispatching.unknown_word"),
        ({"level": "district", "aim": "district"}, "dispatching.district_only_down"),
        ({"classes": ["E9999"]}, "case.unknown_category"),
        ({"area": "1.2.3"}, "responsibility.no_area"),
        ({"sources": ["rumour"]}, "case.unknown_source"),
        ({"grades": [9]}, "dispatching.unknown_word"),
        ({"reason": ""}, "case.needs_reason"),
    ],
)
def test_a_rule_that_says_nonsense_is_refused_with_a_sentence(town: Town, changes, code):
    refused(code, Invalid, lambda: draft(**changes))


def test_a_district_s_administrator_rules_its_own_district_and_no_command_of_the_city(town: Town, time: Time):
    local = actor_of_district(town)
    given = {**GIVEN, "level": "district", "area": f"{CITY}.{HERE}"}
    assert actions.draft_dispatch_rule(actor=local, **given).level == "district"
    for more in ({"level": "city"}, {"area": f"{CITY}.{THERE}"}, {"area": ""}):
        refused("responsibility.not_yours", Forbidden,
                lambda more=more: actions.draft_dispatch_rule(actor=local, **{**given, **more}))  # fmt: skip
    refused("responsibility.not_city", Forbidden,
            lambda: actions.switch_dispatching(on=False, actor=local, reason="x"))  # fmt: skip


def actor_of_district(town: Town):
    from_here = town.actor("district_dispatcher")
    ground = from_here.rights["command.district"]
    return replace(from_here, rights={**from_here.rights, "admin": ground})


# ---- pages and programs


def test_an_administrator_sees_what_it_would_have_done_and_only_then_puts_it_in_force(boss: Client, town: Town):
    brought_to(town, "dispatched")
    form = {
        "name": "直派",
        "aim": "city:responsible",
        "classes": ["E0407"],
        "priority": 5,
        "days": 30,
        "reason": "清楚",
    }
    looked = boss.post(PAGE, {**form, "act": "look"})
    assert "1 件与人工一致" in looked.content.decode()
    seal = looked.context["replay"].seal
    assert boss.post(PAGE, {**form, "act": "save", "seen": ""}).status_code == 409
    assert not DispatchRule.objects.exists()
    assert boss.post(PAGE, {**form, "act": "save", "seen": seal}).status_code == 302
    rule = DispatchRule.objects.get()
    assert (rule.name, rule.level, rule.priority, rule.made_label) == ("直派", "city", 5, "root")
    assert "直派" in boss.get(PAGE).content.decode()
    judged(brought_to(town, "registered"))
    shown = boss.get(f"{PAGE}acts/?kind=sent&rule={rule.pk}&after={10**9}").content.decode()
    assert BUREAU in shown
    assert f"?kind=returned&amp;rule={rule.pk}" in shown, "the other kinds are of the same rule"
    assert f'href="{PAGE}acts/?kind=sent&amp;rule={rule.pk}">' in shown, "and so is the first page"
    assert boss.get(f"{PAGE}acts/?rule={10**9}").status_code == 404
    assert boss.post(f"{PAGE}switch/", {"on": "false", "reason": ""}).status_code == 400
    assert boss.post(f"{PAGE}{rule.pk}/end/", {"reason": "完"}).status_code == 302
    assert boss.post(f"{PAGE}{rule.pk}/end/", {"reason": "完"}).status_code == 409


def test_programs_do_the_same(boss: Client, town: Town):
    brought_to(town, "dispatched")

    def post(path, **given):
        return boss.post(path, json.dumps(given), content_type="application/json")

    replay = post(API, **GIVEN, dry_run=True).json()["replay"]
    assert (replay["total"], replay["right"], replay["cases"]) == (1, 1, [])
    saved = post(API, **GIVEN, seen=replay["seal"])
    assert saved.status_code == 201
    assert post(API, **GIVEN).status_code == 409
    case = brought_to(town, "registered")
    judged(case)
    [act] = boss.get("/api/dispatching/acts?kind=sent").json()
    assert (act["number"], act["organisation"], act["returned"]) == (case.number, BUREAU, False)
    assert boss.get("/api/dispatching/counts").json()[0]["sent"] == 1
    assert boss.get("/api/dispatching/acts?kind=odd").status_code == 400
    assert boss.get(f"/api/dispatching/counts?days={10**30}").status_code == 400
    assert post("/api/dispatching/switch", on=False, reason="停").json() == {"on": False}
    [best, *_rest] = boss.get(f"/api/cases/{brought_to(town, 'registered').number}/suggestions").json()
    assert (best["organisation"], best["matrix"], best["open"]) == (BUREAU, True, 2)
    pk = saved.json()["saved"]["id"]
    assert post(f"{API}/{pk}/end", reason="完").json()["state"] == "over"
