"""Rules of registers, pure: reading a declaration, its faults, numbers, terms, checks of steps."""

from registers.rules.checks import days_to, holds, in_window, masked, missing, steps_from, title_of
from registers.rules.faults import declared_faults
from registers.rules.numbers import number_head
from registers.rules.reading import declared
from registers.rules.terms import due_of, next_notice, notices, renewed_from, term_end

__all__ = [
    "days_to", "declared", "declared_faults", "due_of", "holds", "in_window", "masked", "missing", "next_notice",
    "notices", "number_head", "renewed_from", "steps_from", "term_end", "title_of",
]  # fmt: skip
