"""Verbs of registers: declare and retire; enter, amend, take a step, link, unlink; what the clock does."""

from registers.actions.declaring import declare, keep_indexes, retire
from registers.actions.lifting import lift_records
from registers.actions.linking import link, note_case, unlink
from registers.actions.record_files import RecordFile
from registers.actions.records import amend, enter, may_take, take_step
from registers.actions.rounds import start_rounds
from registers.actions.sweeping import sweep

__all__ = [
    "RecordFile", "amend", "declare", "enter", "keep_indexes", "lift_records", "link", "may_take", "note_case",
    "retire", "start_rounds", "sweep", "take_step", "unlink",
]  # fmt: skip
