"""Calendars arrive in packs."""

import pytest

from core.scope import machine
from grid import selectors
from grid.manifest import Calendars
from packs import actions as packs

pytestmark = pytest.mark.django_db
ADMIN = machine("test", "admin")
PACK = {
    "code": "base",
    "calendars": [
        {"code": "round_the_clock", "names": {"zh": "全天候", "en": "Round the clock"}, "round_the_clock": True},
        {"code": "office_hours", "names": {"zh": "工作时间", "en": "Office hours"}, "weekly": {"mon": ["08:00-12:00"]}},
    ],
}


def test_the_base_pack_brings_both_calendars():
    packs.apply(["base"], actor=ADMIN)
    assert selectors.calendar("round_the_clock").round_the_clock
    assert selectors.calendar("office_hours", "449900.449901").weekly[0] == ((480, 720), (840, 1080))


def test_applying_twice_changes_nothing_the_second_time():
    handler = Calendars()
    assert {(c.what, c.code) for c in handler.diff(PACK)} == {("add", "round_the_clock"), ("add", "office_hours")}
    handler.apply(PACK, ADMIN)
    assert handler.diff(PACK) == []


def test_a_changed_hour_is_a_change_of_one_field():
    handler = Calendars()
    handler.apply(PACK, ADMIN)
    later = {**PACK, "calendars": [{**PACK["calendars"][1], "weekly": {"mon": ["09:00-12:00"]}}]}
    (change,) = handler.diff(later)
    assert (change.what, change.code, set(change.fields)) == ("change", "office_hours", {"weekly"})
    handler.apply(later, ADMIN)
    assert selectors.calendar("office_hours").weekly[0] == ((540, 720),)
    assert selectors.calendar("round_the_clock").round_the_clock, "what a pack drops stays: promises lean on it"


def test_faults_are_told_with_the_place_where_they_stand():
    spoiled = {
        **PACK,
        "calendars": [PACK["calendars"][0], {"code": "x", "names": {"zh": "空", "en": "Empty"}}, PACK["calendars"][0]],
    }
    found = [(problem.code, problem.path) for problem in Calendars().check(spoiled, {})]
    assert found == [("grid.calendar_without_hours", "calendars/1"), ("grid.calendar_twice", "calendars/2")]
