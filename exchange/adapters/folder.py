"""Where uploaded files lie until they are imported: one folder each, the bytes under a name of ours."""

import gzip
import hashlib
import json
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from core.errors import Invalid, TooLarge
from exchange.rules.records import LIMITS, MIB


def path_of(uid: UUID) -> Path:
    """Where the file of this import lies."""
    return Path(settings.DATA_DIR) / "imports" / uid.hex / "file"


def faults_of(uid: UUID, epoch: int) -> Path:
    """Where the faults that the check of that epoch found lie, one JSON a line."""
    return path_of(uid).with_name(f"faults.{epoch}.jsonl.gz")


@contextmanager
def faults_kept(uid: UUID, epoch: int) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Inside, each fault handed in is kept; those of earlier checks are forgotten."""
    for earlier in path_of(uid).parent.glob("faults.*"):
        earlier.unlink(missing_ok=True)
    with gzip.open(faults_of(uid, epoch), "wt", encoding="utf-8") as held:
        yield lambda fault: print(json.dumps(fault, ensure_ascii=False), file=held)


def faults(uid: UUID, epoch: int) -> Iterator[dict[str, Any]]:
    """Every fault that was kept; none where the check found none or they are kept no more."""
    with suppress(FileNotFoundError), gzip.open(faults_of(uid, epoch), "rt", encoding="utf-8") as held:
        yield from map(json.loads, held)


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
    """Nothing of it is kept any more."""
    shutil.rmtree(path_of(uid).parent, ignore_errors=True)


def drop_strays(kept: Collection[UUID], before: datetime) -> int:
    """Bytes that belong to none of these imports, written before that moment, are gone; answers how many folders."""
    home = Path(settings.DATA_DIR) / "imports"
    names = {uid.hex for uid in kept}
    strays = [one for one in home.glob("*") if one.name not in names and one.stat().st_mtime < before.timestamp()]
    for one in strays:
        shutil.rmtree(one, ignore_errors=True)
    return len(strays)


def drop_file(uid: UUID) -> None:
    """The file is no longer kept; what was wrong with it still is."""
    path_of(uid).unlink(missing_ok=True)
