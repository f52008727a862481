"""The socket of the search: each app answers what of its own is called so; `finding.py` of an app plugs in.

An app above all of them opens the plugs, asks them, and closes the socket when Django has started.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.scope import Actor

COUNTED = 100


class Hit(NamedTuple):
    """Something that answers to what was typed; `exact`: its number or code is all that was typed."""

    label: str
    href: str
    note: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Hits:
    """The first of them; how many there are, counted to one more than COUNTED; the list of all, "" without one."""

    rows: Sequence[Hit]
    count: int
    href: str = ""


class Finder(NamedTuple):
    """A sort of things that can be found: its code, its name, who may see any of them, and the answer for an actor."""

    code: str
    names: Mapping[str, str]
    concerns: Callable[[Actor], bool]
    find: Callable[[str, int, Actor], Hits]


_finders: dict[str, Finder] = {}
_closed = False


def register_finder(finder: Finder) -> None:
    """The search asks it too; twice, or after the start, is an error."""
    if _closed:
        raise RuntimeError(f"The register of finders is closed; register {finder.code} in a finding.py.")
    if finder.code in _finders:
        raise ValueError(f"two finders of the code {finder.code}")
    _finders[finder.code] = finder


def close_finders() -> None:
    """No finder is registered any more in this process."""
    globals()["_closed"] = True


def finders() -> tuple[Finder, ...]:
    """Every finder, in the order of the apps."""
    return tuple(_finders.values())
