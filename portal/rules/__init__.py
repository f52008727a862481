"""Decisions of portal, pure: what a request asks for, whether answers fit their questions, what may be public."""

from portal.rules.answers import answers, question
from portal.rules.asking import (
    LONGEST,
    MOST_ROWS,
    SPAN,
    Page,
    Window,
    codes_in,
    description_fault,
    page,
    statuses,
    window,
)
from portal.rules.public import masked

__all__ = [
    "LONGEST", "MOST_ROWS", "SPAN", "Page", "Window", "answers", "codes_in", "description_fault", "masked", "page",
    "question", "statuses", "window",
]  # fmt: skip
