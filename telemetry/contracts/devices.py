"""Devices: what they are, what they speak, how good a fix of theirs is, and the news of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, NamedTuple

from journal.contracts import BY_AREA, register_kind

SEE = "device.see"


class DeviceKind(StrEnum):
    """What carries the device, or what it stands at."""

    VEHICLE = "vehicle"
    PERSON = "person"
    GAUGE = "gauge"
    PUMP = "pump"
    STACK = "stack"
    SENSOR = "sensor"


class Protocol(StrEnum):
    """What the device speaks."""

    JT808 = "jt808"
    SL651 = "sl651"
    HJ212 = "hj212"
    MQTT = "mqtt"
    HTTP = "http"


class Quality(IntEnum):
    """How good a fix is; every fix is kept with its code, and only judged tracks leave some out."""

    GOOD = 0
    NOT_LOCATED = 1
    OUT_OF_RANGE = 2
    FUTURE = 3
    SPIKE = 4
    DRIFT = 5
    DUPLICATE = 6
    LATE = 7


class DownlinkState(StrEnum):
    """How far something told to a terminal has come; all but the first two are ends."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    REFUSED = "refused"
    EXPIRED = "expired"


class Fix(NamedTuple):
    """One position as it is stored; `digest` tells two messages of one second apart."""

    device_id: int
    at: datetime
    digest: int
    received_at: datetime
    lon: float
    lat: float
    speed: float
    heading: int
    altitude: int
    alarm: int
    status: int
    mileage: float | None
    quality: int
    extra: Mapping[str, Any]


@dataclass(frozen=True)
class NewDevice:
    """A device to be registered, with the terminal it speaks by."""

    code: str
    names: Mapping[str, str]
    kind: DeviceKind
    protocol: Protocol
    address: str
    organisation: str = ""
    area: str = ""
    plate: str = ""
    plate_colour: int = 0
    terminal_id: str = ""
    model: str = ""
    asset: str = ""
    interval_s: int = 60
    enabled_from: datetime | None = None
    enabled_until: datetime | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DeviceNews:
    """Something became true of a device; `detail` is a code."""

    device: str
    kind: str
    protocol: str
    detail: str = ""


@dataclass(frozen=True)
class DownlinkNews:
    """Something was told to a device, or answered by it."""

    device: str
    downlink: int
    message: str
    state: str


register_kind("telemetry.device_added.v1", DeviceNews, BY_AREA)
register_kind("telemetry.device_changed.v1", DeviceNews, BY_AREA)
register_kind("telemetry.device_registered.v1", DeviceNews, BY_AREA)
register_kind("telemetry.downlink_queued.v1", DownlinkNews, BY_AREA)
register_kind("telemetry.downlink_ended.v1", DownlinkNews, BY_AREA)
