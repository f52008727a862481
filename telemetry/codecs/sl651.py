"""SL 651-2014: what level gauges and rain gauges speak. Frames, a stream cut anywhere, and the elements in a report."""

import struct
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from telemetry.codecs import bcd
from telemetry.codecs.errors import BadFrame

MARK = b"\x7e\x7e"
STX, SYN, ETX, ETB, ENQ, EOT, ESC = 0x02, 0x16, 0x03, 0x17, 0x05, 0x04, 0x1B
STARTS, ENDS = frozenset({STX, SYN}), frozenset({ETX, ETB, ENQ, EOT, 0x06, 0x15, ESC})
_HEAD, _REST = 14, 3
"""Bytes to the start sign and with it; and the end sign with the checksum."""
LINK = 0x2F
REPORTS = frozenset({0x30, 0x31, 0x32, 0x33, 0x34, 0x37, 0x38, 0x3A, 0x44})
"""Functions whose body is a list of elements."""


class Element(NamedTuple):
    """What an element is called, and in what it is told."""

    name: str
    unit: str


ELEMENTS: Mapping[int, Element] = {
    0x04: Element("step", "h"),
    0x0C: Element("flow", "m3/s"),
    0x0E: Element("evaporation", "mm"),
    0x18: Element("wind_speed", "m/s"),
    0x1A: Element("rain_1h_mm", "mm"),
    0x1F: Element("rain_day_mm", "mm"),
    0x20: Element("current_rain_mm", "mm"),
    0x26: Element("accumulated_rain_mm", "mm"),
    0x37: Element("flow_speed", "m/s"),
    0x38: Element("supply_voltage_V", "V"),
    0x39: Element("river_level_m", "m"),
    0x3B: Element("level_below_m", "m"),
    0x3C: Element("level_above_m", "m"),
    0xF4: Element("rain_5min_mm", "mm"),
    0xF5: Element("river_level_5min_m", "m"),
}
SERIES: Mapping[int, tuple[int, float]] = {0xF4: (1, 10), **dict.fromkeys(range(0xF5, 0xFD), (2, 100))}
"""Twelve values of the past hour: bytes each, and what they are divided by."""


class Frame(NamedTuple):
    """One frame; `packet` is (number of packets, which one) where a message came in several."""

    centre: str
    station: str
    password: str
    function: int
    up: bool
    serial: int
    at: datetime | None
    payload: bytes
    start: int = STX
    end: int = ETX
    packet: tuple[int, int] | None = None

    @property
    def reports(self) -> bool:
        """Whether the payload is a list of elements."""
        return self.up and self.function in REPORTS


class Observation(NamedTuple):
    """One element of a report: None where the station says that it is missing."""

    at: datetime | None
    code: int
    name: str
    unit: str
    value: float | None


def _table() -> tuple[int, ...]:
    found = []
    for number in range(256):
        for _bit in range(8):
            number = number >> 1 ^ (0xA001 if number & 1 else 0)
        found.append(number)
    return tuple(found)


TABLE = _table()


def crc(data: bytes) -> int:
    """CRC-16/MODBUS."""
    value = 0xFFFF
    for byte in data:
        value = value >> 8 ^ TABLE[(value ^ byte) & 0xFF]
    return value


def _length(data: bytes) -> int:
    return (data[11] << 8 | data[12]) & 0x0FFF


def parse(data: bytes) -> Frame:
    """One whole frame; BadFrame for anything else than what the standard says."""
    if len(data) < _HEAD + _REST or data[:2] != MARK:
        raise BadFrame("short")
    length = _length(data)
    if len(data) != _HEAD + length + _REST or data[13] not in STARTS or data[-3] not in ENDS:
        raise BadFrame("length")
    if crc(data[:-2]) != data[-2] << 8 | data[-1]:
        raise BadFrame("checksum")
    up = not data[11] >> 4
    centre, station = (data[2:3], data[3:8]) if up else (data[7:8], data[2:7])
    body, packet = data[14:-3], None
    if data[13] == SYN:
        if length < 3:
            raise BadFrame("body")
        packet = (body[0] << 4 | body[1] >> 4, (body[1] & 0x0F) << 8 | body[2])
        body = body[3:]
    first = packet is None or packet[1] <= 1
    if first and len(body) < 8:
        raise BadFrame("body")
    serial, at, payload = (
        (int.from_bytes(body[:2], "big"), bcd.moment(body[2:8]), body[8:]) if first else (0, None, body)
    )
    return Frame(
        centre.hex(), station.hex(), data[8:10].hex(), data[10], up, serial, at, payload, data[13], data[-3], packet
    )  # fmt: skip


