"""PostgreSQL's own programs, run as somebody whom they serve."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

DEBIAN = Path("/usr/lib/postgresql")


class BackupFailed(RuntimeError):
    """What could not be done, and what PostgreSQL said, as a sentence for whoever keeps the backups."""


def server_major() -> int:
    """The major version of the server that holds the city."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        return int(cursor.fetchone()[0])


def program(name: str, major: int) -> str:
    """The program of that version; BackupFailed where this host has none."""
    packaged = DEBIAN / str(major) / "bin" / name
    found = str(packaged) if packaged.exists() else shutil.which(name)
    if found is None:
        raise BackupFailed(f"{name} is missing here: install the package postgresql-{major}.")
    return found


def reach(database: Mapping[str, Any] | None = None) -> dict[str, str]:
    """The environment in which PostgreSQL's clients find the server of these settings, the city's if none are given."""
    given = database or connection.settings_dict
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    return {**os.environ, **{theirs: str(given[ours]) for ours, theirs in names.items() if given.get(ours)}}


def owner() -> str | None:
    """Who runs a server: root may not, so `postgres` does; anybody else does it alone."""
    return "postgres" if os.geteuid() == 0 else None


def run(*command: str, environment: Mapping[str, str] | None = None, user: str | None = None) -> str:
    """What it printed; BackupFailed with its last words where it failed."""
    done = subprocess.run(
        command, env=environment, user=user, group=user, extra_groups=[] if user else None, cwd="/", text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        said = re.sub(r"\s+", " ", (done.stderr or done.stdout).strip())[-600:]
        raise BackupFailed(f"{Path(command[0]).name}: {said or f'exit {done.returncode}'}")
    return done.stdout


def folder() -> Path:
    """Where backups lie; BackupFailed where the settings name no place."""
    if not settings.BACKUP_DIR:
        raise BackupFailed("Say where backups lie: set BACKUP_DIR to a folder on another disk, better another host.")
    return Path(settings.BACKUP_DIR)
