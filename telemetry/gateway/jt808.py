"""A terminal that speaks JT/T 808: registered, let in by its code, heard, answered, told things."""

import hmac
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from telemetry.actions import ToSend
from telemetry.actions.devices import hash_of
from telemetry.adapters.streams import FIX
from telemetry.codecs import BadFrame, jt808
from telemetry.codecs.jt808 import Ack, Assembler, Frame, Framer, Header, Missing
from telemetry.contracts import DownlinkState
from telemetry.gateway.session import Session

if TYPE_CHECKING:
    from telemetry.gateway.server import Gateway

OK, FAILED, WRONG, UNSUPPORTED = range(4)
REGISTER, AUTH = 0x0100, 0x0102
SHORTEST, LONGEST = 28, 4096
"""Bytes of a position: without any item, and with more items than any terminal sends."""
MOST_TOLD = 64


class TerminalSession(Session):
    """One terminal. Before it has said its code nothing of it is stored."""

    name = "jt808"

    def __init__(self, gateway: "Gateway", assembler: Assembler) -> None:
        super().__init__(gateway)
        self._framer, self._assembler = Framer(), assembler
        self._last: Header | None = None
        self._phone = b""
        self._serial = 0
        self._told: dict[tuple[int, int], int] = {}

    def data_received(self, data: bytes) -> None:
        """Every whole frame is heard; what is not one is counted and passed over."""
        self.heard = time.monotonic()
        for one in self._framer.feed(data):
            if self.closing:
                return
            if isinstance(one, BadFrame):
                self.bad(one)
            else:
                self.count("frames")
                self._part(one)

    def _part(self, frame: Frame) -> None:
        """A message in parts waits for the others; each part is acknowledged, the last with the whole."""
        if frame.header.split and self.speaks_as(frame.header.phone) and not frame.header.encryption:
            try:
                whole = self._assembler.add(frame, time.monotonic())
            except BadFrame as fault:
                self.bad(fault)
                self.acknowledge(frame.header, FAILED)
                return
            if whole is None:
                self.acknowledge(frame.header, OK)
                return
            frame = Frame(whole.header._replace(serial=frame.header.serial), whole.body)
        self.hear(frame)

    def handle(self, frame: Frame) -> None:
        """What is answered to a message."""
        header = self._last = frame.header
        if self.device_id and not self.speaks_as(header.phone):
            self.acknowledge(header, FAILED)
            self.strike("other_phone")
            return
        if header.encryption:
            self.count("refused.encrypted")
            self.acknowledge(header, UNSUPPORTED)
        elif header.message in (REGISTER, AUTH):
            self._introduce(frame)
        elif not self.device_id:
            self.acknowledge(header, FAILED)
            self.strike("not_introduced")
        elif header.split:  # a part that came before its terminal was let in: nothing was kept of it
            self.acknowledge(header, FAILED)
        else:
            self._serve(frame)

    # ------------------------------------------------------------ who it is

    def _introduce(self, frame: Frame) -> None:
        try:
            said = jt808.decode(frame)
        except BadFrame:
            self.acknowledge(frame.header, WRONG)
            raise
        if isinstance(said, jt808.Register):
            self.meanwhile(self._register(frame.header, said))
        elif isinstance(said, jt808.Auth):
            self.meanwhile(self._let_in(frame.header, said))

    async def _register(self, header: Header, said: jt808.Register) -> None:
        answer = await self.gateway.desk.register(header.numbers, said)
        self.send(header, 0x8100, jt808.RegisterAck(header.serial, answer.result, answer.code or None))
        if answer.result:
            self.strike(f"register_{answer.result}")
        else:
            self.count("registered")

    async def _let_in(self, header: Header, said: jt808.Auth) -> None:
        known = await self.gateway.desk.credential("jt808", header.numbers)
        right = known is not None and known.secret_hash
        if known is None or not right or not hmac.compare_digest(known.secret_hash, hash_of(said.code)):
            self.acknowledge(header, FAILED)
            self.strike("wrong_code")
            return
        self.interval_s = known.interval_s
        self._phone = header.phone
        self.gateway.introduce(self, known.device_id)
        self.count("let_in")
        self.acknowledge(header, OK)

    # ------------------------------------------------------------ what it says

    def _serve(self, frame: Frame) -> None:
        header = frame.header
        if header.message == 0x0200:
            self._keep(header, [frame.body])
            return
        try:
            said = jt808.decode(frame)
        except BadFrame:
            self.acknowledge(header, WRONG)
            raise
        if isinstance(said, jt808.Batch):
            self.count("batches" if said.kind == 0 else "replays")
            self._keep(header, list(said.bodies))
        elif isinstance(said, jt808.LocationAnswer):
            self._answered(said.serial, 0x8201, OK)
            self._keep(header, [frame.body[2:]])
        elif isinstance(said, Ack):
            self._answered(said.serial, said.message, said.result)
        elif isinstance(said, jt808.Empty) and header.message in (0x0002, 0x0003):
            self.acknowledge(header, OK)
            if header.message == 0x0003:
                self.close("logout")
        elif isinstance(said, jt808.Parameters):
            self._answered(said.serial, 0x8104, OK)
            self.acknowledge(header, OK)
        else:
            self.count("refused.unsupported")
            self.acknowledge(header, UNSUPPORTED)

    def _keep(self, header: Header, bodies: list[bytes]) -> None:
        """The positions are appended, and only then acknowledged; where that fails the terminal keeps and resends."""
        if any(not SHORTEST <= len(body) <= LONGEST for body in bodies):
            self.acknowledge(header, WRONG)
            raise BadFrame("body")
        self.count("positions", len(bodies))

        def told(kept: bool) -> None:
            self.acknowledge(header, OK if kept else FAILED)
            if not kept:
                self.close("not_kept")

        self.gateway.appender.put(self.device_id, FIX, bodies, told)

    # ------------------------------------------------------------ what it is told

    def acknowledge(self, header: Header, result: int) -> None:
        """0x8001, with the phone as it came."""
        self.send(header, 0x8001, Ack(header.serial, header.message, result))

    def send(self, to: Header, message: int, said: jt808.Message) -> list[int]:
        """A message to the terminal in its own layout; answers the serials of its frames."""
        header = to._replace(message=message, serial=self._serial, encryption=0, split=False, total=1, part=1)
        frames = jt808.build_all(header, jt808.encode(message, said, newer=to.newer))
        serials = [(self._serial + place) & 0xFFFF for place in range(len(frames))]
        self._serial = (self._serial + len(frames)) & 0xFFFF
        for frame in frames:
            self.write(frame)
        return serials

    def tell(self, one: ToSend) -> None:
        """What the outbox has for it; whichever of its frames the terminal answers proves it."""
        if self._last is None:
            return
        while len(self._told) >= MOST_TOLD:
            del self._told[next(iter(self._told))]
        for serial in self.send(self._last, one.message, _message(one.message, one.body)):
            self._told[serial, one.message] = one.id
        self.count("told")

    def _answered(self, serial: int, message: int, result: int) -> None:
        pk = self._told.get((serial, message))
        if pk is None:
            self.count("answers_to_nothing")
            return
        self._told = {key: value for key, value in self._told.items() if value != pk}
        state = DownlinkState.REFUSED if result else DownlinkState.DELIVERED
        self.count(f"downlinks.{state}")
        self.gateway.spawn(self.gateway.end_downlink(pk, state))

    def speaks_as(self, phone: bytes) -> bool:
        """Whether it is by this phone that the terminal was let in."""
        return bool(self.device_id) and self._phone == phone

    def ask_again(self, missing: Missing) -> None:
        """0x8003 for the parts that did not come."""
        self.count("asked_again")
        self.send(missing.header, 0x8003, jt808.Retransmit(missing.first, missing.parts))


def _message(message: int, body: Mapping[str, Any]) -> jt808.Message:
    if message == 0x8300:
        return jt808.Text(int(body["flags"]), str(body["text"]))
    if message == 0x8103:
        return jt808.Parameters({int(name, 16): bytes.fromhex(value) for name, value in body.items()})
    if message == 0x8202:
        return jt808.Tracking(int(body["interval"]), int(body["validity"]))
    return jt808.Empty()
