"""Tickets of the 12345 hotline: kept, in order, once, whatever its partner does; and the partner told how they go."""

import json
import time as real_time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cases.models import Case, Clue, Reporter
from core import clock
from core.errors import Conflict, Invalid
from core.geo import wgs84_to_gcj02
from core.schema import schema_problems, validate
from exchange import actions, selectors
from exchange.actions import replies as sending
from exchange.contracts.hotline import MessageState, ReplyState, TicketState
from exchange.models import Partner, PartnerTicket, TicketMessage, TicketRefusal, TicketReply
from exchange.rules import hotline as rules
from simulator import hotline as simulated
from tests.cases.factories import HERE, SETUP, THERE, brought_to, granted, point, standing, take
from tests.exchange.post import carried
from tests.exchange.telling import ABOUT, DUMPING, SECRET, address, partner, running, said, ticket

__all__ = ["partner"]


def row(number: str = "T1") -> PartnerTicket:
    return PartnerTicket.objects.get(ticket=number)


def case(number: str = "T1") -> Case:
    return Case.objects.get(number=row(number).subject)


def codes(message: TicketMessage) -> list[str]:
    return [one["code"] for one in message.flags]


def kinds(number: str = "T1") -> list[str]:
    return [one.kind for one in TicketReply.objects.filter(ticket__ticket=number)]


# ------------------------------------------------------------------ in


def test_a_ticket_becomes_one_case_however_often_it_is_told(town, partner):
    given = ticket("T1")
    first = actions.receive(partner, given)
    again = actions.receive(partner, json.loads(json.dumps(given, sort_keys=True)))
    assert (first.pk, first.state, again.state) == (again.pk, MessageState.APPLIED, MessageState.APPLIED)
    assert (Case.objects.count(), TicketMessage.objects.get().times) == (1, 2)
    found = case()
    assert (found.source, found.source_ref, found.category.code) == ("hotline12345", "hotline:T1", "E0407")
    assert (found.district, row().state, row().deadline.isoformat()) == (
        HERE, TicketState.TAKEN, "2026-12-01T10:00:00+00:00",
    )  # fmt: skip
    assert kinds() == ["received"]


def test_the_same_number_with_other_words_is_refused_and_changes_nothing(town, partner):
    actions.receive(partner, ticket("T1"))
    with pytest.raises(Conflict) as error:
        actions.receive(partner, ticket("T1", text="另一件事"))
    assert error.value.code == "hotline.other_content"
    assert case().description == "门口倒了一堆垃圾"


def test_who_called_stands_apart_from_what_everybody_reads(town, partner):
    caller = {"name": "林小雨", "phone": "13812345678", "callback": True}
    actions.receive(partner, ticket("T1", text="林小雨说门口有垃圾，电话13812345678", caller=caller))
    found = case()
    assert (found.description, found.callback_wanted) == ("林**说门口有垃圾，电话138****5678", True)
    assert Reporter.objects.get(case=found).phone == "13812345678"
    kept = TicketMessage.objects.get()
    assert kept.whole == {}
    assert "13812345678" not in json.dumps(kept.body)
    assert "林小雨" not in json.dumps(kept.body, ensure_ascii=False)


def test_a_ticket_of_an_unknown_class_waits_and_a_person_maps_it_for_good(town, partner):
    acceptor = town.actor("acceptor")
    waiting = actions.receive(partner, ticket("T1", **{"class": "扰民犬吠"}))
    assert (waiting.state, codes(waiting), row().state) == (
        MessageState.WAITING, ["hotline.unknown_class"], TicketState.WAITING,
    )  # fmt: skip
    assert not Case.objects.exists()
    early = actions.receive(partner, said("T1", 2, "urge", text="快一点"))
    assert codes(early) == ["hotline.before_ticket"]
    with pytest.raises(Invalid):
        actions.map_ticket(row().pk, category="E9999", remember=True, actor=acceptor)
    actions.map_ticket(row().pk, category="E0407", remember=True, actor=acceptor)
    assert (row().state, row().urged, Clue.objects.get().note) == (TicketState.TAKEN, 1, "催办 快一点")
    later = actions.receive(partner_now(), ticket("T2", **{"class": " 扰民 犬吠"}))
    assert (later.state, Case.objects.count()) == (MessageState.APPLIED, 2)
    with pytest.raises(Conflict):
        actions.map_ticket(row().pk, category="E0407", remember=False, actor=acceptor)


