"""What partners sent and was refused is on record: signed messages each, unsigned requests counted by the hour."""

import json
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from core import clock
from core.errors import Conflict, DomainError
from exchange import selectors
from exchange.contracts.hotline import NotSigned
from exchange.models import Partner, PartnerNonce, TicketRefusal
from exchange.rules import hotline as rules

HOUR, KEPT = timedelta(hours=1), timedelta(days=90)
EXCERPT = 2000


def admit(code: str, *, headers: dict[str, str], method: str, path: str, body: bytes) -> Partner:
    """The partner whose request this is, now and for the first time; NotSigned or Conflict where it proves neither.

    The nonce is used up, whatever comes of the request.
    """
    partner = selectors.partner_in_use(code)
    now = clock.now()
    why = rules.unsigned(selectors.secret_of(partner), headers, method, path, body, now)
    if why:
        _count(partner, why)
        raise NotSigned(why, most=rules.SKEW_S)
    try:
        with transaction.atomic():
            PartnerNonce.objects.create(partner=partner, nonce=headers["nonce"], at=now)
    except IntegrityError as error:
        _count(partner, "hotline.replayed")
        raise Conflict("hotline.replayed") from error
    return partner


def refuse_message(partner: Partner, error: DomainError, given: Any) -> None:
    """The refusal stands in the record, with how the message began, masked."""
    shown = rules.shown(given, partner.fields) if rules.storable(given) else ""
    params = {name: str(rules.masked(str(value)))[:200].replace("\x00", " ") for name, value in error.params.items()}
    now = clock.now()
    TicketRefusal.objects.create(
        partner=partner, code=error.code, params=params, first_at=now, last_at=now,
        excerpt=json.dumps(shown, ensure_ascii=False)[:EXCERPT] if shown != "" else "",
    )  # fmt: skip


def _count(partner: Partner, code: str) -> None:
    """One more of this kind within the hour."""
    now = clock.now()
    row = TicketRefusal.objects.filter(partner=partner, code=code, first_at__gt=now - HOUR, excerpt="").first()
    if row is None:
        TicketRefusal.objects.create(partner=partner, code=code, first_at=now, last_at=now)
    else:
        TicketRefusal.objects.filter(pk=row.pk).update(times=F("times") + 1, last_at=now)


def forget_requests() -> None:
    """Nonces that no request could use again are gone, and refusals of long ago."""
    now = clock.now()
    PartnerNonce.objects.filter(at__lt=now - timedelta(seconds=rules.NONCES_KEPT_S)).delete()
    TicketRefusal.objects.filter(last_at__lt=now - KEPT).delete()
