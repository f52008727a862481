"""A report as a workbook: a sheet of its lines, numbers as numbers, and a sheet that says what they are."""

import io
from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.languages import pick
from evaluation.codecs.words import facts_of, title_of
from evaluation.rules.reports import Column, Part, Report, ReportLine

PERCENT = "0.0%"
HEAD = PatternFill("solid", fgColor="F1EFE9")
THIN = Side(style="thin", color="999999")
MOST_LETTERS = 32_767
Value = str | int | float | None


def workbook_of(report: Report, *, by: str, at: datetime) -> bytes:
    """The bytes of the workbook, in the active language. No text of it is ever a formula."""
    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = _("Results")
    _results(sheet, report)
    about = book.create_sheet(_("About this report"))
    _put(about, 1, 1, title_of(report)).font = Font(bold=True, size=14)
    for row, (name, told) in enumerate(facts_of(report, by, at), start=2):
        _put(about, row, 1, name).font = Font(bold=True)
        _put(about, row, 2, told).alignment = Alignment(wrap_text=True, vertical="top")
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 24, 80
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _results(sheet: Worksheet, report: Report) -> None:
    """Two lines of headings: what a column belongs to, and what stands in it."""
    first = _first(report)
    for number, name in enumerate(first, start=1):
        _head(sheet, 1, number, name)
        _head(sheet, 2, number, "")
        sheet.merge_cells(start_row=1, start_column=number, end_row=2, end_column=number)
    place = len(first) + 1
    for column in report.columns:
        heads = list(_heads(column))
        for offset, name in enumerate(heads):
            _head(sheet, 1, place + offset, pick(column.names) if not offset else "")
            _head(sheet, 2, place + offset, name)
        if len(heads) > 1:
            sheet.merge_cells(start_row=1, start_column=place, end_row=1, end_column=place + len(heads) - 1)
        place += len(heads)
    for row, line in enumerate(report.lines, start=3):
        for number, (value, shown) in enumerate(_values(report, line), start=1):
            cell = _put(sheet, row, number, value)
            if shown:
                cell.number_format = shown
    sheet.freeze_panes = sheet.cell(row=3, column=len(first) + 1)
    for number in range(1, place):
        sheet.column_dimensions[get_column_letter(number)].width = 14


def _first(report: Report) -> list[str]:
    if report.judged is None:
        return [_("Who is judged")]
    return [_("Rank"), _("Who is judged"), _("Score"), _("Without exemptions"), _("Grade")]


def _heads(column: Column) -> Iterator[str]:
    for names, is_rate in column.measures:
        name = pick(names)
        yield _("%(measure)s: numerator") % {"measure": name} if is_rate else name
        if is_rate:
            yield _("%(measure)s: denominator") % {"measure": name}
        if column.double:
            yield _("%(measure)s: count twice") % {"measure": name}
        if is_rate:
            yield _("%(measure)s: rate") % {"measure": name}
        yield _("%(measure)s: without exemptions") % {"measure": name}
    if column.out_of is not None:
        yield _("Points earned")


def _values(report: Report, line: ReportLine) -> Iterator[tuple[Value, str]]:
    if report.judged is not None:
        yield from ((line.rank, ""), (pick(line.names), ""), (line.score, "0.0"), (line.raw_score, "0.0"))
        yield line.grade, ""
    else:
        yield pick(line.names), ""
    for column, part in zip(report.columns, line.parts, strict=True):
        yield from _part(column, part)


def _part(column: Column, part: Part) -> Iterator[tuple[Value, str]]:
    for (_names, is_rate), figure in zip(column.measures, part.figures, strict=True):
        yield figure.numerator, ""
        if is_rate:
            yield figure.denominator, ""
        if column.double:
            yield figure.twice, ""
        if is_rate:
            yield figure.rate, PERCENT
        over, under = figure.raw
        yield (over, "") if under is None else (f"{over}/{under}", "")
    if column.out_of is not None:
        yield part.points, "0.00"


def _head(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = _put(sheet, row, column, text)
    cell.font, cell.fill = Font(bold=True), HEAD
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
    cell.border = Border(bottom=THIN, right=THIN)


def _put(sheet: Worksheet, row: int, column: int, value: Value) -> Cell:
    """The cell with a value; a text stays a text, whatever it begins with."""
    cell = sheet.cell(row=row, column=column)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:MOST_LETTERS]
        cell.data_type = "s"
    else:
        cell.value = value
    return cell
