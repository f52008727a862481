"""Requests: asked for by one, signed by others along the city's chain, and what follows. By the rules of the field."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from cases import actions, selectors
from cases.models import Case, Clock, Hold, Move, Request, Signature
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from journal.models import Entry
from tests.cases.factories import (
    HERE,
    REQUEST_RULES,
    THERE,
    asked,
    at,
    brought_to,
    granted,
    ground,
    names,
    picture,
    signed,
    signer,
    standing,
    take,
)

pytestmark = pytest.mark.django_db
CHAIN = ("desk", "district_dispatcher", "city_dispatcher")


def refused(call, error, code):
    before = (Move.objects.count(), Entry.objects.count(), Request.objects.count(), Signature.objects.count())
    with pytest.raises(error) as caught:
        call()
    assert caught.value.code == code
    assert before == (Move.objects.count(), Entry.objects.count(), Request.objects.count(), Signature.objects.count())


def handling(case):
    return Clock.objects.get(case__number=case.number, kind="handling", stopped_at=None)


def kinds(case, prefix="request."):
    found = Entry.objects.filter(subject=case.number, kind__startswith=prefix)
    return [kind.removeprefix(prefix) for kind in found.order_by("id").values_list("kind", flat=True)]


def late_and_closed(town, time):
    case = brought_to(town, "handling")
    time.pass_by(hours=5)
    return brought_to(town, "closed", case)


# ---------------------------------------------------------------- extension 延期


def test_an_extension_is_signed_by_desk_district_and_city_and_moves_the_deadline_by_working_minutes(town, time):
    case = brought_to(town, "handling", category="E0407")
    before = handling(case).due_at
    request = asked(town, case, "extension", "handler", minutes=60)
    assert [signer["duty"] for signer in request.chain] == ["desk", "command.district", "command.city"]
    signed(town, request, "desk", "district_dispatcher")
    assert handling(case).due_at == before
    signed(town, request, "city_dispatcher")
    clock = handling(case)
    assert (clock.due_at, clock.extended_minutes) == (before + timedelta(minutes=60), 60)
    assert standing(case).due_at == clock.due_at
    assert Case.objects.get().extension_count == 1
    assert kinds(case) == ["asked.v1", "signed.v1", "signed.v1", "approved.v1"]
    assert kinds(case, "case.extended")


def test_an_extension_of_office_hours_runs_over_the_weekend(town, time):
    time.be("2026-11-20T16:00:00+08:00")
    case = brought_to(town, "accepted")
    case = take(town, case, "register", "leader", condition="b")
    case = take(town, case, "dispatch", "city_dispatcher", department=f"d{HERE}-appearance")
    assert handling(case).due_at == at("2026-11-23T10:00:00+08:00")
    granted(town, case, "extension", "desk", "district_dispatcher", "city_dispatcher", minutes=240)
    assert handling(case).due_at == at("2026-11-23T16:00:00+08:00")


def test_who_asks_as_the_desk_needs_no_signature_of_the_desk(town):
    request = asked(town, brought_to(town, "dispatched"), "extension", "desk", minutes=10)
    assert [signer["duty"] for signer in request.chain] == ["command.district", "command.city"]


def test_an_extension_is_at_most_the_original_limit_and_approved_twice_refusals_not_counted(town):
    case = brought_to(town, "dispatched")
    refused(lambda: asked(town, case, "extension", "desk", minutes=121), Invalid, "case.too_many_minutes")
    refused(lambda: asked(town, case, "extension", "desk"), Invalid, "case.needs_minutes")
    no = asked(town, case, "extension", "desk", minutes=120)
    signed(town, no, "district_dispatcher", approve=False, answer="不同意")
    for _ in range(2):
        granted(town, case, "extension", "desk", "district_dispatcher", "city_dispatcher", minutes=120)
    refused(lambda: asked(town, case, "extension", "desk", minutes=1), Conflict, "case.request_used_up")
    assert handling(case).extended_minutes == 240


def test_after_the_deadline_nothing_is_extended_neither_asked_for_nor_signed(town, time):
    case = brought_to(town, "dispatched")
    request = asked(town, case, "extension", "desk", minutes=60)
    time.pass_by(hours=3)
    refused(lambda: signed(town, request, "district_dispatcher"), Conflict, "case.extension_too_late")
    signed(town, request, "district_dispatcher", approve=False, answer="已超时")
    refused(lambda: asked(town, case, "extension", "desk", minutes=60), Conflict, "case.extension_too_late")


def test_a_warning_that_was_given_is_given_again_after_an_extension(town, time):
    case = brought_to(town, "dispatched")
    time.pass_by(minutes=100)
    actions.sweep()
    granted(town, case, "extension", "desk", "district_dispatcher", "city_dispatcher", minutes=120)
    assert actions.sweep() == 0
    time.pass_by(minutes=90)
    assert actions.sweep() == 1
    assert Entry.objects.filter(kind="case.due_soon.v1", data__clock="handling").count() == 2


# ---------------------------------------------------------------- hold 挂账


def held(town, case, until="2026-12-20T23:59:59+08:00"):
    return granted(town, case, "hold", "desk", "leader", until=at(until))


def test_a_held_case_moves_nowhere_but_may_be_resumed_or_voided(town, time):
    case = held(town, brought_to(town, "dispatched"))
    assert case.held_until == at("2026-12-20T23:59:59+08:00")
    refused(lambda: take(town, case, "assign", "desk", handler="@handler"), Conflict, "case.held")
    refused(lambda: asked(town, case, "return", "desk"), Conflict, "case.held")
    refused(lambda: asked(town, case, "extension", "desk", minutes=9), Conflict, "case.held")
    assert [step.code for step in selectors.open_steps(Case.objects.get(), town.actor("desk"))] == ["case.held"] * 2
    voided = take(town, granted(town, case, "void", "acceptor", "leader"), "void", "leader")
    assert (voided.stage, voided.held_until) == ("voided", None)
    assert not Clock.objects.filter(stopped_at=None).exists()
    assert Hold.objects.get().ended_at is not None


def test_a_hold_ends_by_itself_at_its_moment_however_late_the_sweep_is(town, time):
    case = brought_to(town, "dispatched")
    before = handling(case).due_at
    case = held(town, case, "2026-11-17T12:00:00+08:00")
    assert case.due_at is None
    time.be("2026-11-17T15:00:00+08:00")
    assert (actions.end_holds(), actions.end_holds()) == (1, 0)
    clock = handling(case)
    assert clock.due_at == before + timedelta(hours=27)
    assert clock.paused_minutes == 27 * 60
    assert standing(case).due_at == clock.due_at
    assert kinds(case, "case.resumed") == [".v1"]
    assert Hold.objects.get().ended_at == at("2026-11-17T12:00:00+08:00")
    assert take(town, standing(case), "assign", "desk", handler="@handler").stage == "handling"


def test_only_working_minutes_of_a_hold_are_given_back(town, time):
    time.be("2026-11-20T16:00:00+08:00")
    case = brought_to(town, "accepted")
    case = take(town, case, "register", "leader", condition="b")
    case = take(town, case, "dispatch", "city_dispatcher", department=f"d{HERE}-appearance")
    time.be("2026-11-20T17:00:00+08:00")
    held(town, case, "2026-11-23T09:00:00+08:00")
    time.be("2026-11-23T09:00:00+08:00")
    actions.end_holds()
    clock = handling(case)
    assert clock.paused_minutes == 120
    assert clock.due_at == at("2026-11-23T12:00:00+08:00")


def test_resuming_before_its_day_needs_a_duty_and_a_reason(town, time):
    case = held(town, brought_to(town, "dispatched"))
    time.pass_by(hours=1)
    version = case.version
    refused(
        lambda: actions.resume(case.number, actor=town.actor("handler"), version=version, reason="x"),
        Forbidden,
        "case.not_your_duty",
    )
    refused(
        lambda: actions.resume(case.number, actor=town.actor("desk"), version=version, reason=" "),
        Invalid,
        "case.needs_reason",
    )
    again = actions.resume(case.number, actor=town.actor("desk"), version=version, reason="材料已到")
    assert (again.held_until, handling(case).paused_minutes) == (None, 60)


def test_what_was_late_before_the_hold_stays_late_and_what_was_not_does_not_become_it(town, time):
    punctual, late = brought_to(town, "dispatched"), brought_to(town, "dispatched")
    held(town, punctual)
    time.pass_by(hours=3)
    assert not standing(punctual).late
    held(town, late)
    assert standing(late).late
    told = Entry.objects.filter(kind="case.overdue.v1")
    actions.sweep()
    assert [entry.subject for entry in told.filter(data__clock="handling")] == [late.number]


def test_a_case_is_held_once_for_a_year_at_most(town, time):
    case = brought_to(town, "dispatched")
    refused(lambda: asked(town, case, "hold", "desk"), Invalid, "case.needs_until")
    refused(lambda: asked(town, case, "hold", "desk", until=at("2028-01-01T00:00:00+08:00")), Invalid,
            "case.until_too_far")  # fmt: skip
    refused(lambda: asked(town, case, "hold", "desk", until=time.moment), Invalid, "case.until_is_past")
    case = held(town, case)
    actions.resume(case.number, actor=town.actor("desk"), version=case.version, reason="好")
    refused(lambda: asked(town, case, "hold", "desk", until=at("2026-12-20T00:00:00+08:00")), Conflict,
            "case.request_used_up")  # fmt: skip


def test_a_hold_whose_day_has_passed_before_the_signature_can_only_be_refused(town, time):
    case = brought_to(town, "dispatched")
    request = asked(town, case, "hold", "desk", until=at("2026-11-16T10:00:00+08:00"))
    time.be("2026-11-16T10:00:00+08:00")
    refused(lambda: signed(town, request, "leader"), Conflict, "case.hold_is_past")


# ---------------------------------------------------------------- return 回退, void 作废, cancellation


def test_a_return_is_approved_by_somebody_else_and_used_once(town):
    case = brought_to(town, "dispatched")
    refused(lambda: take(town, case, "send_back", "desk"), Conflict, "case.needs_approved_return")
    request = asked(town, case, "return", "desk")
    refused(lambda: asked(town, case, "return", "desk"), Conflict, "case.request_open")
    refused(lambda: signed(town, request, "desk"), Forbidden, "case.not_your_duty")
    refused(lambda: take(town, standing(case), "send_back", "desk"), Conflict, "case.needs_approved_return")
    signed(town, request, "leader")
    back = take(town, standing(case), "send_back", "desk")
    assert (back.stage, back.org, back.returned_by) == ("returned", "", (f"d{HERE}-appearance",))
    assert Request.objects.get().used_at is not None


def test_who_returned_decides_what_may_follow(town):
    case = granted(town, brought_to(town, "dispatched"), "return", "desk", "leader")
    back = take(town, case, "send_back", "desk")
    given = {"department": f"d{HERE}-appearance"}
    refused(lambda: take(town, back, "dispatch", "city_dispatcher", **given), Invalid, "case.returned_by_target")
    assert take(town, back, "dispatch_district", "city_dispatcher", district_centre=f"d{HERE}").stage == "at_district"


def test_nobody_below_a_district_that_returned_a_case_gets_it(town):
    case = granted(town, brought_to(town, "at_district"), "return", "district_dispatcher", "leader")
    back = take(town, case, "send_back", "district_dispatcher")
    for verb, what, code in (
        ("dispatch_district", "district_centre", f"d{HERE}"),
        ("dispatch", "department", f"d{HERE}-appearance"),
    ):
        given = {what: code}
        refused(lambda verb=verb, given=given: take(town, back, verb, "city_dispatcher", **given), Invalid,
                "case.returned_by_target")  # fmt: skip


def test_a_return_is_asked_for_by_whoever_has_the_case(town):
    case = brought_to(town, "dispatched")
    refused(lambda: asked(town, case, "return", "district_dispatcher"), Forbidden, "case.not_your_duty")
    assigned = brought_to(town, "handling")
    refused(lambda: asked(town, assigned, "return", "desk"), Conflict, "case.request_unfit")


def test_the_department_that_sent_a_case_back_is_still_told_and_then_sees_it_no_more(town):
    case = granted(town, brought_to(town, "dispatched"), "return", "desk", "leader")
    take(town, case, "send_back", "desk")
    assert f"dept:d{HERE}-appearance" in Entry.objects.get(kind="case.sent_back.v1").scopes
    assert list(selectors.visible_to(town.actor("desk"))) == []


def test_voiding_needs_a_request_of_somebody_else(town):
    case = brought_to(town, "registered")
    request = asked(town, case, "void", "leader")
    refused(lambda: signed(town, request, "leader"), Forbidden, "case.own_request")
    refused(lambda: signed(town, request, "leader2", approve=False), Invalid, "case.needs_answer")
    signed(town, request, "leader2")
    assert take(town, standing(case), "void", "leader").stage == "voided"
    assert Clock.objects.filter(stopped_at=None).count() == 0


def test_a_report_that_its_reporter_withdraws_is_cancelled_with_approval(town):
    case = brought_to(town, "accepted")
    refused(lambda: asked(town, case, "cancel", "desk2"), NotFound, "case.unknown")
    case = granted(town, case, "cancel", "acceptor", "leader")
    assert take(town, case, "void", "leader").stage == "voided"
    assert Request.objects.get().kind == "cancel"
    assert Request.objects.get().used_at is not None


def test_a_refused_request_opens_nothing_and_may_be_asked_again(town):
    case = brought_to(town, "registered")
    request = asked(town, case, "void", "leader")
    signed(town, request, "leader2", approve=False, answer="不重复")
    refused(lambda: take(town, standing(case), "void", "leader"), Conflict, "case.needs_approved_void")
    assert asked(town, case, "void", "leader").pk != request.pk


# ---------------------------------------------------------------- appeal 申诉


def test_an_appeal_needs_two_reviewers_exempts_the_case_and_keeps_the_fact(town, time):
    case = late_and_closed(town, time)
    request = asked(town, case, "appeal", "desk")
    signed(town, request, "leader")
    refused(lambda: signed(town, request, "leader"), Forbidden, "case.signed_already")
    assert not Case.objects.get().exempt
    signed(town, request, "leader2")
    row = Case.objects.get()
    assert (row.exempt, row.handled_late, row.stage) == (True, True, "closed")


def test_only_a_late_case_is_appealed_within_ten_days_and_once(town, time):
    punctual = brought_to(town, "closed")
    refused(lambda: asked(town, punctual, "appeal", "desk"), Conflict, "case.appeal_needs_late")
    case = late_and_closed(town, time)
    no = asked(town, case, "appeal", "desk")
    signed(town, no, "leader", approve=False, answer="理由不足")
    refused(lambda: asked(town, case, "appeal", "desk"), Conflict, "case.appeal_judged")
    other = late_and_closed(town, time)
    time.pass_by(days=10, minutes=1)
    refused(lambda: asked(town, other, "appeal", "desk"), Conflict, "case.appeal_too_late")


# ---------------------------------------------------------------- chains, grounds, lapsing, withdrawing


def test_a_ground_is_one_of_the_city_and_its_words_are_frozen(town):
    case = brought_to(town, "dispatched")
    refused(lambda: asked(town, case, "extension", "desk", minutes=9, ground=""), Invalid, "case.needs_ground")
    refused(lambda: asked(town, case, "extension", "desk", minutes=9, ground="mood"), Invalid, "case.unknown_ground")
    request = asked(town, case, "extension", "desk", minutes=9)
    changed = [{**rule, "grounds": [{"code": "engineering", "names": names("新", "new")}]} for rule in REQUEST_RULES]
    actions.save_request_rules(changed, pack="test")
    assert Request.objects.get(pk=request.pk).ground_names == names("理由engineering", "ground engineering")


def test_a_chain_that_was_asked_under_stays_when_the_rule_changes(town):
    request = asked(town, brought_to(town, "dispatched"), "extension", "desk", minutes=9)
    short = [{**rule, "chain": rule["chain"][-1:]} for rule in REQUEST_RULES]
    actions.save_request_rules(short, pack="test")
    assert signed(town, request, "district_dispatcher").state == "open"
    assert signed(town, request, "city_dispatcher").state == "approved"


def test_who_signs_depends_on_the_ground_and_on_what_was_granted_before(town):
    """The other city of the rules of the field: ordinary ones by the shift leader, works and repeats by more."""
    leader, head = signer("supervise", "city"), signer("command.city", "city")
    rule = {
        "kind": "extension", "askers": ["desk"], "chain": [leader], "again": [leader, head], "most": 2, "share": 1,
        "grounds": [ground("weather"), {**ground("engineering"), "chain": [head, leader]}],
    }  # fmt: skip
    actions.save_request_rules([rule], pack="test")

    def chain(case, reason):
        request = asked(town, case, "extension", "desk", minutes=5, ground=reason)
        return request, [one["duty"] for one in request.chain]

    first, duties = chain(brought_to(town, "dispatched"), "weather")
    assert duties == ["supervise"]
    assert chain(brought_to(town, "dispatched"), "engineering")[1] == ["command.city", "supervise"]
    assert signed(town, first, "leader").state == "approved"
    second, duties = chain(first.case, "weather")
    assert duties == ["supervise", "command.city"], "the second one of a case"
    assert signed(town, second, "leader").state == "open"
    assert signed(town, second, "city_dispatcher").state == "approved"


def test_signatures_come_in_turn_and_from_the_right_level(town):
    request = asked(town, brought_to(town, "dispatched"), "extension", "desk", minutes=9)
    refused(lambda: signed(town, request, "city_dispatcher"), Forbidden, "case.not_your_duty")
    refused(lambda: signed(town, request, "district_dispatcher2"), NotFound, "case.unknown")
    signed(town, request, "district_dispatcher")
    refused(lambda: signed(town, request, "district_dispatcher"), Forbidden, "case.not_your_duty")


def test_a_request_is_withdrawn_by_who_asked_only_and_then_stays_so(town):
    case = brought_to(town, "registered")
    request = asked(town, case, "void", "leader")

    def gone(who):
        version = standing(case).version
        return actions.withdraw(case.number, request.pk, actor=town.actor(who), version=version)

    refused(lambda: gone("acceptor"), Forbidden, "case.not_your_request")
    assert gone("leader").state == "withdrawn"
    refused(lambda: gone("leader"), Conflict, "case.request_decided")
    refused(lambda: signed(town, request, "leader2"), Conflict, "case.request_decided")


def test_a_request_lapses_when_the_case_leaves_where_it_makes_sense(town):
    case = brought_to(town, "handled")
    request = asked(town, case, "extension", "desk", minutes=9)
    take(town, standing(case), "confirm", "desk")
    request.refresh_from_db()
    assert (request.state, request.next_duty, request.decided_by) == ("lapsed", "", "")
    assert kinds(case) == ["asked.v1", "lapsed.v1"]


def test_asking_and_signing_grow_the_history_and_refuse_who_looked_before(town):
    case = brought_to(town, "dispatched")
    asked(town, case, "return", "desk")
    moves = Move.objects.filter(case__number=case.number).order_by("version")
    assert [(move.verb, move.before, move.after) for move in moves][-1] == ("ask", "dispatched", "dispatched")
    refused(lambda: take(town, case, "assign", "desk", handler="@handler"), Stale, "case.stale")
    given = {"actor": town.actor("leader"), "version": 1, "kind": "void", "reason": "x"}
    refused(lambda: actions.ask(case.number, **given), Stale, "case.stale")


def test_pictures_given_before_a_request_still_count_for_the_step(town):
    case = brought_to(town, "handling")
    actions.attach(case.number, actor=town.actor("handler"), content=picture("red"), filename="a.jpg", stage="handle")
    asked(town, case, "extension", "desk", minutes=9)
    assert take(town, standing(case), "submit", "handler", result="好").stage == "handled"


def test_the_queue_shows_what_waits_for_me_and_nothing_else(town):
    case = brought_to(town, "dispatched")
    asked(town, case, "extension", "desk", minutes=9)
    asked(town, case, "void", "desk")

    def waits(who):
        return sorted(row.kind for row in selectors.request_queue(town.actor(who), "awaiting"))

    assert waits("district_dispatcher") == ["extension"]
    assert waits("leader") == ["void"]
    for who in ("city_dispatcher", "desk", "district_dispatcher2", "desk2"):
        assert waits(who) == []
    assert selectors.request_counts(town.actor("desk")) == {"awaiting": 0, "mine": 2, "open": 2, "decided": 0}


def test_a_city_without_a_rule_for_it_refuses_to_be_asked(town):
    actions.save_request_rules((), pack="test")
    case = brought_to(town, "dispatched")
    refused(lambda: asked(town, case, "return", "desk"), Conflict, "case.request_not_ruled")


# ---------------------------------------------------------------- the database by itself


def test_the_database_itself_refuses_what_cannot_be(town, time):
    case = brought_to(town, "dispatched")
    request = asked(town, case, "extension", "desk", minutes=9)
    row, clock = Case.objects.filter(number=case.number), Clock.objects.filter(pk=handling(case).pk)
    moment = time.moment
    impossible = {
        "an own signature": lambda: Signature.objects.create(
            request=request, place=1, approved=True, duty="desk", by=request.asked_by, label="x"
        ),
        "a signature out of turn": lambda: Signature.objects.create(
            request=request, place=2, approved=True, duty="desk", by="user:0", label="x"
        ),
        "approval without signatures": lambda: Request.objects.filter(pk=request.pk).update(
            state="approved", decided_at=moment, decided_by="user:0"
        ),
        "a second open one": lambda: Request.objects.create(
            case=row.get(), kind="extension", stage="dispatched", reason="x", minutes=1, asked_by="a", asked_label="a",
            asked_at=moment,
        ),
        "other words": lambda: Request.objects.filter(pk=request.pk).update(reason="anders"),
        "an illegal move": lambda: row.update(stage="checked", version=case.version + 2),
        "two versions at once": lambda: row.update(stage="handling", version=case.version + 9),
        "a version back": lambda: row.update(version=1),
        "a clock back": lambda: clock.update(due_at=moment),
        "a clock begun again": lambda: clock.update(started_at=moment + timedelta(days=1)),
        "a hold where nobody works": lambda: Case.objects.filter(pk=brought_to_reported(town)).update(
            held_until=moment
        ),
    }  # fmt: skip
    assert [name for name, attempt in impossible.items() if happens(attempt)] == []


def happens(attempt):
    try:
        with transaction.atomic():
            attempt()
    except IntegrityError:
        return False
    return True


def brought_to_reported(town):
    return Case.objects.get(number=brought_to(town, "reported").number).pk


def test_the_database_itself_keeps_a_held_case_where_it_is(town, time):
    case = held(town, brought_to(town, "dispatched"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(number=case.number).update(stage="handling", version=case.version + 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(number=case.number).update(stage="handling", version=case.version + 1, held_until=None)


def test_another_district_hears_nothing_of_a_request(town):
    asked(town, brought_to(town, "dispatched"), "return", "desk")
    scopes = Entry.objects.get(kind="request.asked.v1").scopes
    assert f"d:{HERE}" in scopes
    assert not any(THERE in scope for scope in scopes)
