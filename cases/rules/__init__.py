"""The workflow, pure: one table of steps, and one judge of whether a step may be taken now."""

from cases.rules.classes import ClassFault, Difference, class_faults, differences, found_by, initials, whole
from cases.rules.clocks import ClockEffect, clock_effect
from cases.rules.guards import (
    DISTRICT_CENTRES,
    NEAR_METRES,
    NEEDS,
    PARTS_LEAST,
    PARTS_MOST,
    CaseFacts,
    Given,
    Ground,
    Refusal,
    Target,
    Twin,
    apart_refusal,
    choose,
    level_refusal,
    like_class,
    may_receive,
    missing,
    obstacle,
    refusal,
)
from cases.rules.likeness import ALIKE_DAYS, Likeness, Told, likeness
from cases.rules.orders import (
    COORDINATED_AT,
    COORDINATORS,
    ISSUERS,
    REPLIERS,
    coordinate_refusal,
    is_shirked,
    order_refusal,
    reply_refusal,
)
from cases.rules.requests import (
    FITTING,
    RESUMERS,
    Asked,
    Paper,
    RequestRule,
    Signer,
    Standing,
    ask_refusal,
    chain_for,
    fit_refusal,
    longest,
    resume_refusal,
    sign_refusal,
)
from cases.rules.responsibility import Answer, Book, DutyRule, Line, Office, Special, overlaps, resolve
from cases.rules.sides import locate_refusal, picture_refusal, registers_itself, reporting_rights
from cases.rules.table import (
    BACK,
    BEFORE_FEEDBACK,
    EXCEPTIONAL,
    IN_BULK,
    MOST_IN_BULK,
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
    "ALIKE_DAYS", "Answer", "Asked", "BACK", "BEFORE_FEEDBACK", "Book", "COORDINATED_AT", "COORDINATORS", "CaseFacts",
    "ClassFault", "ClockEffect", "DISTRICT_CENTRES", "Difference", "DutyRule", "EXCEPTIONAL", "FITTING", "Given",
    "Ground", "IN_BULK", "ISSUERS", "Likeness", "Line", "MOST_IN_BULK", "NEAR_METRES", "NEEDS", "Office", "PARTS_LEAST",
    "PARTS_MOST", "Paper", "REPLIERS", "REPORT", "RESUMERS", "Refusal", "RequestRule", "STEPS", "Signer", "Special",
    "Standing", "Step", "Target", "Told", "Twin", "VERBS", "apart_refusal", "ask_refusal", "chain_for", "choose",
    "class_faults", "clock_effect", "coordinate_refusal", "decide_refusal", "differences", "fit_refusal", "found_by",
    "initials", "is_shirked", "level_refusal", "like_class", "likeness", "locate_refusal", "longest", "may_receive",
    "missing", "obstacle", "order_refusal", "overlaps", "picture_refusal", "refusal", "registers_itself",
    "reply_refusal", "reporting_rights", "resolve", "resume_refusal", "row", "rows", "sign_refusal", "stages_for",
    "steps_from", "waiting_duties", "whole",
]  # fmt: skip