def partner_now() -> Partner:
    return Partner.objects.get(code="hotline")


def test_a_person_sends_back_what_is_not_ours_and_the_partner_is_told_why(town, partner):
    actions.receive(partner, ticket("T1", **{"class": "社保"}, caller={"name": "王五", "phone": "13900001111"}))
    actions.refuse_ticket(row().pk, reason="属人社部门", actor=town.actor("acceptor"))
    assert (row().state, kinds()) == (TicketState.REFUSED, ["refused"])
    assert TicketReply.objects.get().body == {"reason": "属人社部门"}
    assert TicketMessage.objects.get().whole == {}, "nothing personal is kept of what is not ours"
    assert not Case.objects.exists()


def test_what_is_said_of_a_ticket_that_went_back_is_kept_and_nothing_personal_of_it(town, partner):
    actions.receive(partner, ticket("T1", **{"class": "社保"}))
    actions.refuse_ticket(row().pk, reason="属人社部门", actor=town.actor("acceptor"))
    late = actions.receive(partner, said("T1", 2, "callback", score="unsatisfied", text="林小雨 13812345678"))
    assert (late.state, codes(late), late.whole) == (MessageState.OLD, ["hotline.after_end"], {})
    assert (row().troubled, row().score) == (False, "")


def test_a_ticket_told_twice_before_anybody_mapped_its_class_leaves_nothing_waiting(town, partner):
    caller = {"name": "林小雨", "phone": "13812345678"}
    for sequence, text in ((1, "门口有狗"), (2, "还有两只")):
        actions.receive(partner, ticket("T1", sequence, text=text, caller=caller, **{"class": "扰民犬吠"}))
    actions.receive(partner, said("T1", 3, "extension", granted=False))
    actions.map_ticket(row().pk, category="E0407", remember=True, actor=town.actor("acceptor"))
    assert (case().description, Clue.objects.get().note) == ("门口有狗", "扰民犬吠\n还有两只")
    assert {one.state for one in TicketMessage.objects.all()} == {MessageState.APPLIED}
    assert [one.whole for one in TicketMessage.objects.all()] == [{}, {}, {}]
    assert row().troubled, "what the partner did not grant is still to be seen"


def test_a_partner_that_the_city_set_up_is_not_taken_over_by_a_pack(town, partner):
    told = {**ABOUT, "secret_ref": "pack", "classes": {}}
    actions.adopt_partner("hotline", told=told, pack="base", actor=SETUP)
    assert (partner_now().secret_ref, partner_now().classes, partner_now().said) == ("tests", ABOUT["classes"], told)
    new = actions.adopt_partner("other", told=told, pack="base", actor=SETUP)
    assert (new.secret_ref, new.pack) == ("pack", "base")
    actions.adopt_partner("other", told={**told, "secret_ref": "later"}, pack="base", actor=SETUP)
    assert Partner.objects.get(code="other").secret_ref == "later"


def test_what_comes_before_its_ticket_waits_and_follows_in_the_partners_order(town, partner):
    for sequence, text in ((3, "第三"), (2, "第二")):
        assert actions.receive(partner, said("T1", sequence, "urge", text=text)).state == MessageState.WAITING
    actions.receive(partner, ticket("T1"))
    assert [one.note for one in Clue.objects.order_by("pk")] == ["催办 第二", "催办 第三"]
    assert (row().urged, row().troubled) == (2, False)
    assert not TicketMessage.objects.filter(state=MessageState.WAITING).exists()


