"""How like two reports are: by place, class, time, words and pictures. Pure, and every point says where it is from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from cases.rules.guards import NEAR_METRES, like_class

ALIKE_DAYS = 30
"""A report is compared with open cases that were told of so many days before or after it."""
LEAST = 45
"""Below this nothing is offered: two classes of one kind at two ends of a street are no duplicate."""
_PLACE, _CLASS, _TIME, _WORDS, _PICTURE = 35, 30, 20, 15, 40
_HOURS = 24 * 7
PICTURED = frozenset({"picture", "look"})
"""The grounds that pictures give."""


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


def likeness(one: Told, other: Told, metres: float | None, bits: int = 0) -> Likeness | None:
    """How like two reports are; None where they are too unlike to be offered, or their classes exclude it.

    Pictures whose prints differ by so many `bits` at most look the same.
    """
    if not like_class(one.category, other.category):
        return None
    marks = [
        _place(one, other, metres), _class(one, other), _time(one, other), _words(one, other),
        _picture(one, other, bits),
    ]  # fmt: skip
    score = min(100, round(sum(points for points, _ground in marks)))
    if score < LEAST:
        return None
    return Likeness(score, tuple(ground for points, ground in marks if points >= 1))


Mark = tuple[float, Ground]


def _place(one: Told, other: Told, metres: float | None) -> Mark:
    if metres is None:
        return 0, ("place", {})
    if metres > NEAR_METRES and one.cell != other.cell:
        return 0, ("place", {})
    return _PLACE * max(0.2, 1 - metres / NEAR_METRES), ("place", {"metres": round(metres)})


def _class(one: Told, other: Told) -> Mark:
    if one.category and one.category == other.category:
        return _CLASS, ("class", {})
    return (_CLASS / 3 if one.category and other.category else _CLASS / 2), ("major", {})


def _time(one: Told, other: Told) -> Mark:
    if one.reported_at is None or other.reported_at is None:
        return _TIME / 2, ("time", {"hours": 0})
    hours = abs((one.reported_at - other.reported_at).total_seconds()) / 3600
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
