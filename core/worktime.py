"""A limit is minutes on a calendar. Pure; times in are aware, times out are in UTC.

Units and office hours follow the field's time engine (紧急工作时, 紧急工作日, 工作时, 工作日); make-up workdays count.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core.errors import Invalid

Window = tuple[int, int]
DAY_MINUTES = 24 * 60
WORK_DAY_MINUTES = 8 * 60


class Unit(StrEnum):
    """The four units in which limits are written."""

    URGENT_HOUR = "urgent_hour"
    NATURAL_DAY = "natural_day"
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"


_MINUTES = {Unit.URGENT_HOUR: 60, Unit.NATURAL_DAY: DAY_MINUTES, Unit.WORK_HOUR: 60, Unit.WORK_DAY: WORK_DAY_MINUTES}


def minutes_of(value: float, unit: Unit | str) -> int:
    """So many minutes is a limit of `value` units; a work day is eight working hours."""
    return round(value * _MINUTES[Unit(unit)])


def runs_on(unit: Unit | str) -> str:
    """Which calendar a unit is counted on: `round_the_clock` or `office_hours`."""
    return "round_the_clock" if Unit(unit) in (Unit.URGENT_HOUR, Unit.NATURAL_DAY) else "office_hours"


@dataclass(frozen=True)
class Calendar:
    """Weekly hours from Monday on, in minutes from midnight; `extra` days replace whatever else the day would be."""

    weekly: tuple[tuple[Window, ...], ...] = ((),) * 7
    closed: frozenset[date] = frozenset()
    extra: Mapping[date, tuple[Window, ...]] = field(default_factory=dict, hash=False)
    tz: str = "Asia/Shanghai"
    round_the_clock: bool = False

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise Invalid("calendar.not_seven_days", days=len(self.weekly))
        for windows in (*self.weekly, *self.extra.values()):
            edges = [minute for window in windows for minute in window]
            if any(a >= b for a, b in windows) or edges != sorted(edges) or not {0, DAY_MINUTES, *edges} <= _OF_A_DAY:
                raise Invalid("calendar.bad_hours", hours=str(windows))

    def hours(self, day: date) -> tuple[Window, ...]:
        """The working windows of one local day."""
        return self.extra.get(day, () if day in self.closed else self.weekly[day.weekday()])


_OF_A_DAY = frozenset(range(DAY_MINUTES + 1))
ROUND_THE_CLOCK = Calendar(round_the_clock=True)


def _windows(calendar: Calendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Working windows in UTC from `start` on, in order, the first one cut; ends when the calendar never works again."""
    day = start.astimezone(ZoneInfo(calendar.tz)).date()
    last = date.max if any(calendar.weekly) else max(calendar.extra, default=date.min)
    while day <= last:
        midnight = datetime.combine(day, time.min, ZoneInfo(calendar.tz))
        for opens, closes in calendar.hours(day):
            begin = max(start, (midnight + timedelta(minutes=opens)).astimezone(UTC))
            end = (midnight + timedelta(minutes=closes)).astimezone(UTC)
            if begin < end:
                yield begin, end
        day += timedelta(days=1)


def due(calendar: Calendar, start: datetime, minutes: float) -> datetime:
    """The moment at which `minutes` of working time since `start` are used up."""
    start, left = _utc(start), timedelta(minutes=minutes)
    if left < timedelta(0):
        raise Invalid("calendar.negative_limit", minutes=minutes)
    if calendar.round_the_clock or not left:
        return start + left
    for begin, end in _windows(calendar, start):
        if left <= end - begin:
            return begin + left
        left -= end - begin
    raise Invalid("calendar.never_works", start=start.isoformat())


def worked(calendar: Calendar, a: datetime, b: datetime) -> float:
    """The working minutes between two moments; 0 when the second is not later."""
    a, b, total = _utc(a), _utc(b), timedelta(0)
    if calendar.round_the_clock:
        return max(b - a, timedelta(0)) / timedelta(minutes=1)
    for begin, end in _windows(calendar, a):
        if begin >= b:
            break
        total += min(end, b) - begin
    return total / timedelta(minutes=1)


def moved(calendar: Calendar, moment: datetime, stopped: datetime, resumed: datetime) -> datetime:
    """Where a moment lies after its clock stood still between two others: as much of it is left as was, to the second.

    What had come before the clock stopped stays where it was.
    """
    if moment <= stopped:
        return moment
    return max(moment, due(calendar, resumed, worked(calendar, stopped, moment)))


class Day(NamedTuple):
    """A local day of a limit: `work`, `free` by the week, `closed` by the calendar or `extra`; what of it counts."""

    day: date
    kind: str
    minutes: float


def days(calendar: Calendar, a: datetime, b: datetime) -> list[Day]:
    """Every local day from one moment to another, in order, with the working minutes between the two."""
    zone, found = ZoneInfo(calendar.tz), []
    day, last = _utc(a).astimezone(zone).date(), _utc(b).astimezone(zone).date()
    while day <= last:
        begins = datetime.combine(day, time.min, zone)
        ends = datetime.combine(day + timedelta(days=1), time.min, zone)
        found.append(Day(day, _kind(calendar, day), worked(calendar, max(a, begins), min(b, ends))))
        day += timedelta(days=1)
    return found


def _kind(calendar: Calendar, day: date) -> str:
    if day in calendar.extra:
        return "extra"
    if day in calendar.closed:
        return "closed"
    return "work" if calendar.round_the_clock or calendar.weekly[day.weekday()] else "free"


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise Invalid("calendar.naive_time", time=moment.isoformat())
    return moment.astimezone(UTC)
