"""The verbs of cases: one function per step of the table, and what surrounds them."""

from cases.actions.alarming import report_alarm
from cases.actions.annotations import annotate, marked_copy, withdraw_annotation
from cases.actions.bulk import bulk
from cases.actions.bulk_jobs import ask_bulk, cancel_bulk, confirm_bulk, drop_bulk_jobs, may_try, work_bulk
from cases.actions.catalogue import (
    choose_steps_model,
    put_steps_models,
    save_categories,
    save_preset,
    save_request_rules,
    save_responsibilities,
    save_steps_model,
)
from cases.actions.class_files import Classes, class_rows
from cases.actions.classes import Draft, draft_class, retire_class, save_class, switch_classes, withdraw_class
from cases.actions.controls import ask_control_area, decide_control_area, end_control_area, withdraw_control_area
from cases.actions.dispatching import (
    MOST_CAUGHT_UP,
    dispatch_by_rule,
    dispatch_waiting,
    draft_dispatch_rule,
    end_dispatch_rule,
    save_dispatch_rule,
    switch_dispatching,
)
from cases.actions.erasing import erase_due, erase_personal, save_personal_rule
from cases.actions.evidence import attach, public_copy, public_film, read_original
from cases.actions.examining import look_again, save_evidence_rule
from cases.actions.filming import prepare_again, prepare_clip
from cases.actions.filters import delete_filter, save_filter
from cases.actions.flags import flag, unflag
from cases.actions.following import follow_organisations
from cases.actions.general_files import GeneralRules
from cases.actions.general_rules import bring_general, draft_general, end_general, end_general_on, save_general
from cases.actions.history import OldCases
from cases.actions.holds import end_holds, resume
from cases.actions.hotline import NEWS, HotlineDesk, answer_partners
from cases.actions.intake import attach_clue, locate, report
from cases.actions.ladders import end_ladder, put_ladders, save_ladder
from cases.actions.limits import draft_shares, save_area_grades, set_shares
from cases.actions.machines import MachineReception
from cases.actions.moving import told
from cases.actions.old_case_files import OldCaseFile
from cases.actions.older import mask_older
from cases.actions.orders import coordinate, order, reply, sweep_orders
from cases.actions.parts import split, unite
from cases.actions.personal import keep_personal, look, release_personal
from cases.actions.raising import report_raised
from cases.actions.replaying import AT_SIGHT, ask_replay, drop_replays, replay_waiting
from cases.actions.request_rules import end_request_rule, save_request_rule
from cases.actions.requests import ask, decide, withdraw
from cases.actions.rescheduling import reschedule
from cases.actions.responsibility import (
    bring_override,
    change_override,
    draft_change,
    draft_override,
    end_override,
    end_override_on,
    save_override,
)
from cases.actions.scanning import scan_waiting
from cases.actions.special_files import SpecialRules
from cases.actions.steps import (
    accept,
    assign,
    check_fail,
    check_pass,
    close,
    confirm,
    dispatch,
    dispatch_district,
    force_close,
    redo,
    refuse,
    refuse_feedback,
    register,
    reject,
    reopen,
    revoke,
    rework,
    send_back,
    send_check,
    send_verify,
    settle,
    submit,
    verify,
    void,
)
from cases.actions.sweeping import sweep
from cases.actions.text_files import StandardTexts
from cases.actions.texts import retire_text, save_text
from cases.actions.ticket_files import Tickets
from cases.actions.ties import merge, save_duplicate_rule, unmerge
from cases.actions.untaken import sweep_untaken

__all__ = [
    "AT_SIGHT", "Classes", "Draft", "GeneralRules", "HotlineDesk", "MOST_CAUGHT_UP", "MachineReception", "NEWS",
    "OldCaseFile", "OldCases", "SpecialRules", "StandardTexts", "Tickets", "accept", "annotate", "answer_partners",
    "ask", "ask_bulk", "ask_control_area", "ask_replay", "assign", "attach", "attach_clue", "bring_general",
    "bring_override", "bulk", "cancel_bulk", "change_override", "check_fail", "check_pass", "choose_steps_model",
    "class_rows", "close", "confirm", "confirm_bulk", "coordinate", "decide", "decide_control_area", "delete_filter",
    "dispatch", "dispatch_by_rule", "dispatch_district", "dispatch_waiting", "draft_change", "draft_class",
    "draft_dispatch_rule", "draft_general", "draft_override", "draft_shares", "drop_bulk_jobs", "drop_replays",
    "end_control_area", "end_dispatch_rule", "end_general", "end_general_on", "end_holds", "end_ladder",
    "end_override", "end_override_on", "end_request_rule", "erase_due", "erase_personal", "flag",
    "follow_organisations", "force_close", "keep_personal", "locate", "look", "look_again", "marked_copy",
    "mask_older", "may_try", "merge", "order", "prepare_again", "prepare_clip", "public_copy", "public_film",
    "put_ladders", "put_steps_models", "read_original", "redo", "refuse", "refuse_feedback", "register", "reject",
    "release_personal", "reopen", "replay_waiting", "reply", "report", "report_alarm", "report_raised", "reschedule",
    "resume", "retire_class", "retire_text", "revoke", "rework", "save_area_grades", "save_categories", "save_class",
    "save_dispatch_rule", "save_duplicate_rule", "save_evidence_rule", "save_filter", "save_general", "save_ladder",
    "save_override", "save_personal_rule", "save_preset", "save_request_rule", "save_request_rules",
    "save_responsibilities", "save_steps_model", "save_text", "scan_waiting", "send_back", "send_check", "send_verify",
    "set_shares", "settle", "split", "submit", "sweep", "sweep_orders", "sweep_untaken", "switch_classes",
    "switch_dispatching", "told", "unflag", "unite", "unmerge", "verify", "void", "withdraw", "withdraw_annotation",
    "withdraw_class", "withdraw_control_area", "work_bulk",
]  # fmt: skip
