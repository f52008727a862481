"""Verbs of the grid."""

from grid.actions.base_takings import BaseFeatures
from grid.actions.calendar_takings import Calendars
from grid.actions.calendars import reset_calendar, save_calendar
from grid.actions.cell_takings import TAKE_OUT, Cells
from grid.actions.checks import check
from grid.actions.code_plans import drop_code_plan, save_code_plan
from grid.actions.drafts import draft_version, name_city, working_draft
from grid.actions.edits import edit, redo, undo
from grid.actions.following import FOLLOWER, follow
from grid.actions.maps import discard, import_grid, publish
from grid.actions.regions import remove_region, rename_region
from grid.actions.supervision import (
    assign_collector,
    dissolve_supervision_area,
    draft_supervision_area,
    relieve_collector,
    save_supervision_area,
)
from grid.actions.supervision_takings import SupervisionAreas
from grid.actions.takings import Boundaries, Divisions

__all__ = [
    "FOLLOWER",
    "TAKE_OUT",
    "BaseFeatures",
    "Boundaries",
    "Calendars",
    "Cells",
    "Divisions",
    "SupervisionAreas",
    "assign_collector",
    "check",
    "discard",
    "dissolve_supervision_area",
    "draft_supervision_area",
    "draft_version",
    "drop_code_plan",
    "edit",
    "follow",
    "import_grid",
    "name_city",
    "publish",
    "redo",
    "relieve_collector",
    "remove_region",
    "rename_region",
    "reset_calendar",
    "save_calendar",
    "save_code_plan",
    "save_supervision_area",
    "undo",
    "working_draft",
]
