"""Messages to people: the socket of occasions (what one can be told of), of tellers (whom it concerns), and the news.

An app declares its occasions in its `contracts`, so that they are known before anybody subscribes, and plugs in the
teller that finds the people in its `reactions`. Exchange writes, delivers and shows; it never learns what it means.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from core.scope import Actor
from journal.contracts import BY_AREA, PERSONAL, EntryView, register_kind

Words = Mapping[str, str]


class Place(NamedTuple):
    """A place in a text that every message of an occasion fills: its name, what it is, what may stand there."""

    name: str
    names: Words
    example: Words


def place(name: str, zh: str, en: str, example_zh: str, example_en: str = "") -> Place:
    """A place with its words; an example without letters is the same in both languages."""
    return Place(name, {"zh": zh, "en": en}, {"zh": example_zh, "en": example_en or example_zh})


class Occasion(NamedTuple):
    """Something that people can be told of, the kinds of entries that bring it, and the places its texts may have."""

    code: str
    names: Words
    kinds: tuple[str, ...]
    places: tuple[Place, ...]

    @property
    def place_names(self) -> tuple[str, ...]:
        """The closed list of what may stand in braces."""
        return tuple(place.name for place in self.places)

    def example(self, language: str) -> dict[str, str]:
        """Every place filled as it might be, for the preview."""
        return {place.name: place.example.get(language, "") for place in self.places}


@dataclass(frozen=True, slots=True)
class Tidings:
    """What an entry is to people: the occasion, whom it concerns, what fills the places, and where it leads.

    `values` says for each place its words by language. `sees` is asked about everybody before anything is told.
    `key` tells apart what one entry is to different people at the same occasion.
    """

    occasion: str
    people: Collection[int]
    values: Mapping[str, Words]
    href: str
    sees: Callable[[Actor], bool]
    key: str = ""


def people_of(*keys: str) -> set[int]:
    """The people among the keys of actors; machines get no messages."""
    numbers = (key.removeprefix("user:") for key in keys if key.startswith("user:"))
    return {int(number) for number in numbers if number.isdigit()}


class Reached(NamedTuple):
    """Somebody who was told, when, and when they read it."""

    label: str
    delivered_at: datetime
    read_at: datetime | None
    silent: bool


class Sent(NamedTuple):
    """What left by a channel: to whom, how far it is (`sending.state.*`), since or until when, and why not further."""

    channel: str
    channel_names: Words
    to: str
    state: str
    at: datetime
    code: str
    params: Mapping[str, object]


class Told(NamedTuple):
    """What was told about a subject, whom it reached in their inbox, and by which channels it left."""

    occasion: str
    titles: Words
    at: datetime
    reached: tuple[Reached, ...]
    sent: tuple[Sent, ...] = ()


Teller = Callable[[EntryView], Sequence[Tidings]]

_occasions: dict[str, Occasion] = {}
_tellers: dict[str, Teller] = {}
_closed = False


def register_occasion(occasion: Occasion) -> None:
    """Templates may be written for this occasion."""
    _refuse_when_closed(occasion.code)
    if occasion.code in _occasions:
        raise ValueError(f"{occasion.code}: two occasions of one code")
    _occasions[occasion.code] = occasion


def register_teller(occasions: Iterable[str], teller: Teller) -> None:
    """The entries of these occasions are brought to the teller, who says whom they concern."""
    for code in occasions:
        _refuse_when_closed(code)
        if code not in _occasions or code in _tellers:
            raise ValueError(f"{code}: no such occasion, or it has a teller")
        _tellers[code] = teller


def occasions() -> Mapping[str, Occasion]:
    """Every occasion by code."""
    return dict(sorted(_occasions.items()))


def told_kinds() -> tuple[str, ...]:
    """Every kind of entry that brings some occasion."""
    return tuple(sorted({kind for occasion in _occasions.values() for kind in occasion.kinds}))


def tidings_of(entry: EntryView) -> list[Tidings]:
    """What the apps make of an entry."""
    tellers = {
        _tellers[code]: None
        for code, occasion in _occasions.items()
        if entry.kind in occasion.kinds and code in _tellers
    }
    return [tidings for teller in tellers for tidings in teller(entry)]


def close_messages() -> None:
    """Nothing more may be plugged in, and every occasion has somebody who finds its people."""
    if alone := sorted(_occasions.keys() - _tellers.keys()):
        raise RuntimeError(f"occasions without a teller: {', '.join(alone)}; register one in reactions.py")
    globals()["_closed"] = True


@contextmanager
def reopened_messages() -> Iterator[None]:
    """Inside, tests may plug in; afterwards both sockets are as they were."""
    kept = dict(_occasions), dict(_tellers), _closed
    globals()["_closed"] = False
    try:
        yield
    finally:
        _occasions.clear()
        _tellers.clear()
        _occasions.update(kept[0])
        _tellers.update(kept[1])
        globals()["_closed"] = kept[2]


def _refuse_when_closed(code: str) -> None:
    if _closed:
        raise RuntimeError(f"{code}: plugged in after Django has started")


@dataclass(frozen=True, slots=True)
class MessageArrived:
    """News for the people it is for: a message lies in their inbox; `silent` where they asked not to be disturbed."""

    message: int
    occasion: str
    silent: bool


@dataclass(frozen=True, slots=True)
class MessagesRead:
    """News for one person: so many messages were read, so many are left unread."""

    messages: int
    unread: int


@dataclass(frozen=True, slots=True)
class TemplateChanged:
    """News: what is said at an occasion has a new version; whether anything is said there at all."""

    occasion: str
    version: int
    enabled: bool


@dataclass(frozen=True, slots=True)
class InboxPreferred:
    """News for one person: what they do not want to be told, and when they are not to be disturbed."""

    muted: tuple[str, ...]
    quiet_from: str
    quiet_until: str


MESSAGE_ARRIVED = "message.arrived.v1"
MESSAGES_READ = "message.read.v1"
TEMPLATE_CHANGED = "message.template_changed.v1"
INBOX_PREFERRED = "message.preferred.v1"
register_kind(MESSAGE_ARRIVED, MessageArrived, PERSONAL)
register_kind(MESSAGES_READ, MessagesRead, PERSONAL)
register_kind(TEMPLATE_CHANGED, TemplateChanged, BY_AREA)
register_kind(INBOX_PREFERRED, InboxPreferred, PERSONAL)
