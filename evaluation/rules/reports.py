"""A board as people take it away: the same numbers as on its page, in an order that a file can hold. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from evaluation.rules.periods import Period

Names = Mapping[str, str]


@dataclass(frozen=True)
class Figure:
    """A measure of a line; a count has no denominator. `twice` of them count twice in the rate."""

    numerator: int
    denominator: int | None
    rate: float | None
    raw: tuple[int, int | None]
    twice: int = 0


@dataclass(frozen=True)
class Part:
    """What stands in a column of a line: points where it earns some, and its measures."""

    points: float | None
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Column:
    """A component of a scheme, with what it is worth, or a single measure; `measures` says which are rates."""

    names: Names
    measures: tuple[tuple[Names, bool], ...]
    out_of: float | None = None
    each: float = 0.0
    double: bool = False


@dataclass(frozen=True)
class ReportLine:
    """Who is judged, and how; without a score where nothing could be counted or no scheme judges."""

    names: Names
    parts: tuple[Part, ...]
    rank: int | None = None
    score: float | None = None
    raw_score: float | None = None
    grade: str = ""


@dataclass(frozen=True)
class Judgement:
    """By which version of which scheme the lines were judged, and who published it when, where somebody did."""

    names: Names
    version: int
    valid_from: date
    source: str
    published_by: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True)
class Report:
    """A whole board: what it is of, and its lines; `within` is the region it is of, empty for the city."""

    level: Names
    table: Names
    within: Names
    period: Period
    columns: tuple[Column, ...]
    lines: tuple[ReportLine, ...]
    judged: Judgement | None = None
