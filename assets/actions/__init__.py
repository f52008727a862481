"""Verbs of assets: types from packs, imports, single components, change requests from the field, the census."""

from assets.actions.acceptance import accept_census, unfinished_censuses, write_census
from assets.actions.census import (
    Census,
    begin_census,
    end_census,
    import_assets,
    keep_indexes,
    retire_types,
    save_type,
)
from assets.actions.codes import drop_code_plans, drop_component_plan, save_code_plans, save_component_plan
from assets.actions.components import add_photos, create, edit, restore, retire
from assets.actions.findings import record_finding
from assets.actions.following import follow_map
from assets.actions.lifting import lift_components
from assets.actions.projects import (
    assign_street,
    draw_sample,
    hand_in,
    judge_finding,
    plan_census,
    save_census_rules,
    send_back,
    start_census,
)
from assets.actions.requests import accept_request, propose, refuse_request, withdraw_request
from assets.actions.takings import Components, begin_components

__all__ = [
    "Census", "Components", "accept_census", "accept_request", "add_photos", "assign_street", "begin_census",
    "begin_components", "create", "draw_sample", "drop_code_plans", "drop_component_plan", "edit", "end_census",
    "follow_map", "hand_in", "import_assets", "judge_finding", "keep_indexes", "lift_components", "plan_census",
    "propose", "record_finding", "refuse_request", "restore", "retire", "retire_types", "save_census_rules",
    "save_code_plans", "save_component_plan", "save_type", "send_back", "start_census", "unfinished_censuses",
    "withdraw_request", "write_census",
]  # fmt: skip
