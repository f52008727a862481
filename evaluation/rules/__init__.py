"""What evaluation reckons by, without a database: the mark of a case, facts, measures, schemes and periods."""

from evaluation.rules.facts import facts_of
from evaluation.rules.marks import Counts, Metric, Part, SchemeRules, Score, Term, level_of, scheme_from, score, total
from evaluation.rules.measures import (
    COUNTS,
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
from evaluation.rules.periods import CALENDAR, KINDS, Period, between, following, last_days, period_of, previous

__all__ = [
    "CALENDAR", "COUNTS", "Count", "Counts", "EXEMPT", "KINDS", "Metric", "NUMBER", "PERSON_OF", "Part", "Period",
    "RATES", "Rate", "SLICES", "SchemeRules", "Score", "Tally", "Term", "between", "counts_of", "facts_of",
    "following", "last_days", "level_of", "parted", "period_of", "previous", "scheme_from", "score", "share", "total",
]  # fmt: skip
