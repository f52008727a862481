"""Questions about evaluation: marks and their scoreboard, and what the measures count."""

from evaluation.selectors.boards import Cell, Judged, Measured, Ranking, measured, names_of, published, ranking
from evaluation.selectors.counting import (
    AREAS,
    BREAKDOWNS,
    Question,
    area_of,
    counted,
    is_over,
    moment,
    parked,
    tallies,
)
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
from evaluation.selectors.publications import appeals, facts, publication, publications, told
from evaluation.selectors.schemes import (
    formula_of,
    given_points,
    scheme,
    scheme_for,
    schemes,
    version_on,
    versions_of,
)

__all__ = [
    "is_over", "parked", "told",
    "area_of",
    "AREAS", "BREAKDOWNS", "Board", "Cell", "Judged", "LEVELS", "Measured", "Question", "RIGHT", "Ranking", "Row",
    "appeals", "counted", "facts", "formula_of", "given_points", "mark_of", "marks", "measured", "moment", "names_of",
    "publication", "publications", "published", "ranking", "scheme", "scheme_for", "scheme_in_force", "schemes",
    "schemes_of", "scoreboard", "tallies", "version_on", "versions_of",
]  # fmt: skip
