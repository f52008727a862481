"""The words for the personal data of a case: why somebody looks, what becomes of it, and the news of that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from core.errors import DomainError
from core.personal import Person
from journal.contracts import BY_AREA, BY_ORG, register_kind

SEE, UNMASK, HOLD, ERASE = "person.see", "person.unmask", "person.hold", "person.erase"
"""The rights: masked values, whole values for a reason, legal hold, erasure."""


class LookGround(StrEnum):
    """Why whole values are asked for."""

    CALLBACK = "callback"
    CLARIFY = "clarify"
    VERIFY = "verify"
    RIGHTS = "rights"
    AUTHORITY = "authority"


class EraseGround(StrEnum):
    """Why personal data was erased: its time was over, or the person asked."""

    RETENTION = "retention"
    REQUEST = "request"


class PersonalVerb(StrEnum):
    """What is done about personal data."""

    LOOK = "look"
    KEEP = "keep"
    RELEASE = "release"
    ERASE = "erase"


class TooOften(DomainError):
    """More than one person may do in an hour; later it goes on."""

    status = 429


class Words(NamedTuple):
    """Words as they were written; `place` names which words of the case they are."""

    place: str
    text: str


@dataclass(frozen=True)
class Whole:
    """The values as somebody sees them once."""

    number: str
    person: Person
    callback: bool
    words: Sequence[Words]
    originals: Sequence[int]


@dataclass(frozen=True)
class Shown:
    """What everybody with `person.see` sees of whoever reported; `keep_until` is None while the case is open."""

    person: Person
    callback: bool
    words: int
    held_at: datetime | None
    erased_at: datetime | None
    keep_until: datetime | None


PERSON_KEPT, PERSON_RELEASED = "case.person_kept.v1", "case.person_released.v1"
PERSON_ERASED, ERASURE_SWEPT = "case.person_erased.v1", "case.erasure_swept.v1"


@dataclass(frozen=True)
class PersonNews:
    """A legal hold on the personal data of a case began or ended, or it was erased: how many values and words."""

    number: str
    ground: str
    values: int
    words: int
    pictures: int


@dataclass(frozen=True)
class ErasureSwept:
    """Personal data whose time was over was erased: of how many cases, how many values, words and pictures."""

    cases: int
    values: int
    words: int
    pictures: int


for _kind in (PERSON_KEPT, PERSON_RELEASED, PERSON_ERASED):
    register_kind(_kind, PersonNews, BY_AREA | BY_ORG)
register_kind(ERASURE_SWEPT, ErasureSwept, BY_AREA)
