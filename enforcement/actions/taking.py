"""A step with a file: locked, judged by the law, written with its past, its papers and its news."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Stale
from core.personal import Person, masked_words
from core.scope import Actor
from core.steps import Ground, Refusal
from enforcement import rules
from enforcement.actions.papers import make_papers
from enforcement.actions.writing import note, write
from enforcement.models import Dossier, Party
from enforcement.selectors import facts_of, offices_of, visible_to, world_for

ERRORS: Mapping[Ground, type[DomainError]] = {Ground.DUTY: Forbidden, Ground.STATE: Conflict, Ground.INPUT: Invalid}


@transaction.atomic
def take(number: str, verb: str, *, actor: Actor, version: int, given: Mapping[str, Any]) -> Dossier:
    """The step of the table is taken; refused with the article that says so, nothing of the file has changed."""
    row = locked(number, actor, version)
    world, offices = world_for(row, actor), offices_of(row, actor)
    facts = facts_of(row, world.credentials)
    if isinstance(step := rules.choose(verb, facts, offices), Refusal):
        raise error_of(step)
    said = _withheld(row, rules.read(verb, given))
    after = rules.take(verb, facts, said, world, offices)
    if isinstance(after, Refusal):
        raise error_of(after)
    before = row.stage
    write(row, after, said, world.today)
    move = note(row, actor, verb, before, said)
    make_papers(row, after, move, actor, world)
    return row


def locked(number: str, actor: Actor, version: int | None) -> Dossier:
    """The locked file, if the actor sees it and saw it as it is."""
    rows = Dossier.objects.select_for_update(of=("self",)).select_related("cause").filter(visible_to(actor))
    row = rows.filter(number=number).first() if number.isprintable() else None
    if row is None:
        raise NotFound("enforcement.no_dossier", number=number[:40].replace("\0", ""))
    if version is not None and row.version != version:
        raise Stale("enforcement.stale", number=number, given=version, current=row.version)
    return row


def error_of(no: Refusal) -> DomainError:
    """A refusal as an error: not yours, not now, or not like this."""
    return ERRORS[no.ground](no.code, **no.params)


def _withheld(row: Dossier, said: Mapping[str, Any]) -> dict[str, Any]:
    """What people wrote freely, without the names and numbers of the party: it stands beside the file, not in it.

    The bare number of a receipt stays whole, also where it looks like one of a telephone.
    """
    party = Party.objects.get(dossier=row)
    known = Person(party.name, party.phone)
    return {
        name: masked_words(value, known)
        if name in rules.FREE and isinstance(value, str) and not (name == "receipt" and value.isdecimal())
        else value
        for name, value in said.items()
    }
