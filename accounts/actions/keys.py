"""Keys for programs (QGIS, GDAL, scripts): made by a signed-in person, shown once, ended at any time."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q

from accounts.contracts import KeyNews
from accounts.models import Key, User
from core import clock
from core.errors import Forbidden, Invalid, NotFound
from core.scope import Actor
from journal.actions import record

PREFIX = "ck_"
LONGEST_DAYS = 366
MOST_KEYS = 20
USED_EVERY = timedelta(hours=1)


def digest_of(text: str) -> str:
    """What is kept of a key: it has 256 random bits, so a plain hash cannot be turned back."""
    return sha256(text.encode()).hexdigest()


@transaction.atomic
def make_key(*, label: str, days: int, actor: Actor) -> tuple[Key, str]:
    """A program that brings this text reads what the actor may read, for so many days; the text is told only here."""
    owner = User.objects.select_for_update().filter(pk=actor.user_id or 0, is_active=True).first()
    if owner is None:
        raise Forbidden("accounts.not_signed_in")
    label = label.strip()
    if not label or len(label) > 80:
        raise Invalid("accounts.key_label")
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid("accounts.key_days", days=days, most=LONGEST_DAYS)
    now = clock.now()
    if owner.keys.filter(ended_at__isnull=True, valid_until__gt=now).count() >= MOST_KEYS:
        raise Invalid("accounts.too_many_keys", most=MOST_KEYS)
    text = PREFIX + secrets.token_urlsafe(32)
    key = Key.objects.create(
        user=owner, label=label, digest=digest_of(text), made_at=now, valid_until=now + timedelta(days=days)
    )
    _record("accounts.key_made.v1", key, actor)
    return key, text


@transaction.atomic
def end_key(key_id: int, *, actor: Actor) -> Key:
    """The key opens nothing any more; ending it twice is no harm. Only its owner ends it, or an administrator."""
    mine = Q() if actor.may("admin") else Q(user_id=actor.user_id or 0)
    key = Key.objects.select_for_update().filter(mine, pk=key_id).first()
    if key is None:
        raise NotFound("accounts.no_such_key", key_id=key_id)
    if key.ended_at is None:
        key.ended_at = clock.now()
        key.save(update_fields=["ended_at"])
        _record("accounts.key_ended.v1", key, actor)
    return key


def end_keys_of(user_id: int, *, actor: Actor) -> int:
    """No key of the person opens anything any more, within the act that asks for it; answers how many that were."""
    now = clock.now()
    found = list(Key.objects.select_for_update().filter(user_id=user_id, ended_at__isnull=True, valid_until__gt=now))
    for key in found:
        key.ended_at = now
        key.save(update_fields=["ended_at"])
        _record("accounts.key_ended.v1", key, actor)
    return len(found)


def holder_of_key(text: str) -> User | None:
    """Whose key this is, if it is in force and its owner active; about once an hour it is noted that it is in use."""
    if not text.startswith(PREFIX):
        return None
    now = clock.now()
    key = (
        Key.objects.select_related("user__organisation")
        .filter(digest=digest_of(text), ended_at__isnull=True, valid_until__gt=now, user__is_active=True)
        .first()
    )
    if key is None:
        return None
    if key.used_at is None or key.used_at < now - USED_EVERY:
        Key.objects.filter(pk=key.pk).update(used_at=now)
    return key.user


def _record(kind: str, key: Key, actor: Actor) -> None:
    news = KeyNews(key.pk, key.user_id, key.valid_until.isoformat())
    record(kind, subject=f"key:{key.pk}", actor=actor, data=news, user_id=key.user_id)
