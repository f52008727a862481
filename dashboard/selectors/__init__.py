"""Questions of the to-do, the search, the wall, the map, the help, the first set-up and the audit trail."""

from dashboard.selectors.cells import CellValues, cases_in, cell_values, worst_cells
from dashboard.selectors.field import field_areas, field_classes, field_person, field_sent, field_tasks
from dashboard.selectors.finding import Group, everything, only_one, words_of
from dashboard.selectors.first_steps import FirstStep, first_steps
from dashboard.selectors.guide import help_of, help_topic, help_topics, help_with
from dashboard.selectors.joining import (
    joining,
    joining_book,
    joining_cells,
    joining_check,
    joining_columns,
    joining_steps,
    joining_words,
    joinings,
)
from dashboard.selectors.panels import answered
from dashboard.selectors.systems import SystemPage, system, systems
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
    "CellValues", "FirstStep", "Group", "Heap", "KPIS", "Line", "SHOWN", "SystemPage", "Todo", "TrailRow",
    "WALL_RIGHT", "WallScope", "alerts", "answered", "bounds", "cases_in", "cell_values", "everything", "field_areas",
    "field_classes", "field_person", "field_sent", "field_tasks", "first_steps", "help_of", "help_topic",
    "help_topics", "help_with", "joining", "joining_book", "joining_cells", "joining_check", "joining_columns",
    "joining_steps", "joining_words", "joinings", "latest", "one_moment", "only_one", "open_cases", "scope", "scopes",
    "snapshot", "street_count", "system", "systems", "todo", "trail", "trail_asked", "trail_filters", "trail_number",
    "words_of", "worst_cells",
]  # fmt: skip
