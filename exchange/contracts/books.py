"""The public words of books: workbooks whose sheets are files of several kinds, taken over whole or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.errors import Conflict
from core.scope import Actor
from exchange.contracts import Choice, Column, Geometry, Session, Suspicion

MOST_ROWS = 5000
Ending = Callable[[Mapping[str, Sequence[str]]], Sequence[Suspicion]]


class Sheet(NamedTuple):
    """One sheet of a book: which kind of rows it holds, what it is called, and what it is for."""

    kind: str
    names: Mapping[str, str]
    about: Mapping[str, str]


@dataclass
class Book:
    """A kind of file that holds others, sheet by sheet: each is judged on what those before it have brought.

    `ending` is asked with the codes that each sheet would bring, while all of it is there, what looks wrong about it.
    Register it like an intake, behind those of its sheets.
    """

    kind: str
    names: Mapping[str, str]
    sheets: tuple[Sheet, ...]
    ending: Ending
    geometry: Geometry = Geometry.NONE
    two_passes: bool = False
    columns: tuple[Column, ...] = ()

    def sheet(self, kind: str) -> Sheet | None:
        """The sheet of that kind, if there is one."""
        return next((one for one in self.sheets if one.kind == kind), None)

    def asked(self, options: Mapping[str, str]) -> tuple[Column, ...]:
        """Nothing of the book itself: each sheet has its columns."""
        return self.columns

    def choices(self) -> tuple[Choice, ...]:
        """Nothing is asked beside the sheets: what they leave out stays."""
        return ()

    def begin(self, options: Mapping[str, str], *, actor: Actor) -> Mapping[str, Any]:
        """Nothing must exist before."""
        return {"begun": True}

    def open(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> Session:
        """Refused: only a sheet of it is a file of rows."""
        raise Conflict("exchange.book_is_whole")
