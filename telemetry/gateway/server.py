"""The listeners and what goes on beside them: who is connected, who is silent, what is to be told, what is counted."""

import asyncio
import time
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, NamedTuple

import structlog

from telemetry.actions import ToSend
from telemetry.adapters import streams
from telemetry.codecs.jt808 import Assembler
from telemetry.contracts import DownlinkState
from telemetry.gateway.appending import FAILURES, Appender
from telemetry.gateway.desk import Away, Desk
from telemetry.gateway.gauges import PlantSession, StationSession
from telemetry.gateway.jt808 import TerminalSession
from telemetry.gateway.session import Session

log = structlog.get_logger(__name__)
HEARTBEAT_S = 60
SILENT_HEARTBEATS = 3
INTRODUCTION_S = 30.0
SWEEP_S, RECHECK_S, STOP_S = 1.0, 30.0, 10.0


class Settings(NamedTuple):
    """Where it listens, and how much it takes; a port of 0 is any free one, None is none."""

    host: str = "127.0.0.1"
    jt808: int | None = None
    sl651: int | None = None
    hj212: int | None = None
    most: int = 20_000
    most_per_ip: int = 5_000
    backlog: int = 200_000
    url: str = ""
    prefix: str = streams.PREFIX
    patience_s: float = 45.0


class Gateway:
    """All listeners of one process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.appender = Appender(settings.url or streams.address(), prefix=settings.prefix)
        self.desk = Desk()
        self.ports: dict[str, int] = {}
        self._assembler = Assembler(settings.patience_s)
        self._sessions: set[Session] = set()
        self._by_device: dict[int, Session] = {}
        self._per_ip: Counter[str] = Counter()
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._endless: list[asyncio.Task[None]] = []
        self._recheck_due = time.monotonic() + RECHECK_S

    @property
    def counts(self) -> Counter[str]:
        """What is counted until it is told to Redis."""
        return self.appender.counts

    @property
    def connected(self) -> int:
        """How many terminals are known and connected."""
        return len(self._by_device)

    async def start(self) -> None:
        """The listeners listen; answers when they do."""
        makers = {
            "jt808": lambda: TerminalSession(self, self._assembler),
            "sl651": lambda: StationSession(self),
            "hj212": lambda: PlantSession(self),
        }
        loop = asyncio.get_running_loop()
        for name, make in makers.items():
            port = getattr(self.settings, name)
            if port is None:
                continue
            server = await loop.create_server(make, self.settings.host, port, backlog=4096)
            self._servers.append(server)
            self.ports[name] = server.sockets[0].getsockname()[1]
        for work in (self.appender.run(), self._sweep(), self._outbox()):
            self._endless.append(self.spawn(work))
        log.info("gateway.listening", host=self.settings.host, ports=self.ports)

    async def stop(self) -> None:
        """Nobody is heard any more; what was counted is told."""
        for server in self._servers:
            server.close()
        for session in list(self._sessions):
            session.close("stopping")
        for task in self._endless:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_S)
        await self.appender.tell_counts()
        await self.appender.close()
        self.desk.close()

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """The work is done beside the others, and its failure is logged; what has an end is waited for in the end."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.counts["failed"] += 1
            log.error("gateway.task_failed", error=repr(error))

    # ------------------------------------------------------------ who is connected

    def admit(self, session: Session) -> bool:
        """Whether there is room for one more, over all and from its address."""
        full = len(self._sessions) >= self.settings.most
        if full or self._per_ip[session.address] >= self.settings.most_per_ip:
            return False
        self._sessions.add(session)
        self._per_ip[session.address] += 1
        return True

    def gone(self, session: Session) -> None:
        """The connection is over."""
        if session not in self._sessions:
            return
        self._sessions.discard(session)
        self._per_ip[session.address] -= 1
        if not self._per_ip[session.address]:
            del self._per_ip[session.address]
        if self._by_device.get(session.device_id) is session:
            del self._by_device[session.device_id]

    def introduce(self, session: Session, device_id: int) -> None:
        """The device is known from now on by this connection; an older one of the same is closed."""
        if self._by_device.get(session.device_id) is session:
            del self._by_device[session.device_id]
        older = self._by_device.get(device_id)
        session.device_id = device_id
        self._by_device[device_id] = session
        if older is not None and older is not session:
            older.close("replaced")

    # ------------------------------------------------------------ what goes on beside

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            self._close_the_silent(time.monotonic())
            for missing in self._assembler.due(time.monotonic()):
                self._ask_again(missing)
            self.counts["sweeps"] += 1
            await self.appender.tell_counts()
            await self._mind_the_backlog()
            if time.monotonic() > self._recheck_due:
                await self._recheck()

    def _close_the_silent(self, now: float) -> None:
        for session in list(self._sessions):
            if not session.device_id:
                if now - session.since > INTRODUCTION_S:
                    session.close("not_introduced")
            elif not session.paused and now - session.heard > SILENT_HEARTBEATS * max(HEARTBEAT_S, session.interval_s):
                session.close("silent")

    def _ask_again(self, missing: Any) -> None:
        for session in self._by_device.values():
            if isinstance(session, TerminalSession) and session.speaks_as(missing.header.phone):
                session.ask_again(missing)
                return

    async def _mind_the_backlog(self) -> None:
        """Reading stops while the consumers are far behind: the terminals keep what they have, which they can."""
        try:
            behind = await self.appender.backlog() > self.settings.backlog
        except FAILURES:
            return
        for session in list(self._sessions):
            if session.paused == behind or session.transport is None or session.closing:
                continue
            session.paused = behind
            if behind:
                session.transport.pause_reading()
            else:
                session.heard = time.monotonic()
                session.transport.resume_reading()
        if behind:
            self.counts["backlog_full"] += 1

    async def _recheck(self) -> None:
        """Devices that were switched off are not heard any more."""
        self._recheck_due = time.monotonic() + RECHECK_S
        with suppress(Away):
            allowed = await self.desk.still_enabled(list(self._by_device))
            for device_id, session in list(self._by_device.items()):
                if device_id not in allowed:
                    session.close("switched_off")

    async def _outbox(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            if not self._by_device:
                continue
            try:
                waiting = await self.desk.downlinks(list(self._by_device))
            except Away:
                continue
            for one in waiting:
                self._tell(one)

    def _tell(self, one: ToSend) -> None:
        session = self._by_device.get(one.device_id)
        if not isinstance(session, TerminalSession):
            return
        try:
            session.tell(one)
        except Exception:  # what cannot be written to one terminal must not keep the others from being told
            self.counts["failed"] += 1
            log.exception("gateway.not_told", downlink=one.id)

    async def end_downlink(self, pk: int, state: DownlinkState) -> None:
        """The answer of a terminal is kept; while the database is away it is tried again, as the terminal is not."""
        for _try in range(60):
            try:
                await self.desk.end_downlink(pk, state)
            except Away:
                await asyncio.sleep(SWEEP_S)
            else:
                return
