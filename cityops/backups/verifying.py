"""Is what was restored whole? Asked of the database that this process is connected to."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from cityops.backups.named import named

HOLES = """
    SELECT scope, max(seq) - min(seq) + 1 - count(*) FROM journal_feedplace GROUP BY scope
    HAVING max(seq) - min(seq) + 1 <> count(*)
"""
AHEAD = """
    SELECT place.scope, max(place.seq), max(head.head) FROM journal_feedplace AS place
    LEFT JOIN journal_feedhead AS head ON head.scope = place.scope
    GROUP BY place.scope HAVING max(place.seq) > coalesce(max(head.head), 0)
"""


def faults(files: Path) -> Iterator[str]:
    """Each thing that is wrong, as a sentence: migrations, the numbers of the journal, the files that rows name."""
    yield from _migrations()
    yield from _journal()
    yield from _files(files)


def _migrations() -> Iterator[str]:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        names = ", ".join(f"{migration.app_label} {migration.name}" for migration, _back in missing)
        yield f"The database is older than this code: run migrate ({names})."


def _journal() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(HOLES)
        yield from (f"The feed {scope} lacks {lost} numbers." for scope, lost in cursor.fetchall())
        cursor.execute(AHEAD)
        for scope, last, head in cursor.fetchall():
            yield f"The feed {scope} holds number {last}, but its head stands at {head}."


def _files(media: Path) -> Iterator[str]:
    for one in named():
        path = media / one.path
        if not path.exists():
            yield f"The file {one.path}, named by {one.by}, is missing."
        elif _sealed(path) != one.sha256:
            yield f"The file {one.path}, named by {one.by}, is not what was sealed."


def _sealed(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sums(database: BaseDatabaseWrapper | None = None) -> dict[str, tuple[int, str]]:
    """Of each table how many rows it holds, and a sum over them in any order that changes with any of them."""
    with (database or connection).cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
            " WHERE schemaname = 'public' ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(
                f"SELECT count(*), coalesce(sum(hashtextextended(row::text, 0)::numeric), 0)::text FROM {table} AS row"
            )
            found[table] = cursor.fetchone()
    return found
