"""The public words of assets: states, views, the news, and the socket of what others know of a component."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.scope import Actor
from exchange.contracts.messages import Occasion, place, register_occasion
from journal.contracts import BY_AREA, PERSONAL, register_kind


class Geometry(StrEnum):
    """How a type of asset is drawn."""

    POINT = "point"
    LINE = "line"
    AREA = "area"


class State(StrEnum):
    """ObjState of the component register: 完好, 破损, 丢失, 废弃, 移除."""

    INTACT = "intact"
    DAMAGED = "damaged"
    LOST = "lost"
    ABANDONED = "abandoned"
    REMOVED = "removed"


class Act(StrEnum):
    """By which act a component became what it is."""

    CREATE = "create"
    EDIT = "edit"
    RETIRE = "retire"
    RESTORE = "restore"
    IMPORT = "import"
    CENSUS = "census"
    REQUEST = "request"
    GRID = "grid"


class RequestKind(StrEnum):
    """What a change request (部件变更) says of a component."""

    NEW = "new"
    MOVED = "moved"
    CHANGED = "changed"
    VANISHED = "vanished"


class RequestState(StrEnum):
    """Whether a change request still waits; all but the first are ends."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Subject(StrEnum):
    """What a census counts."""

    COMPONENTS = "components"
    EVENTS = "events"


class ProjectState(StrEnum):
    """How far a census has come."""

    PLANNED = "planned"
    RUNNING = "running"
    VERIFIED = "verified"
    ACCEPTED = "accepted"


class StreetState(StrEnum):
    """How far a street of a census has come; a refused one goes back to its surveyor."""

    ASSIGNED = "assigned"
    HANDED_IN = "handed_in"
    CHECKING = "checking"
    VERIFIED = "verified"


class FindingKind(StrEnum):
    """What a surveyor found; `outside`: it stands where this census does not count."""

    NEW = "new"
    CONFIRMED = "confirmed"
    CHANGED = "changed"
    MISSING = "missing"
    OUTSIDE = "outside"


class Outcome(StrEnum):
    """What became of a finding when the census was accepted."""

    WRITTEN = "written"
    KEPT = "kept"
    STALE = "stale"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class AssetView:
    """A component (部件) or other typed thing; `metres` is the distance asked for, else None."""

    code: str
    type: str
    type_names: Mapping[str, str]
    names: Mapping[str, str]
    lon: float
    lat: float
    cell: str
    area: str
    state: str
    authority: str
    owner: str
    maintainer: str
    attributes: Mapping[str, object]
    metres: float | None = None
    accuracy: str = ""
    source: str = ""
    version: int = 1
    changed_at: datetime | None = None
    geometry: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """Something that another app knows of a component: a line with a link, the newest first; `at` where it has one."""

    label: str
    href: str
    note: str
    at: datetime | None
    over: bool
    metres: float | None = None


Knows = Callable[[AssetView, str, Actor], Sequence[About]]
Reports = Callable[[AssetView, Actor], str]
Classes = Callable[[], Mapping[str, Mapping[str, str]]]
_knowers: dict[str, tuple[Mapping[str, str], Knows]] = {}
_reports: list[Reports] = []
_classes: list[Classes] = []
_closed = False


def register_knowledge(app: str, names: Mapping[str, str], knows: Knows) -> None:
    """An app tells on the page of a component what it knows of it: `knows(component, class code, actor)`."""
    if _closed or app in _knowers:
        raise ValueError(f"{app}: registered twice, or after the start; register it in components.py")
    _knowers[app] = (names, knows)


def register_reporting(address: Reports) -> None:
    """Where somebody reports a case about a component; "" for who may not."""
    if _closed or _reports:
        raise ValueError("the address of reports: registered twice, or after the start")
    _reports.append(address)


def reporting(view: AssetView, actor: Actor) -> str:
    """The address at which a case about the component is reported; "" where there is none for this actor."""
    return next((address(view, actor) for address in _reports), "")


def register_event_classes(classes: Classes) -> None:
    """The classes of events that a census of recurring events may cover, as names by code."""
    if _closed or _classes:
        raise ValueError("the classes of events: registered twice, or after the start")
    _classes.append(classes)


def event_classes() -> Mapping[str, Mapping[str, str]]:
    """The names of every class of events by its code; empty where no app has any."""
    return {code: names for classes in _classes for code, names in classes().items()}


def close_knowledge() -> None:
    """No app is added any more in this process."""
    global _closed
    _closed = True


