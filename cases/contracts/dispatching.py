"""Automatic dispatch: what the journal tells of its rules and its switch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

DISPATCHER = "rule:dispatch"
"""The key of the machine that dispatches by rule."""
DISPATCH_RULE_BEGUN = "dispatching.rule_begun.v1"
DISPATCH_RULE_ENDED = "dispatching.rule_ended.v1"
DISPATCHING_SWITCHED = "dispatching.switched.v1"
DISPATCHING_CAUGHT_UP = "dispatching.caught_up.v1"
SWITCHED_OFF = "dispatching.switched_off"
"""Why a case waits that came while the rules were off."""


class ReplayState(StrEnum):
    """How far a replay of a rule on many cases is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    LEFT = "left"


REPLAYING = frozenset({ReplayState.WAITING, ReplayState.RUNNING})


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


@dataclass(frozen=True)
class DispatchingCaughtUp:
    """Somebody had the rules look at so many cases that had come while these were off."""

    cases: int


@dataclass(frozen=True)
class CaughtUp:
    """What became of one case that had waited: where it went, or the code of why it still waits."""

    number: str
    organisation: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
