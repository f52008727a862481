"""Verbs of evaluation: facts follow the cases, cases are marked, schemes change, periods are published, appealed."""

from evaluation.actions.appeals import appeal, decide_appeal, save_appeal_rule, withdraw_appeal
from evaluation.actions.facts import (
    BATCH,
    follow_facts,
    keep_facts,
    keep_sound,
    note_history,
    note_news,
    sweep_all,
    sweep_news,
)
from evaluation.actions.marks import follow_organisations, mark_case, withdraw
from evaluation.actions.publishing import publish
from evaluation.actions.reports import drop_reports, end_report, fetch_report, make_reports, plan_report
from evaluation.actions.schemes import change_scheme, copy_scheme, give_points, retire_schemes, save_scheme

__all__ = [
    "BATCH", "appeal", "change_scheme", "copy_scheme", "decide_appeal", "drop_reports", "end_report", "fetch_report",
    "follow_facts", "follow_organisations", "give_points", "keep_facts", "keep_sound", "make_reports", "mark_case",
    "note_history", "note_news", "plan_report", "publish", "retire_schemes", "save_appeal_rule", "save_scheme",
    "sweep_all", "sweep_news", "withdraw", "withdraw_appeal",
]  # fmt: skip
