"""Uploads of somebody: nobody else's are there for them."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from core import clock
from core.errors import Gone, NotFound
from core.scope import Actor
from exchange.adapters import pieces
from exchange.models import Upload


def own_uploads(actor: Actor) -> QuerySet[Upload]:
    """Those that still wait to be used, oldest first."""
    return Upload.objects.filter(owner=actor.key, used_at=None, expires_at__gt=clock.now())


def upload(uid: UUID, *, actor: Actor) -> Upload:
    """The upload of the actor; NotFound where there is none, Gone where its time is over."""
    row = Upload.objects.filter(uid=uid, owner=actor.key).first()
    if row is None:
        raise NotFound("upload.none")
    if row.expires_at <= clock.now():
        raise Gone("upload.expired")
    return row


def offset_of(row: Upload) -> int:
    """How much of it is there: what both the row and the disk know of."""
    return row.received if row.used_at else min(row.received, pieces.size_of(row.uid))


def is_whole(row: Upload) -> bool:
    """Whether it is all there, with its hash, and not used yet."""
    return bool(row.sha256) and row.used_at is None and pieces.size_of(row.uid) == row.length


def whole_uploads(uids: Iterable[UUID], *, actor: Actor) -> list[Upload]:
    """Those of these that a form of the actor may name, in their order."""
    found = {row.uid: row for row in own_uploads(actor).filter(uid__in=list(uids))}
    return [found[uid] for uid in uids if uid in found and is_whole(found[uid])]
