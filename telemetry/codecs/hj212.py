"""HJ 212-2017: what stacks and plants speak. Packets of text, a stream cut anywhere, and the factors in a packet."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from telemetry.codecs import bcd
from telemetry.codecs.errors import BadFrame

MARK, END = b"##", b"\r\n"
_HEAD, _REST = 6, 6
DATA = {"2011": "realtime", "2051": "minute", "2061": "hour", "2031": "day"}
ACK = "9014"


class Packet(NamedTuple):
    """One packet: its fields before CP, what CP holds, and each part of that by name."""

    fields: Mapping[str, str]
    cp: str

    @property
    def factors(self) -> dict[str, dict[str, str]]:
        """The values of each factor: `{"a21026": {"Rtd": "58", "Flag": "N"}}`."""
        found: dict[str, dict[str, str]] = {}
        for name, value in _pairs(self.cp.replace(",", ";")):
            factor, dash, what = name.rpartition("-")
            if dash:
                found.setdefault(factor, {})[what] = value
        return found

    @property
    def at(self) -> datetime | None:
        """The data's own time, in UTC."""
        text = dict(_pairs(self.cp.replace(",", ";"))).get("DataTime", "")
        return moment(text)

    @property
    def wants_answer(self) -> bool:
        """Whether the lowest bit of Flag asks for an answer."""
        flag = self.fields.get("Flag", "")
        return flag.isascii() and flag.isdecimal() and len(flag) < 4 and bool(int(flag) & 1)


def moment(text: str) -> datetime | None:
    """YYYYMMDDhhmmss of Beijing, as UTC; None where that is no time."""
    if len(text) < 14 or not text[:14].isascii() or not text[:14].isdecimal() or text[:2] != "20":
        return None
    return bcd.moment(bytes.fromhex(text[2:14]))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for piece in text.split(";"):
        name, equals, value = piece.partition("=")
        if equals:
            yield name, value


def crc(data: bytes) -> int:
    """The standard's own: the high byte is shifted down before each byte is taken in, which MODBUS does not do."""
    value = 0xFFFF
    for byte in data:
        value = value >> 8 ^ byte
        for _bit in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value


def parse(data: bytes, *, check: bool = True) -> Packet:
    """One whole packet; BadFrame for a wrong length, checksum or form. `check` off for plants that reckon otherwise."""
    length = _length(data)
    if data[:2] != MARK or length is None:
        raise BadFrame("head")
    if len(data) != _HEAD + length + _REST or data[-2:] != END:
        raise BadFrame("length")
    body, told = data[_HEAD:-_REST], data[-_REST:-2]
    if check and told.upper() != f"{crc(body):04X}".encode():
        raise BadFrame("checksum")
    text = body.decode("gb18030", "replace")
    if "\x00" in text:
        raise BadFrame("body")
    head, mark, rest = text.partition("CP=&&")
    cp, end, _after = rest.rpartition("&&")
    if not mark or not end:
        raise BadFrame("body")
    return Packet(dict(_pairs(head)), cp)


def _length(data: bytes) -> int | None:
    digits = data[2:6]
    return int(digits) if len(digits) == 4 and digits.isdigit() else None


def build(fields: Mapping[str, str], cp: str) -> bytes:
    """A whole packet; BadFrame where it would be longer than the standard can say."""
    told = ";".join(f"{name}={value}" for name, value in fields.items())
    body = f"{told}{';' if told else ''}CP=&&{cp}&&".encode("gb18030", "replace")
    if len(body) > 9999:
        raise BadFrame("too_long")
    return MARK + f"{len(body):04d}".encode() + body + f"{crc(body):04X}".encode() + END


def answer(packet: Packet) -> bytes:
    """What the centre says to data that it has kept."""
    kept = {name: packet.fields[name] for name in ("QN",) if name in packet.fields}
    rest = {name: packet.fields[name] for name in ("PW", "MN") if name in packet.fields}
    return build({**kept, "ST": "91", "CN": ACK, **rest, "Flag": "4"}, "")


class Framer:
    """Cuts a stream into packets; what is not one is told as its fault and passed over by the next mark."""

    def __init__(self, *, check: bool = True) -> None:
        self._held = b""
        self._check = check

    def feed(self, data: bytes) -> Iterator[Packet | BadFrame]:
        """Every packet that is whole now, and every fault, in order."""
        self._held += data
        while True:
            start = self._held.find(MARK)
            if start < 0:
                self._held = self._held[-1:] if self._held[-1:] == MARK[:1] else b""
                return
            self._held = self._held[start:]
            length = _length(self._held)
            if len(self._held) < _HEAD:
                return
            size = _HEAD + (length or 0) + _REST
            if length is not None and len(self._held) < size:
                return
            try:
                packet = parse(self._held[:size], check=self._check)
            except BadFrame as fault:
                self._held = self._held[1 if length is None else 2 :]
                yield fault
            else:
                self._held = self._held[size:]
                yield packet
