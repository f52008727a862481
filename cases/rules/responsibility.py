"""Class x place -> responsible, cooperating, arbiter, and why. Pure: a book of rules, and one question to it.

A class names a duty; the duty's rule says which kind of organisation answers for it, one for each area of a level; the
nearest above the place is responsible. A special rule for a class in an area comes before that, the nearest one first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from core.scope import under

DEPTH: Mapping[str, int] = {"city": 1, "district": 2, "street": 3, "community": 4}
LEVELS = tuple(DEPTH)
ARBITERS = ("district_centre", "centre")


@dataclass(frozen=True)
class Office:
    """An organisation as the matrix sees it: what it is called, the ground it serves, the duties it carries."""

    code: str
    names: Mapping[str, str] = field(hash=False)
    kind: str
    path: str
    area: str
    duties: frozenset[str]


@dataclass(frozen=True)
class DutyRule:
    """Who answers for a duty: a kind of organisation, one per area of a level; who cooperates, who settles disputes.

    `own` is the number of the city's own rule that says so, with its reason; None where a pack says it.
    """

    duty: str
    names: Mapping[str, str] = field(hash=False)
    kind: str
    by: str
    cooperating: tuple[str, ...] = ()
    arbiter: tuple[str, ...] = ()
    own: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Special:
    """A special rule for a class in an area ("" = everywhere); what it leaves empty the general rule says."""

    id: int
    category: str
    area: str
    organisation: str
    cooperating: tuple[str, ...]
    arbiter: str
    reason: str
    since: datetime
    until: datetime | None = None
    limit: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def names_somebody(self) -> bool:
        """Whether it says who; one that only sets a limit does not stand before a wider one that does."""
        return bool(self.organisation or self.cooperating or self.arbiter)

    def holds(self, at: datetime) -> bool:
        """Whether it is in force; its end is exclusive."""
        return self.since <= at and (self.until is None or at < self.until)


class Line(NamedTuple):
    """One line of the reasoning: a code with a sentence, and what stands in it (names in both languages, or text)."""

    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """Whose duty it is ("" when nobody's), who cooperates, who settles a dispute, and how that was found."""

    organisation: str
    cooperating: tuple[str, ...]
    arbiter: str
    reason: str
    lines: tuple[Line, ...]
    ground: str = ""
    rivals: tuple[str, ...] = ()
    special: int | None = None

    @property
    def who(self) -> tuple[str, tuple[str, ...], str]:
        """The three answers without the reasons: what two places have in common."""
        return self.organisation, self.cooperating, self.arbiter


class _Found(NamedTuple):
    """Who carries a duty at a place, and those that are equally near."""

    office: Office | None
    rivals: tuple[str, ...]
    line: Line


@dataclass(frozen=True)
class Book:
    """Everything that decides: offices, the rule of each duty, the duty of each class, special rules in force."""

    offices: tuple[Office, ...]
    rules: Mapping[str, DutyRule]
    duties: Mapping[str, str]
    specials: tuple[Special, ...] = ()

    @cached_property
    def by_code(self) -> Mapping[str, Office]:
        """Offices by their code."""
        return {office.code: office for office in self.offices}

    @cached_property
    def _by_area(self) -> Mapping[str, tuple[Office, ...]]:
        found: dict[str, list[Office]] = {}
        for office in sorted(self.offices, key=lambda one: (len(one.path), one.code)):
            found.setdefault(office.area, []).append(office)
        return {area: tuple(held) for area, held in found.items()}

    @cached_property
    def _memory(self) -> dict[tuple[str, str], Any]:
        return {}

    def special_for(self, category: str, area: str) -> Special | None:
        """The special rule of the class whose area is the nearest above the place."""
        there = [one for one in self.specials if one.category == category and under(area, one.area)]
        found = [one for one in there if one.names_somebody]
        return max(found, key=lambda one: (len(one.area), one.since, one.id), default=None)

    def carrier(self, duty: str, area: str) -> _Found:
        """Who carries the duty at the place by its rule; the nearest ground no deeper than the rule's level."""
        key = (duty, area)
        if key not in self._memory:
            self._memory[key] = self._carrier(duty, area)
        found: _Found = self._memory[key]
        return found

    def _carrier(self, duty: str, area: str) -> _Found:
        rule = self.rules[duty]
        told = {"duty": rule.names or duty, "by": rule.by}
        for ground in _above(area, DEPTH[rule.by]):
            here = [one for one in self._by_area.get(ground, ()) if one.kind == rule.kind and duty in one.duties]
            if here:
                rivals = tuple(one.code for one in here[1:])
                line = Line("nearest", {**told, "name": here[0].names or here[0].code})
                return _Found(here[0], rivals, line)
        return _Found(None, (), Line("no_organisation", told))

    def arbiter_for(self, kinds: Iterable[str], area: str, but: str) -> Office | None:
        """The nearest organisation of the first of these kinds above the place, never the one that it would judge."""
        above = [one for ground in _above(area, max(DEPTH.values())) for one in self._by_area.get(ground, ())]
        for kind in tuple(kinds) or ARBITERS:
            found = next((one for one in above if one.kind == kind and one.code != but), None)
            if found is not None:
                return found
        return None


def _above(area: str, deepest: int) -> list[str]:
    """The grounds that cover a place, the nearest first, none deeper than that."""
    parts = area.split(".") if area else []
    return [".".join(parts[:depth]) for depth in range(min(len(parts), deepest), 0, -1)]


def resolve(book: Book, category: str, area: str) -> Answer:
    """Who is responsible for a class at a place, who cooperates, who settles a dispute, and why."""
    duty = book.duties.get(category, "")
    rule = book.rules.get(duty)
    special = book.special_for(category, area) if area else None
    chosen = book.by_code.get(special.organisation) if special else None
    lines = [_duty_line(category, duty, rule)]
    if rule and rule.own is not None:
        lines.append(Line("own_rule", {"id": rule.own, "reason": rule.reason}))
    if special:
        lines.append(_special_line(special, book))
    if chosen is None and (rule is None or not area):
        reason = "no_duty" if not duty else "no_rule" if rule is None else "no_organisation"
        more = [Line("no_organisation", {"duty": rule.names or duty, "by": rule.by})] if rule else []
        return Answer("", (), "", reason, (*lines, *more), special=special.id if special else None)
    found = book.carrier(duty, area) if rule and chosen is None else _Found(chosen, (), lines[-1])
    if chosen is None:
        lines.append(found.line)
    if found.office and found.rivals:
        names = [_called(book, code) for code in found.rivals]
        lines.append(Line("rivals", {"names": names, "name": found.office.names or found.office.code}))
    lead = found.office.code if found.office else ""
    cooperating, said = _cooperating(book, rule, special, area, lead)
    arbiter, judged = _arbiter(book, rule, special, area, lead)
    return Answer(
        organisation=lead,
        cooperating=cooperating,
        arbiter=arbiter,
        reason="special" if chosen else "found" if lead else "no_organisation",
        lines=(*lines, *said, judged),
        ground=found.office.area if found.office else "",
        rivals=found.rivals,
        special=special.id if special else None,
    )


def _called(book: Book, code: str) -> Any:
    office = book.by_code.get(code)
    return (office.names or code) if office else code


def _duty_line(category: str, duty: str, rule: DutyRule | None) -> Line:
    if not duty:
        return Line("class_without_duty", {"category": category})
    if rule is None:
        return Line("duty_without_rule", {"category": category, "duty": duty})
    return Line("class_duty", {"category": category, "duty": rule.names or duty})


def _special_line(special: Special, book: Book) -> Line:
    told = {"id": special.id, "reason": special.reason, "name": _called(book, special.organisation)}
    if not special.organisation:
        return Line("special_beside", told)
    return Line("special" if special.organisation in book.by_code else "special_gone", told)


def _cooperating(
    book: Book, rule: DutyRule | None, special: Special | None, area: str, lead: str
) -> tuple[tuple[str, ...], list[Line]]:
    if special and special.cooperating:
        codes = [code for code in special.cooperating if code in book.by_code and code != lead]
        return tuple(codes), [Line("cooperates_by_special", {"name": _called(book, code)}) for code in codes]
    offices = []
    for duty in rule.cooperating if rule else ():
        office = book.carrier(duty, area).office if duty in book.rules else None
        if office and office.code != lead:
            offices.append((office, book.rules[duty]))
    lines = [Line("cooperates", {"name": one.names or one.code, "duty": by.names or by.duty}) for one, by in offices]
    return tuple(dict.fromkeys(one.code for one, _rule in offices)), lines


def _arbiter(book: Book, rule: DutyRule | None, special: Special | None, area: str, lead: str) -> tuple[str, Line]:
    if special and special.arbiter in book.by_code:
        return special.arbiter, Line("arbiter_by_special", {"name": _called(book, special.arbiter)})
    office = book.arbiter_for(rule.arbiter if rule else (), area, lead)
    if office is None:
        return "", Line("no_arbiter", {})
    return office.code, Line("arbiter", {"name": office.names or office.code})


def overlaps(one: Special, other: Special) -> bool:
    """Whether two special rules speak of the same class in the same area at the same time."""
    if (one.category, one.area) != (other.category, other.area):
        return False
    return (one.until is None or other.since < one.until) and (other.until is None or one.since < other.until)
