"""Entries become messages: for those they concern, once, never for strangers, never for whoever did it."""

from datetime import time as hour

import pytest

from accounts import actions as accounts
from accounts.selectors import actor_of
from cases.actions import put_ladders, sweep
from core.errors import Forbidden, Invalid, NotFound
from exchange import actions, selectors
from exchange.contracts.messages import MESSAGE_ARRIVED, MESSAGES_READ, occasions, told_kinds
from exchange.models import Delivery, Message
from journal import selectors as journal
from journal.contracts import kinds, subscribers
from journal.models import Entry
from tests.cases.factories import HERE, SETUP, brought_to, names, take
from tests.exchange.post import adopt_base, carried, newest, told


@pytest.fixture
def post(town):
    """The town with the base pack's templates."""
    adopt_base()
    carried()
    return town


def test_every_occasion_has_kinds_that_exist_and_a_text_in_the_base_pack(post):
    assert set(told_kinds()) <= set(kinds())
    assert all(entry.in_use for entry in selectors.templates())
    assert subscribers()["exchange.tell_people"].patterns == told_kinds()
    assert len(occasions()) >= 11


def test_a_case_that_is_dispatched_is_told_to_the_desk_of_its_department_and_to_nobody_else(post):
    case = brought_to(post, "dispatched")
    carried()
    assert told(post.people["desk"]) == ["case.dispatched"]
    message = newest(post.people["desk"]).message
    assert message.titles == {"zh": "新案件：机动车乱停放", "en": "New case: Vehicle mis-parking"}
    assert case.number in message.bodies["en"]
    assert f"d{HERE}-appearance" in message.bodies["en"]
    assert "{" not in message.bodies["zh"] + message.bodies["en"]
    assert (message.subject, message.href) == (case.number, f"/cases/{case.number}/")
    for name in ("desk2", "handler", "handler2", "acceptor", "evaluator", "city_dispatcher"):
        assert told(post.people[name]) == [], name


def test_who_is_assigned_is_told_and_the_desk_that_assigned_is_not(post):
    brought_to(post, "handling")
    carried()
    assert told(post.people["handler"]) == ["case.assigned"]
    assert told(post.people["handler_b"]) == []
    assert "case.assigned" not in told(post.people["desk"])
    assert "Desk" in newest(post.people["handler"]).message.bodies["zh"]


def test_what_the_desk_did_itself_is_no_news_to_it(post):
    accounts.upsert_role(
        code="both", names=names("两", "Both"), permissions=["desk", "handle", "case.see"], actor=SETUP
    )
    accounts.grant(user=post.people["desk"], role="both", org=f"d{HERE}-appearance", actor=SETUP)
    case = brought_to(post, "dispatched")
    take(post, case, "assign", "desk", handler="@desk")
    carried()
    assert told(post.people["desk"]) == [], "dispatched has passed, and assigning oneself is one's own act"


def test_a_redo_goes_to_the_handler_and_a_failed_check_to_those_who_command(post):
    case = take(post, brought_to(post, "handled"), "redo", "desk", reason="不合格")
    carried()
    assert told(post.people["handler"])[0] == "case.rework"
    case = take(post, case, "submit", "handler", result="再办", photos="@")
    case = take(post, case, "confirm", "desk")
    case = take(post, case, "send_check", "acceptor", collector="@collector")
    carried()
    assert told(post.people["collector"]) == ["case.to_look"]
    take(post, case, "check_fail", "collector", reason="仍在", photos="@")
    carried()
    assert told(post.people["district_dispatcher"])[0] == "case.rework"
    assert told(post.people["district_dispatcher2"]) == []


def test_a_case_that_has_gone_on_meanwhile_is_no_news(post):
    brought_to(post, "closed")
    carried()
    assert told(post.people["desk"]) == told(post.people["handler"]) == []
    assert told(post.people["collector"]) == ["case.ended"], "whoever reported hears of the end"


