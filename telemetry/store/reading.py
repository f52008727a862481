"""From a record of a stream to a fix with its code; what a device told last is remembered for that."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from telemetry.adapters import positions
from telemetry.adapters.positions import Correction
from telemetry.adapters.streams import Record
from telemetry.codecs import BadFrame, jt808
from telemetry.contracts import Fix, Quality
from telemetry.rules.fixes import Point, Trace, alone

HASHED = 28
_NO_HEADING = -1


class Read(NamedTuple):
    """The fixes of a batch, which of earlier ones were spikes, and how many records could not be read."""

    fixes: list[Fix]
    corrections: list[Correction]
    unreadable: int


class _Told(NamedTuple):
    fix: Fix
    point: Point


class Tracks:
    """What is remembered of each device; a batch that was not stored is forgotten again."""

    def __init__(self) -> None:
        self._traces: dict[int, Trace] = {}
        self._last: dict[int, tuple[datetime, int]] = {}

    def forget(self, device_ids: Sequence[int]) -> None:
        """Whatever these devices told is read anew from the table."""
        for device_id in device_ids:
            self._traces.pop(device_id, None)
            self._last.pop(device_id, None)

    def read(self, records: Sequence[Record], io_maps: Mapping[int, Mapping[str, Any]]) -> Read:
        """The records as fixes, each device's in the order of its own clock."""
        told: dict[int, list[_Told]] = {}
        unreadable = 0
        for record in records:
            try:
                one = _told(record, io_maps.get(record.device_id))
            except (BadFrame, ValueError, TypeError, AttributeError):
                unreadable += 1
                continue
            told.setdefault(record.device_id, []).append(one)
        self._begin([device_id for device_id in told if device_id not in self._traces])
        answer = Read([], [], unreadable)
        for device_id, some in told.items():
            some.sort(key=lambda one: (one.point.at, one.fix.digest))
            self._walk(device_id, some, answer)
        return answer

    def _begin(self, device_ids: Sequence[int]) -> None:
        if not device_ids:
            return
        known = positions.lasts(device_ids)
        for device_id in device_ids:
            last = known.get(device_id)
            point = Point(*last[:4], bool(int(last[4]) & jt808.ACC)) if last else None
            self._traces[device_id] = Trace(last=point)

    def _walk(self, device_id: int, some: Sequence[_Told], answer: Read) -> None:
        now = self._traces[device_id]
        since = now.last.at if now.last else None
        replay = Trace()
        previous: dict[int, tuple[datetime, int]] = {}
        for fix, point in some:
            if fix.quality not in (Quality.GOOD, Quality.LATE):
                answer.fixes.append(fix)
                continue
            current = since is None or point.at >= since
            trace = now if current else replay
            known = self._last.get(device_id) if current else previous.get(device_id)
            if known == (fix.at, fix.digest):
                answer.fixes.append(fix)
                continue
            quality, spike = trace.take(point)
            if spike and known is not None:
                answer.corrections.append(Correction(device_id, *known))
            (self._last if current else previous)[device_id] = (fix.at, fix.digest)
            answer.fixes.append(fix._replace(quality=quality or fix.quality))


def _told(record: Record, io_map: Mapping[str, Any] | None) -> _Told:
    said = jt808.location(record.body)
    received = record.received / 1000
    lon, lat, speed = said.lon, said.lat, said.speed_raw / 10
    at = said.time.timestamp() if said.time else None
    quality = alone(lon=lon, lat=lat, located=said.located, at=at, received=received)
    extra: dict[str, Any] = jt808.named(said.items)
    mileage = extra.pop("mileage_km", None)
    if io_map:
        extra["io_map"] = jt808.mapped(said.items, said.status, io_map)
    if said.rest:
        extra["rest"] = said.rest.hex()
    received_at = datetime.fromtimestamp(received, UTC)
    digest = int.from_bytes(sha256(record.body[:HASHED]).digest()[:8], "big", signed=True)
    heading = said.direction if said.direction <= 360 else _NO_HEADING
    fix = Fix(
        record.device_id, said.time or received_at, digest, received_at, lon, lat, speed, heading, said.altitude,
        said.alarm, said.status, mileage, quality, extra,
    )  # fmt: skip
    return _Told(fix, Point(at if at is not None else received, lon, lat, speed, bool(said.status & jt808.ACC)))
