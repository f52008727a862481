"""Keys of programs that report for citizens: made by an administrator, shown once, ended at any time."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.db import transaction

from core import clock
from core.errors import Forbidden, Invalid, NotFound
from core.scope import Actor
from journal import actions as journal
from portal.contracts import KEY_ENDED, KEY_MADE, PortalKeyNews
from portal.models import ReportKey

PREFIX = "o3_"
LONGEST_DAYS = 1100
MOST_HOURLY = 10_000


def digest_of(text: str) -> str:
    """What is kept of a key: it has 256 random bits, so a plain hash cannot be turned back."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@transaction.atomic
def make_key(*, label: str, contact: str, hourly: int, days: int, actor: Actor) -> tuple[ReportKey, str]:
    """A program that brings this text reports for citizens, so often an hour, for so many days; told only here."""
    _may(actor)
    for text, most in ((label, 80), (contact, 120)):
        if not text.strip() or len(text) > most or not text.isprintable():
            raise Invalid("portal.key_words", most=most)
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid("portal.key_days", most=LONGEST_DAYS)
    if not 1 <= hourly <= MOST_HOURLY:
        raise Invalid("portal.key_hourly", most=MOST_HOURLY)
    now, text = clock.now(), PREFIX + secrets.token_urlsafe(32)
    key = ReportKey.objects.create(
        label=label.strip(), contact=contact.strip(), hourly=hourly, digest=digest_of(text), made_by=actor.key,
        made_label=actor.label, made_at=now, valid_until=now + timedelta(days=days),
    )  # fmt: skip
    _tell(KEY_MADE, key, actor)
    return key, text


@transaction.atomic
def end_key(key_id: int, *, actor: Actor) -> ReportKey:
    """The key opens nothing any more; ending it twice is no harm."""
    _may(actor)
    key = ReportKey.objects.select_for_update().filter(pk=key_id).first()
    if key is None:
        raise NotFound("portal.no_such_key", key_id=key_id)
    if key.ended_at is None:
        key.ended_at = clock.now()
        key.save(update_fields=["ended_at"])
        _tell(KEY_ENDED, key, actor)
    return key


def _may(actor: Actor) -> None:
    if not actor.may("admin"):
        raise Forbidden("portal.not_yours")


def _tell(kind: str, key: ReportKey, actor: Actor) -> None:
    news = PortalKeyNews(key.pk, key.valid_until.isoformat())
    journal.record(kind, subject=f"portal_key:{key.pk}", actor=actor, data=news)
