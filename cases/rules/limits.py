"""Which limit a case gets where several words speak of it, and whose word that was. Pure.

The strongest word first:
1. a special rule for the class in the area that names a limit, the nearest one;
2. the quick limit of the city's model, for the classes it names, where it is shorter by the clock;
3. what the condition itself says for the management grade of the ground, which is that of a control area while one
   holds in the cell for the class, and otherwise that of the map;
4. the condition's limit times the city's share for that grade (a quick class keeps its half hour on every ground);
5. the condition's limit as it is written.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from cases.rules.classes import Given, whole
from cases.rules.controls import Control, control_said, regrading
from cases.rules.responsibility import Special
from core.scope import under
from core.worktime import minutes_of

MOST_SHARE = 10


class By(StrEnum):
    """Whose word a limit is."""

    SPECIAL = "special"
    QUICK = "quick"
    GRADE = "grade"
    SHARE = "share"
    WRITTEN = "written"


class Spot(NamedTuple):
    """Where a case lies: the dotted path of its community, the grade of the ground (0: not known), and its cell."""

    area: str
    grade: int
    cell: str = ""


@dataclass(frozen=True)
class LimitBook:
    """What speaks of limits beside the conditions: shares and names of the grades, special rules, the quick limit.

    `controls` are the control areas in force, by cell.
    """

    shares: Mapping[int, float] = field(default_factory=dict)
    names: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    specials: tuple[Special, ...] = ()
    quick: Mapping[str, Any] = field(default_factory=dict)
    controls: Mapping[str, Sequence[Control]] = field(default_factory=dict)

    def special_for(self, category: str, area: str) -> Special | None:
        """The special rule with a limit for the class whose area is the nearest above the place."""
        found = [one for one in self.specials if one.limit and one.category == category and under(area, one.area)]
        return max(found, key=lambda one: (len(one.area), one.since, one.id), default=None)


class Limit(NamedTuple):
    """A limit of so many units, and why it is that: `by` whose word, the grade, and what the condition had written."""

    limit: dict[str, Any]
    says: dict[str, Any]


def limit_of(book: LimitBook, given: Given, letter: str, spot: Spot) -> Limit | None:
    """The limit of a class, in the shape of a manifest, under one of its conditions at a place; None without that."""
    row = next((one for one in given.get("conditions") or () if str(one["code"]) == letter), None)
    if row is None:
        return None
    written = dict(row["limit"])
    control = regrading(book.controls.get(spot.cell, ()), str(given["code"]))
    spot = spot._replace(grade=control.grade) if control else spot
    limit, says = _strongest(book, given, row, spot)
    about: dict[str, Any] = {"grade": spot.grade, "grade_names": dict(book.names.get(spot.grade, {}))}
    about |= control_said(control)
    told = says | ({} if limit == written else {"written": written}) | (about if spot.grade else {})
    return Limit(limit, told)


def _strongest(book: LimitBook, given: Given, row: Given, spot: Spot) -> tuple[dict[str, Any], dict[str, Any]]:
    special = book.special_for(str(given["code"]), spot.area)
    if special is not None:
        return dict(special.limit), {"by": By.SPECIAL, "special": special.id, "because": special.reason}
    limit, says = _graded(book, given, row, spot.grade)
    hurried = book.quick and (given.get("quick") or given["code"] in book.quick.get("classes", ()))
    if hurried and minutes_of(**book.quick["limit"]) < minutes_of(**limit):
        return {**book.quick["limit"], "quick": True}, {"by": By.QUICK}
    return limit, says


def _graded(book: LimitBook, given: Given, row: Given, grade: int) -> tuple[dict[str, Any], dict[str, Any]]:
    written = dict(row["limit"])
    own = (row.get("grades") or {}).get(str(grade))
    if own is not None:
        return {**written, "value": own}, {"by": By.GRADE}
    share = 1.0 if given.get("quick") else book.shares.get(grade, 1.0)
    if share == 1:
        return written, {"by": By.WRITTEN}
    return {**written, "value": whole(round(written["value"] * share, 4))}, {"by": By.SHARE, "share": share}


class ShareFault(NamedTuple):
    """What is wrong with the share of a grade."""

    grade: int
    code: str
    params: Mapping[str, Any]


def share_faults(shares: Mapping[int, Any], known: Iterable[int]) -> Iterator[ShareFault]:
    """Every grade has one share, a number above 0 and not too large."""
    expected = set(known)
    for grade in sorted(expected | shares.keys()):
        share = shares.get(grade)
        number = isinstance(share, int | float) and not isinstance(share, bool)
        if grade not in expected or not number or not 0 < float(share or 0) <= MOST_SHARE:
            yield ShareFault(grade, "grades.bad_share", {"grade": grade, "most": MOST_SHARE})
