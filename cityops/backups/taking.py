"""Take a backup: the cluster, then the files, because rows name files and not the reverse."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import connection

from cityops.backups.named import named
from cityops.backups.programs import BackupFailed, program, reach, run, server_major

SLOT = "cityops_backup"
ONE_AT_A_TIME = 0x6261636B7570  # "backup"
NAMED = "%Y%m%dT%H%M%S%fZ"
TOLD, PART = "backup.json", ".part"


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
    found = sorted((folder / "base").glob(f"*/{TOLD}"))
    return [Backup.read(told) for told in found if told.parent.suffix != PART]


def take(folder: Path, keep: int) -> Backup:
    """One more backup lies there, checked by its manifest; only the last `keep` stay, and the log that they need.

    BackupFailed leaves what was there before as it was.
    """
    with _alone():
        return _take(folder, keep)


def _take(folder: Path, keep: int) -> Backup:
    major, began = server_major(), _database_time()
    name = began.strftime(NAMED)
    part = folder / "base" / f"{name}{PART}"
    part.parent.mkdir(parents=True, exist_ok=True)
    (folder / "wal").mkdir(exist_ok=True)
    for left in part.parent.glob(f"*{PART}"):  # of one that was killed: nobody else is at work here
        shutil.rmtree(left)
    try:
        _copy_cluster(part / "cluster", major)
        files = keep_files(folder, mark=True)
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
    wal = folder / "wal"
    wal.mkdir(parents=True, exist_ok=True)
    _hold_log()
    return [program("pg_receivewal", server_major()), "-D", str(wal), "-S", SLOT, "--synchronous", "--no-password"]


def _hold_log() -> None:
    """The server keeps its log from now on until it was received (a replication slot).

    Only whoever receives it asks for that: a slot that nobody empties fills the disk of the running city.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_create_physical_replication_slot(%s, true)"
            " WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = %s)",
            [SLOT, SLOT],
        )


def held_back() -> int | None:
    """How many bytes of the log the server holds for a receiver that is at work; None where none is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint FROM pg_replication_slots"
            " WHERE slot_name = %s AND active",
            [SLOT],
        )
        found = cursor.fetchone()
    return int(found[0]) if found else None


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


def keep_files(folder: Path, *, mark: bool = False) -> int:
    """Every file that a row names lies in the backup; none is written over. Answers how many came.

    With `mark` each carries this moment as its time, so that `_forget` knows which nobody names any more.
    """
    source, target, came = Path(settings.MEDIA_ROOT), folder / "files", 0
    for one in named():
        kept = target / one.path
        if not kept.exists():
            with suppress(FileNotFoundError):  # named and lost already: `verify` says so
                _copy_whole(source / one.path, kept)
                came += 1
        elif mark:
            os.utime(kept)
    return came


def _copy_whole(path: Path, kept: Path) -> None:
    """Beside its place first, under a name of this process: two that copy at once do not meet."""
    content = path.read_bytes()
    kept.parent.mkdir(parents=True, exist_ok=True)
    half = kept.with_name(f".{kept.name}.{os.getpid()}.part")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(kept)


def _forget(folder: Path, keep: int, major: int) -> None:
    """What no kept backup needs is gone: older backups, their log, and files that no row named since the oldest."""
    held = taken(folder)
    for old in held[:-keep]:
        # Out of sight first: one that is removed by half is no backup.
        shutil.rmtree((folder / "base" / old.name).rename(folder / "base" / f"{old.name}{PART}"))
    oldest = held[-keep:][0]
    run(program("pg_archivecleanup", major), str(folder / "wal"), oldest.wal)
    forget_files(folder, oldest.began)


def forget_files(folder: Path, since: datetime) -> None:
    """A file that no row named since then is in the backup no more, as erased pictures must be."""
    for kept in (folder / "files").rglob("*"):
        if kept.is_file() and kept.stat().st_mtime < since.timestamp():
            kept.unlink()
