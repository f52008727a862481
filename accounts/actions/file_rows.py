"""Rows of files as accounts judge them: what stands in one, and what would become of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any, NamedTuple

from core.written import moment_of

FOR_EVER = datetime.max.replace(tzinfo=UTC)
UNKNOWN = {
    "organisation": "accounts.no_such_organisation",
    "role": "accounts.no_such_role",
    "shift": "accounts.no_such_shift",
}


class FileRow(NamedTuple):
    """A row as it stands in the file: its number and line, its cells as text, and the fields it has a column for."""

    number: int
    line: int
    cells: Mapping[str, str]
    given: frozenset[str]


@dataclass(slots=True)
class JudgedRow:
    """What would become of a row: "add", "change", "same", "retire", "leave", or "refuse" with its faults.

    A fault is a field, a code and its parameters. `number` is that of the row, 0 of what stands in no row.
    """

    code: str
    outcome: str = ""
    faults: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    number: int = 0

    def refuse(self, name: str, code: str, /, **params: Any) -> None:
        """The row is refused for the value of a field."""
        self.faults.append((name, code, params))
        self.outcome = "refuse"


def moment_in(row: FileRow, name: str, judged: JudgedRow, zone: tzinfo) -> datetime | None:
    """The moment that a cell names, if any; the row is refused for one that is no moment of our time."""
    text = row.cells.get(name, "")
    found = moment_of(text, zone) if text else None
    if text and found is None:
        judged.refuse(name, "accounts.bad_date", value=text[:30])
    return found


def codes_called(rows: Iterable[tuple[str, Mapping[str, str]]]) -> dict[str, list[str]]:
    """Codes by code and by each name; a code comes before a name."""
    found: dict[str, list[str]] = defaultdict(list)
    told = list(rows)
    for code, names in told:
        for name in set(names.values()):
            found[str(name)].append(code)
    return found | {code: [code] for code, _names in told}


def code_in(row: FileRow, name: str, called: Mapping[str, list[str]], judged: JudgedRow) -> str | None:
    """The code of the only thing that a cell names by its code or name; the row is refused for none and for several."""
    text = row.cells.get(name, "").strip()
    found = called.get(text, [])
    if not text or len(found) == 1:
        return found[0] if text else None
    if found:
        judged.refuse(name, "accounts.several_of_that_name", name=text[:60], codes=", ".join(sorted(found)[:5]))
    else:
        judged.refuse(name, UNKNOWN[name], code=text[:60])
    return None
