"""Partners: set up by people, brought by packs; and what people decide about tickets that wait for them."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from core import clock
from core.errors import Conflict, Invalid, NotFound
from core.scope import Actor
from core.versions import refuse_stale
from exchange import selectors
from exchange.actions.replies import add_reply, tell_again
from exchange.actions.tickets import take, use_waiting
from exchange.contracts import Datum
from exchange.contracts.hotline import (
    PARTNER_CHANGED,
    PENDING,
    TICKET_DECIDED,
    MessageKind,
    MessageState,
    PartnerChanged,
    ReplyKind,
    TicketDecided,
    TicketState,
    Unsatisfied,
    desk,
)
from exchange.models import Partner, PartnerTicket, TicketMessage
from exchange.rules import hotline as rules
from exchange.rules.messages import unknown
from exchange.rules.sendings import is_url
from journal import actions as journal

MOST_WORDS, LONGEST_WORD = 2000, 120
LONGEST_REASON = 1000
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_REF = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_PATH = re.compile(r"[^.\x00]{1,60}(\.[^.\x00]{1,60}){0,5}")


@transaction.atomic
def save_partner(code: str, *, told: Mapping[str, Any], seen: str | None = None, actor: Actor) -> Partner:
    """The partner is so from now on; Stale where it says something else than was `seen`.

    `seen` is its version, "" for one that is not there yet (Conflict where it is).
    """
    selectors.may_set_partners(actor)
    held = Partner.objects.select_for_update().filter(code=code).first() if _CODE.fullmatch(code) else None
    if seen == "" and held is not None:
        raise Conflict("hotline.partner_there", code=code)
    if held is None:
        if seen:
            raise NotFound("hotline.no_partner", code=code[:40])
        if not _CODE.fullmatch(code):
            raise Invalid("hotline.bad_code", given=code[:40])
    elif seen is not None:
        refuse_stale(seen, selectors.partner_told(held))
    checked = _checked(told)
    _known_here(checked)
    return _saved(held or Partner(code=code), checked, actor)


@transaction.atomic
def adopt_partner(code: str, *, told: Mapping[str, Any], pack: str, actor: Actor) -> Partner:
    """The pack's partner is there, unless the city has made it its own; then only what the pack says is noted."""
    selectors.may_set_partners(actor)
    held = Partner.objects.select_for_update().filter(code=code).first()
    row = held or Partner(code=code)
    own = held is not None and (not held.said or held.said != {name: getattr(held, name) for name in held.said})
    row.said, row.pack = dict(told), pack
    if own:
        row.save(update_fields=["said", "pack"])
        return row
    return _saved(row, _checked(told), actor)


def _saved(row: Partner, checked: Mapping[str, Any], actor: Actor) -> Partner:
    changed = tuple(sorted(name for name, value in checked.items() if row.pk is None or getattr(row, name) != value))
    for name, value in checked.items():
        setattr(row, name, value)
    if row.pk is not None and not changed:
        row.save(update_fields=["said", "pack"])
        return row
    if {"base_url", "secret_ref", "enabled"} & set(changed):
        row.failures, row.failure, row.down_since, row.resume_at = 0, "", None, None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict("hotline.partner_there", code=row.code) from error
    news = PartnerChanged(row.code, changed, row.enabled)
    journal.record(PARTNER_CHANGED, subject=f"partner:{row.code}", actor=actor, data=news)
    return row


def _checked(told: Mapping[str, Any]) -> dict[str, Any]:
    """What may be set, in order; Invalid with the field that is wrong."""
    found = {name: told[name] for name in selectors.TOLD if name in told}
    for name, value in found.items():
        if not rules.storable(value):
            raise Invalid("hotline.bad_field", field=name)
        if name in _CHECKS and not _CHECKS[name](value):
            raise Invalid("hotline.bad_field", field=name)
    return found


def _known_here(found: Mapping[str, Any]) -> None:
    """Invalid where words are mapped to nothing of ours; a pack may name what another pack brings later."""
    if strange := unknown(found.get("classes", {}).values(), desk().classes()):
        raise Invalid("hotline.no_such_class", given=strange[0][:40])
    areas = found.get("areas", {})
    if areas and (strange := unknown(areas.values(), desk().regions())):
        raise Invalid("hotline.no_such_region", given=strange[0][:40])


def _is_url(value: object) -> bool:
    text = str(value)
    return not text or len(text) <= 300 and is_url(text) and "?" not in text


def _is_words(value: object) -> bool:
    return isinstance(value, Mapping) and len(value) <= MOST_WORDS and all(
        isinstance(one, str) and 0 < len(one.strip()) <= LONGEST_WORD for pair in value.items() for one in pair
    )  # fmt: skip


