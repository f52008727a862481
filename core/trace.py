"""One id from the frame to the mark: it follows a chain of causes into entries and logs."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

_trace: ContextVar[str] = ContextVar("trace", default="")
MAX_LENGTH = 64


def current_trace() -> str:
    """The trace id of what is being done now; empty when nobody opened one."""
    return _trace.get()


def new_trace() -> str:
    """A fresh trace id of 32 hexadecimal digits."""
    return uuid4().hex


@contextmanager
def use_trace(trace: str = "") -> Iterator[str]:
    """Inside, everything carries this trace id (a fresh one where none is given)."""
    token = _trace.set((trace or new_trace())[:MAX_LENGTH])
    try:
        yield _trace.get()
    finally:
        _trace.reset(token)
