"""Whom the news of records concerns: those who keep the register on that ground."""

from collections.abc import Sequence
from functools import partial

from django.utils.timezone import localtime

from accounts import selectors as accounts
from core.scope import Actor
from exchange.contracts.messages import Tidings
from journal.contracts import EntryView
from registers import rules
from registers.contracts import TOLD_OF, Declared
from registers.models import Record
from registers.selectors.declared import declared_of, keeps, obeyed, version_of


def tidings(entry: EntryView) -> Sequence[Tidings]:
    """What an entry of the clock is to people; nothing, where its record has moved on since: somebody saw to it."""
    rows = Record.objects.select_related("written_under")
    row = rows.filter(register__code=entry.data["register"], number=entry.data["number"]).first()
    if row is None or row.turns.filter(number__gt=entry.data["turn"], act="step").exists():
        return []
    newest = declared_of(version_of(entry.data["register"]))
    declared = obeyed(row.written_under, newest)
    people = {one.user_id for right in newest.keep for one in accounts.people_with(right, org=row.org, area=row.area)}
    end = row.due_at if entry.kind == "registers.overdue.v1" else row.valid_until
    state = declared.state_of(row.state)
    values = {
        "register": declared.one,
        "number": {"zh": row.number},
        "title": {"zh": rules.title_of(declared, row.attributes) or row.number},
        "state": state.names,
        "until": {"zh": localtime(end).date().isoformat() if end else "—"},
        "days": {"zh": str(entry.data["days"])},
    }
    href = f"/registers/{newest.code}/{row.number}/"
    return [Tidings(TOLD_OF[entry.kind], people, values, href, partial(_keeps, newest, row.org, row.area))]


def _keeps(declared: Declared, org: str, area: str, actor: Actor) -> bool:
    return keeps(declared, actor, org=org, area=area)