def test_a_change_older_than_what_is_known_is_kept_and_changes_nothing(town, partner):
    actions.receive(partner, ticket("T1"))
    actions.receive(partner, said("T1", 5, "update", text="在后门", deadline="2026-12-05T18:00:00+08:00"))
    old = actions.receive(partner, said("T1", 4, "update", text="在前门", deadline="2026-12-02T18:00:00+08:00"))
    assert (old.state, codes(old)) == (MessageState.OLD, ["hotline.older"])
    assert [one.note for one in Clue.objects.all()] == ["在后门"]
    assert row().deadline.isoformat() == "2026-12-05T10:00:00+00:00"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"version": 2}, "hotline.malformed"),
        ({"ticket": "T 1"}, "hotline.malformed"),
        ({"ticket": "T1\n"}, "hotline.malformed"),
        ({"sequence": 10**30}, "hotline.malformed"),
        ({"sequence": True}, "hotline.malformed"),
        ({"kind": "shout"}, "hotline.malformed"),
        ({"sent_at": "yesterday"}, "hotline.bad_moment"),
        ({"sent_at": "2026-11-30T08:00:00"}, "hotline.bad_moment"),
        ({"content": {"class": "x"}}, "hotline.malformed"),
        ({"content": {"class": "x", "text": "a\x00b"}}, "hotline.unstorable"),
        ({"content": {"class": "x", "text": "\ud800"}}, "hotline.unstorable"),
        ({"content": {"class": "x", "text": "y", "lon": float("inf"), "lat": 1}}, "hotline.unstorable"),
        ({"content": {"class": "x", "text": "y", "lon": 116.7}}, "hotline.half_a_point"),
        ({"content": {"class": "x", "text": "y", "lon": 10**40, "lat": 1}}, "hotline.malformed"),
        ({"content": {"class": "x", "text": "y" * 5000}}, "hotline.malformed"),
        ({"content": {"class": "x", "text": "y", "deadline": "9999-12-31T23:59:59Z"}}, "hotline.bad_moment"),
        ({"content": []}, "hotline.malformed"),
    ],
)
def test_a_message_that_breaks_the_contract_is_refused_before_anything_is_kept(town, partner, change, code):
    with pytest.raises(Invalid) as error:
        actions.receive(partner, {**ticket("T1"), **change})
    assert error.value.code == code
    assert not TicketMessage.objects.exists()
    assert not PartnerTicket.objects.exists()


def test_the_partners_words_are_mapped_and_its_bent_coordinates_straightened(town, partner):
    lon, lat = wgs84_to_gcj02(*point(THERE))
    fields = {"text": "appeal.words", "class": "appeal.kind", "lon": "where.x", "lat": "where.y", "area": "where.in"}
    actions.save_partner(
        "hotline", told={"fields": fields, "datum": "gcj02", "areas": {"金港": HERE}}, actor=SETUP
    )  # fmt: skip
    content = {"appeal": {"words": "违停", "kind": DUMPING}, "where": {"x": lon, "y": lat, "in": "金港"}}
    kept = actions.receive(partner_now(), {**ticket("T1"), "content": content})
    assert case().district == THERE
    assert codes(kept) == ["hotline.other_area"], "the partner says another district"


def test_a_message_whose_worker_died_is_made_use_of_once_by_the_sweep(town, partner, time):
    kept = actions.keep(partner, ticket("T1"))
    assert (kept.state, Case.objects.count()) == (MessageState.RECEIVED, 0)
    assert actions.process_left() == 0, "somebody may be at it still"
    time.pass_by(minutes=1)
    assert actions.process_left() == 1
    assert actions.process_left() == 0
    actions.process(kept.pk)
    assert (Case.objects.count(), row().state) == (1, TicketState.TAKEN)


def test_a_ticket_withdrawn_before_anybody_registered_it_ends_and_a_later_one_goes_on(town, partner):
    actions.receive(partner, ticket("T1"))
    actions.receive(partner, said("T1", 2, "withdraw", reason="重复来电"))
    assert (case().stage, row().state, kinds()) == ("rejected", TicketState.WITHDRAWN, ["received", "withdrawn"])
    carried()
    assert kinds() == ["received", "withdrawn"], "of a ticket that was withdrawn nothing more is told"
    actions.receive(partner, ticket("T2"))
    brought_to(town, "dispatched", standing(case("T2")))
    late = actions.receive(partner, said("T2", 2, "withdraw", reason="不用了"))
    assert (case("T2").stage, codes(late), row("T2").troubled) == (
        "dispatched", ["hotline.too_late_to_withdraw"], True,
    )  # fmt: skip
    actions.receive(partner, ticket("T3", **{"class": "未知"}))
    actions.receive(partner, said("T3", 2, "withdraw", reason="打错了"))
    assert (row("T3").state, row("T3").subject) == (TicketState.WITHDRAWN, "")


