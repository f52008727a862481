"""The public words of portal: services the city offers to citizens, what they are asked, what is told of changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from core.errors import DomainError
from journal.contracts import BY_AREA, register_kind


class Datatype(StrEnum):
    """The kinds of answer that a question may ask for (Open311 GeoReport v2)."""

    STRING = "string"
    NUMBER = "number"
    DATETIME = "datetime"
    TEXT = "text"
    ONE = "singlevaluelist"
    MANY = "multivaluelist"


LISTS = frozenset({Datatype.ONE, Datatype.MANY})


@dataclass(frozen=True)
class Question:
    """Something that a citizen is asked beside the place; `variable` false: it is only told, not answered."""

    code: str
    datatype: Datatype
    names: Mapping[str, str]
    required: bool = False
    variable: bool = True
    hint: Mapping[str, str] | None = None
    values: tuple[tuple[str, Mapping[str, str]], ...] = ()


@dataclass(frozen=True)
class OpenService:
    """A class of cases that citizens may report; without `realtime` a person looks before anything is public."""

    code: str
    names: Mapping[str, str]
    about: Mapping[str, str]
    group: str
    keywords: Mapping[str, str]
    notice: Mapping[str, str]
    realtime: bool
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Telling:
    """A report as it was sent: texts as they came ("" where nothing did), answers by question, pictures.

    `reference` is the caller's own word for it, so that a repeat is recognised.
    """

    service_code: str = ""
    lat: str = ""
    long: str = ""
    address_string: str = ""
    address_id: str = ""
    email: str = ""
    device_id: str = ""
    account_id: str = ""
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    description: str = ""
    media_url: str = ""
    reference: str = ""
    attributes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    media: tuple[bytes, ...] = ()


class Busy(DomainError):
    """More than was agreed; later it goes on."""

    status = 429


class Refused(DomainError):
    """Everything that is wrong with what was sent, all at once; status and code are those of the first fault."""

    def __init__(self, faults: Sequence[DomainError]) -> None:
        super().__init__(faults[0].code, **faults[0].params)
        self.faults = tuple(faults)
        self.status = faults[0].status


@dataclass(frozen=True)
class ServiceNews:
    """Citizens may, or may no longer, report cases of a class through the open interface."""

    code: str
    open: bool
    reason: str


@dataclass(frozen=True)
class PortalKeyNews:
    """A key for programs that report was made or ended; neither its text nor its digest, ever."""

    key_id: int
    valid_until: str


SERVICE_CHANGED = "portal.service_changed.v1"
KEY_MADE, KEY_ENDED = "portal.key_made.v1", "portal.key_ended.v1"
register_kind(SERVICE_CHANGED, ServiceNews, BY_AREA)
register_kind(KEY_MADE, PortalKeyNews, BY_AREA)
register_kind(KEY_ENDED, PortalKeyNews, BY_AREA)
