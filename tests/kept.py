"""What stood in the database is put back, instead of being made again by every test that really commits.

After such a test Django empties every table and lets each app say again what it says after a migration; before it a
town is founded through a hundred doors. Each takes a second or more and ends in the same rows. So they are made once,
kept in a schema beside the tables, and copied back by the server itself.
"""

import time
from collections.abc import Callable
from copy import deepcopy
from typing import Any, TypeVar

from django.db import connection, transaction
from django.test import TransactionTestCase

QUIET_S = 120.0
OTHERS = """FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND backend_type = 'client backend' AND state <> 'idle'"""
BUSY, WHO = f"SELECT count(*) {OTHERS}", f"SELECT state, left(query, 200) {OTHERS}"
COLUMNS = """SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
             FROM information_schema.columns
             WHERE table_schema = 'public' AND is_generated = 'NEVER' GROUP BY table_name"""
EMPTY = "empty"
Made = TypeVar("Made")
kept: dict[str, list[str]] = {}
answers: dict[str, Any] = {}
_emptied_by_django: Callable[[TransactionTestCase], None] = vars(TransactionTestCase)["_fixture_teardown"]


def asked(statement: str) -> list[tuple]:
    """The rows of an answer."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def filled() -> list[str]:
    """The tables in which there is anything."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return [
        name for (name,) in asked(" UNION ALL ".join(f"SELECT '{n}' WHERE EXISTS (SELECT FROM \"{n}\")" for n in names))
    ]


def old_ones(name: str) -> list[str]:
    """What was kept under this name, and what an earlier run kept under any: its tables may have been others."""
    schemas = [schema for (schema,) in asked("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'kept\\_%'")]
    return [schema for schema in schemas if not kept or schema == f"kept_{name}"]


def keep(name: str) -> None:
    """What stands in the tables now is kept under this name."""
    columns, tables = dict(asked(COLUMNS)), filled()
    with transaction.atomic(), connection.cursor() as cursor:
        for schema in old_ones(name):
            cursor.execute(f'DROP SCHEMA "{schema}" CASCADE')
        cursor.execute(f'CREATE SCHEMA "kept_{name}"')
        for table in tables:
            cursor.execute(f'CREATE TABLE "kept_{name}"."{table}" AS SELECT {columns[table]} FROM "{table}"')
    kept[name] = [
        f'INSERT INTO "{table}" ({columns[table]}) OVERRIDING SYSTEM VALUE SELECT * FROM "kept_{name}"."{table}"'
        for table in tables
    ]


def put_back(name: str) -> None:
    """Only what was kept stands in the tables. Guards are for those who write, not for who turns back."""
    emptying = [f'DELETE FROM "{table}"' for table in filled()]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("; ".join(["SET LOCAL session_replication_role = replica", *emptying, *kept[name]]))


def standing(name: str, make: Callable[[], Made]) -> Made:
    """What `make` makes in the empty tables and answers, made once and put back from then on."""
    if not may_turn_back():
        return make()
    if name not in kept:
        answers[name] = make()
        keep(name)
    else:
        put_back(name)
    return deepcopy(answers[name])


def may_turn_back() -> bool:
    """Whether guards may be set aside here, and no transaction is open in which that would be hidden."""
    return not connection.in_atomic_block and asked("SELECT current_setting('is_superuser')") == [("on",)]


def quiet() -> None:
    """Nobody else is writing any more: what a server was still asked for when its page was closed has been done."""
    end = time.monotonic() + QUIET_S
    while asked(BUSY) != [(0,)]:
        assert time.monotonic() < end, f"somebody still asks the database {QUIET_S:.0f} s after the test: {asked(WHO)}"
        time.sleep(0.02)


def emptied(case: TransactionTestCase) -> None:
    """Instead of Django's own emptying after a test that committed."""
    if not may_turn_back():
        _emptied_by_django(case)
        return
    quiet()
    if EMPTY in kept:
        put_back(EMPTY)
    else:
        _emptied_by_django(case)
        keep(EMPTY)
