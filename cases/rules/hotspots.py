"""Where and when cases gather more than chance explains, and where the same comes back. Pure.

`hot_cells` is Gi* (Ord and Getis 1995) with binary weights: what a cell and its neighbours have, against what as many
cells drawn at random would have. Counts of cases are few and skewed, so the chance is not read from the normal curve
but from a negative binomial of the mean and variance that such a draw has (Poisson where the variance is no larger).
Many cells are asked at once: the false discovery rate is held by Benjamini and Hochberg (1995).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from math import cos, exp, inf, lgamma, log, radians, sqrt
from operator import mul
from typing import NamedTuple

from core.geo import haversine_m

FALSE_SHARE = 0.05
LEAST_CELLS, LEAST_CASES = 30, 20
_METRES = 111_195.0
_NOTHING = 1e-18
Spot = tuple[float, float]


class HotCell(NamedTuple):
    """A cell in a cluster: its own count, that of its neighbourhood, what was to be expected there, and the chance."""

    cell: str
    found: int
    around: int
    expected: float
    z: float
    chance: float


class HotHour(NamedTuple):
    """An hour of the week with more cases than its day and its hour let expect."""

    weekday: int
    hour: int
    found: int
    expected: float
    chance: float


class Telling(NamedTuple):
    """What repeat places are found by: a case, its class and its place."""

    key: int
    category: str
    lon: float
    lat: float


class Repeat(NamedTuple):
    """A place where a class came back: the case in its middle, and all within the radius."""

    middle: Telling
    members: tuple[int, ...]


def tail(count: int, mean: float, variance: float) -> float:
    """The chance of at least so many, of a count with this mean and variance.

    One less the chances of all below, each from its neighbour, out of the thick of them and until they are nothing:
    a city's years have thousands of cases in a cell. Hardly more variance than a Poisson's is taken for none, since
    the chances of so large a size would be differences of huge numbers.
    """
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    first = min(count - 1, int(mean))
    if variance <= mean * 1.001:
        begin, rise = mean, 0.0
        known = exp(first * log(mean) - mean - lgamma(first + 1))
    else:
        size, share = mean * mean / (variance - mean), mean / variance
        begin, rise = size * (1 - share), 1 - share
        ways = lgamma(first + size) - lgamma(size) - lgamma(first + 1)
        known = exp(ways + size * log(share) + first * log(1 - share))
    above = accumulate((_ratio(n, begin, rise) for n in range(first, count - 1)), mul, initial=known)
    below = accumulate((1 / _ratio(n - 1, begin, rise) for n in range(first, 0, -1)), mul, initial=known)
    return min(1.0, max(0.0, 1.0 - _sum(above) - _sum(below) + known))


def _ratio(n: int, begin: float, rise: float) -> float:
    """The chance of n + 1 as a multiple of that of n."""
    return (begin + rise * n) / (n + 1)


def _sum(chances: Iterable[float]) -> float:
    """Their sum; away from the thick they only fall, and end where they no longer matter."""
    total = 0.0
    for chance in chances:
        total += chance
        if chance < total * _NOTHING:
            break
    return total


def discoveries(chances: Sequence[float], share: float = FALSE_SHARE) -> float:
    """The largest chance that still counts, so that of all that count at most this share is expected to be false."""
    limit = 0.0
    for place, chance in enumerate(sorted(chances), start=1):
        if chance <= share * place / len(chances):
            limit = chance
    return limit


def near(spots: Mapping[str, Spot], metres: float) -> dict[str, list[str]]:
    """The others within so many metres of each, each itself included, by a grid of squares of that width."""
    if not spots:
        return {}
    narrow = cos(radians(sum(lat for _lon, lat in spots.values()) / len(spots)))
    width = max(metres * 1.05, 1.0)
    squares: dict[tuple[int, int], list[str]] = defaultdict(list)
    flat = {name: (lon * _METRES * narrow, lat * _METRES) for name, (lon, lat) in spots.items()}
    at = {name: (int(x // width), int(y // width)) for name, (x, y) in flat.items()}
    for name, square in at.items():
        squares[square].append(name)
    lats = [lat for _lon, lat in spots.values()]
    sure, never = ((0.98 * metres) ** 2, (1.02 * metres) ** 2) if max(lats) - min(lats) < 1 else (-1.0, inf)

    def is_near(one: str, other: str) -> bool:
        """By the plane where that is sure, which is ten times as fast; else along the great circle."""
        apart = (flat[one][0] - flat[other][0]) ** 2 + (flat[one][1] - flat[other][1]) ** 2
        return apart <= sure or (apart < never and haversine_m(*spots[one], *spots[other]) <= metres)

    return {name: [other for other in _beside(squares, at[name]) if is_near(name, other)] for name in spots}


def _beside(squares: Mapping[tuple[int, int], list[str]], at: tuple[int, int]) -> Iterable[str]:
    for across in (-1, 0, 1):
        for up in (-1, 0, 1):
            yield from squares.get((at[0] + across, at[1] + up), ())


def hot_cells(counts: Mapping[str, int], spots: Mapping[str, Spot], metres: float) -> list[HotCell] | None:
    """The cells in clusters, the least likely by chance first; None where there is too little to tell."""
    many, total = len(spots), sum(counts.get(cell, 0) for cell in spots)
    if many < LEAST_CELLS or total < LEAST_CASES:
        return None
    mean = total / many
    spread = sum(counts.get(cell, 0) ** 2 for cell in spots) / many - mean * mean
    judged = []
    for cell, others in near(spots, metres).items():
        around, size = sum(counts.get(other, 0) for other in others), len(others)
        expected, variance = size * mean, size * spread * (many - size) / (many - 1)
        if around <= expected or variance <= 0:
            judged.append(HotCell(cell, counts.get(cell, 0), around, expected, 0.0, 1.0))
            continue
        z, chance = (around - expected) / sqrt(variance), tail(around, expected, variance)
        judged.append(HotCell(cell, counts.get(cell, 0), around, expected, z, chance))
    limit = discoveries([one.chance for one in judged])
    return sorted((one for one in judged if one.chance <= limit), key=lambda one: (one.chance, -one.z, one.cell))


def hot_hours(counts: Mapping[tuple[int, int], int]) -> list[HotHour]:
    """The hours of the week that stand out of what their weekday and their hour of the day let expect."""
    total = sum(counts.values())
    if total < LEAST_CASES:
        return []
    days, hours = [0] * 8, [0] * 24
    for (weekday, hour), count in counts.items():
        days[weekday] += count
        hours[hour] += count
    judged = []
    for weekday in range(1, 8):
        for hour in range(24):
            count, expected = counts.get((weekday, hour), 0), days[weekday] * hours[hour] / total
            chance = tail(count, expected, expected) if count > expected else 1.0
            judged.append(HotHour(weekday, hour, count, expected, chance))
    limit = discoveries([one.chance for one in judged])
    return sorted((one for one in judged if one.chance <= limit), key=lambda one: one.chance)


def repeats(tellings: Sequence[Telling], metres: float, times: int) -> list[Repeat]:
    """Places where a class came back at least so often within so many metres, the most often first.

    No place lies within another one's radius; all cases in the radius count, whichever place they were found by.
    """
    by_class: dict[str, list[Telling]] = defaultdict(list)
    for one in tellings:
        by_class[one.category].append(one)
    found = [one for group in by_class.values() if len(group) >= times for one in _repeats(group, metres, times)]
    return sorted(found, key=lambda one: (-len(one.members), one.middle.category, one.middle.key))


def _repeats(group: Sequence[Telling], metres: float, times: int) -> list[Repeat]:
    """By spot and not by case: a camera tells thousands of cases from one spot, each of which has all as neighbours."""
    held: dict[Spot, list[Telling]] = defaultdict(list)
    for one in sorted(group, key=lambda one: one.key):
        held[(one.lon, one.lat)].append(one)
    known = {str(told[0].key): told for told in held.values()}
    beside = near({name: (told[0].lon, told[0].lat) for name, told in known.items()}, metres)
    many = {name: sum(len(known[other]) for other in others) for name, others in beside.items()}
    order = sorted((name for name in beside if many[name] >= times), key=lambda name: (-many[name], int(name)))
    taken: set[str] = set()
    found = []
    for name in order:
        if name not in taken:
            taken.update(beside[name])
            members = sorted(one.key for other in beside[name] for one in known[other])
            found.append(Repeat(known[name][0], tuple(members)))
    return found
