"""What the gateway asks of the database: rarely, in one thread of its own, never for a position."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from core import clock
from telemetry import actions, selectors
from telemetry.actions import Registered, ToSend
from telemetry.actions.downlinks import GATEWAY
from telemetry.codecs.jt808 import Register
from telemetry.contracts import DownlinkState
from telemetry.selectors import Credential

log = structlog.get_logger(__name__)
Answer = TypeVar("Answer")


class Away(Exception):
    """The database does not answer."""


class Desk:
    """One thread and one connection; whatever needs the database waits in line here."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "gateway-desk")

    async def _ask(self, question: Callable[[datetime], Answer]) -> Answer:
        def asked() -> Answer:
            close_old_connections()
            try:
                return question(clock.now())
            except (DatabaseError, InterfaceError) as error:
                connection.close()
                raise Away(str(error)) from error

        return await asyncio.get_running_loop().run_in_executor(self._thread, asked)

    async def register(self, numbers: Sequence[str], said: Register) -> Registered:
        """The answer to a terminal that registers."""
        return await self._ask(
            lambda now: actions.register_terminal(
                numbers, plate=said.plate, terminal_id=said.terminal_id, now=now, actor=GATEWAY
            )
        )

    async def credential(self, protocol: str, addresses: Sequence[str]) -> Credential | None:
        """Whose terminal calls itself so."""
        return await self._ask(lambda now: selectors.credential(protocol, addresses, now))

    async def still_enabled(self, device_ids: Sequence[int]) -> set[int]:
        """Those of the devices that may report now."""
        return await self._ask(lambda now: selectors.enabled_of(device_ids, now))

    async def downlinks(self, connected: Sequence[int]) -> list[ToSend]:
        """What is to be told to terminals that are connected."""

        def waiting(now: datetime) -> list[ToSend]:
            some = selectors.devices_waiting() & set(connected)
            return actions.take_downlinks(some, now=now) if some else []

        return await self._ask(waiting)

    async def end_downlink(self, pk: int, state: DownlinkState) -> None:
        """A terminal has answered."""
        await self._ask(lambda now: actions.end_downlink(pk, state=state, now=now))

    def close(self) -> None:
        """The thread ends with its connection."""
        ended: Any = self._thread.submit(lambda: connection.close())
        ended.result(timeout=10)
        self._thread.shutdown(wait=True)
