"""Things go where a new map puts them, once it is in force."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db import transaction

from core import clock
from core.scope import Actor, machine
from grid import selectors
from grid.contracts import Followed, PointSource
from grid.models import Follower
from grid.selectors import Misplaced
from journal import actions as journal

FOLLOWER: Actor = machine("rule:map", label="网格调整 New map")
CHUNK = 100
SETTLED_AFTER = timedelta(minutes=30)
"""Longer than the longest transaction (a task has 26 minutes), so that nobody is still writing by the old map."""
Settle = Callable[[Sequence[Misplaced], int], int]


def follow(source: PointSource, settle: Settle, *, most: int | None = None) -> int:
    """Everything of a kind stands in the cell that the map in force has for it; answers how many had to go.

    `settle` is given who stands wrong and the number of the map, cell by cell in transactions of their own, so that
    work broken off goes on where it was: whoever went already stands right. It asks which map is in force and not
    which was published, so that a map dated ahead moves nothing before its day. With `most`, a map that changes more
    cells is left to a call without.
    """
    current = selectors.map_version()
    follower, _new = Follower.objects.get_or_create(kind=source.kind)
    settled = bool(current) and _settled(current)
    if not current or follower.stands_on_id == current or (follower.led_to_id == current and not settled):
        return 0
    maps = selectors.maps_since(follower.stands_on_id or 0)
    codes = selectors.changed_cells(maps)
    if most is not None and len(codes) > most:
        return 0
    chunks = [codes[start : start + CHUNK] for start in range(0, len(codes), CHUNK)]
    moved = sum(_led(source, settle, maps, chunk) for chunk in chunks)
    _arrived(source.kind, current, moved, settled=settled)
    return moved


def _settled(version: int) -> bool:
    begun = selectors.begun_at(version)
    return begun is not None and clock.now() >= begun + SETTLED_AFTER


@transaction.atomic
def _led(source: PointSource, settle: Settle, maps: Sequence[int], codes: Sequence[str]) -> int:
    """Those on the ground of these cells stand right; two workers at the same do it one after the other."""
    Follower.objects.select_for_update().get(kind=source.kind)
    found = selectors.misplaced(source, maps, codes)
    return settle(found, maps[-1]) if found else 0


@transaction.atomic
def _arrived(kind: str, version: int, moved: int, *, settled: bool) -> None:
    follower = Follower.objects.select_for_update().get(kind=kind)
    follower.led_to_id = version
    if settled:
        follower.stands_on_id = version
    follower.save(update_fields=["led_to", "stands_on"])
    if moved:
        city = selectors.city()
        news = Followed(version, kind, moved)
        journal.record(
            "grid.followed.v1", subject=f"grid:{version}", actor=FOLLOWER, area=city.path if city else "", data=news
        )
