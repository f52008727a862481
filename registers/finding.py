"""What of registers can be found: records by number and by what stands in them, nothing personal."""

from core.finding import COUNTED, Finder, Hit, Hits, register_finder
from core.languages import pick
from core.scope import Actor
from registers import selectors
from registers.models import Record


def _record(row: Record, asked: str) -> Hit:
    declared = selectors.declared_of(row.written_under)
    label = " ".join(part for part in (pick(declared.one), row.number, row.title) if part)
    note = pick(declared.state_of(row.state).names)
    return Hit(label, f"/registers/{row.register.code}/{row.number}/", note, row.number == asked.upper())


def _records(asked: str, most: int, actor: Actor) -> Hits:
    rows = selectors.records_found(asked, actor)
    found = list(rows[: most + 1])
    count = len(found) if len(found) <= most else rows.order_by()[: COUNTED + 1].count()
    return Hits([_record(row, asked) for row in found[:most]], count)


register_finder(Finder("records", {"zh": "台账", "en": "Registers"}, lambda actor: bool(actor.rights), _records))
