"""What a week had that its own past did not let expect, up or down. Pure.

The past of each unit gives a mean and a variance; the week is held against a negative binomial of these (Poisson where
the variance is no larger), widened for a mean that is known from so few weeks only. All units are judged together: of
what is called a change, at most a tenth is expected to be chance (Benjamini and Hochberg 1995).
"""

from collections.abc import Mapping, Sequence
from statistics import fmean, variance
from typing import NamedTuple

from cases.rules.hotspots import discoveries, tail

WEEKS, LEAST_WEEKS = 12, 8
FALSE_SHARE = 0.1
LEAST_CASES = 5
Unit = tuple[str, str]


class Change(NamedTuple):
    """A unit (what it is told by, its key): what it had in the week, what was expected, the chance of so far off."""

    by: str
    key: str
    found: int
    expected: float
    chance: float

    @property
    def up(self) -> bool:
        """Whether it had more than was expected."""
        return self.found > self.expected


def judged(unit: Unit, weeks: Sequence[int]) -> Change:
    """The last of these weeks against those before it."""
    past, found = weeks[:-1], weeks[-1]
    mean = max(fmean(past), 0.5 / len(past))
    spread = max(variance(past), mean) * (1 + 1 / len(past))
    more, less = tail(found, mean, spread), 1 - tail(found + 1, mean, spread)
    return Change(*unit, found, fmean(past), min(1.0, 2 * min(more, less)))


def changes(counted: Mapping[Unit, Sequence[int]]) -> list[Change]:
    """The units that changed, the least likely first; those with hardly a case are not asked."""
    told = [judged(unit, weeks) for unit, weeks in counted.items() if sum(weeks) >= LEAST_CASES]
    limit = discoveries([one.chance for one in told], FALSE_SHARE)
    return sorted((one for one in told if one.chance <= limit), key=lambda one: (one.chance, one.by, one.key))
