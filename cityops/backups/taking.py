"""Take a backup: the cluster, then the files, because rows name files and not the reverse."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import connection

from cityops.backups.programs import BackupFailed, program, reach, run, server_major

SLOT = "cityops_backup"
ONE_AT_A_TIME = 0x6261636B7570  # "backup"
NAMED = "%Y%m%dT%H%M%S%fZ"
TOLD = "backup.json"


@dataclass(frozen=True, slots=True)
class Backup:
    """A base backup: the log from `wal` on brings it to any moment after `ended`."""

    name: str
    began: datetime
    ended: datetime
    major: int
    wal: str
    files: int
    database: str

    @classmethod
    def read(cls, told: Path) -> Self:
        """The backup that this file tells of."""
        held = json.loads(told.read_text())
        return cls(**{**held, **{key: datetime.fromisoformat(held[key]) for key in ("began", "ended")}})


def taken(folder: Path) -> list[Backup]:
    """Every whole backup, the oldest first."""
    return [Backup.read(told) for told in sorted((folder / "base").glob(f"*/{TOLD}"))]


def take(folder: Path, keep: int) -> Backup:
    """One more backup lies there, checked by its manifest; only the last `keep` stay, and the log that they need.

    BackupFailed leaves what was there before as it was.
    """
    with _alone():
        return _take(folder, keep)


def _take(folder: Path, keep: int) -> Backup:
    major, began = server_major(), _database_time()
    name = began.strftime(NAMED)
    part = folder / "base" / f"{name}.part"
    part.parent.mkdir(parents=True, exist_ok=True)
    _receive_from(folder)
    try:
        _copy_cluster(part / "cluster", major)
        files = keep_files(folder)
        ended = _database_time()
        made = Backup(name, began, ended, major, _first_segment(part), files, str(connection.settings_dict["NAME"]))
        (part / TOLD).write_text(json.dumps(asdict(made), default=datetime.isoformat, indent=1))
        part.rename(folder / "base" / name)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    _forget(folder, keep, major)
    return made


@contextmanager
def _alone() -> Iterator[None]:
    """Inside, no other backup of this database is taken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            raise BackupFailed("Another backup is being taken.")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])


def receiver(folder: Path) -> list[str]:
    """The command under which the log arrives there as it is written; what it missed meanwhile, it fetches first."""
    wal = _receive_from(folder)
    return [program("pg_receivewal", server_major()), "-D", str(wal), "-S", SLOT, "--synchronous", "--no-password"]


def _receive_from(folder: Path) -> Path:
    """The server keeps the log from now on until it has been received (a replication slot); answers where it goes."""
    wal = folder / "wal"
    wal.mkdir(parents=True, exist_ok=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_create_physical_replication_slot(%s, true)"
            " WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = %s)",
            [SLOT, SLOT],
        )
    return wal


def _copy_cluster(into: Path, major: int) -> None:
    copied = ("-D", str(into), "-X", "stream", "-c", "fast", "--no-password", "--manifest-checksums=SHA256")
    run(program("pg_basebackup", major), *copied, environment=reach())
    run(program("pg_verifybackup", major), "-q", str(into))


def _first_segment(part: Path) -> str:
    label = (part / "cluster" / "backup_label").read_text()
    found = re.search(r"\(file ([0-9A-F]{24})\)", label)
    if found is None:
        raise BackupFailed("The base backup does not say where its log begins.")
    return found.group(1)


def _database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found.astimezone(UTC)


def keep_files(folder: Path) -> int:
    """Every file below MEDIA_ROOT lies in the backup; those that lay there are not touched. Answers how many came."""
    source, target, came = Path(settings.MEDIA_ROOT), folder / "files", 0
    for path in source.rglob("*"):
        kept = target / path.relative_to(source)
        if path.is_file() and not path.name.startswith("tmp") and not kept.exists():
            _copy_whole(path, kept)
            came += 1
    return came


def _copy_whole(path: Path, kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    half = kept.with_name(f".{kept.name}.part")
    shutil.copy2(path, half)
    with half.open("rb") as copied:
        os.fsync(copied.fileno())
    half.replace(kept)


def _forget(folder: Path, keep: int, major: int) -> None:
    for left in (folder / "base").glob("*.part"):
        shutil.rmtree(left, ignore_errors=True)
    held = taken(folder)
    for old in held[:-keep]:
        shutil.rmtree(folder / "base" / old.name)
    run(program("pg_archivecleanup", major), str(folder / "wal"), held[-keep:][0].wal)
