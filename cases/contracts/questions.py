"""The public words of a question about the city: what is counted, by what, of which cases, held against what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

NONE = "none"
"""The value of a filter that asks for cases which have nothing there: no place, no class."""


class Measure(StrEnum):
    """What a question asks for; each is a numerator over a denominator, but the first and the last."""

    REPORTED = "reported"
    VALID = "valid"
    CLOSED = "closed"
    ON_TIME = "on_time"
    REWORKED = "reworked"
    RETURNED = "returned"
    UNTRUE = "untrue"
    MINUTES = "minutes"


class Group(StrEnum):
    """What the cases are told apart by."""

    NONE = "none"
    SOURCE = "source"
    DISTRICT = "district"
    STREET = "street"
    CELL = "cell"
    ORG = "org"
    CATEGORY = "category"
    MONTH = "month"
    WEEK = "week"
    DAY = "day"
    WEEKDAY = "weekday"
    HOUR = "hour"


class Versus(StrEnum):
    """What the answer is held against: nothing, the period of the same length before, the same days a year before."""

    NONE = "none"
    BEFORE = "before"
    YEAR = "year"


IN_TIME = frozenset({Group.MONTH, Group.WEEK, Group.DAY, Group.WEEKDAY, Group.HOUR})
NARROWED_BY = ("source", "district", "area", "cell", "org", "category", "weekday", "hour")


@dataclass(frozen=True)
class Question:
    """A question of the cases that were reported from a first to a last day; parts of a case are none of their own."""

    since: date
    until: date
    measure: Measure = Measure.REPORTED
    by: Group = Group.NONE
    versus: Versus = Versus.NONE
    filters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Counts:
    """What was counted of one group of cases: `minutes` the median from report to closing where it is asked."""

    reported: int = 0
    registered: int = 0
    closed: int = 0
    on_time: int = 0
    reworked: int = 0
    returned: int = 0
    untrue: int = 0
    minutes: float | None = None

    def over(self, measure: Measure) -> tuple[int, int | None]:
        """Numerator and denominator of a measure; no denominator of a plain count."""
        told: Mapping[Measure, tuple[int, int | None]] = {
            Measure.REPORTED: (self.reported, None),
            Measure.VALID: (self.registered, self.reported),
            Measure.CLOSED: (self.closed, self.reported),
            Measure.ON_TIME: (self.on_time, self.closed),
            Measure.REWORKED: (self.reworked, self.registered),
            Measure.RETURNED: (self.returned, self.registered),
            Measure.UNTRUE: (self.untrue, self.reported),
            Measure.MINUTES: (self.closed, None),
        }
        return told[measure]

    def value(self, measure: Measure) -> float | None:
        """The answer: a count, a share from 0 to 1, or minutes; None where there is nothing to divide by."""
        if measure is Measure.MINUTES:
            return self.minutes
        top, below = self.over(measure)
        if below is None:
            return float(top)
        return top / below if below else None
