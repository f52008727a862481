"""Somebody sees a party whole, for a reason, so often an hour; each look is on record and in the journal."""

from django.db import connection, transaction

from core import clock
from core.errors import DomainError, Forbidden, Invalid
from core.personal import Person, masked_words
from core.scope import Actor
from enforcement.contracts import READ, PartyRead
from enforcement.models import Look
from enforcement.selectors import LOOKS_PER_HOUR, PERSON_UNMASK, PartyShown, dossier, looks_since, party_whole
from journal import actions as journal

GROUNDS = ("service", "clarify", "verify", "rights", "authority")
LONGEST_NOTE = 400


class TooManyLooks(DomainError):
    """More than one person may do in an hour; later it goes on."""

    status = 429


@transaction.atomic
def look(number: str, *, actor: Actor, ground: str, note: str) -> PartyShown:
    """The party, whole, this once; for a quarter of an hour its papers may be taken whole too."""
    row = dossier(number, actor)
    if not actor.may(PERSON_UNMASK, org=row.org, area=row.area):
        raise Forbidden("enforcement.may_not_unmask")
    note = note.strip()
    if ground not in GROUNDS or not note or len(note) > LONGEST_NOTE or "\0" in note:
        raise Invalid("enforcement.needs_ground")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('enforcement.look'), hashtext(%s))", [actor.key])
    if looks_since(actor) >= LOOKS_PER_HOUR:
        raise TooManyLooks("enforcement.too_many_looks", most=LOOKS_PER_HOUR)
    party = party_whole(row)
    Look.objects.create(
        dossier=row, at=clock.now(), ground=ground, note=masked_words(note, Person(party.name, party.phone)),
        actor=actor.key, actor_label=actor.label[:120],
    )  # fmt: skip
    journal.record(READ, subject=row.number, actor=actor, data=PartyRead(row.number), user_id=actor.user_id)
    return party
