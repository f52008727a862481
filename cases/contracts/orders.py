"""Supervision orders: why somebody presses, and what the journal tells of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

BY_ITSELF = "rule:timeout"
"""Who gives the orders that the city's model gives for a breach."""


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


@dataclass(frozen=True)
class Shirking:
    """That an organisation shirked a case 推诿: a raw fact, which an appeal does not undo.

    By `kind` it `passed_on` a case that was passed around, or had `not_taken` one after its return was refused.
    `organisation` is its code, `area` a dotted path, `returned_at` when it returned or was refused to; `shirked_at` is
    when it was found, told as `case.shirked.v1` or `case.not_taken.v1`.
    """

    number: str
    organisation: str
    area: str
    district: str
    category: str
    returned_at: datetime
    reason: str
    shirked_at: datetime
    exempt: bool
    kind: str = "passed_on"
