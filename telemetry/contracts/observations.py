"""What gauges tell: readings with their flags, stations with their streams, and what became of a batch."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any, NamedTuple

Names = Mapping[str, str]


class Flag(IntEnum):
    """What a test of quality makes of a reading, by the words of QARTOD."""

    PASS = 1
    UNKNOWN = 2
    SUSPECT = 3
    FAIL = 4
    MISSING = 9


class Told(NamedTuple):
    """A reading as it came: the code of its stream, when it was measured, what was measured."""

    stream: str
    at: datetime
    value: float


class Unkept(NamedTuple):
    """A reading of a batch that was not kept: its place in the batch, and why as a code with parameters."""

    place: int
    code: str
    params: Mapping[str, Any]


class Intake(NamedTuple):
    """What became of a batch: how many readings are new, how many were known, which were refused, what it changed."""

    accepted: int
    repeated: int
    refused: Sequence[Unkept]
    alarms: Sequence[int]


class StreamView(NamedTuple):
    """A stream as people and programs see it, with its newest reading."""

    code: str
    names: Names
    metric: str
    unit: str
    interval_s: int
    asset: str
    at: datetime | None
    value: float | None
    silent: bool


class StationView(NamedTuple):
    """A place where something is measured, with its streams, its bands and the level of its gravest open alarm."""

    code: str
    names: Names
    system: str
    asset: str
    camera: str
    area: str
    lon: float
    lat: float
    bands: tuple[float, ...]
    streams: Sequence[StreamView]
    level: int
    value: float | None
    at: datetime | None
    silent: bool
