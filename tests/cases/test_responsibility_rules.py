"""Class x place -> responsible, cooperating, arbiter: the rule alone, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules import Book, DutyRule, Office, Special, overlaps, resolve

NOW = datetime(2026, 11, 16, tzinfo=UTC)
STREET = "1.11.111"
CLEAN = DutyRule("clean", {"zh": "环卫", "en": "Sanitation"}, "department", "district", cooperating=("green",))
GREEN = DutyRule("green", {}, "department", "city")


def office(code: str, area: str, *duties: str, kind: str = "department", path: str = "") -> Office:
    return Office(code, {"zh": code, "en": code}, kind, path or code, area, frozenset(duties))


CITY_CENTRE = office("centre", "1", kind="centre")
HERE = office("here", "1.11", "clean")
PARKS = office("parks", "1", "green")
BOOK = Book((CITY_CENTRE, HERE, PARKS), {"clean": CLEAN, "green": GREEN}, {"E0110": "clean", "C0402": "green"})


def special(**changes: object) -> Special:
    held = Special(7, "E0110", "1.11.111", "parks", (), "", "公园由园林管", NOW)
    return replace(held, **changes)


def codes(book: Book, category: str, area: str) -> list[str]:
    return [line.code for line in resolve(book, category, area).lines]


def test_the_nearest_organisation_that_carries_the_duty_is_responsible_and_the_reason_is_told_line_by_line():
    found = resolve(BOOK, "E0110", STREET)
    assert (found.organisation, found.cooperating, found.arbiter) == ("here", ("parks",), "centre")
    assert codes(BOOK, "E0110", STREET) == ["class_duty", "nearest", "cooperates", "arbiter"]


def test_an_organisation_deeper_than_the_level_of_the_rule_is_passed_over():
    book = replace(BOOK, offices=(*BOOK.offices, office("street-team", STREET, "clean")))
    assert resolve(book, "E0110", STREET).organisation == "here"


def test_where_nobody_carries_the_duty_nobody_is_responsible_but_the_rest_is_still_said():
    found = resolve(BOOK, "E0110", "1.22")
    assert (found.organisation, found.reason, found.arbiter) == ("", "no_organisation", "centre")
    assert codes(BOOK, "E0110", "1.22")[:2] == ["class_duty", "no_organisation"]


@pytest.mark.parametrize(
    ("book", "reason"),
    [(replace(BOOK, duties={}), "no_duty"), (replace(BOOK, rules={}), "no_rule")],
)
def test_a_class_without_duty_and_a_duty_without_rule_are_told_apart(book, reason):
    assert resolve(book, "E0110", STREET).reason == reason


def test_two_equally_near_organisations_are_a_conflict_and_the_first_in_the_tree_is_taken():
    book = replace(BOOK, offices=(*BOOK.offices, office("also", "1.11", "clean", path="longer.also")))
    found = resolve(book, "E0110", STREET)
    assert (found.organisation, found.rivals) == ("here", ("also",))
    assert "rivals" in codes(book, "E0110", STREET)


def test_a_special_rule_comes_first_and_the_nearest_one_wins():
    wide = special(id=1, area="1.11", organisation="centre")
    book = replace(BOOK, specials=(wide, special()))
    found = resolve(book, "E0110", STREET)
    assert (found.organisation, found.special) == ("parks", 7)
    assert resolve(book, "E0110", "1.11.112").organisation == "centre"
    assert resolve(book, "C0402", STREET).special is None


def test_what_a_special_rule_leaves_empty_the_general_rule_says():
    book = replace(BOOK, specials=(special(organisation="", arbiter="parks"),))
    found = resolve(book, "E0110", STREET)
    assert (found.organisation, found.cooperating, found.arbiter) == ("here", ("parks",), "parks")
    assert codes(book, "E0110", STREET)[1] == "special_beside"


def test_a_special_rule_for_an_organisation_that_is_gone_does_not_count_and_says_so():
    book = replace(BOOK, specials=(special(organisation="dissolved"),))
    assert resolve(book, "E0110", STREET).organisation == "here"
    assert "special_gone" in codes(book, "E0110", STREET)


def test_nobody_settles_a_dispute_it_is_party_to():
    rule = replace(CLEAN, kind="centre", cooperating=())
    centre = office("centre", "1", "clean", kind="centre")
    book = Book((centre,), {"clean": replace(rule, by="city")}, {"E0110": "clean"})
    found = resolve(book, "E0110", STREET)
    assert (found.organisation, found.arbiter) == ("centre", "")


def test_a_special_rule_holds_from_its_beginning_to_before_its_end():
    rule = special(until=NOW + timedelta(hours=1))
    assert rule.holds(NOW)
    assert not rule.holds(NOW - timedelta(seconds=1))
    assert not rule.holds(NOW + timedelta(hours=1))
    assert not overlaps(rule, special(since=NOW + timedelta(hours=1)))
    assert overlaps(rule, special(since=NOW + timedelta(minutes=59)))
    assert not overlaps(rule, special(area="1.11"))


AREAS = st.lists(st.sampled_from(["1", "1.1", "1.2", "1.1.1", "1.1.2", "1.2.1"]), max_size=6)


@given(AREAS, st.sampled_from(["1.1.1.1", "1.2.1.1", "1.1.2.1"]), st.sampled_from(["city", "district", "street"]))
def test_whoever_is_responsible_serves_the_place_and_nobody_nearer_was_passed_over(areas, place, by):
    offices = tuple(office(f"o{index}", area, "clean") for index, area in enumerate(areas))
    book = Book(offices, {"clean": replace(CLEAN, by=by, cooperating=())}, {"E0110": "clean"})
    found = resolve(book, "E0110", place)
    depth = {"city": 1, "district": 2, "street": 3}[by]
    fit = [one.area for one in offices if place.startswith(one.area + ".") and one.area.count(".") < depth]
    assert (found.ground if found.organisation else "") == max(fit, key=len, default="")
    assert len(found.rivals) == max(0, fit.count(found.ground) - 1)
