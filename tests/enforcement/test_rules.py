"""Every guard refuses and allows, by its article; the table leads everywhere and out again."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from core import sentences
from core.errors import Names
from core.steps import Ground, Refusal
from enforcement.contracts import ENDS, MeasureKind, Office, PartyKind, Penalty, Plea, Procedure, Stage
from enforcement.rules import (
    GUARDS,
    NEEDS,
    STEPS,
    VERBS,
    Exhibit,
    Held,
    choose,
    effect,
    open_steps,
    row,
    steps_from,
    take,
)
from tests.enforcement.lives import (
    CAUSE,
    FINE,
    FIRST,
    HEAD,
    LAPSED,
    LAWYER,
    LAYMAN,
    SECOND,
    TODAY,
    days,
    decided,
    facts,
    world,
)

SIMPLE = {"procedure": Procedure.SIMPLE}
HELD = Held(1, MeasureKind.DETAIN, days(-3), days(27))
RAW = (Exhibit("监控截图", electronic=True),)
SEEN = (Exhibit("监控截图", electronic=True, examined=True),)
BIG = {"noticed_fine": Decimal(5000), "noticed_kinds": FINE, "noticed_on": days(-9)}
PLAN = ((days(1), Decimal(400)), (days(31), Decimal(600)))
NOTICED = {"noticed_on": days(-9), "plea_until": days(-2)}
REMOVAL = frozenset({Penalty.REMOVAL})
ALL = frozenset(Office)


def case(guard, article, refused, allowed, code=""):
    """A row: each of the two is what differs of the file, what is given, and who acts in what world."""
    return pytest.param(guard, article, refused, allowed, code, id=f"{guard} {article}{' ' + code if code else ''}")


def at(*, of=None, given=None, **who):
    return (of if of is not None else facts(), given or {}, world(**who))


TABLE = (
    case("person", "PIPL 24", at(actor="camera:7"), at()),
    case("acting", "APL 42", at(actor=HEAD), at()),
    case("two_officers", "APL 42", at(of=facts(officers=(FIRST,))), at()),
    case("two_officers", "APL 42", at(of=facts(officers=(FIRST, FIRST))), at(), "twice the same"),
    case("credentials", "APL 42", at(of=facts(officers=(FIRST, LAPSED))), at()),
    case("credentials", "APL 42", at(on=date(2023, 12, 31)), at(on=date(2024, 1, 1)), "not yet"),
    case("recusal", "APL 43", at(of=facts(recused=frozenset({SECOND.key}))), at()),
    case("officers", "APL 42", at(given={"officers": [FIRST.key]}), at(given={"officers": [FIRST.key, SECOND.key]})),
    case("officers", "APL 42", at(given={"officers": [FIRST.key, "user:99"]}),
         at(given={"officers": [FIRST.key, LAYMAN.key]}), "no credential"),
    case("officers", "APL 42", at(given={"officers": [FIRST.key, LAPSED.key]}),
         at(given={"officers": [FIRST.key, SECOND.key]}), "lapsed"),
    case("officers", "APL 43", at(of=facts(recused=frozenset({SECOND.key})),
                                  given={"officers": [FIRST.key, SECOND.key]}),
         at(of=facts(recused=frozenset({SECOND.key})), given={"officers": [FIRST.key, LAYMAN.key]})),
    case("of_the_file", "APL 43", at(given={"officer": HEAD}), at(given={"officer": FIRST.key})),
    case("not_investigator", "APL 57", at(), at(actor=HEAD)),
    case("not_investigator", "APL 43", at(of=facts(officers=(FIRST,), recused=frozenset({SECOND.key})),
                                          actor=SECOND.key),
         at(of=facts(officers=(FIRST,), recused=frozenset({SECOND.key})), actor=HEAD), "stepped back"),
    case("legal_reviewer", "APL 58", at(actor=LAYMAN.key), at(actor=LAWYER.key)),
    case("chair", "APL 64", at(given={"chair": FIRST.key}), at(given={"chair": LAWYER.key})),
    case("chair", "APL 64", at(), at(given={"chair": LAWYER.key}), "nobody"),
    case("chair", "APL 43", at(of=facts(recused=frozenset({HEAD})), given={"chair": HEAD}),
         at(of=facts(recused=frozenset({HEAD})), given={"chair": LAWYER.key}), "stepped back"),
    case("chair_acts", "APL 64", at(of=facts(hearing_chair=LAWYER.key)),
         at(of=facts(hearing_chair=LAWYER.key), actor=LAWYER.key)),
    case("members", "APL 57", at(given={"members": ["a", "b", "b"]}), at(given={"members": ["a", "b", "c"]})),
    case("reason", "APL 47", at(given={"reason": " "}), at(given={"reason": "x"})),
    case("opinion", "APL 58", at(), at(given={"opinion": "x"})),
    case("minutes", "APL 57", at(), at(given={"minutes": "x"})),
    case("simple", "APL 51", at(), at(of=facts(**SIMPLE))),
    case("ordinary", "APL 54", at(of=facts(**SIMPLE)), at()),
    case("cause_in_force", "APL 38", at(of=facts(cause=None)), at()),
    case("cause_in_force", "APL 37", at(of=facts(act_on=date(2021, 7, 14))), at(of=facts(act_on=date(2021, 7, 15)))),
    case("cause_in_force", "APL 37", at(of=facts(cause=replace(CAUSE, until=date(2026, 9, 9)))),
         at(of=facts(cause=replace(CAUSE, until=date(2026, 9, 10)))), "repealed"),
    case("limitation", "APL 36", at(of=facts(act_on=date(2024, 9, 15))), at(of=facts(act_on=date(2024, 9, 16)))),
    case("limitation", "APL 36", at(of=facts(act_on=date(2021, 9, 15), harm=True)),
         at(of=facts(act_on=date(2021, 9, 16), harm=True)), "harm"),
    case("evidence", "APL 46", at(), at(of=facts(exhibits=RAW))),
    case("examined", "APL 41", at(of=facts(exhibits=RAW)), at(of=facts(exhibits=SEEN))),
    case("unexamined", "APL 41", at(of=facts(exhibits=SEEN)), at(of=facts(exhibits=RAW))),
    case("kinds", "APL 59", at(), at(given={"kinds": ["fine"]})),
    case("kinds", "APL 38", at(given={"kinds": ["licence"]}), at(given={"kinds": ["warning"]})),
    case("in_band", "APL 34", at(given={"kinds": ["fine"], "fine": Decimal(501), "band": "light"}),
         at(given={"kinds": ["fine"], "fine": Decimal(500), "band": "light"})),
    case("in_band", "APL 34", at(given={"kinds": ["fine"], "fine": Decimal(100)}),
         at(given={"kinds": ["warning"]}), "no band"),
    case("in_band", "APL 59", at(given={"kinds": ["warning"], "fine": Decimal(100)}),
         at(given={"kinds": ["fine"], "fine": Decimal(100), "band": "light"})),
    case("simple_kinds", "APL 51", at(given={"kinds": ["confiscation"]}), at(given={"kinds": ["warning", "fine"]})),
    case("simple_kinds", "APL 59", at(), at(given={"kinds": ["warning"]})),
    case("simple_limit", "APL 51", at(given={"fine": Decimal("200.01")}), at(given={"fine": Decimal(200)})),
    case("simple_limit", "APL 51", at(of=facts(party=PartyKind.ORGANISATION), given={"fine": Decimal(3001)}),
         at(of=facts(party=PartyKind.ORGANISATION), given={"fine": Decimal(3000)}), "organisation"),
    case("told_at_once", "APL 44", at(given={"said": "无异议"}), at(given={"told": True, "said": "无异议"})),
    case("told_at_once", "APL 45", at(given={"told": True}), at(given={"told": True, "said": "无异议"})),
    case("rights_told", "APL 44", at(), at(given={"told": True})),
    case("noticed", "APL 44", at(), at(of=facts(**NOTICED))),
    case("plea", "APL 45", at(), at(given={"how": "said", "said": "太重", "rechecked": "属实"})),
    case("plea", "APL 45", at(given={"how": "said", "said": "太重"}),
         at(given={"how": "waived", "receipt": "签字"}), "not checked again"),
    case("plea", "APL 45", at(given={"how": "waived"}), at(given={"how": "waived", "receipt": "签字"}), "waiver"),
    case("plea", "APL 45", at(of=facts(plea_until=TODAY), given={"how": "silent"}),
         at(of=facts(plea_until=days(-1)), given={"how": "silent"}), "silent"),
    case("plea_over", "APL 45", at(of=facts(**NOTICED)), at(of=facts(**NOTICED, plea=Plea.SILENT))),
    case("plea_over", "APL 45", at(of=facts(plea=Plea.SAID, plea_until=TODAY)),
         at(of=facts(plea=Plea.WAIVED, plea_until=TODAY)), "before its end"),
    case("plea_not_heavier", "APL 45", at(of=facts(**BIG), given={"kinds": ["fine"], "fine": Decimal(5001)}),
         at(of=facts(**BIG), given={"kinds": ["fine"], "fine": Decimal(5000)})),
    case("plea_not_heavier", "APL 45", at(of=facts(**BIG), given={"kinds": ["fine", "removal"], "fine": Decimal(1)}),
         at(of=facts(**BIG), given={"kinds": ["fine"], "fine": Decimal(1)}), "another kind"),
    case("hearing_right", "APL 63", at(of=facts(noticed_fine=Decimal(1999))), at(of=facts(noticed_fine=Decimal(2000)))),
    case("hearing_right", "APL 63", at(of=facts(party=PartyKind.ORGANISATION, noticed_fine=Decimal(19_999))),
         at(of=facts(noticed_kinds=frozenset({Penalty.CONFISCATION}))), "kind"),
    case("hearing_asked_in_time", "APL 64", at(of=facts(hearing_until=days(-1))), at(of=facts(hearing_until=TODAY))),
    case("hearing_asked_in_time", "APL 64", at(of=facts(hearing_until=TODAY, hearing_asked_on=days(-1))),
         at(of=facts(hearing_until=TODAY)), "again"),
    case("hearing_ahead", "APL 64", at(given={"on": date(2026, 9, 24)}), at(given={"on": date(2026, 9, 25)})),
    case("hearing_called", "APL 64", at(), at(of=facts(hearing_on=TODAY))),
    case("hearing_day", "APL 64", at(of=facts(hearing_on=days(1))), at(of=facts(hearing_on=TODAY))),
    case("hearing_over", "APL 64", at(of=facts(**BIG, plea=Plea.SAID, hearing_until=TODAY)),
         at(of=facts(**BIG, plea=Plea.SAID, hearing_until=days(-1)))),
    case("hearing_over", "APL 64", at(of=facts(**BIG, hearing_until=TODAY)),
         at(of=facts(**BIG, hearing_until=TODAY, heard_on=days(-1))), "held"),
    case("review_done", "APL 58", at(of=facts(public_interest=True)),
         at(of=facts(public_interest=True, reviewed_on=days(-1)))),
    case("review_done", "APL 58", at(of=facts(heard_on=days(-1))), at(), "after a hearing"),
    case("discussion_done", "APL 57", at(of=facts(complex=True)), at(of=facts(complex=True, discussed_on=days(-1)))),
    case("in_time", "APL 60", at(of=facts(decide_until=days(-1))), at(of=facts(decide_until=TODAY))),
    case("extensible", "APL 60", at(of=facts(extended=1)), at()),
    case("spare_ground", "APL 33", at(given={"ground": "friend"}), at(given={"ground": "first_minor"})),
    case("title", "APL 46", at(), at(given={"title": "x"})),
    case("summary", "APL 57", at(), at(given={"summary": "x"})),
    case("record", "APL 64", at(), at(given={"record": "x"})),
    case("receipt", "APL 61", at(), at(given={"receipt": "x"})),
    case("service_day", "APL 61", at(of=decided(), given={"on": days(1)}), at(of=decided(), given={"on": TODAY})),
    case("service_day", "APL 61", at(of=decided(), given={"on": days(-31)}), at(of=decided()), "before its day"),
    case("service_fits", "APL 61", at(given={"way": "electronic"}), at(given={"way": "electronic", "consent": True})),
    case("service_fits", "APL 61", at(given={"way": "left"}), at(given={"way": "left", "witness": "居委会"}), "left"),
    case("service_fits", "APL 61", at(given={"way": "pigeon"}), at(given={"way": "post"}), "way"),
    case("not_lodged", "APL 52", at(of=facts(lodged_on=TODAY)), at()),
    case("lodged", "APL 52", at(of=facts(**SIMPLE)), at(of=facts(**SIMPLE, lodged_on=TODAY))),
    case("things", "AEL 24", at(), at(given={"things": "三轮车一辆"})),
    case("list_signed", "AEL 24", at(), at(given={"list_signed": True})),
    case("measure", "AEL 24", at(of=facts(measures=(HELD._replace(released=TODAY),)), given={"measure": 1}),
         at(of=facts(measures=(HELD,)), given={"measure": 1})),
    case("seizure", "APL 56", at(of=facts(measures=(HELD._replace(kind=MeasureKind.PRESERVE),)), given={"measure": 1}),
         at(of=facts(measures=(HELD,)), given={"measure": 1})),
    case("not_prolonged", "AEL 25", at(of=facts(measures=(HELD._replace(prolonged=True),)), given={"measure": 1}),
         at(of=facts(measures=(HELD,)), given={"measure": 1})),
    case("not_lapsed", "AEL 25", at(of=facts(measures=(HELD._replace(until=days(-1)),)), given={"measure": 1}),
         at(of=facts(measures=(HELD._replace(until=TODAY),)), given={"measure": 1})),
    case("released", "AEL 28", at(of=facts(measures=(HELD,))), at(of=facts(measures=(HELD._replace(released=TODAY),)))),
    case("owing", "APL 67", at(of=decided(payments=((days(-20), Decimal(1000)),))), at(of=decided())),
    case("amount", "APL 67", at(given={"amount": Decimal(0)}), at(given={"amount": Decimal(1)})),
    case("not_more", "APL 72", at(of=decided(), given={"amount": Decimal("1300.01")}),
         at(of=decided(), given={"amount": Decimal(1300)})),
    case("not_more", "APL 72", at(of=decided(parts=((days(-99), Decimal(1000)),)),
                                  given={"amount": Decimal("2000.01")}),
         at(of=decided(parts=((days(-99), Decimal(1000)),)), given={"amount": Decimal(2000)}), "above the fine"),
    case("cash_allowed", "APL 68", at(given={"amount": Decimal(101), "cash": True}),
         at(given={"amount": Decimal(100), "cash": True})),
    case("plan", "APL 66", at(of=decided(parts=((days(9), Decimal(1000)),)), given={"plan": PLAN[:1]}),
         at(of=decided(parts=((days(9), Decimal(1000)),)), given={"plan": PLAN})),
    case("plan", "APL 66", at(of=decided(), given={"plan": PLAN}),
         at(of=decided(parts=((TODAY, Decimal(1000)),)), given={"plan": PLAN}), "when it is overdue"),
    case("remedy_open", "ARL 20", at(of=decided(reconsider_until=days(-1))), at(of=decided(reconsider_until=TODAY))),
    case("remedy_open", "ALL 46", at(of=decided(suit_until=days(-1)), given={"of": "suit"}),
         at(of=decided(suit_until=TODAY), given={"of": "suit"})),
    case("not_challenged", "APL 73", at(of=decided(pauses=((days(-5), None),))),
         at(of=decided(pauses=((days(-5), days(-1)),)))),
    case("challenged", "APL 73", at(of=decided()), at(of=decided(pauses=((days(-5), None),)))),
    case("in_default", "AEL 35", at(of=decided(parts=((TODAY, Decimal(1000)),))), at(of=decided())),
    case("to_perform", "APL 66", at(of=decided()), at(of=decided(kinds=REMOVAL))),
    case("performed", "APL 66", at(of=decided(kinds=REMOVAL)), at(of=decided(kinds=REMOVAL, performed_on=TODAY))),
    case("paid_up", "APL 67", at(of=decided()), at(of=decided(payments=((TODAY, Decimal(1300)),)))),
    case("said", "AEL 36", at(), at(given={"said": "x"})),
    case("urge_heard", "AEL 36", at(of=decided(urge_until=TODAY)), at(of=decided(urge_until=TODAY, urge_heard=True))),
    case("urge_over", "AEL 54", at(of=decided(urge_until=TODAY)), at(of=decided(urge_until=days(-1)))),
    case("own_force", "AEL 13", at(of=facts(cause=replace(CAUSE, own_force=False))), at()),
    case("remedies_lapsed", "AEL 44", at(of=decided(kinds=REMOVAL, suit_until=TODAY, reconsider_until=days(-1))),
         at(of=decided(kinds=REMOVAL, suit_until=days(-1), reconsider_until=days(-1)))),
    case("suit_lapsed", "AEL 53", at(of=decided(suit_until=TODAY)),
         at(of=decided(suit_until=days(-1), reconsider_until=days(-1)))),
    case("court_in_time", "AEL 53", at(of=decided(court_until=days(-1))), at(of=decided(court_until=TODAY))),
    case("by_day", "AEL 43", at(hour=23), at(hour=10)),
    case("by_day", "AEL 43", at(on=date(2026, 10, 1)), at(on=date(2026, 10, 10)), "holiday, make-up day"),
    case("by_day", "AEL 43", at(hour=3), at(hour=3, given={"urgent": True}), "emergency"),
)  # fmt: skip
LAWS = {
    "APL": "Administrative Penalty Law", "AEL": "Administrative Enforcement Law", "PIPL": "Personal Information",
    "ARL": "Reconsideration Law", "ALL": "Litigation Law",
}  # fmt: skip


@pytest.mark.parametrize(("guard", "article", "refused", "allowed", "code"), TABLE)
def test_a_guard_refuses_by_its_article_and_allows_what_the_article_allows(guard, article, refused, allowed, code):
    no = GUARDS[guard](*refused)
    assert isinstance(no, Refusal)
    law, number = article.split()
    assert isinstance(no.params["article"], Names)
    assert LAWS[law] in no.params["article"]["en"]
    assert no.params["article"]["en"].endswith(f"art. {number}")
    assert GUARDS[guard](*allowed) is None
    with override("en"):
        said = sentences.say(no.code, no.params)
    assert f"art. {number}" in said
    assert "%(" not in said


def test_every_guard_of_the_table_is_tried():
    assert {one.values[0] for one in TABLE} == NEEDS
    assert {need for step in STEPS for need in step.needs} == NEEDS


def test_every_stage_is_reached_and_every_stage_that_is_no_end_leads_to_one():
    reached = {Stage.OPENED}
    while more := {step.target for step in STEPS if step.sources & reached} - reached:
        reached |= more
    assert reached == frozenset(Stage)
    ending = set(ENDS)
    while more := {stage for step in STEPS if step.target in ending for stage in step.sources} - ending:
        ending |= more
    assert ending == frozenset(Stage)


def test_nothing_follows_an_end_and_a_verb_has_one_row_from_each_stage():
    assert all(steps_from(end) == () for end in ENDS)
    for stage in Stage:
        verbs = [step.verb for step in steps_from(stage)]
        assert len(verbs) == len(set(verbs))
    assert all(row(verb, stage) for verb in VERBS for stage in Stage if any(s.verb == verb for s in steps_from(stage)))


def test_no_decision_without_notice_plea_and_what_else_is_due_stands_in_the_table():
    decide = row("decide", Stage.HEARD)
    assert {"noticed", "plea_over", "hearing_over", "review_done", "discussion_done", "in_time"} <= set(decide.needs)
    assert {step.verb for step in STEPS if step.target is Stage.DECIDED and Stage.DECIDED not in step.sources} == {
        "decide", "decide_on_spot",
    }  # fmt: skip


def test_a_stranger_hears_that_a_step_is_not_his_before_he_hears_of_stages():
    no = choose("close", facts(), {Office.HANDLE})
    assert (no.code, no.ground) == ("enforcement.not_your_office", Ground.DUTY)
    assert choose("close", facts(), {Office.DECIDE}).code == "enforcement.wrong_stage"
    assert choose("fly", facts(), ALL).code == "enforcement.no_step"


def test_a_refused_step_changes_nothing_and_says_why_before_anything_is_given():
    no = take("file", facts(officers=(FIRST,)), {}, world(HEAD), {Office.DECIDE})
    assert no.code == "enforcement.two_officers"
    shown = {step.verb: why for step, why in open_steps(facts(officers=(FIRST,)), world(HEAD), {Office.DECIDE})}
    assert shown["file"].code == "enforcement.two_officers"
    assert shown["dismiss"] is None
    assert "gather" not in shown


def test_the_ninety_days_run_from_filing_and_move_on_from_a_holiday():
    filed = take("file", facts(), {}, world(HEAD, date(2026, 7, 6)), {Office.DECIDE})
    assert filed.decide_until == date(2026, 10, 8)  # the 90th day is 4 October, within the golden week


def test_a_seizure_of_thirty_days_never_moves_on_and_is_prolonged_once():
    held = facts(stage=Stage.INVESTIGATING)
    seized = take("seize", held, {"things": "三轮车", "list_signed": True}, world(HEAD, date(2026, 9, 4)), ALL)
    assert seized.measures[0].until == date(2026, 10, 4)  # a day of the golden week
    longer = take("prolong", seized, {"measure": 1, "reason": "鉴定"}, world(HEAD, date(2026, 10, 4)), ALL)
    assert longer.measures[0].until == date(2026, 11, 3)
    assert take("prolong", longer, {"measure": 1, "reason": "x"}, world(HEAD), ALL).code == (
        "enforcement.prolonged_already"
    )


def test_served_on_a_day_the_terms_of_the_party_run_from_it():
    one = facts(stage=Stage.DECIDED, kinds=FINE, fine=Decimal(1000), decided_on=date(2026, 9, 16))
    served = take("serve", one, {"way": "handed", "receipt": "签收"}, world(), {Office.HANDLE})
    assert served.parts == ((date(2026, 10, 8), Decimal(1000)),)  # the 15th day is 1 October
    assert served.reconsider_until == date(2026, 11, 16)  # the 60th day is a Sunday
    assert served.suit_until == date(2027, 3, 16)
    assert served.court_until == date(2027, 6, 16)
    announced = effect("serve", one, {"way": "announced"}, world())
    assert announced["served_on"] == date(2026, 10, 16)


def test_who_steps_back_leaves_the_file_and_cannot_be_named_again():
    left = take("recuse", facts(), {"officer": SECOND.key, "reason": "亲属"}, world(HEAD), {Office.DECIDE})
    assert left.officers == (FIRST,)
    again = take("assign", left, {"officers": [FIRST.key, SECOND.key]}, world(HEAD), {Office.DECIDE})
    assert again.code == "enforcement.recused"


def test_a_band_is_kept_with_a_fine_and_not_without_one():
    ready = facts(stage=Stage.CONCLUDED)
    given = {"kinds": ["warning"], "band": "x" * 60, "told": True, "receipt": "签收"}
    assert take("notify", ready, given, world(), ALL).band == ""
    fined = {**given, "kinds": ["fine"], "fine": Decimal(100), "band": "light"}
    assert take("notify", ready, fined, world(), ALL).band == "light"


def test_other_facts_want_another_notice():
    ready = facts(stage=Stage.HEARD, **BIG, plea=Plea.SAID, reviewed_on=TODAY, plea_until=days(-1))
    back = take("reinvestigate", ready, {"reason": "新证据"}, world(HEAD), {Office.DECIDE})
    assert (back.noticed_on, back.plea, back.reviewed_on, back.noticed_fine) == (None, None, None, 0)
