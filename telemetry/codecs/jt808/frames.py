"""Frames of JT/T 808: delimiter, escape, checksum, the headers of 2013 and 2019, and a stream cut anywhere."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from telemetry.codecs.errors import BadFrame

MARK = b"\x7e"
MOST_BODY = 1023
MOST_RAW = 2 * (MOST_BODY + 21 + 1)
"""A longest frame with every byte escaped."""
_ENCRYPTION, _SPLIT, _NEWER = 0x1C00, 0x2000, 0x4000
_OLD, _NEW, _PARTS = struct.Struct(">HH6sH"), struct.Struct(">HHB10sH"), struct.Struct(">HH")


class Header(NamedTuple):
    """What stands before the body; `phone` is kept exactly as it came, for answers must echo it.

    `version` is None for 2011 and 2013; `flagged` tells a terminal that sets the flag of 2019 over a header of 2013.
    """

    message: int
    serial: int
    phone: bytes
    version: int | None = None
    encryption: int = 0
    total: int = 1
    part: int = 1
    split: bool = False
    flagged: bool = False

    @property
    def newer(self) -> bool:
        """Whether bodies are laid out as in 2019."""
        return self.version is not None

    @property
    def number(self) -> str:
        """The phone without its leading zeros."""
        return self.phone.hex().lstrip("0")

    @property
    def numbers(self) -> tuple[str, ...]:
        """What the terminal may be registered as: its digits, or where they are none, an IMEI written in binary."""
        if self.number.isdecimal() or not self.number:
            return (self.number,)
        imei = str(int.from_bytes(self.phone, "big"))
        return (self.number, imei + str(luhn(imei)))


class Frame(NamedTuple):
    """A header and its body, unescaped and checked."""

    header: Header
    body: bytes


def luhn(number: str) -> int:
    """The check digit that follows a number."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


def checksum(data: bytes) -> int:
    """Every byte XORed: a long number folded in halves is some times faster than byte by byte."""
    width = 1 << max(0, len(data) - 1).bit_length()
    value = int.from_bytes(data, "big")
    while width > 1:
        width >>= 1
        value = (value >> (8 * width)) ^ (value & ((1 << (8 * width)) - 1))
    return value


def escape(data: bytes) -> bytes:
    """The delimiter and the escape itself, told in two bytes."""
    return data.replace(b"\x7d", b"\x7d\x01").replace(MARK, b"\x7d\x02")


def unescape(data: bytes) -> bytes:
    """What was told; BadFrame where an escape is followed by anything else."""
    pieces = data.split(b"\x7d")
    if len(pieces) == 1:
        return data
    told = [pieces[0]]
    for piece in pieces[1:]:
        if piece[:1] == b"\x01":
            told.append(b"\x7d" + piece[1:])
        elif piece[:1] == b"\x02":
            told.append(MARK + piece[1:])
        else:
            raise BadFrame("escape")
    return b"".join(told)


def parse(raw: bytes, *, check: bool = True) -> Frame:
    """What stands between two delimiters; BadFrame for a wrong escape, checksum, header or length."""
    data = unescape(raw)
    if len(data) < _OLD.size + 1:
        raise BadFrame("short")
    if check and checksum(data):
        raise BadFrame("checksum")
    properties = data[2] << 8 | data[3]
    length, split, flagged = properties & MOST_BODY, bool(properties & _SPLIT), bool(properties & _NEWER)
    room = len(data) - 1 - length - (_PARTS.size if split else 0)
    newer = flagged and room == _NEW.size
    if room != (_NEW.size if newer else _OLD.size):
        raise BadFrame("length" if room >= 0 else "short")
    version: int | None = None
    if newer:
        message, _properties, version, phone, serial = _NEW.unpack_from(data)
    else:
        message, _properties, phone, serial = _OLD.unpack_from(data)
    total, index = _PARTS.unpack_from(data, room) if split else (1, 1)
    if split and not 1 <= index <= total:
        raise BadFrame("part")
    encryption = (properties & _ENCRYPTION) >> 10
    header = Header(message, serial, phone, version, encryption, total, index, split, flagged and not newer)
    return Frame(header, data[len(data) - 1 - length : -1])


def build(header: Header, body: bytes) -> bytes:
    """A whole frame with its delimiters."""
    if len(body) > MOST_BODY:
        raise BadFrame("too_long")
    properties = len(body) | header.encryption << 10 | (_SPLIT if header.split else 0)
    properties |= _NEWER if header.newer or header.flagged else 0
    if header.version is None:
        head = _OLD.pack(header.message, properties, header.phone, header.serial)
    else:
        head = _NEW.pack(header.message, properties, header.version, header.phone, header.serial)
    data = head + (_PARTS.pack(header.total, header.part) if header.split else b"") + body
    return MARK + escape(data + bytes((checksum(data),))) + MARK


def build_all(header: Header, body: bytes) -> list[bytes]:
    """One frame, or as many with serials in a row as a long body needs."""
    if len(body) <= MOST_BODY:
        return [build(header, body)]
    pieces = [body[start : start + MOST_BODY] for start in range(0, len(body), MOST_BODY)]
    return [
        build(
            header._replace(
                serial=(header.serial + place) & 0xFFFF, split=True, total=len(pieces), part=place + 1
            ),
            piece,
        )
        for place, piece in enumerate(pieces)
    ]  # fmt: skip


class Framer:
    """Cuts a stream at its delimiters; what is not a frame is told as its fault, and the next frame is whole again."""

    def __init__(self) -> None:
        self._tail = b""
        self._began = False

    @property
    def pending(self) -> int:
        """How many bytes wait for the rest of their frame, its delimiter included."""
        return len(self._tail) + 1 if self._began and self._tail else 0

    def feed(self, data: bytes) -> Iterator[Frame | BadFrame]:
        """Every frame that is whole now, and every fault, in order."""
        pieces = (self._tail + data).split(MARK)
        self._tail = pieces.pop()[: MOST_RAW + 1]
        if pieces and not self._began:
            self._began = True
            if pieces.pop(0):
                yield BadFrame("junk")
        elif not self._began:
            self._tail = self._tail[:1]
        for piece in pieces:
            if piece:
                yield _parsed(piece)


def _parsed(piece: bytes) -> Frame | BadFrame:
    if len(piece) > MOST_RAW:
        return BadFrame("too_long")
    try:
        return parse(piece)
    except BadFrame as fault:
        return fault
