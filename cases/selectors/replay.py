"""Last month's cases under a changed matrix: what would have gone elsewhere, before anything is saved."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import timedelta

from cases.models import Case, Override
from cases.rules import Book, resolve
from cases.selectors.finding import visible_to
from cases.selectors.responsibility import book_of_all, override, special_of
from core import clock
from core.scope import Actor, under

MONTH = timedelta(days=30)
LISTED = 200


@dataclass(frozen=True)
class Moved:
    """A case that would have gone elsewhere; organisations by code, "" for nobody."""

    number: str
    area: str
    before: str
    after: str


@dataclass(frozen=True)
class Replay:
    """How many cases were registered in the last month, which of them would have gone elsewhere, and a seal on that.

    `instead` are the special rules that would no longer hold.
    """

    total: int
    moved: tuple[Moved, ...]
    instead: tuple[int, ...]

    @property
    def seal(self) -> str:
        """Other whenever another case would move or another rule would end: nobody approves what they did not see."""
        told = json.dumps([self.instead, [[one.number, one.before, one.after] for one in self.moved]])
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def moved_before(replay: Replay, actor: Actor) -> list[Moved]:
    """Those of the cases that would move which this actor may see, as many as are listed."""
    listed = replay.moved[:LISTED]
    numbers = [one.number for one in listed]
    seen = set(visible_to(actor).filter(number__in=numbers).values_list("number", flat=True))
    return [one for one in listed if one.number in seen]


def replay_save(row: Override) -> Replay:
    """Last month's cases as if this special rule had held, instead of the one it takes the place of."""
    held = book_of_all()
    kept = tuple(one for one in held.specials if (one.category, one.area) != (row.category, row.area))
    return _replay(held, replace(held, specials=(*kept, special_of(row))), row.category, row.area)


def replay_brought(row: Override) -> Replay:
    """As `replay_save`; a rule that is over, or never held, moves nothing."""
    idle = row.state_at(clock.now()) == "over" or row.valid_until == row.valid_from
    return Replay(0, (), ()) if idle else replay_save(row)


def replay_end(pk: int) -> Replay:
    """Last month's cases as if that special rule were gone."""
    held, gone = book_of_all(), override(pk)
    kept = tuple(one for one in held.specials if one.id != pk)
    return _replay(held, replace(held, specials=kept), gone.category, gone.area)


def replay_duty(code: str, duty: str) -> Replay | None:
    """Last month's cases of a class as if it had named that duty; None where it does already, or is not in force."""
    held = book_of_all()
    if held.duties.get(code, duty) == duty:
        return None
    return _replay(held, replace(held, duties={**held.duties, code: duty}), code, "")


def _replay(held: Book, changed: Book, category: str, area: str) -> Replay:
    month = Case.objects.filter(registered_at__gte=clock.now() - MONTH)
    concerned = month.filter(category__code=category).order_by("-number").values_list("number", "area")
    moved = []
    for number, place in concerned:
        before, after = resolve(held, category, place), resolve(changed, category, place)
        if under(place, area) and before.organisation != after.organisation:
            moved.append(Moved(number, place, before.organisation, after.organisation))
    kept = {one.id for one in changed.specials}
    return Replay(month.count(), tuple(moved), tuple(one.id for one in held.specials if one.id not in kept))