def knowledge(view: AssetView, class_code: str, actor: Actor) -> list[tuple[Mapping[str, str], Sequence[About]]]:
    """What each app knows of a component, under its name."""
    return [(names, knows(view, class_code, actor)) for names, knows in _knowers.values()]


@dataclass(frozen=True, slots=True)
class TypeCount:
    """How many of a type stand on the map, removed ones left out."""

    type: str
    names: Mapping[str, str]
    count: int


@dataclass(frozen=True, slots=True)
class ComponentPlan:
    """How component codes are built: the district's code, four digits of class, and a number within both.

    The values here are those that hold until a pack or the city says otherwise.
    """

    standard: str = "GB/T 30428.2"
    edition: str = "2013"
    digits: int = 16
    district: int = 6

    @property
    def head(self) -> int:
        """How many digits name district and class."""
        return self.district + 4

    @property
    def numbers(self) -> int:
        """How many digits number the components of a class in a district."""
        return max(0, self.digits - self.head)

    @property
    def most(self) -> int:
        """The highest number of a component."""
        return int("9" * self.numbers or "0")


@dataclass(frozen=True, slots=True)
class ComponentPlanSaved:
    """News: from now on component codes are read by this plan."""

    standard: str
    edition: str
    digits: int


register_kind("assets.code_plan_saved.v1", ComponentPlanSaved, BY_AREA)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row of a census that was not taken: its number from 1, its code, why (a code of `assets.sentences`)."""

    row: int
    code: str
    reason: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a census brought."""

    survey: int
    created: int
    updated: int
    unchanged: int
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class AssetsImported:
    """News: a census of components was taken over."""

    survey: int
    created: int
    updated: int
    refused: int


register_kind("assets.imported.v1", AssetsImported, BY_AREA)


@dataclass(frozen=True, slots=True)
class ComponentChanged:
    """News: a component was entered or changed by hand or by request; the fields, and its version now."""

    code: str
    version: int
    act: str
    fields: tuple[str, ...]
    state: str
    request: int | None


@dataclass(frozen=True, slots=True)
class ChangeAsked:
    """News: somebody in the field proposes a change."""

    request: int
    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class ChangeDecided:
    """News: a proposed change was accepted, refused or withdrawn."""

    request: int
    kind: str
    code: str
    state: str


@dataclass(frozen=True, slots=True)
class CensusStep:
    """News: a census was planned, began, is verified, or has been accepted; `written` counts components."""

    project: int
    state: str
    streets: int
    written: int


@dataclass(frozen=True, slots=True)
class StreetStep:
    """News: a street of a census was given to somebody, handed in, verified, or sent back."""

    project: int
    street: str
    state: str
    round: int
    sampled: int
    wrong: int


register_kind("assets.changed.v1", ComponentChanged, BY_AREA)
register_kind("assets.change_asked.v1", ChangeAsked, BY_AREA)
register_kind("assets.change_decided.v1", ChangeDecided, BY_AREA | PERSONAL)
register_kind("assets.census_moved.v1", CensusStep, BY_AREA)
register_kind("assets.street_moved.v1", StreetStep, BY_AREA | PERSONAL)

_STREET_PLACES = (
    place("census", "普查名称", "census", "金砂街道部件普查", "Census of Jinsha"),
    place("street", "街道或社区", "street", "金砂街道", "Jinsha street"),
    place("round", "第几轮", "round", "2"),
    place("by", "经办人", "who did it", "王静", "Wang Jing"),
)
OCCASIONS = (
    Occasion(
        "component.decided", {"zh": "我的变更申请已处理", "en": "My change request was decided"},
        ("assets.change_decided.v1",),
        (
            place("number", "申请编号", "request number", "17"),
            place("component", "部件", "component", "4499010101000012"),
            place("decision", "结果", "decision", "已采纳", "accepted"),
            place("by", "经办人", "who did it", "王静", "Wang Jing"),
        ),
    ),
    Occasion("census.assigned", {"zh": "普查任务分配给我", "en": "A street of a census is given to me"},
             ("assets.street_moved.v1", "assets.census_moved.v1"), _STREET_PLACES),
    Occasion("census.sent_back", {"zh": "普查任务退回", "en": "A street of a census came back"},
             ("assets.street_moved.v1",), _STREET_PLACES),
)  # fmt: skip
"""What people may be told of components and censuses; whom it concerns is found by `assets.selectors.tidings`."""
for _occasion in OCCASIONS:
    register_occasion(_occasion)
