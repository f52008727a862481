"""Stations that speak SL 651 and plants that speak HJ 212: known by their address, heard, answered when it is kept."""

import hmac
import json
import time
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from core import clock
from telemetry.actions.devices import hash_of
from telemetry.adapters.streams import READING
from telemetry.codecs import BadFrame, hj212, sl651
from telemetry.gateway.session import Session

Value = dict[str, Any]


class GaugeSession(Session):
    """What both have in common: one station to a connection, looked up at its first word."""

    make_framer: ClassVar[Callable[[], Any]]

    def data_received(self, data: bytes) -> None:
        """Every whole frame is heard."""
        self.heard = time.monotonic()
        if not hasattr(self, "_framer"):
            self._framer = type(self).make_framer()
        for one in self._framer.feed(data):
            if self.closing:
                return
            if isinstance(one, BadFrame):
                self.bad(one)
            else:
                self.count("frames")
                self.hear(one)

    def introduce(self, frame: Any, address: str, password: str) -> None:
        """Whose station calls is asked of the register, once; then the frame is handled."""
        self.meanwhile(self._introduce(frame, address, password))

    async def _introduce(self, frame: Any, address: str, password: str) -> None:
        known = await self.gateway.desk.credential(self.name, [address])
        right = known is not None and (
            not known.secret_hash or hmac.compare_digest(known.secret_hash, hash_of(password))
        )  # fmt: skip
        if known is None or not right:
            self.strike("unknown" if known is None else "wrong_code")
            return
        self.station, self.interval_s = address, known.interval_s
        self.gateway.introduce(self, known.device_id)
        self.count("let_in")
        self._held.appendleft(frame)

    def keep(self, values: Iterable[Value], answer: bytes) -> None:
        """The readings are appended, and only then answered."""
        bodies = [json.dumps(value, separators=(",", ":")).encode() for value in values]

        def told(kept: bool) -> None:
            if kept:
                self.write(answer)
            else:
                self.close("not_kept")

        self.count("readings", len(bodies))
        self.gateway.appender.put(self.device_id, READING, bodies, told)


class StationSession(GaugeSession):
    """A gauge by SL 651."""

    name = "sl651"
    make_framer = sl651.Framer

    def handle(self, frame: sl651.Frame) -> None:
        """A report is kept and answered, anything else counted."""
        if not self.device_id or frame.station != getattr(self, "station", ""):
            self.introduce(frame, frame.station, frame.password)
        elif frame.function == sl651.LINK:
            self.count("links")
        elif not frame.reports or frame.packet is not None:
            self.count("refused.unsupported")
        else:
            values = [
                {"at": one.at.timestamp(), "name": one.name, "unit": one.unit, "value": one.value}
                for one in sl651.observations(frame)
                if one.at is not None
            ]
            self.keep(values, sl651.answer(frame, clock.now()))


class PlantSession(GaugeSession):
    """A stack by HJ 212."""

    name = "hj212"
    make_framer = hj212.Framer

    def handle(self, frame: hj212.Packet) -> None:
        """Data is kept and, where it asks for that, answered; anything else counted."""
        address = frame.fields.get("MN", "")
        if not self.device_id or address != getattr(self, "station", ""):
            self.introduce(frame, address, frame.fields.get("PW", ""))
            return
        kind, at = hj212.DATA.get(frame.fields.get("CN", "")), frame.at
        if kind is None or at is None:
            self.count("refused.unsupported")
            return
        values = [
            {"at": at.timestamp(), "name": name, "kind": kind, "values": told}
            for name, told in frame.factors.items()
        ]  # fmt: skip
        self.keep(values, hj212.answer(frame) if frame.wants_answer else b"")
