"""Bring a cluster of one's own to a moment of the past; the running city is never touched."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from cityops.backups.programs import BackupFailed, owner, program, run
from cityops.backups.taking import Backup, taken

PARTIAL = ".partial"
LONGEST_SOCKET_PATH = 90
HOURS_S, LOOK_S = "14400", 0.2
PORT = "5432"
"""Of the restored cluster: only the name of a socket in its own folder."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A restored cluster: where it lies, of which backup it comes, and the database inside it."""

    home: Path
    backup: Backup

    @property
    def data(self) -> Path:
        """Its data directory."""
        return self.home / "cluster"

    @property
    def user(self) -> str:
        """Who the city is to its database."""
        return str(connection.settings_dict["USER"])

    @property
    def url(self) -> str:
        """The DATABASE_URL under which it answers, once it is started."""
        return f"postgis://{self.user}@{quote(str(self.home), safe='')}:{PORT}/{self.backup.database}"


def restore(folder: Path, home: Path, at: datetime | None) -> Cluster:
    """A cluster lies in `home` that, when started, stands as the city stood just before `at` (aware), or at the end.

    `home` is new or empty; BackupFailed where it is not, where no backup is old enough, or where its path is too long
    for a socket.
    """
    if home.exists() and any(home.iterdir()):
        raise BackupFailed(f"{home} is not empty; a restore writes only into a folder of its own.")
    if len(str(home)) > LONGEST_SOCKET_PATH:
        raise BackupFailed(f"{home} is too long a path for a socket: choose a shorter one.")
    if not re.fullmatch(r"[\w./-]+", str(home)):
        raise BackupFailed(f"{home}: a path of letters, figures, - and _ only, for the server's settings name it.")
    backup = _before(taken(folder), at)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.chmod(0o700)  # before the first byte of the city lies there
    shutil.copytree(folder / "base" / backup.name / "cluster", home / "cluster", symlinks=True)
    _bring_log(folder / "wal", home / "wal", backup.wal)
    cluster = Cluster(home, backup)
    _configure(cluster, at)
    cluster.data.chmod(0o700)
    if user := owner():
        run("/bin/chown", "-R", f"{user}:{user}", str(home))
    return cluster


def _before(held: list[Backup], at: datetime | None) -> Backup:
    old_enough = [backup for backup in held if at is None or backup.ended <= at]
    if not old_enough:
        first = f"the first ended at {held[0].ended.isoformat()}" if held else "there is none"
        raise BackupFailed(f"No backup is old enough: {first}.")
    return old_enough[-1]


def _bring_log(wal: Path, into: Path, first: str) -> None:
    """The segments from the first on; one that was still being written counts as far as it was."""
    into.mkdir()
    for segment in sorted(wal.iterdir()):
        name = segment.name.removesuffix(PARTIAL)
        if name >= first and not (segment.name.endswith(PARTIAL) and (wal / name).exists()):
            try:
                shutil.copyfile(segment, into / name)
            except FileNotFoundError:  # it has just been completed, and so renamed
                shutil.copyfile(wal / name, into / name)


def _configure(cluster: Cluster, at: datetime | None) -> None:
    """It listens on a socket in its own folder only, archives nothing, and goes as far as asked."""
    told = {
        "listen_addresses": "",
        "unix_socket_directories": str(cluster.home),
        "port": PORT,
        "ssl": "off",
        "hba_file": str(cluster.home / "hba.conf"),
        "archive_mode": "off",
        "synchronous_standby_names": "",
        "hot_standby": "off",
        "log_destination": "stderr",
        "logging_collector": "off",
        "restore_command": f'cp "{cluster.home}/wal/%f" "%p"',
        "recovery_target_time": at.isoformat() if at else "",
        "recovery_target_inclusive": "off",
        "recovery_target_action": "promote",
    }
    lines = [f"{name} = '{value}'\n" for name, value in told.items()]
    with (cluster.data / "postgresql.auto.conf").open("a") as held:
        held.writelines(lines)
    (cluster.data / "postgresql.conf").touch()
    (cluster.home / "hba.conf").write_text("local all all trust\n")
    (cluster.data / "recovery.signal").touch()


def start(cluster: Cluster) -> None:
    """It has gone through the log to the moment asked for, and answers; BackupFailed with the server's last words."""
    control = (program("pg_ctl", cluster.backup.major), "-D", str(cluster.data), "-s", "-w", "-t", HOURS_S)
    try:
        # Its log goes to a file: a server that kept our pipe open would never let us read to its end.
        run(*control, "-l", str(cluster.home / "server.log"), "start", user=owner())
    except BackupFailed as error:
        raise BackupFailed(_last_words(cluster.home / "server.log") or str(error)) from error
    while not _answers(cluster):  # it is started long before it has gone through the log
        if not (cluster.data / "postmaster.pid").exists():
            raise BackupFailed(_last_words(cluster.home / "server.log") or "The restored server ended.")
        time.sleep(LOOK_S)


def _answers(cluster: Cluster) -> bool:
    ready = program("pg_isready", cluster.backup.major)
    asked = [ready, "-q", "-h", str(cluster.home), "-p", PORT, "-t", "5"]
    return subprocess.run(asked, check=False).returncode == 0


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    fatal = [line.partition("FATAL:")[2].strip() for line in lines if "FATAL:" in line]
    reached = [line.rpartition("log time")[2].strip() for line in lines if "last completed transaction" in line]
    said = fatal[-1] if fatal else ""
    if "before configured recovery target" in said:
        return f"The log ends before that moment (its last transaction: {reached[-1] if reached else 'unknown'})."
    return said


def stop(cluster: Cluster) -> None:
    """It does not run any more."""
    if (cluster.data / "postmaster.pid").exists():
        control = program("pg_ctl", cluster.backup.major)
        run(control, "-D", str(cluster.data), "-s", "-w", "-t", HOURS_S, "-m", "fast", "stop", user=owner())


@contextmanager
def running(cluster: Cluster) -> Iterator[Cluster]:
    """Inside, it answers; afterwards it is stopped, and stays where it lies."""
    try:
        start(cluster)
        yield cluster
    finally:
        with suppress(BackupFailed):  # what went wrong before is what must be told
            stop(cluster)


def bring_files(folder: Path, media: Path) -> int:
    """Every file of the backup lies below `media`, a folder of its own; answers how many came."""
    shutil.copytree(folder / "files", media, ignore=shutil.ignore_patterns(".*.part"))
    return sum(path.is_file() for path in media.rglob("*"))
