"""The additional items of a position: those of the standard by name, those of a vendor by the map of its model."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

Value = float | int | bool | str | None
Items = tuple[tuple[int, bytes], ...]


class _Standard(NamedTuple):
    name: str
    width: int
    read: Callable[[bytes], Value]


def _number(raw: bytes) -> int:
    return int.from_bytes(raw, "big")


def _tenths(raw: bytes) -> float:
    return _number(raw) / 10


def _signed(raw: bytes) -> int:
    value = _number(raw)
    return -(value & 0x7FFF) if value & 0x8000 else value


STANDARD: Mapping[int, _Standard] = {
    0x01: _Standard("mileage_km", 4, _tenths),
    0x02: _Standard("fuel_l", 2, _tenths),
    0x03: _Standard("recorder_speed_kmh", 2, _tenths),
    0x04: _Standard("manual_ack_event_id", 2, _number),
    0x06: _Standard("cabin_temperature_c", 2, _signed),
    0x25: _Standard("signals", 4, _number),
    0x2A: _Standard("io", 2, _number),
    0x2B: _Standard("analogue", 4, _number),
    0x30: _Standard("rssi", 1, _number),
    0x31: _Standard("satellites", 1, _number),
}
ALARM_AREAS = {0x11: "overspeed", 0x12: "inout", 0x13: "section"}


def split_items(raw: bytes) -> tuple[Items, bytes]:
    """Every whole item, and what remains where the last one is cut short."""
    found, place = [], 0
    while place + 2 <= len(raw):
        end = place + 2 + raw[place + 1]
        if end > len(raw):
            break
        found.append((raw[place], raw[place + 2 : end]))
        place = end
    return tuple(found), raw[place:]


def join_items(items: Iterable[tuple[int, bytes]]) -> bytes:
    """The items as they are sent."""
    return b"".join(bytes((code, len(value))) + value for code, value in items)


def _area(code: int, raw: bytes) -> dict[str, int] | None:
    if code == 0x11 and len(raw) in (1, 5):
        return {"type": raw[0]} | ({"id": _number(raw[1:])} if len(raw) == 5 else {})
    if code == 0x12 and len(raw) == 6:
        return {"type": raw[0], "id": _number(raw[1:5]), "direction": raw[5]}
    if code == 0x13 and len(raw) == 7:
        return {"id": _number(raw[:4]), "seconds": _number(raw[4:6]), "result": raw[6]}
    return None


def named(items: Items) -> dict[str, Any]:
    """The items of the standard by name; all others, and those of a wrong width, as hex by their code under `raw`."""
    told: dict[str, Any] = {}
    raw: dict[str, str] = {}
    for code, value in items:
        standard = STANDARD.get(code)
        if standard is not None and len(value) == standard.width:
            told[standard.name] = standard.read(value)
        elif code in ALARM_AREAS and (area := _area(code, value)) is not None:
            told[ALARM_AREAS[code]] = area
        elif code == 0x05:
            told["tyres"] = value.rstrip(b"\x00").hex()
        else:
            raw[f"{code:02x}"] = value.hex()
    if raw:
        told["raw"] = raw
    return told


def mapped(items: Items, status: int, io_map: Mapping[str, Any]) -> dict[str, Value]:
    """What the model's map says: `{"sweeper": {"item": "2a", "bit": 3}, "tank": {"item": "e5", "scale": 0.1}}`.

    `item` is a code in hex or `status`; `offset` and `length` choose bytes of it. What is not there is left out.
    """
    held = {f"{code:02x}": value for code, value in items} | {"status": status.to_bytes(4, "big")}
    told: dict[str, Value] = {}
    for name, wish in io_map.items():
        raw = held.get(str(wish.get("item", "")).lower())
        value = _wished(raw, wish) if raw else None
        if value is not None:
            told[name] = value
    return told


def _wished(raw: bytes, wish: Mapping[str, Any]) -> Value:
    start, length = int(wish.get("offset", 0)), int(wish.get("length", len(raw)))
    piece = raw[start : start + length]
    if not piece or len(piece) < min(length, len(raw)):
        return None
    if "bit" in wish:
        bit = bool(_number(piece) >> int(wish["bit"]) & 1)
        return bit != bool(wish.get("inverted", False))
    number = int.from_bytes(piece, "big", signed=bool(wish.get("signed", False)))
    return _scaled(number, float(wish["scale"]), float(wish.get("add", 0))) if "scale" in wish else number


def _scaled(number: int, scale: float, add: float) -> float | None:
    """None for a number so large that no store can keep it."""
    try:
        value = number * scale + add
    except OverflowError:
        return None
    return value if math.isfinite(value) else None
