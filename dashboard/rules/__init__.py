"""Decisions of the dashboard: how entries become what the wall shows, and what a panel of a pack may ask. Pure."""

from dashboard.rules.panels import classes_of, panel_faults, panels_of, types_of, usual_panels
from dashboard.rules.wall import (
    FIELDS,
    LOCAL,
    QUICK_SECONDS,
    Counts,
    Days,
    Fold,
    Memory,
    district_figures,
    figures,
    first_day,
    first_day_by_hours,
    fold_case,
    fold_mark,
    is_late,
    is_news,
    is_open,
    level_of,
    local,
    moment,
    rail_of,
)

__all__ = [
    "FIELDS", "LOCAL", "QUICK_SECONDS", "Counts", "Days", "Fold", "Memory", "classes_of", "district_figures",
    "figures", "first_day", "first_day_by_hours", "fold_case", "fold_mark", "is_late", "is_news", "is_open",
    "level_of", "local", "moment", "panel_faults", "panels_of", "rail_of", "types_of", "usual_panels",
]  # fmt: skip