def _is_fields(value: object) -> bool:
    known = {*rules.TICKET_FIELDS, "reason", "score", "granted"}
    return (
        isinstance(value, Mapping)
        and _is_words(value)
        and all(ours in known and _PATH.fullmatch(theirs) for ours, theirs in value.items())
    )


_CHECKS: Mapping[str, Any] = {
    "base_url": _is_url,
    "secret_ref": lambda value: _REF.fullmatch(str(value)) is not None,
    "names": lambda value: isinstance(value, Mapping) and all(
        isinstance(value.get(one), str) and 0 < len(value[one].strip()) <= 60 for one in ("zh", "en")
    ),
    "classes": _is_words,
    "areas": _is_words,
    "fields": _is_fields,
    "steps": lambda value: isinstance(value, list) and len(value) <= 60 and all(
        isinstance(one, str) and re.fullmatch(r"[a-z_]{1,30}", one) for one in value
    ),
    "datum": lambda value: value in {one.value for one in Datum},
    "unsatisfied": lambda value: value in {one.value for one in Unsatisfied},
    "enabled": lambda value: isinstance(value, bool),
    "pulls": lambda value: isinstance(value, bool),
}  # fmt: skip


@transaction.atomic
def map_ticket(pk: int, *, category: str, remember: bool, actor: Actor) -> PartnerTicket:
    """A ticket of an unknown class is of this class and taken in; remembered, so is every later one of its word.

    Conflict where it does not wait any more.
    """
    ticket, row = _waiting(pk, actor)
    if category not in desk().classes():
        raise Invalid("hotline.no_such_class", given=category[:40])
    told = rules.in_our_words(row.whole["content"], ticket.partner.fields)
    row.flags, ticket.troubled = [], False
    take(ticket, row, told, category)
    use_waiting(ticket)
    ticket.changed_at = clock.now()
    ticket.save()
    if remember and ticket.given_class.strip():
        _remember_class(ticket.partner_id, ticket.given_class, category, actor)
    _tell(ticket, "map", category, actor)
    return ticket


def _remember_class(partner_id: int, word: str, category: str, actor: Actor) -> None:
    row = Partner.objects.select_for_update().get(pk=partner_id)
    if rules.known_as(word, row.classes) == category or len(row.classes) >= MOST_WORDS:
        return
    row.classes = {**row.classes, word.strip(): category}
    row.save(update_fields=["classes"])
    news = PartnerChanged(row.code, ("classes",), row.enabled)
    journal.record(PARTNER_CHANGED, subject=f"partner:{row.code}", actor=actor, data=news)


@transaction.atomic
def refuse_ticket(pk: int, *, reason: str, actor: Actor) -> PartnerTicket:
    """A ticket that waits goes back to its partner with the reason; nothing of ours is made of it."""
    ticket, row = _waiting(pk, actor)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or not rules.storable(reason):
        raise Invalid("hotline.needs_reason", most=LONGEST_REASON)
    add_reply(ticket, f"refused:{row.sequence}", ReplyKind.REFUSED, {"reason": rules.masked(reason)})
    ticket.messages.filter(state__in=PENDING).update(state=MessageState.OLD, whole={}, applied_at=clock.now())
    ticket.state, ticket.troubled, ticket.changed_at = TicketState.REFUSED, False, clock.now()
    ticket.save()
    _tell(ticket, "refuse", "", actor)
    return ticket


def _waiting(pk: int, actor: Actor) -> tuple[PartnerTicket, TicketMessage]:
    ticket = _locked(pk, actor)
    row = ticket.messages.select_for_update().filter(kind=MessageKind.TICKET, state=MessageState.WAITING).first()
    if ticket.state != TicketState.WAITING or row is None:
        raise Conflict("hotline.not_waiting", ticket=ticket.ticket)
    return ticket, row


def _locked(pk: int, actor: Actor) -> PartnerTicket:
    selectors.may_see_tickets(actor)
    rows = PartnerTicket.objects.select_for_update(of=("self",)).select_related("partner")
    ticket = rows.filter(pk=pk).first()
    if ticket is None:
        raise NotFound("hotline.no_ticket", number=pk)
    return ticket


@transaction.atomic
def clear_trouble(pk: int, *, actor: Actor) -> PartnerTicket:
    """Somebody has seen what was wrong with the ticket; what the partner refused is told it once more, in order."""
    ticket = _locked(pk, actor)
    if ticket.state == TicketState.WAITING:
        raise Conflict("hotline.still_waiting", ticket=ticket.ticket)
    tell_again(ticket)
    ticket.troubled = False
    ticket.save(update_fields=["troubled"])
    _tell(ticket, "clear", "", actor)
    return ticket


def _tell(ticket: PartnerTicket, verb: str, category: str, actor: Actor) -> None:
    news = TicketDecided(ticket.pk, ticket.partner.code, verb, category)
    journal.record(TICKET_DECIDED, subject=ticket.subject or f"ticket:{ticket.pk}", actor=actor, data=news)