def build(frame: Frame) -> bytes:
    """A whole frame; BadFrame where something has no room in it."""
    try:
        centre, station = bytes.fromhex(frame.centre), bytes.fromhex(frame.station)
        password = bytes.fromhex(frame.password)
        body = frame.payload
        if frame.packet is None or frame.packet[1] <= 1:
            body = struct.pack(">H", frame.serial) + (bcd.written(frame.at) if frame.at else bytes(6)) + body
        if frame.packet is not None:
            total, index = frame.packet
            body = (total << 12 | index).to_bytes(3, "big") + body
    except (ValueError, OverflowError, struct.error) as error:
        raise BadFrame("value") from error
    if (len(centre), len(station), len(password)) != (1, 5, 2) or len(body) > 0x0FFF:
        raise BadFrame("value")
    length = len(body) | (0 if frame.up else 0x8000)
    names = centre + station if frame.up else station + centre
    head = MARK + names + password + bytes((frame.function,)) + struct.pack(">H", length) + bytes((frame.start,))
    data = head + body + bytes((frame.end,))
    return data + struct.pack(">H", crc(data))


def answer(frame: Frame, at: datetime) -> bytes:
    """What the centre says to a frame that it has kept: stay on the line."""
    return build(frame._replace(up=False, at=at, payload=b"", packet=None, start=STX, end=ESC))


def observations(frame: Frame) -> list[Observation]:
    """The elements of a report in order; what follows an element that cannot be read is left."""
    return list(_elements(frame.payload, frame.at)) if frame.reports else []


def station_class(frame: Frame) -> str:
    """The letter after the station's address, where the frame has one."""
    payload = frame.payload
    return chr(payload[7]) if payload[:2] == b"\xf1\xf1" and len(payload) > 7 and payload[7] < 128 else ""


def _elements(payload: bytes, at: datetime | None) -> Iterator[Observation]:
    place = 0
    while place + 2 <= len(payload):
        code, width = payload[place], payload[place + 1] >> 3
        if code == 0xF1 and payload[place + 1] == 0xF1:
            place += 8
            continue
        if code == 0xF0 and payload[place + 1] == 0xF0:
            at, place = bcd.moment(payload[place + 2 : place + 7]), place + 7
            continue
        raw = payload[place + 2 : place + 2 + width]
        if len(raw) < width:
            return
        told = ELEMENTS.get(code, Element(f"{code:02x}", ""))
        if code in SERIES:
            for value in _series(raw, *SERIES[code]):
                yield Observation(at, code, told.name, told.unit, value)
        else:
            yield Observation(at, code, told.name, told.unit, _value(raw, payload[place + 1] & 7))
        place += 2 + width


def _series(raw: bytes, width: int, scale: float) -> Iterator[float | None]:
    for place in range(0, len(raw) - width + 1, width):
        number = int.from_bytes(raw[place : place + width], "big")
        yield None if number == (1 << 8 * width) - 1 else number / scale


def _value(raw: bytes, decimals: int) -> float | None:
    negative = raw[:1] == b"\xff" and len(raw) > 1 and raw != b"\xff" * len(raw)
    text = bcd.digits(raw[1:] if negative else raw)
    if not text:
        return None
    return (-int(text) if negative else int(text)) / 10**decimals


class Framer:
    """Cuts a stream into frames; what is not one is told as its fault and passed over by the next mark."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> Iterator[Frame | BadFrame]:
        """Every frame that is whole now, and every fault, in order."""
        self._held += data
        while True:
            start = self._held.find(MARK)
            if start < 0:
                self._held = self._held[-1:] if self._held[-1:] == MARK[:1] else b""
                return
            # Of three marks in a row the last two begin the frame: the first ends what was lost.
            while self._held[start + 2 : start + 3] == MARK[:1]:
                start += 1
            self._held = self._held[start:]
            if len(self._held) < _HEAD:
                return
            size = _HEAD + _length(self._held) + _REST
            if self._held[13] in STARTS and len(self._held) < size:
                return
            try:
                frame = parse(self._held[:size])
            except BadFrame as fault:
                self._held = self._held[2:]
                yield fault
            else:
                self._held = self._held[size:]
                yield frame