# ------------------------------------------------------------------ back


def test_the_partner_is_told_each_step_in_order_and_the_result(town, partner):
    actions.receive(partner, ticket("T1"))
    brought_to(town, "closed", standing(case()))
    carried()
    carried()
    assert kinds() == [
        "received", "accepted", "progress", "progress", "progress", "progress", "progress", "progress", "progress",
        "result",
    ]  # fmt: skip
    steps = [one.body["step"] for one in TicketReply.objects.filter(kind="progress")]
    assert steps == ["register", "dispatch_district", "dispatch", "assign", "submit", "confirm", "check_pass"]
    assert TicketReply.objects.last().body["text"] == "已劝离"
    assert row().state == TicketState.DONE


def test_a_case_that_is_not_accepted_goes_back_with_the_reason_and_no_persons_name(town, partner):
    actions.receive(partner, ticket("T1"))
    take(town, standing(case()), "reject", "acceptor", reason="不属实，电话13812345678")
    carried()
    (reply,) = TicketReply.objects.filter(kind="refused")
    assert reply.body["reason"] == "不属实，电话138****5678"
    assert row().state == TicketState.REFUSED


def test_more_time_is_asked_of_the_partner_and_its_answer_is_its_deadline(town, partner, time):
    actions.receive(partner, ticket("T1", deadline="2026-11-16T09:30:00+08:00"))
    handled = brought_to(town, "handling", standing(case()))
    granted(town, handled, "extension", "desk", "district_dispatcher", "city_dispatcher", minutes=60)
    carried()
    (asked,) = TicketReply.objects.filter(kind="extension_asked")
    assert asked.body["until"] > "2026-11-16T01:30:00"
    assert asked.body["reason"] == "需要"
    answered = "2026-11-20T18:00:00+08:00"
    actions.receive(partner, said("T1", 2, "extension", granted=True, deadline=answered))
    assert row().deadline.isoformat() == "2026-11-20T10:00:00+00:00"
    actions.receive(partner, said("T1", 3, "extension", granted=False, reason="不同意"))
    assert (row().deadline.isoformat(), row().troubled) == ("2026-11-20T10:00:00+00:00", True)


@pytest.mark.parametrize("rule", ["reopen", "follow_up", "flag"])
def test_an_unsatisfied_citizen_brings_about_what_the_city_has_said(town, partner, rule):
    actions.save_partner("hotline", told={"unsatisfied": rule}, actor=SETUP)
    actions.receive(partner, ticket("T1"))
    first = brought_to(town, "closed", standing(case()))
    actions.receive(partner_now(), said("T1", 2, "callback", score="unsatisfied", text="还在"))
    assert (row().score, row().score_text) == ("unsatisfied", "还在")
    assert standing(first).satisfaction == "unsatisfied"
    stages = {one.number: one.stage for one in Case.objects.all()}
    if rule == "reopen":
        assert stages == {first.number: "registered"}
    elif rule == "follow_up":
        assert stages == {first.number: "closed", row().subject: "reported"}
        assert row().subject != first.number
    else:
        assert stages == {first.number: "closed"}
        assert row().troubled


def test_a_satisfied_citizen_leaves_the_case_closed_and_a_later_score_counts(town, partner):
    actions.receive(partner, ticket("T1"))
    brought_to(town, "closed", standing(case()))
    actions.receive(partner, said("T1", 3, "callback", score="satisfied"))
    old = actions.receive(partner, said("T1", 2, "callback", score="unsatisfied", text="早先"))
    assert (row().score, case().stage, old.state) == ("satisfied", "closed", MessageState.OLD)
    assert case().satisfaction == "satisfied"
    assert [move.given for move in case().moves.filter(verb="visit")] == [{"satisfaction": "satisfied"}]


