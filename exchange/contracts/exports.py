"""The public words of exports that are jobs, and their socket: lists that an app gives away as files.

An app registers a listing in its `intakes.py`. Exchange keeps the job, its progress and its file; it never learns what
a row means.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from core.scope import Actor
from journal.contracts import BY_AREA, register_kind


class ExportState(StrEnum):
    """How far an export has come; the last three are ends."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


EXPORTING = frozenset({ExportState.WAITING, ExportState.RUNNING})
EXPORTED = frozenset({ExportState.DONE, ExportState.CANCELLED, ExportState.FAILED})
LIST_FORMATS: Mapping[str, str] = {"csv": "CSV", "xlsx": "XLSX", "geojson": "GeoJSON", "gpkg": "GeoPackage"}
"""What a list can be a file of, and how people call it."""
EXPORT_FORMATS: Mapping[str, str] = {**LIST_FORMATS, "pdf": "PDF"}
"""What any export can be a file of."""


class ListRow(NamedTuple):
    """A row of a list: its key, which grows smaller from row to row, its values by column, and its shape as WKB."""

    key: int
    values: Mapping[str, Any]
    wkb: bytes | None


class Label(NamedTuple):
    """What stands on a label: what kind of thing, its name, number and office, and the path behind its QR code."""

    kind: str
    name: str
    number: str
    office: str
    path: str


class Listing(Protocol):
    """A list that people narrow by filters, and may take away as far as they may see it."""

    name: str
    names: Mapping[str, str]
    typed: frozenset[str]
    """The filters in which people type what they like, which may be about somebody: the journal leaves them out."""

    @property
    def columns(self) -> tuple[str, ...]:
        """What stands above the columns of its files."""

    def check(self, options: Mapping[str, str], *, actor: Actor) -> None:
        """The actor may take this list away and every filter makes sense, or a DomainError."""

    def said(self, every: Sequence[Mapping[str, str]]) -> Sequence[Sequence[tuple[Any, str]]]:
        """Of each of these its filters, by name and value, in the words of the reader."""

    def count(self, options: Mapping[str, str], *, actor: Actor) -> int:
        """How many rows the actor would get now."""

    def batch(self, options: Mapping[str, str], *, actor: Actor, below: int | None, most: int) -> list[ListRow]:
        """The next rows whose key is below this one, of those that the actor may see now, by falling key."""


class Document(Protocol):
    """Something that is made as a whole, such as a report: it has no rows that could be read one after the other."""

    name: str
    names: Mapping[str, str]
    formats: tuple[str, ...]
    typed: frozenset[str]

    def check(self, options: Mapping[str, str], *, actor: Actor) -> None:
        """The actor may take this away and every option makes sense, or a DomainError."""

    def said(self, every: Sequence[Mapping[str, str]]) -> Sequence[Sequence[tuple[Any, str]]]:
        """Of each of these its options, by name and value, in the words of the reader."""

    def write(self, options: Mapping[str, str], suffix: str, target: Path, *, actor: Actor) -> int:
        """The file is written with what the actor may see now; answers how many lines it has."""


_listings: dict[str, Listing] = {}
_documents: dict[str, Document] = {}
_open = True


def register_listing(listing: Listing) -> None:
    """This list may be exported from now on."""
    _refuse(listing.name)
    _listings[listing.name] = listing


def register_document(document: Document) -> None:
    """This document may be exported from now on."""
    _refuse(document.name)
    _documents[document.name] = document


def _refuse(name: str) -> None:
    if not _open:
        raise RuntimeError(f"{name}: plugged in after Django has started; register it in intakes.py")
    if name in _listings or name in _documents:
        raise ValueError(f"{name}: two exports of one name")


def listings() -> Mapping[str, Listing]:
    """Every listing by name."""
    return dict(_listings)


def documents() -> Mapping[str, Document]:
    """Every document by name."""
    return dict(_documents)


def exported(name: str) -> Listing | Document | None:
    """The list or document of this name."""
    return _listings.get(name) or _documents.get(name)


def close_listings() -> None:
    """Nothing more may be plugged in: Django has started."""
    globals()["_open"] = False


@dataclass(frozen=True, slots=True)
class FileFetched:
    """News: somebody fetched the file of an export. `sha256` names its bytes."""

    job: str
    dataset: str
    format: str
    rows: int
    sha256: str


register_kind("exchange.fetched.v1", FileFetched, BY_AREA)
