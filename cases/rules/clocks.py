"""Which clocks a step starts and stops, and when the end of one may be moved."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from cases.contracts import ENDS, ClockKind, Stage
from cases.rules.classes import LONGEST_LIMIT
from cases.rules.guards import CaseFacts, given_wrong, state
from core.scope import Duty
from core.steps import Ground, Refusal

RESCHEDULERS = frozenset({Duty.SUPERVISE})
LONGEST_REASON = 4000
FARTHEST = timedelta(days=LONGEST_LIMIT)
"""By how much an end may be moved at once: by the longest limit that a class may have."""


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


def reschedule_refusal(
    facts: CaseFacts, duties: frozenset[Duty], due: datetime | None, until: datetime | None, reason: str, now: datetime
) -> Refusal | None:
    """Why this actor may not move the end `due` of a clock, or None: who supervises, to a later time, with a reason.

    What is broken stays broken, and a held case has its clocks moved by the hold.
    """
    if not duties & RESCHEDULERS:
        return Refusal("case.not_your_duty", {"verb": "reschedule"}, Ground.DUTY)
    if facts.held:
        return state("held")
    if due is None:
        return state("no_such_clock")
    if due < now:
        return state("reschedule_too_late")
    if not reason or len(reason) > LONGEST_REASON:
        return given_wrong("needs_reason")
    if until is None or until <= due:
        return given_wrong("needs_later_due")
    return given_wrong("later_due_too_far", days=FARTHEST.days) if until - due > FARTHEST else None
