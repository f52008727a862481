"""The tables of the days: made ahead, dropped when they are old."""

from datetime import datetime, timedelta

from telemetry.adapters import positions

AHEAD_DAYS = 3


def make_days(*, now: datetime) -> int:
    """Today, yesterday and the coming days have their tables; answers how many are new."""
    return positions.make_days(now.date() + timedelta(days=step) for step in range(-1, AHEAD_DAYS + 1))


def drop_old_days(*, now: datetime, keep_days: int) -> int:
    """Fixes older than so many days are gone; answers how many tables went with them."""
    return positions.drop_days(now.date() - timedelta(days=keep_days))
