"""The workflow, pure: one table of steps, and one judge of whether a step may be taken now."""

from cases.rules.case_forms import CASE_FORMS, CaseForm, case_form, counting, form_number, forms_after
from cases.rules.case_forms import LABELS as FORM_LABELS
from cases.rules.classes import (
    GRADES,
    ClassFault,
    Difference,
    class_faults,
    differences,
    found_by,
    limit_fault,
    whole,
)
from cases.rules.clocks import RESCHEDULERS, ClockEffect, clock_effect, reschedule_refusal
from cases.rules.controls import CONTROL_ASKERS, Control, blocking
from cases.rules.dispatching import (
    ACTS_AT,
    AIMS,
    HOURS,
    Dispatchable,
    DispatchRule,
    Record,
    Suggestion,
    Verdict,
    decide,
    ranked,
)
from cases.rules.doubts import minutes_early
from cases.rules.flags import FLAGGERS, flag_refusal
from cases.rules.guards import (
    DISTRICT_CENTRES,
    NEAR_METRES,
    NEEDS,
    CaseFacts,
    Given,
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
from cases.rules.ladders import (
    BREACH,
    LATEST,
    MOST_RUNGS,
    TELLS,
    first_warning,
    has_come,
    is_warning,
    ladder_fault,
    ladder_for,
    lamp,
    leader_of,
    moment_of,
    next_of,
    ordered,
    placed,
    plain_ladder,
    rung_code,
    scope_fault,
)
from cases.rules.likeness import DUPLICATES, PICTURED, Duplicates, Likeness, Told, likeness
from cases.rules.limits import By, Limit, LimitBook, Spot, limit_of, share_faults
from cases.rules.marks import (
    HEAD_SHARE,
    LONGEST_WORDS,
    MARKS,
    MOST_DRAWINGS,
    MOST_MARKS,
    arrow_head,
    kept_mark,
    marks_fault,
    where,
)
from cases.rules.orders import (
    COORDINATED_AT,
    COORDINATORS,
    ISSUERS,
    REPLIERS,
    coordinate_refusal,
    is_shirked,
    order_of_breach,
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
    nobody_for,
    resume_refusal,
    sign_refusal,
)
from cases.rules.responsibility import LEVELS, Answer, Book, DutyRule, Line, Office, Special, overlaps, resolve
from cases.rules.searching import MOST_TYPED, as_asked, begins_a_number, looked_for, stretches
from cases.rules.sides import (
    filmed,
    locate_refusal,
    picture_refusal,
    pictured_at_once,
    registers_itself,
    reporting_rights,
)
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
from core.steps import Ground, Refusal

__all__ = [
    "ACTS_AT", "AIMS", "Answer", "Asked", "BACK", "BEFORE_FEEDBACK", "BREACH", "Book", "By", "CASE_FORMS",
    "CONTROL_ASKERS", "COORDINATED_AT", "COORDINATORS", "CaseFacts", "CaseForm", "ClassFault", "ClockEffect",
    "Control", "DISTRICT_CENTRES", "DUPLICATES", "Difference", "DispatchRule", "Dispatchable", "Duplicates",
    "DutyRule", "EXCEPTIONAL", "FITTING", "FLAGGERS", "FORM_LABELS", "GRADES", "Given", "Ground", "HEAD_SHARE",
    "HOURS", "IN_BULK", "ISSUERS", "LATEST", "LEVELS", "LONGEST_WORDS", "Likeness", "Limit", "LimitBook", "Line",
    "MARKS", "MOST_DRAWINGS", "MOST_IN_BULK", "MOST_MARKS", "MOST_RUNGS", "MOST_TYPED", "NEAR_METRES", "NEEDS",
    "Office", "PICTURED", "Paper", "REPLIERS", "REPORT", "RESCHEDULERS", "RESUMERS", "Record", "Refusal",
    "RequestRule", "STEPS", "Signer", "Special", "Spot", "Standing", "Step", "Suggestion", "TELLS", "Target", "Told",
    "Twin", "VERBS", "Verdict", "apart_refusal", "arrow_head", "as_asked", "ask_refusal", "begins_a_number",
    "blocking", "case_form", "chain_for", "choose", "class_faults", "clock_effect", "coordinate_refusal", "counting",
    "decide", "differences", "filmed", "first_warning", "fit_refusal", "flag_refusal", "form_number", "forms_after",
    "found_by", "has_come", "is_shirked", "is_warning", "kept_mark", "ladder_fault", "ladder_for", "lamp", "leader_of",
    "level_refusal", "like_class", "likeness", "limit_fault", "limit_of", "locate_refusal", "longest", "looked_for",
    "marks_fault", "may_receive", "minutes_early", "missing", "moment_of", "next_of", "nobody_for", "obstacle",
    "order_of_breach", "order_refusal", "ordered", "overlaps", "picture_refusal", "pictured_at_once", "placed",
    "plain_ladder", "ranked", "refusal", "registers_itself", "reply_refusal", "reporting_rights", "reschedule_refusal",
    "resolve", "resume_refusal", "row", "rows", "rung_code", "scope_fault", "share_faults", "sign_refusal",
    "stages_for", "steps_from", "stretches", "waiting_duties", "where", "whole",
]  # fmt: skip
