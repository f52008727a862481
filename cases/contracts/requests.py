"""What may be asked for a case, how far a request has come, and what the journal tells of it."""

from dataclasses import dataclass
from enum import StrEnum


class RequestKind(StrEnum):
    """What somebody may ask for and others must approve."""

    EXTENSION = "extension"
    HOLD = "hold"
    RETURN = "return"
    VOID = "void"
    CANCEL = "cancel"
    APPEAL = "appeal"


class RequestState(StrEnum):
    """How far a request has come: only an open one may still be signed, refused or withdrawn."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True)
class RequestNews:
    """How a request stands: `signed` of `signatures` have been given; no words of persons.

    `minutes` are those of an extension, `until` the end of a hold (ISO 8601, UTC).
    """

    number: str
    request: int
    kind: str
    state: str
    stage: str
    version: int
    organisation: str
    district: str
    signed: int
    signatures: int
    minutes: int | None
    until: str | None


LAPSED = "request.lapsed.v1"
REQUEST_KINDS = (
    "request.asked.v1", "request.signed.v1", "request.approved.v1", "request.refused.v1", "request.withdrawn.v1",
    LAPSED,
)  # fmt: skip
