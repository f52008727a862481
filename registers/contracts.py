"""The public words of registers: what one declares, views of records, the news, the socket of their links."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from core.scope import Actor
from exchange.contracts.messages import Occasion, place, register_occasion
from journal.contracts import BY_AREA, BY_ORG, register_kind

Names = Mapping[str, str]
SEE, KEEP = "register.see", "register.keep"
ORDER = "order"
"""Where a stored declaration keeps the order of its attributes, which a column of JSON forgets."""
CASE = "case"
"""What a link may lead to beside the records of another register."""
COMPONENT = "component"
"""Instead of the class of a reaction: the class of the component that the record is about."""
OFFICE_HOURS = "office_hours"
"""The calendar, nearest above the place of a record, on which working days are counted."""
ATTRIBUTE, LINK = "attr_", "link_"
"""What the fields of a file are called that tell attributes and links, before their own names."""


class Placing(StrEnum):
    """What place a record of a register has."""

    NONE = "none"
    POINT = "point"
    LINE = "line"
    AREA = "area"


class Act(StrEnum):
    """By which act a record became what it is; a step of its register is `step`."""

    ENTER = "enter"
    AMEND = "amend"
    STEP = "step"
    LINK = "link"
    UNLINK = "unlink"
    REMIND = "remind"
    LAPSE = "lapse"
    OVERDUE = "overdue"


class State(NamedTuple):
    """A state of a register; in an end state nothing happens to a record any more."""

    code: str
    names: Names
    level: str = "info"
    end: bool = False
    within: Mapping[str, Any] = {}


class Check(NamedTuple):
    """One condition of a step: its form (`if`, `among`, `window`, `inside`), what is compared, what is said of a no."""

    code: str
    form: str
    what: Any
    says: Names
    refuses: bool = True


class Step(NamedTuple):
    """A way from some states to one, who may take it, what it needs and asks, and what it does to the term."""

    code: str
    names: Names
    sources: tuple[str, ...]
    target: str
    by: tuple[str, ...]
    needs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    place: bool = False
    reason: bool = False
    term: str = ""
    checks: tuple[Check, ...] = ()


class Term(NamedTuple):
    """How long a record is valid, how many days before its end it is told, and which states lapse into which."""

    value: int
    unit: str
    remind: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()
    lapse: str = ""


class Link(NamedTuple):
    """What records are linked to (`to`: a register or `case`), at most how many, and whether one is needed at once."""

    code: str
    names: Names
    to: str
    most: int = 0
    needed: bool = False


class Reaction(NamedTuple):
    """What becomes a case: `on` is `lapsed`, `overdue`, or a flag that a step raises."""

    on: str
    category: str
    text: Names


class Rounds(NamedTuple):
    """When every component of the register's types gets a record by itself, and how that begins.

    `each` day, week or month, at an hour; `workdays` moves it to the first working day. `duty` says who keeps it, and
    `stops` in which ends a component is left alone from then on.
    """

    each: str
    at: str
    workdays: bool = False
    duty: str = ""
    stops: tuple[str, ...] = ()
    given: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Declared:
    """A register as a pack declares it."""

    code: str
    names: Names
    one: Names
    about: Names
    number: str
    schema: Mapping[str, Any]
    placing: Placing
    assets: tuple[str, ...]
    titles: tuple[str, ...]
    columns: tuple[str, ...]
    personal: frozenset[str]
    unique: tuple[str, ...]
    see: tuple[str, ...]
    keep: tuple[str, ...]
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    term: Term | None
    links: tuple[Link, ...]
    reactions: tuple[Reaction, ...]
    rounds: Rounds | None = None
    pk: int = 0
    """The key of its row, 0 of one that is only declared."""

    def state_of(self, code: str) -> State:
        """The state of that code."""
        return next(one for one in self.states if one.code == code)

    def step(self, code: str) -> Step | None:
        """The step of that code, if there is one."""
        return next((one for one in self.steps if one.code == code), None)

    def link(self, code: str) -> Link | None:
        """The link of that code, if there is one."""
        return next((one for one in self.links if one.code == code), None)


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record as people and programs see it; personal attributes are masked."""

    register: str
    number: str
    title: str
    state: str
    state_names: Names
    level: str
    ended: bool
    org: str
    area: str
    attributes: Mapping[str, Any]
    asset: str
    valid_from: datetime | None
    valid_until: datetime | None
    due_at: datetime | None
    flags: tuple[str, ...]
    version: int
    written_under: int
    created_at: datetime
    changed_at: datetime
    lon: float | None = None
    lat: float | None = None
    geometry: Mapping[str, Any] = field(default_factory=dict)


