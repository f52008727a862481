"""The public words of enforcement: stages of a file, what is decided and served, rights, causes, the news."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from journal.contracts import BY_AREA, BY_ORG, PERSONAL, register_kind

Names = Mapping[str, str]
SEE = "dossier.see"
"""The right to open files of the ground held; parties stay masked."""


class Office(StrEnum):
    """Who acts on a file; a person holds one of them over the ground of the file, and never all in one file."""

    HANDLE = "dossier.handle"
    REVIEW = "dossier.review"
    DECIDE = "dossier.decide"


class Stage(StrEnum):
    """Where a file stands, from clue to end."""

    OPENED = "opened"
    INVESTIGATING = "investigating"
    CONCLUDED = "concluded"
    NOTIFIED = "notified"
    HEARING = "hearing"
    HEARD = "heard"
    REVIEWED = "reviewed"
    DISCUSSED = "discussed"
    DECIDED = "decided"
    SERVED = "served"
    URGED = "urged"
    ENFORCING = "enforcing"
    AT_COURT = "at_court"
    FULFILLED = "fulfilled"
    SPARED = "spared"
    CEASED = "ceased"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    DROPPED = "dropped"
    TRANSFERRED = "transferred"
    ANNULLED = "annulled"


ENDS = frozenset({Stage.CLOSED, Stage.DISMISSED, Stage.DROPPED, Stage.TRANSFERRED, Stage.ANNULLED})


class Procedure(StrEnum):
    """Which way a file goes: decided on the spot, or the ordinary way."""

    SIMPLE = "simple"
    ORDINARY = "ordinary"


class PartyKind(StrEnum):
    """Who the party is before the law."""

    CITIZEN = "citizen"
    ORGANISATION = "organisation"


class Penalty(StrEnum):
    """Kinds of penalties (行政处罚法 9) that city management imposes."""

    WARNING = "warning"
    FINE = "fine"
    CONFISCATION = "confiscation"
    LICENCE = "licence"
    SHUTDOWN = "shutdown"
    REMOVAL = "removal"


class MeasureKind(StrEnum):
    """What is taken or closed while the file is open: sealing, detaining, registered preservation."""

    SEAL = "seal"
    DETAIN = "detain"
    PRESERVE = "preserve"


class Served(StrEnum):
    """How a paper reaches the party."""

    HANDED = "handed"
    LEFT = "left"
    POST = "post"
    ELECTRONIC = "electronic"
    ANNOUNCED = "announced"


class Plea(StrEnum):
    """How the plea ended: it was heard, waived in writing, or its time went by."""

    SAID = "said"
    WAIVED = "waived"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Band:
    """A step of the published discretion (裁量基准): what a fine may be under these circumstances."""

    code: str
    names: Names
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Cause:
    """A row of the power list (权责清单): what is forbidden, what it costs, by which clause, in force when."""

    code: str
    names: Names
    violated: Names
    basis: Names
    penalties: frozenset[Penalty]
    bands: tuple[Band, ...]
    since: date
    until: date | None = None
    own_force: bool = False

    def band(self, code: str) -> Band | None:
        """The band of that code."""
        return next((one for one in self.bands if one.code == code), None)


class Officer(NamedTuple):
    """Somebody with a credential for enforcement, and until when it is valid; `legal` is qualified to review."""

    key: str
    label: str
    number: str
    since: date
    until: date
    legal: bool = False


@dataclass(frozen=True, slots=True)
class DossierMoved:
    """News: a file was opened, or a step was taken with it."""

    number: str
    verb: str
    before: str
    stage: str
    turn: int


@dataclass(frozen=True, slots=True)
class PartyRead:
    """News: somebody saw a party whole."""

    number: str


MOVED, READ = "enforcement.moved.v1", "enforcement.party_read.v1"
register_kind(MOVED, DossierMoved, BY_AREA | BY_ORG)
register_kind(READ, PartyRead, PERSONAL)
