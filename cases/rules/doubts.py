"""When a picture is taken too early to show what it is sent for. Pure."""

from datetime import datetime, timedelta

from cases.contracts import Phase

SLACK = timedelta(minutes=10)
"""Clocks of cameras go wrong by so much without anybody meaning it."""


def minutes_early(phase: Phase, taken_at: datetime | None, reported_at: datetime, most_hours: int) -> int | None:
    """How many minutes before the report a picture was taken, where that is doubtful; None where it is not.

    One of the problem may be some hours older than the report; one of what came after may not be older than it at all.
    """
    if taken_at is None:
        return None
    early = reported_at - taken_at
    most = timedelta(hours=most_hours) if phase == Phase.REPORT else SLACK
    return int(early.total_seconds() // 60) if early > most else None