class Notice(NamedTuple):
    """What a record has to be told of at a moment: `kind` is remind, lapse or overdue; days before the end."""

    at: datetime
    kind: str
    days: int = 0


@dataclass(frozen=True, slots=True)
class Raised:
    """What somebody should look at: the class of the case, the words, and where; `key` is the same when told again.

    `named` is the record in Chinese, as its register calls one, with its number.
    """

    key: str
    register: str
    number: str
    named: str
    category: str
    text: str
    lon: float | None
    lat: float | None
    asset: str
    at: datetime


class Found(NamedTuple):
    """Something a record may be linked to, as a line with a link."""

    key: str
    label: str
    href: str
    note: str


Finder = Callable[[Sequence[str], Actor], Sequence[Found]]
_targets: dict[str, Finder] = {}
_closed = False


def register_target(kind: str, find: Finder) -> None:
    """Records may be linked to things of that kind: `find(keys, actor)` answers those that the actor may see."""
    if _closed or kind in _targets:
        raise ValueError(f"{kind}: registered twice, or after the start; register it in records.py")
    _targets[kind] = find


def found(kind: str, keys: Sequence[str], actor: Actor) -> Sequence[Found]:
    """Those of these things that exist and that the actor may see; nothing of a kind nobody knows."""
    return _targets[kind](keys, actor) if kind in _targets and keys else ()


def close_targets() -> None:
    """No kind is added any more in this process."""
    global _closed
    _closed = True


@dataclass(frozen=True, slots=True)
class RecordEntered:
    """News: a record stands in a register."""

    register: str
    number: str
    state: str


@dataclass(frozen=True, slots=True)
class RecordAmended:
    """News: fields of a record were changed."""

    register: str
    number: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordMoved:
    """News: a step was taken with a record; `flags` are what it raised, `turn` its place in the history."""

    register: str
    number: str
    step: str
    before: str
    state: str
    flags: tuple[str, ...]
    turn: int


@dataclass(frozen=True, slots=True)
class RecordLinked:
    """News: a record was linked to something, or (`on` false) is linked no more."""

    register: str
    number: str
    link: str
    to: str
    on: bool


@dataclass(frozen=True, slots=True)
class RecordNoticed:
    """News: a term ends in so many days, has ended, or a state has lasted too long."""

    register: str
    number: str
    days: int
    turn: int


@dataclass(frozen=True, slots=True)
class RoundStarted:
    """News: a round of a register has begun: how many records it entered, how many components have one under way.

    `refused` are those that the register would not take, `missed` the rounds before it that nobody started.
    """

    register: str
    day: str
    entered: int
    waiting: int
    refused: int
    missed: int


TOLD = BY_AREA | BY_ORG
register_kind("registers.entered.v1", RecordEntered, TOLD)
register_kind("registers.amended.v1", RecordAmended, TOLD)
register_kind("registers.moved.v1", RecordMoved, TOLD)
register_kind("registers.linked.v1", RecordLinked, TOLD)
register_kind("registers.expiring.v1", RecordNoticed, TOLD)
register_kind("registers.lapsed.v1", RecordNoticed, TOLD)
register_kind("registers.overdue.v1", RecordNoticed, TOLD)
register_kind("registers.round_started.v1", RoundStarted, BY_AREA)

_PLACES = (
    place("register", "台账中的名称", "what one record is called", "犬只", "Dog"),
    place("number", "编号", "number", "DOG449901202600017"),
    place("title", "记录名称", "what it is called", "豆豆 · 柯基", "Doudou · Corgi"),
    place("state", "状态", "state", "已登记", "Registered"),
    place("until", "到期日期", "when it ends or should have moved on", "2027-03-01"),
    place("days", "还有几天", "days left", "30"),
)
OCCASIONS = (
    Occasion("record.expiring", {"zh": "台账记录即将到期", "en": "A record of a register expires soon"},
             ("registers.expiring.v1",), _PLACES),
    Occasion("record.lapsed", {"zh": "台账记录已失效", "en": "A record of a register has lapsed"},
             ("registers.lapsed.v1",), _PLACES),
    Occasion("record.overdue", {"zh": "台账记录办理超时", "en": "A record of a register is overdue"},
             ("registers.overdue.v1",), _PLACES),
)  # fmt: skip
"""What those who keep a register may be told; whom it concerns is found by `registers.selectors.tidings`."""
TOLD_OF = {occasion.kinds[0]: occasion.code for occasion in OCCASIONS}
for _occasion in OCCASIONS:
    register_occasion(_occasion)
