"""Marks as arithmetic: counts in, a score with its reasons out. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.errors import Invalid


class Metric(StrEnum):
    """Rates a scheme may weigh; numerators and denominators as in domain.md section 7."""

    HANDLED = "handled"  # 处置率: handled / should be handled
    HANDLED_ON_TIME = "handled_on_time"  # 按期处置率
    CLOSED_ON_TIME = "closed_on_time"  # 按期结案率
    REWORKED = "reworked"  # 返工率
    PENDING_LATE = "pending_late"  # 超期待处置率
    EXTENDED = "extended"  # 延期率
    RETURNED = "returned"  # 回退率


@dataclass(frozen=True)
class Term:
    """`points` for a rate, or for what is missing to one where `inverse`; `names` in both languages."""

    metric: Metric
    points: float
    inverse: bool = False
    names: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class SchemeRules:
    """Terms whose points add up to `full`; `levels` are (name, at least), best first."""

    code: str
    terms: tuple[Term, ...]
    levels: tuple[tuple[str, float], ...]
    full: float = 100.0


@dataclass(frozen=True)
class Counts:
    """How many cases, and how many of them fulfil each metric (0..cases)."""

    cases: int = 0
    of: Mapping[Metric, int] = field(default_factory=dict)

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.cases + other.cases, {m: self.of.get(m, 0) + other.of.get(m, 0) for m in Metric})


@dataclass(frozen=True)
class Part:
    """What one term gave: numerator, denominator, and points out of the term's points."""

    metric: Metric
    numerator: int
    denominator: int
    points: float
    out_of: float


@dataclass(frozen=True)
class Score:
    """`value` is None where nothing could be counted: a zero denominator is n/a, never 100."""

    value: float | None
    level: str
    parts: tuple[Part, ...]


def scheme_from(document: Mapping[str, Any]) -> SchemeRules:
    """The scheme a pack describes; Invalid("evaluation.scheme") where points do not add up or a metric is unknown."""
    try:
        terms = tuple(
            Term(Metric(t["metric"]), float(t["points"]), bool(t.get("inverse", False)), t["names"])
            for t in document["terms"]
        )
    except (KeyError, ValueError) as problem:
        raise Invalid("evaluation.scheme", scheme=str(document.get("code", "?")), problem=str(problem)) from problem
    levels = tuple((str(row["level"]), float(row["at_least"])) for row in document["levels"])
    full = float(document.get("full", 100))
    if abs(sum(t.points for t in terms) - full) > 1e-9:
        raise Invalid("evaluation.scheme", scheme=str(document["code"]), problem=f"points do not add up to {full:g}")
    if list(levels) != sorted(levels, key=lambda row: -row[1]) or levels[-1][1] != 0:
        raise Invalid("evaluation.scheme", scheme=str(document["code"]), problem="levels must fall to 0")
    return SchemeRules(str(document["code"]), terms, levels, full)


def score(counts: Counts, scheme: SchemeRules) -> Score:
    """The scheme applied to counts: sum of points × rate (or × (1 − rate)), one decimal, with its parts."""
    if counts.cases == 0:
        return Score(None, "", tuple(Part(t.metric, 0, 0, 0.0, t.points) for t in scheme.terms))
    parts = []
    for term in scheme.terms:
        rate = counts.of.get(term.metric, 0) / counts.cases
        share = 1 - rate if term.inverse else rate
        fulfilling = counts.of.get(term.metric, 0)
        parts.append(Part(term.metric, fulfilling, counts.cases, round(term.points * share, 2), term.points))
    value = round(sum(p.points for p in parts), 1)
    return Score(value, level_of(value, scheme), tuple(parts))


def level_of(value: float, scheme: SchemeRules) -> str:
    """The best level whose threshold the value reaches."""
    return next(name for name, at_least in scheme.levels if value >= at_least)


def total(rows: Iterable[Counts]) -> Counts:
    """All counts together."""
    whole = Counts()
    for row in rows:
        whole = whole + row
    return whole
