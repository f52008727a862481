"""One step with many cases: each in a transaction of its own, so that what is refused of one hinders no other."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction

from cases.actions import steps, ties
from cases.contracts import BulkLine
from cases.models import Move
from cases.rules import IN_BULK, MOST_IN_BULK
from cases.selectors import is_number
from core.errors import DomainError, Invalid
from core.scope import Actor

_ACTS: Mapping[str, Callable[..., Any]] = {verb: getattr(ties, verb, None) or getattr(steps, verb) for verb in IN_BULK}


def bulk(
    verb: str, chosen: Sequence[tuple[str, int]], *, actor: Actor, given: Mapping[str, Any],
    own: Mapping[str, Mapping[str, Any]] | None = None, preview: bool = False,
) -> list[BulkLine]:  # fmt: skip
    """Every case that may take the step in the version that was seen has taken it; a line says so, or why not.

    What is `given` holds for all of them; what a case has of its `own`, by its number, comes before it.
    With `preview` nothing has changed: each step was taken and undone, so that it says exactly what would happen.
    Sent again, a step that this actor took from that version is told as taken and not taken twice.
    """
    if verb not in _ACTS:
        raise Invalid("case.not_in_bulk", verb=verb[:20])
    if not 1 <= len(chosen) <= MOST_IN_BULK:
        raise Invalid("case.bulk_size", most=MOST_IN_BULK)
    each = {number: {**given, **(own or {}).get(number, {})} for number, _version in chosen}
    return [take_one(verb, number, version, actor, each[number], preview) for number, version in chosen]


def take_one(verb: str, number: str, version: int, actor: Actor, given: Mapping[str, Any], preview: bool) -> BulkLine:
    """The step with one case of many, and what became of it."""
    if (before := _taken(verb, number, version, actor, given)) is not None:
        return BulkLine(number, before.version, before.after, done=True, repeated=True)
    try:
        with transaction.atomic():
            view = _ACTS[verb](number, actor=actor, version=version, **given)
            transaction.set_rollback(preview)
    except DomainError as error:
        return BulkLine(number, version, code=error.code, params=error.params, status=error.status)
    return BulkLine(number, view.version, view.stage, done=True)


def _taken(verb: str, number: str, version: int, actor: Actor, given: Mapping[str, Any]) -> Move | None:
    """The move of this very step, if the actor took it from that version with the same words before."""
    if not is_number(number):
        return None
    move = Move.objects.filter(case__number=number, version=version + 1, verb=verb, actor=actor.key).first()
    if move is None or any(move.given.get(name, value) != value for name, value in given.items() if value):
        return None
    return move
