"""Questions of the wall, the map, the help, the first set-up and the audit trail."""

from dashboard.selectors.cells import CellValues, cases_in, cell_values, worst_cells
from dashboard.selectors.first_steps import FirstStep, first_steps
from dashboard.selectors.guide import help_of, help_topic, help_topics, help_with
from dashboard.selectors.panels import answered
from dashboard.selectors.systems import SystemPage, system, systems
from dashboard.selectors.trail import TrailRow, trail, trail_asked, trail_filters, trail_number
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
    "KPIS", "WALL_RIGHT", "CellValues", "FirstStep", "SystemPage", "TrailRow", "WallScope", "alerts", "answered",
    "bounds", "cases_in",
    "cell_values", "first_steps", "help_of", "help_topic", "help_topics", "help_with", "latest", "one_moment",
    "open_cases", "scope", "scopes", "snapshot", "street_count", "system", "systems", "trail", "trail_asked",
    "trail_filters",
    "trail_number", "worst_cells",
]  # fmt: skip
