"""Rehearse the restore, so that it is known to work before it is needed."""

import json
import os
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from cityops.backups.programs import BackupFailed, program, run
from cityops.backups.restoring import PORT, Cluster, restore, running
from cityops.backups.taking import keep_files
from core import clock

TOLD = "drill.json"


@dataclass(frozen=True, slots=True)
class Drill:
    """How a drill ended: nothing wrong means that the city could be brought back from that backup."""

    at: datetime
    backup: str
    seconds: float
    wrong: list[str]


def drill(folder: Path) -> Drill:
    """The newest backup was restored into a scratch cluster, verified and removed; its result lies in drill.json."""
    began, home = time.monotonic(), Path(tempfile.mkdtemp(prefix="cityops-drill-", dir="/var/tmp"))
    name = ""
    try:
        keep_files(folder)  # the log names files that came since the last backup
        cluster = restore(folder, home / "c", None)
        name = cluster.backup.name
        home.chmod(0o755)
        with running(cluster):
            wrong = settle(cluster, folder / "files", "drill")
    except (BackupFailed, OSError) as error:  # a full disk is a failed drill, too
        wrong = [str(error)]
    finally:
        shutil.rmtree(home, ignore_errors=True)
    told = Drill(clock.now(), name, round(time.monotonic() - began, 1), wrong)
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f"{TOLD}.part"
    half.write_text(json.dumps(asdict(told), default=datetime.isoformat, ensure_ascii=False, indent=1))
    half.replace(folder / TOLD)
    return told


def last_drill(folder: Path) -> Drill | None:
    """How the last one ended; None before the first."""
    with suppress(FileNotFoundError):
        held = json.loads((folder / TOLD).read_text())
        return Drill(**{**held, "at": datetime.fromisoformat(held["at"])})
    return None


def settle(cluster: Cluster, files: Path, reason: str) -> list[str]:
    """What is wrong with a restored cluster that runs; it begins a new epoch, so that nobody trusts old numbers."""
    database = cluster.backup.database
    reached = ("-h", str(cluster.home), "-p", PORT, "-U", cluster.user, "-d", database)
    run(program("pg_amcheck", cluster.backup.major), *reached, "--install-missing", "--heapallindexed")
    environment = {**os.environ, "DATABASE_URL": cluster.url, "DB_STATEMENT_TIMEOUT_MS": "0"}
    manage = (sys.executable, str(settings.BASE_DIR / "manage.py"), "verify", "--files", str(files), "--epoch", reason)
    return run(*manage, environment=environment).splitlines()
