"""What is told of cases that were closed before they came here."""

from dataclasses import dataclass

from journal.contracts import BY_AREA, register_kind

HISTORY_TAKEN = "case.history_taken.v1"


@dataclass(frozen=True)
class HistoryTaken:
    """Tickets of a partner that were closed before they came here are kept as closed cases, without being judged."""

    source: str
    system: str
    cases: int
    first: str
    last: str


register_kind(HISTORY_TAKEN, HistoryTaken, BY_AREA)
