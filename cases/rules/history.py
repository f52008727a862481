"""The way of a case that ended before it came here: whether it is one that the table of steps knows. Pure."""

from collections.abc import Sequence
from datetime import datetime

from cases.contracts import ENDS, Stage
from cases.contracts.history import OldStep
from cases.rules.table import REPORT, row


def stages_of(steps: Sequence[OldStep]) -> list[Stage]:
    """The stage after each step, as far as the table knows the way."""
    found: list[Stage] = []
    for step in steps:
        known = row(step.verb, found[-1]) if found else REPORT if step.verb == "report" else None
        if known is None:
            break
        found.append(known.target)
    return found


def way_fault(steps: Sequence[OldStep], now: datetime) -> str:
    """Why this is no way that a case may have come, as the code of a sentence; "" where it is one."""
    stages = stages_of(steps)
    if not steps or len(stages) < len(steps):
        return "history.unknown_way"
    if stages[-1] not in ENDS:
        return "history.not_ended"
    moments = [step.at for step in steps]
    if any(moment.tzinfo is None for moment in moments) or moments != sorted(moments) or moments[-1] > now:
        return "history.bad_order"
    return ""
