"""Questions about evaluation: marks and their scoreboard, and what the measures count."""

from evaluation.selectors.boards import Cell, Judged, Measured, Ranking, judging, measured, names_of, published, ranking
from evaluation.selectors.counting import (
    AREAS,
    BREAKDOWNS,
    FOLLOWS,
    RIGHT,
    SEE,
    Question,
    area_of,
    counted,
    is_over,
    moment,
    parked,
    still_comes,
    tallies,
    uncounted,
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
from evaluation.selectors.plans import (
    files_of,
    options_of,
    report_file,
    report_plans,
    report_runs,
    sees_report,
    tidings,
)
from evaluation.selectors.publications import (
    appeal_rule,
    appeals,
    appeals_to_decide,
    facts,
    may_judge,
    publication,
    publications,
    told,
)
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
from evaluation.selectors.trying import Tried, tried

__all__ = [
    "AREAS", "BREAKDOWNS", "Board", "Cell", "FOLLOWS", "Judged", "LEVELS", "Measured", "Question", "RIGHT", "Ranking",
    "Row", "SEE", "Tried", "appeal_rule", "appeals", "appeals_to_decide", "area_of", "counted", "facts", "files_of",
    "formula_of", "given_points", "is_over", "judging", "mark_of", "marks", "may_judge", "measured", "measures_report",
    "moment", "names_of", "options_of", "parked", "publication", "publication_report", "publications", "published",
    "ranking", "report_file", "report_plans", "report_runs", "scheme", "scheme_for", "scheme_in_force", "schemes",
    "schemes_of", "scoreboard", "scores_report", "sees_report", "still_comes", "tallies", "tidings", "told", "tried",
    "uncounted", "version_on", "versions_of",
]  # fmt: skip
