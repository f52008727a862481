"""What an entry changed, from entries alone."""

from journal.rules import Change, changes


def test_an_entry_that_says_before_and_after_itself_is_believed():
    told = {"before": {"organisation": "a", "arbiter": "x"}, "after": {"organisation": "b", "arbiter": "x"}, "moved": 3}
    assert changes({"moved": 9}, told) == [Change("organisation", "a", "b")]


def test_what_begins_has_no_before_and_what_ends_no_after():
    assert changes(None, {"before": {}, "after": {"organisation": "b"}}) == [Change("organisation", None, "b")]
    assert changes(None, {"before": {"organisation": "b"}, "after": {}}) == [Change("organisation", "b", None)]


def test_otherwise_the_entry_before_is_compared():
    before = {"number": "1", "verb": "accept", "version": 2, "stage": "accepted", "organisation": ""}
    now = {"number": "1", "verb": "dispatch", "version": 3, "stage": "dispatched", "organisation": "x"}
    assert changes(before, now) == [Change("stage", "accepted", "dispatched"), Change("organisation", "", "x")]


def test_the_first_entry_of_a_subject_says_all_it_has():
    assert changes(None, {"code": "x", "active": True, "path": ""}) == [
        Change("code", None, "x"), Change("active", None, True),
    ]  # fmt: skip


def test_an_entry_of_another_shape_is_no_before():
    assert changes({"evidence": 3}, {"stage": "closed"}) == [Change("stage", None, "closed")]
