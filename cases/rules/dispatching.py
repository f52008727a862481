"""Automatic dispatch: rules as data, and whether one of them decides about a case. Pure.

Of the rules that speak of a case the first one decides, by priority; it never chooses among organisations that are
equally near, and what it does not decide waits for a person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cases.rules.responsibility import Answer
from core.scope import under

HOURS = ("", "office", "off")
AIMS = ("responsible", "district")
ACTS_AT: Mapping[str, str] = {"city": "registered", "district": "at_district"}
"""At which stage the rules of a level find their cases."""


@dataclass(frozen=True)
class DispatchRule:
    """Which cases it speaks of (an empty condition does not narrow), and where it sends them."""

    id: int
    name: str
    priority: int
    level: str
    aim: str
    classes: frozenset[str] = frozenset()
    area: str = ""
    sources: frozenset[str] = frozenset()
    grades: frozenset[int] = frozenset()
    hours: str = ""
    reason: str = ""

    def speaks_of(self, case: "Dispatchable") -> bool:
        """Whether every condition fits."""
        return (
            (not self.classes or case.category in self.classes)
            and under(case.area, self.area)
            and (not self.sources or case.source in self.sources)
            and (not self.grades or case.grade in self.grades)
            and (not self.hours or case.in_hours == (self.hours == "office"))
        )


@dataclass(frozen=True)
class Dispatchable:
    """A case as these rules look at it; `centres` are the district centres that serve its place.

    `receives` is whether a case of this place may be sent to the organisation of the answer by this level at all.
    """

    category: str
    area: str
    source: str
    grade: int
    in_hours: bool
    answer: Answer
    centres: tuple[str, ...] = ()
    receives: bool = True


@dataclass(frozen=True)
class Verdict:
    """The rule that speaks of the case, and where it goes ("" where it waits for a person, and the code says why)."""

    rule: DispatchRule | None
    organisation: str
    code: str
    params: Mapping[str, Any]


def decide(rules: Iterable[DispatchRule], case: Dispatchable) -> Verdict:
    """What the first rule that speaks of the case says about it; of equal priority the older one is asked first.

    A rule that is not saved yet, without a number, will be the youngest.
    """
    ordered = sorted(rules, key=lambda one: (one.priority, not one.id, one.id))
    rule = next((one for one in ordered if one.speaks_of(case)), None)
    if rule is None:
        return Verdict(None, "", "dispatching.no_rule", {})
    if rule.aim == "district":
        return _only(rule, case.centres)
    if case.answer.rivals:
        return Verdict(rule, "", "dispatching.rivals", {"names": [case.answer.organisation, *case.answer.rivals]})
    if not case.answer.organisation:
        return Verdict(rule, "", "dispatching.nobody", {})
    if not case.receives:
        return Verdict(rule, "", "dispatching.out_of_reach", {"names": [case.answer.organisation]})
    return Verdict(rule, case.answer.organisation, "dispatching.sent", {})


def _only(rule: DispatchRule, centres: tuple[str, ...]) -> Verdict:
    if len(centres) == 1:
        return Verdict(rule, centres[0], "dispatching.sent", {})
    code = "dispatching.rivals" if centres else "dispatching.nobody"
    return Verdict(rule, "", code, {"names": list(centres)} if centres else {})


@dataclass(frozen=True)
class Record:
    """What is known of an organisation and a class at a place: cases there, open cases, and how many were in time."""

    organisation: str
    here: int = 0
    open: int = 0
    judged: int = 0
    in_time: int = 0

    @property
    def rate(self) -> float | None:
        """The share handled in time; None where nothing was judged."""
        return self.in_time / self.judged if self.judged else None


@dataclass(frozen=True)
class Suggestion:
    """Who could take a case, and the grounds, each a code with its figures."""

    organisation: str
    matrix: bool
    record: Record


def ranked(responsible: str, records: Iterable[Record]) -> list[Suggestion]:
    """The matrix's organisation first, then by cases of the class there, by promises kept, by open cases."""
    found = [Suggestion(one.organisation, one.organisation == responsible, one) for one in records]
    return sorted(found, key=lambda one: (not one.matrix, -one.record.here, -(one.record.rate or 0.0),
                                          one.record.open, one.organisation))  # fmt: skip
