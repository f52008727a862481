"""The journal's words: entries, their kinds and audience, and the two sockets (kinds and subscribers)."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import IntFlag
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

GLOBAL_FEED = "*"


def group_of(scope: str) -> str:
    """The channel layer's group in which the bell of a feed rings."""
    return scope.replace(":", ".")


class Audience(IntFlag):
    """Who is told of a kind; flags combine."""

    BY_AREA = 1
    BY_ORG = 2
    PERSONAL = 4
    RESTRICTED = 8


BY_AREA, BY_ORG, PERSONAL, RESTRICTED = Audience.BY_AREA, Audience.BY_ORG, Audience.PERSONAL, Audience.RESTRICTED


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry as readers see it; `seq` is its place in the feed it was read from (0: not numbered yet)."""

    id: int
    seq: int
    kind: str
    subject: str
    actor: str
    actor_label: str
    org: str
    area: str
    data: dict[str, Any]
    at: datetime
    trace: str

    def public(self) -> dict[str, Any]:
        """The entry as clients get it, the same whether it was pushed or pulled."""
        return {
            "seq": self.seq,
            "kind": self.kind,
            "subject": self.subject,
            "at": self.at.isoformat(),
            "actor_label": self.actor_label,
            "area": self.area,
            "org": self.org,
            "data": self.data,
            "trace": self.trace,
        }


class Kind(NamedTuple):
    """A kind of entry: its versioned name, the dataclass of its data, and who is told."""

    name: str
    shape: type
    audience: Audience


Reaction = Callable[[EntryView], object]


class Subscriber(NamedTuple):
    """A function that is given, in order and at least once, every entry whose kind matches one of its patterns."""

    name: str
    patterns: tuple[str, ...]
    react: Reaction
    from_start: bool

    def wants(self, kind: str) -> bool:
        """Whether a kind matches."""
        return any(fnmatchcase(kind, pattern) for pattern in self.patterns)


_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\.v[1-9][0-9]*")
_PERSONAL_FIELDS = re.compile(r"(^|_)(phone|mobile|email|idcard|id_number|plate|face|reporter|person_name)(_|$)")

_kinds: dict[str, Kind] = {}
_subscribers: dict[str, Subscriber] = {}
_open = True


def register_kind(name: str, shape: type, audience: Audience) -> Kind:
    """The kind may be recorded from now on; its data is a frozen dataclass without personal data."""
    _refuse_when_closed(name)
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name}: a kind is words joined by dots, ending in a version such as .v1")
    if name in _kinds:
        raise ValueError(f"{name}: registered twice")
    if not (isinstance(shape, type) and is_dataclass(shape) and vars(shape)["__dataclass_params__"].frozen):
        raise ValueError(f"{name}: its data must be a frozen dataclass")
    personal = [field.name for field in fields(shape) if _PERSONAL_FIELDS.search(field.name)]
    if personal:
        raise ValueError(f"{name}: no personal data in an entry, only ids: {', '.join(personal)}")
    _kinds[name] = Kind(name, shape, Audience(audience))
    return _kinds[name]


def kinds() -> Mapping[str, Kind]:
    """Every registered kind by name."""
    return dict(sorted(_kinds.items()))


def kind_of(name: str) -> Kind | None:
    """The kind of that name, if it is registered."""
    return _kinds.get(name)


def on(*patterns: str, as_: str, from_start: bool = False) -> Callable[[Reaction], Reaction]:
    """The decorated function subscribes under the name `as_`; `from_start` begins with the first entry ever."""

    def subscribe(react: Reaction) -> Reaction:
        _refuse_when_closed(as_)
        if as_ in _subscribers:
            raise ValueError(f"{as_}: subscribed twice")
        _subscribers[as_] = Subscriber(as_, patterns, react, from_start)
        return react

    return subscribe


def subscribers() -> Mapping[str, Subscriber]:
    """Every subscriber by name."""
    return dict(sorted(_subscribers.items()))


def close() -> None:
    """Nothing more may be registered: called when every app has been asked."""
    global _open
    _open = False


def _refuse_when_closed(name: str) -> None:
    if not _open:
        raise ValueError(f"{name}: the journal's registries closed when Django started")


@contextmanager
def reopened() -> Iterator[None]:
    """For tests: registrations are taken inside, and forgotten afterwards."""
    global _open
    kept = dict(_kinds), dict(_subscribers), _open
    _open = True
    try:
        yield
    finally:
        _kinds.clear()
        _kinds.update(kept[0])
        _subscribers.clear()
        _subscribers.update(kept[1])
        _open = kept[2]
