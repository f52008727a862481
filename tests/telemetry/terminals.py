"""Devices of a small town, and a terminal that speaks to the gateway over a real connection."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

import redis

from core import clock
from core.scope import Actor, machine
from telemetry import actions
from telemetry.adapters import streams
from telemetry.codecs import BadFrame, jt808
from telemetry.contracts import DeviceKind, NewDevice, Protocol
from telemetry.gateway import Gateway, Settings
from telemetry.models import Device
from telemetry.store import Consumer

ADMIN: Actor = machine("admin", "admin", "device.see")
HERE = "449900.449901"
PREFIX = "tel-test"
PLATE, PHONE, TERMINAL = "粤A12345", "13912344321", "T765432"
WAIT_S = 30.0
LON, LAT = 116.7, 23.35


def device(code: str = "truck-1", address: str = PHONE, **given: Any) -> Device:
    """A vehicle in the register."""
    words = {
        "kind": DeviceKind.VEHICLE, "protocol": Protocol.JT808, "plate": PLATE, "terminal_id": TERMINAL, "area": HERE,
        "names": {"zh": f"车{code}", "en": f"Truck {code}"}, **given,
    }  # fmt: skip
    return actions.add_device(NewDevice(code=code, address=address, **words), actor=ADMIN)


def empty_streams() -> None:
    """Nothing of another test waits in Redis."""
    client = redis.Redis.from_url(streams.address())
    if keys := client.keys(f"{PREFIX}:*"):
        client.delete(*keys)
    client.close()


def counts() -> dict[str, int]:
    """What was counted."""
    client = redis.Redis.from_url(streams.address())
    told = {name.decode(): int(many) for name, many in client.hgetall(f"{PREFIX}:{streams.COUNTS}").items()}
    client.close()
    return told


def stored(name: str = "store-1") -> Consumer:
    """A consumer has stored whatever waits."""
    consumer = Consumer(name, prefix=PREFIX)
    consumer.begin()
    while consumer.step():
        pass
    return consumer


def said(at: datetime | None = None, *, lon: float = LON, lat: float = LAT, **given: Any) -> jt808.Location:
    """Where the truck is; now, where nothing else is told."""
    words = {"alarm": 0, "status": 3, "altitude": 5, "speed_raw": 300, "direction": 90, **given}
    moment = (at or clock.now()).replace(microsecond=0)
    return jt808.Location(lat_raw=round(lat * 1e6), lon_raw=round(lon * 1e6), time=moment, **words)


def body_of(at: datetime | None = None, **given: Any) -> bytes:
    """The same as bytes."""
    return jt808.encode(0x0200, said(at, **given), newer=False)


class Terminal:
    """A terminal; each of its words is answered, and `hear` tells what came."""

    def __init__(self, port: int, phone: str = PHONE, version: int | None = None) -> None:
        self._port, self.version = port, version
        self.phone = bytes.fromhex(phone.rjust(12 if version is None else 20, "0"))
        self.serial = 0
        self._framer, self._heard = jt808.Framer(), []

    async def connect(self) -> "Terminal":
        """There is a connection."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    def send(self, message: int, what: jt808.Message | bytes, **header: Any) -> int:
        """A message is on its way; answers its serial."""
        self.serial += 1
        head = jt808.Header(message, self.serial, self.phone, self.version, **header)
        body = what if isinstance(what, bytes) else jt808.encode(message, what, newer=head.newer)
        self.writer.write(jt808.build(head, body))
        return self.serial

    async def hear(self) -> tuple[int, Any] | None:
        """The next message: its id and what it says; None where the connection is over."""
        while not self._heard:
            data = await asyncio.wait_for(self.reader.read(4096), WAIT_S)
            if not data:
                return None
            self._heard += self._framer.feed(data)
        frame = self._heard.pop(0)
        assert not isinstance(frame, BadFrame)
        assert frame.header.phone == self.phone
        self.heard_serial = frame.header.serial
        return frame.header.message, jt808.decode(frame)

    async def ask(self, message: int, what: jt808.Message | bytes, **header: Any) -> int | None:
        """The result of the answer to this very message; None where the connection is closed instead."""
        serial = self.send(message, what, **header)
        answer = await self.hear()
        if answer is None:
            return None
        assert answer[1][:2] == (serial, message)
        return int(answer[1].result)

    async def register(self, **given: Any) -> jt808.RegisterAck:
        """The answer to 0x0100."""
        words = {"terminal_id": TERMINAL, "colour": 1, "plate": PLATE, "layout": 2013 if self.version is None else 2019}
        register = jt808.Register(44, 100, "cd123", "model", **{**words, **given})
        self.send(0x0100, register)
        answer = await self.hear()
        assert answer is not None
        assert answer[0] == 0x8100
        return answer[1]

    async def enter(self) -> str:
        """It is registered and let in; answers its code."""
        code = (await self.register()).code
        assert code is not None
        assert await self.ask(0x0102, jt808.Auth(code)) == 0
        return code

    async def leave(self) -> None:
        """The connection is over from its side."""
        self.writer.close()
        with suppress(OSError):
            await self.writer.wait_closed()


Story = Callable[[Gateway, Callable[..., Awaitable[Terminal]]], Awaitable[None]]


def play(story: Story, **settings: Any) -> None:
    """The gateway listens while the story is played, and has told its counts when it is over."""

    async def played() -> None:
        gateway = Gateway(Settings(prefix=PREFIX, jt808=0, sl651=0, hj212=0, **settings))
        await gateway.start()

        async def terminal(phone: str = PHONE, version: int | None = None) -> Terminal:
            return await Terminal(gateway.ports["jt808"], phone, version).connect()

        try:
            await story(gateway, terminal)
        finally:
            await gateway.stop()

    asyncio.run(played())
