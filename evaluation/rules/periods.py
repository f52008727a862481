"""Periods of evaluation: a week, a month, a quarter, a year, the last days, or from one day to another. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import Invalid

CALENDAR = ("week", "month", "quarter", "year")
MOST_DAYS = 366
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
"""The days that can be asked about; a scheme whose beginning nobody knows is valid from the earliest."""


@dataclass(frozen=True)
class Period:
    """Whole days from `since` up to, not including, `until`."""

    kind: str
    since: date
    until: date

    @property
    def last(self) -> date:
        """The last day that belongs to it."""
        return self.until - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days


def period_of(kind: str, day: date) -> Period:
    """The calendar period of that kind in which a day lies; weeks begin on Monday."""
    if kind not in CALENDAR or not EARLIEST <= day <= LATEST:
        raise Invalid("evaluation.period")
    if kind == "week":
        since = day - timedelta(days=day.weekday())
        return Period(kind, since, since + timedelta(days=7))
    months = _MONTHS[kind]
    since = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(kind, since, _later(since, months))


def last_days(today: date, days: int) -> Period:
    """So many days, of which today is the last."""
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("evaluation.period")
    until = today + timedelta(days=1)
    return Period("days", until - timedelta(days=days), until)


def between(first: date, last: date) -> Period:
    """From one day to another, both included."""
    if not EARLIEST <= first <= last <= LATEST or (last - first).days >= MOST_DAYS:
        raise Invalid("evaluation.period")
    return Period("range", first, last + timedelta(days=1))


def previous(period: Period) -> Period:
    """The period just before, of the same kind; before a number of days as many more."""
    if period.kind in CALENDAR:
        return period_of(period.kind, period.since - timedelta(days=1))
    return Period(period.kind, period.since - timedelta(days=period.days), period.since)


def following(period: Period) -> Period:
    """The period just after."""
    if period.kind in CALENDAR:
        return period_of(period.kind, period.until)
    return Period(period.kind, period.until, period.until + timedelta(days=period.days))


def _later(day: date, months: int) -> date:
    whole = day.month - 1 + months
    return date(day.year + whole // 12, whole % 12 + 1, 1)
