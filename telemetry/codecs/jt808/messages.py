"""What the messages of JT/T 808 say, both ways: bodies to values and back."""

import struct
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from telemetry.codecs import bcd
from telemetry.codecs.errors import BadFrame
from telemetry.codecs.jt808.frames import Frame
from telemetry.codecs.jt808.items import Items, join_items, split_items

SOUTH, WEST, LOCATED, ACC = 1 << 2, 1 << 3, 1 << 1, 1
_LOCATION = struct.Struct(">IIIIHHH6s")
LOCATION_SIZE = _LOCATION.size
COLOURS = frozenset({*range(10), *range(91, 96)})
_NO_TIME = bytes(6)


class Ack(NamedTuple):
    """0x0001 and 0x8001: the serial and the id of what is answered, and the result."""

    serial: int
    message: int
    result: int


class Empty(NamedTuple):
    """Heartbeat, logout and the queries: nothing is said."""


class Register(NamedTuple):
    """0x0100: `layout` is the year of the standard whose widths were found."""

    province: int
    city: int
    maker: str
    model: str
    terminal_id: str
    colour: int
    plate: str
    layout: int = 2013


class RegisterAck(NamedTuple):
    """0x8100: the code only where the result is 0."""

    serial: int
    result: int
    code: str | None = None


class Auth(NamedTuple):
    """0x0102."""

    code: str
    imei: str = ""
    software: str = ""


class Location(NamedTuple):
    """The body of 0x0200: raw numbers as they came, `time` in UTC or None where the digits are no time."""

    alarm: int
    status: int
    lat_raw: int
    lon_raw: int
    altitude: int
    speed_raw: int
    direction: int
    time: datetime | None
    items: Items = ()
    rest: bytes = b""

    @property
    def lat(self) -> float:
        """Degrees, south negative."""
        return (-self.lat_raw if self.status & SOUTH else self.lat_raw) / 1e6

    @property
    def lon(self) -> float:
        """Degrees, west negative."""
        return (-self.lon_raw if self.status & WEST else self.lon_raw) / 1e6

    @property
    def located(self) -> bool:
        """Whether the terminal says that it knows where it is."""
        return bool(self.status & LOCATED)


class LocationAnswer(NamedTuple):
    """0x0201: where the terminal is, and which question it answers."""

    serial: int
    location: Location


class Batch(NamedTuple):
    """0x0704: bodies of 0x0200 as they came, for their bytes are their identity; of now (0) or a blind area (1)."""

    kind: int
    bodies: tuple[bytes, ...]


class Tracking(NamedTuple):
    """0x8202: seconds between positions, and for how long."""

    interval: int
    validity: int


class Text(NamedTuple):
    """0x8300: `kind` only in 2019 (1 notice, 2 service)."""

    flags: int
    text: str
    kind: int = 1


class Parameters(NamedTuple):
    """0x8103 and 0x0104: values by id, as bytes; `serial` is the question's in an answer."""

    values: Mapping[int, bytes]
    serial: int = 0


class Retransmit(NamedTuple):
    """0x8003 and 0x0005: which parts, and the serial of the first of them all."""

    serial: int
    parts: tuple[int, ...]


class DriverCard(NamedTuple):
    """0x0702: status 1 put in, 2 drawn; the rest only where the card could be read."""

    status: int
    time: datetime | None
    result: int = 0
    name: str = ""
    licence: str = ""
    issuer: str = ""
    expiry: str = ""


class Unknown(NamedTuple):
    """A message that is not ours to read."""

    body: bytes


Message = (
    Ack | Empty | Register | RegisterAck | Auth | Location | LocationAnswer | Batch | Tracking | Text | Parameters
    | Retransmit | DriverCard | Unknown
)  # fmt: skip


def _text(raw: bytes) -> str:
    """GBK without its padding; what a database cannot hold is left out."""
    return raw.decode("gb18030", "replace").replace("\x00", "").strip()


def _bytes(text: str) -> bytes:
    return text.encode("gb18030", "replace")


def _ack(body: bytes, newer: bool) -> Ack:
    return Ack(*struct.unpack(">HHB", body))


def _empty(body: bytes, newer: bool) -> Empty:
    return Empty()


WIDTHS: Mapping[int, tuple[int, int, int]] = {2011: (5, 8, 7), 2013: (5, 20, 7), 2019: (11, 30, 30)}


