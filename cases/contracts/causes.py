"""The public words of why cases go wrong."""

from collections.abc import Mapping
from enum import StrEnum


class Cause(StrEnum):
    """What went other than it should, each said with a reason by whoever took the step; late says none."""

    LATE = "late"
    RETURNED = "returned"
    REWORKED = "reworked"
    REDONE = "redone"
    REOPENED = "reopened"
    REFUSED = "refused"
    VOIDED = "voided"


VERBS: Mapping[Cause, tuple[str, ...]] = {
    Cause.RETURNED: ("send_back",),
    Cause.REWORKED: ("check_fail", "refuse_feedback"),
    Cause.REDONE: ("redo",),
    Cause.REOPENED: ("reopen",),
    Cause.REFUSED: ("reject", "refuse"),
    Cause.VOIDED: ("void",),
}
"""The steps with which it is said."""
ALL_VERBS = tuple(verb for verbs in VERBS.values() for verb in verbs)
LONGEST_REASON = 200
"""Reasons are told apart by so many of their first letters."""
NO_REASON = "-"
"""What stands for a step that says no reason."""
