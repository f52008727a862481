"""Questions about evaluation: marks and their scoreboard, and what the measures count."""

from evaluation.selectors.counting import AREAS, BREAKDOWNS, Question, counted, moment, tallies
from evaluation.selectors.marks import (
    LEVELS,
    RIGHT,
    Board,
    Row,
    mark_of,
    marks,
    scheme_in_force,
    schemes_of,
    scoreboard,
)

__all__ = [
    "AREAS", "BREAKDOWNS", "Board", "LEVELS", "Question", "RIGHT", "Row", "counted", "mark_of", "marks", "moment",
    "scheme_in_force", "schemes_of", "scoreboard", "tallies",
]  # fmt: skip
