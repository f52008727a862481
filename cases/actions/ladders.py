"""Ladders: written by packs and by administrators; every running clock keeps the one it was started with."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from cases import rules
from cases.contracts import LADDER_CHANGED, LadderNews
from cases.models import Ladder
from cases.selectors import category_rows
from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from core.scope import Actor
from core.versions import refuse_stale
from journal import actions as journal

LONGEST_REASON = 400
Rungs = Sequence[Mapping[str, Any]]


@transaction.atomic
def save_ladder(
    *, actor: Actor, clock_kind: str, stage: str, category: str, rungs: Rungs, reason: str, seen: str | None = None,
    new: bool = False,
) -> Ladder:  # fmt: skip
    """Clocks of this kind, in this stage, of this class ("" = every one) are started with these rungs from now on.

    Stale where the ladder says something else than was `seen`; a conflict where a `new` one is there already.
    """
    _may(actor, reason)
    _fits(clock_kind, stage, category, rungs)
    key = {"clock": clock_kind, "stage": stage, "category": category}
    row = _held(key, new=new)
    refuse_stale(seen, row.told())
    before, row.rungs = row.rungs, rules.ordered(rungs)
    _sign(row, actor, reason)
    row.save()
    _record(row, before, row.rungs, actor)
    return row


@transaction.atomic
def end_ladder(ladder_id: int, *, actor: Actor, reason: str, seen: str | None = None) -> None:
    """The ladder reads again as its pack says; one that no pack brought is gone. Running clocks keep theirs.

    Stale where the ladder says something else than was `seen`.
    """
    _may(actor, reason)
    row = Ladder.objects.select_for_update().filter(pk=ladder_id).first()
    if row is None:
        raise NotFound("ladder.unknown", id=ladder_id)
    refuse_stale(seen, row.told())
    before = row.rungs
    if row.said:
        row.rungs = row.said
        _sign(row, actor, reason)
        row.save()
    else:
        row.delete()
    _record(row, before, row.said, actor)


@transaction.atomic
def put_ladders(given: Sequence[Mapping[str, Any]], *, pack: str) -> None:
    """The ladders read as the pack says, but for those that the city changed; of the pack's, a missing one is gone."""
    held = {_key(row): row for row in Ladder.objects.select_for_update()}
    for one in given:
        key = (one.get("clock", ""), one.get("stage", ""), one.get("class", ""))
        row = held.pop(key, None) or Ladder(clock=key[0], stage=key[1], category=key[2], rungs=[])
        said = rules.ordered(one["rungs"])
        if not row.rungs or row.rungs == row.said:
            row.rungs = said
        row.pack, row.said = pack, said
        row.save()
    for row in held.values():
        if row.pack == pack and row.rungs == row.said:
            row.delete()
        elif row.pack == pack:
            Ladder.objects.filter(pk=row.pk).update(pack="", said=[])


def _held(key: Mapping[str, str], *, new: bool) -> Ladder:
    """The ladder, locked; of two who begin one at once the second waits for the first and then finds it there."""
    Ladder.objects.bulk_create([Ladder(**key, rungs=[])], ignore_conflicts=True)
    row = Ladder.objects.select_for_update().filter(**key).first()
    if row is None:
        raise Stale("version.stale")
    if new and row.rungs:
        raise Conflict("ladder.exists")
    return row


def _key(row: Ladder) -> tuple[str, str, str]:
    return (row.clock, row.stage, row.category)


def _may(actor: Actor, reason: str) -> None:
    if not actor.may("admin"):
        raise Forbidden("ladder.not_admin")
    if not reason.strip() or len(reason.strip()) > LONGEST_REASON:
        raise Invalid("ladder.needs_reason", most=LONGEST_REASON)


def _fits(clock_kind: str, stage: str, category: str, rungs: Rungs) -> None:
    fault = rules.scope_fault(clock_kind, stage) or rules.ladder_fault(rungs)
    if fault:
        raise Invalid(fault, most=rules.MOST_RUNGS)
    if category and not category_rows().filter(code=category).exists():
        raise Invalid("case.unknown_category", given=category)


def _sign(row: Ladder, actor: Actor, reason: str) -> None:
    row.changed_by, row.changed_label, row.changed_at = actor.key, actor.label, clock.now()
    row.reason = reason.strip()


def _record(row: Ladder, before: Rungs, after: Rungs, actor: Actor) -> None:
    news = LadderNews(row.clock, row.stage, row.category, _words(before), _words(after), row.reason)
    journal.record(LADDER_CHANGED, subject=f"ladder:{row}", actor=actor, data=news)


def _words(rungs: Rungs) -> list[str]:
    return [f"{rules.rung_code(rung)}: {' '.join(rung['tell'])}".strip() for rung in rungs]
