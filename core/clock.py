"""The only source of time: aware, in UTC, and settable by tests."""

from collections.abc import Callable
from datetime import UTC, datetime

_source: Callable[[], datetime] | None = None


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC) if _source is None else _source().astimezone(UTC)


def set_source(source: Callable[[], datetime] | None) -> None:
    """From here on `now()` answers what `source` answers; None gives the system clock back."""
    global _source
    _source = source
