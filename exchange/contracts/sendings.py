"""What leaves the house: channels, states of a sending, the port that a connector fills, and the news of it all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from journal.contracts import BY_AREA, register_kind

Words = Mapping[str, str]


class Channel(StrEnum):
    """By what something is sent."""

    WEBHOOK = "webhook"
    ROBOT = "robot"
    MAIL = "mail"
    SMS = "sms"
    WECOM = "wecom"


CHANNEL_NAMES: Mapping[str, Words] = {
    Channel.WEBHOOK: {"zh": "webhook 推送", "en": "webhook"},
    Channel.ROBOT: {"zh": "企业微信群机器人", "en": "WeCom group robot"},
    Channel.MAIL: {"zh": "邮件", "en": "mail"},
    Channel.SMS: {"zh": "短信", "en": "SMS"},
    Channel.WECOM: {"zh": "企业微信", "en": "WeCom"},
}
PERSONAL = (Channel.MAIL, Channel.SMS, Channel.WECOM)
"""Channels that reach one person; the city has one endpoint of each in use at most."""


class SendingState(StrEnum):
    """How far a sending is."""

    WAITING = "waiting"
    HELD = "held"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    GIVEN_UP = "given_up"
    CANCELLED = "cancelled"


DUE = frozenset({SendingState.WAITING, SendingState.HELD, SendingState.FAILED})
ENDED = frozenset({SendingState.DELIVERED, SendingState.GIVEN_UP, SendingState.CANCELLED})
RETRIABLE = frozenset({SendingState.HELD, SendingState.FAILED, SendingState.GIVEN_UP})


class Verdict(StrEnum):
    """What became of one attempt: taken, to be tried again, never to be taken, or the endpoint wants no more at all."""

    DONE = "done"
    LATER = "later"
    NEVER = "never"
    GONE = "gone"


class Outcome(NamedTuple):
    """The answer to one attempt: an HTTP status where there was one, and a code of `sentences` for why not."""

    verdict: Verdict
    status: int = 0
    code: str = ""
    params: Mapping[str, Any] = {}
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a connector is given: `uid` is the same at every attempt, so that the other side takes it once."""

    uid: str
    at: datetime
    settings: Mapping[str, Any]
    secrets: Sequence[str]
    payload: Mapping[str, Any]
    address: str = ""

    @property
    def secret(self) -> str:
        """The newest secret in force; empty where the channel has none."""
        return self.secrets[0] if self.secrets else ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a connector: `kind` is text, url, whole, json or choice."""

    name: str
    names: Words
    kind: str = "text"
    needed: bool = True
    hint: Words = field(default_factory=dict)
    default: Any = ""
    choices: tuple[str, ...] = ()


class Connector(Protocol):
    """How one channel is served. `secret` names what is kept sealed; empty where there is none."""

    @property
    def settings(self) -> Sequence[Setting]:
        """What must be known of an endpoint."""

    @property
    def secret(self) -> Words:
        """What its secret is called."""

    def send(self, parcel: Parcel) -> Outcome:
        """Try once; whatever the other side does is an outcome, never an exception."""


@dataclass(frozen=True, slots=True)
class EndpointChanged:
    """News: an endpoint was set up or changed; secrets are never part of it."""

    endpoint: str
    channel: str
    what: str


@dataclass(frozen=True, slots=True)
class EndpointSwitched:
    """News: an endpoint is in use or not, and why."""

    endpoint: str
    channel: str
    enabled: bool
    why: str


@dataclass(frozen=True, slots=True)
class SendingSteered:
    """News: somebody had a sending tried again, sent anew, or cancelled; `count` where it was many at once."""

    endpoint: str
    what: str
    count: int


@dataclass(frozen=True, slots=True)
class SendingGivenUp:
    """News: a sending did not reach whom it was for and is tried no more."""

    endpoint: str
    sending: str
    attempts: int
    why: str


ENDPOINT_CHANGED = "endpoint.changed.v1"
ENDPOINT_SWITCHED = "endpoint.switched.v1"
SENDING_STEERED = "sending.steered.v1"
SENDING_GIVEN_UP = "sending.given_up.v1"
register_kind(ENDPOINT_CHANGED, EndpointChanged, BY_AREA)
register_kind(ENDPOINT_SWITCHED, EndpointSwitched, BY_AREA)
register_kind(SENDING_STEERED, SendingSteered, BY_AREA)
register_kind(SENDING_GIVEN_UP, SendingGivenUp, BY_AREA)
OUR_OWN = ("endpoint.", "sending.", "message.")
"""Kinds by their beginning that no endpoint is told of: news of sendings would make sendings for ever."""

Namer = Callable[[str], str]
_namers: list[Namer] = []
_open = True


def register_namer(namer: Namer) -> None:
    """This app has the words for every kind of entry, in the language of whoever reads; there is one."""
    if not _open:
        raise RuntimeError("a namer of kinds was plugged in after Django has started; register it in intakes.py")
    if _namers:
        raise ValueError("two namers of kinds")
    _namers.append(namer)


def close_namers() -> None:
    """Nothing more may be plugged in."""
    globals()["_open"] = False


def kind_name(kind: str) -> str:
    """What has happened when an entry of this kind is written, in the words of whoever reads."""
    return _namers[0](kind) if _namers else kind
