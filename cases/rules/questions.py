"""A question as its address says it, and the lists of cases that its numbers stand for. Pure."""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from cases.contracts.causes import Cause
from cases.contracts.questions import NARROWED_BY, NONE, Group, Measure, Question, Versus
from core.errors import Invalid

LONGEST = 1830
FIRST_YEAR, LAST_YEAR = 2000, 2099
Word = TypeVar("Word", bound=StrEnum)
_WORDS = ("measure", "by", "versus", "since", "until", *NARROWED_BY)
OF_MEASURE: Mapping[Measure, tuple[Mapping[str, str], Mapping[str, str] | None]] = {
    Measure.REPORTED: ({}, None),
    Measure.VALID: ({"registered": "true"}, {}),
    Measure.CLOSED: ({"stage": "closed"}, {}),
    Measure.ON_TIME: ({"stage": "closed", "late": "false"}, {"stage": "closed"}),
    Measure.REWORKED: ({"registered": "true", "reworked": "true"}, {"registered": "true"}),
    Measure.RETURNED: ({"registered": "true", "returned": "true"}, {"registered": "true"}),
    Measure.UNTRUE: ({"stage": "rejected,voided"}, {}),
    Measure.MINUTES: ({"stage": "closed"}, None),
}
"""By measure, the filters that its numerator and its denominator add to the list."""


def question_from(given: Mapping[str, str], today: date) -> Question:
    """The question that an address asks, this year's where it names no days; Invalid, by name, where it asks none."""
    asked = {name: value.strip() for name, value in given.items() if value.strip()}
    for name in asked:
        if name not in _WORDS:
            raise Invalid("question.unknown_part", name=_short(name))
    if "," in asked.get("area", ""):
        raise Invalid("question.unknown_word", name="area", value=_short(asked["area"]))
    until = _day(asked, "until") or today
    since = _day(asked, "since") or date(until.year, 1, 1)
    if since > until:
        raise Invalid("question.backwards", since=since.isoformat(), until=until.isoformat())
    if (until - since).days >= LONGEST:
        raise Invalid("question.too_long", most=LONGEST)
    return Question(
        since=since,
        until=until,
        measure=_one_of(Measure, asked, "measure", Measure.REPORTED),
        by=_one_of(Group, asked, "by", Group.NONE),
        versus=_one_of(Versus, asked, "versus", Versus.NONE),
        filters={name: asked[name] for name in NARROWED_BY if name in asked},
    )


def _short(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:60]


def cause_from(word: str) -> Cause:
    """What a question about causes asks for: what was returned, where it says nothing."""
    return _one_of(Cause, {"why": word} if word else {}, "why", Cause.RETURNED)


def _one_of(words: type[Word], asked: Mapping[str, str], name: str, usual: Word) -> Word:
    try:
        return words(asked.get(name, usual))
    except ValueError as error:
        raise Invalid("question.unknown_word", name=name, value=_short(asked[name])) from error


def _day(asked: Mapping[str, str], name: str) -> date | None:
    if name not in asked:
        return None
    try:
        day = date.fromisoformat(asked[name])
    except ValueError as error:
        raise Invalid("question.bad_day", name=name, value=_short(asked[name])) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid("question.bad_day", name=name, value=_short(asked[name]))
    return day


def number_from(given: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    """A whole number of an address; Invalid, by name, where it is none between these."""
    text = given.get(name, "").strip() or str(usual)
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and least <= int(text) <= most):
        raise Invalid("question.bad_number", name=name, value=_short(text), least=least, most=most)
    return int(text)


def address_of(question: Question) -> dict[str, str]:
    """The parts of the address that asks this question again."""
    told: dict[str, str] = {"since": question.since.isoformat(), "until": question.until.isoformat()}
    words = {"measure": question.measure, "by": question.by, "versus": question.versus}
    usual = {Measure.REPORTED, Group.NONE, Versus.NONE}
    return {**{name: str(word) for name, word in words.items() if word not in usual}, **told, **question.filters}


def compared(question: Question) -> Question | None:
    """The same question of the days it is held against; None where it is held against nothing."""
    if question.versus is Versus.BEFORE:
        days = question.until - question.since + timedelta(days=1)
        since, until = question.since - days, question.until - days
    elif question.versus is Versus.YEAR:
        since, until = _year_before(question.since), _year_before(question.until)
    else:
        return None
    return Question(since, until, question.measure, Group.NONE, Versus.NONE, question.filters)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def list_of(question: Question, key: str = "") -> dict[str, str]:
    """The filters of the list that holds exactly the cases of a question, or of one of its groups."""
    told = {"whole": "true", "since": question.since.isoformat(), "until": question.until.isoformat()}
    told |= question.filters
    if question.by is Group.NONE:
        return told
    return told | _of_group(question, key)


def _of_group(question: Question, key: str) -> dict[str, str]:
    if question.by in (Group.MONTH, Group.WEEK, Group.DAY):
        first = date.fromisoformat(key)
        since, until = max(first, question.since), min(_last(question.by, first), question.until)
        return {"since": since.isoformat(), "until": until.isoformat()}
    if question.by is Group.CATEGORY:
        return {"category": key or NONE}
    if question.by is Group.ORG:
        return {"org": key or NONE}
    if question.by is Group.STREET or not key:
        held = [part for part in (question.filters.get("area"), key or NONE) if part]
        return {"area": ",".join(dict.fromkeys(held))}
    return {str(question.by): key}


def _last(by: Group, first: date) -> date:
    if by is Group.MONTH:
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return first + timedelta(days=6 if by is Group.WEEK else 0)
