"""Boards and publications as reports: what the pages show of them, for the files that people take away."""

from collections.abc import Mapping
from typing import Any

from core.scope import Actor
from evaluation import rules
from evaluation.models import PublishedRow
from evaluation.rules import Formula
from evaluation.rules.reports import Column, Figure, Judgement, Names, Part, Report, ReportLine
from evaluation.selectors.boards import Cell, Judged, measured, ranking
from evaluation.selectors.counting import AREAS, Question
from evaluation.selectors.publications import publication
from grid import selectors as grid


def scores_report(actor: Actor, asked: Question, scheme: str = "") -> Report:
    """The board of scores that the actor sees."""
    board = ranking(actor, asked, scheme)
    version, formula = board.version, board.formula
    judged = Judgement(formula.names, version.version, version.valid_from, formula.source)
    lines = tuple(_judged(line) for line in board.lines)
    return Report(
        rules.LEVELS[asked.by], rules.SCORES, _place(asked.within), asked.period, _columns(formula), lines, judged
    )


def measures_report(actor: Actor, asked: Question, table: str) -> Report:
    """The table of measures that the actor sees."""
    found = measured(actor, asked, table)
    names, refs = rules.TABLES[table]
    columns = tuple(Column(rules.says(ref), ((rules.says(ref), _is_rate(ref)),)) for ref in refs)
    lines = tuple(
        ReportLine(line.names, tuple(Part(None, (_measured(cell),)) for cell in line.cells)) for line in found
    )
    return Report(rules.LEVELS[asked.by], names, _place(asked.within), asked.period, columns, lines)


def publication_report(actor: Actor, pk: int) -> Report:
    """A publication with the lines that the actor may see, as it was frozen."""
    row, lines = publication(pk, actor)
    formula = rules.formula_from(row.document)
    judged = Judgement(
        formula.names, row.version.version, row.version.valid_from, formula.source, row.published_label,
        row.published_at,
    )  # fmt: skip
    period = rules.Period(row.period, row.since, row.until)
    told = tuple(_frozen(line) for line in lines)
    return Report(rules.LEVELS[row.level], rules.SCORES, _place(row.within), period, _columns(formula), told, judged)


def _place(within: str) -> Names:
    found = (row.names for level in AREAS for row in grid.regions(level) if row.code == within)
    return next(found, {"zh": within, "en": within}) if within else {}


def _is_rate(ref: str) -> bool:
    return rules.parted(ref)[0] in rules.RATES


def _columns(formula: Formula) -> tuple[Column, ...]:
    return tuple(
        Column(
            part.names,
            tuple((rules.says(measure), _is_rate(measure)) for measure in part.measures),
            part.points,
            part.each,
            bool(part.double),
        )
        for part in formula.components
    )


def _judged(line: Judged) -> ReportLine:
    parts = tuple(
        Part(net.points, tuple(_figure(cell, raw) for cell, raw in zip(net.cells, before.cells, strict=True)))
        for net, before in zip(line.result.parts, line.raw.parts, strict=True)
    )
    return ReportLine(line.names, parts, line.rank, line.result.value, line.raw.value, line.result.grade)


def _figure(cell: rules.Cell, raw: rules.Cell) -> Figure:
    if not cell.denominator_ref:
        return Figure(cell.numerator, None, None, (raw.numerator, None), cell.twice)
    return Figure(cell.numerator, cell.denominator, cell.rate, (raw.numerator, raw.denominator), cell.twice_of)


def _measured(cell: Cell) -> Figure:
    under = cell.under
    return Figure(
        cell.tally.net, under.net if under else None, cell.rate, (cell.tally.raw, under.raw if under else None)
    )


def _frozen(row: PublishedRow) -> ReportLine:
    parts = tuple(Part(part["points"], tuple(_kept(cell) for cell in part["cells"])) for part in row.parts)
    score, raw = (None if value is None else float(value) for value in (row.score, row.raw_score))
    return ReportLine(row.names, parts, row.rank, score, raw, row.grade)


def _kept(cell: Mapping[str, Any]) -> Figure:
    under = cell["denominator"]
    raw = cell["raw_numerator"], cell["raw_denominator"]
    if under is None:
        return Figure(cell["numerator"], None, None, raw, cell["twice"])
    rate = rules.share(cell["numerator"] + cell["twice"], under + cell["twice_of"])
    return Figure(cell["numerator"], under, rate, raw, cell["twice_of"])
