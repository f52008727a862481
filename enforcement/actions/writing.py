"""How a step is written: the fields that changed, the move that says what became of the file, and the news."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from core import clock
from core.scope import Actor
from enforcement import rules
from enforcement.contracts import ENDS, MOVED, DossierMoved
from enforcement.models import Dossier, Measure, Move, Payment
from enforcement.selectors import terms_of
from journal import actions as journal

PLAIN = (
    "complex", "public_interest", "filed_on", "decide_until", "extended", "fine", "band", "noticed_on", "noticed_fine",
    "plea_until", "hearing_until", "hearing_asked_on", "hearing_on", "hearing_chair", "heard_on", "reviewed_on",
    "discussed_on", "decided_on", "serve_until", "served_on", "reconsider_until", "suit_until", "performed_on",
    "lodged_on", "urged_on", "urge_until", "urge_heard", "court_until",
)  # fmt: skip


def write(row: Dossier, facts: rules.DossierFacts, given: Mapping[str, Any], today: date) -> None:
    """The file stands as the facts say; what is held and what was paid stand beside it."""
    row.stage = facts.stage
    for name in PLAIN:
        setattr(row, name, getattr(facts, name))
    row.plea = facts.plea or ""
    row.kinds, row.noticed_kinds = sorted(facts.kinds), sorted(facts.noticed_kinds)
    row.officers, row.recused = [one.key for one in facts.officers], sorted(facts.recused)
    row.exhibits = [list(one) for one in facts.exhibits]
    row.parts = [[day.isoformat(), str(amount)] for day, amount in facts.parts]
    row.pauses = [[begun.isoformat(), over.isoformat() if over else None] for begun, over in facts.pauses]
    row.changed_at = clock.now()
    row.version += 1
    coming = [] if facts.stage in ENDS else terms_of(facts, today)
    first = min(coming, key=lambda one: one.until, default=None)
    row.next_due, row.next_period = (first.until, first.code) if first else (None, "")
    row.save()
    _measures(row, facts, str(given.get("things") or ""))
    held = row.payments.count()
    for day, amount in facts.payments[held:]:
        Payment.objects.create(
            dossier=row, on=day, amount=amount, receipt=given.get("receipt", ""), cash=bool(given.get("cash"))
        )


def _measures(row: Dossier, facts: rules.DossierFacts, things: str) -> None:
    known = {one.number: one for one in row.measures.all()}
    for one in facts.measures:
        told = {"until": one.until, "prolonged": one.prolonged, "released": one.released}
        held = known.get(one.number)
        if held is None:
            Measure.objects.create(
                dossier=row, number=one.number, kind=one.kind, things=things, begun=one.begun, **told
            )
        elif any(getattr(held, name) != value for name, value in told.items()):
            Measure.objects.filter(pk=held.pk).update(**told)


def note(row: Dossier, actor: Actor, verb: str, before: str, said: Mapping[str, Any]) -> Move:
    """The file's past has one more step, and the journal its news."""
    number = row.moves.count() + 1
    move = Move.objects.create(
        dossier=row, number=number, at=clock.now(), verb=verb, before=before, after=row.stage,
        said={name: _kept(value) for name, value in said.items()}, actor=actor.key, actor_label=actor.label[:120],
    )  # fmt: skip
    journal.record(
        MOVED, subject=row.number, actor=actor, org=row.org, area=row.area,
        data=DossierMoved(row.number, verb, before, row.stage, number),
    )  # fmt: skip
    return move


def _kept(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_kept(one) for one in value]
    return str(value) if isinstance(value, Decimal | date) else value
