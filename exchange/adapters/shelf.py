"""Where exports lie: the rows as they were read, one JSON a line, and the file that is made of them.

Each worker has rows of its own, named by its epoch: one that was thought dead and wakes again finds its rows gone.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from exchange.contracts.exports import ListRow

Item = tuple[Mapping[str, Any], bytes | None]
MIB = 1 << 20


def _home(uid: UUID) -> Path:
    return Path(settings.DATA_DIR) / "exports" / uid.hex


def _rows(uid: UUID, epoch: int) -> Path:
    return _home(uid) / f"rows.{epoch}.jsonl"


def file_of(uid: UUID) -> Path:
    """Where the finished file lies."""
    return _home(uid) / "file"


def take_over(uid: UUID, epoch: int, size: int) -> None:
    """The rows of this worker are the first bytes of the last one's; FileNotFoundError where they are not there."""
    home, mine = _home(uid), _rows(uid, epoch)
    home.mkdir(parents=True, exist_ok=True)
    earlier = sorted(home.glob("rows.*.jsonl"), key=lambda one: int(one.name.split(".")[1]))
    if size:
        shutil.copyfile(next((one for one in reversed(earlier) if one.stat().st_size >= size), mine), mine)
        os.truncate(mine, size)
    else:
        mine.write_bytes(b"")
    for one in [*earlier, *home.glob("making.*")]:
        one.unlink(missing_ok=True)


def append(uid: UUID, epoch: int, size: int, rows: Iterable[ListRow]) -> int:
    """The rows stand behind the first bytes; answers how many bytes there are now."""
    with _rows(uid, epoch).open("r+b") as held:
        held.seek(size)
        held.truncate()
        for row in rows:
            told = [row.values, row.wkb.hex() if row.wkb else None]
            held.write(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        held.flush()
        os.fsync(held.fileno())
        return held.tell()


def items(uid: UUID, epoch: int, count: int) -> Iterator[Item]:
    """The first so many rows."""
    with _rows(uid, epoch).open("rb") as held:
        for line in islice(held, count):
            values, wkb = json.loads(line)
            yield values, bytes.fromhex(wkb) if wkb else None


def making(uid: UUID, epoch: int) -> Path:
    """Where the worker makes its file, not yet in its place."""
    return _home(uid) / f"making.{epoch}"


def seal(target: Path) -> tuple[str, int]:
    """The SHA-256 of a file, and how many bytes it has."""
    digest = hashlib.sha256()
    with target.open("rb") as held:
        while piece := held.read(MIB):
            digest.update(piece)
    return digest.hexdigest(), target.stat().st_size


def put(uid: UUID, target: Path) -> None:
    """The file is in its place."""
    target.replace(file_of(uid))


def drop_rows(uid: UUID) -> None:
    """The rows are kept no more: the file holds them."""
    for one in _home(uid).glob("rows.*"):
        one.unlink(missing_ok=True)


def drop(uid: UUID) -> None:
    """Nothing of it is kept any more."""
    shutil.rmtree(_home(uid), ignore_errors=True)


def drop_strays(kept: Collection[UUID], before: datetime) -> None:
    """What belongs to none of these exports and was written before that moment is gone."""
    names = {uid.hex for uid in kept}
    for one in (Path(settings.DATA_DIR) / "exports").glob("*"):
        if one.name not in names and one.stat().st_mtime < before.timestamp():
            shutil.rmtree(one, ignore_errors=True)
