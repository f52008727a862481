"""Automatic dispatch: what the journal tells of its rules and its switch."""

from dataclasses import dataclass

DISPATCHER = "rule:dispatch"
"""The key of the machine that dispatches by rule."""
DISPATCH_RULE_BEGUN = "dispatching.rule_begun.v1"
DISPATCH_RULE_ENDED = "dispatching.rule_ended.v1"
DISPATCHING_SWITCHED = "dispatching.switched.v1"


@dataclass(frozen=True)
class DispatchRuleNews:
    """A rule of automatic dispatch began or ended; of `replayed` cases it decided so many, so many unlike people."""

    rule_id: int
    name: str
    level: str
    aim: str
    priority: int
    area: str
    valid_from: str
    valid_until: str
    reason: str
    replayed: int
    decided: int
    wrong: int


@dataclass(frozen=True)
class DispatchingSwitched:
    """Automatic dispatch was switched on or off for the whole city."""

    on: bool
    reason: str