def test_due_soon_and_overdue_are_told_once_each_and_the_desk_hears_of_the_latter(post, time):
    brought_to(post, "handling")
    carried()
    time.pass_by(minutes=100)
    for _again in range(2):
        sweep()
        carried()
    assert told(post.people["handler"]) == ["case.due_soon", "case.assigned"]
    time.pass_by(minutes=30)
    sweep()
    carried()
    assert told(post.people["handler"])[0] == "case.overdue"
    assert told(post.people["desk"])[0] == "case.overdue"
    assert "case.due_soon" not in told(post.people["desk"])


def test_an_overdue_case_climbs_its_ladder_to_the_district_and_the_city_and_says_that_it_is_told_late(post, time):
    rungs = [{"late": 60, "tell": ["leader", "district"]}, {"late": 240, "tell": ["city"]}]
    put_ladders([{"clock": "handling", "rungs": rungs}], pack="base")
    brought_to(post, "handling")
    time.pass_by(minutes=181)
    sweep()
    carried()
    assert told(post.people["district_dispatcher"])[0] == told(post.people["desk"])[0] == "case.escalated"
    assert "（应于" not in newest(post.people["desk"]).message.bodies["zh"]
    assert told(post.people["city_dispatcher"]) == told(post.people["district_dispatcher2"]) == []
    time.pass_by(hours=6)
    sweep()
    carried()
    message = newest(post.people["city_dispatcher"]).message
    assert "已超 7 小时" in message.titles["zh"]
    assert "should have been told" in message.bodies["en"]
    assert told(post.people["handler"]) == ["case.assigned"], "the breach is told to nobody by this ladder"


def test_an_entry_brought_again_tells_nobody_twice(post):
    brought_to(post, "dispatched")
    carried()
    (entry,) = [one for one in journal.history(Message.objects.get().subject) if one.kind == "case.dispatched.v1"]
    before = Entry.objects.count()
    assert actions.tell_people(entry) == 0
    assert (Message.objects.count(), Delivery.objects.count(), Entry.objects.count()) == (1, 1, before)
    Delivery.objects.all().delete()
    assert actions.tell_people(entry) == 1, "who is missing gets it, under the same message"
    assert Message.objects.count() == 1


def test_who_may_not_see_the_case_is_not_told_although_the_duty_is_theirs(post):
    accounts.upsert_role(code="blind", names=names("盲", "Blind"), permissions=["desk"], actor=SETUP)
    blind = accounts.create_user(username="blind", password="a town of tests 7", label="B", actor=SETUP)
    accounts.grant(user=blind, role="blind", org=f"d{HERE}-appearance", actor=SETUP)
    brought_to(post, "dispatched")
    carried()
    assert told(blind) == []
    assert told(post.people["desk"]) == ["case.dispatched"]


def test_who_was_switched_off_is_not_told(post):
    brought_to(post, "dispatched")
    accounts.change_person(post.people["desk"].pk, active=False, actor=SETUP)
    carried()
    assert not Delivery.objects.exists()


def test_news_of_last_week_is_told_to_nobody(post, time):
    brought_to(post, "dispatched")
    time.pass_by(days=4)
    carried()
    assert not Message.objects.exists()


def test_nothing_is_told_at_an_occasion_that_was_switched_off(post):
    says = selectors.template("case.dispatched")
    actions.save_template("case.dispatched", **says.texts, enabled=False, seen=says.version, actor=SETUP)
    brought_to(post, "dispatched")
    carried()
    assert not Message.objects.exists()


def test_what_somebody_muted_does_not_come_and_the_rest_does(post):
    desk = actor_of(post.people["desk"])
    actions.prefer(actor=desk, muted=["case.dispatched"])
    brought_to(post, "dispatched")
    carried()
    assert told(post.people["desk"]) == []
    assert not Entry.objects.filter(kind=MESSAGE_ARRIVED).exists()


