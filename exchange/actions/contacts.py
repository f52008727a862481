"""Addresses of people in a channel: named by themselves, proved by a code that was sent there, given up again."""

import hmac
import json
import re
import secrets
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

from django.db import transaction

from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import Actor
from exchange import selectors
from exchange.actions.posting import plain, put
from exchange.actions.sending import CODE, end
from exchange.adapters import sealing
from exchange.contracts.sendings import DUE, PERSONAL, Channel, SendingState
from exchange.models import Contact, Sending
from exchange.rules.sendings import CODE_GOOD_FOR

AGAIN_AFTER = timedelta(minutes=1)
MOST_CODES = 10
"""A day: nobody lets the city pester a stranger's number."""
MOST_WRONG = 5
SHAPES = {
    Channel.MAIL: re.compile(r"[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,4}"),
    Channel.SMS: re.compile(r"\+?[0-9]{6,15}"),
    Channel.WECOM: re.compile(r"[A-Za-z0-9_.@-]{1,64}"),
}


@transaction.atomic
def name_address(channel: str, address: str, *, actor: Actor) -> Contact:
    """The actor says where they have this channel; a code is on its way there, and nothing else until it came back."""
    user = _person(actor)
    given = address.strip()
    if channel not in PERSONAL or not SHAPES[Channel(channel)].fullmatch(given):
        raise Invalid("contact.bad_address")
    endpoint = selectors.endpoint_of(channel)
    if endpoint is None:
        raise Conflict("contact.no_channel")
    Contact.objects.get_or_create(user_id=user, channel=channel, defaults={"address": given})
    row = Contact.objects.select_for_update().get(user_id=user, channel=channel)
    now = clock.now()
    if row.code_until is not None and row.code_until - CODE_GOOD_FOR + AGAIN_AFTER > now:
        raise Conflict("contact.too_soon")
    if _codes_today(row) >= MOST_CODES:
        raise Conflict("contact.too_many_codes", most=MOST_CODES)
    code = f"{secrets.randbelow(1_000_000):06}"
    if row.address != given:
        row.address, row.verified_at = given, None
    row.code, row.code_until, row.wrong = _digest(row, code), now + CODE_GOOD_FOR, 0
    row.save()
    _drop_codes(row)
    told = {"title": "CityOps 验证码 / code", "body": f"{code}（15 分钟内有效 / good for 15 minutes）"}
    sealed = {"sealed": sealing.seal(json.dumps(told))}
    put([plain(endpoint, CODE, f"code:{uuid4()}", sealed, user_id=user, urgent=True)])
    return row


@transaction.atomic
def verify_address(channel: str, code: str, *, actor: Actor) -> bool:
    """The address is the actor's, if this is the code that was sent there; after five wrong ones a new one is needed.

    A wrong code is an answer, not an error: it must be counted.
    """
    row = _held(channel, actor)
    if not row.code or row.code_until is None or row.code_until < clock.now() or row.wrong >= MOST_WRONG:
        raise Conflict("contact.no_code")
    if not hmac.compare_digest(row.code, _digest(row, code.strip())):
        row.wrong += 1
        row.save(update_fields=["wrong"])
        return False
    row.verified_at, row.code = clock.now(), ""
    row.save(update_fields=["verified_at", "code"])
    return True


@transaction.atomic
def drop_address(channel: str, *, actor: Actor) -> None:
    """Nothing goes to the actor by this channel any more, not even what was on its way."""
    row = _held(channel, actor)
    waiting = Sending.objects.filter(user_id=row.user_id, endpoint__channel=channel, state__in=sorted(DUE))
    for one in waiting.select_for_update(of=("self",)).order_by("pk"):
        end(one, SendingState.CANCELLED)
        one.save()
    row.delete()


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise Forbidden("message.no_inbox")
    return actor.user_id


def _held(channel: str, actor: Actor) -> Contact:
    row = Contact.objects.select_for_update().filter(user_id=_person(actor), channel=channel).first()
    if row is None:
        raise NotFound("contact.none")
    return row


def _codes_today(row: Contact) -> int:
    since = clock.now() - timedelta(days=1)
    sent = Sending.objects.filter(user_id=row.user_id, endpoint__channel=row.channel, kind=CODE, made_at__gte=since)
    return sent.count()


def _drop_codes(row: Contact) -> None:
    """Codes that are still on their way are no longer of use."""
    old = Sending.objects.filter(user_id=row.user_id, endpoint__channel=row.channel, kind=CODE, state__in=sorted(DUE))
    for one in old.select_for_update(of=("self",)).order_by("pk"):
        end(one, SendingState.CANCELLED)
        one.save()


def _digest(row: Contact, code: str) -> str:
    return sha256(f"{row.user_id}:{row.channel}:{row.address}:{code}".encode()).hexdigest()
