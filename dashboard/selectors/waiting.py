"""The to-do of a person: what waits now over all systems, the soonest due first; of what each app answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from core.languages import pick
from core.patience import Patience, Silence
from core.scope import Actor
from core.waiting import COUNTED, Desk, Waiting, desks
from grid import selectors as grid

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Heap:
    """What waits at one desk: how many, whether there are more than were counted, where all are; or its silence."""

    code: str
    names: Mapping[str, str]
    count: int
    more: bool
    href: str
    silence: str = ""


class Line(NamedTuple):
    """One thing that waits, the heap it is of, and where it is."""

    heap: Heap
    row: Waiting
    where: str


class Todo(NamedTuple):
    """The heaps that are this person's business, the first of what waits there, and whether that is not all."""

    heaps: Sequence[Heap]
    lines: Sequence[Line]
    cut: bool


def todo(actor: Actor, desk: str = "", most: int = SHOWN) -> Todo:
    """Everything that waits for the actor, or of one desk; every heap is counted either way."""
    patience = Patience(*settings.PATIENCE_S)
    heaps, found = [], []
    for one in desks():
        if one.concerns(actor):
            heap, rows = _heap(one, actor, most, patience)
            heaps.append(heap)
            found += [(heap, row) for row in rows if desk in ("", heap.code)]
    found.sort(key=lambda pair: _by_due(pair[1]))
    lines = _placed(found[:most])
    waiting = sum(heap.count + heap.more for heap in heaps if desk in ("", heap.code))
    return Todo(heaps, lines, waiting > len(lines))


def _heap(desk: Desk, actor: Actor, most: int, patience: Patience) -> tuple[Heap, Sequence[Waiting]]:
    pile = patience.ask(f"waiting.{desk.code}", lambda: desk.pile(actor, most))
    if isinstance(pile, Silence):
        return Heap(desk.code, desk.names, 0, False, "", pile.value), []
    return Heap(desk.code, desk.names, min(pile.count, COUNTED), pile.count > COUNTED, pile.href), pile.rows


def _by_due(row: Waiting) -> tuple[bool, float, float]:
    """By when it is due; what has no such moment comes last, the oldest first."""
    return row.due_at is None, _stamp(row.due_at), _stamp(row.since)


def _stamp(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


def _placed(pairs: Sequence[tuple[Heap, Waiting]]) -> list[Line]:
    """Each with where it is: as its app says, else the names of its area, read once for all."""
    names: Mapping[str, str] = {}
    if any(row.area and not row.where for _heap_of, row in pairs):
        names = {one.code: pick(one.names) for one in grid.region_names()}
    return [Line(heap, row, row.where or _named(row.area, names)) for heap, row in pairs]


def _named(area: str, names: Mapping[str, str]) -> str:
    return " · ".join(names[code] for code in area.split(".")[1:] if code in names)
