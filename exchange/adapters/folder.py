"""Where uploaded files lie until they are imported: one folder each, the bytes under a name of ours."""

import hashlib
import shutil
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from core.errors import Invalid, TooLarge
from exchange.rules.records import LIMITS, MIB


def path_of(uid: UUID) -> Path:
    """Where the file of this import lies."""
    return Path(settings.DATA_DIR) / "imports" / uid.hex / "file"


def keep(uid: UUID, chunks: Iterable[bytes]) -> tuple[str, int]:
    """The bytes are kept; answers their SHA-256 and how many there are. Too many, or none, are not kept."""
    path_of(uid).parent.mkdir(parents=True)
    try:
        return _copied(path_of(uid), chunks)
    except (Invalid, TooLarge, OSError):
        drop(uid)
        raise


def _copied(target: Path, chunks: Iterable[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as copy:
        for chunk in chunks:
            size += len(chunk)
            if size > LIMITS.file_bytes:
                raise TooLarge("exchange.file_too_large", megabytes=LIMITS.file_bytes // MIB)
            digest.update(chunk)
            copy.write(chunk)
    if not size:
        raise Invalid("exchange.file_empty")
    return digest.hexdigest(), size


def drop(uid: UUID) -> None:
    """The file is no longer kept."""
    shutil.rmtree(path_of(uid).parent, ignore_errors=True)


def drop_strays(kept: Collection[UUID], before: datetime) -> int:
    """Bytes that belong to none of these imports, written before that moment, are gone; answers how many folders."""
    home = Path(settings.DATA_DIR) / "imports"
    names = {uid.hex for uid in kept}
    strays = [one for one in home.glob("*") if one.name not in names and one.stat().st_mtime < before.timestamp()]
    for one in strays:
        shutil.rmtree(one, ignore_errors=True)
    return len(strays)
