"""Rules of registers, pure: reading a declaration, its faults, numbers, terms, checks of steps."""

from registers.rules.cells import (
    attribute_of,
    hint_of,
    listed,
    moment_told,
    number_of_record,
    state_of_word,
    text_of_cell,
    whole_term,
)
from registers.rules.checks import days_to, holds, in_window, masked, missing, steps_from, title_of
from registers.rules.faults import calendar_faults, declared_faults
from registers.rules.numbers import number_head, number_told
from registers.rules.reading import declared, hot
from registers.rules.rounds import begun
from registers.rules.terms import counts_working_time, due_of, next_notice, notices, renewed_from, term_end

__all__ = [
    "attribute_of", "begun", "calendar_faults", "counts_working_time", "days_to", "declared", "declared_faults",
    "due_of", "hint_of", "holds", "hot", "in_window", "listed", "masked", "missing", "moment_told", "next_notice",
    "notices", "number_head", "number_of_record", "number_told", "renewed_from", "state_of_word", "steps_from",
    "term_end", "text_of_cell", "title_of", "whole_term",
]  # fmt: skip
