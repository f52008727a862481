"""A file as it was read, before anybody decided what its columns mean; and how much of anything is too much."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

from exchange.contracts import Fault

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a file or a row is refused; tests make them small."""

    file_bytes: int = 4096 * MIB
    unpacked_bytes: int = 4096 * MIB
    ratio: int = 100
    ratio_from: int = 8 * MIB
    members: int = 1000
    line_chars: int = 4 * MIB
    feature_chars: int = 64 * MIB
    text_chars: int = 20_000
    columns: int = 500
    rows: int = 5_000_000
    vertices: int = 250_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says about itself: its layers and the one read, columns, encoding, and the plane of its shapes.

    `crs` is WKT or `EPSG:n`, empty where the file does not say; `shapes` tells whether rows carry a shape of their own.
    """

    format: str
    columns: tuple[str, ...]
    layers: tuple[str, ...] = ()
    layer: str = ""
    encoding: str = ""
    crs: str = ""
    shapes: bool = False


@dataclass(slots=True)
class Record:
    """One row as read: its number from 1, its line in the file, values by column, its shape in the file's plane."""

    number: int
    line: int
    values: dict[str, Any]
    shape: BaseGeometry | None = None
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, column: str, code: str, /, **params: object) -> None:
        """One more thing is wrong with it."""
        self.faults.append(Fault(self.line, column, code, params))


def unique(columns: Sequence[Any]) -> tuple[str, ...]:
    """Column names as text; an empty one gets its place as a name, a repeated one a number."""
    found: list[str] = []
    for place, column in enumerate(columns, start=1):
        name = str(column if column is not None else "").replace("\x00", "").strip()[:100] or f"column {place}"
        again, plain = 2, name
        while name in found:
            name, again = f"{plain} {again}", again + 1
        found.append(name)
    return tuple(found)
