"""What may be asked for: devices as JSON; whether a terminal is the one that was registered. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.errors import Code, Invalid
from core.schema import validate
from telemetry.contracts import DeviceKind, NewDevice, Protocol

WORD = {"type": "string", "maxLength": 64, "pattern": "^[A-Za-z0-9_-]+$"}
MOMENT = {"type": ["string", "null"], "maxLength": 40}
DEVICE = {
    "type": "object",
    "required": ["code", "kind", "protocol", "address"],
    "additionalProperties": False,
    "properties": {
        "code": WORD,
        "names": {
            "type": "object",
            "properties": {name: {"type": "string", "maxLength": 80} for name in ("zh", "en")},
            "additionalProperties": False,
        },
        "kind": {"enum": [kind.value for kind in DeviceKind]},
        "protocol": {"enum": [protocol.value for protocol in Protocol]},
        "address": {"type": "string", "minLength": 1, "maxLength": 40, "pattern": "^[A-Za-z0-9_.-]+$"},
        "organisation": {"type": "string", "maxLength": 40},
        "area": {"type": "string", "maxLength": 64, "pattern": r"^(\d{2,12}(\.\d{2,12})*)?$"},
        "plate": {"type": "string", "maxLength": 32},
        "plate_colour": {"type": "integer", "minimum": 0, "maximum": 255},
        "terminal_id": {"type": "string", "maxLength": 40},
        "model": {"type": "string", "maxLength": 64},
        "asset": {"type": "string", "maxLength": 24},
        "interval_s": {"type": "integer", "minimum": 1, "maximum": 604_800},
        "enabled_from": MOMENT,
        "enabled_until": MOMENT,
    },
}
HANDLED = ("kind", "protocol", "address", "enabled_from", "enabled_until")
EARLIEST, LATEST = 1970, 9000
"""Years whose moments can be kept and shown in every zone."""


def new_device(wish: object) -> NewDevice:
    """The device that a JSON object asks for; Invalid `telemetry.bad_device` names the field that is wrong."""
    problems = validate(DEVICE, wish)
    if problems or not isinstance(wish, Mapping):
        raise bad(problems[0].path or "/", problems[0].code)
    given: dict[str, Any] = {name: value for name, value in wish.items() if name not in HANDLED and value is not None}
    given["names"] = given.get("names") or {"zh": wish["code"], "en": wish["code"]}
    texts = {f"/names/{language}": text for language, text in given["names"].items()} | {
        f"/{name}": value for name, value in given.items() if isinstance(value, str)
    }
    if unreadable := [name for name, text in texts.items() if not text.isprintable()]:
        raise bad(unreadable[0], "schema.pattern")
    since, until = moment("enabled_from", wish), moment("enabled_until", wish)
    if since and until and until <= since:
        raise bad("/enabled_until", "schema.minimum")
    protocol = Protocol(wish["protocol"])
    return NewDevice(
        kind=DeviceKind(wish["kind"]), protocol=protocol, address=called(protocol, wish["address"]),
        enabled_from=since, enabled_until=until, **given,
    )  # fmt: skip


def bad(field: str, why: str) -> Invalid:
    """What is said of a field that is not as it must be."""
    return Invalid("telemetry.bad_device", field=field, why=Code(why))


def moment(name: str, wish: Mapping[str, Any]) -> datetime | None:
    """A moment with its zone, or None where none was given."""
    text = wish.get(name)
    if not text:
        return None
    try:
        told = datetime.fromisoformat(text)
    except ValueError as error:
        raise bad(f"/{name}", "schema.format") from error
    if told.tzinfo is None or not EARLIEST <= told.year <= LATEST:
        raise bad(f"/{name}", "schema.format")
    return told


def called(protocol: Protocol, address: str) -> str:
    """What a terminal is looked up by: the phone without leading zeros, everything in the case it is told in."""
    if protocol is Protocol.JT808:
        return address.lower().lstrip("0") or "0"
    return address


def same_word(told: str, registered: str) -> bool:
    """Whether two ids are one; makers pad theirs with zeros on the left, so that these do not count."""
    return told.strip().lstrip("0") == registered.strip().lstrip("0")


def same_plate(told: str, registered: str) -> bool:
    """Whether two plates are one, whatever stands between their letters."""
    return re.sub(r"[\s·\-.]", "", told).upper() == re.sub(r"[\s·\-.]", "", registered).upper()


def silent_after_s(interval_s: int) -> int:
    """After so many seconds without a word a device is silent: three of its intervals, three minutes at least."""
    return max(180, 3 * interval_s)
