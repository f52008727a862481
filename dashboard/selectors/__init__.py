"""Questions of the to-do, the search, the wall, the map, the help, the first set-up and the audit trail."""

from dashboard.selectors.cells import CellValues, cases_in, cell_values, worst_cells
from dashboard.selectors.finding import Group, everything, only_one, words_of
from dashboard.selectors.first_steps import FirstStep, first_steps
from dashboard.selectors.guide import help_of, help_topic, help_topics, help_with
from dashboard.selectors.trail import TrailRow, trail, trail_asked, trail_filters, trail_number
from dashboard.selectors.waiting import SHOWN, Heap, Line, Todo, todo
from dashboard.selectors.wall import (
    KPIS,
    WALL_RIGHT,
    WallScope,
    alerts,
    bounds,
    latest,
    one_moment,
    open_cases,
    scope,
    scopes,
    snapshot,
    street_count,
)

__all__ = [
    "KPIS", "WALL_RIGHT", "CellValues", "FirstStep", "Group", "everything", "only_one", "words_of", "Heap", "Line",
    "SHOWN", "Todo", "TrailRow", "WallScope", "alerts", "bounds", "cases_in", "cell_values", "first_steps",
    "help_of", "help_topic", "help_topics", "help_with", "latest", "one_moment", "open_cases", "scope", "scopes",
    "snapshot", "street_count", "todo", "trail", "trail_asked", "trail_filters", "trail_number", "worst_cells",
]  # fmt: skip