def test_an_unsatisfied_citizen_of_an_open_case_is_flagged_and_its_score_kept(town, partner):
    actions.receive(partner, ticket("T1"))
    kept = actions.receive(partner, said("T1", 2, "callback", score="unsatisfied", text="没人来"))
    assert (row().score, case().stage, row().troubled) == ("unsatisfied", "reported", True)
    assert codes(kept) == ["hotline.nothing_to_reopen"]


def test_the_ticket_of_a_merged_case_hears_of_the_case_that_goes_on(town, partner):
    actions.receive(partner, ticket("T1"))
    survivor = brought_to(town, "registered")
    take(town, standing(case()), "merge", "leader", into=survivor.number, reason="同一件事")
    carried()
    assert kinds() == ["received", "progress"], "nothing of what the other case was before"
    brought_to(town, "dispatched", standing(Case.objects.get(number=survivor.number)))
    carried()
    assert [one.body["case"] for one in TicketReply.objects.filter(kind="progress")[1:]] == [survivor.number] * 2


# ------------------------------------------------------------------ over HTTP, to the partner


@pytest.fixture(scope="module")
def other() -> Iterator[simulated.Partner]:
    """The simulated partner, answering on a port of its own."""
    with running() as server:
        yield server


@pytest.fixture
def reached(partner, other) -> Iterator[simulated.Partner]:
    """The partner, where it can be reached, with nothing in its memory."""
    actions.save_partner("hotline", told={"base_url": address(other), "pulls": True}, actor=SETUP)
    other.offered, other.replies, other.again = [], [], 0
    other.behave("ok")
    yield other
    other.behave("ok")


def test_replies_reach_the_partner_in_order_and_once(town, reached):
    actions.receive(partner_now(), ticket("T1"))
    brought_to(town, "registered", standing(case()))
    carried()
    assert actions.send_replies() == 3
    assert actions.send_replies() == 0
    assert [(one["number"], one["kind"]) for one in reached.replies] == [
        (1, "received"), (2, "accepted"), (3, "progress"),
    ]  # fmt: skip
    assert (row().told, reached.again) == ("progress", 0)


def test_a_partner_that_breaks_is_told_later_and_other_tickets_do_not_wait_for_its_one(town, time, reached):
    for number in ("T1", "T2"):
        actions.receive(partner_now(), ticket(number))
    reached.behave("broken")
    assert actions.send_replies() == 0
    assert set(TicketReply.objects.values_list("state", "status")) == {(ReplyState.QUEUED, 500)}
    reached.behave("ok")
    assert actions.send_replies() == 0, "not yet"
    time.pass_by(seconds=11)
    assert actions.send_replies() == 2


def test_a_partner_that_is_down_is_left_in_peace_told_on_health_and_then_told_everything(town, time, reached):
    secret_port = address(reached)
    actions.save_partner("hotline", told={"base_url": "http://127.0.0.1:9"}, actor=SETUP)
    actions.receive(partner_now(), ticket("T1"))
    assert (actions.send_replies(), actions.pull_due()) == (0, 0)
    assert partner_now().failures == 1, "it is asked once, and not by the fetching too"
    (health,) = selectors.hotline_health()
    assert (health.failure, health.queued, health.down_since) == ("hotline.no_connection", 1, clock.now())
    time.pass_by(seconds=11)
    assert actions.send_replies() == 0
    assert (partner_now().resume_at - clock.now()).total_seconds() == 20, "twice as long"
    actions.save_partner("hotline", told={"base_url": secret_port}, actor=SETUP)
    assert actions.send_replies() == 1
    assert selectors.hotline_health()[0].down_since is None


def test_a_partner_that_does_not_know_us_is_down_and_one_that_refuses_a_reply_is_shown(town, time, reached):
    actions.receive(partner_now(), ticket("T1"))
    reached.behave("stranger")
    assert actions.send_replies() == 0
    assert partner_now().failure == "hotline.partner_refuses_us"
    time.pass_by(seconds=11)
    reached.behave("strict")
    assert actions.send_replies() == 0
    assert (TicketReply.objects.get().state, row().troubled) == (ReplyState.REFUSED, True)
    reached.behave("ok")
    actions.clear_trouble(row().pk, actor=town.actor("acceptor"))
    assert (actions.send_replies(), row().troubled) == (1, False)


