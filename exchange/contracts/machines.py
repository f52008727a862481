"""Machines outside that report: sensors, vehicles, video platforms, systems of other departments; and their socket.

Exchange knows the machine, its key, what it sent and in which order; what a report becomes is the business of the app
that plugs in with its `intakes.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from core.errors import DomainError
from exchange.contracts.hotline import Taken
from journal.contracts import BY_AREA, register_kind


class MachineKind(StrEnum):
    """What reports; the word is the source of what comes of it."""

    SENSOR = "sensor"
    VEHICLE = "vehicle"
    CAMERA = "camera"
    DEPARTMENT = "department"


class CallKind(StrEnum):
    """What a machine says: something is found, it is still there, it is over."""

    FOUND = "found"
    STILL = "still"
    CLEARED = "cleared"


class CallState(StrEnum):
    """What became of it: kept only, made use of, waiting for what it is about, older than what is known, refused."""

    RECEIVED = "received"
    TAKEN = "taken"
    WAITING = "waiting"
    OLD = "old"
    REFUSED = "refused"


SETTLED = (CallState.TAKEN, CallState.OLD)
"""Said again, it is answered the same."""
UNUSED = (CallState.RECEIVED, CallState.WAITING)
"""It has had no effect yet."""


class BadKey(DomainError):
    """The request does not prove which machine sent it."""

    status = 401


class Busy(DomainError):
    """More than was agreed; later it goes on."""

    status = 429


class Machine(NamedTuple):
    """Whoever reports: its code, its names, what it is, and the regions that it may report in (none: the city)."""

    code: str
    names: Mapping[str, str]
    kind: MachineKind
    areas: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """A report in our words; `ref` names it for good, `values` are what the machine measured."""

    ref: str
    category: str
    description: str
    address: str
    component: str
    lon: float | None
    lat: float | None
    at: datetime
    values: Mapping[str, Any] = field(default_factory=dict)


class Reception(Protocol):
    """The app that takes reports of machines in. Each call runs in the caller's transaction, may raise DomainError."""

    def take(self, found: Found, photos: Sequence[bytes], *, machine: Machine) -> Taken:
        """There is something of ours for the report, once for its `ref`."""

    def follow(self, subject: str, ref: str, kind: CallKind, words: str, *, machine: Machine) -> Taken:
        """A further word of the machine hangs on it, once for its `ref`."""


_receptions: list[Reception] = []
_open = True


def register_reception(reception: Reception) -> None:
    """This app takes the reports of machines in; there is one."""
    if not _open:
        raise RuntimeError("a reception was plugged in after Django has started; register it in intakes.py")
    if _receptions:
        raise ValueError("two receptions")
    _receptions.append(reception)


def reception() -> Reception:
    """Whoever takes reports of machines in."""
    return _receptions[0]


def close_reception() -> None:
    """Nothing more may be plugged in."""
    globals()["_open"] = False


@dataclass(frozen=True, slots=True)
class MachineChanged:
    """News: what is known of a machine was changed; which fields, not what they say. A new key is the field `key`."""

    machine: str
    fields: tuple[str, ...]
    enabled: bool


MACHINE_CHANGED = "machine.changed.v1"
register_kind(MACHINE_CHANGED, MachineChanged, BY_AREA)
