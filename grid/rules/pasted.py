"""Lists of cells as people paste them: one code a line, several, or a table whose first column they are."""

import re
from dataclasses import dataclass

from grid.contracts import CodePlan
from grid.rules.codes import is_cell_code, level_of

APART = re.compile(r"[\s,;，；、|\"']+")
ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
AREA_CODE = re.compile(r"(?!new$)[A-Za-z0-9_-]{1,40}")
MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class PastedFault:
    """A line that cannot be read, and why: a code of a sentence."""

    line: int
    text: str
    code: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """The cells and the regions (meaning all their cells) that a text names, in its order, and what was wrong."""

    cells: tuple[str, ...]
    regions: tuple[str, ...]
    faults: tuple[PastedFault, ...]


def read_cells(text: str, plan: CodePlan) -> Pasted:
    """The codes of a pasted text; a heading in the first line is passed over."""
    cells: dict[str, None] = {}
    regions: dict[str, None] = {}
    faults = []
    for number, line in enumerate(text.splitlines(), start=1):
        parts = [part for part in APART.split(line.lstrip("\ufeff")) if part]
        found = [part for part in parts if is_cell_code(part, plan)]
        if found:
            cells |= dict.fromkeys(found)
        elif parts and level_of(parts[0], plan):
            regions[parts[0]] = None
        elif parts and not (number == 1 and not any(letter.isdigit() for letter in line)):
            rounded = ROUNDED.fullmatch(parts[0])
            faults.append(PastedFault(number, parts[0][:40], "grid.cell_rounded" if rounded else "grid.cell_unread"))
    return Pasted(tuple(cells), tuple(regions), tuple(faults))


def common_region(paths: set[str]) -> str:
    """The path of the nearest region that lies above (or is) all of these; empty of none."""
    rows = [path.split(".") for path in sorted(paths)]
    if not rows:
        return ""
    depth = next(
        (at for at, part in enumerate(rows[0]) if any(len(row) <= at or row[at] != part for row in rows)), len(rows[0])
    )
    return ".".join(rows[0][:depth])
