"""The public words of exchange: what an imported file holds, and the two sockets (intakes in, datasets out).

An app that takes rows of files registers an intake in its `intakes.py`; one that gives rows away registers a dataset.
Exchange reads and writes the files, counts, resumes and tells; it never learns what a row means.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, runtime_checkable

from shapely.geometry.base import BaseGeometry

from core.scope import Actor
from journal.contracts import BY_AREA, register_kind


class State(StrEnum):
    """How far an import has come; the last three are ends."""

    UPLOADED = "uploaded"
    MAPPED = "mapped"
    CHECKED = "checked"
    CONFIRMED = "confirmed"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


ENDS = frozenset({State.DONE, State.CANCELLED, State.FAILED})
AT_WORK = frozenset({State.MAPPED, State.CONFIRMED, State.RUNNING})
WAITING = frozenset({State.UPLOADED, State.CHECKED})
BEFORE = "before"


class Datum(StrEnum):
    """The grid that longitudes and latitudes of a file are read on; the two bent ones are straightened at the edge."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class Geometry(StrEnum):
    """Whether a row of a kind has a shape."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Format(StrEnum):
    """The kinds of file that are read and written."""

    CSV = "csv"
    XLSX = "xlsx"
    GEOJSON = "geojson"
    GPKG = "gpkg"
    SHP = "shp"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one row: where it stands in the file, and a code of some `sentences` with its parameters.

    `label` is how people call a field that no column of the file was chosen for.
    """

    line: int
    column: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A suspicion about the whole file; `grave` must be read and accepted before the import goes on."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    grave: bool = True


@dataclass(slots=True)
class Row:
    """A row of a file in the words of its intake: values by field, the shape in WGS 84, faults found so far.

    `drawn` is the shape in WGS 84 also where it cannot be taken, if only it can be drawn; `columns` and `labels` tell
    by field which column it is and how people call it.
    """

    number: int
    line: int
    values: dict[str, Any]
    geometry: BaseGeometry | None = None
    faults: list[Fault] = field(default_factory=list)
    columns: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    drawn: BaseGeometry | None = None

    def refuse(self, name: str, code: str, /, **params: object) -> Fault:
        """The row is refused for the value of a field, whose column in the file is named."""
        label = {} if name in self.columns else self.labels.get(name, {})
        fault = Fault(self.line, self.columns.get(name, name), code, params, label)
        self.faults.append(fault)
        return fault


class Outcome(StrEnum):
    """What taking a row would do, or did; a row that is left out is sound, but not asked for."""

    ADD = "add"
    CHANGE = "change"
    SAME = "same"
    RETIRE = "retire"
    LEAVE = "leave"
    REFUSE = "refuse"


@dataclass(slots=True)
class Verdict:
    """What would become of a row; `item` is whatever the intake wants to keep between judging and storing.

    `before` is the shape that a changed row has now.
    """

    row: Row
    outcome: Outcome
    code: str = ""
    item: Any = None
    before: BaseGeometry | None = None


class Column(NamedTuple):
    """What an intake asks of a row: its name, how people call it, and the headers it is guessed from.

    `code`: an official code, digits that must never have been a number. `many`: every column left over belongs here;
    unless it is `closed`, when only one of its own name does before somebody says otherwise. `hint`: what may stand
    there, for the template.
    """

    name: str
    label: Mapping[str, str]
    required: bool = False
    aliases: tuple[str, ...] = ()
    code: bool = False
    many: bool = False
    closed: bool = False
    hint: Mapping[str, str] = {}


class Choice(NamedTuple):
    """A setting of an import beside its columns; with `choices` one of them, else a text.

    `asks`: another value may ask for other columns.
    """

    name: str
    label: Mapping[str, str]
    choices: tuple[tuple[str, Mapping[str, str]], ...] = ()
    required: bool = False
    default: str = ""
    asks: bool = False


class Session(Protocol):
    """One file being taken by one intake. The same file in the same order always gives the same verdicts."""

    def look(self, rows: Sequence[Row]) -> None:
        """The rows of a batch are remembered as far as later verdicts need it; nothing is stored."""

    def suspicions(self) -> list[Suspicion]:
        """What looks wrong about the file as a whole, once all rows were looked at."""

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """What would become of each row of a batch, in order; nothing is stored."""

    def store(self, verdicts: Sequence[Verdict]) -> None:
        """The rows that are not refused are stored, inside the caller's transaction."""

    def finish(self) -> Mapping[str, Any]:
        """Everything is in place that only a whole file can bring; answers what to tell of it."""


