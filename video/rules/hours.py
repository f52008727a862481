"""When a rule holds: hours of the day, working days (the calendar is asked outside), market days. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

DAYS = ("all", "workdays", "restdays")
MARKETS = ("", "only", "except")
MOST_SPANS, MOST_DATES = 6, 120
CLOCK = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"}
SCHEDULE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "days": {"enum": list(DAYS)},
        "hours": {
            "type": "array",
            "maxItems": MOST_SPANS,
            "items": {"type": "array", "minItems": 2, "maxItems": 2, "items": CLOCK},
        },
        "market": {"enum": list(MARKETS)},
        "market_digits": {
            "type": "array",
            "maxItems": 10,
            "uniqueItems": True,
            "items": {"type": "integer", "minimum": 0, "maximum": 9},
        },
        "market_dates": {
            "type": "array",
            "maxItems": MOST_DATES,
            "items": {"type": "string", "format": "date"},
        },
    },
}
"""A rule's hours as JSON; an empty object holds always. Market days are days of the month that end in a digit, and
single dates, for markets by the lunar calendar."""


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return 60 * int(hours) + int(minutes)


def market_day(schedule: Mapping[str, Any], day: date) -> bool:
    """Whether there is market on that day."""
    digits = schedule.get("market_digits", ())
    return day.day % 10 in digits or day.isoformat() in schedule.get("market_dates", ())


def _of_hours(spans: list[list[str]], at: time) -> bool:
    """Within one of the spans; one that ends before it begins runs over midnight."""
    minute = 60 * at.hour + at.minute
    for begins, ends in ((_minutes(a), _minutes(b)) for a, b in spans):
        inside = begins <= minute < ends if begins < ends else minute >= begins or minute < ends
        if inside:
            return True
    return not spans


def holds(schedule: Mapping[str, Any], local: datetime, workday: bool) -> bool:
    """Whether a rule holds at a local time of a day that is a working day or not."""
    days = schedule.get("days", "all")
    if days != "all" and workday is not (days == "workdays"):
        return False
    market = schedule.get("market", "")
    if market and market_day(schedule, local.date()) is not (market == "only"):
        return False
    return _of_hours(schedule.get("hours", []), local.time())
