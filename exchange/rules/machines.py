"""What the contract with a machine says: the shape of a call, how late is late, what its measurements read. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from exchange.contracts.machines import CallKind

SKEW, LATE = timedelta(minutes=5), timedelta(hours=24)
HOUR = timedelta(hours=1)
MOST_HOURLY, LONGEST_OVERLAP_H = 100_000, 720
MOST_VALUES = 40
PREFIX = "m1_"

_EVENT = {"type": "string", "pattern": "^[0-9A-Za-z._:-]{1,80}(?![\\s\\S])"}
_MOMENT = {"type": "string", "maxLength": 40}
CALL: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "What a machine reports",
    "type": "object",
    "required": ["event", "at"],
    "additionalProperties": False,
    "properties": {
        "event": _EVENT,
        "kind": {"enum": [one.value for one in CallKind]},
        "about": _EVENT,
        "at": _MOMENT,
        "class": {"type": "string", "maxLength": 20},
        "text": {"type": "string", "maxLength": 4000},
        "lon": {"type": "number", "minimum": -180, "maximum": 180},
        "lat": {"type": "number", "minimum": -90, "maximum": 90},
        "address": {"type": "string", "maxLength": 300},
        "component": {"type": "string", "maxLength": 24},
        "values": {
            "type": "object",
            "maxProperties": MOST_VALUES,
            "propertyNames": {"pattern": "^[A-Za-z][A-Za-z0-9_.]{0,39}(?![\\s\\S])"},
            "additionalProperties": {
                "anyOf": [
                    {"type": "number", "minimum": -1e15, "maximum": 1e15},
                    {"type": "boolean"},
                    {"type": "string", "maxLength": 200},
                ]
            },
        },
    },
    "allOf": [
        {
            "if": {"properties": {"kind": {"enum": [CallKind.STILL.value, CallKind.CLEARED.value]}},
                   "required": ["kind"]},
            "then": {"required": ["about"]},
            "else": {"required": ["class"]},
        }
    ],
}  # fmt: skip


def kind_of(call: Mapping[str, Any]) -> CallKind:
    """What it says; a call that does not say found something."""
    return CallKind(call.get("kind", CallKind.FOUND))


def moment_told(at: datetime, now: datetime) -> tuple[datetime, tuple[str, dict[str, Any]] | None]:
    """When it was, as far as it can be believed; and what is odd about it: early by its clock, or late."""
    if at > now + SKEW:
        return now, ("machine.from_the_future", {})
    if now - at > LATE:
        return at, ("machine.late", {"hours": int((now - at).total_seconds() // 3600)})
    return min(at, now), None


def words_of(call: Mapping[str, Any]) -> str:
    """The text of a call and what was measured, in one line each."""
    lines = [str(call["text"])] if call.get("text") else []
    return "\n".join([*lines, *(f"{name} = {value}" for name, value in dict(call.get("values") or {}).items())])
