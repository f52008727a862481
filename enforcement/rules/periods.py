"""The periods of the law, in days of the ground's calendar.

The day on which something happens is not counted. Periods of 2, 3, 5 and 7 days are working days (行政处罚法 85), and
so are those of up to 10 days of the 行政强制法 (69); others are days of the calendar, and one that would end on a day
of rest ends on the next working day. What limits a power over property, the term of a seizure, is never made longer so.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import Invalid
from core.worktime import Calendar

FARTHEST = 3700
"""So many days are looked at for a working day; a calendar that never works has none."""


@dataclass(frozen=True)
class Law:
    """What the law says; no city changes it."""

    simple_citizen = 200
    simple_organisation = 3000
    cash = 100
    preserve_days = 7
    decide_days = 90
    hearing_request_days = 5
    hearing_notice_days = 7
    service_days = 7
    payment_days = 15
    surcharge_percent = 3
    reconsider_days = 60
    suit_months = 6
    suit_after_review_days = 15
    seizure_days = 30
    urge_days = 10
    court_months = 3
    limitation_years = 2
    limitation_harm_years = 5


LAW = Law()


@dataclass(frozen=True)
class Local:
    """What the law leaves to a city. The defaults are proposals: no authority was found for them."""

    plea_days: int = 3
    extension_days: int = 30
    extensions: int = 1
    hearing_citizen: int = 2_000
    hearing_organisation: int = 20_000
    members: int = 3
    announced_days: int = 30

    def __post_init__(self) -> None:
        if not (self.plea_days >= 1 and self.members >= 2 and self.extension_days >= 0 and self.announced_days >= 1):
            raise Invalid("enforcement.bad_limits")


def works(calendar: Calendar, day: date) -> bool:
    """Whether anybody works there on that day; make-up days count, days of rest do not."""
    return bool(calendar.hours(day))


def next_working(calendar: Calendar, day: date) -> date:
    """The day itself where it is a working day, else the next one."""
    for _ in range(FARTHEST):
        if works(calendar, day):
            return day
        day += timedelta(days=1)
    raise Invalid("calendar.never_works", start=day.isoformat())


def working_days(calendar: Calendar, start: date, many: int) -> date:
    """The last day of a period of so many working days that begins behind `start`."""
    day = start
    for _ in range(many):
        day = next_working(calendar, day + timedelta(days=1))
    return day


def calendar_days(calendar: Calendar, start: date, many: int) -> date:
    """The last day of a period of so many days behind `start`; one that ends on a day of rest moves on."""
    return next_working(calendar, start + timedelta(days=many))


def strict_days(start: date, many: int) -> date:
    """The last day of a period that nothing makes longer."""
    return start + timedelta(days=many)


def months(calendar: Calendar, start: date, many: int) -> date:
    """The same day so many months later, the last one of a shorter month; moved on from a day of rest."""
    year, month = divmod(start.year * 12 + start.month - 1 + many, 12)
    last = monthrange(year, month + 1)[1]
    return next_working(calendar, date(year, month + 1, min(start.day, last)))


def years(start: date, many: int) -> date:
    """The same day so many years later: a limitation ends then, whether anybody works or not."""
    last = monthrange(start.year + many, start.month)[1]
    return date(start.year + many, start.month, min(start.day, last))


def working_between(calendar: Calendar, start: date, end: date) -> int:
    """How many working days lie behind `start`, up to `end` and with it."""
    many = max((end - start).days, 0)
    return sum(works(calendar, start + timedelta(days=one)) for one in range(1, many + 1))
