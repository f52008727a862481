"""Tickets come in: kept as they came, then made use of, once and in the order of their partner."""

import logging
import math
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from core import clock
from core.errors import Conflict, DomainError, Invalid
from core.geo import bd09_to_wgs84, gcj02_to_wgs84
from core.schema import validate
from core.scope import machine
from exchange import selectors
from exchange.actions.leftovers import OWN_FAULTS, fault_told
from exchange.actions.replies import add_reply
from exchange.contracts import Datum
from exchange.contracts.hotline import (
    PENDING,
    TICKET_SCORED,
    MessageKind,
    MessageState,
    ReplyKind,
    Score,
    Telling,
    TicketScored,
    TicketState,
    Unsatisfied,
    desk,
)
from exchange.models import Partner, PartnerTicket, TicketMessage
from exchange.rules import hotline as rules
from journal import actions as journal

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 5
LEFT_AFTER = timedelta(seconds=30)
_STRAIGHT: Mapping[str, Callable[[float, float], tuple[float, float]]] = {
    Datum.GCJ02: gcj02_to_wgs84, Datum.BD09: bd09_to_wgs84,
}  # fmt: skip
_MOMENTS = ("received_at", "deadline")


def receive(partner: Partner, given: Any, *, pulled: bool = False) -> TicketMessage:
    """The message is kept, and made use of as far as that is possible now; told again, it is the first one.

    Invalid where it breaks the contract, Conflict where its number says something else already.
    """
    row = keep(partner, given, pulled=pulled)
    if row.state == MessageState.RECEIVED:
        process(row.pk)
        row.refresh_from_db()
    return row


