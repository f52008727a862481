"""What every verb about the tree does besides: it holds the tree still, and remembers how it stood."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from accounts.models import Grant, Grants, Organisation, Standing
from core.querying import scope_q
from core.scope import Ground, Scope

_TREE_KEY = 0x6F72677472656500  # "orgtree"


def hold_tree(*, shared: bool = False) -> None:
    """Until the transaction ends no organisation moves or closes; `shared` by those who only write a path down."""
    verb = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {verb}(%s)", [_TREE_KEY])


def remember(rows: Iterable[Organisation], now: datetime) -> None:
    """How these organisations stand is on record from now on; how they stood before has ended."""
    held = list(rows)
    Standing.objects.filter(organisation__in=held, valid_until=None).update(valid_until=now)
    Standing.objects.bulk_create(
        Standing(
            organisation=row,
            names=row.names,
            duties=row.duties,
            parent_id=row.parent_id,
            path=row.path,
            active=row.active,
            valid_from=now,
        )
        for row in held
    )


def subtree(path: str) -> QuerySet[Organisation]:
    """The organisation at a path and all below it, locked, in the order of their keys."""
    here = scope_q(Scope((Ground(path),)), "path", "area")
    return Organisation.objects.select_for_update(of=("self",)).filter(here).order_by("pk")


def grants_under(path: str, now: datetime) -> Grants:
    """The grants over a subtree that are in force or still to begin."""
    return Grant.objects.not_over(now).filter(scope_q(Scope((Ground(path),))))
