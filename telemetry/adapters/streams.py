"""The streams between gateway and consumers: sixteen shards, records packed many to an entry."""

import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from zlib import crc32

from django.conf import settings

SHARDS = 16
PREFIX = "tel"
STORE = "store"
COUNTS = "counts"
FIX, READING = 1, 2
_HEAD = struct.Struct(">QQBH")


class Record(NamedTuple):
    """Something a device told: `received` in milliseconds, `body` as the kind has it."""

    device_id: int
    received: int
    kind: int
    body: bytes


def address() -> str:
    """Where the streams are: a Redis of their own where one is given."""
    return str(settings.TELEMETRY_REDIS_URL or settings.REDIS_URL)


def key(shard: int, prefix: str = PREFIX) -> str:
    """The name of a shard's stream."""
    return f"{prefix}:{shard}"


def shard_of(device_id: int) -> int:
    """All that a device tells goes the same way, in its order."""
    return crc32(str(device_id).encode()) % SHARDS


def pack(records: Iterable[Record]) -> bytes:
    """Records as one entry holds them."""
    return b"".join(_HEAD.pack(*record[:3], len(record.body)) + record.body for record in records)


def unpack(entry: bytes) -> Iterator[Record]:
    """The records of an entry."""
    place = 0
    while place + _HEAD.size <= len(entry):
        device_id, received, kind, length = _HEAD.unpack_from(entry, place)
        place += _HEAD.size
        yield Record(device_id, received, kind, entry[place : place + length])
        place += length
