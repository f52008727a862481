"""Files of special rules, a row for each: what would become of each, and then exactly that."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any

from django.utils.timezone import get_current_timezone
from shapely.geometry.base import BaseGeometry

from cases.actions.class_files import UNITS
from cases.actions.responsibility import bring_override, draft_override, end_override_on, save_override
from cases.models import Override
from cases.rules import whole
from cases.selectors import outlines_by_path, overrides, replay_brought
from core import clock
from core.errors import DomainError, Invalid
from core.scope import Actor
from core.written import listed, moment_of
from exchange.contracts import Outcome, Row, Suspicion, Verdict
from grid import selectors as grid

Key = tuple[str, str]
ALWAYS, LONG_AGO = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)
ALIKE = 0.9
FIELDS = {
    "case.unknown_category": "class", "responsibility.no_area": "area", "responsibility.not_yours": "area",
    "case.needs_reason": "reason", "case.text_too_long": "reason", "class.bad_unit": "limit",
    "case.bad_text": "reason", "class.bad_limit": "limit",
    "responsibility.in_the_past": "valid_from", "responsibility.ends_before_it_begins": "valid_until",
    "responsibility.ends_in_the_past": "valid_until", "responsibility.held_then": "valid_from",
    "responsibility.shape_of_nothing": "geometry", "responsibility.shape_elsewhere": "geometry",
}  # fmt: skip


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
class Plan:
    """What is to be done for a row, with the draft of a rule or the rule that is concerned."""

    outcome: Outcome
    act: Act = Act.NOTHING
    draft: Override | None = None
    held: Override | None = None
    until: datetime | None = None


class SpecialRules:
    """One file being taken. What was decided in the past stays; what holds now is ended when another takes its place.

    A row that holds now stands for the rule that holds now in its place, whenever that began.
    """

    def __init__(self, options: Mapping[str, str], *, actor: Actor) -> None:
        self.actor, self.now, self.zone = actor, clock.now(), get_current_timezone()
        self.reason = options.get("reason") or "导入表格 Imported from a spreadsheet"
        self._names = {one.code: one.path for one in grid.region_names()}
        self._ground: dict[str, BaseGeometry] | None = None
        self._held: dict[Key, list[Override]] = defaultdict(list)
        for row in overrides().order_by("valid_from"):
            self._held[row.category, row.area].append(row)
        self._wishes: dict[int, Wish] = {}
        self._by_key: dict[Key, list[Wish]] = defaultdict(list)
        self._moved: dict[int, tuple[int, int]] = {}

    def look(self, rows: Sequence[Row]) -> None:
        """Every rule of the file is remembered: two of one class may not hold in one place at one time."""
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
        words = {
            "organisation": _text(row, "organisation"),
            "cooperating": listed(_text(row, "cooperating")),
            "arbiter": _text(row, "arbiter"),
            "limit": _limit(row),
            "reason": _text(row, "reason"),
        }
        begins, ends = self._moment(row, "valid_from"), self._moment(row, "valid_until")
        key = _text(row, "class").upper(), self._area(row)
        return Wish(row.number, row.line, key, words, begins, ends, begins or self.now, ends or ALWAYS)

    def _moment(self, row: Row, name: str) -> datetime | None:
        text = _text(row, name)
        found = moment_of(text, self.zone) if text else None
        if text and found is None:
            raise Unread("responsibility.bad_moment", field=name, given=text[:30])
        return found

    def _area(self, row: Row) -> str:
        """The area that a row names, by its path or its code; where it names none, that of its shape."""
        text = _text(row, "area")
        area = self._names.get(text, text)
        if row.geometry is None or (area and area not in self._outlines()):
            return area
        if not area:
            return self._area_of(row.geometry)
        if not self._outlines()[area].intersects(row.geometry.representative_point()):
            raise Unread("responsibility.shape_elsewhere", field="geometry", area=area)
        return area

    def _outlines(self) -> dict[str, BaseGeometry]:
        if self._ground is None:
            self._ground = outlines_by_path()
        return self._ground

    def _area_of(self, shape: BaseGeometry) -> str:
        for path, outline in sorted(self._outlines().items()):  # of regions alike the widest, which stands first
            both = outline.intersection(shape).area if shape.area and outline.intersects(shape) else 0
            if both and both / (outline.area + shape.area - both) > ALIKE:
                return path
        raise Unread("responsibility.shape_of_nothing", field="geometry")

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
        called = " ".join(filter(None, (_text(row, "class"), _text(row, "area"))))
        if row.faults:
            return Verdict(row, Outcome.REFUSE, called)
        try:
            wish = self._wishes.get(row.number) or self._wish(row)
            plan = self._plan(wish)
        except DomainError as error:
            name = getattr(error, "field", "") or FIELDS.get(error.code, "organisation")
            row.refuse(name, error.code, **error.params)
            return Verdict(row, Outcome.REFUSE, called)
        return Verdict(row, plan.outcome, called, plan)

    def _plan(self, wish: Wish) -> Plan:
        there = self._held.get(wish.key, [])
        if any(_says(one, wish) and (one.valid_from, one.valid_until) == (wish.begins, wish.ends) for one in there):
            return Plan(Outcome.SAME)
        self._refuse_crossing(wish)
        if wish.last <= self.now or wish.first == wish.last:
            return self._past(wish, there)
        _refuse_followed(wish, there, self.now)
        if wish.first > self.now:
            return self._to_come(wish, next((one for one in there if _held_from(one, wish.first)), None))
        now = next((one for one in there if one.state_at(self.now) == "in_force"), None)
        return self._present(wish, now) if now else self._new(wish)

    def _refuse_crossing(self, wish: Wish) -> None:
        if wish.last < wish.first:
            raise Invalid("responsibility.ends_before_it_begins")
        for other in self._by_key[wish.key]:
            if other.number < wish.number and wish.crosses(other.first, other.last):
                raise Unread("responsibility.rows_overlap", field="valid_from", line=other.line)

    def _past(self, wish: Wish, there: Sequence[Override]) -> Plan:
        """A rule that is over: as it is on record, or brought along."""
        standing = next((one for one in there if _held_from(one, wish.first)), None)
        if standing and standing.state_at(self.now) != "over" and wish.first != wish.last:
            raise Invalid("responsibility.ends_in_the_past", id=standing.pk)
        if wish.begins is None:
            raise Unread("responsibility.past_without_beginning", field="valid_from")
        return self._brought(wish)

    def _to_come(self, wish: Wish, held: Override | None) -> Plan:
        if held and _says(held, wish):
            return self._other_end(wish, held)
        draft = self._drafted(wish, begins=wish.begins)
        return Plan(Outcome.CHANGE if held else Outcome.ADD, Act.SAVE, draft)

    def _present(self, wish: Wish, held: Override) -> Plan:
        if _says(held, wish):
            return self._other_end(wish, held)
        return Plan(Outcome.CHANGE, Act.SAVE, self._drafted(wish, begins=None))

    def _other_end(self, wish: Wish, held: Override) -> Plan:
        if wish.ends == held.valid_until:
            return Plan(Outcome.SAME)
        outcome = Outcome.CHANGE if wish.ends is None or held.valid_until else Outcome.RETIRE
        return Plan(outcome, Act.END, held=held, until=wish.ends)

    def _new(self, wish: Wish) -> Plan:
        if wish.begins is not None:
            return self._brought(wish)
        return Plan(Outcome.ADD, Act.SAVE, self._drafted(wish, begins=None))

    def _brought(self, wish: Wish) -> Plan:
        """One that began before the city came here; nothing may be known of that time in its place."""
        for one in self._held.get(wish.key, []):
            if wish.crosses(one.valid_from, one.valid_until or ALWAYS):
                raise Invalid("responsibility.held_then", id=one.pk)
        return Plan(Outcome.ADD, Act.BRING, self._drafted(wish, begins=wish.begins, brought=True))

    def _drafted(self, wish: Wish, *, begins: datetime | None, brought: bool = False) -> Override:
        draft = draft_override(
            actor=self.actor, category_code=wish.key[0], area=wish.key[1], valid_from=begins, valid_until=wish.ends,
            brought=brought, **wish.words,
        )  # fmt: skip
        replay = replay_brought(draft)
        self._moved[wish.number] = len(replay.moved), replay.total
        return draft

    def store(self, verdicts: Sequence[Verdict]) -> None:
        """The rules are as the rows say; ends come before beginnings."""
        plans = [one.item for one in verdicts if one.outcome is not Outcome.REFUSE and one.item.act is not Act.NOTHING]
        for plan in sorted(plans, key=lambda plan: plan.draft.valid_from if plan.draft else LONG_AGO):
            self._carry_out(plan)

    def _carry_out(self, plan: Plan) -> None:
        draft, held = plan.draft, plan.held
        if held:
            end_override_on(held.pk, until=plan.until, actor=self.actor, reason=self.reason)
        elif draft and plan.act is Act.BRING:
            bring_override(draft, actor=self.actor, seen=None)
        elif draft:
            save_override(draft, actor=self.actor, seen=None)

    def finish(self) -> Mapping[str, Any]:
        """Nothing is left to do."""
        return {}


class Unread(Invalid):
    """A cell that cannot be taken as it is, with its field."""

    def __init__(self, code: str, /, *, field: str, **params: object) -> None:
        super().__init__(code, **params)
        self.field = field


def _text(row: Row, name: str) -> str:
    value = row.values.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _limit(row: Row) -> dict[str, Any]:
    """The limit that a cell writes as `2 work_day` or `2 工作日`; nothing where it is empty."""
    text = _text(row, "limit")
    if not text:
        return {}
    value, _space, unit = text.partition(" ")
    try:
        return {"value": whole(float(value)), "unit": UNITS.get(unit.strip().casefold(), unit.strip())}
    except (ValueError, OverflowError) as error:
        raise Unread("responsibility.bad_limit", field="limit", given=text[:30]) from error


def _says(held: Override, wish: Wish) -> bool:
    said = {
        "organisation": held.organisation, "cooperating": list(held.cooperating), "arbiter": held.arbiter,
        "limit": held.limit, "reason": held.reason,
    }  # fmt: skip
    return said == wish.words


def _refuse_followed(wish: Wish, there: Sequence[Override], now: datetime) -> None:
    """A rule that begins later stays, so that this one has to end by then."""
    later = [one for one in there if one.valid_from > max(wish.first, now) and one.valid_until != one.valid_from]
    for one in later:
        if wish.crosses(one.valid_from, one.valid_until or ALWAYS):
            begins = one.valid_from.date().isoformat()
            raise Unread("responsibility.another_follows", field="valid_until", id=one.pk, begins=begins)


def _held_from(one: Override, moment: datetime) -> bool:
    """Whether a rule began at that moment and was not taken back before."""
    return one.valid_from == moment and one.valid_until != one.valid_from
