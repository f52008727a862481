"""What is wrong with this installation, in sentences, each with a way out."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import redis
from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from cityops import health, heartbeat
from cityops.checks import drivers
from grid import selectors as grid

OLDEST_PYTHON, OLDEST_POSTGRES, OLDEST_POSTGIS, OLDEST_REDIS = (3, 11), 150000, (3, 3), (7, 0)
SPACE_BYTES = 2 * 2**30


class Finding(NamedTuple):
    """One thing looked at: its verdict, what was seen, and what to do where it is wrong."""

    ok: bool
    what: str
    way_out: str = ""


def python() -> Iterator[Finding]:
    """Interpreter and database driver."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(sys.version_info[:2] >= OLDEST_PYTHON, f"Python {version}", "install Python 3.11 or newer")
    found = drivers()
    yield Finding(len(found) == 1, f"database driver: {' and '.join(found)}", "install exactly one, psycopg2")


def database() -> Iterator[Finding]:
    """Server, extension, migrations, map."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select current_setting('server_version_num')::int, current_setting('server_version')")
            number, name = cursor.fetchone()
            cursor.execute("select extversion from pg_extension where extname = 'postgis'")
            postgis = cursor.fetchone()
    except DatabaseError as error:
        yield Finding(False, f"database: {error}".strip(), "start it: ./run demo, or set DATABASE_URL")
        return
    yield Finding(number >= OLDEST_POSTGRES, f"PostgreSQL {name}", "upgrade to 15 or newer")
    version = tuple(int(part) for part in postgis[0].split(".")[:2]) if postgis else (0, 0)
    yield Finding(
        version >= OLDEST_POSTGIS,
        f"PostGIS {postgis[0] if postgis else 'absent'}",
        "create extension postgis, 3.3 or newer",
    )
    yield from tables()


def tables() -> Iterator[Finding]:
    """Migrations that are not applied, and whether there is a map at all."""
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    yield Finding(waiting == 0, f"{waiting} migrations wait", "manage.py migrate")
    if waiting == 0:
        cells = grid.cell_count()
        yield Finding(cells > 0, f"{cells:,} cells in the map in force", "manage.py demo, or import the city's grid")


def broker() -> Iterator[Finding]:
    """Redis: version, persistence, eviction."""
    try:
        client = heartbeat.client()
        version = client.info("server")["redis_version"]
        options = client.config_get("appendonly", "maxmemory-policy")
    except redis.RedisError as error:
        yield Finding(False, f"Redis: {error}", "start it: ./run demo, or set REDIS_URL")
        return
    number = tuple(int(part) for part in version.split(".")[:2])
    yield Finding(number >= OLDEST_REDIS, f"Redis {version}", "upgrade to 7.0 or newer")
    yield Finding(options["appendonly"] == "yes", f"appendonly {options['appendonly']}", "set appendonly yes")
    policy = options["maxmemory-policy"]
    yield Finding(policy == "noeviction", f"maxmemory-policy {policy}", "set maxmemory-policy noeviction")


def processes() -> Iterator[Finding]:
    """The relay and the workers, as /readyz sees them."""
    for name in ("relay", "workers"):
        verdict = health.PROBES[name]()
        seen = ", ".join(f"{key} {value}" for key, value in verdict.items() if key != "ok")
        yield Finding(verdict["ok"], f"{name}: {seen}", f"see the log of {name}; ./run demo starts it")


def files() -> Iterator[Finding]:
    """The built front end, the detector's weights, room on the disk."""
    manifest = Path(settings.BASE_DIR) / "frontend" / "dist" / "manifest.json"
    yield Finding(manifest.exists(), "front end built", "cd frontend && npm ci --ignore-scripts && npm run build")
    weights = Path(settings.BASE_DIR) / settings.DETECTOR_WEIGHTS
    yield Finding(
        weights.exists(), f"detector {weights.name}", "set DETECTOR_WEIGHTS, or restore video/weights from git"
    )
    folder = Path(settings.DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    yield Finding(free > SPACE_BYTES, f"{free / 2**30:.1f} GiB free under {folder}", "make room, 2 GiB at least")


PARTS: dict[str, Callable[[], Iterator[Finding]]] = {
    "python": python,
    "database": database,
    "redis": broker,
    "processes": processes,
    "files": files,
}


class Command(BaseCommand):
    """Looks at everything, prints everything, fails where something is wrong."""

    help = "Says what is wrong with this installation and what to do about it."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """One line per finding; the exit status is 1 where any is wrong."""
        wrong = 0
        for name, look in PARTS.items():
            for finding in look():
                wrong += not finding.ok
                mark = "ok     " if finding.ok else "PROBLEM"
                way_out = "" if finding.ok or not finding.way_out else f"   -> {finding.way_out}"
                self.stdout.write(f"  {mark}  {name:<10} {finding.what}{way_out}")
        if wrong:
            raise CommandError(f"{wrong} problems")
