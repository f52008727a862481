"""The dashboard's public words: levels of urgency, what a tile counts, the wall's figures, panels and systems."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from journal.contracts import PERSONAL, register_kind


class Level(StrEnum):
    """How urgent a case is, worst first; each has one colour, one shape and one word on every screen."""

    CRITICAL = "critical"
    SERIOUS = "serious"
    CAUTION = "caution"
    INFO = "info"
    NORMAL = "normal"


class Measure(StrEnum):
    """What happened how often on a day (see `dashboard.rules` for which entry counts as what)."""

    REPORTED = "reported"
    REGISTERED = "registered"
    DUE = "due"
    KEPT = "kept"
    QUICK = "quick"
    QUICK_KEPT = "quick_kept"
    VERDICT = "verdict"
    REWORK = "rework"
    CLOSED = "closed"
    OPENED = "opened"
    ENDED = "ended"
    MARKS = "marks"
    SCORE10 = "score10"


HOURLY = frozenset({
    Measure.DUE, Measure.KEPT, Measure.QUICK, Measure.QUICK_KEPT, Measure.VERDICT, Measure.REWORK, Measure.OPENED,
    Measure.ENDED,
})  # fmt: skip
"""Measures that are counted by the hour too (`due:05`), for the lines of the last 24 hours."""
TREND_HOURS = 24
WINDOW_DAYS = 7
HISTORY_DAYS = 2 * WINDOW_DAYS + 1
UNITS = "units"
"""The kind of the book by which units join."""
TARGETS = {"on_time": 95, "half_hour": 90, "rework": 2}
SUBSCRIBER = "dashboard.tiles"


@dataclass(frozen=True)
class AuditExported:
    """Somebody took the audit trail away as a file; `asked` are the filters."""

    asked: dict[str, str]


EXPORTED = "audit.exported.v1"
register_kind(EXPORTED, AuditExported, PERSONAL)


@dataclass(frozen=True)
class Metric:
    """A measure of a cell: where its classes begin, whether it counts a period, and which end is bad.

    The classes never move with the data, so that two days, two districts and two screens may be compared. `closed`: no
    value lies above the last class.
    """

    code: str
    breaks: tuple[int, ...]
    unit: str = "cases"
    by_period: bool = False
    low_is_bad: bool = False
    closed: bool = False

    def class_of(self, value: int) -> int:
        """The number of the class of a value, from 0; below the first break it is 0 too."""
        return max(0, sum(value >= start for start in self.breaks) - 1)


METRICS = {
    metric.code: metric
    for metric in (
        Metric("open", (1, 2, 3, 5, 8)),
        Metric("overdue", (1, 2, 3, 5, 8)),
        Metric("registered", (1, 3, 6, 10, 20), by_period=True),
        Metric("on_time", (0, 60, 80, 90, 95), unit="percent", by_period=True, low_is_bad=True),
        Metric("grade", (1, 2, 3, 4), unit="grade", low_is_bad=True, closed=True),
    )
}
DAYS = (1, 7, 30, 90)


@dataclass(frozen=True)
class HelpTopic:
    """What one screen is for: in each language `title`, `purpose`, `steps`, `words`, and `says` with what to do then.

    `paths` are the pages it belongs to, each with all that lies beneath; `see` names other topics.
    """

    code: str
    paths: tuple[str, ...]
    see: tuple[str, ...]
    texts: Mapping[str, Mapping[str, Any]]

    def text(self, language: str) -> Mapping[str, Any]:
        """The topic in that language; Chinese where it has no such."""
        return self.texts.get(language, self.texts["zh"])


class View(StrEnum):
    """How a panel is drawn."""

    NUMBER = "number"
    BARS = "bars"
    RANKING = "ranking"
    CURVE = "curve"
    CALENDAR = "calendar"
    MAP = "map"
    TABLE = "table"
    EXPIRING = "expiring"


BY_DAY = frozenset({View.CURVE, View.CALENDAR})
IN_GROUPS = frozenset({View.BARS, View.RANKING})
ROW_BY_ROW = frozenset({View.MAP, View.TABLE, View.EXPIRING})


@dataclass(frozen=True)
class Panel:
    """A drawing that a pack declares: what it counts (`of`, `count`), told apart by what, and how it is drawn.

    `keep` says whether the target is the least or the most that is good.
    """

    code: str
    names: Mapping[str, str]
    about: Mapping[str, str]
    view: View
    of: str
    count: str
    by: str = ""
    classes: tuple[str, ...] = ()
    register: str = ""
    types: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    days: int = 30
    most: int = 10
    target: float | None = None
    keep: str = "least"


class Bar(NamedTuple):
    """One group of a panel: its key, what people call it, how many, the level it stands for, the list behind it."""

    key: str
    label: str
    value: float | None
    level: str = ""
    href: str = ""


class Line(NamedTuple):
    """One thing of a panel: what it is called, its number, where it stands, until when, and its place."""

    title: str
    number: str
    href: str
    word: str
    level: str
    at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


class Outcome(StrEnum):
    """What became of a panel's question."""

    TOLD = "told"
    EMPTY = "empty"
    REFUSED = "refused"
    SLOW = "slow"
    GONE = "gone"


@dataclass(frozen=True)
class Told:
    """A panel with its answer: a value, groups (`more` of them are left out), days or lines, or why there is none."""

    panel: Panel
    outcome: Outcome
    value: float | None = None
    groups: tuple[Bar, ...] = ()
    more: int = 0
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class System:
    """A pack in force as somebody who works with it sees it; a count is None where they may not see such things."""

    code: str
    names: Mapping[str, str]
    about: Mapping[str, str]
    classes: tuple[str, ...]
    registers: tuple[str, ...]
    types: tuple[str, ...]
    open: int | None = None
    waiting: int | None = None
    ending: int | None = None
    components: int | None = None
