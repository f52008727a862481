"""What a part of the year, the week or the day has, held against its own mean; and whether that can be told. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from cases.contracts.questions import Group

LEAST_CASES = 120
LEAST_DAYS: Mapping[Group, int] = {Group.MONTH: 365, Group.WEEKDAY: 56, Group.HOUR: 28}
"""So many days a period must have for a profile: a year for its months, eight weeks for a week, four for a day."""


class Part(NamedTuple):
    """A part of a season: what it had, how many days (or hours) of it there were, and how that stands to the mean."""

    key: str
    found: int
    ground: int
    mean: float
    ratio: float | None


def too_little(by: Group, since: date, until: date, cases: int) -> bool:
    """Whether a period says too little of such a season."""
    return (until - since).days + 1 < LEAST_DAYS[by] or cases < LEAST_CASES


def once_only(by: Group, since: date, until: date) -> bool:
    """Whether the months of a year were seen once, so that a season cannot be told from a change."""
    return by is Group.MONTH and (until - since).days + 1 < 2 * 365


def grounds(by: Group, since: date, until: date) -> dict[str, int]:
    """How many days of the period belong to each month of the year or day of the week; each hour has them all."""
    many = (until - since).days + 1
    if by is Group.HOUR:
        return dict.fromkeys(map(str, range(24)), many)
    found: dict[str, int] = {}
    for number in range(many):
        day = since + timedelta(days=number)
        key = str(day.month if by is Group.MONTH else day.isoweekday())
        found[key] = found.get(key, 0) + 1
    return dict(sorted(found.items(), key=lambda part: int(part[0])))


def profile(counts: Mapping[str, int], ground: Mapping[str, int]) -> list[Part]:
    """Each part with its cases a day, and these as a multiple of the mean of all days."""
    days, cases = sum(ground.values()), sum(counts.get(key, 0) for key in ground)
    mean = cases / days if days else 0.0
    daily = {key: counts.get(key, 0) / many for key, many in ground.items()}
    return [
        Part(key, counts.get(key, 0), many, daily[key], daily[key] / mean if mean else None)
        for key, many in ground.items()
    ]