def _layout(body: bytes, newer: bool) -> int:
    """By which year the widths are: 2011 where the colour of 2013 would be no colour."""
    if newer:
        return 2019
    return 2013 if len(body) > 36 and body[36] in COLOURS else 2011


def _register(body: bytes, newer: bool) -> Register:
    layout = _layout(body, newer)
    maker, model, terminal = WIDTHS[layout]
    province, city = struct.unpack_from(">HH", body)
    ends = (4 + maker, 4 + maker + model, 4 + maker + model + terminal)
    return Register(
        province, city, _text(body[4 : ends[0]]), _text(body[ends[0] : ends[1]]), _text(body[ends[1] : ends[2]]),
        body[ends[2]], _text(body[ends[2] + 1 :]), layout,
    )  # fmt: skip


def _register_ack(body: bytes, newer: bool) -> RegisterAck:
    serial, result = struct.unpack_from(">HB", body)
    return RegisterAck(serial, result, None if result else _text(body[3:]))


def _auth(body: bytes, newer: bool) -> Auth:
    if not newer:
        return Auth(_text(body))
    end = 1 + body[0]
    if end > len(body):
        raise BadFrame("body")
    return Auth(_text(body[1:end]), _text(body[end : end + 15]), _text(body[end + 15 : end + 35]))


def location(body: bytes) -> Location:
    """The body of 0x0200, also inside 0x0704; a last item that is cut short never costs the position."""
    if len(body) < LOCATION_SIZE:
        raise BadFrame("body")
    *numbers, time = _LOCATION.unpack_from(body)
    alarm, status, lat, lon, altitude, speed, direction = numbers
    items, rest = split_items(body[LOCATION_SIZE:])
    return Location(alarm, status, lat, lon, altitude, speed, direction, bcd.moment(time), items, rest)


def _location(body: bytes, newer: bool) -> Location:
    return location(body)


def _location_answer(body: bytes, newer: bool) -> LocationAnswer:
    return LocationAnswer(int.from_bytes(body[:2], "big"), location(body[2:]))


def _batch(body: bytes, newer: bool) -> Batch:
    count, kind = struct.unpack_from(">HB", body)
    bodies, place = [], 3
    for _each in range(count):
        (length,) = struct.unpack_from(">H", body, place)
        piece = body[place + 2 : place + 2 + length]
        if len(piece) < length or length < LOCATION_SIZE:
            raise BadFrame("body")
        bodies.append(piece)
        place += 2 + length
    return Batch(kind, tuple(bodies))


def _tracking(body: bytes, newer: bool) -> Tracking:
    interval = int.from_bytes(body[:2], "big")
    return Tracking(interval, int.from_bytes(body[2:6], "big"))


def _said(body: bytes, newer: bool) -> Text:
    return Text(body[0], _text(body[2:]), body[1]) if newer else Text(body[0], _text(body[1:]))


def _values(body: bytes, count: int, start: int) -> dict[int, bytes]:
    values, place = {}, start
    for _each in range(count):
        code, length = struct.unpack_from(">IB", body, place)
        values[code] = body[place + 5 : place + 5 + length]
        if len(values[code]) < length:
            raise BadFrame("body")
        place += 5 + length
    return values


def _parameters(body: bytes, newer: bool) -> Parameters:
    return Parameters(_values(body, body[0], 1))


def _parameters_answer(body: bytes, newer: bool) -> Parameters:
    serial, count = struct.unpack_from(">HB", body)
    return Parameters(_values(body, count, 3), serial)


def _retransmit(body: bytes, newer: bool) -> Retransmit:
    serial, count = struct.unpack_from(">HH" if newer else ">HB", body)
    return Retransmit(serial, struct.unpack_from(f">{count}H", body, 4 if newer else 3))


def _driver(body: bytes, newer: bool) -> DriverCard:
    status, time = body[0], bcd.moment(body[1:7]) if len(body) >= 7 else None
    if status != 1 or len(body) < 8 or body[7]:
        return DriverCard(status, time, body[7] if len(body) > 7 else 0)
    end = 9 + body[8]
    name, licence = _text(body[9:end]), _text(body[end : end + 20])
    issued = end + 21 + body[end + 20]
    return DriverCard(
        status, time, 0, name, licence, _text(body[end + 21 : issued]), body[issued : issued + 4].hex()
    )  # fmt: skip


