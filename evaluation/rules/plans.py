"""When reports that come by themselves are due. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta

from evaluation.rules.periods import Period, following, period_of

LATEST_DAY = {"week": 7, "month": 28}
"""The day after the end of a period on which its report may be made: of a week, and of a month, however short."""


def day_due(period: Period, day: int) -> date:
    """On which day the report of a period is made; the first is the day after its last."""
    return period.until + timedelta(days=day - 1)


def periods_due(every: str, day: int, after: date, until: date) -> Iterator[Period]:
    """The periods whose reports are due from one day to another, both included, oldest first."""
    period = period_of(every, after - timedelta(days=LATEST_DAY[every] + 31))
    while day_due(period, day) <= until:
        if day_due(period, day) >= after:
            yield period
        period = following(period)
