"""Enough of the vector tile format (protobuf) to see what a tile holds; written from its specification 2.1."""

from collections.abc import Iterator
from typing import Any


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if data[at - 1] < 128:
            return value, at


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        if key & 7 == 0:
            value, at = _varint(data, at)
        elif key & 7 == 2:
            length, at = _varint(data, at)
            value, at = data[at : at + length], at + length
        else:
            width = 8 if key & 7 == 1 else 4
            value, at = data[at : at + width], at + width
        yield key >> 3, value


def _packed(data: bytes) -> list[int]:
    found, at = [], 0
    while at < len(data):
        value, at = _varint(data, at)
        found.append(value)
    return found


def _value(data: bytes) -> Any:
    (kind, value), *_ = _fields(data)
    return value.decode() if kind == 1 else value


def decode(tile: bytes) -> dict[str, list[dict[str, Any]]]:
    """Layers by name, each a list of features: id, type (1 point, 2 line, 3 polygon) and properties."""
    return dict(_layer(layer) for number, layer in _fields(tile) if number == 3)


def _layer(data: bytes) -> tuple[str, list[dict[str, Any]]]:
    parts: dict[int, list[Any]] = {}
    for number, value in _fields(data):
        parts.setdefault(number, []).append(value)
    keys = [key.decode() for key in parts.get(3, [])]
    values = [_value(value) for value in parts.get(4, [])]
    features = []
    for raw in parts.get(2, []):
        feature = dict(_fields(raw))
        tags = _packed(feature.get(2, b""))
        named = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
        features.append({"id": feature.get(1), "type": feature.get(3), **named})
    return parts[1][0].decode(), features
