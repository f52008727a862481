"""Cameras stand where a new map puts them."""

from collections.abc import Sequence
from itertools import groupby

from django.db import transaction

from grid import actions as grid
from grid.selectors import Misplaced
from video.models import Camera
from video.selectors import CameraPoints


def follow_map(*, most: int | None = None) -> int:
    """Cameras stand in the cells of the map in force; answers how many had to go (see `grid.actions.follow`)."""
    return grid.follow(CameraPoints(), _settle, most=most)


@transaction.atomic
def _settle(found: Sequence[Misplaced], version: int) -> int:
    """They stand in their new cells; whoever was placed anew meanwhile is left alone."""
    moved = 0
    for (was, cell, area), rows in groupby(sorted(found, key=_step), key=_step):
        held = Camera.objects.filter(pk__in=[one.row for one in rows], cell=was)
        moved += held.update(cell=cell, area=area)
    return moved


def _step(one: Misplaced) -> tuple[str, str, str]:
    return one.was, one.cell, one.area
