"""Supervision orders: why somebody presses, and what the journal tells of it."""

from dataclasses import dataclass
from enum import StrEnum


class OrderKind(StrEnum):
    """Why somebody presses: the case is late, a leader asks, or it matters."""

    TIMEOUT = "timeout"
    LEADER = "leader"
    IMPORTANT = "important"


@dataclass(frozen=True)
class OrderNews:
    """How an order stands (open, overdue, replied, late); `organisation` is whom it was issued to."""

    number: str
    order: int
    kind: str
    level: str
    version: int
    organisation: str
    district: str
    due_at: str
    state: str


ORDER_OVERDUE = "order.overdue.v1"
ORDER_KINDS = ("order.issued.v1", "order.replied.v1", ORDER_OVERDUE)
