"""Facts follow the cases: each measure of domain.md section 7 counts what happened to them."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.timezone import localtime

from accounts.actions import create_organisation, move_organisation
from cases import actions as cases_actions
from cases import selectors as cases
from cases.models import Case
from cityops import health_page
from core.scope import Actor, Ground, machine
from evaluation import actions, rules, selectors
from evaluation.models import Fact, News, Shirk
from tests.cases.factories import (
    AREA_HERE,
    CITY,
    HERE,
    SETUP,
    THERE,
    brought_to,
    granted,
    names,
    reported,
    standing,
    take,
)
from tests.cases.test_orders import BY_ITSELF, passed_around, pressed, pressing, refused, replied
from tests.exchange.post import carried

JUDGE = machine("judge", "score.see", "evaluate")


def counts(day, by="city", key="", within="", actor=JUDGE):
    """What every count comes to in the month of a day, without those that come to nothing."""
    asked = selectors.Question(by, rules.period_of("month", day.moment.date()), within)
    line = selectors.tallies(actor, asked, rules.COUNTS).get(key, {})
    return {code: tally.net for code, tally in line.items() if tally.net}


def test_a_case_closed_in_time_counts_once_for_every_post(time, town):
    case = brought_to(town, "closed")
    actions.keep_facts([case.number])
    time.pass_by(minutes=1)
    assert counts(time) == dict.fromkeys(
        (
            "reported", "valid", "observed", "accepted", "accepted_on_time", "accepted_right", "filed",
            "filed_on_time", "filed_right", "dispatch_owed", "dispatched", "dispatched_on_time", "dispatched_right",
            "handle_owed", "handled", "handled_on_time", "check_owed", "checked", "checked_on_time", "close_owed",
            "close_owed_moving", "closed", "closed_on_time",
        ),
        1,
    )  # fmt: skip
    assert counts(time, "person", town.key("handler")) == {
        "handle_owed": 1, "handled": 1, "handled_on_time": 1,
    }  # fmt: skip
    assert counts(time, "person", town.key("district_dispatcher"))["dispatched"] == 1
    assert counts(time, "person", town.key("leader"))["closed"] == 1
    assert counts(time, "organisation", f"d{HERE}-appearance")["handled_on_time"] == 1
    for by, key in zip(("district", "street", "community"), AREA_HERE.split(".")[1:], strict=True):
        assert counts(time, by, key)["closed"] == 1
    assert counts(time, "category", "E0407")["filed"] == counts(time, "source", "collector")["filed"] == 1


def test_what_was_closed_by_force_is_counted_apart_from_then_on_and_makes_no_rate_better_or_worse(time, town):
    time.be("2026-11-20T09:00:00+08:00")
    case = brought_to(town, "handling")
    actions.keep_facts([case.number])
    time.be("2026-12-03T09:00:00+08:00")
    november = selectors.Question("city", rules.period_of("month", date(2026, 11, 20)))
    before = selectors.tallies(JUDGE, november, rules.COUNTS)
    case = take(town, granted(town, case, "force", "leader", "leader2"), "force_close", "leader", note="拆迁")
    actions.keep_facts([case.number])
    time.pass_by(minutes=1)
    assert counts(time) == {"forced": 1}
    assert (before[""]["handle_owed"].net, before[""]["unhandled_late"].net) == (1, 1)
    assert selectors.tallies(JUDGE, november, rules.COUNTS) == before, "a month that is over stays as it was"


def test_what_is_late_and_not_done_is_told_apart_from_what_has_time(time, town):
    case = brought_to(town, "handling")
    actions.keep_facts([case.number])
    assert counts(time)["unhandled"] == 1
    assert "unhandled_late" not in counts(time)
    time.pass_by(hours=3)
    assert counts(time)["unhandled_late"] == 1
    late = take(town, case, "submit", "handler", result="已劝离", photos="@")
    take(town, late, "confirm", "desk")
    actions.keep_facts([case.number])
    time.pass_by(minutes=1)
    told = counts(time)
    assert (told["handled"], told["handled_late"]) == (1, 1)
    assert not {"unhandled", "unhandled_late", "handled_on_time"} & set(told)


def test_what_was_done_after_the_period_does_not_change_the_period(time, town):
    case = brought_to(town, "handling")
    asked = selectors.Question("city", rules.period_of("month", time.moment.date()))
    time.be("2026-12-05T09:00:00+08:00")
    late = take(town, case, "submit", "handler", result="已劝离", photos="@")
    take(town, late, "confirm", "desk")
    actions.keep_facts([case.number])
    time.pass_by(days=1)
    line = selectors.tallies(JUDGE, asked, ["unhandled_late", "handled"])[""]
    assert (line["unhandled_late"].net, line["handled"].net) == (1, 0)


def test_a_failed_check_is_a_rework_and_begins_the_handling_anew(time, town):
    case = brought_to(town, "checking")
    case = take(town, case, "check_fail", "collector", reason="仍有车辆", photos="@")
    actions.keep_facts([case.number])
    time.pass_by(minutes=1)
    told = counts(time)
    assert told["reworked"] == told["reworked_once"] == told["unhandled"] == 1
    assert "handled" not in told


def test_a_case_that_stands_still_is_not_owed_and_stays_among_those_to_close(time, town):
    case = granted(town, brought_to(town, "handling"), "hold", "desk", "leader", until=time.moment.replace(day=28))
    actions.keep_facts([case.number])
    time.pass_by(minutes=1)
    told = counts(time)
    assert (told["close_owed"], told["deferred"]) == (1, 1)
    assert not {"handle_owed", "close_owed_moving"} & set(told)


@pytest.mark.parametrize("ends", ["by itself", "before its time"])
def test_a_hold_over_the_end_of_a_month_leaves_nothing_owed_in_it_while_it_lasts_and_after(time, town, ends):
    time.be("2026-11-30T16:00:00+08:00")
    case = brought_to(town, "handling")
    late = brought_to(town, "handling")
    november = selectors.Question("city", rules.period_of("month", time.moment.date()))
    asked = ["handle_owed", "close_owed", "close_owed_moving", "unhandled_late"]

    def owed(question):
        cases_actions.end_holds()
        actions.keep_facts([case.number, late.number])
        line = selectors.tallies(JUDGE, question, asked).get("", {})
        return {code: line[code].net for code in asked if code in line and line[code].net}

    time.pass_by(minutes=30)
    granted(town, case, "hold", "desk", "leader", until=time.moment + timedelta(days=20))
    time.pass_by(hours=2)
    granted(town, late, "hold", "desk", "leader", until=time.moment + timedelta(days=20))
    time.be("2026-12-05T09:00:00+08:00")
    missed = dict.fromkeys(asked, 1)
    assert owed(november) == missed, "what was late before its hold stays owed"
    if ends == "before its time":
        version = standing(case).version
        cases_actions.resume(case.number, actor=town.actor("leader"), version=version, reason="可以处置")
    time.be("2026-12-24T09:00:00+08:00")
    assert owed(november) == missed
    assert owed(november_after(november)) == missed, "the other is owed when its time comes"


def november_after(question):
    return selectors.Question(question.by, rules.following(question.period))


def test_a_case_sent_back_counts_for_who_sent_it_back_and_against_who_sent_it_there(time, town):
    case = granted(town, brought_to(town, "dispatched"), "return", "desk", "leader")
    case = take(town, case, "send_back", "desk")
    actions.keep_facts([case.number])
    time.pass_by(minutes=1)
    assert counts(time, "organisation", f"d{HERE}-appearance") == {"returned": 1}
    told = counts(time)
    assert told["dispatched"] == 1
    assert "dispatched_right" not in told


def test_a_void_case_is_owed_by_nobody(time, town):
    case = granted(town, brought_to(town, "registered"), "void", "acceptor", "leader2")
    take(town, case, "void", "leader")
    actions.keep_facts([case.number])
    time.pass_by(minutes=1)
    told = counts(time)
    assert (told["reported"], told["filed"], told["voided"]) == (1, 1, 1)
    assert not {"valid", "filed_right", "dispatch_owed", "handle_owed", "close_owed"} & set(told)
    assert counts(time, "post", "cancel") == {"voided": 1}


def test_a_report_of_the_public_that_holds_good_was_missed_by_the_patrol(time, town):
    case = brought_to(town, "registered", reported(town, source="citizen", actor=town.actor("acceptor")))
    actions.keep_facts([case.number])
    time.pass_by(minutes=1)
    told = counts(time)
    assert told["public"] == told["missed"] == told["observed"] == 1


def test_what_leaders_and_media_raise_is_important_and_what_departments_pass_on_is_not(time, town):
    told = {one: reported(town, source=one, actor=town.actor("acceptor")).number for one in
            ("leader", "opinion", "department")}  # fmt: skip
    actions.keep_facts(told.values())
    important = dict(Fact.objects.values_list("source", "important"))
    assert important == {"leader": True, "opinion": True, "department": False}


def test_news_is_read_once_for_many_entries_and_nothing_else_is_kept(time, town):
    first, second = brought_to(town, "accepted"), reported(town)
    carried()
    assert News.objects.count() == 3
    assert actions.sweep_news() == 3
    assert actions.sweep_news() == 0
    assert set(Fact.objects.values_list("case", "stage")) == {
        (first.number, "accepted"), (second.number, "reported"),
    }  # fmt: skip
    actions.note_news("text:5")
    assert not News.objects.exists()


def test_facts_and_appeals_stay_with_an_organisation_that_moves(time, town):
    back = granted(town, brought_to(town, "dispatched"), "return", "desk", "leader")
    back, kept = take(town, back, "send_back", "desk"), brought_to(town, "dispatched")
    actions.keep_facts([back.number, kept.number])
    actions.save_appeal_rule({"closed": False, "late": False, "reviewers": 2}, pack="test")
    actions.appeal(kept.number, actor=town.actor("desk"), reason="暴雨停工")
    department, bureau = f"d{HERE}-appearance", names("城管局", "Bureau")
    create_organisation(
        code="bureau", names=bureau, kind="department", level="city", parent="centre", area=CITY, actor=SETUP
    )
    move_organisation(department, parent="bureau", actor=SETUP)
    actions.follow_facts()
    actions.keep_facts([back.number, kept.number])
    there = f"centre.bureau.{department}"
    assert Fact.objects.get(case=back.number).left == Fact.objects.get(case=kept.number).org == there
    assert selectors.appeals(town.actor("desk")).get().org == there


def test_a_case_that_cannot_be_counted_is_parked_and_stops_no_other(time, town):
    broken, beyond, sound = (reported(town) for _ in range(3))
    Case.objects.filter(number=broken.number).update(promise={"limit": "soon"})
    Case.objects.filter(number=beyond.number).update(area="449900." + "9" * 30)
    carried()
    assert actions.sweep_news() == 3
    actions.sweep_all()
    assert list(Fact.objects.values_list("case", flat=True)) == [sound.number]
    assert set(selectors.parked()) == {broken.number, beyond.number}
    assert "AttributeError" in selectors.parked()[broken.number]
    assert [one.level for one in health_page.facts()] == ["caution", "caution"]
    assert "\ncityops_facts_parked 2.0" in Client().get("/metrics").content.decode()
    Case.objects.filter(number=broken.number).update(promise={})
    call_command("facts", stdout=StringIO(), stderr=(told := StringIO()))
    assert Fact.objects.filter(case=broken.number).exists()
    assert set(selectors.parked()) == {beyond.number}
    assert beyond.number in told.getvalue()


def test_reading_many_cases_takes_as_many_questions_as_reading_one(time, town, django_assert_max_num_queries):
    numbers = [reported(town).number for _ in range(6)]
    with django_assert_max_num_queries(12):
        assert actions.keep_facts(numbers) == 6


@pytest.mark.parametrize("by", ["district", "organisation", "person", "category", "source", "post"])
def test_every_number_is_exactly_the_cases_behind_it(time, town, by):
    for stage in ("reported", "registered", "handling", "closed"):
        brought_to(town, stage)
    actions.keep_facts(Case.objects.values_list("number", flat=True))
    time.pass_by(hours=3)
    asked = selectors.Question(by, rules.period_of("month", time.moment.date()))
    lines = selectors.tallies(JUDGE, asked, rules.COUNTS)
    assert lines
    for key, line in lines.items():
        for ref, tally in line.items():
            assert selectors.counted(JUDGE, asked, ref, key).count() == tally.net, (key, ref)
            assert selectors.counted(JUDGE, asked, ref, key, raw=True).count() == tally.raw


def test_satisfaction_is_the_satisfied_of_those_who_answered_the_call(time, town):
    told, wish = {"closing": "a", "callback": "已告知"}, {"phone": "138", "callback": True}
    said = ["satisfied", "satisfied", "fair", "unsatisfied", "unreached"]
    for word in [*said, ""]:
        case = brought_to(town, "checked", reported(town, actor=town.actor("acceptor"), source="phone", reporter=wish))
        take(town, case, "close", "leader", **told, satisfaction=word)
    actions.keep_facts(Case.objects.values_list("number", flat=True))
    time.pass_by(minutes=1)
    found = counts(time, "organisation", f"d{HERE}-appearance")
    assert {code: found[code] for code in ("closed", "visited", "answered", "satisfied", "unsatisfied")} == {
        "closed": 6, "visited": 5, "answered": 4, "satisfied": 2, "unsatisfied": 1,
    }  # fmt: skip
    assert rules.counts_of("satisfied_rate") == ("satisfied", "answered")
    behind = selectors.counted(
        JUDGE, selectors.Question("city", rules.period_of("month", time.moment.date())), "unsatisfied"
    )
    unhappy = Case.objects.get(satisfaction="unsatisfied")
    assert list(behind.values_list("case", flat=True)) == [unhappy.number]
    take(town, unhappy, "reopen", "leader", reason="市民不满意")
    actions.keep_facts([unhappy.number])
    assert counts(time)["unsatisfied"] == 1


def test_somebody_of_one_department_counts_no_other(time, town):
    actions.keep_facts([brought_to(town, "closed").number])
    time.pass_by(minutes=1)
    mine = Fact.objects.get().org
    ours, theirs = (
        Actor("user:9", "", {"score.see": (Ground(org=org),)}) for org in (mine, mine.replace(HERE, THERE))
    )  # fmt: skip
    assert counts(time, actor=ours)["closed"] == 1
    assert counts(time, actor=theirs) == {}


def test_a_case_passed_around_is_held_against_each_that_passed_it_on_and_once_against_a_place(town):
    case = passed_around(town)
    actions.keep_facts([case.number])
    actions.keep_facts([case.number])
    month = rules.period_of("month", localtime(Fact.objects.get().shirked_at).date())
    judge = machine("judge", "score.see")
    lines = selectors.tallies(judge, selectors.Question("organisation", month), ["shirked"])
    assert {key: line["shirked"].net for key, line in lines.items()} == {
        one.organisation: 1 for one in cases.shirked_by(case.number)
    }
    assert len(lines) == 2
    for key in lines:
        behind = selectors.counted(judge, selectors.Question("organisation", month), "shirked", key)
        assert list(behind.values_list("case", flat=True)) == [case.number]
    for by in ("city", "district"):
        (line,) = selectors.tallies(judge, selectors.Question(by, month), ["shirked"]).values()
        assert line["shirked"].net == 1
    deep, above = f"d{HERE}-appearance", f"d{HERE}"
    mine = Actor("user:9", "", {"score.see": (Ground(org=Shirk.objects.get(org__endswith=f".{deep}").org),)})
    assert set(selectors.tallies(mine, selectors.Question("organisation", month), ["shirked"])) == {deep}
    assert not selectors.counted(mine, selectors.Question("organisation", month), "shirked", above).exists()


def test_every_supervision_order_is_counted_for_whom_it_pressed_and_whether_it_was_answered_in_time(time, town):
    pressing(BY_ITSELF)
    case, other = brought_to(town, "handling"), brought_to(town, "dispatched")
    replied(town, pressed(town, case))
    late = pressed(town, case, kind="important")
    carried()
    time.pass_by(hours=3)
    cases_actions.sweep()
    replied(town, late)
    carried()
    time.pass_by(minutes=1)
    assert actions.sweep_news() > 0
    told = counts(time, "organisation", f"d{HERE}-appearance")
    assert (told["pressed"], told["reply_owed"], told["replied"]) == (4, 4, 2)
    assert (told["replied_on_time"], told["replied_late"], told.get("unreplied_late")) == (1, 1, None)
    time.pass_by(hours=3)
    told = counts(time, "district", HERE)
    assert (told["pressed"], told["unreplied_late"]) == (4, 2)
    asked = selectors.Question("organisation", rules.period_of("month", time.moment.date()))
    behind = selectors.counted(JUDGE, asked, "pressed", f"d{HERE}-appearance")
    assert sorted(fact.case for fact in behind) == sorted([case.number] * 3 + [other.number])
    Fact.objects.filter(case=case.number).update(exempt=True)
    assert (counts(time)["pressed"], behind.all().count()) == (1, 1)
    assert selectors.counted(JUDGE, asked, "pressed", f"d{HERE}-appearance", raw=True).count() == 4, (
        "the raw fact stays"
    )


def test_who_did_not_take_a_case_after_a_refused_return_shirked_it_in_the_period_in_which_that_was_found(time, town):
    case = refused(town, time)
    time.be("2026-12-02T09:00:00+08:00")
    assert cases_actions.sweep_untaken() == 1
    carried()
    time.pass_by(minutes=1)
    assert actions.sweep_news() > 0
    for by, key in (("organisation", f"d{HERE}-appearance"), ("district", HERE), ("city", "")):
        december = selectors.Question(by, rules.period_of("month", time.moment.date()))
        told = selectors.tallies(JUDGE, december, ["shirked"])[key]["shirked"]
        assert (told.raw, told.net) == (1, 1)
        assert selectors.counted(JUDGE, december, "shirked", key).get().case == case.number
        assert not selectors.counted(JUDGE, december.before(), "shirked", key).exists()
