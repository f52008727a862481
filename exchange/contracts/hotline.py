"""The exchange of tickets with other authorities: its words, its news, and the socket of whoever takes tickets in.

Exchange knows partners, messages and their order; what a ticket becomes is the business of the desk that an app plugs
in with its `intakes.py`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from core.errors import DomainError
from journal.contracts import BY_AREA, register_kind

VERSION = 1
"""The version of the JSON contract that both sides speak."""


class MessageKind(StrEnum):
    """What a partner may say of a ticket."""

    TICKET = "ticket"
    UPDATE = "update"
    URGE = "urge"
    WITHDRAW = "withdraw"
    CALLBACK = "callback"
    EXTENSION = "extension"


class MessageState(StrEnum):
    """What became of a message: kept only, waiting, made use of, or older than what is known."""

    RECEIVED = "received"
    WAITING = "waiting"
    APPLIED = "applied"
    OLD = "old"


PENDING = (MessageState.RECEIVED, MessageState.WAITING)
"""Messages that have not had their effect yet."""


class TicketState(StrEnum):
    """How a ticket stands on our side."""

    WAITING = "waiting"
    TAKEN = "taken"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DONE = "done"


class ReplyKind(StrEnum):
    """What a partner is told of its ticket."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    PROGRESS = "progress"
    EXTENSION = "extension_asked"
    RESULT = "result"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


class ReplyState(StrEnum):
    """How far a reply has come."""

    QUEUED = "queued"
    SENT = "sent"
    REFUSED = "refused"


class Score(StrEnum):
    """What the citizen said when the partner called back."""

    SATISFIED = "satisfied"
    UNSATISFIED = "unsatisfied"


class Unsatisfied(StrEnum):
    """What an unsatisfied citizen brings about: the case again, a case that follows it up, or a flag for people."""

    REOPEN = "reopen"
    FOLLOW_UP = "follow_up"
    FLAG = "flag"


class NotSigned(DomainError):
    """The request does not prove who sent it."""

    status = 401


@dataclass(frozen=True)
class Telling:
    """A ticket in our words; `ref` names it for good, texts and `reporter` are as they were written."""

    ref: str
    category: str
    description: str
    address: str
    lon: float | None
    lat: float | None
    area: str
    received_at: datetime | None
    reporter: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)


class Taken(NamedTuple):
    """What a ticket became, and what is odd about it: codes with parameters."""

    subject: str
    flags: tuple[tuple[str, Mapping[str, Any]], ...] = ()


class Standing(NamedTuple):
    """How the thing that a ticket became stands now: its page, the words of its stage, its own deadline."""

    href: str
    words: str
    due_at: datetime | None
    late: bool


class Desk(Protocol):
    """The app that takes tickets in. Each call runs in the caller's transaction and may raise a DomainError."""

    def classes(self) -> Mapping[str, Mapping[str, str]]:
        """The classes that a partner's may be mapped to, with their names."""

    def regions(self) -> Collection[str]:
        """The codes of the regions that a partner's areas may be mapped to."""

    def take(self, telling: Telling, *, partner: str) -> Taken:
        """There is something of ours for the ticket, once for its `ref`."""

    def add(self, subject: str, ref: str, note: str, *, partner: str) -> None:
        """A further word of the partner hangs on it, once for its `ref`."""

    def withdraw(self, subject: str, ref: str, reason: str, *, partner: str) -> bool:
        """It ends if nothing was done yet; otherwise the word of it hangs on it, and people decide."""

    def scored(self, subject: str, score: Score, *, partner: str) -> None:
        """What the citizen said when the partner called back stands with it."""

    def unsatisfied(self, subject: str, ref: str, text: str, *, partner: str, rule: Unsatisfied) -> Taken:
        """The rule is carried out; answers what now stands for the ticket."""

    def standings(self, subjects: Collection[str]) -> Mapping[str, Standing]:
        """How these stand, in one query."""


_desks: list[Desk] = []
_open = True


def register_desk(desk: Desk) -> None:
    """This app takes the tickets in; there is one."""
    if not _open:
        raise RuntimeError("a desk was plugged in after Django has started; register it in intakes.py")
    if _desks:
        raise ValueError("two desks")
    _desks.append(desk)


def desk() -> Desk:
    """Whoever takes tickets in."""
    return _desks[0]


def close_desk() -> None:
    """Nothing more may be plugged in."""
    globals()["_open"] = False


@dataclass(frozen=True, slots=True)
class PartnerChanged:
    """News: what is known of a partner was changed; which fields, not what they say."""

    partner: str
    fields: tuple[str, ...]
    enabled: bool


@dataclass(frozen=True, slots=True)
class TicketDecided:
    """News: a person decided about a ticket that waited, by its key: mapped, refused, or a reply is sent again."""

    ticket: int
    partner: str
    verb: str
    category: str


@dataclass(frozen=True, slots=True)
class TicketScored:
    """News: the partner called back and says what the citizen said."""

    ticket: int
    partner: str
    subject: str
    score: str


PARTNER_CHANGED = "hotline.partner_changed.v1"
TICKET_DECIDED = "hotline.ticket_decided.v1"
TICKET_SCORED = "hotline.ticket_scored.v1"
register_kind(PARTNER_CHANGED, PartnerChanged, BY_AREA)
register_kind(TICKET_DECIDED, TicketDecided, BY_AREA)
register_kind(TICKET_SCORED, TicketScored, BY_AREA)
