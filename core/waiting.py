"""The socket of the to-do: what waits for a person, told by every app that knows; `waiting.py` of an app plugs in.

An app above all of them opens the plugs, asks them, and closes the socket when Django has started.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from core.scope import Actor

if TYPE_CHECKING:
    from django.db.models import QuerySet

Row = TypeVar("Row", bound=Any)

COUNTED = 99
"""No badge needs to know further."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: what it is, what is to be done, where, since when and by when, and where one does it.

    `where` is said by who knows it; else the place is named after the path of its `area`. `warn_at` is when the lamp
    turns yellow.
    """

    what: str
    act: str
    href: str
    where: str = ""
    area: str = ""
    since: datetime | None = None
    due_at: datetime | None = None
    warn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pile:
    """The first of what waits, soonest due first; how many, counted to one more than COUNTED; the whole list."""

    rows: Sequence[Waiting]
    count: int
    href: str


def piled(rows: "QuerySet[Row]", most: int, tell: Callable[[Row], Waiting], href: str) -> Pile:
    """The pile that these rows are, in two questions, of which the count is not asked where all are shown."""
    first = list(rows[: most + 1])
    count = len(first) if len(first) <= most else rows.order_by()[: max(COUNTED, most) + 1].count()
    return Pile([tell(row) for row in first[:most]], count, href)


class Desk(NamedTuple):
    """A sort of things that wait: its code, its name, whose business it can be at all, and the answer for an actor."""

    code: str
    names: Mapping[str, str]
    concerns: Callable[[Actor], bool]
    pile: Callable[[Actor, int], Pile]


_desks: dict[str, Desk] = {}
_closed = False


def register_desk(desk: Desk) -> None:
    """What waits there is on everybody's to-do; twice, or after the start, is an error."""
    if _closed:
        raise RuntimeError(f"The register of desks is closed; register {desk.code} in a waiting.py.")
    if desk.code in _desks:
        raise ValueError(f"two desks of the code {desk.code}")
    _desks[desk.code] = desk


def close_desks() -> None:
    """No desk is registered any more in this process."""
    globals()["_closed"] = True


def desks() -> tuple[Desk, ...]:
    """Every desk, in the order of the apps."""
    return tuple(_desks.values())
