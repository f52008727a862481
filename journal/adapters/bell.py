"""Rings {scope, head} for the live processes through the channel layer. A lost ring costs a second, not an entry."""

import asyncio
import logging
import threading
from collections.abc import Mapping

import redis
from channels.layers import get_channel_layer

from journal.contracts import GLOBAL_FEED, group_of

logger = logging.getLogger(__name__)
GAP_S = 0.25
TIMEOUT_S = 0.3
MESSAGE = "bell.ring"


class Bell:
    """Rings in a thread of its own: at most four times a second and feed, always with the newest head."""

    def __init__(self) -> None:
        self._pending: dict[str, int] = {}
        self._busy: set[asyncio.Task[None]] = set()
        self._served: set[str] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="bell", daemon=True)
        self._thread.start()

    def ring(self, heads: Mapping[str, int]) -> None:
        """Whoever listens to these feeds is told soon; returns at once, never fails."""
        told = {scope: head for scope, head in heads.items() if scope != GLOBAL_FEED}
        self._loop.call_soon_threadsafe(self._note, told)

    def close(self) -> None:
        """The thread ends."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=2)

    def _note(self, heads: dict[str, int]) -> None:
        self._pending.update(heads)
        for scope in heads.keys() - self._served:
            self._served.add(scope)
            task = self._loop.create_task(self._serve(scope))
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)

    async def _serve(self, scope: str) -> None:
        try:
            while scope in self._pending:
                await self._send(scope, self._pending.pop(scope))
                await asyncio.sleep(GAP_S)
        finally:
            self._served.discard(scope)

    async def _send(self, scope: str, head: int) -> None:
        layer = get_channel_layer()
        if layer is None:
            return
        message = {"type": MESSAGE, "scope": scope, "head": head}
        try:
            await asyncio.wait_for(layer.group_send(group_of(scope), message), TIMEOUT_S)
        except (redis.RedisError, OSError, TimeoutError) as error:
            logger.debug("bell: not heard in %s: %s", scope, error)
