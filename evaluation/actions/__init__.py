"""Verbs of evaluation: schemes come into force, closed cases are marked, facts follow the cases."""

from evaluation.actions.facts import BATCH, follow_facts, keep_facts, note_news, sweep_news
from evaluation.actions.marks import (
    follow_organisations,
    mark_case,
    retire_schemes,
    save_scheme,
    withdraw,
)

__all__ = [
    "BATCH", "follow_facts", "follow_organisations", "keep_facts", "mark_case", "note_news", "retire_schemes", "save_scheme",
    "sweep_news", "withdraw",
]  # fmt: skip
