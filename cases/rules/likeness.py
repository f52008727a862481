"""How like two reports are: by place, class, time, words and pictures. Pure, and every point says where it is from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from cases.rules.guards import NEAR_METRES, like_class

ALIKE_DAYS = 30
SAME_METRES, SAME_HOURS = 50, 24
LEAST = 45
"""Below this nothing is offered: two classes of one kind at two ends of a street are no duplicate."""
_PLACE, _CLASS, _TIME, _WORDS, _PICTURE, _RULE = 35, 30, 20, 15, 40, 10
_HOURS = 24 * 7
PICTURED = frozenset({"picture", "look"})
"""The grounds that pictures give."""


class Duplicates(NamedTuple):
    """What a city takes for the same problem: reports of one class within so many metres and hours of one another.

    What lies within `reach_metres` and was told of within `reach_days` is compared, and may be merged.
    """

    metres: int = SAME_METRES
    hours: int = SAME_HOURS
    reach_metres: int = NEAR_METRES
    reach_days: int = ALIKE_DAYS

    def but(self, *said: Mapping[str, int]) -> "Duplicates":
        """The same but for what these say, the last of them having the last word."""
        return self._replace(**{name: value for one in said for name, value in one.items()})


DUPLICATES = Duplicates()
"""Before a pack has said anything."""


@dataclass(frozen=True)
class Told:
    """What one report says: where, of what class, when, in which words, with which pictures.

    `pictures` are hashes of files, which are the same or not; `prints` are what pictures look like, 64 bits each.
    """

    category: str = ""
    description: str = ""
    cell: str = ""
    reported_at: datetime | None = None
    pictures: frozenset[str] = frozenset()
    prints: frozenset[int] = frozenset()


Ground = tuple[str, Mapping[str, Any]]


class Likeness(NamedTuple):
    """How like two reports are, from 0 to 100, and the grounds: (code, facts of its sentence)."""

    score: int
    grounds: tuple[Ground, ...]


def likeness(
    one: Told, other: Told, metres: float | None, bits: int = 0, rule: Duplicates = DUPLICATES
) -> Likeness | None:
    """How like two reports are; None where they are too unlike to be offered, or their classes exclude it.

    Pictures whose prints differ by so many `bits` at most look the same; `rule` is what the city takes for one problem.
    """
    if not like_class(one.category, other.category):
        return None
    marks = [
        _same(one, other, metres, rule), _place(one, other, metres, rule), _class(one, other), _time(one, other),
        _words(one, other), _picture(one, other, bits),
    ]  # fmt: skip
    score = min(100, round(sum(points for points, _ground in marks)))
    if score < LEAST:
        return None
    return Likeness(score, tuple(ground for points, ground in marks if points >= 1))


Mark = tuple[float, Ground]


def _same(one: Told, other: Told, metres: float | None, rule: Duplicates) -> Mark:
    """What the city's rule says of the two as a whole."""
    ground = ("rule", {"metres": rule.metres, "hours": rule.hours})
    if metres is None or metres > rule.metres or not one.category or one.category != other.category:
        return 0, ground
    near = one.reported_at is not None and other.reported_at is not None and _hours(one, other) <= rule.hours
    return (_RULE if near else 0), ground


def _hours(one: Told, other: Told) -> float:
    if one.reported_at is None or other.reported_at is None:
        return 0
    return abs((one.reported_at - other.reported_at).total_seconds()) / 3600


def _place(one: Told, other: Told, metres: float | None, rule: Duplicates) -> Mark:
    if metres is None:
        return 0, ("place", {})
    if metres > rule.reach_metres and one.cell != other.cell:
        return 0, ("place", {})
    return _PLACE * max(0.2, 1 - metres / rule.reach_metres), ("place", {"metres": round(metres)})


def _class(one: Told, other: Told) -> Mark:
    if one.category and one.category == other.category:
        return _CLASS, ("class", {})
    return (_CLASS / 3 if one.category and other.category else _CLASS / 2), ("major", {})


def _time(one: Told, other: Told) -> Mark:
    if one.reported_at is None or other.reported_at is None:
        return _TIME / 2, ("time", {"hours": 0})
    hours = _hours(one, other)
    return _TIME * max(0.0, 1 - hours / _HOURS), ("time", {"hours": round(hours)})


def _words(one: Told, other: Told) -> Mark:
    here, there = _pairs(one.description), _pairs(other.description)
    share = len(here & there) / len(here | there) if here and there else 0.0
    return _WORDS * share, ("words", {"share": round(100 * share)})


def _pairs(text: str) -> set[str]:
    """Neighbouring letters and figures: words that need no spaces, Chinese as well as English."""
    letters = [letter for letter in text.lower() if letter.isalnum()]
    return {a + b for a, b in zip(letters, letters[1:], strict=False)}


def _picture(one: Told, other: Told, bits: int) -> Mark:
    """The same file, or one that was saved anew or taken again of the same."""
    if one.pictures & other.pictures:
        return _PICTURE, ("picture", {})
    apart = min(((here ^ there).bit_count() for here in one.prints for there in other.prints), default=64)
    return (_PICTURE if apart <= bits else 0), ("look", {"bits": apart})
