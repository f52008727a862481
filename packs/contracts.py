"""What an app promises when it understands a section of the manifests, and the register of those who do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, runtime_checkable

from core.scope import Actor
from journal.contracts import BY_AREA, register_kind


@dataclass(frozen=True)
class Problem:
    """A fault in a pack, in a plain English sentence, with the place where it stands.

    `path` is where in the manifest (for example `categories/3/conditions/0/limit`); `packs.rules` finds the file
    and the line for it, so handlers leave `file` and `line` alone.
    """

    code: str
    sentence: str
    path: str = ""
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file else ""
        return f"{place}{self.sentence} [{self.code}]"


@dataclass(frozen=True)
class Change:
    """What applying a pack would do to one thing: `what` is add, change, retire or revive.

    `keep` is said of what the city made its own: the pack says otherwise, and applying it changes nothing there.
    """

    section: str
    what: str
    code: str
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """Sentences on what it means for what is there: attributes that read otherwise, and how many rows they touch."""

    def __str__(self) -> str:
        told = ", ".join(f"{name}: {before!r} -> {after!r}" for name, (before, after) in sorted(self.fields.items()))
        return f"{self.what:7} {self.section} {self.code}{' (' + told + ')' if told else ''}"


@dataclass(frozen=True)
class Manifest:
    """A pack as it was read from its folder.

    `document` is pack.yaml with its includes and schema files put in; `places` says for each path of it where it was
    written; `examples`, `quality` are the other two files; `files` maps each file that was read to its bytes' SHA-256;
    `problems` is what could not even be read.
    """

    folder: str
    document: Mapping[str, Any]
    places: Mapping[str, tuple[str, int]]
    examples: tuple[Mapping[str, Any], ...]
    quality: Mapping[str, Any]
    files: Mapping[str, str]
    problems: tuple[Problem, ...] = ()

    @property
    def code(self) -> str:
        """The code it calls itself; the folder's name where it calls itself nothing."""
        return str(self.document.get("code") or self.folder)


@dataclass(frozen=True)
class Library:
    """Every pack by the name of its folder, the owners that may be named, and the schema of manifests."""

    packs: Mapping[str, Manifest]
    owners: frozenset[str]
    schema: Mapping[str, Any]


class SectionHandler(Protocol):
    """One app's understanding of one section of a manifest.

    `pack` is the whole manifest as a mapping (its own section is `pack.get(self.section)`), already valid against
    packs/schema/pack.schema.json; `library` is every manifest of the library by code, for references across packs.
    """

    section: str

    def check(self, pack: Mapping[str, Any], library: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
        """Faults that the JSON Schema cannot see. Reads no table."""
        ...

    def diff(self, pack: Mapping[str, Any]) -> list[Change]:
        """What `apply` would change in the tables now; empty when the pack is in force as it stands."""
        ...

    def apply(self, pack: Mapping[str, Any], actor: Actor) -> None:
        """The section is in force. Called inside a transaction; nothing is deleted, what disappeared is retired."""
        ...


@runtime_checkable
class Settling(Protocol):
    """A handler that has something to do once its packs are in force, outside their transaction: indexes are built."""

    def settle(self, actor: Actor) -> tuple[list[str], list[str]]:
        """It is done; answers what was made and what was taken away."""
        ...


TOUCHES = {
    "added": "packs.attribute_added",
    "renamed": "packs.attribute_renamed",
    "mapped": "packs.attribute_mapped",
    "dropped": "packs.attribute_dropped",
    "removed": "packs.attribute_removed",
    "needed": "packs.attribute_needed",
    "narrowed": "packs.attribute_narrowed",
}
"""The sentence on each kind of `core.moves.Difference`, with its name, what it is called then, and how many rows."""


class Lifted(NamedTuple):
    """How many rows were carried over to the schema in force, and how many stay under theirs (one as an example)."""

    section: str
    code: str
    moved: int
    left: int
    example: str = ""


@runtime_checkable
class Lifting(Protocol):
    """A handler whose rows keep the schema that they were written under, until moves of attributes carry them over."""

    def lift(self, actor: Actor) -> list[Lifted]:
        """Rows are carried over batch by batch, each once; what cannot be stays as it was."""
        ...


@dataclass(frozen=True)
class PackApplied:
    """A release of a pack came into force."""

    code: str
    version: str
    hash: str
    added: int
    changed: int
    retired: int


@dataclass(frozen=True)
class PackRetired:
    """A pack is out of force; what it brought is retired, not deleted."""

    code: str
    version: str
    retired: int


register_kind("pack.applied.v1", PackApplied, BY_AREA)
register_kind("pack.retired.v1", PackRetired, BY_AREA)

_handlers: dict[str, SectionHandler] = {}
_closed = False


def register_section(handler: SectionHandler) -> None:
    """The app behind `handler` understands its section; refused twice for one section, and after Django has started."""
    if _closed:
        raise RuntimeError(f"The register of pack sections is closed; register {handler.section} in manifest.py.")
    if handler.section in _handlers and type(_handlers[handler.section]) is not type(handler):
        raise RuntimeError(f"Two apps claim the pack section {handler.section}.")
    _handlers[handler.section] = handler


def close_sections() -> None:
    """No further section may be registered."""
    global _closed
    _closed = True


def handlers() -> Mapping[str, SectionHandler]:
    """Every section that some app understands."""
    return dict(_handlers)
