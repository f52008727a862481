"""CSV: comma, semicolon or tab, any of the usual encodings, plain or packed by gzip."""

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from core.errors import Invalid
from exchange.codecs.text import Lines, encoding_of
from exchange.rules.cells import unshielded
from exchange.rules.records import LIMITS, Header, Limits, Record, unique

SEPARATORS = ",;\t|"
LINES_OF_A_ROW = 200
csv.field_size_limit(LIMITS.line_chars)  # shapes in WKT are long


class _Rows:
    """The cells of row after row; a quotation mark that is never closed costs its own line only, not the file."""

    def __init__(self, lines: Lines, separator: str) -> None:
        self.lines, self.separator = lines, separator
        self._source = iter(lines)
        self._back: deque[str] = deque()
        self.line = 0
        self._next_line = 1

    def take(self) -> tuple[list[str] | None, str]:
        """The next row's cells and what is wrong with it; None at the end."""
        self.line = self._next_line
        held: list[str] = []
        reader = csv.reader(self._feed(held), delimiter=self.separator, strict=True)
        try:
            cells, fault = next(reader, None), ""
        except csv.Error as error:
            cells, fault = [], str(error)
            self._back.extendleft(reversed(held[1:]))
            del held[1:]
        self._next_line += len(held)
        return cells, fault

    def _feed(self, held: list[str]) -> Iterator[str]:
        while len(held) < LINES_OF_A_ROW:
            line = self._back.popleft() if self._back else next(self._source, None)
            if line is None:
                return
            held.append(line)
            yield line


class Delimited:
    """A CSV file: its header, and its rows as often as they are asked for."""

    def __init__(self, path: Path, *, encoding: str = "", limits: Limits = LIMITS) -> None:
        self.path, self.limits = path, limits
        encoding = encoding or encoding_of(path, limits)
        first = next(iter(Lines(path, encoding, limits)), "")
        self.separator = max(SEPARATORS, key=first.count)
        columns = _Rows(Lines(path, encoding, limits), self.separator).take()[0] or []
        if not any(column.strip() for column in columns) or len(columns) > limits.columns:
            raise Invalid("exchange.no_header")
        self.header = Header("csv", unique(columns), encoding=encoding)

    def records(self) -> Iterator[Record]:
        """Every row after the header, blank lines left out; a broken one says why and the next goes on."""
        rows = _Rows(Lines(self.path, self.header.encoding, self.limits), self.separator)
        rows.take()
        number = 0
        while True:
            cells, fault = rows.take()
            if cells is None:
                return
            if cells or fault:
                number += 1
                yield self._record(number, cells, fault, rows)

    def _record(self, number: int, cells: list[str], fault: str, rows: _Rows) -> Record:
        columns = self.header.columns
        record = Record(number, rows.line, dict(zip(columns, map(unshielded, cells), strict=False)))
        if rows.line in rows.lines.cut:
            record.refuse("", "exchange.line_too_long", limit=self.limits.line_chars)
        elif fault:
            record.refuse("", "exchange.unreadable_row", what=fault)
        elif any(cells[len(columns) :]):
            record.refuse("", "exchange.too_many_cells", count=len(cells), columns=len(columns))
        elif len(cells) < len(columns):
            record.values |= dict.fromkeys(columns[len(cells) :], "")
        return record
