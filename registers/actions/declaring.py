"""Verbs of the registers themselves: what a pack declares is in force, what it drops is retired."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from core import clock, hot
from core.errors import Forbidden
from core.scope import Actor
from registers.actions import writing
from registers.contracts import ORDER, Declared
from registers.models import Record, Register, RegisterVersion
from registers.selectors import declared_of, hot_attributes, obeyed

BATCH = 500
RECORDS = hot.Place("registers_record", "register_id", "id DESC")


@transaction.atomic
def declare(document: Mapping[str, Any], *, actor: Actor, pack: str) -> None:
    """The register is as the pack declares it, for records written from now on."""
    _require_admin(actor)
    row, _new = Register.objects.update_or_create(code=document["code"], defaults={"pack": pack, "retired": False})
    newest = row.versions.order_by("-number").first()
    kept = {**document, ORDER: list((document.get("attributes") or {}).get("properties") or ())}
    if newest is None or newest.document != kept:
        number = newest.number + 1 if newest else 1
        made = RegisterVersion.objects.create(register=row, number=number, document=kept, since=clock.now())
        if newest is not None and set(document.get("personal") or ()) - set(newest.document.get("personal") or ()):
            _withhold(row, declared_of(made))


def _withhold(register: Register, newest: Declared) -> None:
    """What is personal by now stands no more in the titles of older records, nor in the words they are found by."""
    versions = {one.pk: obeyed(one, newest) for one in register.versions.all()}
    rows = register.records.order_by("pk")
    for first in rows.values_list("pk", flat=True)[::BATCH]:
        batch = list(rows.filter(pk__gte=first).select_for_update()[:BATCH])
        for record in batch:
            writing.keep_words(record, versions[record.written_under_id])
        Record.objects.bulk_update(batch, ["title", "words"])


@transaction.atomic
def retire(codes: Iterable[str], *, actor: Actor) -> None:
    """Nothing is entered in these registers any more; their records stay, and go on to their ends."""
    _require_admin(actor)
    Register.objects.filter(code__in=list(codes)).update(retired=True)


def keep_indexes(*, actor: Actor) -> tuple[list[str], list[str]]:
    """Every attribute that a list narrows by has an index, those that none narrows by any more have none."""
    _require_admin(actor)
    return hot.keep_indexes(RECORDS, hot_attributes())


def _require_admin(actor: Actor) -> None:
    if not actor.may("admin"):
        raise Forbidden("registers.not_admin")