@runtime_checkable
class Replacing(Protocol):
    """A session whose file may stand for all there is of something, so that what it leaves out is taken out."""

    def left_out(self) -> list[Verdict]:
        """What the file leaves out and what would become of it, once all rows were judged; nothing is stored.

        The rows of these verdicts have number and line 0; `store` is given them after all others.
        """


class Intake(Protocol):
    """One kind of row that an app takes from files."""

    kind: str
    geometry: Geometry
    two_passes: bool

    @property
    def names(self) -> Mapping[str, str]:
        """How people call the kind."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """What is asked of a row, whatever the settings."""

    def asked(self, options: Mapping[str, str]) -> tuple[Column, ...]:
        """What is asked of a row under these settings: the columns, and those that a setting brings along."""

    def choices(self) -> tuple[Choice, ...]:
        """The settings to ask for beside the columns."""

    def open(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> Session:
        """A session for one file; `keep` is what `begin` answered, empty during a dry run."""

    def begin(self, options: Mapping[str, str], *, actor: Actor) -> Mapping[str, Any]:
        """What must exist before the first row is stored exists; answers what to remember between workers."""


class Dataset(Protocol):
    """Rows that an app gives away as a file: columns in order, and values by column with a shape in WGS 84."""

    name: str
    geometry: Geometry

    @property
    def names(self) -> Mapping[str, str]:
        """How people call it."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns, in order."""

    def rows(self, options: Mapping[str, str], *, actor: Actor) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        """Each row as values and WKB, streamed from the database."""


_intakes: dict[str, Intake] = {}
_datasets: dict[str, Dataset] = {}
_open = True


def register_intake(intake: Intake) -> None:
    """Files of this kind may be imported from now on."""
    _refuse_when_closed(intake.kind)
    if intake.kind in _intakes:
        raise ValueError(f"{intake.kind}: two intakes of one kind")
    _intakes[intake.kind] = intake


def register_dataset(dataset: Dataset) -> None:
    """These rows may be exported from now on."""
    _refuse_when_closed(dataset.name)
    if dataset.name in _datasets:
        raise ValueError(f"{dataset.name}: two datasets of one name")
    _datasets[dataset.name] = dataset


def intakes() -> Mapping[str, Intake]:
    """Every intake by kind."""
    return dict(sorted(_intakes.items()))


def datasets() -> Mapping[str, Dataset]:
    """Every dataset by name."""
    return dict(sorted(_datasets.items()))


def close_sockets() -> None:
    """Nothing more may be plugged in: Django has started."""
    globals()["_open"] = False


@contextmanager
def reopened() -> Iterator[None]:
    """Inside, tests may plug in; afterwards both sockets are as they were."""
    kept = dict(_intakes), dict(_datasets)
    globals()["_open"] = True
    try:
        yield
    finally:
        globals()["_open"] = False
        _intakes.clear()
        _datasets.clear()
        _intakes.update(kept[0])
        _datasets.update(kept[1])


def _refuse_when_closed(name: str) -> None:
    if not _open:
        raise RuntimeError(f"{name}: plugged in after Django has started; register it in intakes.py")


def counted(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """How many verdicts there are of each outcome."""
    found = dict.fromkeys(map(str, Outcome), 0)
    for verdict in verdicts:
        found[verdict.outcome] += 1
    return found


@dataclass(frozen=True, slots=True)
class FileImported:
    """News: a file was taken over. `sha256` names its bytes, the counts are rows."""

    job: str
    kind: str
    sha256: str
    added: int
    changed: int
    same: int
    refused: int


register_kind("exchange.imported.v1", FileImported, BY_AREA)


@dataclass(frozen=True, slots=True)
class FileExported:
    """News: somebody began to take a dataset away in a format, narrowed by these options."""

    dataset: str
    format: str
    options: Mapping[str, str]


register_kind("exchange.exported.v1", FileExported, BY_AREA)
