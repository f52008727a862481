"""What may be asked for a case, how far a request has come, and what the journal tells of it."""

from dataclasses import dataclass
from enum import StrEnum

from journal.contracts import BY_AREA, register_kind


class RequestKind(StrEnum):
    """What somebody may ask for and others must approve."""

    EXTENSION = "extension"
    HOLD = "hold"
    RETURN = "return"
    VOID = "void"
    CANCEL = "cancel"
    APPEAL = "appeal"
    FORCE = "force"


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


@dataclass(frozen=True)
class AskingNews:
    """Who asks and signs for a kind of request reads otherwise from a moment on; "" for none.

    `before` and `after` tell it in codes: `askers`, `chain`, `again`, `ground.<code>`, `limits`.
    """

    rule_id: int
    kind: str
    before: dict[str, str]
    after: dict[str, str]
    valid_from: str
    reason: str


ASKING_CHANGED = "asking.changed.v1"
ASKING_ENDED = "asking.ended.v1"
LAPSED = "request.lapsed.v1"
REQUEST_KINDS = (
    "request.asked.v1", "request.signed.v1", "request.approved.v1", "request.refused.v1", "request.withdrawn.v1",
    LAPSED,
)  # fmt: skip
register_kind(ASKING_CHANGED, AskingNews, BY_AREA)
register_kind(ASKING_ENDED, AskingNews, BY_AREA)
