"""The sockets of messages: every occasion has a teller, nothing is plugged in twice or late."""

from dataclasses import replace

import pytest

from core.scope import NOBODY
from exchange.contracts.messages import (
    Occasion,
    Tidings,
    close_messages,
    occasions,
    people_of,
    place,
    register_occasion,
    register_teller,
    reopened_messages,
    tidings_of,
    told_kinds,
)
from journal.contracts import EntryView
from tests.cases.factories import at

CODE = "test.planted"
PLANTED = Occasion(CODE, {"zh": "试", "en": "Test"}, ("test.told.v1",), (place("a", "甲", "A", "1"),))
ENTRY = EntryView(1, 1, "test.told.v1", "s", "user:1", "", "", "", {}, at("2026-11-22T09:00:00+08:00"), "")


def teller(entry):
    return [Tidings(CODE, {1, 2}, {}, "/", lambda actor: True)]


def test_an_occasion_without_a_teller_stops_the_start_and_one_with_it_does_not():
    with reopened_messages():
        register_occasion(PLANTED)
        assert "test.told.v1" in told_kinds()
        with pytest.raises(RuntimeError, match=CODE):
            close_messages()
        register_teller([CODE], teller)
        close_messages()
        assert [one.people for one in tidings_of(ENTRY)] == [{1, 2}]
        assert tidings_of(replace(ENTRY, kind="test.other.v1")) == []
    assert CODE not in occasions()
    assert tidings_of(ENTRY) == []


def test_nothing_is_plugged_in_twice_for_an_unknown_occasion_or_after_the_start():
    with reopened_messages():
        register_occasion(PLANTED)
        register_teller([CODE], teller)
        with pytest.raises(ValueError, match="two occasions"):
            register_occasion(PLANTED)
        with pytest.raises(ValueError, match="has a teller"):
            register_teller([CODE], teller)
        with pytest.raises(ValueError, match="no such occasion"):
            register_teller(["test.other"], teller)
    with pytest.raises(RuntimeError):
        register_occasion(PLANTED)
    with pytest.raises(RuntimeError):
        register_teller([CODE], teller)


def test_only_people_are_told():
    assert people_of("user:7", "", "video", "rule:auto", "user:x", NOBODY.key, "user:9") == {7, 9}
