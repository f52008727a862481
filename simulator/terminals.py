"""Terminals of vehicles that speak JT/T 808 (2013) over TCP, with the habits of real ones: dead zones, jumps, clocks.

    python3 -m simulator.terminals --gateway 127.0.0.1:8808 --fleet fleet.json [--every 5]

with [{"phone": "13900000001", "plate": "粤D00001", "terminal": "S000001", "route": [[116.70, 23.36], …], "fault": ""}]
in the file. It was written from the standard and shares no code with the city. A terminal registers, says its code,
drives its route back and forth, keeps every position that was not acknowledged and sends it again as 0x0704, and
answers what it is told. `--seconds` ends it when everything said by then is acknowledged; `--report` says how it went.

Only the standard library: it runs with the system's Python.
"""

import argparse
import asyncio
import json
import math
import random
import struct
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from functools import reduce
from operator import xor
from pathlib import Path
from typing import Any

BEIJING = timezone(timedelta(hours=8))
ACC, LOCATED = 1, 2
TICK_S, PATIENCE_S, BEAT_S, BATCH = 0.05, 15.0, 30.0, 20
DEAD_EVERY_S, DEAD_FOR_S, JUMP_EVERY = 180.0, 60.0, 40
FAULTS = ("", "dead", "late", "jump", "clock")
LAPS = 0xFFFF


def frame(message: int, phone: bytes, serial: int, body: bytes) -> bytes:
    """A frame with its checksum, escaped."""
    data = struct.pack(">HH6sH", message, len(body), phone, serial) + body
    data += bytes((reduce(xor, data),))
    return b"\x7e" + data.replace(b"\x7d", b"\x7d\x01").replace(b"\x7e", b"\x7d\x02") + b"\x7e"


def frames(tail: bytes) -> tuple[list[tuple[int, int, bytes]], bytes]:
    """The id, serial and body of each whole frame, and what remains."""
    *pieces, rest = tail.split(b"\x7e")
    found = []
    for piece in pieces:
        data = piece.replace(b"\x7d\x02", b"\x7e").replace(b"\x7d\x01", b"\x7d")
        if len(data) >= 13 and reduce(xor, data) == 0:
            found.append((struct.unpack_from(">H", data)[0], struct.unpack_from(">H", data, 10)[0], data[12:-1]))
    return found, rest


class Route:
    """Where something is that drives a line back and forth."""

    def __init__(self, points: Sequence[Sequence[float]], kmh: float) -> None:
        self.points, self.metres_a_second = points, kmh / 3.6
        self.legs = [_metres(one, other) for one, other in zip(points, points[1:], strict=False)] or [0.0]

    def at(self, seconds: float) -> tuple[float, float, int]:
        """Longitude, latitude and direction after so many seconds."""
        whole = sum(self.legs) or 1.0
        lap, way = divmod(seconds * self.metres_a_second, whole)
        back = int(lap) % 2 == 1
        way = whole - way if back else way
        for (one, other), leg in zip(zip(self.points, self.points[1:], strict=False), self.legs, strict=False):
            if way <= leg:
                share = way / leg if leg else 0.0
                lon, lat = (one[axis] + (other[axis] - one[axis]) * share for axis in (0, 1))
                course = math.degrees(math.atan2(other[0] - one[0], other[1] - one[1])) + (180 if back else 0)
                return lon, lat, int(course) % 360
            way -= leg
        return float(self.points[-1][0]), float(self.points[-1][1]), 0


def _metres(one: Sequence[float], other: Sequence[float]) -> float:
    east = (other[0] - one[0]) * math.cos(math.radians(one[1]))
    return math.hypot(east, other[1] - one[1]) * 111_320


