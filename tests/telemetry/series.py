"""Series of readings for tests: a gauge that tells every so often, and what a rule makes of all of it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from telemetry.rules.levels import Episode, Reading, State, advance, fold
from telemetry.rules.rule_data import LevelRule

START = datetime(2026, 6, 1, 1, 0, tzinfo=UTC).timestamp()
FLOOD = LevelRule(bands=(5, 15, 27, 40))


def told(values: Sequence[float | None], *, every: float = 60, gauge: int = 1, since: float = START) -> list[Reading]:
    """The gauge tells these values one after the other; None is one that never came."""
    return [Reading(since + place * every, gauge, value) for place, value in enumerate(values) if value is not None]


def judged(readings: Iterable[Reading], rule: LevelRule = FLOOD, *, until: float | None = None) -> list[Episode]:
    """Every alarm of the readings, taken in the order in which they were measured; one that stands is the last."""
    state = State()
    ordered = sorted(readings, key=lambda one: (one.at, one.gauge))
    found = list(fold(state, ordered, rule))
    if until is not None:
        found += advance(state, until, rule)
    return [*found, state.open] if state.open else found


def minutes(moment: float) -> float:
    """Minutes after the start."""
    return (moment - START) / 60
