"""Those who keep a register are told of its records that expire, lapse or wait too long, once each."""

from dataclasses import replace
from datetime import timedelta

import pytest

from registers import actions
from tests.exchange.post import adopt_base, carried, newest, told
from tests.registers.factories import START, actor, at, days, dog, registered, step

pytestmark = pytest.mark.django_db
END = START.replace(year=2027)


@pytest.fixture
def post(town):
    adopt_base("record.")
    return town


def swept(moment):
    at(moment)
    while actions.sweep():
        pass
    carried()
    carried()


def test_a_keeper_is_told_of_each_reminder_and_of_the_end_once_and_nobody_else_is(post):
    view = registered(actor(post))
    swept(END - timedelta(days=30))
    swept(END - timedelta(days=29))
    assert told(post.people["keeper"]) == ["record.expiring"]
    message = newest(post.people["keeper"]).message
    assert message.titles["zh"] == "犬只将于 2027-11-23 到期：团团 · 柯基"
    assert "30 more days" in message.bodies["en"]
    assert message.href == f"/registers/dog/{view.number}/"
    assert "林小姐" not in str(message.bodies), "what is personal is in no message"
    swept(END - timedelta(days=6))
    swept(END)
    swept(END + timedelta(days=1))
    assert told(post.people["keeper"]) == ["record.lapsed", "record.expiring", "record.expiring"]
    assert "已失效" in newest(post.people["keeper"]).message.bodies["zh"]
    for name in ("other", "looker", "boss", "collector"):
        assert told(post.people[name]) == [], name


def test_a_record_that_waits_too_long_is_told_once_and_one_that_moved_on_is_not_told_late(post):
    dog(actor(post))
    swept(days(19))
    assert told(post.people["keeper"]) == []
    swept(days(20))
    swept(days(40))
    assert told(post.people["keeper"]) == ["record.overdue"]
    assert newest(post.people["keeper"]).message.titles["en"].startswith("Dog is overdue")
    at(START)
    late = dog(actor(post), chip="156000000000002")
    at(days(20))
    while actions.sweep():
        pass
    step(actor(post), replace(late, version=2), "refuse", reason="不予登记")
    carried()
    assert told(post.people["keeper"]) == ["record.overdue"], "somebody saw to it before it was told"
