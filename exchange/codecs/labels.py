"""Sheets of labels to be stuck on things: a QR code, what it is, its number and its office; sizes are data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import segno
import yaml
from django.template.loader import render_to_string

from exchange.contracts.exports import Label

SHEETS = Path(__file__).with_name("label_sheets.yaml")


class Sheet(NamedTuple):
    """How labels lie on a page, in millimetres; `points` is the size of the name."""

    code: str
    names: Mapping[str, str]
    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    across: float
    down: float
    qr: float
    points: float

    @property
    def edge(self) -> float:
        """How far the code is from the upper edge of its label."""
        return (self.height - self.qr) / 2

    @property
    def indent(self) -> float:
        """Where the words begin, beside the code and the quiet zone that readers of codes want."""
        return self.qr + 4 + max(3.0, self.qr / 10)


@cache
def sheets() -> Mapping[str, Sheet]:
    """Every sheet by its code, in the order of the file."""
    rows = yaml.safe_load(SHEETS.read_text(encoding="utf-8"))
    return {row["code"]: Sheet(**row) for row in rows}


def html_of(labels: Sequence[Label], sheet: Sheet, site: str, **told: Any) -> str:
    """The paper before it is set: as many pages as the labels need, the last one with room at its end."""
    most = sheet.columns * sheet.rows
    pages = [list(_placed(labels[first : first + most], sheet, site)) for first in range(0, len(labels), most)]
    return render_to_string("exchange/labels.html", {"pages": pages, "sheet": sheet, **told})


def _placed(labels: Iterable[Label], sheet: Sheet, site: str) -> Iterator[dict[str, Any]]:
    """Each label with where it begins, from left to right and down."""
    for place, label in enumerate(labels):
        row, column = divmod(place, sheet.columns)
        code = segno.make(f"{site}{label.path}", error="m").svg_data_uri(border=0)
        yield {"label": label, "qr": code, "left": sheet.left + column * sheet.across,
               "top": sheet.top + row * sheet.down}  # fmt: skip
