"""A scheme that is not in force yet, tried on a period: what each line has, and what it would have had."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import Invalid
from core.scope import Actor
from evaluation import rules
from evaluation.models import Scheme
from evaluation.rules import Result
from evaluation.selectors.boards import NOTHING, names_of
from evaluation.selectors.counting import Question, tallies
from evaluation.selectors.schemes import formula_of, given_points, version_on


@dataclass(frozen=True)
class Tried:
    """One line by the version that judges the period, and by the one that is tried."""

    names: Mapping[str, str]
    before: Result
    after: Result

    @property
    def change(self) -> float | None:
        """By how much the score would be higher."""
        if self.before.value is None or self.after.value is None:
            return None
        return round(self.after.value - self.before.value, 1)


def tried(actor: Actor, asked: Question, row: Scheme, document: Mapping[str, Any]) -> tuple[Tried, ...]:
    """The lines of a period under both, best by the new one first; points that people gave stay as they are."""
    if asked.by not in rules.JUDGED:
        raise Invalid("evaluation.level")
    new = rules.formula_from({"names": row.names, **document, "code": row.code})
    old = formula_of(version_on(row, asked.period.since))
    counts = tallies(actor, asked, (*dict.fromkeys((*old.refs, *new.refs)),))
    given = given_points(row, asked.by, asked.period)
    lines = [
        Tried(
            name,
            rules.evaluate(old, counts.get(key, NOTHING), given.get(key, {})),
            rules.evaluate(new, counts.get(key, NOTHING), given.get(key, {})),
        )
        for key, name in names_of(actor, asked, counts).items()
    ]
    return tuple(sorted(lines, key=lambda line: (line.after.value is None, -(line.after.value or 0))))
