"""Supervision orders 督办, passing a case around 推诿, and coordination where nobody will have it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.test import Client

from cases import actions, selectors
from cases.actions import orders as order_actions
from cases.models import Case, Move, Order, Rung
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from journal.models import Entry
from tests.cases.factories import HERE, REQUEST_RULES, STEPS_MODEL, asked, brought_to, granted, signed, standing, take

pytestmark = pytest.mark.django_db
APPEARANCE = f"d{HERE}-appearance"


def no(call, error, code):
    before = (Move.objects.count(), Entry.objects.count())
    with pytest.raises(error) as caught:
        call()
    assert caught.value.code == code
    assert before == (Move.objects.count(), Entry.objects.count())


def pressed(town, case, who="leader", hours=2, **given):
    ready = {"kind": "leader", "requirement": "今日内办结", **given}
    due = selectors.view_of(Case.objects.get(number=case.number)).reported_at + timedelta(hours=hours)
    return actions.order(case.number, actor=town.actor(who), version=standing(case).version, due_at=due, **ready)


def replied(town, row, who="desk", text="已派人"):
    version = standing(row.case).version
    return actions.reply(row.case.number, row.pk, actor=town.actor(who), version=version, text=text)


def test_an_order_says_what_is_demanded_by_when_and_is_answered_once(town, time):
    case = brought_to(town, "handling")
    row = pressed(town, case)
    assert (row.level, row.org) == ("city", case.org)
    replied(town, row)
    no(lambda: replied(town, row), Conflict, "case.order_replied")
    assert selectors.order_state(Order.objects.get()) == "replied"
    told = list(Entry.objects.filter(kind__startswith="order.").order_by("id").values_list("kind", flat=True))
    assert told == ["order.issued.v1", "order.replied.v1"]
    assert f"dept:{APPEARANCE}" in Entry.objects.get(kind="order.issued.v1").scopes


def test_an_answer_that_is_late_is_told_once_and_stays_late(town, time):
    row = pressed(town, brought_to(town, "handling"))
    time.pass_by(hours=3)
    assert (actions.sweep_orders(), actions.sweep_orders()) == (1, 0)
    assert Entry.objects.filter(kind="order.overdue.v1").count() == 1
    assert selectors.order_state(replied(town, row)) == "late"


def test_who_may_press_and_who_answers(town, time):
    case = brought_to(town, "handling")
    no(lambda: pressed(town, case, "desk"), Forbidden, "case.not_your_duty")
    row = pressed(town, case, "district_dispatcher")
    assert row.level == "district"
    no(lambda: replied(town, row, "handler"), Forbidden, "case.not_your_duty")
    no(lambda: replied(town, row, "district_dispatcher"), Forbidden, "case.own_order")
    no(lambda: replied(town, row, text=" "), Invalid, "case.needs_reply")


def test_an_order_needs_a_case_that_somebody_has_words_and_a_day_to_come(town, time):
    case = brought_to(town, "registered")
    no(lambda: pressed(town, case), Conflict, "case.nobody_to_order")
    case = brought_to(town, "handling")
    no(lambda: pressed(town, case, kind="mood"), Invalid, "case.unknown_order")
    no(lambda: pressed(town, case, requirement=" "), Invalid, "case.needs_requirement")
    no(lambda: pressed(town, case, hours=0), Invalid, "case.needs_order_due")
    pressed(town, case)
    no(lambda: pressed(town, case), Conflict, "case.order_open")
    assert pressed(town, case, kind="timeout").pk


def test_the_database_itself_refuses_an_answer_by_who_issued_the_order(town, time):
    row = pressed(town, brought_to(town, "handling"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=row.pk).update(reply="x", replied_by=row.issued_by, replied_at=time.moment)


def test_cases_whose_order_waits_for_an_answer_and_cases_on_hold_have_queues_of_their_own(town, time):
    case, other = brought_to(town, "handling"), brought_to(town, "handling")
    rows = [pressed(town, case), pressed(town, case, kind="important")]
    held = granted(town, other, "hold", "desk", "leader", until=time.moment + timedelta(days=3))
    for who, seen in (("leader", 1), ("desk", 1), ("desk2", 0)):
        counts = selectors.counts(town.actor(who))
        assert (counts["pressed"], counts["held"]) == (seen, seen), who
        assert selectors.counts_up_to(town.actor(who), 9) == counts

    def listed(queue):
        return [row.number for row in selectors.filtered({"queue": queue}, town.actor("desk"))]

    assert (listed("pressed"), listed("held")) == ([case.number], [held.number])
    replied(town, rows[0])
    assert listed("pressed") == [case.number], "the other order still waits"
    replied(town, rows[1])
    time.pass_by(days=4)
    actions.end_holds()
    assert (listed("pressed"), listed("held")) == ([], [])


# ---------------------------------------------------------------- shirking and coordination


def returned(town, case, verb, who, **given):
    """The case, sent there and returned with approval by whoever has it then."""
    sent = take(town, case, verb, "city_dispatcher", **given)
    return take(town, granted(town, sent, "return", who, "leader"), "send_back", who)


def passed_around(town):
    case = brought_to(town, "registered")
    back = returned(town, case, "dispatch", "desk", department=APPEARANCE)
    assert back.stage == "returned"
    assert Case.objects.get().coordination == ""
    return returned(town, back, "dispatch_district", "district_dispatcher", district_centre=f"d{HERE}")


def test_a_case_returned_by_two_different_organisations_counts_as_shirked_and_goes_to_coordination(town):
    case = passed_around(town)
    row = Case.objects.get()
    assert (row.coordination, row.return_count) == ("shirked", 2)
    assert row.shirked_at is not None
    assert Entry.objects.filter(kind="case.shirked.v1").count() == 1
    assert selectors.counts(town.actor("city_dispatcher"))["coordination"] == 1
    no(lambda: take(town, case, "dispatch", "city_dispatcher", department="d449902-appearance"), Conflict,
       "case.needs_coordination")  # fmt: skip


def test_who_shirked_which_case_when_and_why_is_a_fact_that_an_exemption_does_not_undo(town):
    case = passed_around(town)
    facts = selectors.shirked_by(case.number)
    assert [(one.organisation, one.reason, one.exempt) for one in facts] == [
        (APPEARANCE, "需要", False),
        (f"d{HERE}", "需要", False),
    ]
    Case.objects.update(exempt=True)
    assert [(one.organisation, one.exempt) for one in selectors.shirkings(town.actor("leader"), 30)] == [
        (APPEARANCE, True),
        (f"d{HERE}", True),
    ]
    assert selectors.shirk_counts(facts) == {f"d{HERE}": 1, APPEARANCE: 1}
    assert selectors.shirkings(town.actor("desk2"), 30) == []
    assert selectors.shirked_by("0" * 20) == selectors.shirked_by(brought_to(town, "dispatched").number) == []
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(town.people["leader"])
    there = 'href="/cases/shirking/"'
    assert there in client.get("/cases/?queue=coordination").content.decode()
    assert there not in client.get("/cases/?queue=mine").content.decode()
    page = client.get("/cases/shirking/?organisation=" + APPEARANCE).content.decode()
    assert f"/cases/{case.number}/" in page
    assert "已免除" in page
    assert [one["organisation"] for one in client.get("/api/cases/shirking?days=7").json()] == [APPEARANCE, f"d{HERE}"]
    assert client.get("/api/cases/shirking?days=0").status_code == 400


def test_how_many_returns_count_as_shirking_is_data(town):
    lenient = [{**rule, "shirk_after": 0} for rule in REQUEST_RULES]
    actions.save_request_rules(lenient, pack="test")
    passed_around(town)
    assert Case.objects.get().coordination == ""


def coordinated(town, case, who="city_dispatcher", organisation=APPEARANCE, reason="属地管理"):
    version = standing(case).version
    return actions.coordinate(
        case.number, actor=town.actor(who), version=version, organisation=organisation, reason=reason
    )


def test_what_was_coordinated_goes_there_and_is_not_returned_again(town):
    case = passed_around(town)
    no(lambda: coordinated(town, case, "desk"), NotFound, "case.unknown")
    no(lambda: coordinated(town, case, "leader"), Forbidden, "case.not_your_duty")
    no(lambda: coordinated(town, case, reason=" "), Invalid, "case.needs_reason")
    settled = coordinated(town, case)
    no(lambda: take(town, settled, "dispatch_district", "city_dispatcher", district_centre=f"d{HERE}"), Invalid,
       "case.bound_elsewhere")  # fmt: skip
    sent = take(town, settled, "dispatch", "city_dispatcher", department=APPEARANCE)
    no(lambda: granted(town, sent, "return", "desk", "leader"), Conflict, "case.bound")
    no(lambda: coordinated(town, sent), Conflict, "case.nothing_to_coordinate")


def test_a_case_that_nobody_answers_for_goes_to_coordination(town):
    actions.save_responsibilities([], pack="test")
    case = brought_to(town, "registered")
    assert Case.objects.get().coordination == "no_owner"
    settled = coordinated(town, case, organisation=f"d{HERE}")
    sent = take(town, settled, "dispatch_district", "city_dispatcher", district_centre=f"d{HERE}")
    assert (sent.stage, Case.objects.get().coordination) == ("at_district", "")


def test_orders_and_coordination_on_the_page_and_over_http(town):
    case = brought_to(town, "handling")
    pages = {who: Client(headers={"accept-language": "en"}) for who in ("leader", "desk", "city_dispatcher")}
    for who, client in pages.items():
        client.force_login(town.people[who])
    given = {"kind": "important", "requirement": "加快办理", "due_at": "2099-01-01T10:00", "version": case.version}
    assert pages["desk"].post(f"/cases/{case.number}/order/", given).status_code == 403
    assert pages["leader"].post(f"/cases/{case.number}/order/", given).status_code == 302
    row = Order.objects.get()
    shown = pages["desk"].get(f"/cases/{case.number}/").content.decode()
    assert "加快办理" in shown
    assert "answer awaited" in shown
    send = {"content_type": "application/json"}
    path = f"/api/cases/{case.number}/orders/{row.pk}/reply"
    assert pages["desk"].post(path, {"text": "好"}, **send).status_code == 428
    match = {"HTTP_IF_MATCH": f'"{case.version + 1}"'}
    answer = pages["desk"].post(path, {"text": "好"}, **send, **match)
    assert (answer.status_code, answer.json()["reply"]) == (200, "好")
    assert pages["leader"].get(f"/api/cases/{case.number}/orders").json()[0]["replied_label"] == "Desk"
    around = passed_around_number(town)
    assert "To coordinate" in pages["city_dispatcher"].get("/cases/?queue=coordination").content.decode()
    page = pages["city_dispatcher"].get(f"/cases/{around.number}/").content.decode()
    assert "Several organisations have returned this case." in page
    settle = {"organisation": APPEARANCE, "reason": "属地", "version": around.version}
    assert pages["city_dispatcher"].post(f"/cases/{around.number}/coordinate/", settle).status_code == 302
    assert Case.objects.get(number=around.number).bound_to == APPEARANCE


def passed_around_number(town):
    back = returned(town, brought_to(town, "registered"), "dispatch", "desk", department=APPEARANCE)
    return returned(town, back, "dispatch_district", "district_dispatcher", district_centre=f"d{HERE}")


# ---------------------------------------------------------------- orders that a breach issues by itself

BY_ITSELF = {
    "clock": "handling", "level": "district", "within": {"value": 2, "unit": "urgent_hour"},
    "says": {"zh": "已超时，请说明", "en": "Late: say why"},
}  # fmt: skip


def pressing(*orders):
    """The city's model presses by itself for the breach of these clocks."""
    actions.save_steps_model({**STEPS_MODEL, "timeout_orders": list(orders)}, pack="test")


