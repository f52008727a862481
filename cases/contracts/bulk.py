"""Steps taken with many cases at once: what became of each, and how far a job with all of a filter is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from journal.contracts import BY_AREA, register_kind

BULK_BEGUN = "bulk.begun.v1"
BULK_ENDED = "bulk.ended.v1"


class BulkState(StrEnum):
    """How far a job is: it is looking, has looked and waits for its person, is doing; the last three are ends."""

    LOOKING = "looking"
    LOOKED = "looked"
    DOING = "doing"
    DONE = "done"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What is known of one case of a job: nothing, that it would change, that it did, or that it did or would not."""

    WAITING = "waiting"
    FINE = "fine"
    DONE = "done"
    REFUSED = "refused"


AT_WORK: Mapping[str, Outcome] = {BulkState.LOOKING: Outcome.WAITING, BulkState.DOING: Outcome.FINE}
"""The states in which a worker is at it, each with the outcome of the cases that are still to come."""
BULK_OPEN = frozenset({BulkState.LOOKING, BulkState.LOOKED, BulkState.DOING})
BULK_ENDS = frozenset(BulkState) - BULK_OPEN


@dataclass(frozen=True)
class BulkLine:
    """What became of one case: taken (`done`, now in `version` and `stage`), taken before, or refused and why.

    `status` is what the same step alone would have been answered over HTTP.
    """

    number: str
    version: int
    stage: str = ""
    done: bool = False
    repeated: bool = False
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True)
class BulkNews:
    """News: a step with all the cases of a filter was confirmed, or has ended, with so many of them done."""

    verb: str
    state: str
    cases: int
    done: int
    refused: int


register_kind(BULK_BEGUN, BulkNews, BY_AREA)
register_kind(BULK_ENDED, BulkNews, BY_AREA)