def test_what_was_refused_is_told_again_before_what_came_later_and_the_later_after_it(town, time, reached):
    actions.receive(partner_now(), ticket("T1"))
    reached.behave("strict")
    assert actions.send_replies() == 0
    reached.behave("ok")
    brought_to(town, "registered", standing(case()))
    carried()
    assert (actions.send_replies(), row().told) == (2, "progress"), "a refusal holds up nothing that comes after it"
    actions.clear_trouble(row().pk, actor=town.actor("acceptor"))
    assert (actions.send_replies(), actions.send_replies(), row().told) == (3, 0, "progress")
    assert ([one["number"] for one in reached.replies], reached.again) == ([2, 3, 1], 2), "1, and 2 and 3 once more"


def test_a_reply_on_its_way_while_an_earlier_one_is_put_before_it_is_told_after_that(town, time, reached, monkeypatch):
    actions.receive(partner_now(), ticket("T1"))
    reached.behave("strict")
    assert actions.send_replies() == 0
    reached.behave("ok")
    brought_to(town, "accepted", standing(case()))
    carried()
    asked, acceptor = sending.ask, town.actor("acceptor")

    def cleared_meanwhile(*given: Any) -> Any:
        monkeypatch.setattr(sending, "ask", asked)
        actions.clear_trouble(row().pk, actor=acceptor)
        return asked(*given)

    monkeypatch.setattr(sending, "ask", cleared_meanwhile)
    told = list(TicketReply.objects.filter(state=ReplyState.QUEUED).values_list("number", flat=True))
    assert told, "otherwise nothing is on its way"
    assert actions.send_replies() == 1 + len(told)
    assert set(TicketReply.objects.values_list("state", flat=True)) == {ReplyState.SENT}
    assert [one["number"] for one in reached.replies][:2] == [2, 1]
    assert reached.again == 1, "the one on its way came once more, after the first"


def slow_beside_another(reached: simulated.Partner) -> None:
    """Another partner at the same door, whose tickets came later."""
    other = actions.save_partner("gas", told={**ABOUT, "base_url": address(reached), "pulls": True}, actor=SETUP)
    for number in ("T1", "T2", "T3"):
        actions.receive(partner_now(), ticket(number))
    actions.receive(other, ticket("G1"))


def test_a_partner_that_answers_slowly_leaves_time_to_tell_the_others(town, reached):
    slow_beside_another(reached)
    assert actions.send_replies(each=0) == 2, "each had all of its time with one reply"
    assert {one["ticket"] for one in reached.replies} == {"T1", "G1"}
    assert actions.send_replies(seconds=0) == 0, "and all together no more than theirs"
    assert actions.send_replies() == 2


def test_a_partner_that_answers_slowly_leaves_time_to_fetch_from_the_others(town, time, reached, monkeypatch):
    monkeypatch.setattr("exchange.actions.pulling.PAGE", 1)
    slow_beside_another(reached)
    Partner.objects.filter(code="gas").update(pull_at=clock.now() - timedelta(seconds=1))
    time.pass_by(seconds=61)
    reached.offer([said("T1", 2, "urge", text="快"), said("T1", 3, "urge", text="快")])
    assert actions.pull_due(seconds=0) == 0
    assert actions.pull_due(each=0) == 2, "one page of each"
    assert {(one.code, one.page) for one in Partner.objects.all()} == {("gas", "1"), ("hotline", "1")}
    time.pass_by(seconds=11)
    assert actions.pull_due(each=0) == 2, "the rest soon, not in a minute"
    assert {one.page for one in Partner.objects.all()} == {""}


def test_a_partner_whose_clock_is_ahead_is_fetched_from_no_later_than_now(town, time, reached, monkeypatch):
    ahead = reached.page

    def page(*asked: Any) -> dict[str, Any]:
        return {**ahead(*asked), "until": "2199-01-01T00:00:00+00:00"}

    monkeypatch.setattr(reached, "page", page)
    assert actions.pull_due() == 0
    assert partner_now().cursor == clock.now().isoformat()


