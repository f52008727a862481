"""A scheme applied to what the measures came to: points from rates, deductions for each case, points that people give.

Pure, and the same for whoever is judged. What a scheme cannot count (a denominator of 0, points nobody has given yet)
is left out of what can be reached, and the sum is told as a share of what could: it neither earns nor costs anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import Invalid
from evaluation.rules.marks import Metric
from evaluation.rules.measures import COUNTS, RATES, Tally, counts_of, parted, share
from evaluation.rules.words import JUDGED

Names = Mapping[str, str]
_RATE_OF: Mapping[Metric, str] = {
    Metric.HANDLED: "handled_rate",
    Metric.HANDLED_ON_TIME: "handled_on_time_rate",
    Metric.CLOSED_ON_TIME: "closed_on_time_rate",
    Metric.REWORKED: "reworked_rate",
    Metric.PENDING_LATE: "unhandled_late_rate",
    Metric.EXTENDED: "extended_rate",
    Metric.RETURNED: "returned_rate",
}
MOST_POINTS = 1000
LONGEST_LEVEL, LONGEST_CODE = 10, 60
"""As long as what is published has room for."""


@dataclass(frozen=True)
class Step:
    """For a rate below so many per cent, `per_point` points are lost for each per cent that is missing."""

    measure: str
    below: float
    per_point: float


@dataclass(frozen=True)
class Component:
    """One part of a scheme, of one sort:

    - `share`: `points` × the rate, or × (1 − rate) where `inverse`;
    - `steps`: `points` less what the steps take, not below 0;
    - `each`: so many points less for each case, `cap` at most;
    - `given`: points that people give, up to `points`; a `bonus` comes on top.

    `double` names the slice whose cases count twice.
    """

    code: str
    names: Names = field(compare=False)
    sort: str
    points: float = 0.0
    steps: tuple[Step, ...] = ()
    inverse: bool = False
    each: float = 0.0
    cap: float = 0.0
    double: str = ""
    bonus: bool = False

    @property
    def measures(self) -> tuple[str, ...]:
        """What it looks at."""
        return tuple(step.measure for step in self.steps)


@dataclass(frozen=True)
class Formula:
    """A scheme in force: its components, `full` marks, the grades best first (of 100), and whom it is for."""

    code: str
    names: Names = field(compare=False)
    components: tuple[Component, ...]
    grades: tuple[tuple[str, float], ...]
    full: float = 100.0
    most: float = 100.0
    subjects: tuple[str, ...] = ()
    period: str = "month"
    source: str = ""

    @property
    def refs(self) -> tuple[str, ...]:
        """Every count it needs."""
        found = (ref for part in self.components for measure in part.measures for ref in _counts(measure, part.double))
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Cell:
    """A measure as a component saw it: what it is of, and the numbers of the cases that counted twice.

    Without a `denominator_ref` it is a count, and the denominator is nothing.
    """

    measure: str
    numerator_ref: str
    denominator_ref: str
    numerator: int
    denominator: int
    twice: int = 0
    twice_of: int = 0

    @property
    def rate(self) -> float | None:
        """The rate with what counts twice counted twice."""
        return share(self.numerator + self.twice, self.denominator + self.twice_of)


@dataclass(frozen=True)
class Earned:
    """What one component gave; `points` is None where there was nothing to count or to give yet."""

    code: str
    names: Names
    cells: tuple[Cell, ...]
    points: float | None
    out_of: float


@dataclass(frozen=True)
class Result:
    """The score (None: nothing could be counted), its grade, the points that could be reached, and every component."""

    value: float | None
    grade: str
    reachable: float
    parts: tuple[Earned, ...]


def formula_from(document: Mapping[str, Any]) -> Formula:
    """The scheme a document describes, from `terms` over rates or from `components`; Invalid where it is none."""
    code = str(document.get("code", "?"))[:60]
    try:
        given = document.get("components")
        parts = tuple(_component(row) for row in given) if given else tuple(_term(row) for row in document["terms"])
        grades = tuple((str(row["level"]), float(row["at_least"])) for row in document["levels"])
        base = sum(part.points for part in parts if not part.bonus)
        full = float(document.get("full", base if given else 100))
        most = full + sum(part.points for part in parts if part.bonus)
        names = {lang: str(document["names"][lang]) for lang in ("zh", "en")}
        subjects = tuple(str(one) for one in document.get("subjects", ()))
        if not set(subjects) <= set(JUDGED) or not isinstance(document.get("subjects", []), list):
            raise ValueError("subjects")
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as problem:
        raise _wrong(code, f"{type(problem).__name__} {problem}"[:200]) from problem
    fault = _fault(parts, grades, base, full)
    if fault:
        raise _wrong(code, fault)
    told = str(document.get("source", ""))
    return Formula(code, names, parts, grades, full, most, subjects, str(document.get("period", "month")), told)


def evaluate(formula: Formula, line: Mapping[str, Tally], given: Mapping[str, float], *, raw: bool = False) -> Result:
    """The scheme applied to one line of counts, with the points that people gave by component."""
    parts = tuple(_earned(part, line, given, raw) for part in formula.components)
    by_code = {part.code: part for part in formula.components}
    base = [one for one in parts if one.points is not None and _is_base(by_code[one.code])]
    reachable = sum(one.out_of for one in base)
    if not reachable or not any(one.cells for one in base):
        return Result(None, "", reachable, parts)
    beside = sum(one.points for one in parts if one.points is not None and not _is_base(by_code[one.code]))
    value = formula.full * sum(one.points or 0.0 for one in base) / reachable + beside
    value = round(min(max(value, 0.0), formula.most), 1)
    return Result(value, grade_of(value, formula), round(reachable, 2), parts)


def grade_of(value: float, formula: Formula) -> str:
    """The best grade whose threshold the value reaches, as a share of full marks."""
    of_hundred = value / formula.full * 100
    return next((name for name, at_least in formula.grades if of_hundred >= at_least - 1e-9), formula.grades[-1][0])


def _is_base(part: Component) -> bool:
    return part.sort != "each" and not part.bonus


def _earned(part: Component, line: Mapping[str, Tally], given: Mapping[str, float], raw: bool) -> Earned:
    cells = tuple(_cell(measure, part.double, line, raw) for measure in part.measures)
    points = _points(part, cells, given)
    return Earned(part.code, part.names, cells, None if points is None else round(points, 2), part.points)


def _points(part: Component, cells: Sequence[Cell], given: Mapping[str, float]) -> float | None:
    if part.sort == "given":
        return given.get(part.code)
    if part.sort == "each":
        lost = part.each * sum(cell.numerator + cell.twice for cell in cells)
        return -(min(lost, part.cap) if part.cap else lost)
    rates = [cell.rate for cell in cells]
    if all(rate is None for rate in rates):
        return None
    if part.sort == "share":
        rate = min(max(rates[0] or 0.0, 0.0), 1.0)
        return part.points * (1 - rate if part.inverse else rate)
    short = zip(part.steps, rates, strict=True)
    lost = sum(step.per_point * max(0.0, step.below - rate * 100) for step, rate in short if rate is not None)
    return max(0.0, part.points - lost)


def _cell(measure: str, double: str, line: Mapping[str, Tally], raw: bool) -> Cell:
    over, *under = counts_of(measure)
    below = under[0] if under else ""
    twice, twice_of = (f"{ref}@{double}" if ref and double else "" for ref in (over, below))
    numbers = [_number(line.get(ref), raw) if ref else 0 for ref in (over, below, twice, twice_of)]
    return Cell(measure, over, below, *numbers)


def _number(tally: Tally | None, raw: bool) -> int:
    return 0 if tally is None else (tally.raw if raw else tally.net)


def _counts(measure: str, double: str) -> list[str]:
    refs = counts_of(measure)
    return [*refs, *(f"{ref}@{double}" for ref in refs if double)]


def _component(row: Mapping[str, Any]) -> Component:
    sort = str(row["sort"])
    steps = tuple(_step(one) for one in row.get("steps", [row] if "measure" in row else []))
    for step in steps:
        code, part = parted(step.measure)
        if (code in COUNTS) != (sort == "each"):
            raise ValueError(f"{step.measure} does not fit {sort}")
        if part and row.get("double"):
            raise ValueError(f"{step.measure} cannot count twice")
    double = str(row.get("double", ""))
    if double:
        parted(f"reported@{double}")
    if sort not in ("share", "steps", "each", "given") or (sort == "given") == bool(steps):
        raise ValueError(f"{row.get('code')} is no {sort}")
    return Component(
        code=str(row["code"]),
        names={lang: str(row["names"][lang]) for lang in ("zh", "en")},
        sort=sort,
        points=float(row.get("points", 0)),
        steps=steps,
        inverse=bool(row.get("inverse", False)),
        each=float(row.get("each", 0)),
        cap=float(row.get("cap", 0)),
        double=double,
        bonus=bool(row.get("bonus", False)),
    )


def _step(row: Mapping[str, Any]) -> Step:
    return Step(str(row["measure"]), float(row.get("below", 100)), float(row.get("per_point", 0)))


def _term(row: Mapping[str, Any]) -> Component:
    """A term over a rate, as older schemes say it: a component by the name of its metric."""
    metric = Metric(row["metric"])
    step = Step(_RATE_OF[metric], 100, 0)
    inverse = bool(row.get("inverse", False))
    return Component(metric.value, row["names"], "share", float(row["points"]), (step,), inverse)


def _fault(parts: Sequence[Component], grades: Sequence[tuple[str, float]], base: float, full: float) -> str:
    numbers = [one for part in parts for one in (part.points, part.each, part.cap)]
    numbers += [one for part in parts for step in part.steps for one in (step.below, step.per_point)]
    numbers += [sum(part.points for part in parts), *(at_least for _name, at_least in grades)]
    if not parts or not all(0 <= one <= MOST_POINTS for one in numbers):
        return f"its numbers must lie between 0 and {MOST_POINTS}"
    if len({part.code for part in parts}) != len(parts):
        return "two components have the same code"
    if not all(0 < len(name) <= most for name, most in _lengths(parts, grades)):
        return f"levels take {LONGEST_LEVEL} characters, codes {LONGEST_CODE}"
    if base <= 0 or not abs(base - full) <= 1e-9:
        return f"points do not add up to {full:g}"
    if list(grades) != sorted(grades, key=lambda row: -row[1]) or not grades or grades[-1][1] != 0:
        return "levels must fall to 0"
    return ""


def _lengths(parts: Sequence[Component], grades: Sequence[tuple[str, float]]) -> list[tuple[str, int]]:
    """The words that are kept with every line that is judged, and how long each may be."""
    return [*((part.code, LONGEST_CODE) for part in parts), *((name, LONGEST_LEVEL) for name, _least in grades)]


def _wrong(code: str, problem: str) -> Invalid:
    return Invalid("evaluation.scheme", scheme=code, problem=problem)


def says(ref: str) -> Names:
    """The name of a measure in both languages."""
    code, part = parted(ref)
    names = COUNTS[code].names if code in COUNTS else RATES[code].names
    return {lang: f"{text}{_SLICE_NAMES[part][lang]}" for lang, text in names.items()} if part else names


_SLICE_NAMES: Mapping[str, Names] = {
    "important": {"zh": "（领导与媒体件）", "en": " (raised by leaders or media)"},
    "urgent": {"zh": "（紧急件）", "en": " (urgent)"},
    "hotline": {"zh": "（热线件）", "en": " (hotline)"},
}
