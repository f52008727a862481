"""The workflow, pure: one table of steps, and one judge of whether a step may be taken now."""

from cases.rules.classes import ClassFault, Difference, class_faults, differences, found_by, initials, whole
from cases.rules.clocks import ClockEffect, clock_effect
from cases.rules.guards import (
    NEEDS,
    CaseFacts,
    Given,
    Ground,
    Refusal,
    Target,
    choose,
    level_refusal,
    may_receive,
    missing,
    obstacle,
    refusal,
)
from cases.rules.responsibility import Answer, Book, DutyRule, Line, Office, Special, overlaps, resolve
from cases.rules.sides import (
    ask_refusal,
    decide_refusal,
    locate_refusal,
    picture_refusal,
    registers_itself,
    reporting_rights,
)
from cases.rules.table import (
    BEFORE_FEEDBACK,
    EXCEPTIONAL,
    REPORT,
    STEPS,
    VERBS,
    Step,
    row,
    rows,
    stages_for,
    steps_from,
    waiting_duties,
)

__all__ = [
    "BEFORE_FEEDBACK", "EXCEPTIONAL", "NEEDS", "REPORT", "STEPS", "VERBS", "Answer", "Book", "CaseFacts",
    "ClassFault", "ClockEffect", "Difference", "DutyRule", "Given", "Ground", "Line", "Office", "Refusal",
    "Special", "Step", "Target", "ask_refusal", "choose", "class_faults", "clock_effect", "decide_refusal",
    "differences", "found_by", "initials", "level_refusal", "locate_refusal", "may_receive", "missing",
    "obstacle", "overlaps", "picture_refusal", "refusal", "registers_itself", "reporting_rights", "resolve",
    "row", "rows", "stages_for", "steps_from", "waiting_duties", "whole",
]  # fmt: skip