def test_a_partner_inside_our_own_networks_is_not_asked_unless_a_setting_allows_it(town, time, reached, settings):
    actions.receive(partner_now(), ticket("T1"))
    settings.OUTGOING_NETWORKS = []
    assert (actions.send_replies(), actions.pull_due()) == (0, 0)
    assert (partner_now().failure, reached.replies) == ("sending.forbidden_address", [])
    settings.OUTGOING_NETWORKS = ["127.0.0.0/8"]
    time.pass_by(seconds=11)
    assert actions.send_replies() == 1


def test_an_answer_without_end_is_read_no_further_than_it_may_be(town, reached, monkeypatch):
    monkeypatch.setattr("exchange.adapters.partner.MOST_BYTES", 100)
    reached.offer([ticket("T1")])
    assert actions.pull_due() == 0
    assert (partner_now().failure, TicketMessage.objects.count()) == ("hotline.answer_too_long", 0)


def test_whoever_dies_while_sending_leaves_the_reply_to_the_next_and_the_partner_takes_it_once(town, time, reached):
    actions.receive(partner_now(), ticket("T1"))
    before = TicketReply.objects.values().get()
    assert actions.send_replies() == 1
    TicketReply.objects.update(state="queued", sent_at=None, next_at=before["next_at"] + timedelta(seconds=120))
    assert actions.send_replies() == 0, "somebody may be at it still"
    time.pass_by(seconds=121)
    assert actions.send_replies() == 1
    assert (len(reached.replies), reached.again) == (1, 1)


def test_fetching_takes_every_message_once_from_a_while_before_the_last_time(town, time, reached, monkeypatch):
    monkeypatch.setattr("exchange.actions.pulling.PAGE", 2)
    offered = [ticket(f"T{number}") for number in range(1, 4)]
    reached.offer([*offered, {**offered[0], "version": 9}, said("T1", 2, "urge", text="快"), offered[0]])
    assert actions.pull_due() == 6
    assert (Case.objects.count(), row("T1").urged) == (3, 1)
    assert [one.code for one in TicketRefusal.objects.all()] == ["hotline.malformed"]
    assert actions.pull_due() == 0, "not yet"
    time.pass_by(seconds=61)
    reached.offer([said("T2", 2, "urge", text="也快")])
    assert actions.pull_due() == 7, "the window overlaps"
    assert (Case.objects.count(), row("T1").urged, row("T2").urged) == (3, 1, 1)
    assert TicketMessage.objects.filter(pulled=True).count() == 5


def test_fetching_goes_on_from_the_page_at_which_it_was_interrupted(town, reached, monkeypatch):
    monkeypatch.setattr("exchange.actions.pulling.PAGE", 1)
    reached.offer([ticket(f"T{number}") for number in range(1, 5)])
    monkeypatch.setattr("exchange.actions.pulling.MOST_PAGES", 2)
    assert actions.pull_due() == 2
    assert (partner_now().page, partner_now().cursor) == ("2", "")
    monkeypatch.setattr("exchange.actions.pulling.MOST_PAGES", 50)
    Partner.objects.update(pull_at=clock.now())
    assert actions.pull_due() == 2
    assert (Case.objects.count(), partner_now().page, partner_now().cursor > "2026") == (4, "", True)


@pytest.mark.parametrize("mode", ["broken", "stranger"])
def test_a_partner_that_cannot_be_fetched_from_keeps_its_place(town, reached, mode):
    reached.behave(mode)
    assert actions.pull_due() == 0
    assert partner_now().down_since is not None
    assert partner_now().cursor == ""


# ------------------------------------------------------------------ over HTTP, from the partner


def posted(client: Client, given: object, *, secret: str = SECRET, headers: dict[str, str] | None = None):
    body = given if isinstance(given, bytes) else json.dumps(given).encode()
    path = "/api/hotline/hotline/messages"
    signed = headers or simulated.signed(secret, "POST", path, body)
    return client.post(path, body, content_type="application/json", headers=signed)


