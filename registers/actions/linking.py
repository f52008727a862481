"""Verbs of links: a record names another record or a case, and names it no more."""

from django.db import transaction

from core import clock
from core.errors import Conflict, Forbidden, Invalid, Names
from core.scope import Actor
from journal import actions as journal
from registers.actions import writing
from registers.contracts import CASE, Act, Declared, Link, RecordLinked, RecordView, found
from registers.models import Record, Tie
from registers.selectors import keeps, known, record_row, view_of

RAISED = "raised"
"""The link to the cases that a record itself gave rise to; no pack declares it."""


@transaction.atomic
def link(register: str, number: str, *, actor: Actor, link: str, to: str, reason: str = "") -> RecordView:
    """The record is linked to that record or case, which the actor may see; told again, it still is."""
    row, declared = _kept(register, number, actor)
    _link(declared, link)
    if not row.ties.filter(link=link, to=to.replace("\0", ""), until__isnull=True).exists():
        _require_open(row)
        tie(row, declared, link, to, leads_to(declared, link, to, actor), actor)
        deed = writing.Deed(actor, Act.LINK, step=link, reason=writing.text_of(reason) or to)
        writing.write(row, declared, deed, row.attributes)
    return view_of(row, declared)


@transaction.atomic
def unlink(register: str, number: str, *, actor: Actor, link: str, to: str, reason: str) -> RecordView:
    """The record is linked to that no more; the link stays in the history."""
    row, declared = _kept(register, number, actor)
    _require_open(row)
    known_link = declared.link(link)
    live = row.ties.filter(until__isnull=True, to=to.replace("\0", ""))
    held = live.filter(link=known_link.code).first() if known_link is not None else None
    if held is None or known_link is None:
        raise Invalid("registers.no_such_link", to=to[:60].replace("\0", ""))
    if known_link.needed and row.ties.filter(link=link, until__isnull=True).count() == 1:
        raise Conflict("registers.link_needed", link=Names(known_link.names))
    held.until = clock.now()
    held.save(update_fields=["until"])
    why = writing.text_of(reason)
    if not why:
        raise Invalid("registers.reason_needed")
    writing.write(row, declared, writing.Deed(actor, Act.UNLINK, step=link, reason=f"{to} {why}"), row.attributes)
    _tell(row, declared, link, to, actor, on=False)
    return view_of(row, declared)


@transaction.atomic
def note_case(register: str, number: str, *, actor: Actor, case: str) -> None:
    """The record is linked to the case that it gave rise to, once."""
    row = Record.objects.select_for_update(of=("self",)).select_related("written_under").filter(
        register__code=register, number=number
    ).first()  # fmt: skip
    if row is None or row.ties.filter(link=RAISED, to=case).exists():
        return
    Tie.objects.create(record=row, link=RAISED, to=case, since=clock.now())
    news = RecordLinked(register, number, RAISED, case, True)
    journal.record("registers.linked.v1", subject=number, actor=actor, org=row.org, area=row.area, data=news)


def _kept(register: str, number: str, actor: Actor) -> tuple[Record, Declared]:
    """The record, locked, which the actor keeps, and the register that it obeys."""
    row, declared = writing.locked(register, number, actor)
    if not keeps(declared, actor, org=row.org, area=row.area):
        raise Forbidden("registers.not_yours")
    return row, declared


def _require_open(row: Record) -> None:
    if row.ended:
        raise Conflict("registers.ended", number=row.number)


def _link(declared: Declared, code: str) -> Link:
    known_link = declared.link(code)
    if known_link is None:
        raise Invalid("registers.unknown_link", link=code[:40].replace("\0", ""))
    return known_link


def leads_to(declared: Declared, code: str, to: str, actor: Actor) -> Record | None:
    """The record that a link would lead to, None for a case; refused where the actor sees no such thing."""
    known_link = _link(declared, code)
    if known_link.to != CASE:
        _version, theirs = known(known_link.to, actor)
        return record_row(theirs, to, actor)
    if "\0" in to or not found(CASE, [to], actor):
        raise Invalid("registers.no_case", case=to[:40].replace("\0", ""))
    return None


def tie(row: Record, declared: Declared, code: str, to: str, target: Record | None, actor: Actor) -> None:
    """The locked or new record is linked to what `leads_to` found; Conflict where it names as many as it may."""
    known_link = _link(declared, code)
    if known_link.most and row.ties.filter(link=code, until__isnull=True).count() >= known_link.most:
        raise Conflict("registers.links_enough", link=Names(known_link.names), most=known_link.most)
    if target is not None and target.pk == row.pk:
        raise Invalid("registers.links_itself")
    Tie.objects.create(record=row, link=code, target=target, to=to, since=clock.now())
    _tell(row, declared, code, to, actor, on=True)


def _tell(row: Record, declared: Declared, code: str, to: str, actor: Actor, *, on: bool) -> None:
    news = RecordLinked(declared.code, row.number, code, to, on)
    journal.record("registers.linked.v1", subject=row.number, actor=actor, org=row.org, area=row.area, data=news)
