"""Last month's cases under changed rules: what would have been otherwise, before anything is saved."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, NamedTuple

from cases.models import Case, Override, Responsibility
from cases.rules import Book, LimitBook, Spot, limit_of, resolve
from cases.selectors.catalogue import category, category_given, category_rows
from cases.selectors.finding import visible_to
from cases.selectors.general_rules import city_rule, duty_rule, duty_rules
from cases.selectors.limits import limit_book
from cases.selectors.responsibility import book_of_all, override, special_of
from core import clock
from core.scope import Actor, under
from grid import selectors as grid

MONTH = timedelta(days=30)
LISTED = 200
Given = Mapping[str, Any]


@dataclass(frozen=True)
class Moved:
    """A case that would have gone elsewhere; organisations by code, "" for nobody."""

    number: str
    area: str
    before: str
    after: str


@dataclass(frozen=True)
class Timed:
    """A case that would have been promised another limit; none at all where its condition would be gone."""

    number: str
    before: Given
    after: Given


@dataclass(frozen=True)
class Replay:
    """How many cases were registered in the last month, what of them would have been otherwise, and a seal on that.

    `moved` would have gone elsewhere, `timed` had another limit; `instead` are the rules (special ones, or general ones
    of the city) that would no longer hold.
    """

    total: int
    moved: tuple[Moved, ...]
    instead: tuple[int, ...]
    timed: tuple[Timed, ...] = ()

    @property
    def seal(self) -> str:
        """Other whenever another case would be treated otherwise or another rule would end: nobody approves unseen."""
        told = [
            self.instead,
            [[one.number, one.before, one.after] for one in self.moved],
            [[one.number, one.before, one.after] for one in self.timed],
        ]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def touched(self) -> int:
        """How many cases would have been treated otherwise in any way."""
        return len({one.number for one in self.moved} | {one.number for one in self.timed})


class Told(NamedTuple):
    """A case of last month, as the rules look at it."""

    number: str
    category: str
    condition: str
    spot: Spot


def moved_before(replay: Replay, actor: Actor) -> list[Moved]:
    """Those of the cases that would move which this actor may see, as many as are listed."""
    seen = _seen(replay.moved[:LISTED], actor)
    return [one for one in replay.moved[:LISTED] if one.number in seen]


def timed_before(replay: Replay, actor: Actor) -> list[Timed]:
    """Those of the cases with another limit which this actor may see, as many as are listed."""
    seen = _seen(replay.timed[:LISTED], actor)
    return [one for one in replay.timed[:LISTED] if one.number in seen]


def _seen(listed: Iterable[Moved | Timed], actor: Actor) -> set[str]:
    numbers = [one.number for one in listed]
    return set(visible_to(actor).filter(number__in=numbers).values_list("number", flat=True)) if numbers else set()


def replay_save(row: Override) -> Replay:
    """Last month's cases as if this special rule had held, instead of the one it takes the place of."""
    held, limits, special = book_of_all(), limit_book(), special_of(row)
    where = (row.category, row.area)
    changed = replace(held, specials=(*(one for one in held.specials if (one.category, one.area) != where), special))
    timed = replace(limits, specials=(*(one for one in limits.specials if (one.category, one.area) != where), special))
    return _replay_special(held, changed, limits, timed, where)


def replay_brought(row: Override) -> Replay:
    """As `replay_save`; a rule that is over, or never held, moves nothing."""
    idle = row.state_at(clock.now()) == "over" or row.valid_until == row.valid_from
    return Replay(0, (), ()) if idle else replay_save(row)


def replay_end(pk: int) -> Replay:
    """Last month's cases as if that special rule were gone."""
    held, limits, gone = book_of_all(), limit_book(), override(pk)
    changed = replace(held, specials=tuple(one for one in held.specials if one.id != pk))
    timed = replace(limits, specials=tuple(one for one in limits.specials if one.id != pk))
    return _replay_special(held, changed, limits, timed, (gone.category, gone.area))


def _replay_special(held: Book, changed: Book, limits: LimitBook, timed: LimitBook, where: tuple[str, str]) -> Replay:
    code, area = where
    told = [one for one in month_of([code]) if under(one.spot.area, area)]
    row = category(code)
    given = category_given(row) if row else {}
    kept = {one.id for one in changed.specials}
    return Replay(
        total=_registered().count(),
        moved=tuple(_moved(told, held, changed)),
        instead=tuple(one.id for one in held.specials if one.id not in kept),
        timed=tuple(_timed(told, {code: given}, limits, {code: given}, timed)),
    )