def test_a_signed_message_is_answered_and_a_repeat_is_answered_the_same(town, partner, client):
    given = ticket("T1")
    first, again = posted(client, given), posted(client, given)
    assert (first.status_code, again.status_code, first.content) == (200, 200, again.content)
    assert first.json() == {
        "ticket": "T1", "sequence": 1, "state": "applied", "ticket_state": "taken", "case": case().number, "flags": [],
    }  # fmt: skip
    waits = posted(client, ticket("T2", **{"class": "未知"}))
    assert (waits.status_code, waits.json()["flags"][0]["code"]) == (202, "hotline.unknown_class")
    assert Case.objects.count() == 1


def test_a_signed_form_with_a_file_is_refused_as_what_cannot_be_kept(town, partner, client):
    body = (
        b'--x\r\nContent-Disposition: form-data; name="content"; filename="a.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\na\r\n--x--\r\n"
    )
    path = "/api/hotline/hotline/messages"
    signed = simulated.signed(SECRET, "POST", path, body)
    refused = client.post(path, body, content_type="multipart/form-data; boundary=x", headers=signed)
    assert (refused.status_code, refused.json()["code"]) == (400, "hotline.unstorable")


def test_nobody_comes_in_without_a_signature_of_now_and_nobody_twice_with_one(town, partner, client):
    body = json.dumps(ticket("T1")).encode()
    good = simulated.signed(SECRET, "POST", "/api/hotline/hotline/messages", body)
    old = {**good, "X-Partner-Timestamp": str(int(real_time.time()) - 1000)}
    for headers, code in (
        ({"X-Other": "1"}, "hotline.no_signature"),
        (old, "hotline.bad_signature"),
        ({**good, "X-Partner-Signature": "é" * 64}, "hotline.bad_signature"),
        ({**good, "X-Partner-Nonce": "x"}, "hotline.no_signature"),
        (aged(body), "hotline.out_of_time"),
    ):
        refused = posted(client, body, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (401, code)
    assert posted(client, body, secret="another").status_code == 401
    assert not TicketMessage.objects.exists()
    assert posted(client, body, headers=good).status_code == 200
    replayed = posted(client, body, headers=good)
    assert (replayed.status_code, replayed.json()["code"]) == (409, "hotline.replayed")
    counted = {one.code: one.times for one in TicketRefusal.objects.all()}
    assert counted == {
        "hotline.no_signature": 2, "hotline.bad_signature": 3, "hotline.out_of_time": 1, "hotline.replayed": 1,
    }  # fmt: skip
    assert all(one.excerpt == "" for one in TicketRefusal.objects.all())


def aged(body: bytes) -> dict[str, str]:
    stamp, nonce = str(int(real_time.time()) - 1000), "abcdefgh1234"
    made = rules.signature(SECRET, stamp, nonce, "POST", "/api/hotline/hotline/messages", body)
    return {"X-Partner-Timestamp": stamp, "X-Partner-Nonce": nonce, "X-Partner-Signature": made}


def test_what_is_refused_is_answered_with_code_and_sentence_and_kept_masked(town, partner, client):
    for body in (b"{", b'{"a": NaN}', b"[" * 99, b"\xff", b'"\\u0000"', b"[]", b"null"):
        refused = posted(client, body)
        assert (refused.status_code, bool(refused.json()["message"])) == (400, True), body
    caller = {"name": "林小雨", "phone": "13812345678"}
    refused = posted(client, {**ticket("T1", caller=caller), "version": 7})
    assert (refused.status_code, refused.json()["code"]) == (400, "hotline.malformed")
    kept = TicketRefusal.objects.first()
    assert "/version" in kept.params["where"]
    assert "13812345678" not in kept.excerpt
    assert "林小雨" not in kept.excerpt
    assert TicketRefusal.objects.count() == 8


def test_a_partner_out_of_use_or_without_a_secret_is_answered_nothing(town, partner, client, settings):
    settings.PARTNER_SECRETS = {}
    assert posted(client, ticket("T1")).json()["code"] == "hotline.no_secret"
    actions.save_partner("hotline", told={"enabled": False}, actor=SETUP)
    assert posted(client, ticket("T1")).status_code == 404


def test_the_published_contract_is_a_schema_that_its_own_messages_fit(client, db):
    found = client.get("/api/hotline/schema").json()
    assert schema_problems(found) == []
    assert validate(found, ticket("T1")) == []
    assert validate(found, said("T1", 2, "callback", score="perhaps"))