class Vehicle(asyncio.Protocol):
    """One terminal: what it said and what of that was acknowledged."""

    def __init__(self, fleet: "Fleet", told: dict[str, Any], number: int) -> None:
        self.fleet, self.told, self.number = fleet, told, number
        self.phone = bytes.fromhex(str(told["phone"]).rjust(12, "0"))
        self.route = Route(told["route"], float(told.get("kmh", 25)))
        self.fault = str(told.get("fault", ""))
        self.began = time.time() - number * 37.0
        self.transport: asyncio.Transport | None = None
        self.entered = self.calling = False
        self.code, self.tail = "", b""
        self.serial = self.said = 0
        self.due = time.monotonic() + random.random() * fleet.every
        self.call_due = self.beat_due = 0.0
        self.backlog: deque[bytes] = deque()
        self.sent: dict[int, tuple[float, list[bytes]]] = {}

    # ------------------------------------------------------------ the connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It says who it is."""
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.calling, self.tail = transport, False, b""
        self.beat_due = time.monotonic() + BEAT_S
        if self.code:
            self.send(0x0102, self.code.encode())
        else:
            plate = str(self.told["plate"]).encode("gb18030")
            terminal = str(self.told["terminal"]).encode()[:7].ljust(7, b"\x00")
            head = struct.pack(">HH5s20s", 44, 500, b"SIM01", b"simulator")
            self.send(0x0100, head + terminal + b"\x02" + plate)

    def connection_lost(self, error: Exception | None) -> None:
        """What was not acknowledged is said again."""
        self.transport, self.entered = None, False
        self.fleet.counts["closed"] += 1
        self.call_due = time.monotonic() + 0.5 + random.random() * 2
        self._take_back(list(self.sent))

    def _take_back(self, serials: Sequence[int]) -> None:
        for serial in serials:
            self.backlog.extend(self.sent.pop(serial)[1])

    def data_received(self, data: bytes) -> None:
        """Answers, and what it is told."""
        found, self.tail = frames(self.tail + data)
        for message, serial, body in found:
            self._hear(message, serial, body)

    def _hear(self, message: int, serial: int, body: bytes) -> None:
        if message == 0x8001:
            self._answered(*struct.unpack(">HHB", body))
        elif message == 0x8100 and len(body) > 3 and body[2] == 0:
            self.code = body[3:].decode()
            self.send(0x0102, self.code.encode())
        elif message == 0x8100:
            self.fleet.counts[f"register_{body[2]}"] += 1
            self.call_due = time.monotonic() + 30
        else:
            self.fleet.counts[f"told_{message:04x}"] += 1
            self.send(0x0001, struct.pack(">HHB", serial, message, 0))

    def _answered(self, serial: int, message: int, result: int) -> None:
        if message == 0x0102:
            self.entered = result == 0
            if result:
                self.code = ""
                self.fleet.counts["wrong_code"] += 1
            return
        kept = self.sent.get(serial)
        if kept is None:
            return
        if result:
            self.fleet.counts["not_kept"] += 1
            self._take_back([serial])
            return
        del self.sent[serial]
        self.fleet.counts["acknowledged"] += len(kept[1])
        self.fleet.waited[min(int((time.monotonic() - kept[0]) * 1000), 60_000)] += 1

    def send(self, message: int, body: bytes) -> int:
        """A message is on its way; answers its serial."""
        self.serial = (self.serial + 1) & 0xFFFF
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(frame(message, self.phone, self.serial, body))
        return self.serial

    # ------------------------------------------------------------ what it says

    def position(self) -> bytes:
        """Where it is now, as 0x0200 says it; the altitude counts its positions."""
        now = time.time()
        lon, lat, course = self.route.at(now - self.began)
        if self.fault == "jump" and self.said % JUMP_EVERY == JUMP_EVERY - 1:
            lat += 0.3
        at = datetime.fromtimestamp(now + (86_400 * 3 if self.fault == "clock" else 0), BEIJING)
        time_told = bytes.fromhex(at.strftime("%y%m%d%H%M%S"))
        counted = self.said & LAPS
        self.said += 1
        speed = int(self.route.metres_a_second * 36)
        numbers = (0, ACC | LOCATED, round(lat * 1e6), round(lon * 1e6), counted, speed, course)
        mileage = int((now - self.began) * self.route.metres_a_second / 100) & 0xFFFFFFFF
        return struct.pack(">IIIIHHH6s", *numbers, time_told) + struct.pack(">BBI", 1, 4, mileage)

    def away(self) -> bool:
        """Whether it is in a dead zone now."""
        if self.fault != "dead":
            return False
        return (time.time() + self.number * 13) % DEAD_EVERY_S < DEAD_FOR_S

    def step(self, now: float, talking: bool) -> None:
        """What is due is said."""
        if talking and now >= self.due:
            self.due = max(self.due + self.fleet.every, now)
            self.backlog.append(self.position())
            self.fleet.counts["said"] += 1
        if self.away():
            if self.transport is not None:
                self.transport.close()
            return
        if self.transport is None:
            if not self.calling and now >= self.call_due:
                self.calling = True
                self.fleet.call(self)
            return
        if not self.entered:
            return
        if late := [serial for serial, (at, _some) in self.sent.items() if now - at > PATIENCE_S]:
            self._take_back(late)
        self._speak(now)

    def _speak(self, now: float) -> None:
        held = self.fault == "late" and len(self.backlog) < 2 * BATCH
        while self.backlog and not held and len(self.sent) < 64:
            some = [self.backlog.popleft() for _each in range(min(BATCH, len(self.backlog)))]
            if len(some) == 1:
                serial = self.send(0x0200, some[0])
            else:
                listed = b"".join(len(one).to_bytes(2, "big") + one for one in some)
                serial = self.send(0x0704, struct.pack(">HB", len(some), 1) + listed)
            self.sent[serial] = (now, some)
        if now >= self.beat_due:
            self.beat_due = now + BEAT_S
            self.send(0x0002, b"")