def keep(partner: Partner, given: Any, *, pulled: bool = False) -> TicketMessage:
    """The message is a row, whatever becomes of it; Invalid and Conflict as in `receive`."""
    _understood(partner, given)
    digest, now = rules.digest_of(given), clock.now()
    ticket, _new = PartnerTicket.objects.get_or_create(
        partner=partner, ticket=given["ticket"], defaults={"first_at": now, "changed_at": now}
    )
    body = rules.shown(given, partner.fields)
    row = TicketMessage(
        ticket=ticket, sequence=given["sequence"], kind=given["kind"], digest=digest, body=body, whole=given,
        pulled=pulled, received_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
        return row
    except IntegrityError:
        return _kept_before(ticket, given["sequence"], digest)


def _kept_before(ticket: PartnerTicket, sequence: int, digest: str) -> TicketMessage:
    row = TicketMessage.objects.get(ticket=ticket, sequence=sequence)
    if row.digest != digest:
        raise Conflict("hotline.other_content", ticket=ticket.ticket, sequence=sequence)
    TicketMessage.objects.filter(pk=row.pk).update(times=F("times") + 1)
    return row


def _understood(partner: Partner, given: Any) -> None:
    """Invalid with the first thing that is wrong with the message."""
    if not rules.storable(given):
        raise Invalid("hotline.unstorable", most=rules.MOST_BYTES)
    _fits(rules.MESSAGE, given, "")
    told = rules.in_our_words(given["content"], partner.fields)
    _fits(rules.content_schema(MessageKind(given["kind"])), told, "/content")
    for where, value in (("/sent_at", given["sent_at"]), *((f"/content/{name}", told.get(name)) for name in _MOMENTS)):
        if value is not None and rules.moment_of(value) is None:
            raise Invalid("hotline.bad_moment", where=where)
    if (told.get("lon") is None) != (told.get("lat") is None):
        raise Invalid("hotline.half_a_point")


def _fits(schema: Mapping[str, Any], value: Any, under: str) -> None:
    for problem in validate(schema, value)[:1]:
        raise Invalid("hotline.malformed", where=(under + problem.path)[:120] or "/", rule=problem.code[7:])


def process(pk: int) -> None:
    """The kept message, and those of its ticket that waited for it, have had their effect, all of it or none."""
    tried = TicketMessage.objects.filter(pk=pk, state=MessageState.RECEIVED)
    if not tried.update(attempts=F("attempts") + 1):
        return
    with transaction.atomic():
        ticket = _locked(pk)
        row = TicketMessage.objects.select_for_update().get(pk=pk)
        if row.state != MessageState.RECEIVED:
            return
        if row.attempts > MOST_ATTEMPTS:
            _wait(ticket, row, "hotline.gave_up", times=MOST_ATTEMPTS)
        else:
            use(ticket, row)
            use_waiting(ticket)
        _settle(ticket)


def process_left() -> int:
    """What somebody kept and did not live to make use of is made use of; one that breaks stands in nobody's way."""
    left = selectors.messages_left(clock.now() - LEFT_AFTER)
    for pk in left:
        try:
            process(pk)
        except OWN_FAULTS as error:
            logger.error("exchange: message %s broke: %s", pk, fault_told(error))
    return len(left)


def _locked(pk: int) -> PartnerTicket:
    rows = PartnerTicket.objects.select_for_update(of=("self",)).select_related("partner")
    return rows.get(messages__pk=pk)


def use_waiting(ticket: PartnerTicket) -> None:
    """Messages of the locked ticket that came before it are made use of, in the order of their sequence."""
    if not ticket.subject:
        return
    for row in ticket.messages.select_for_update().filter(state__in=PENDING):
        use(ticket, row)


def use(ticket: PartnerTicket, row: TicketMessage) -> None:
    """The message of the locked ticket has had its effect, or waits and says for what."""
    told = rules.in_our_words(row.whole["content"], ticket.partner.fields)
    kind = MessageKind(row.kind)
    if not ticket.subject and kind not in (MessageKind.TICKET, MessageKind.WITHDRAW):
        if ticket.state in (TicketState.REFUSED, TicketState.WITHDRAWN):
            _flag(row, "hotline.after_end")
            _applied(row, MessageState.OLD)
            return
        _wait(ticket, row, "hotline.before_ticket", trouble=False)
        return
    try:
        with transaction.atomic():
            _ACTS[kind](ticket, row, told)
    except DomainError as error:
        params: dict[str, Any] = {name: str(value)[:80] for name, value in error.params.items()}
        _wait(ticket, row, error.code, **params)


def _ticket(ticket: PartnerTicket, row: TicketMessage, told: Mapping[str, Any]) -> None:
    if ticket.subject or ticket.state in (TicketState.REFUSED, TicketState.WITHDRAWN):
        _flag(row, "hotline.ticket_again")
        _update(ticket, row, told)
        return
    category = rules.known_as(told["class"], ticket.partner.classes) or _own_class(told["class"])
    ticket.given_class = told["class"][:120]
    _remember(ticket, row, told)
    if not category:
        _wait(ticket, row, "hotline.unknown_class", given=told["class"])
        return
    take(ticket, row, told, category)


def _own_class(word: str) -> str:
    return word if word in desk().classes() else ""


def take(ticket: PartnerTicket, row: TicketMessage, told: Mapping[str, Any], category: str) -> None:
    """There is something of ours for the locked ticket, and the partner is told so."""
    received, now = rules.moment_of(told.get("received_at")), clock.now()
    if received is not None and received > now:
        _flag(row, "hotline.from_the_future")
        received = now
    area = rules.known_as(str(told.get("area") or ""), ticket.partner.areas)
    if told.get("area") and not area:
        _flag(row, "hotline.unknown_area", given=told["area"])
    lon, lat = _point(ticket.partner, told)
    caller = told.get("caller") or {}
    kept = {name: told[name] for name in ("class", "area", "deadline") if told.get(name)}
    telling = Telling(
        ref=f"{ticket.partner.code}:{ticket.ticket}", category=category, description=told["text"],
        address=told.get("address") or ("" if lon is not None else str(told.get("area") or "—")), lon=lon, lat=lat,
        area=area, received_at=received, reporter=caller, attributes=kept,
    )  # fmt: skip
    taken = desk().take(telling, partner=ticket.partner.code)
    for code, params in taken.flags:
        _flag(row, code, **params)
    ticket.subject, ticket.state = taken.subject, TicketState.TAKEN
    _applied(row)
    add_reply(ticket, f"message:{row.sequence}", ReplyKind.RECEIVED, {"case": taken.subject})


def _point(partner: Partner, told: Mapping[str, Any]) -> tuple[float | None, float | None]:
    lon, lat = told.get("lon"), told.get("lat")
    if lon is None or lat is None:
        return None, None
    straight = _STRAIGHT.get(partner.datum)
    lon, lat = straight(float(lon), float(lat)) if straight else (float(lon), float(lat))
    return (lon, lat) if math.isfinite(lon) and math.isfinite(lat) else (None, None)


def _update(ticket: PartnerTicket, row: TicketMessage, told: Mapping[str, Any]) -> None:
    if row.sequence < ticket.newest:
        _flag(row, "hotline.older", newest=ticket.newest)
        _applied(row, MessageState.OLD)
        return
    if ticket.state in (TicketState.REFUSED, TicketState.WITHDRAWN):
        _flag(row, "hotline.after_end")
    if ticket.subject:
        lines = [str(told[name]) for name in ("class", "text", "address") if told.get(name)]
        desk().add(ticket.subject, _ref(ticket, row), "\n".join(lines), partner=ticket.partner.code)
    _remember(ticket, row, told)
    _applied(row)


def _urge(ticket: PartnerTicket, row: TicketMessage, told: Mapping[str, Any]) -> None:
    desk().add(ticket.subject, _ref(ticket, row), f"催办 {told.get('text') or ''}".strip(), partner=ticket.partner.code)
    ticket.urged += 1
    _applied(row)


def _withdraw(ticket: PartnerTicket, row: TicketMessage, told: Mapping[str, Any]) -> None:
    first = ticket.messages.filter(kind=MessageKind.TICKET)
    if not ticket.subject and not first.exists():
        _wait(ticket, row, "hotline.before_ticket", trouble=False)
        return
    ended = True
    if ticket.subject:
        ended = desk().withdraw(ticket.subject, _ref(ticket, row), told["reason"], partner=ticket.partner.code)
    else:
        waiting = ticket.messages.select_for_update().filter(state__in=PENDING)
        for other in waiting.exclude(pk=row.pk):
            _flag(other, "hotline.withdrawn")
            _applied(other, MessageState.OLD)
    _applied(row)
    if ended:
        ticket.state = TicketState.WITHDRAWN
        add_reply(ticket, f"message:{row.sequence}", ReplyKind.WITHDRAWN, {})
    else:
        _flag(row, "hotline.too_late_to_withdraw")
        row.save(update_fields=["flags"])
        ticket.troubled = True


def _callback(ticket: PartnerTicket, row: TicketMessage, told: Mapping[str, Any]) -> None:
    later = ticket.messages.filter(kind=MessageKind.CALLBACK, state=MessageState.APPLIED, sequence__gt=row.sequence)
    if newest := later.order_by("-sequence").first():
        _flag(row, "hotline.older", newest=newest.sequence)
        _applied(row, MessageState.OLD)
        return
    ticket.score, ticket.scored_at = told["score"], clock.now()
    ticket.score_text = rules.masked(str(told.get("text") or ""))
    news = TicketScored(ticket.pk, ticket.partner.code, ticket.subject, ticket.score)
    journal.record(TICKET_SCORED, subject=ticket.subject, actor=_actor(ticket), data=news)
    desk().scored(ticket.subject, Score(ticket.score), partner=ticket.partner.code)
    rule = Unsatisfied(ticket.partner.unsatisfied)
    if ticket.score == Score.UNSATISFIED:
        text = str(told.get("text") or "")
        found = desk().unsatisfied(ticket.subject, _ref(ticket, row), text, partner=ticket.partner.code, rule=rule)
        ticket.subject = found.subject
        for code, params in found.flags:
            _flag(row, code, **params)
        ticket.troubled = ticket.troubled or bool(found.flags)
    _applied(row)


def _extension(ticket: PartnerTicket, row: TicketMessage, told: Mapping[str, Any]) -> None:
    if not told["granted"]:
        _flag(row, "hotline.extension_refused")
        ticket.troubled = True
    elif told.get("deadline"):
        ticket.deadline = rules.moment_of(told["deadline"])
    _applied(row)


_ACTS: Mapping[MessageKind, Callable[[PartnerTicket, TicketMessage, Mapping[str, Any]], None]] = {
    MessageKind.TICKET: _ticket, MessageKind.UPDATE: _update, MessageKind.URGE: _urge,
    MessageKind.WITHDRAW: _withdraw, MessageKind.CALLBACK: _callback, MessageKind.EXTENSION: _extension,
}  # fmt: skip


def _remember(ticket: PartnerTicket, row: TicketMessage, told: Mapping[str, Any]) -> None:
    ticket.newest = max(ticket.newest, row.sequence)
    if told.get("deadline"):
        ticket.deadline = rules.moment_of(told["deadline"])


def _ref(ticket: PartnerTicket, row: TicketMessage) -> str:
    return f"{ticket.partner.code}:{ticket.ticket}:{row.sequence}"


def _actor(ticket: PartnerTicket) -> Any:
    return machine(f"hotline:{ticket.partner.code}", label=ticket.partner.names.get("zh", ticket.partner.code))


def _flag(row: TicketMessage, code: str, /, **params: Any) -> None:
    told = {"code": code, "params": {name: rules.masked(value) for name, value in params.items()}}
    if told not in row.flags:
        row.flags = [*row.flags, told]


def _wait(ticket: PartnerTicket, row: TicketMessage, code: str, /, *, trouble: bool = True, **params: Any) -> None:
    """The message waits for a person, or for the ticket it is about, and says so."""
    row.flags = []
    _flag(row, code, **params)
    row.state = MessageState.WAITING
    row.save(update_fields=["state", "flags"])
    ticket.troubled = ticket.troubled or trouble


def _applied(row: TicketMessage, state: MessageState = MessageState.APPLIED) -> None:
    """It has had its effect; what was personal in it stands where the thing keeps it, and here no more."""
    row.flags = [one for one in row.flags if one["code"] not in _WAITS]
    row.state, row.applied_at, row.whole = state, clock.now(), {}
    row.save(update_fields=["state", "applied_at", "whole", "flags"])


_WAITS = frozenset({"hotline.unknown_class", "hotline.before_ticket"})


def _settle(ticket: PartnerTicket) -> None:
    ticket.changed_at = clock.now()
    ticket.save()