def replay_general(row: Responsibility) -> Replay:
    """Last month's cases as if this general rule had held, instead of what counts for its duty now."""
    held = book_of_all()
    return _replay_duty(held, replace(held, rules={**held.rules, row.duty: duty_rule(row)}), row.duty)


def replay_brought_general(row: Responsibility) -> Replay:
    """As `replay_general`; a rule that is over, or never held, moves nothing."""
    idle = row.state_at(clock.now()) == "over" or row.valid_until == row.valid_from
    return Replay(0, (), ()) if idle else replay_general(row)


def replay_general_end(pk: int) -> Replay:
    """Last month's cases as if that general rule of the city were gone: a pack's counts again, or none."""
    held, gone = book_of_all(), city_rule(pk)
    return _replay_duty(held, replace(held, rules=duty_rules(but=pk)), gone.duty)


def _replay_duty(held: Book, changed: Book, duty: str) -> Replay:
    told = month_of([code for code, named in held.duties.items() if named == duty])
    own = held.rules[duty].own if duty in held.rules else None
    stays = duty in changed.rules and changed.rules[duty].own == own
    return Replay(
        total=_registered().count(),
        moved=tuple(_moved(told, held, changed)),
        instead=() if own is None or stays else (own,),
    )


def replay_class(code: str, given: Given) -> Replay:
    """Last month's cases of a class as if it had read so: its duty, and the limits of its conditions.

    Nothing is otherwise where the class is not in force.
    """
    total, row = _registered().count(), category(code)
    if row is None:
        return Replay(total, (), ())
    held, limits, told = book_of_all(), limit_book(code), list(month_of([code]))
    duty = str((given.get("department") or {}).get("duty", ""))
    changed = replace(held, duties={**held.duties, code: duty})
    timed = _timed(told, {code: category_given(row)}, limits, {code: {**given, "code": code}}, limits)
    return Replay(total, tuple(_moved(told, held, changed)), (), tuple(timed))


def replay_shares(shares: Mapping[int, float]) -> Replay:
    """Last month's cases of every class as if the grades of the ground had had these shares."""
    limits, told = limit_book(), list(month_of())
    given = {row.code: category_given(row) for row in category_rows().filter(retired=False)}
    timed = _timed(told, given, limits, given, replace(limits, shares=dict(shares)))
    return Replay(len(told), (), (), tuple(timed))


def _registered() -> Any:
    return Case.objects.filter(registered_at__gte=clock.now() - MONTH)


def month_of(codes: Collection[str] | None = None) -> Iterator[Told]:
    """The cases registered in the last month, of these classes or of all, the newest first.

    Where a case has no grade of its own, as those registered before there were any, the map in force tells it.
    """
    rows = _registered().order_by("-number")
    rows = rows if codes is None else rows.filter(category__code__in=codes)
    fields = ("number", "category__code", "promise__condition", "area", "promise__says__grade", "cell")
    grades: dict[str, int] | None = None
    for number, name, condition, area, grade, cell in rows.values_list(*fields):
        if grade is None and grades is None:
            grades = grid.cell_grades()
        yield Told(number, name, str(condition), Spot(area, (grades or {}).get(cell, 0) if grade is None else grade))


def _moved(told: Iterable[Told], held: Book, changed: Book) -> Iterator[Moved]:
    for one in told:
        before, after = (resolve(book, one.category, one.spot.area).organisation for book in (held, changed))
        if before != after:
            yield Moved(one.number, one.spot.area, before, after)


def _timed(
    told: Iterable[Told], given: Mapping[str, Given], held: LimitBook, then: Mapping[str, Given], changed: LimitBook
) -> Iterator[Timed]:
    """The cases whose condition the class has today and whose limit would be another, or none."""
    for one in told:
        before = limit_of(held, given.get(one.category, {}), one.condition, one.spot)
        after = limit_of(changed, then.get(one.category, {}), one.condition, one.spot)
        if before and before.limit != (after.limit if after else None):
            yield Timed(one.number, _plain(before.limit), _plain(after.limit if after else {}))


def _plain(limit: Given) -> dict[str, Any]:
    return {name: limit[name] for name in ("value", "unit") if name in limit}