@pytest.mark.parametrize(("begins", "ends", "silent"), [("08:00", "10:00", True), ("22:00", "08:30", False)])
def test_in_quiet_hours_messages_come_silently(post, time, begins, ends, silent):
    desk = actor_of(post.people["desk"])
    actions.prefer(actor=desk, quiet_from=hour.fromisoformat(begins), quiet_until=hour.fromisoformat(ends))
    brought_to(post, "dispatched")
    carried()
    assert newest(post.people["desk"]).silent is silent
    entry = Entry.objects.get(kind=MESSAGE_ARRIVED)
    assert entry.data["silent"] is silent
    assert {one.kind.split(".")[0] for one in journal.history(newest(post.people["desk"]).message.subject)} == {"case"}
    assert entry.scopes == [f"user:{desk.user_id}"], "only whom it is for hears that it came"


def test_quiet_hours_and_mutes_that_make_no_sense_are_refused(post):
    desk = actor_of(post.people["desk"])
    for wrong in ({"quiet_from": hour(22)}, {"quiet_from": hour(22), "quiet_until": hour(22)}, {"muted": ["no.such"]}):
        with pytest.raises(Invalid):
            actions.prefer(actor=desk, **wrong)
    with pytest.raises(Forbidden):
        actions.prefer(actor=SETUP, muted=[])


def test_reading_is_for_the_owner_and_told_to_their_other_windows(post):
    brought_to(post, "handling")
    carried()
    handler, other = actor_of(post.people["handler"]), actor_of(post.people["handler_b"])
    row = newest(post.people["handler"])
    with pytest.raises(NotFound):
        actions.read_message(row.pk, actor=other)
    assert selectors.unread(handler) == 1
    first = actions.read_message(row.pk, actor=handler).read_at
    assert actions.read_message(row.pk, actor=handler).read_at == first, "the second look changes nothing"
    assert selectors.unread(handler) == 0
    (entry,) = Entry.objects.filter(kind=MESSAGES_READ)
    assert (entry.data, entry.user_id) == ({"messages": 1, "unread": 0}, handler.user_id)


def test_all_is_read_but_what_came_after_the_page_was_shown(post):
    brought_to(post, "dispatched")
    carried()
    desk = actor_of(post.people["desk"])
    shown = newest(post.people["desk"]).pk
    brought_to(post, "dispatched")
    carried()
    assert actions.read_all(actor=desk, up_to=shown) == 1
    assert selectors.unread(desk) == 1
    assert actions.read_all(actor=desk, occasion="case.overdue") == 0
    assert actions.read_all(actor=desk) == 1
    assert actions.read_all(actor=desk) == 0


def test_pages_go_from_the_unread_to_the_read_without_a_double_or_a_hole(post):
    for _case in range(5):
        brought_to(post, "dispatched")
    carried()
    desk = actor_of(post.people["desk"])
    pks = [row.pk for row in selectors.inbox(desk).order_by("-pk")]
    for pk in (pks[0], pks[2]):
        actions.read_message(pk, actor=desk)
    found, after = [], ""
    while True:
        page = selectors.inbox_page(desk, after=after, limit=2)
        found += [row.pk for row in page.rows]
        after = page.after
        if not after:
            break
    assert found == [pks[1], pks[3], pks[4], pks[0], pks[2]]
    assert len(selectors.inbox_page(desk, only_unread=True).rows) == 3
    assert selectors.inbox_page(desk, occasion="case.overdue").rows == []
    with pytest.raises(Invalid):
        selectors.inbox_page(desk, after="x1")


def test_messages_are_forgotten_when_they_are_of_no_more_use(post, time):
    brought_to(post, "dispatched")
    brought_to(post, "dispatched")
    carried()
    desk = actor_of(post.people["desk"])
    actions.read_message(newest(post.people["desk"]).pk, actor=desk)
    time.pass_by(days=29)
    assert actions.forget_messages() == 0
    time.pass_by(days=2)
    assert actions.forget_messages() == 1
    assert Message.objects.count() == 1, "the unread one is kept longer"
    time.pass_by(days=150)
    assert actions.forget_messages() == 1
    assert not Message.objects.exists()
