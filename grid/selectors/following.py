"""What stands in another cell by now than the one it was last told: by the rule of the preview of a new map."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from core import clock
from grid.contracts import PointSource
from grid.models import GridVersion
from grid.selectors.moves import DIFFERING, GROUND_CHANGES, NOISE_M2, TOUCHED, UNDER_NEW, lay_ground

NOTHING = 0
MISPLACED = f"""
    {TOUCHED}
    SELECT t.id, t.cell, new.code, new.area FROM t {UNDER_NEW}
     WHERE (t.cell, t.area) IS DISTINCT FROM (new.code, new.area) AND new.code IS NOT NULL
     ORDER BY t.id
"""


class Misplaced(NamedTuple):
    """A thing by its row, the cell it was told, and the cell and area path in which it stands."""

    row: int
    was: str
    cell: str
    area: str


def maps_since(version: int) -> list[int]:
    """The maps that were in force from a version on until now, in their order; from nothing, only the present one."""
    past = GridVersion.objects.filter(state=GridVersion.State.PUBLISHED, valid_from__lte=clock.now())
    begun = past.filter(pk=version).values_list("valid_from", flat=True).first()
    if begun is None:
        newest = past.order_by("-valid_from").values_list("pk", flat=True).first()
        return [NOTHING, newest] if newest else []
    return list(past.filter(valid_from__gte=begun).order_by("valid_from").values_list("pk", flat=True))


def begun_at(version: int) -> datetime | None:
    """Since when a map is in force; None of a draft."""
    return GridVersion.objects.values_list("valid_from", flat=True).get(pk=version)


def changed_cells(maps: Sequence[int]) -> list[str]:
    """The codes of the cells whose ground changed from one of these maps to the next, in order."""
    codes: set[str] = set()
    with connection.cursor() as cursor:
        for old, new in zip(maps, maps[1:], strict=False):
            cursor.execute(DIFFERING, {"old": old, "new": new, "noise": NOISE_M2})
            codes.update(code for code, change in cursor.fetchall() if change in GROUND_CHANGES)
    return sorted(codes)


@transaction.atomic
def misplaced(source: PointSource, maps: Sequence[int], codes: Sequence[str]) -> list[Misplaced]:
    """What stands on the ground of these cells and was told another cell than the last of the maps has for it.

    What stands in no cell of that map any more is left out: it keeps the last cell it had.
    """
    points, given = source.points()
    params: dict[str, Any] = {**given, "new": maps[-1]}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        lay_ground(cursor, maps, codes)
        cursor.execute(MISPLACED.format(points=points), params)
        found = [Misplaced(*row) for row in cursor.fetchall()]
        cursor.execute("DROP TABLE changed_ground")
    return found
