"""Files of rules that hold for a time, a row for each: what would become of each, and then exactly that."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any, ClassVar, Generic

from django.utils.timezone import get_current_timezone

from cases.actions.responsibility import Rule
from cases.selectors import Replay
from core import clock
from core.errors import DomainError, Invalid
from core.scope import Actor
from core.written import moment_of
from exchange.contracts import Outcome, Row, Suspicion, Verdict

Key = tuple[str, ...]
ALWAYS, LONG_AGO = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)


class Act(Enum):
    """What has to be done for a row."""

    NOTHING = auto()
    SAVE = auto()
    BRING = auto()
    END = auto()


@dataclass(slots=True)
class Wish:
    """A rule as a row asks for it: an absent beginning is the moment of taking it, an absent end never comes.

    `first` and `last` are when it begins and ends by that.
    """

    number: int
    line: int
    key: Key
    words: Mapping[str, Any]
    begins: datetime | None
    ends: datetime | None
    first: datetime
    last: datetime

    def crosses(self, first: datetime, last: datetime) -> bool:
        """Whether it holds at some moment between these."""
        return self.first < last and first < self.last and self.first < self.last and first < last


@dataclass(slots=True)
class Plan(Generic[Rule]):
    """What is to be done for a row, with the draft of a rule or the rule that is concerned."""

    outcome: Outcome
    act: Act = Act.NOTHING
    draft: Rule | None = None
    held: Rule | None = None
    until: datetime | None = None


class Unread(Invalid):
    """A cell that cannot be taken as it is, with its field."""

    def __init__(self, code: str, /, *, field: str, **params: object) -> None:
        super().__init__(code, **params)
        self.field = field


class RuleFile(ABC, Generic[Rule]):
    """One file being taken. What was decided in the past stays; what holds now is ended when another takes its place.

    A row that holds now stands for the rule that holds now in its place, whenever that began.
    """

    names: ClassVar[tuple[str, ...]] = ()
    fields: ClassVar[Mapping[str, str]] = {}
    fallback: ClassVar[str] = ""
    follows: ClassVar[str] = ""
    ended: ClassVar[str] = ""
    held_then: ClassVar[str] = ""
    crossed: ClassVar[str] = ""

    def __init__(self, options: Mapping[str, str], *, actor: Actor) -> None:
        self.actor, self.now, self.zone = actor, clock.now(), get_current_timezone()
        self.reason = options.get("reason") or "导入表格 Imported from a spreadsheet"
        self._held: dict[Key, list[Rule]] = defaultdict(list)
        for row in sorted(self._standing(), key=begin_of):
            self._held[self._place(row)].append(row)
        self._wishes: dict[int, Wish] = {}
        self._by_key: dict[Key, list[Wish]] = defaultdict(list)
        self._moved: dict[int, tuple[int, int]] = {}

    @abstractmethod
    def _standing(self) -> Iterable[Rule]:
        """Every rule, also those that are over."""

    @abstractmethod
    def _place(self, rule: Rule) -> Key:
        """What only one rule at a time is for."""

    @abstractmethod
    def _key(self, row: Row) -> Key:
        """That of a row."""

    @abstractmethod
    def _words(self, row: Row) -> dict[str, Any]:
        """What a row says, as its verb takes it."""

    @abstractmethod
    def _said(self, rule: Rule) -> Mapping[str, Any]:
        """What a rule says, in the same words."""

    @abstractmethod
    def _draft(self, wish: Wish, *, begins: datetime | None, brought: bool) -> tuple[Rule, Replay]:
        """The rule that a row asks for, not saved, with last month's cases under it."""

    @abstractmethod
    def _carry_out(self, plan: "Plan[Rule]") -> None:
        """It is done."""

    def look(self, rows: Sequence[Row]) -> None:
        """Every rule of the file is remembered: two may not hold in one place at one time."""
        for row in rows:
            if row.faults:
                continue
            try:
                wish = self._wish(row)
            except DomainError:
                continue
            self._wishes[row.number] = wish
            self._by_key[wish.key].append(wish)

    def _wish(self, row: Row) -> Wish:
        words = self._words(row)
        begins, ends = self._moment(row, "valid_from"), self._moment(row, "valid_until")
        return Wish(row.number, row.line, self._key(row), words, begins, ends, begins or self.now, ends or ALWAYS)

    def _moment(self, row: Row, name: str) -> datetime | None:
        text = text_in(row, name)
        found = moment_of(text, self.zone) if text else None
        if text and found is None:
            raise Unread("responsibility.bad_moment", field=name, given=text[:30])
        return found

    def suspicions(self) -> list[Suspicion]:
        """How many of last month's cases would have gone elsewhere under the rules of the file."""
        moved = sum(moved for moved, _total in self._moved.values())
        if not moved:
            return []
        total = max(total for _moved, total in self._moved.values())
        return [Suspicion("responsibility.cases_move", {"moved": moved, "total": total})]

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """What would become of each row."""
        return [self._judged(row) for row in rows]

    def _judged(self, row: Row) -> Verdict:
        called = " ".join(filter(None, (text_in(row, name) for name in self.names)))
        if row.faults:
            return Verdict(row, Outcome.REFUSE, called)
        try:
            wish = self._wishes.get(row.number) or self._wish(row)
            plan = self._plan(wish)
        except DomainError as error:
            name = getattr(error, "field", "") or self.fields.get(error.code, self.fallback)
            row.refuse(name, error.code, **error.params)
            return Verdict(row, Outcome.REFUSE, called)
        return Verdict(row, plan.outcome, called, plan)

    def _plan(self, wish: Wish) -> Plan[Rule]:
        there = self._held.get(wish.key, [])
        if any(self._says(one, wish) and _period(one) == (wish.begins, wish.ends) for one in there):
            return Plan(Outcome.SAME)
        self._refuse_crossing(wish)
        if wish.last <= self.now or wish.first == wish.last:
            return self._past(wish, there)
        self._refuse_followed(wish, there)
        if wish.first > self.now:
            return self._to_come(wish, next((one for one in there if _held_from(one, wish.first)), None))
        now = next((one for one in there if one.state_at(self.now) == "in_force"), None)
        return self._present(wish, now) if now else self._new(wish)

    def _says(self, rule: Rule, wish: Wish) -> bool:
        return dict(self._said(rule)) == dict(wish.words)

    def _refuse_crossing(self, wish: Wish) -> None:
        if wish.last < wish.first:
            raise Invalid("responsibility.ends_before_it_begins")
        for other in self._by_key[wish.key]:
            if other.number < wish.number and wish.crosses(other.first, other.last):
                raise Unread(self.crossed, field="valid_from", line=other.line)

    def _refuse_followed(self, wish: Wish, there: Sequence[Rule]) -> None:
        """A rule that begins later stays, so that this one has to end by then."""
        later = [one for one in there if begin_of(one) > max(wish.first, self.now) and not _withdrawn(one)]
        for one in later:
            if wish.crosses(begin_of(one), one.valid_until or ALWAYS):
                begins = begin_of(one).date().isoformat()
                raise Unread(self.follows, field="valid_until", id=one.pk, begins=begins)

    def _past(self, wish: Wish, there: Sequence[Rule]) -> Plan[Rule]:
        """A rule that is over: as it is on record, or brought along."""
        standing = next((one for one in there if _held_from(one, wish.first)), None)
        if standing and standing.state_at(self.now) != "over" and wish.first != wish.last:
            raise Unread(self.ended, field="valid_until", id=standing.pk)
        if wish.begins is None:
            raise Unread("responsibility.past_without_beginning", field="valid_from")
        return self._brought(wish)

    def _to_come(self, wish: Wish, held: Rule | None) -> Plan[Rule]:
        if held and self._says(held, wish):
            return self._other_end(wish, held)
        draft = self._drafted(wish, begins=wish.begins)
        return Plan(Outcome.CHANGE if held else Outcome.ADD, Act.SAVE, draft)

    def _present(self, wish: Wish, held: Rule) -> Plan[Rule]:
        if self._says(held, wish):
            return self._other_end(wish, held)
        return Plan(Outcome.CHANGE, Act.SAVE, self._drafted(wish, begins=None))

    def _other_end(self, wish: Wish, held: Rule) -> Plan[Rule]:
        if wish.ends == held.valid_until:
            return Plan(Outcome.SAME)
        outcome = Outcome.CHANGE if wish.ends is None or held.valid_until else Outcome.RETIRE
        return Plan(outcome, Act.END, held=held, until=wish.ends)

    def _new(self, wish: Wish) -> Plan[Rule]:
        if wish.begins is not None:
            return self._brought(wish)
        return Plan(Outcome.ADD, Act.SAVE, self._drafted(wish, begins=None))

    def _brought(self, wish: Wish) -> Plan[Rule]:
        """One that began before the city came here; nothing may be known of that time in its place."""
        for one in self._held.get(wish.key, []):
            if wish.crosses(begin_of(one), one.valid_until or ALWAYS):
                raise Unread(self.held_then, field="valid_from", id=one.pk)
        return Plan(Outcome.ADD, Act.BRING, self._drafted(wish, begins=wish.begins, brought=True))

    def _drafted(self, wish: Wish, *, begins: datetime | None, brought: bool = False) -> Rule:
        draft, replay = self._draft(wish, begins=begins, brought=brought)
        self._moved[wish.number] = len(replay.moved), replay.total
        return draft

    def store(self, verdicts: Sequence[Verdict]) -> None:
        """The rules are as the rows say; ends come before beginnings."""
        plans = [one.item for one in verdicts if one.outcome is not Outcome.REFUSE and one.item.act is not Act.NOTHING]
        for plan in sorted(plans, key=lambda plan: begin_of(plan.draft) if plan.draft else LONG_AGO):
            self._carry_out(plan)

    def finish(self) -> Mapping[str, Any]:
        """Nothing is left to do."""
        return {}


def text_in(row: Row, name: str) -> str:
    """A cell as text, also where a workbook has a number in it."""
    value = row.values.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def begin_of(rule: Rule) -> datetime:
    """When it begins or began."""
    return rule.valid_from or LONG_AGO


def _period(rule: Rule) -> tuple[datetime | None, datetime | None]:
    return rule.valid_from, rule.valid_until


def _withdrawn(rule: Rule) -> bool:
    return rule.valid_until == rule.valid_from


def _held_from(rule: Rule, moment: datetime) -> bool:
    """Whether a rule began at that moment and was not taken back before."""
    return rule.valid_from == moment and not _withdrawn(rule)
