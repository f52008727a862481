"""Records are lifted to the register as it is declared now, by the moves of attributes that its pack gives.

Batch by batch, each in a transaction of its own: a run that dies goes on with the next, since a lifted record obeys the
newest version and is looked for no more.
"""

from collections.abc import Sequence

from django.db import transaction

from core import moves
from core.errors import DomainError, Forbidden
from core.scope import Actor
from journal import actions as journal
from packs.contracts import Lifted
from registers.actions import writing
from registers.contracts import Act, Declared, RecordAmended
from registers.models import Record, RegisterVersion
from registers.selectors import declared_of, obeyed, versions_in_force

BATCH = 200


def lift_records(*, actor: Actor) -> list[Lifted]:
    """Records with moves before them obey the register as it is declared now; answers how many of each, and who stays.

    One that would not be sound, or whose state is none any more, stays under its version until somebody amends it. What
    has ended stays as it was.
    """
    if not actor.may("admin"):
        raise Forbidden("registers.not_admin")
    found = [_lifted(newest, actor) for newest in versions_in_force() if newest.number > 1]
    return [one for one in found if one.moved or one.left]


def _lifted(newest: RegisterVersion, actor: Actor) -> Lifted:
    older = waiting(newest)
    done, left, example, after = 0, 0, "", 0
    while older:
        batch = _batch(newest, older, after, actor)
        if not batch:
            break
        after = batch[-1][0]
        stayed = [number for _pk, number, lifts in batch if not lifts]
        done, left = done + len(batch) - len(stayed), left + len(stayed)
        example = example or next(iter(stayed), "")
    return Lifted("registers", newest.register.code, done, left, example)


def waiting(newest: RegisterVersion) -> list[RegisterVersion]:
    """The older versions of a register whose records have moves before them."""
    rows = RegisterVersion.objects.filter(register=newest.register_id, number__lt=newest.number)
    return [one for one in rows.select_related("register") if moves.pending(one.document, newest.document)]


@transaction.atomic
def _batch(
    newest: RegisterVersion, older: Sequence[RegisterVersion], after: int, actor: Actor
) -> list[tuple[int, str, bool]]:
    """The next records, locked and lifted where they can be: key, number, whether it was."""
    rows = Record.objects.select_for_update(of=("self",)).filter(written_under__in=older, ended=False, pk__gt=after)
    declared, versions = declared_of(newest), {one.pk: one for one in older}
    found = []
    for row in rows.select_related("register").order_by("pk")[:BATCH]:
        found.append((row.pk, row.number, _one(row, versions[row.written_under_id], newest, declared, actor)))
    return found


def _one(row: Record, held: RegisterVersion, newest: RegisterVersion, declared: Declared, actor: Actor) -> bool:
    steps, before = moves.pending(held.document, newest.document), dict(row.attributes)
    if not stands(row, declared) or unmasks(obeyed(held, declared), declared, steps):
        return False
    try:
        with transaction.atomic():
            row.attributes = writing.valid_attributes(declared, moves.moved(before, steps))
            row.written_under = newest
            if row.attributes == before:
                row.save(update_fields=["written_under"])
                return True
            deed = writing.Deed(actor, Act.AMEND, reason=writing.text_of(moves.why_of(steps)))
            turn = writing.write(row, declared, deed, before)
    except DomainError:
        return False
    news = RecordAmended(declared.code, row.number, tuple(turn.changes))
    journal.record("registers.amended.v1", subject=row.number, actor=actor, org=row.org, area=row.area, data=news)
    return True


def stands(row: Record, declared: Declared) -> bool:
    """Whether the state of the record is one of the register, and none of its ends."""
    return any(state.code == row.state and not state.end for state in declared.states)


def unmasks(held: Declared, declared: Declared, steps: Sequence[moves.Move]) -> bool:
    """Whether something personal would be called by a name that is not: such a record stays as it is."""
    return any(name in held.personal and to not in declared.personal for name, to in moves.renamed(steps).items())
