"""What is told of cases that ended before they came here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from journal.contracts import BY_AREA, register_kind

HISTORY_TAKEN = "case.history_taken.v1"


@dataclass(frozen=True)
class HistoryTaken:
    """Cases of another system that ended before they came here are kept as ended, without being judged."""

    source: str
    system: str
    cases: int
    first: str
    last: str


@dataclass(frozen=True)
class OldStep:
    """A step as it was taken elsewhere: by whom, when, what was given, and the organisation it was sent to."""

    verb: str
    at: datetime
    actor: str
    label: str
    org: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OldCase:
    """A case that ended elsewhere, with every step it took, the first of them its report."""

    source: str
    source_ref: str
    category: str
    condition: str
    description: str
    address: str
    lon: float
    lat: float
    steps: tuple[OldStep, ...]
    callback_wanted: bool = False


register_kind(HISTORY_TAKEN, HistoryTaken, BY_AREA)
