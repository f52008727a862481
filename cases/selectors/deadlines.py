"""When a limit that starts now is used up: the one place that asks the calendar, for clocks and for what-if."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from core.worktime import ROUND_THE_CLOCK, Calendar, due, minutes_of, runs_on
from grid import selectors as grid


class Deadline(NamedTuple):
    """A limit as minutes on a calendar, and when it warns and ends."""

    minutes: int
    calendar: str
    due_at: datetime
    warn_at: datetime
    hours: Calendar


def hours_of(code: str, area: str) -> Calendar:
    """The working hours of a calendar ("" = round the clock) at a place."""
    return ROUND_THE_CLOCK if code in ("", "round_the_clock") else grid.calendar(code, area)


def deadline(
    limit: Mapping[str, Any], area: str, start: datetime, warn_share: float,
    hours_at: Callable[[str, str], Calendar] = hours_of,
) -> Deadline:  # fmt: skip
    """When a limit of `value` units (its `share` of them) ends that starts then, on the calendar of the place."""
    minutes = max(1, round(minutes_of(limit["value"], limit["unit"]) * limit.get("share", 1.0)))
    code = runs_on(limit["unit"])
    hours = hours_at(code, area)
    return Deadline(minutes, code, due(hours, start, minutes), due(hours, start, minutes * warn_share), hours)
