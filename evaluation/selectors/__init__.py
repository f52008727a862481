"""Questions about evaluation: marks and their scoreboard, and what the measures count."""

from evaluation.selectors.boards import Cell, Judged, Measured, Ranking, measured, names_of, published, ranking
from evaluation.selectors.counting import (
    AREAS,
    BREAKDOWNS,
    RIGHT,
    SEE,
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
    Board,
    Row,
    mark_of,
    marks,
    scheme_in_force,
    schemes_of,
    scoreboard,
)
from evaluation.selectors.publications import appeals, facts, publication, publications, told
from evaluation.selectors.reports import measures_report, publication_report, scores_report
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
    "AREAS", "BREAKDOWNS", "Board", "Cell", "Judged", "LEVELS", "Measured", "Question", "RIGHT", "Ranking", "Row",
    "SEE", "appeals", "area_of", "counted", "facts", "formula_of", "given_points", "is_over", "mark_of", "marks",
    "measured", "measures_report", "moment", "names_of", "parked", "publication", "publication_report",
    "publications", "published", "ranking", "scheme", "scheme_for", "scheme_in_force", "schemes", "schemes_of",
    "scoreboard", "scores_report", "tallies", "told", "version_on", "versions_of",
]  # fmt: skip
