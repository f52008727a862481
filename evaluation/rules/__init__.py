"""What evaluation reckons by, without a database: the mark of a case, facts, measures, schemes and periods."""

from evaluation.rules.appeals import is_judge, unfit
from evaluation.rules.facts import facts_of, stays_excused, was_excused
from evaluation.rules.marks import Counts, Metric, Part, SchemeRules, Score, Term, level_of, scheme_from, score, total
from evaluation.rules.measures import (
    BESIDE,
    COUNTS,
    EACH_ORDER,
    EACH_SHIRKER,
    EXEMPT,
    NUMBER,
    PERSON_OF,
    RATES,
    SLICES,
    Count,
    Rate,
    Tally,
    counts_of,
    parted,
    share,
)
from evaluation.rules.periods import CALENDAR, EARLIEST, Period, between, following, last_days, period_of, previous
from evaluation.rules.schemes import (
    Cell,
    Component,
    Earned,
    Formula,
    Result,
    Step,
    evaluate,
    formula_from,
    grade_of,
    says,
)
from evaluation.rules.words import JUDGED, LEVELS, PERIODS, POSTS, SCORES, SOURCES, TABLES, origin_of

__all__ = [
    "BESIDE", "CALENDAR", "COUNTS", "Cell", "Component", "Count", "Counts", "EACH_ORDER", "EACH_SHIRKER", "EARLIEST",
    "EXEMPT", "Earned", "Formula", "JUDGED", "LEVELS", "Metric", "NUMBER", "PERIODS", "PERSON_OF", "POSTS", "Part",
    "Period", "RATES", "Rate", "Result", "SCORES", "SLICES", "SOURCES", "SchemeRules", "Score", "Step", "TABLES",
    "Tally", "Term", "between", "counts_of", "evaluate", "facts_of", "following", "formula_from", "grade_of",
    "is_judge", "last_days", "level_of", "origin_of", "parted", "period_of", "previous", "says", "scheme_from", "score",
    "share", "stays_excused", "was_excused", "total", "unfit",
]  # fmt: skip
