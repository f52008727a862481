"""Verbs of uploads in pieces: begun, gone on with, used once by an act, ended. Each is its owner's alone."""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.forms import BaseForm

from core import clock, vault
from core.clips import is_clip
from core.errors import Conflict, DomainError, Gone, Locked, NotFound, TooLarge, Unsupported
from core.pictures import MAX_BYTES, Picture, picture, preview
from core.scope import Actor
from core.uploads import MOST_BYTES, Uploaded, bounded, show_again
from exchange.adapters import pieces
from exchange.models import Upload
from exchange.selectors.uploads import offset_of, own_uploads, upload, whole_uploads

MIB = 1 << 20
AT_ONCE = 500
STRAY_AFTER = timedelta(hours=1)


def begin_upload(*, actor: Actor, length: int, name: str = "", kind: str = "", told: str = "") -> Upload:
    """There is an upload of so many bytes of which none is there yet; refused beyond the limits of a person."""
    if kind and kind not in MOST_BYTES:
        raise Unsupported("upload.unknown_kind", kinds=", ".join(sorted(MOST_BYTES)))
    most = MOST_BYTES[kind] if kind else min(MOST_BYTES.values())
    if length > most:
        raise TooLarge("picture.too_large", megabytes=most // MIB)
    with transaction.atomic():
        _room_for(actor, length)
        now = clock.now()
        row = Upload(uid=uuid4(), owner=actor.key, name=name[:200], kind=kind, told=told, length=length, made_at=now)
        row.expires_at = _until()
        row.save(force_insert=True)
    return row if length else append_upload(row.uid, actor=actor, offset=0, given=())


def _until() -> datetime:
    return clock.now() + timedelta(hours=settings.UPLOAD_KEEP_HOURS)


def _room_for(actor: Actor, length: int) -> None:
    """Two begun at once by the same person are counted one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('exchange.upload'), hashtext(%s))", [actor.key])
    held = list(own_uploads(actor).values_list("length", flat=True)[: settings.UPLOADS_MOST])
    if len(held) >= settings.UPLOADS_MOST:
        raise TooLarge("upload.too_many", most=settings.UPLOADS_MOST)
    if sum(held) + length > settings.UPLOADS_MOST_MB * MIB:
        raise TooLarge("upload.too_much", megabytes=settings.UPLOADS_MOST_MB)


def append_upload(uid: UUID, *, actor: Actor, offset: int, given: Iterable[bytes]) -> Upload:
    """What was given stands behind the first `offset` bytes, piece by piece, each kept as soon as it is there.

    Conflict where there are more or fewer, Locked while another writes, TooLarge beyond the length, Gone once used.
    """
    row = None
    for piece in given:
        row = _append(uid, actor, offset, piece)
        offset += len(piece)
    return row or _append(uid, actor, offset, b"")


@transaction.atomic
def _append(uid: UUID, actor: Actor, offset: int, piece: bytes) -> Upload:
    """Bytes first, then the row: killed in between, the row knows less than the disk, and what it knows is there."""
    row = _locked(uid, actor)
    if row.used_at is not None:
        raise Gone("upload.used", subject=row.used_for)
    held = offset_of(row)
    if offset != held:
        raise Conflict("upload.offset", offset=held)
    if held + len(piece) > row.length:
        raise TooLarge("upload.too_long", length=row.length)
    if not piece and (row.sha256 or row.length):
        return row
    pieces.append(uid, held, piece)
    row.received = held + len(piece)
    row.sha256 = pieces.digest(uid) if row.received == row.length else ""
    row.expires_at = _until()
    row.save(update_fields=["received", "sha256", "expires_at"])
    return row


def _locked(uid: UUID, actor: Actor) -> Upload:
    """The upload, locked; who finds it locked already does not wait for what may be a slow network."""
    upload(uid, actor=actor)
    row = Upload.objects.select_for_update(skip_locked=True).filter(uid=uid, owner=actor.key).first()
    if row is None:
        raise Locked("upload.busy")
    return row


@transaction.atomic
def end_upload(uid: UUID, *, actor: Actor) -> None:
    """It is no more; Gone where an act has used it."""
    row = _locked(uid, actor)
    if row.used_at is not None:
        raise Gone("upload.used", subject=row.used_for)
    row.delete()
    transaction.on_commit(partial(pieces.drop, uid), robust=True)


def content_of(uid: UUID, *, actor: Actor) -> bytes:
    """Its bytes, as their hash says; also of one that was used, so that the act which used it is known again."""
    row = upload(uid, actor=actor)
    if not row.used_at:
        content = pieces.read(uid)
        if row.sha256 and hashlib.sha256(content).hexdigest() == row.sha256:
            return content
        row = upload(uid, actor=actor)
    if not row.used_at:
        raise Conflict("upload.unfinished", offset=offset_of(row), length=row.length)
    try:
        return vault.fetch(row.sha256)
    except NotFound as error:
        raise Conflict("upload.used", subject=row.used_for) from error


def contents_of(given: Iterable[bytes | Uploaded], *, actor: Actor) -> Iterator[tuple[bytes, UUID | None]]:
    """The bytes, whichever way they came, and by which upload where they came ahead; one read after another.

    So whoever refuses one has not read a dozen of a hundred megabytes.
    """
    for one in given:
        yield (one, None) if isinstance(one, bytes) else (content_of(one.uid, actor=actor), one.uid)


def pictures_of(given: Iterable[bytes | Uploaded], *, actor: Actor) -> tuple[Picture, ...]:
    """The pictures, judged and drawn anew, whichever way they came; slow, so never under a lock."""
    return tuple(replace(picture(content), upload=upload) for content, upload in contents_of(given, actor=actor))


def use_uploads(pictures: Iterable[Picture], *, actor: Actor, subject: str) -> None:
    """What came ahead is used by this act, in its transaction, and by none after it: Conflict there."""
    uids = {one.upload for one in pictures if one.upload is not None}
    if not uids:
        return
    rows = list(Upload.objects.select_for_update().filter(uid__in=uids, owner=actor.key).order_by("pk"))
    if len(rows) < len(uids):
        raise NotFound("upload.none")
    for row in rows:
        if row.used_at is not None:
            raise Conflict("upload.used", subject=row.used_for)
        row.used_at, row.used_for = clock.now(), subject[:60]
    Upload.objects.bulk_update(rows, ["used_at", "used_for"])
    for uid in uids:
        transaction.on_commit(partial(pieces.drop, uid), robust=True)


def preview_of(uid: UUID, *, actor: Actor) -> bytes:
    """A small picture of it, for whoever sent it; what an act has used is seen where that shows it, or not at all.

    What is larger than any picture, as clips are, is not read to find that it is none.
    """
    row = upload(uid, actor=actor)
    if row.used_at is not None:
        raise Conflict("upload.used", subject=row.used_for)
    if row.length > MAX_BYTES:
        raise TooLarge("picture.too_large", megabytes=MAX_BYTES // MIB)
    return preview(content_of(uid, actor=actor))


def hold_pictures(form: BaseForm, *, actor: Actor) -> None:
    """The pictures of a form that was refused are kept, as uploads that the form names when it is sent again."""

    def hold(files: "list[UploadedFile[Any]]", uids: list[UUID]) -> Collection[Uploaded]:
        kept = [_held(file, actor) for file in files]
        rows = [*(row for row in kept if row is not None), *whole_uploads(uids, actor=actor)]
        return [Uploaded(row.uid, row.name, row.length) for row in rows]

    show_again(form, hold)


def _held(file: "UploadedFile[Any]", actor: Actor) -> Upload | None:
    """The file as an upload; nothing where it is no picture or clip that we take or there is no room for it."""
    with suppress(DomainError):
        file.seek(0)
        content = bounded(file, clips=True)
        if not is_clip(content):
            preview(content)
        kind = file.content_type if file.content_type in MOST_BYTES else ""
        name = str(file.name or "").replace("\x00", "")
        row = begin_upload(actor=actor, length=len(content), name=name, kind=kind or "")
        return append_upload(row.uid, actor=actor, offset=0, given=[content])
    return None


def drop_uploads() -> int:
    """Those whose time is over are gone, and so are bytes that belong to none that waits; answers how many."""
    dropped = 0
    while rows := _expired():
        dropped += rows
    for uid in pieces.lying(clock.now() - STRAY_AFTER):
        if not Upload.objects.filter(uid=uid, used_at=None).exists():
            pieces.drop(uid)
    return dropped


@transaction.atomic
def _expired() -> int:
    due = Upload.objects.select_for_update(skip_locked=True).filter(expires_at__lte=clock.now())
    rows = dict(due.order_by("pk").values_list("pk", "uid")[:AT_ONCE])
    Upload.objects.filter(pk__in=rows).delete()
    for uid in rows.values():
        transaction.on_commit(partial(pieces.drop, uid), robust=True)
    return len(rows)
