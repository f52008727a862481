"""Where uploads lie while they come: one file each below MEDIA_ROOT/uploads, which nothing shows to anybody."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings


def _home() -> Path:
    return Path(settings.MEDIA_ROOT) / "uploads"


def path_of(uid: UUID) -> Path:
    """Where its bytes lie."""
    return _home() / uid.hex


def size_of(uid: UUID) -> int:
    """How many bytes there are; 0 where there is no file."""
    try:
        return path_of(uid).stat().st_size
    except FileNotFoundError:
        return 0


def append(uid: UUID, at: int, piece: bytes) -> None:
    """The piece stands at that place, on the disk, and nothing behind it: a tail that nobody knows of is gone."""
    path = path_of(uid)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as held:
        held.truncate(at)
        held.seek(at)
        held.write(piece)
        held.flush()
        os.fsync(held.fileno())


def digest(uid: UUID) -> str:
    """The SHA-256 of what lies there."""
    with path_of(uid).open("rb") as held:
        return hashlib.file_digest(held, "sha256").hexdigest()


def read(uid: UUID) -> bytes:
    """All of it; nothing where there is no file."""
    try:
        return path_of(uid).read_bytes()
    except FileNotFoundError:
        return b""


def drop(uid: UUID) -> None:
    """Its bytes are gone."""
    path_of(uid).unlink(missing_ok=True)


def lying(before: datetime) -> Iterator[UUID]:
    """The uploads whose bytes lie here, last written before that moment."""
    for path in _home().glob("*"):
        with suppress(ValueError, FileNotFoundError):
            if path.stat().st_mtime < before.timestamp():
                yield UUID(hex=path.name)
