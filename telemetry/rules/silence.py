"""Gauges that tell nothing: since when one is silent, how grave that is, and when it rains. Pure.

Everything follows from the moments of the readings and of the rain, whenever they arrived.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from telemetry.rules.levels import Episode
from telemetry.rules.rule_data import SilenceRule

Spell = tuple[float, float]
HEAVY, RAINS_ON_S = 5.0, 1800.0
"""Millimetres an hour from which it is rain mode, and how long that goes on after the last such reading."""
QUIET, IN_RAIN, BLIND = 1, 2, 3
"""The levels: it is dry; it rains; it rains and no gauge of the place tells anything."""
SILENT, RAINS, DRY_AGAIN, ALL_SILENT, SPOKE = "silent", "rains", "dry", "blind", "spoke"


def rain_spells(readings: Iterable[tuple[float, float]], warnings: Iterable[Spell]) -> list[Spell]:
    """When it is rain mode: after each heavy reading, and while a warning is in force; joined where they touch."""
    spells = sorted([*((at, at + RAINS_ON_S) for at, value in readings if value >= HEAVY), *warnings])
    joined: list[Spell] = []
    for start, end in spells:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def silent_from(last: float, interval_s: float, rains: Sequence[Spell], rule: SilenceRule) -> float:
    """When a gauge that told its last reading then counts as silent."""
    usual = last + max(rule.times * interval_s, rule.least_s)
    patience = max(rule.rain_s, interval_s + 60)
    for start, end in rains:
        due = max(start, last + patience)
        if due <= end and due < usual:
            return due
    return usual


def has_gap(moments: Sequence[float], now: float, interval_s: float, rule: SilenceRule) -> bool:
    """Whether the gauge told nothing for so long that it may count as silent, should it have rained."""
    patience = max(rule.rain_s, interval_s + 60)
    return any(after - last > patience for last, after in pairwise([*moments, now]))


def silent_spells(
    moments: Sequence[float], now: float, interval_s: float, rains: Sequence[Spell], rule: SilenceRule
) -> list[Spell]:
    """From when to when the gauge was silent; one that is silent still ends at `now`."""
    found = [
        (due, after)
        for last, after in pairwise([*moments, now])
        if (due := silent_from(last, interval_s, rains, rule)) < after
    ]
    if found and found[-1][1] == now and (not moments or moments[-1] < now):
        found[-1] = (found[-1][0], float("inf"))
    return found


def silences(spells: Mapping[int, Sequence[Spell]], gauge: int, rains: Sequence[Spell], now: float) -> list[Episode]:
    """The alarms of one gauge, among those of its place: how grave each was when, and whether it stands."""
    others = [one for other, one in spells.items() if other != gauge]
    return [_episode(spell, others, rains, now) for spell in spells[gauge]]


def _episode(spell: Spell, others: Sequence[Sequence[Spell]], rains: Sequence[Spell], now: float) -> Episode:
    start, end = spell
    edges = {edge for one in (rains, *others) for pair in one for edge in pair if start < edge < end and edge <= now}
    levels: list[list[object]] = []
    for at in (start, *sorted(edges)):
        level, why = _gravity(at, others, rains)
        if not levels or levels[-1][1] != level:
            levels.append([at, level, why])
    ended = None if end == float("inf") else end
    if ended is not None:
        levels.append([ended, 0, SPOKE])
    lasted = ((ended if ended is not None else now) - start) / 60
    return Episode(start, levels, lasted, ended or now, ended or now, len(levels), ended)


def _gravity(at: float, others: Sequence[Sequence[Spell]], rains: Sequence[Spell]) -> tuple[int, str]:
    if not _inside(rains, at):
        return QUIET, SILENT
    if all(_inside(one, at) for one in others):
        return BLIND, ALL_SILENT
    return IN_RAIN, RAINS


def _inside(spells: Sequence[Spell], at: float) -> bool:
    place = bisect_right(spells, (at, float("inf"))) - 1
    return place >= 0 and spells[place][0] <= at < spells[place][1]
