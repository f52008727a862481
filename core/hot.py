"""Attributes that lists narrow by, each with an index of its own: what a pack declares hot is found in a large table.

The conditions of `equals` and the indexes of `keep_indexes` are written alike, or PostgreSQL would not use one for the
other. A text counts by its first letters, so that no text is too long for its index; the whole of it is looked at as
well.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import JSONField, Q, Value
from django.db.models.fields.json import DataContains, KeyTextTransform, KeyTransform
from django.db.models.functions import Left
from django.db.models.lookups import Exact

from core.schema import LIST, PLAIN, TEXT, Hot

LETTERS = 120
EXPRESSIONS = {
    TEXT: f"btree ((left(attributes ->> %s, {LETTERS})), {{order}})",
    PLAIN: "btree ((attributes -> %s), {order})",
    LIST: "gin ((attributes -> %s) jsonb_path_ops)",
}
LOCK = 0x686F74  # "hot"
STANDING = """
    SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE i.indrelid = %s::regclass AND starts_with(c.relname, %s)
"""


class Place(NamedTuple):
    """Where attributes are kept: the table, the column that says whose row it is, and the order of its lists."""

    table: str
    owner: str
    order: str

    @property
    def prefix(self) -> str:
        """How the names of its indexes begin."""
        return f"{self.table}_hot_"

    def name_of(self, owner: int, hot: Hot) -> str:
        """The name of one index; another kind of value is another index."""
        told = hashlib.sha256(f"{hot.kind}:{hot.name}:{self.order}".encode()).hexdigest()[:12]
        return f"{self.prefix}{owner}_{told}"


def equals(hot: Hot, value: Any) -> Q:
    """The condition that the attribute has this value, or (in a list) holds it."""
    if hot.kind == LIST:
        return Q(DataContains(KeyTransform(hot.name, "attributes"), Value([value], output_field=JSONField())))
    if hot.kind == PLAIN:
        return Q(Exact(KeyTransform(hot.name, "attributes"), Value(value, output_field=JSONField())))
    begins = Q(Exact(Left(KeyTextTransform(hot.name, "attributes"), LETTERS), Value(str(value)[:LETTERS])))
    return begins if len(str(value)) < LETTERS else begins & Q(attributes__contains={hot.name: value})


def keep_indexes(place: Place, wanted: Mapping[int, Sequence[Hot]]) -> tuple[list[str], list[str]]:
    """Every hot attribute of every owner has its index, what is hot no longer has none; answers both.

    Outside a transaction nobody waits for it: the indexes are built beside the work. Another one at it is left alone.
    """
    named = {place.name_of(owner, hot): (owner, hot) for owner, every in wanted.items() for hot in every}
    with _alone() as mine:
        if not mine:
            return [], []
        with connection.cursor() as cursor:
            cursor.execute(STANDING, [place.table, place.prefix])
            standing = dict(cursor.fetchall())
        gone = [name for name, valid in standing.items() if name not in named or not valid]
        missing = [name for name in named if not standing.get(name)]
        for name in gone:
            _run(f'DROP INDEX {_beside()}IF EXISTS "{name}"')
        for name in missing:
            owner, hot = named[name]
            how = EXPRESSIONS[hot.kind].format(order=place.order)
            _run(f'CREATE INDEX {_beside()}"{name}" ON {place.table} USING {how} WHERE {place.owner} = %s',
                 hot.name, owner)  # fmt: skip
        if missing:
            _run(f"ANALYZE {place.table}")
    return missing, gone


def _beside() -> str:
    return "" if connection.in_atomic_block else "CONCURRENTLY "


def _run(sql: str, *params: str | int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)


@contextmanager
def _alone() -> Iterator[bool]:
    """Nobody else keeps indexes meanwhile, and no limit of time ends it; False where somebody is at it."""
    if connection.in_atomic_block:
        yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        mine = bool(cursor.fetchone()[0])
    try:
        if mine:
            _run("SET statement_timeout = 0")
        yield mine
    finally:
        if mine:
            _run("RESET statement_timeout")
            _run("SELECT pg_advisory_unlock(%s)", LOCK)
