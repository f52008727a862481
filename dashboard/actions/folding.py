"""Verbs of the wall: an entry is folded into the tiles and the cases in mind, once; an export is noted."""

from collections.abc import Iterable, Mapping

from django.db import connection, transaction

from core.scope import Actor
from dashboard import rules
from dashboard.contracts import EXPORTED, AuditExported
from dashboard.models import WallCase
from journal import actions as journal
from journal.contracts import EntryView

ADD = """
    INSERT INTO dashboard_tile (scope, day, measure, value)
    SELECT * FROM unnest(%s::text[], %s::date[], %s::text[], %s::bigint[])
    ON CONFLICT (scope, day, measure) DO UPDATE SET value = dashboard_tile.value + excluded.value
"""


@transaction.atomic
def take_case(entry: EntryView) -> None:
    """The wall knows what the entry says of its case; an entry seen before changes nothing."""
    kept = _lock(entry.subject)
    if entry.seq <= kept.seq:
        return
    fold = rules.fold_case(kept.data if kept.open else None, entry.kind, entry.data, entry.at)
    scopes = {"city", *(f"d:{code}" for code in entry.area.split(".")[1:2])}
    _add(fold.counts, scopes)
    kept.seq, kept.open, kept.data = entry.seq, fold.case is not None, fold.case or {}
    kept.district = entry.data["district"]
    kept.save()


@transaction.atomic
def take_mark(entry: EntryView) -> None:
    """The mark of a closed case counts on the day it was given; an entry seen before changes nothing."""
    kept = _lock(entry.subject)
    if entry.seq <= kept.seq:
        return
    scopes = {"city", *(f"d:{code}" for code in entry.area.split(".")[1:2])}
    _add(rules.fold_mark(entry.data, entry.at), scopes)
    kept.seq = entry.seq
    kept.save(update_fields=["seq"])


def _lock(number: str) -> WallCase:
    WallCase.objects.bulk_create([WallCase(number=number, open=False)], ignore_conflicts=True)
    return WallCase.objects.select_for_update().get(pk=number)


def _add(counts: rules.Counts, scopes: Iterable[str]) -> None:
    told = [(day, str(measure), n) for (day, measure), n in sorted(counts.items()) if n]
    rows = [(scope, *count) for scope in sorted(scopes) for count in told]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(ADD, [list(column) for column in zip(*rows, strict=True)])


@transaction.atomic
def note_export(actor: Actor, asked: Mapping[str, str]) -> None:
    """It is on record that this person took the audit trail away as a file, and with which filters."""
    news = AuditExported(dict(asked))
    journal.record(EXPORTED, subject="audit", actor=actor, data=news, user_id=actor.user_id)
