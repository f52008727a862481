"""The state machine of alarms over values: a fold of readings in the order in which they were measured. Pure.

Nothing in it knows when a reading arrived, so readings that come late, twice or in any order give the same alarms once
they are folded in their own order. A state is plain data, so that a fold may be broken off and taken up again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any, NamedTuple

from telemetry.rules.rule_data import CHINA, LevelRule

HOUR, FRESH_S, NEIGHBOURS, FEWEST = 3600.0, 900.0, 3, 4
MEASURED, FORESEEN, UNFORESEEN, STEPPED = "measured", "foreseen", "not_reached", "fell"
"""Why an alarm has a level: it was measured, it was foreseen, what was foreseen did not come, the water fell."""


class Reading(NamedTuple):
    """When it was measured (seconds since 1970), by which gauge, what."""

    at: float
    gauge: int
    value: float


@dataclass
class Gauge:
    """What is remembered of a gauge: its latest usable readings, and one that still waits to be confirmed."""

    trail: list[list[float]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)


@dataclass
class Episode:
    """One alarm from its beginning to its end (None: it stands); `levels` are its levels, when and why."""

    begun: float
    levels: list[list[Any]]
    peak: float
    peak_at: float
    last: float
    count: int = 0
    ended: float | None = None
    foreseen: bool = False
    chattering: bool = False
    retracted: str = ""

    @property
    def level(self) -> int:
        """The level it has, or had at last before it ended."""
        return int(next((one[1] for one in reversed(self.levels) if one[1]), 0))

    @property
    def highest(self) -> int:
        """The highest level it ever had."""
        return int(max(one[1] for one in self.levels))


@dataclass
class State:
    """All that a fold remembers: its gauges, the level, since when values lie below each band, turns of the hour."""

    upto: float = 0.0
    gauges: dict[str, Gauge] = field(default_factory=dict)
    measured: int = 0
    changed: float = 0.0
    below: dict[str, list[float]] = field(default_factory=dict)
    turns: list[float] = field(default_factory=list)
    way: int = 0
    foreseen: int = 0
    foreseen_until: float | None = None
    rising: bool = False
    open: Episode | None = None

    def plain(self) -> dict[str, Any]:
        """The state as JSON keeps it."""
        return asdict(self)

    @classmethod
    def of(cls, told: dict[str, Any]) -> "State":
        """A state that was kept as JSON; of nothing, the first one."""
        if not told:
            return cls()
        gauges = {name: Gauge(**one) for name, one in told["gauges"].items()}
        episode = Episode(**told["open"]) if told["open"] else None
        return cls(**{**told, "gauges": gauges, "open": episode})


def fold(state: State, readings: Iterable[Reading], rule: LevelRule) -> Iterator[Episode]:
    """The state has taken the readings, which come by time and gauge; answers each alarm that has ended."""
    for reading in readings:
        yield from advance(state, reading.at, rule)
        gauge = state.gauges.setdefault(str(reading.gauge), Gauge())
        for at, value in _usable(gauge, reading, rule):
            gauge.trail.append([at, value])
            _trim(gauge, rule, reading.at)
            yield from _judge(state, gauge, reading.at, value, rule)
        state.upto = max(state.upto, reading.at)


def advance(state: State, now: float, rule: LevelRule) -> Iterator[Episode]:
    """What was foreseen and has not come by now is taken back, at the moment when its time was over."""
    until = state.foreseen_until
    if until is None or until > now:
        return
    state.foreseen, state.foreseen_until, state.upto = 0, None, max(state.upto, until)
    yield from _level(state, until, UNFORESEEN, 0)


def _usable(gauge: Gauge, reading: Reading, rule: LevelRule) -> list[tuple[float, float]]:
    """When what was measured that may be believed now: this one, with the one that it confirms, or none yet.

    A jump is believed once the next reading has not gone back from it: a spike falls back, a flood stays or rises.
    """
    at, value, waiting = reading.at, reading.value, gauge.waits
    trail, gauge.waits = [one for one in gauge.trail if at - one[0] <= HOUR], []
    if waiting and at - waiting[0] <= HOUR and _confirms(waiting, value, rule):
        return [(waiting[0], waiting[1]), (at, value)]
    reference, jumps = rule.bands[0], rule.over(value) > 0
    if trail:
        reference = median(one[1] for one in trail[-NEIGHBOURS:])
        minutes = max(at - trail[-1][0], 1.0) / 60
        jumps = abs(value - reference) > rule.spike or abs(value - trail[-1][1]) / minutes > rule.rate
    if jumps:
        gauge.waits = [at, value, reference]
    return [] if jumps else [(at, value)]


def _confirms(waiting: Sequence[float], value: float, rule: LevelRule) -> bool:
    _at, jumped, reference = waiting
    if jumped >= reference:
        return value >= jumped - rule.confirm
    return value <= jumped + rule.confirm


def _trim(gauge: Gauge, rule: LevelRule, now: float) -> None:
    kept = max(rule.of, NEIGHBOURS)
    old = [one for one in gauge.trail[:-kept] if now - one[0] <= rule.rise_s]
    gauge.trail = old + gauge.trail[-kept:]


def _judge(state: State, gauge: Gauge, at: float, value: float, rule: LevelRule) -> Iterator[Episode]:
    wanted = _wanted(state, gauge, at, value, rule) if rule.watches(at, CHINA) else 0
    _below(state, at, max([value, *_others(state, gauge, at)]), rule)
    if wanted > state.measured:
        state.measured = wanted
        if wanted >= state.foreseen:
            state.foreseen, state.foreseen_until = 0, None
        yield from _level(state, at, MEASURED, value)
    elif state.measured and _may_step_down(state, at, rule):
        state.measured -= 1
        yield from _level(state, at, STEPPED, value)
    yield from _foresee(state, gauge, at, value, rule)
    if state.open:
        episode = state.open
        episode.peak, episode.peak_at = max((episode.peak, episode.peak_at), (value, at), key=lambda one: one[0])
        episode.last, episode.count = at, episode.count + 1


def _wanted(state: State, gauge: Gauge, at: float, value: float, rule: LevelRule) -> int:
    """The highest level that enough of the latest readings reach, or one reading passes, or two gauges agree on."""
    votes = sorted((rule.over(one[1]) for one in gauge.trail[-rule.of :]), reverse=True)
    voted = votes[rule.need - 1] if len(votes) >= rule.need else 0
    others = [rule.over(one) for one in _others(state, gauge, at)]
    agreed = min(rule.over(value), max(others, default=0))
    return max(voted, rule.over(value) - 1, agreed)


def _others(state: State, gauge: Gauge, now: float) -> list[float]:
    """The latest value of each other gauge of the place that has told one not long ago."""
    others = [one for one in state.gauges.values() if one is not gauge and one.trail]
    return [one.trail[-1][1] for one in others if now - one.trail[-1][0] <= FRESH_S]


def _below(state: State, at: float, value: float, rule: LevelRule) -> None:
    for level in range(1, len(rule.bands) + 1):
        held = state.below.get(str(level))
        if not rule.is_below(level, value):
            state.below.pop(str(level), None)
        elif held:
            held[1] += 1
        else:
            state.below[str(level)] = [at, 1]


def _may_step_down(state: State, at: float, rule: LevelRule) -> bool:
    held = state.below.get(str(state.measured))
    long_enough = held is not None and at - held[0] >= rule.clear_s and held[1] >= rule.clear_n
    state.turns = [one for one in state.turns if at - one < HOUR]
    chatters = len(state.turns) >= rule.most_turns
    if state.open and long_enough and chatters:
        state.open.chattering = True
    return long_enough and not chatters and at - state.changed >= rule.on_s


def _foresee(state: State, gauge: Gauge, at: float, value: float, rule: LevelRule) -> Iterator[Episode]:
    """Water that will reach the third band within a quarter of an hour raises the alarm of the second before it does.

    A rule of fewer bands foresees its last one, and raises the first.
    """
    slope = theil_sen([one for one in gauge.trail if at - one[0] <= rule.rise_s])
    state.rising = slope is not None and slope > 0 and slope * 60 >= rule.rise and value >= rule.rise_from
    ahead = min(2, len(rule.bands) - 1)
    level = max(1, ahead)
    if not state.rising or slope is None or max(state.measured, state.foreseen) >= level:
        return
    if rule.watches(at, CHINA) and 0 < (rule.bands[ahead] - value) / slope <= rule.within_s:
        state.foreseen, state.foreseen_until = level, at + rule.wait_s
        yield from _level(state, at, FORESEEN, value)


def theil_sen(trail: Sequence[Sequence[float]]) -> float | None:
    """The middle of all slopes between two of the points, per second: one wrong point does not bend it."""
    if len(trail) < FEWEST:
        return None
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for place, a in enumerate(trail) for b in trail[place + 1 :] if b[0] > a[0]]
    return median(slopes) if slopes else None


def _level(state: State, at: float, why: str, value: float) -> Iterator[Episode]:
    """The alarm has the level of the state from here on: it begins, goes on, or is answered as ended."""
    level, episode = max(state.measured, state.foreseen), state.open
    before = episode.levels[-1][1] if episode else 0
    if level == before:
        return
    way = 1 if level > before else -1
    if state.way and way != state.way:
        state.turns = [*(one for one in state.turns if at - one < HOUR), at]
    state.way, state.changed = way, at
    if episode is None:
        state.open = Episode(at, [[at, level, why]], value, at, at, foreseen=why == FORESEEN)
        return
    episode.levels.append([at, level, why])
    if level:
        return
    episode.ended = at
    if all(reason in (FORESEEN, UNFORESEEN) for _at, _level, reason in episode.levels):
        episode.retracted = "prediction"
    state.open = None
    yield episode
