"""One connection, whatever it speaks: what is counted of it, when it is closed, and words in their order."""

import asyncio
import time
from collections import deque
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, ClassVar

import structlog

from telemetry.codecs import BadFrame
from telemetry.gateway.desk import Away

if TYPE_CHECKING:
    from telemetry.gateway.server import Gateway

log = structlog.get_logger(__name__)
BAD_MOST, BAD_WITHIN_S = 20, 60.0
STRIKES = 3
UNREAD = 256 * 1024
HELD_MOST = 1024
"""Frames that wait while the database is asked; a terminal that sends more than that is not waiting for answers."""


class Session(asyncio.Protocol):
    """What the listeners share. A handler that fails is counted and logged; it never closes the connection."""

    name: ClassVar[str] = ""

    def __init__(self, gateway: "Gateway") -> None:
        self.gateway = gateway
        self.transport: asyncio.Transport | None = None
        self.address = ""
        self.device_id = 0
        self.interval_s = 0
        self.heard = self.since = time.monotonic()
        self.strikes = 0
        self._bad: deque[float] = deque(maxlen=BAD_MOST)
        self._held: deque[Any] = deque()
        self._busy = False
        self.paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A connection more, unless there are too many."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.address = str((transport.get_extra_info("peername") or ("",))[0])
        transport.set_write_buffer_limits(high=UNREAD)
        if not self.gateway.admit(self):
            self.count("refused.too_many_connections")
            transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        """A connection less."""
        self.gateway.gone(self)
        self.transport = None

    def pause_writing(self) -> None:
        """Who does not read what is answered is let go."""
        self.count("closed.not_reading")
        if self.transport is not None:
            self.transport.abort()

    def count(self, what: str, many: int = 1) -> None:
        """Something happened that is counted."""
        self.gateway.counts[f"{self.name}.{what}"] += many

    def write(self, data: bytes) -> None:
        """The bytes are on their way, where there still is a way."""
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)

    def close(self, why: str) -> None:
        """The connection ends, after what was answered."""
        if self.transport is not None and not self.transport.is_closing():
            self.count(f"closed.{why}")
            self.transport.close()

    @property
    def closing(self) -> bool:
        """Whether nothing more is heard."""
        return self.transport is None or self.transport.is_closing()

    def strike(self, why: str) -> None:
        """It said something that it may not; after some such words it is closed."""
        self.count(f"refused.{why}")
        self.strikes += 1
        if self.strikes >= STRIKES:
            self.close("strikes")

    def bad(self, fault: BadFrame) -> None:
        """A frame that is none is passed over; after many in a short time the connection is closed."""
        self.count(f"bad.{fault.code}")
        now = time.monotonic()
        self._bad.append(now)
        if len(self._bad) == BAD_MOST and now - self._bad[0] <= BAD_WITHIN_S:
            self.close("bad_frames")

    def hear(self, frame: Any) -> None:
        """A frame is handled now, or in its turn when the database has answered for the ones before it."""
        if self._busy or self._held:
            if len(self._held) >= HELD_MOST:
                self.close("impatient")
                return
            self._held.append(frame)
        else:
            self._handled(frame)

    def handle(self, frame: Any) -> None:
        """What the protocol makes of a frame."""
        raise NotImplementedError

    def meanwhile(self, work: Coroutine[Any, Any, None]) -> None:
        """The work is done while further frames wait."""
        self._busy = True
        self.gateway.spawn(self._worked(work))

    async def _worked(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Away as away:
            log.warning("gateway.database_away", error=str(away))
            self.count("refused.database_away")
            self.close("database_away")
        finally:
            self._busy = False
            while self._held and not self._busy and not self.closing:
                self._handled(self._held.popleft())

    def _handled(self, frame: Any) -> None:
        if self.closing:
            return
        try:
            self.handle(frame)
        except BadFrame as fault:
            self.bad(fault)
        except Exception:  # a fault of ours must not cost the terminal its connection
            self.count("failed")
            log.exception("gateway.handler_failed", protocol=self.name)
