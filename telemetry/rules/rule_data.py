"""What a rule of alarms says, read from its document and checked; and when it watches. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from telemetry.contracts.alarms import RuleKind

MOST_BANDS = 4
NUMBER, COUNT = {"type": "number", "minimum": 0, "maximum": 1e6}, {"type": "integer", "minimum": 1, "maximum": 100}
NAMES = {
    "type": "object", "required": ["zh", "en"], "additionalProperties": False,
    "properties": {one: {"type": "string", "minLength": 1, "maxLength": 80} for one in ("zh", "en")},
}  # fmt: skip
CASE = {
    "type": "object",
    "required": ["category", "level"],
    "additionalProperties": False,
    "properties": {
        "category": {"type": "string", "pattern": "^[0-9A-Z]{1,20}$"},
        "level": {"type": "integer", "minimum": 1, "maximum": MOST_BANDS},
        "about": {"enum": ["place", "station", "gauge"]},
        "metres": {"type": "number", "minimum": 0, "maximum": 5000},
        "minutes": {"type": "number", "minimum": 0, "maximum": 10080},
    },
}
RULE: Mapping[str, Any] = {
    "type": "object",
    "required": ["names", "kind", "metric"],
    "additionalProperties": False,
    "properties": {
        "names": NAMES,
        "kind": {"enum": [one.value for one in RuleKind]},
        "metric": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"},
        "stations": {"type": "array", "items": {"type": "string", "maxLength": 40}, "maxItems": 500},
        "bands": {
            "type": "array", "items": {"type": "number", "minimum": -1e6, "maximum": 1e6}, "minItems": 1,
            "maxItems": MOST_BANDS,
        },
        "hysteresis": {"type": "object", "additionalProperties": False,
                       "properties": {"least": NUMBER, "share": {"type": "number", "minimum": 0, "maximum": 1}}},
        "debounce": {"type": "object", "additionalProperties": False, "properties": {"need": COUNT, "of": COUNT}},
        "clear": {"type": "object", "additionalProperties": False,
                  "properties": {"minutes": NUMBER, "readings": COUNT}},
        "on_minutes": NUMBER,
        "most_turns": COUNT,
        "rise": {"type": "object", "additionalProperties": False,
                 "properties": {"rate": NUMBER, "from": NUMBER, "minutes": NUMBER, "within": NUMBER, "wait": NUMBER}},
        "quality": {"type": "object", "additionalProperties": False,
                    "properties": {"spike": NUMBER, "rate": NUMBER, "confirm": NUMBER}},
        "silence": {"type": "object", "additionalProperties": False,
                    "properties": {"times": NUMBER, "least": NUMBER, "rain": NUMBER}},
        "months": {"type": "array", "uniqueItems": True, "minItems": 1,
                   "items": {"type": "integer", "minimum": 1, "maximum": 12}},
        "hours": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$"},
        "case": CASE,
    },
}  # fmt: skip
"""The shape of a rule; a number that is left out is what `fleet-iot.md` 5.5 proposes for levels in centimetres."""


@dataclass(frozen=True, slots=True)
class LevelRule:
    """When values raise an alarm and when they clear it; times are seconds, the rise and the rate per minute."""

    bands: tuple[float, ...]
    least: float = 2
    share: float = 0.1
    need: int = 2
    of: int = 3
    clear_s: float = 600
    clear_n: int = 3
    on_s: float = 300
    most_turns: int = 6
    rise: float = 1
    rise_from: float = 5
    rise_s: float = 600
    within_s: float = 900
    wait_s: float = 1200
    spike: float = 30
    rate: float = 10
    confirm: float = 5
    months: tuple[int, ...] = ()
    hours: tuple[int, int] | None = None

    def over(self, value: float) -> int:
        """How many bands the value reaches."""
        return sum(value >= band for band in self.bands)

    def is_below(self, level: int, value: float) -> bool:
        """Whether the value lies so far below the band of the level that it may be left."""
        band = self.bands[level - 1]
        return value <= band - max(self.least, self.share * abs(band))

    def watches(self, at: float, zone: timezone) -> bool:
        """Whether the rule raises anything at that moment; what stands may clear at any time."""
        if not self.months and self.hours is None:
            return True
        local = datetime.fromtimestamp(at, UTC).astimezone(zone)
        if self.months and local.month not in self.months:
            return False
        if self.hours is None:
            return True
        minute, (start, end) = local.hour * 60 + local.minute, self.hours
        return start <= minute < end if start < end else minute >= start or minute < end


@dataclass(frozen=True, slots=True)
class SilenceRule:
    """After how many times its interval, and at least how many seconds, a gauge is silent; in rain sooner."""

    times: float = 3
    least_s: float = 900
    rain_s: float = 300


CHINA = timezone(timedelta(hours=8))


_PARTS = {
    "clear_s": ("clear", "minutes", 60), "clear_n": ("clear", "readings", 1), "rise": ("rise", "rate", 1),
    "rise_from": ("rise", "from", 1), "rise_s": ("rise", "minutes", 60), "within_s": ("rise", "within", 60),
    "wait_s": ("rise", "wait", 60),
}  # fmt: skip
"""Which number of a rule stands where in its document, and how many of ours one of it is."""


def level_rule(document: Mapping[str, Any], own_bands: Sequence[float] = ()) -> LevelRule:
    """The rule as numbers; a station may have bands of its own."""
    given = {name: dict(document.get(name) or {}) for name in ("hysteresis", "debounce", "clear", "rise", "quality")}
    found: dict[str, Any] = {**given["hysteresis"], **given["debounce"], **given["quality"]}
    for to, (part, name, times) in _PARTS.items():
        if name in given[part]:
            found[to] = given[part][name] * times
    if "on_minutes" in document:
        found["on_s"] = document["on_minutes"] * 60
    if "most_turns" in document:
        found["most_turns"] = document["most_turns"]
    bands = own_bands if len(own_bands) == len(document["bands"]) else document["bands"]
    hours = _minutes(document["hours"]) if document.get("hours") else None
    return LevelRule(bands=tuple(bands), months=tuple(document.get("months") or ()), hours=hours, **found)


def silence_rule(document: Mapping[str, Any]) -> SilenceRule:
    """The rule as numbers."""
    told = document.get("silence") or {}
    usual = SilenceRule()
    return SilenceRule(
        told.get("times", usual.times), told.get("least", usual.least_s / 60) * 60,
        told.get("rain", usual.rain_s / 60) * 60,
    )  # fmt: skip


def _minutes(hours: str) -> tuple[int, int]:
    start, end = (int(one[:2]) * 60 + int(one[3:]) for one in hours.split("-"))
    return start, end


def fault_of(document: Mapping[str, Any]) -> str:
    """The first thing that is wrong with a document of the right shape, as the code of a sentence; "" where none is."""
    bands = document.get("bands") or ()
    if document["kind"] == RuleKind.LEVEL and not bands:
        return "telemetry.bands_needed"
    if any(one >= other for one, other in zip(bands, bands[1:], strict=False)):
        return "telemetry.bands_order"
    debounce = document.get("debounce") or {}
    if debounce.get("need", 2) > debounce.get("of", 3):
        return "telemetry.debounce_order"
    if bands and (document.get("case") or {}).get("level", 1) > len(bands):
        return "telemetry.case_level"
    return ""
