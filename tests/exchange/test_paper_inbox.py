"""Orders, requests, holds and coordination are told: to those who must answer, sign or settle, and to who asked."""

import pytest

from cases import actions
from cases.models import Request
from tests.cases.factories import asked, brought_to, signed, take
from tests.cases.test_orders import passed_around, pressed, replied
from tests.cases.test_requests import held
from tests.exchange.post import adopt_base, carried, newest, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(town):
    """The town with the base pack's templates."""
    adopt_base()
    carried()
    return town


def messages(post, *names):
    return [told(post.people[name])[:1] for name in names]


def test_an_order_is_told_to_whoever_has_the_case_and_its_answer_to_who_issued_it(post, time):
    row = pressed(post, brought_to(post, "handling"))
    carried()
    assert messages(post, "desk", "handler", "district_dispatcher") == [["order.issued"]] * 3
    assert messages(post, "desk2", "leader", "acceptor") == [[]] * 3
    shown = newest(post.people["desk"]).message
    assert "（领导交办）" in shown.titles["zh"]
    assert "16 11:00" in shown.bodies["zh"]
    replied(post, row)
    carried()
    assert messages(post, "leader") == [["order.replied"]]
    assert "order.replied" not in told(post.people["desk"])


def test_an_order_that_is_not_answered_in_time_is_told_to_both_sides_once(post, time):
    pressed(post, brought_to(post, "handling"))
    time.pass_by(hours=3)
    for _again in range(2):
        actions.sweep_orders()
        carried()
    assert told(post.people["leader"]) == ["order.overdue"]
    assert told(post.people["desk"]).count("order.overdue") == 1
    assert "order.issued" not in told(post.people["desk2"])


def test_an_order_that_was_answered_meanwhile_is_no_news_to_whoever_answered(post, time):
    replied(post, pressed(post, brought_to(post, "handling")))
    carried()
    assert "order.issued" not in told(post.people["desk"]) + told(post.people["handler"])
    assert told(post.people["leader"]) == ["order.replied"]


def test_a_request_is_told_to_each_signer_in_turn_and_its_outcome_to_who_asked(post, time):
    request = asked(post, brought_to(post, "handling"), "extension", "handler", minutes=60)
    carried()
    assert messages(post, "desk") == [["request.to_sign"]]
    assert messages(post, "city_dispatcher", "desk2") == [[], []]
    signed(post, request, "desk")
    carried()
    assert messages(post, "district_dispatcher", "city_dispatcher") == [["request.to_sign"], []]
    signed(post, Request.objects.get(), "district_dispatcher", approve=False, answer="不必")
    carried()
    message = newest(post.people["handler"]).message
    assert message.occasion == "request.decided"
    assert message.titles == {"zh": "您的延期申请未批准", "en": "Your request (extension): refused"}
    assert messages(post, "city_dispatcher") == [[]]


def test_a_case_whose_hold_is_over_is_told_to_whoever_handles_it(post, time):
    held(post, brought_to(post, "handling"), "2026-11-20T00:00:00+08:00")
    time.pass_by(days=4)
    actions.end_holds()
    carried()
    assert messages(post, "handler", "handler_b") == [["case.resumed"], []]


def test_a_case_that_nobody_answers_for_is_told_to_the_citys_command(post):
    actions.save_responsibilities([], pack="test")
    brought_to(post, "registered")
    carried()
    assert messages(post, "city_dispatcher", "leader", "district_dispatcher") == [["case.to_coordinate"], [], []]


def test_a_case_that_is_passed_around_is_told_to_the_citys_command(post):
    passed_around(post)
    carried()
    assert told(post.people["city_dispatcher"]).count("case.to_coordinate") == 1
    assert "case.to_coordinate" not in told(post.people["desk"]) + told(post.people["district_dispatcher"])


def test_whoever_was_to_handle_a_case_hears_that_it_was_taken_back(post):
    case = brought_to(post, "handling")
    carried()
    take(post, case, "revoke", "desk", reason="换人")
    carried()
    assert messages(post, "handler", "handler_b", "desk") == [["case.unassigned"], [], []]
