"""How rules change: one at a time, and only as whoever changes them has seen."""

from django.db import connection

from cases.selectors import Replay
from core.errors import Conflict


def one_at_a_time(lock: int) -> None:
    """Whoever else takes that lock waits until this transaction has ended, and then sees what it did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def looked_at(replay: Replay, seen: str | None, code: str) -> Replay:
    """The replay, where it is the one of that seal (None: nobody had to look); else Conflict with that code."""
    if seen is not None and replay.seal != seen:
        raise Conflict(code, touched=replay.touched, total=replay.total)
    return replay
