"""Reading next year's holiday arrangement as people paste it: the State Council's sentences, or a table. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from grid.contracts import Problem

LONGEST_TEXT = 20_000
LONGEST_RANGE = 31
_ASIDE = re.compile(r"[（(][^（）()]*[）)]")
_DATE = r"(?:(\d{4})\s*[-/.年])?\s*(?:(\d{1,2})\s*[-/.月])?\s*(\d{1,2})\s*日?"
_RANGE = re.compile(rf"(?<![\d-]){_DATE}(?:\s*(?:至|到|—|–|~|～|\.\.|-(?=\s*\d+\s*月))\s*{_DATE})?(?!\d)")
_COUNT = re.compile(r"共?\s*\d+\s*天|周[一二三四五六日]|第\d+")
_WORK = re.compile(r"上班|班|补班|work|make-?up", re.IGNORECASE)
_REST = re.compile(r"放假|调休|休|假|closed|holiday|off", re.IGNORECASE)


@dataclass
class Arrangement:
    """Days of rest, make-up work days, and the lines that could not be read."""

    closed: set[date] = field(default_factory=set)
    extra: set[date] = field(default_factory=set)
    faults: list[Problem] = field(default_factory=list)


def read_arrangement(text: str, year: int) -> Arrangement:
    """What a pasted text says about the days of a year; every line it cannot read is a fault with its number."""
    found = Arrangement()
    for number, line in enumerate(text[:LONGEST_TEXT].splitlines(), start=1):
        for sentence in re.split(r"[。；;]", _ASIDE.sub("", line)):
            _read(sentence, number, year, found)
    both = sorted(found.closed & found.extra)
    found.faults += [Problem("grid.day_both", {"day": day.isoformat()}) for day in both]
    if not (found.closed or found.extra or found.faults):
        found.faults.append(Problem("grid.no_days_found"))
    return found


def _read(sentence: str, number: int, year: int, found: Arrangement) -> None:
    work, rest = bool(_WORK.search(sentence)), bool(_REST.search(sentence))
    plain = _COUNT.sub("", sentence)
    if not re.search(r"\d", plain) or not (work or rest):
        if re.search(r"\d\s*日|\d-\d|\d/\d", plain):
            found.faults.append(Problem("grid.day_unclear", {"line": number, "text": sentence.strip()[:60]}))
        return
    try:
        days = set(_days(plain, year))
    except ValueError:
        found.faults.append(Problem("grid.day_unreadable", {"line": number, "text": sentence.strip()[:60]}))
        return
    strange = sorted(day for day in days if day.year != year)
    found.faults += [
        Problem("grid.day_of_another_year", {"line": number, "day": day.isoformat(), "year": year})
        for day in strange[:1]
    ]
    (found.extra if work else found.closed).update(day for day in days if day.year == year)


def _days(sentence: str, year: int) -> Iterator[date]:
    """Every day that a sentence names; a month that is not said again is the one said before."""
    month = 0
    for match in _RANGE.finditer(sentence):
        first_year, first_month, first_day, last_year, last_month, last_day = match.groups()
        month = int(first_month or month)
        first = date(int(first_year or year), month, int(first_day))
        if last_day is None:
            yield first
            continue
        month = int(last_month or month)
        last = date(int(last_year or first_year or year), month, int(last_day))
        if not 0 <= (last - first).days <= LONGEST_RANGE:
            raise ValueError(sentence)
        yield from (first + timedelta(days=step) for step in range((last - first).days + 1))