class Fleet:
    """All vehicles of the file."""

    def __init__(self, told: Sequence[dict[str, Any]], gateway: tuple[str, int], every: float) -> None:
        self.gateway, self.every = gateway, every
        self.counts: Counter[str] = Counter()
        self.waited: Counter[int] = Counter()
        self.vehicles = [Vehicle(self, one, number) for number, one in enumerate(told)]
        self._calls: set[asyncio.Task[None]] = set()

    def call(self, vehicle: Vehicle) -> None:
        """The vehicle tries to reach the gateway."""
        task = asyncio.get_running_loop().create_task(self._call(vehicle))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _call(self, vehicle: Vehicle) -> None:
        try:
            await asyncio.get_running_loop().create_connection(lambda: vehicle, *self.gateway)
        except OSError:
            vehicle.calling = False
            vehicle.call_due = time.monotonic() + 1 + random.random() * 2
            self.counts["unreachable"] += 1

    async def drive(self, seconds: float, drain: float) -> None:
        """Until the seconds are over and everything is acknowledged; for ever where they are none."""
        end = time.monotonic() + seconds if seconds else math.inf
        while True:
            now = time.monotonic()
            talking = now < end
            for vehicle in self.vehicles:
                vehicle.step(now, talking)
            if not talking and (now > end + drain or not any(one.backlog or one.sent for one in self.vehicles)):
                return
            await asyncio.sleep(TICK_S)

    def report(self) -> dict[str, Any]:
        """How it went: what each said, what was left, how long acknowledgements took."""
        return {
            "said": {str(one.told["phone"]): one.said for one in self.vehicles},
            "left": sum(len(one.backlog) + sum(len(some) for _at, some in one.sent.values()) for one in self.vehicles),
            "counts": dict(self.counts),
            "waited_ms": dict(self.waited),
        }


def grid(lon: float, lat: float, many: int) -> Iterator[dict[str, Any]]:
    """A fleet that needs no city: short lines side by side."""
    for number in range(many):
        east, north = (number % 100) * 0.002, number // 100 * 0.002
        route = [[lon + east, lat + north], [lon + east + 0.02, lat + north], [lon + east + 0.02, lat + north + 0.02]]
        yield {
            "phone": f"139{number:08d}", "plate": f"粤D{number:05d}", "terminal": f"S{number:06d}", "route": route,
        }  # fmt: skip


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gateway", default="127.0.0.1:8808")
    parser.add_argument("--fleet", type=Path, required=True)
    parser.add_argument("--every", type=float, default=5.0, help="seconds between positions")
    parser.add_argument("--seconds", type=float, default=0.0, help="how long they talk; 0: for ever")
    parser.add_argument("--drain", type=float, default=120.0, help="how long they wait for the last answers")
    parser.add_argument("--report", type=Path)
    given = parser.parse_args()
    host, _colon, port = given.gateway.rpartition(":")
    while not given.fleet.is_file():  # the city is still being built
        time.sleep(2)
    fleet = Fleet(json.loads(given.fleet.read_text(encoding="utf-8")), (host, int(port)), given.every)
    asyncio.run(fleet.drive(given.seconds, given.drain))
    if given.report:
        given.report.write_text(json.dumps(fleet.report()), encoding="utf-8")


if __name__ == "__main__":
    main()
