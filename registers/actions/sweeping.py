"""What the clock does with records: reminders, lapses, overdue states, each exactly once."""

from django.db import transaction

from core import clock
from core.scope import Actor, machine
from journal import actions as journal
from registers import rules
from registers.actions import writing
from registers.contracts import Act, Declared, Notice, RecordNoticed
from registers.models import Record, Told
from registers.selectors import declared_of

CLOCK: Actor = machine("registers:clock", label="到期提醒")
BATCH = 100
KINDS = {"remind": "expiring", "lapse": "lapsed", "overdue": "overdue"}
ACTS = {"remind": Act.REMIND, "lapse": Act.LAPSE, "overdue": Act.OVERDUE}


def sweep(most: int = BATCH) -> int:
    """Records whose moment has come have been told of, each in its own transaction; answers how many there were."""
    done = 0
    while done < most and _one():
        done += 1
    return done


@transaction.atomic
def _one() -> bool:
    """The next record whose moment has come, claimed by its lock: a second sweep takes another."""
    rows = Record.objects.select_for_update(skip_locked=True, of=("self",)).select_related("register", "written_under")
    row = rows.filter(next_at__lte=clock.now()).order_by("next_at", "pk").first()
    if row is None:
        return False
    declared = declared_of(row.written_under)
    for notice in _come(row, declared):
        _tell(row, declared, notice)
    writing.plan_notices(row, declared)
    row.save(update_fields=["next_at"])
    return True


def _come(row: Record, declared: Declared) -> list[Notice]:
    """What is to be told now, one for each kind: of several reminders that were missed, only the last."""
    ends = {"remind": row.valid_until, "lapse": row.valid_until, "overdue": row.due_at}
    told = {(one.kind, one.days) for one in row.told.all() if one.end == ends[one.kind]}
    coming = rules.notices(declared, state=row.state, valid_until=row.valid_until, due_at=row.due_at)
    due = [one for one in coming if one.at <= clock.now() and (one.kind, one.days) not in told]
    rows = [(one, ends[one.kind]) for one in due]
    for one, end in rows:
        if end is not None:
            Told.objects.create(record=row, kind=one.kind, days=one.days, end=end, at=clock.now())
    lapses = any(one.kind == "lapse" for one in due)
    last = {one.kind: one for one in due if one.kind == "lapse" or not lapses}
    return list(last.values())


def _tell(row: Record, declared: Declared, notice: Notice) -> None:
    state = row.state
    if notice.kind == "lapse" and declared.term is not None:
        writing.enter_state(row, declared, declared.term.lapse, clock.now())
    if notice.kind == "overdue":
        row.flags = sorted({*row.flags, "overdue"})
    turn = writing.write(row, declared, writing.Deed(CLOCK, ACTS[notice.kind]), row.attributes, state)
    news = RecordNoticed(declared.code, row.number, notice.days, turn.number)
    journal.record(
        f"registers.{KINDS[notice.kind]}.v1", subject=row.number, actor=CLOCK, org=row.org, area=row.area, data=news
    )
