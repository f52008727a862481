"""When the rounds of a register begin. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.worktime import Calendar
from registers.contracts import Rounds

FARTHEST = timedelta(days=62)
"""How far back rounds are looked for that nobody started: enough for a month's, and not for years."""


def begun(rounds: Rounds, since: datetime, now: datetime, hours: Calendar) -> list[datetime]:
    """Every moment after `since`, up to now, at which a round begins, by the clock of the calendar and in order."""
    zone = ZoneInfo(hours.tz)
    day, last = max(since, now - FARTHEST).astimezone(zone).date(), now.astimezone(zone).date()
    found = []
    while day <= last:
        moment = datetime.combine(day, time.fromisoformat(rounds.at), zone)
        if since < moment <= now and _begins(rounds, day, hours):
            found.append(moment)
        day += timedelta(days=1)
    return found


def _begins(rounds: Rounds, day: date, hours: Calendar) -> bool:
    """Whether it is the first day of its week or month on which a round may begin."""
    return _counts(rounds, day, hours) and not any(_counts(rounds, one, hours) for one in _before(rounds, day))


def _counts(rounds: Rounds, day: date, hours: Calendar) -> bool:
    return not rounds.workdays or hours.round_the_clock or bool(hours.hours(day))


def _before(rounds: Rounds, day: date) -> Iterator[date]:
    """The days of the same week or month that were before."""
    many = {"day": 0, "week": day.weekday(), "month": day.day - 1}[rounds.each]
    return (day - timedelta(days=back) for back in range(1, many + 1))