def issued():
    return Entry.objects.filter(kind="order.issued.v1").count()


def test_a_breach_is_an_order_by_itself_where_the_model_says_so_once_whatever_happens_to_workers(
    town, time, monkeypatch
):
    pressing(BY_ITSELF)
    case = brought_to(town, "dispatched")
    time.pass_by(hours=2)
    actions.sweep()
    assert not Order.objects.exists(), "who ends exactly at the deadline is in time"
    time.pass_by(minutes=1)
    with monkeypatch.context() as dying:
        dying.setattr(order_actions, "_tell", lambda *_given: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            actions.sweep()
    assert (Order.objects.count(), Rung.objects.filter(code="breach").count()) == (0, 0)
    actions.sweep(), actions.sweep()
    row = Order.objects.get()
    assert (row.kind, row.level, row.issued_by, row.org) == ("timeout", "district", "rule:timeout", case_of(case).org)
    assert (row.due_at, row.rung.code, row.rung.clock.kind) == (time() + timedelta(hours=2), "breach", "handling")
    assert (issued(), Move.objects.filter(verb="order", actor="rule:timeout").count()) == (1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=pressed(town, case, hours=9).pk).update(rung=row.rung)
    time.pass_by(hours=3)
    actions.sweep(), actions.sweep_orders()
    assert selectors.order_state(replied(town, row)) == "late"
    actions.sweep()
    assert Order.objects.filter(kind="timeout").count() == 1, "the breach was pressed for"


def test_an_order_by_itself_lets_an_open_form_be_sent_and_whatever_a_person_did_does_not(town, time):
    pressing(BY_ITSELF)
    open_form = brought_to(town, "dispatched")
    time.pass_by(hours=3)
    actions.sweep()
    assert standing(open_form).version == open_form.version + 1
    taken = take(town, open_form, "assign", "desk", handler="@handler")
    assert (taken.stage, taken.version) == ("handling", open_form.version + 2)
    mine, others = (
        selectors.taken_before(open_form.number, "assign", actor=town.actor(name), version=open_form.version)
        for name in ("desk", "handler")
    )
    assert (mine.number, others) == (taken.number, None), "whoever heard no answer is told so over the order too"
    with pytest.raises(Stale):
        take(town, open_form, "assign", "desk", handler="@handler")
    with pytest.raises(Stale):
        actions.submit(taken.number, actor=town.actor("handler"), version=taken.version + 1, result="清了")
    ordered = brought_to(town, "dispatched")
    pressed(town, ordered, hours=9)
    with pytest.raises(Stale):
        take(town, ordered, "assign", "desk", handler="@handler")
    assert case_of(ordered).stage == "dispatched"


def test_once_a_person_has_answered_an_order_by_itself_an_open_form_looks_again(town, time):
    pressing(BY_ITSELF)
    case = brought_to(town, "dispatched")
    time.pass_by(hours=3)
    actions.sweep()
    replied(town, Order.objects.get())
    assert case_of(case).version == case.version + 2
    with pytest.raises(Stale):
        take(town, case, "assign", "desk", handler="@handler")


def test_a_stage_has_its_own_order_a_second_waits_for_the_answer_and_a_new_term_breaks_anew(town, time):
    pressing(BY_ITSELF, {**BY_ITSELF, "clock": "stage", "stage": "at_district", "level": "city"})
    case = take(
        town, brought_to(town, "registered"), "dispatch_district", "city_dispatcher", district_centre=f"d{HERE}"
    )
    time.pass_by(hours=1)
    actions.sweep()
    assert (Order.objects.get().level, Order.objects.get().rung.clock.stage) == ("city", "at_district")
    sent = take(town, standing(case), "dispatch", "district_dispatcher", department=APPEARANCE)
    time.pass_by(hours=3)
    actions.sweep()
    assert Order.objects.count() == 1, "the first still waits for its answer"
    page = Client(headers={"accept-language": "en"})
    page.force_login(town.people["desk"])
    shown = page.get(f"/cases/{sent.number}/").content.decode()
    assert "Late: say why" in shown
    assert "Issued by itself" in shown


def test_no_breach_presses_where_the_model_does_not_ask_for_it_or_nobody_has_the_case(town, time):
    brought_to(town, "dispatched")
    time.pass_by(hours=9)
    assert actions.sweep() > 0
    assert not Order.objects.exists()
    pressing({**BY_ITSELF, "clock": "stage"})
    brought_to(town, "reported")
    time.pass_by(hours=9)
    assert actions.sweep() > 0
    assert not Order.objects.exists(), "a post of the centre is told by its ladder"


def case_of(view):
    return Case.objects.get(number=view.number)


# ---------------------------------------------------------------- a return is refused, and the case still not taken

IN_TIME = {"value": 2, "unit": "urgent_hour"}


def refused(town, time, *, within=IN_TIME):
    """A case that its department wanted to return, and was told to keep."""
    ruled = [{**rule, "take_within": within} if rule["kind"] == "return" else rule for rule in REQUEST_RULES]
    actions.save_request_rules(ruled, pack="test")
    case = brought_to(town, "dispatched")
    signed(town, asked(town, case, "return", "desk"), "leader", approve=False, answer="是你们的职责")
    return standing(case)


def test_a_case_that_is_not_taken_after_its_return_was_refused_is_shirked_once_whenever_that_is_looked_at(town, time):
    case = refused(town, time)
    time.pass_by(hours=2)
    assert actions.sweep_untaken() == 0
    time.pass_by(hours=5)
    take(town, case, "assign", "desk", handler="@handler")
    assert (actions.sweep_untaken(), actions.sweep_untaken()) == (1, 0)
    (fact,) = selectors.shirked_by(case.number)
    assert (fact.organisation, fact.kind, fact.reason) == (APPEARANCE, "not_taken", "需要")
    assert selectors.shirkings(town.actor("leader"), 30) == [fact]
    assert selectors.shirkings(town.actor("desk2"), 30) == []
    assert (case_of(case).shirked_at, case_of(case).coordination) == (None, ""), "nobody else is asked to have it"
    assert Entry.objects.filter(kind="case.not_taken.v1", actor="rule:shirking").count() == 1
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(town.people["leader"])
    assert "推诿：退回未获批准" in client.get(f"/cases/{case.number}/").content.decode()
    assert "退回未获批准，未接办" in client.get("/cases/shirking/").content.decode()
    assert [one["kind"] for one in client.get("/api/cases/shirking?days=7").json()] == ["not_taken"]


@pytest.mark.parametrize("end", ["taken", "held", "no rule"])
def test_who_takes_the_case_in_time_or_may_wait_and_a_city_without_such_a_time_have_no_such_fact(town, time, end):
    case = refused(town, time, within={} if end == "no rule" else IN_TIME)
    time.pass_by(minutes=5)
    if end == "taken":
        take(town, case, "assign", "desk", handler="@handler")
    elif end == "held":
        granted(town, case, "hold", "desk", "leader", until=time.moment + timedelta(days=3))
    time.pass_by(hours=9)
    assert actions.sweep_untaken() == 0
    assert selectors.shirked_by(case.number) == []
    assert not Entry.objects.filter(kind="case.not_taken.v1").exists()


def test_who_took_the_case_after_one_refusal_is_awaited_anew_after_the_next(town, time):
    case = refused(town, time)
    time.pass_by(minutes=5)
    begun = take(town, case, "assign", "desk", handler="@handler")
    again = take(town, begun, "revoke", "desk", reason="不归我们")
    signed(town, asked(town, again, "return", "desk"), "leader", approve=False, answer="是你们的职责")
    time.pass_by(hours=9)
    assert (actions.sweep_untaken(), actions.sweep_untaken()) == (1, 0)
    (fact,) = selectors.shirked_by(case.number)
    assert (fact.organisation, fact.kind) == (APPEARANCE, "not_taken")
