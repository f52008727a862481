"""What addresses and forms of evaluation ask, and the files of boards."""

from evaluation.forms.boards import (
    LANGUAGES,
    PUBLICATION,
    SCORE,
    SHOWS,
    Asked,
    Planned,
    asked,
    file_of,
    language_of,
    number_of,
    period_asked,
    planned,
    report_of,
    words_of,
)
from evaluation.forms.schemes import document_of, shown, typed, when_of

__all__ = [
    "LANGUAGES", "PUBLICATION", "SCORE", "SHOWS", "Asked", "Planned", "asked", "document_of", "file_of",
    "language_of", "number_of", "period_asked", "planned", "report_of", "shown", "typed", "when_of", "words_of",
]  # fmt: skip
