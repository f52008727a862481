"""What stands on somebody's to-do, for the tests of every app."""

from core.scope import Actor
from dashboard import selectors


def waits(actor: Actor, desk: str = "") -> list[tuple[str, str]]:
    """Of every line the desk and the address where it is done."""
    return [(line.heap.code, line.row.href) for line in selectors.todo(actor, desk).lines]
