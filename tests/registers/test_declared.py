"""What `packs check` says of a register: each planted fault where it stands; pure, but for the one that reads files."""

import re
from copy import deepcopy
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from core import worktime
from core.sentences import retell
from packs import selectors
from packs.adapters.library import read_library
from registers import rules
from registers.contracts import State, Term
from tests.packs.factories import copied
from tests.registers.factories import LIBRARY, document

HERE = ZoneInfo("Asia/Shanghai")
CHINESE = re.compile("[一-鿿]")


def registers():
    return {row["code"]: row for pack in ("dogs", "spoil") for row in LIBRARY().packs[pack].document["registers"]}


def told(given_register):
    known = {**registers(), given_register["code"]: given_register}
    return list(rules.declared_faults(given_register, known, frozenset({"E0184", "E0111"})))


def planted(pack, code, path, value):
    spoilt = deepcopy(document(pack, code))
    *steps, last = path.split("/")
    there = spoilt
    for step in steps:
        there = there[int(step)] if isinstance(there, list) else there[step]
    there[int(last) if isinstance(there, list) else last] = value
    return spoilt


@pytest.mark.parametrize("code", ["dog", "spoil_site", "spoil_permit", "spoil_waybill"])
def test_the_registers_that_ship_are_sound(code):
    assert told(registers()[code]) == []