_READERS: Mapping[int, Callable[[bytes, bool], Message]] = {
    0x0001: _ack, 0x8001: _ack, 0x0002: _empty, 0x0003: _empty, 0x0100: _register, 0x8100: _register_ack,
    0x0102: _auth, 0x0200: _location, 0x0201: _location_answer, 0x8201: _empty, 0x0704: _batch, 0x8202: _tracking,
    0x8300: _said, 0x8103: _parameters, 0x8104: _empty, 0x0104: _parameters_answer, 0x8003: _retransmit,
    0x0005: _retransmit, 0x0702: _driver,
}  # fmt: skip


def decode(frame: Frame) -> Message:
    """What the frame says; `Unknown` for a message that is not ours, BadFrame for a body that is not what it says."""
    header = frame.header
    if header.encryption:
        raise BadFrame("encrypted")
    read = _READERS.get(header.message)
    if read is None:
        return Unknown(frame.body)
    try:
        return read(frame.body, header.newer)
    except (struct.error, IndexError) as error:
        raise BadFrame("body") from error


def _padded(text: str, width: int) -> bytes:
    return _bytes(text)[:width].ljust(width, b"\x00")


def _write_location(said: Location) -> bytes:
    time = bcd.written(said.time) if said.time else _NO_TIME
    numbers = (said.alarm, said.status, said.lat_raw, said.lon_raw, said.altitude, said.speed_raw, said.direction)
    return _LOCATION.pack(*numbers, time) + join_items(said.items) + said.rest


def _write_register(said: Register) -> bytes:
    texts = zip((said.maker, said.model, said.terminal_id), WIDTHS[said.layout], strict=True)
    head = struct.pack(">HH", said.province, said.city) + b"".join(_padded(text, width) for text, width in texts)
    return head + bytes((said.colour,)) + _bytes(said.plate)


def _write_auth(said: Auth, newer: bool) -> bytes:
    code = _bytes(said.code)
    if not newer:
        return code
    return bytes((len(code),)) + code + _padded(said.imei, 15) + _padded(said.software, 20)


def _write_values(values: Mapping[int, bytes]) -> bytes:
    head = bytes((len(values),))
    return head + b"".join(struct.pack(">IB", code, len(value)) + value for code, value in values.items())


def _write_driver(said: DriverCard) -> bytes:
    head = bytes((said.status,)) + (bcd.written(said.time) if said.time else _NO_TIME) + bytes((said.result,))
    if said.status != 1 or said.result:
        return head
    name, issuer = _bytes(said.name), _bytes(said.issuer)
    issued = bytes((len(issuer),)) + issuer + bytes.fromhex(said.expiry)
    return head + bytes((len(name),)) + name + _padded(said.licence, 20) + issued


_WRITERS: Mapping[type, Callable[[Any, bool], bytes]] = {
    Ack: lambda said, newer: struct.pack(">HHB", *said),
    Empty: lambda said, newer: b"",
    Register: lambda said, newer: _write_register(said),
    RegisterAck: lambda said, newer: struct.pack(">HB", said.serial, said.result) + _bytes(said.code or ""),
    Auth: _write_auth,
    Location: lambda said, newer: _write_location(said),
    LocationAnswer: lambda said, newer: said.serial.to_bytes(2, "big") + _write_location(said.location),
    Batch: lambda said, newer: (
        struct.pack(">HB", len(said.bodies), said.kind)
        + b"".join(len(body).to_bytes(2, "big") + body for body in said.bodies)
    ),
    Tracking: lambda said, newer: struct.pack(">HI", said.interval, said.validity),
    Text: lambda said, newer: bytes((said.flags, said.kind) if newer else (said.flags,)) + _bytes(said.text),
    Retransmit: lambda said, newer: struct.pack(
        f">H{'H' if newer else 'B'}{len(said.parts)}H", said.serial, len(said.parts), *said.parts
    ),
    DriverCard: lambda said, newer: _write_driver(said),
    Unknown: lambda said, newer: said.body,
}


def encode(message: int, said: Message, *, newer: bool) -> bytes:
    """The body of a message; BadFrame where a value has no room in it."""
    try:
        if isinstance(said, Parameters):
            return (said.serial.to_bytes(2, "big") if message == 0x0104 else b"") + _write_values(said.values)
        return _WRITERS[type(said)](said, newer)
    except (struct.error, ValueError, OverflowError, KeyError) as error:
        raise BadFrame("value") from error
