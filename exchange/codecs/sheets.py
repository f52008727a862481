"""XLSX: the first sheet or the one asked for, its first row the header."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, time
from itertools import chain
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core.errors import Invalid
from exchange.codecs.archives import archive
from exchange.rules.records import LIMITS, Header, Limits, Record, unique

BROKEN = (BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, IndexError, AttributeError)


def titles(path: Path, limits: Limits = LIMITS) -> tuple[str, ...]:
    """What the sheets of a workbook are called, in their order."""
    with archive(path, limits):
        pass
    with _opened(path) as book:
        return tuple(book.sheetnames)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    with path.open("rb") as stream:
        try:
            book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        except BROKEN as error:
            raise Invalid("exchange.broken_workbook") from error
        with closing(book):
            yield book


class Sheets:
    """A workbook: its header, and the rows of one sheet as often as they are asked for."""

    def __init__(self, path: Path, *, layer: str = "", limits: Limits = LIMITS) -> None:
        self.path, self.limits = path, limits
        with archive(path, limits):
            pass
        with _opened(self.path) as book:
            layers = tuple(book.sheetnames)
            if not layers or (layer and layer not in layers):
                raise Invalid("exchange.no_layer", layer=layer)
            self.header = self._header(book, layers, layer or layers[0])

    def _header(self, book: Any, layers: tuple[str, ...], layer: str) -> Header:
        cells = next(self._rows(book, layer), (0, ()))[1]
        last = max((place for place, cell in enumerate(cells, start=1) if cell not in (None, "")), default=0)
        if not 0 < last <= self.limits.columns:
            raise Invalid("exchange.no_header")
        return Header("xlsx", unique(cells[:last]), layers, layer)

    def _rows(self, book: Any, layer: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Line and cells of each row that is not empty."""
        sheet = book[layer]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(values_only=True, max_col=self.limits.columns + 1)
        for line, cells in enumerate(rows, start=1):
            if any(cell not in (None, "") for cell in cells):
                yield line, cells

    def records(self) -> Iterator[Record]:
        """Every row after the header; whole numbers stay numbers, so that a code can say that it once was text."""
        with _opened(self.path) as book:
            try:
                rows = self._rows(book, self.header.layer)
                next(rows, None)
                for number, (line, cells) in enumerate(rows, start=1):
                    yield self._record(number, line, cells)
            except BROKEN as error:
                record = Record(0, 0, {})
                record.refuse("", "exchange.unreadable_row", what=str(error)[:100])
                yield record

    def _record(self, number: int, line: int, cells: tuple[Any, ...]) -> Record:
        columns = self.header.columns
        padded = chain(cells, (None for _ in range(len(columns) - len(cells))))
        record = Record(number, line, {})
        for column, cell in zip(columns, padded, strict=False):
            record.values[column] = _plain(cell)
            if isinstance(cell, str) and cell in ERRORS:
                record.refuse(column, "exchange.cell_error", value=cell)
        return record


ERRORS = frozenset({"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!"})


def _plain(cell: Any) -> Any:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return cell if isinstance(cell, str | int | float | bool) else str(cell)
