"""A count for every day: its level, its usual week, and what is to be expected next, with bands that kept their word.

Plain medians, which one wild day does not move. The level is the median of the last eight weeks; the usual week is the
median of what days of a kind had beside the level. A kind is the day of the week; a holiday on a working weekday and a
make-up workday at a weekend are kinds of their own. The band is conformal: as wide as the errors of the same forecast
made on earlier days (rolling origin), so that the coverage it had on days that it had not seen can be told.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import ceil
from statistics import median
from typing import NamedTuple

WINDOW = 56
AHEAD = 14
LEAST_DAYS = 112
LEAST_CASES = 56
COVERAGE = 0.8
USUAL_DAYS = 365
"""So many days are drawn where nobody names a first one."""
_LEAST_ERRORS = 12
_STEP = 2


class Day(NamedTuple):
    """A day, what kind of day it is, and how many cases it had."""

    day: date
    kind: str
    cases: int


class Expected(NamedTuple):
    """What is expected of a day, and the band around it."""

    day: date
    value: float
    low: float
    high: float


class Forecast(NamedTuple):
    """The days ahead; how often the band held on days it had not seen, of so many that were tried."""

    days: tuple[Expected, ...]
    held: int
    tried: int

    @property
    def coverage(self) -> float:
        """The share of tried days that lay within the band."""
        return self.held / self.tried


class Usual(NamedTuple):
    """What is usual: the level, and by kind of day how far it lies from the level."""

    level: float
    beside: Mapping[str, float]

    def of(self, kind: str) -> float:
        """What a day of the kind usually has; never less than none."""
        return max(0.0, self.level + self.beside.get(kind, 0.0))


def kind_of(day: date, works: bool, usually: bool) -> str:
    """The kind of a day: of the week, unless the calendar makes it a holiday or a make-up workday."""
    if works == usually:
        return f"w{day.isoweekday()}"
    return "makeup" if works else "holiday"


def usual(days: Sequence[Day]) -> Usual:
    """Level and usual week of the last eight weeks of these days, by medians."""
    last = days[-WINDOW:]
    level = median(one.cases for one in last)
    groups: dict[str, list[float]] = defaultdict(list)
    for one in last:
        groups[one.kind].append(one.cases - level)
    beside = {kind: median(values) for kind, values in groups.items()}
    rest = [beside[kind] for kind in ("w6", "w7") if kind in beside]
    work = [beside[f"w{number}"] for number in range(1, 6) if f"w{number}" in beside]
    if "holiday" not in beside and rest:
        beside["holiday"] = median(rest)
    if "makeup" not in beside and work:
        beside["makeup"] = median(work)
    return Usual(float(level), beside)


def trend(days: Sequence[Day], width: int = 28) -> list[float | None]:
    """The level around each day: the median of the four weeks about it; None near the ends."""
    half = width // 2
    values = [one.cases for one in days]
    return [
        float(median(values[place - half : place + half + 1])) if half <= place < len(values) - half else None
        for place in range(len(values))
    ]


def too_short(days: Sequence[Day]) -> bool:
    """Whether there is too little history for a forecast: sixteen weeks, and a case a day in eight."""
    return len(days) < LEAST_DAYS or sum(one.cases for one in days[-WINDOW:]) < LEAST_CASES


def width_of(errors: Sequence[float], coverage: float = COVERAGE) -> float:
    """The conformal half-width: the ceil((n + 1) * coverage)-th of n errors in order, the last where there are few."""
    rank = min(len(errors), ceil((len(errors) + 1) * coverage))
    return errors[rank - 1]


def forecast(days: Sequence[Day], ahead: Sequence[tuple[date, str]]) -> Forecast | None:
    """What is expected of the days ahead; None where there is too little history to say how far off it would be."""
    if too_short(days):
        return None
    errors = _errors(days, len(ahead))
    held, tried = _tried(errors)
    if not tried:
        return None
    base, width = usual(days), width_of(sorted(error for group in errors for error in group))
    told = tuple(
        Expected(day, base.of(kind), max(0.0, base.of(kind) - width), base.of(kind) + width) for day, kind in ahead
    )
    return Forecast(told, held, tried)


def _errors(days: Sequence[Day], ahead: int) -> list[list[float]]:
    """By origin, oldest first, how far off the forecast of the days after it was: it saw only what lay before."""
    found = []
    for origin in range(WINDOW, len(days) - ahead + 1, _STEP):
        base = usual(days[:origin])
        found.append([abs(one.cases - base.of(one.kind)) for one in days[origin : origin + ahead]])
    return found


def _tried(errors: Sequence[Sequence[float]]) -> tuple[int, int]:
    """How often a band made of earlier errors alone held, over the origins that had enough of them."""
    held = tried = 0
    past: list[float] = []
    for place, group in enumerate(errors):
        known = place - len(group) // _STEP - 1
        for error in errors[known] if known >= 0 else ():
            insort(past, error)
        if len(past) < _LEAST_ERRORS:
            continue
        width = width_of(past)
        held += sum(error <= width for error in group)
        tried += len(group)
    return held, tried


def filled(counts: Mapping[date, int], since: date, until: date, kinds: Mapping[date, str]) -> list[Day]:
    """Every day from the first to the last, those without a case too."""
    many = (until - since).days + 1
    all_days = (since + timedelta(days=place) for place in range(max(0, many)))
    return [Day(day, kinds[day], counts.get(day, 0)) for day in all_days]
