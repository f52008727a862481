"""What a register tells of the rounds that begin by themselves: the last ones, and those that nobody started."""

from core.scope import Actor
from registers.contracts import Declared
from registers.models import Round

LAST = 6


def rounds_of(declared: Declared) -> list[Round]:
    """The last rounds of a register, the newest first; none where its rounds do not begin by themselves."""
    if declared.rounds is None:
        return []
    return list(Round.objects.filter(register=declared.pk).order_by("-begins")[:LAST])


def sees_whole(declared: Declared, actor: Actor) -> bool:
    """Whether the actor sees the register in the whole city, and so what a round counts there."""
    return any(actor.may(right) for right in (*declared.see, *declared.keep, "admin"))
