"""Appends to the streams in micro-batches: one round trip for whatever came while the last one was under way."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from core import clock
from telemetry.adapters import streams
from telemetry.adapters.streams import Record

log = structlog.get_logger(__name__)
TICK_S = 0.005
WHOLE = 400
"""Records to an entry at most, so that an entry stays small whatever was replayed."""
Told = Callable[[bool], None]
FAILURES = (RedisError, OSError, asyncio.TimeoutError)


def _entries(shards: Mapping[int, Sequence[Record]]) -> Iterator[tuple[int, bytes]]:
    for shard, records in shards.items():
        for start in range(0, len(records), WHOLE):
            yield shard, streams.pack(records[start : start + WHOLE])


class Appender:
    """Takes records and says of each whether Redis has it. It alone speaks to Redis, over one connection."""

    def __init__(self, url: str, *, prefix: str = streams.PREFIX) -> None:
        self._redis = Redis.from_url(
            url, socket_timeout=5, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0), max_connections=4
        )
        self._prefix = prefix
        self._waiting: list[tuple[list[Record], Told]] = []
        self._wake = asyncio.Event()
        self.counts: Counter[str] = Counter()

    def put(self, device_id: int, kind: int, bodies: Sequence[bytes], told: Told) -> None:
        """The bodies are appended together, and `told` is called with whether they were."""
        now = time.time_ns() // 1_000_000
        self._waiting.append(([Record(device_id, now, kind, body) for body in bodies], told))
        self._wake.set()

    async def run(self) -> None:
        """Append for ever."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(TICK_S)
            self._wake.clear()
            batch, self._waiting = self._waiting, []
            kept = await self._append(batch)
            many = sum(len(records) for records, _told in batch)
            self.counts["accepted" if kept else "not_kept"] += many
            for _records, told in batch:
                try:
                    told(kept)
                except Exception:  # one terminal's fault must not cost the others their answers
                    self.counts["failed"] += 1
                    log.exception("gateway.answer_failed")

    async def _append(self, batch: Sequence[tuple[list[Record], Told]]) -> bool:
        """Whether Redis holds all of it now; where it may hold a part, the terminals send again and nothing doubles."""
        shards: dict[int, list[Record]] = {}
        for records, _told in batch:
            if records:
                shards.setdefault(streams.shard_of(records[0].device_id), []).extend(records)
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for shard, entry in _entries(shards):
                    pipe.xadd(streams.key(shard, self._prefix), {b"b": entry})
                await pipe.execute()
        except FAILURES as error:
            log.warning("gateway.not_appended", error=str(error), batches=len(batch))
            return False
        return True

    async def backlog(self) -> int:
        """How many entries are not done with, over all streams."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for shard in range(streams.SHARDS):
                pipe.xlen(streams.key(shard, self._prefix))
            return sum(await pipe.execute())

    async def tell_counts(self) -> None:
        """The counters go to Redis, where they add up over processes; what it does not take is told next time."""
        told, self.counts = self.counts, Counter()
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for name, many in told.items():
                    pipe.hincrby(f"{self._prefix}:{streams.COUNTS}", name, many)
                pipe.set(f"{self._prefix}:seen:gateway", int(clock.now().timestamp()))
                await pipe.execute()
        except FAILURES:
            self.counts.update(told)

    async def close(self) -> None:
        """The connection is given up."""
        with suppress(*FAILURES):
            await self._redis.aclose()
