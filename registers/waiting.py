"""What of registers waits for a person: records that must not stay in their state, and those that expire soon."""

from core.languages import pick
from core.scope import Actor
from core.waiting import Desk, Pile, Waiting, piled, register_desk
from registers import selectors
from registers.models import Record


def _record(row: Record) -> Waiting:
    declared = selectors.declared_of(row.written_under)
    expires = row.due_at is None or (row.valid_until is not None and row.valid_until < row.due_at)
    act = pick({"zh": "即将到期", "en": "Expires soon"}) if expires else pick(declared.state_of(row.state).names)
    return Waiting(
        " ".join(part for part in (pick(declared.one), row.number, row.title) if part), act,
        f"/registers/{row.register.code}/{row.number}/", area=row.area, since=row.changed_at,
        due_at=row.valid_until if expires else row.due_at,
    )  # fmt: skip


def _records(actor: Actor, most: int) -> Pile:
    return piled(selectors.records_waiting(actor), most, _record, "/registers/")


register_desk(Desk("records", {"zh": "台账", "en": "Registers"}, lambda actor: bool(actor.rights), _records))