@pytest.mark.parametrize(
    ("code", "path", "value", "where", "words"),
    [
        ("dog", "titles/0", "nick", "titles/0", "nick is not among the attributes"),
        ("dog", "columns/1", "chips", "columns/1", "chips is not among"),
        ("dog", "personal/0", "boss", "personal/0", "boss is not among"),
        ("dog", "unique/0", "chop", "unique/0", "chop is not among"),
        ("dog", "number", "DOG{seq:5}{year}", "number", "ends with its running number"),
        ("dog", "number", "DOG{town}{seq:5}", "number", "no other braces"),
        ("dog", "number", "DOG {seq:5}", "number", "letters, digits and dashes"),
        ("dog", "attributes/properties/chip/x-names", {"zh": "芯片"}, "attributes/properties/chip", "no name in en"),
        ("dog", "states/1/code", "applied", "states/0/code", "written twice"),
        ("dog", "states/0/end", True, "states/0/end", "a step leaves it"),
        ("dog", "states/3/end", False, "states/3", "and it is no end"),
        ("dog", "states/4/within", {"value": 1, "unit": "day"}, "states/4/within", "never overdue"),
        ("dog", "steps/0/from/0", "asked", "steps/0/from/0", "no state asked"),
        ("dog", "steps/0/to", "done", "steps/0/to", "no state done"),
        ("dog", "steps/1/code", "register", "steps/0/code", "written twice"),
        ("dog", "steps/0/by/0", "mayor", "steps/0/by/0", "neither a duty nor a right"),
        ("dog", "steps/0/asks/0", "label", "steps/0/asks/0", "label is not among"),
        ("dog", "steps/0/needs/0", "label", "steps/0/needs/0", "label is not among"),
        ("dog", "steps/0/term", "", "term", "no step starts it"),
        ("dog", "steps/0/checks/0/if/attr", "days.never", "steps/0/checks/0/if", "names no fact"),
        ("dog", "steps/0/checks/0/if/op", "near", "steps/0/checks/0/if/op", "unknown_operator"),
        ("dog", "steps/0/checks/0/among", ["a", "b"], "steps/0/checks/0", "has one form"),
        ("dog", "term/lapse/to", "gone", "term/lapse/to", "no state gone"),
        ("dog", "links/0/to", "cats", "links/0/to", "no register of this pack"),
        ("dog", "reactions/0/on", "barks", "reactions/0/on", "Nothing of dog is called barks"),
        ("dog", "reactions/0/category", "E0999", "reactions/0/category", "no class of this pack"),
        ("spoil_site", "steps/0/term", "end", "steps/0/term", "has no term"),
        ("spoil_waybill", "place", "none", "steps/2/place", "cannot ask for one"),
        ("spoil_waybill", "steps/2/checks/0/inside", "links.permit", "steps/2/checks/0/inside", "register of areas"),
        ("spoil_waybill", "steps/0/checks/2/window", "links.truck.attributes.hours", "steps/0/checks/2/window",
         "no link truck"),
        ("spoil_waybill", "links/0/most", 3, "steps/0/checks/0/if", "may lead to several"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_told_where_it_stands(code, path, value, where, words):
    found = told(planted("dogs" if code == "dog" else "spoil", code, path, value))
    assert any(at == where and words in sentence for at, sentence in found), found
    with override("zh-hans"):
        assert all(CHINESE.search(retell(sentence)) for _at, sentence in found)


TYPES = {
    "gas_regulator": "C0149",
    "lpg_station": "C0504",
    "gas_main": "C0189",
    "gas_pipe": "C0157",
    "gas_cover": "C0111",
}


@pytest.mark.parametrize(
    ("path", "value", "where", "words"),
    [
        ("place", "point", "reactions/0/category", "Not every record of gas_round is about a component"),
        ("assets", [], "reactions/0/category", "name assets, and no place"),
        ("assets/0", "gasometer", "assets/0", "gasometer is no type of component"),
        ("assets/0", "greenhouse", "reactions/0/category", "greenhouse has no class"),
    ],
)
def test_the_class_of_the_component_wants_a_component_with_a_class(path, value, where, words):
    classes, types = frozenset({*TYPES.values(), "E0502"}), {**TYPES, "greenhouse": ""}
    assert list(rules.declared_faults(document("gas", "gas_round"), {}, classes, types)) == []
    found = list(rules.declared_faults(planted("gas", "gas_round", path, value), {}, classes, types))
    assert any(at == where and words in sentence for at, sentence in found), found


def test_a_fault_of_a_register_has_its_file_and_line(tmp_path):
    root = copied(tmp_path)
    path = root / "dogs" / "pack.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("by: [desk, register.keep]", "by: [desk, mayor]", 1), "utf-8")
    line = text[: text.index("by: [desk, register.keep]")].count("\n") + 1
    (fault,) = selectors.problems(read_library(root), ["dogs"])
    assert (fault.file, fault.line, fault.code) == ("library/dogs/pack.yaml", line, "registers.declared")
    assert "mayor is neither a duty nor a right" in fault.sentence


def test_a_term_of_months_and_years_ends_on_the_same_day_or_the_last_of_the_month():
    leap = datetime(2028, 2, 29, 9, tzinfo=HERE)
    assert rules.term_end(Term(1, "year"), leap, HERE) == datetime(2029, 2, 28, 9, tzinfo=HERE)
    assert rules.term_end(Term(1, "month"), datetime(2026, 1, 31, tzinfo=HERE), HERE).day == 28
    late = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    assert rules.term_end(Term(1, "month"), late, HERE) == datetime(2027, 2, 1, 0, 30, tzinfo=HERE)


OFFICE = worktime.Calendar(
    weekly=(*(((480, 720), (840, 1080)),) * 5, (), ()), closed=frozenset({date(2026, 10, 1), date(2026, 10, 2)}),
    extra={date(2026, 10, 10): ((480, 720), (840, 1080))},
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "unit", "since", "due"),
    [
        (3, "day", datetime(2026, 9, 30, 9, tzinfo=HERE), datetime(2026, 10, 3, 9, tzinfo=HERE)),
        (3, "work_day", datetime(2026, 9, 30, 9, tzinfo=HERE), datetime(2026, 10, 7, 9, tzinfo=HERE)),
        (3, "work_day", datetime(2026, 10, 8, 9, tzinfo=HERE), datetime(2026, 10, 12, 9, tzinfo=HERE)),
        (2, "work_hour", datetime(2026, 10, 8, 11, tzinfo=HERE), datetime(2026, 10, 8, 15, tzinfo=HERE)),
        (2, "hour", datetime(2026, 10, 8, 11, tzinfo=HERE), datetime(2026, 10, 8, 13, tzinfo=HERE)),
    ],
)
def test_working_time_in_a_state_skips_nights_and_holidays_and_counts_make_up_days(value, unit, since, due):
    assert rules.due_of(State("asked", {}, within={"value": value, "unit": unit}), since, OFFICE) == due


def test_working_time_is_refused_where_no_pack_within_reach_says_which_days_are_worked():
    asks = planted("dogs", "dog", "states/0/within", {"value": 20, "unit": "work_day"})
    ((where, words),) = rules.calendar_faults(asks, frozenset({"round_the_clock"}))
    assert (where, "office_hours" in words) == ("states/0/within", True)
    assert not list(rules.calendar_faults(asks, frozenset({"office_hours"})))
    assert not list(rules.calendar_faults(document("dogs", "dog"), frozenset()))


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 1439))
def test_a_window_and_the_one_from_its_end_to_its_begin_share_the_day(begin, end, minute):
    def text(one, other):
        return f"{one // 60:02}:{one % 60:02}-{other // 60:02}:{other % 60:02}"

    if begin == end:
        assert not rules.in_window(text(begin, end), minute)
    else:
        assert rules.in_window(text(begin, end), minute) != rules.in_window(text(end, begin), minute)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("林小姐", "林**"), ("13800001234", "138****1234"), ("+86 138 0000 1234", "138****1234"),
        ("44050119900101123X", "440***********123X"), ("", ""),
        ("林", "*"), (True, "*"), ("金砂路 37 号", "金*******"), ("金砂路37号5栋1单元401房", "金" + "*" * 14),
    ],
)  # fmt: skip
def test_of_what_is_personal_a_first_letter_is_shown_and_the_tail_only_of_a_long_number(value, shown):
    assert rules.masked({"owner": value, "breed": value}, frozenset({"owner"})) == {"owner": shown, "breed": value}


def test_every_duty_that_a_step_of_ours_names_has_a_role_that_finds_the_page():
    """A right to a step is worth nothing to somebody who may not open the register."""
    roles = [set(role["permissions"]) for role in LIBRARY().packs["base"].document["roles"]]
    rows = [row for pack in LIBRARY().packs.values() for row in pack.document.get("registers", ())]
    named = {right for row in rows for step in row["steps"] for right in step["by"]}
    assert [right for right in sorted(named) if not any({right, "register.see"} <= held for held in roles)] == []
