"""What one message or call may break by: it stands aside with its error, and the others are served."""

from django.db import DataError, IntegrityError

from core.errors import DomainError

OWN_FAULTS = (
    ArithmeticError, AttributeError, DataError, DomainError, IntegrityError, LookupError, TypeError, ValueError,
)  # fmt: skip
"""A lost connection or the end of a task's time is the fault of none, and lets everything wait for the next sweep."""


def fault_told(error: Exception) -> str:
    """The error in a line that can be kept; of what it says only its kind, for the words may be anybody's."""
    code = error.code if isinstance(error, DomainError) else ""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    where = f" in {last.tb_frame.f_code.co_name}:{last.tb_lineno}" if last is not None else ""
    return f"{type(error).__name__} {code}".strip()[:120] + where[:80]
