"""Verbs of units that join: a draft is written row by row, checked as a book of exchange, and made whole or not at all.

A draft is nobody's history: it stands in no journal, and what it holds of people is gone when it has been made.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from core import clock
from core.errors import Conflict, Invalid, NotFound, Stale
from core.scope import Actor
from dashboard.contracts import UNITS
from dashboard.models import Joining
from exchange import actions as exchange
from exchange import selectors as files
from exchange.contracts import ENDS, State, intakes
from exchange.contracts.books import MOST_ROWS, Book

Cells = Mapping[str, str]
BEING_MADE = frozenset({State.CONFIRMED, State.RUNNING, State.DONE})
LONGEST_TITLE, LONGEST_CELL, MOST_DRAFTS = 80, 500, 50


@transaction.atomic
def begin_joining(*, title: str, actor: Actor, sheets: Mapping[str, Sequence[Cells]] | None = None) -> Joining:
    """A draft of units that join is there under this title, with the rows of a workbook where there is one."""
    files.only_admins(actor)
    told = _text(title)
    if not told or len(told) > LONGEST_TITLE:
        raise Invalid("units.needs_title", most=LONGEST_TITLE)
    if Joining.objects.filter(ended_at=None).count() >= MOST_DRAFTS:
        raise Conflict("units.too_many_drafts", most=MOST_DRAFTS)
    kept = {kind: [_cells(kind, row) for row in rows] for kind, rows in (sheets or {}).items() if rows}
    _require_room(kept)
    now = clock.now()
    return Joining.objects.create(
        title=told, sheets=kept, made_by=actor.key, made_label=actor.label[:120], made_at=now, changed_at=now
    )


@transaction.atomic
def write_row(uid: str, *, kind: str, values: Cells, actor: Actor, version: int, number: int | None = None) -> Joining:
    """The row stands in that sheet of the draft: at the end, or in place of the one of that number (from 1)."""
    row = _to_change(uid, actor, version)
    rows = list(row.sheets.get(kind, ()))
    cells = _cells(kind, values)
    if not cells:
        raise Invalid("units.row_empty")
    if number is None:
        rows.append(cells)
    else:
        rows[_place(rows, number)] = cells
    return _changed(row, kind, rows, actor)


@transaction.atomic
def drop_row(uid: str, *, kind: str, number: int, actor: Actor, version: int) -> Joining:
    """That row stands in the draft no more."""
    row = _to_change(uid, actor, version)
    rows = list(row.sheets.get(kind, ()))
    del rows[_place(rows, number)]
    return _changed(row, kind, rows, actor)


@transaction.atomic
def drop_joining(uid: str, *, actor: Actor) -> None:
    """The draft is given up: nothing of it was made, and nothing of it is kept."""
    row = _open(uid, actor)
    _forget_check(row, actor)
    row.delete()


@transaction.atomic
def check_joining(uid: str, *, actor: Actor) -> Joining:
    """A workbook of the draft waits for its check: all of it is carried out and taken back."""
    row = _open(uid, actor)
    _forget_check(row, actor)
    job = exchange.upload_book(UNITS, row.sheets, name=f"{row.title}.xlsx", actor=actor)
    row.job = job.uid
    row.save(update_fields=["job"])
    return row


@transaction.atomic
def make_joining(uid: str, *, actor: Actor, accept_suspicions: bool = False) -> None:
    """What the check promised is to happen, in one transaction; Conflict where the draft was not checked as it is."""
    row = _open(uid, actor)
    if row.job is None:
        raise Conflict("units.not_checked")
    exchange.confirm(str(row.job), actor=actor, accept_suspicions=accept_suspicions)


def end_joining(job: str, at: datetime) -> None:
    """The draft of that import has been made: when, and how many rows on each sheet, is all that is kept of it."""
    for row in Joining.objects.filter(job=UUID(job), ended_at=None):
        row.made = {kind: len(rows) for kind, rows in row.sheets.items()}
        row.sheets, row.ended_at = {}, at
        row.save(update_fields=["made", "sheets", "ended_at"])


def _open(uid: str, actor: Actor) -> Joining:
    """The draft, locked, which has not been made and is not being made."""
    files.only_admins(actor)
    row = Joining.objects.select_for_update().filter(uid=uid).first()
    if row is None:
        raise NotFound("units.none")
    if row.ended_at is not None:
        raise Conflict("units.made")
    if row.job is not None and _state_of(row, actor) in BEING_MADE:
        raise Conflict("units.being_made")
    return row


def _to_change(uid: str, actor: Actor, version: int) -> Joining:
    row = _open(uid, actor)
    if row.version != version:
        raise Stale("units.stale")
    return row


def _state_of(row: Joining, actor: Actor) -> State:
    try:
        return State(files.job(str(row.job), actor).state)
    except NotFound:
        return State.CANCELLED


def _forget_check(row: Joining, actor: Actor) -> None:
    """An earlier check of the draft says nothing any more."""
    if row.job is not None and _state_of(row, actor) not in ENDS:
        exchange.cancel(str(row.job), actor=actor)
    row.job = None


def _changed(row: Joining, kind: str, rows: Sequence[Cells], actor: Actor) -> Joining:
    row.sheets = {**row.sheets, kind: list(rows)}
    _require_room(row.sheets)
    _forget_check(row, actor)
    row.version, row.changed_at = row.version + 1, clock.now()
    row.save(update_fields=["sheets", "job", "version", "changed_at"])
    return row


def _place(rows: Sequence[Cells], number: int) -> int:
    if not 1 <= number <= len(rows):
        raise NotFound("units.no_row", number=number)
    return number - 1


def _require_room(sheets: Mapping[str, Sequence[Cells]]) -> None:
    if sum(map(len, sheets.values())) > MOST_ROWS:
        raise Invalid("exchange.book_too_long", most=MOST_ROWS)


def _cells(kind: str, values: Cells) -> dict[str, str]:
    """What a row says by the fields of its sheet; refused for no sheet of the book, and for what is too long."""
    book = intakes()[UNITS]
    if not isinstance(book, Book) or book.sheet(kind) is None:
        raise NotFound("units.no_sheet", sheet=kind[:40])
    known = [column.name for column in intakes()[kind].columns if not column.many]
    told = {name: _text(values.get(name, "")) for name in known}
    if any(len(text) > LONGEST_CELL for text in told.values()):
        raise Invalid("units.cell_too_long", most=LONGEST_CELL)
    return {name: text for name, text in told.items() if text}


def _text(text: object) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in str(text)).split())
