"""Which clocks a step starts and stops."""

from collections.abc import Mapping
from typing import NamedTuple

from cases.contracts import ENDS, ClockKind, Stage


class ClockEffect(NamedTuple):
    """What a step does to the clocks of a case; the stage clock changes with every change of stage."""

    stop: frozenset[ClockKind] = frozenset()
    start: frozenset[ClockKind] = frozenset()


_EVERY_CLOCK = frozenset(ClockKind)
_HANDLING = frozenset({ClockKind.HANDLING})
_TOTAL = frozenset({ClockKind.TOTAL})
_CLOCK_EFFECTS: Mapping[str, ClockEffect] = {
    "register": ClockEffect(start=_TOTAL),
    "reopen": ClockEffect(start=_TOTAL),
    "dispatch_district": ClockEffect(start=_HANDLING),
    "dispatch": ClockEffect(start=_HANDLING),
    "confirm": ClockEffect(stop=_HANDLING),
    "check_fail": ClockEffect(start=_HANDLING),
    "refuse_feedback": ClockEffect(start=_HANDLING),
}


def clock_effect(verb: str, target: Stage, running: frozenset[ClockKind]) -> ClockEffect:
    """Which clocks stop and start: an end stops all; one that runs goes on (one clock for both commands)."""
    if target in ENDS:
        return ClockEffect(stop=_EVERY_CLOCK)
    effect = _CLOCK_EFFECTS.get(verb, ClockEffect())
    return ClockEffect(stop=effect.stop & running, start=effect.start - running)
