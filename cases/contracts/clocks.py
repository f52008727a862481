"""The clocks of a case: what they are, and what the journal tells of their ladders."""

from dataclasses import dataclass
from enum import StrEnum

DUE_SOON = "case.due_soon.v1"
OVERDUE = "case.overdue.v1"
ESCALATED = "clock.escalated.v1"
LADDER_CHANGED = "ladder.changed.v1"


class ClockKind(StrEnum):
    """Each stage has a clock; handling runs from the first dispatch to confirm; total from register to close."""

    STAGE = "stage"
    HANDLING = "handling"
    TOTAL = "total"


@dataclass(frozen=True)
class EscalationNews:
    """A clock has been over for so many minutes of its calendar, and its ladder says who is told now.

    `stage` is that of the case; `due_at` the broken promise; `at` when this should have been told, which after an
    outage is long before it was. Times are ISO 8601 in UTC.
    """

    number: str
    version: int
    clock: str
    stage: str
    rung: str
    late_minutes: int
    tell: list[str]
    due_at: str
    at: str
    organisation: str
    district: str


@dataclass(frozen=True)
class LadderNews:
    """The ladder for a clock, a stage and a class ("" = every one) has these rungs from now on; none where it is gone.

    A rung reads `w75: post`, `breach: post leader`, `l60: district`: what it is called, and who is told.
    """

    clock: str
    stage: str
    category: str
    before: list[str]
    after: list[str]
    reason: str
