"""How good a fix is: by itself when it comes, and by its neighbours along the track. Pure."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from telemetry.contracts import Quality

FUTURE_S, LATE_S = 300.0, 60.0
FASTEST_KMH = 160.0
STILL_KMH, STILL_M = 3.0, 30.0
_M_PER_DEGREE = 111_320.0


class Point(NamedTuple):
    """What a track needs to know of a fix; `at` in seconds."""

    at: float
    lon: float
    lat: float
    speed: float
    running: bool


def alone(*, lon: float, lat: float, located: bool, at: float | None, received: float) -> Quality:
    """The code of a fix without its neighbours; a fix without a readable time is out of range."""
    if not located:
        return Quality.NOT_LOCATED
    if at is None or (lon == 0 and lat == 0) or abs(lon) > 180 or abs(lat) > 90:
        return Quality.OUT_OF_RANGE
    if at > received + FUTURE_S:
        return Quality.FUTURE
    return Quality.LATE if received - at > LATE_S else Quality.GOOD


def metres(one: Point, other: Point) -> float:
    """The distance over the short stretches that vehicles drive between two fixes."""
    east = (other.lon - one.lon) * math.cos(math.radians((one.lat + other.lat) / 2))
    return math.hypot(east, other.lat - one.lat) * _M_PER_DEGREE


def kmh(one: Point, other: Point) -> float:
    """How fast something would have had to be."""
    seconds = abs(other.at - one.at)
    return metres(one, other) / seconds * 3.6 if seconds else 0.0


@dataclass
class Trace:
    """What is kept of a device between its fixes: the last two that count, and where it came to stand."""

    before: Point | None = None
    last: Point | None = None
    anchor: Point | None = None

    def take(self, point: Point) -> tuple[Quality, bool]:
        """The code of the next fix in time, and whether the one before it turns out to have been a spike."""
        if self.last is not None and point.at == self.last.at:
            return Quality.DUPLICATE, False
        spike = self._spiked(point)
        if not spike:
            self.before = self.last
        self.last = point
        return self._still(point), spike

    def _spiked(self, point: Point) -> bool:
        if self.before is None or self.last is None:
            return False
        there, back = kmh(self.before, self.last), kmh(self.last, point)
        return there > FASTEST_KMH and back > FASTEST_KMH and kmh(self.before, point) <= FASTEST_KMH

    def _still(self, point: Point) -> Quality:
        if point.running and point.speed >= STILL_KMH:
            self.anchor = None
        elif self.anchor is not None and metres(self.anchor, point) < STILL_M:
            return Quality.DRIFT
        else:
            self.anchor = point
        return Quality.GOOD
