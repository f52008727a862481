"""Reads the streams as a group, stores in batches, and says so to Redis only after the commit."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, timedelta
from typing import Any

import redis
import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from core import clock
from telemetry import actions, selectors
from telemetry.adapters import positions, streams
from telemetry.adapters.streams import FIX, READING, Record
from telemetry.contracts.observations import Intake
from telemetry.store.measuring import measured
from telemetry.store.reading import Tracks

log = structlog.get_logger(__name__)
BATCH, WAIT_MS = 2000, 200
ENTRIES = 64
ABANDONED_MS = 60_000
TIDY_S, MAPS_S = 5.0, 60.0
PAUSE_S = 0.5

Entries = list[tuple[bytes, bytes]]


class Consumer:
    """One of the group `store`. What it had taken and not stored when it died, it takes again when it is back."""

    def __init__(self, name: str, *, prefix: str = streams.PREFIX, url: str = "") -> None:
        self._redis = redis.Redis.from_url(url or streams.address(), socket_timeout=10)
        self._name, self._prefix = name, prefix
        self._keys = [streams.key(shard, prefix).encode() for shard in range(streams.SHARDS)]
        self._tracks = Tracks()
        self._maps: Mapping[int, Mapping[str, Any]] = {}
        self._maps_due = self._tidy_due = 0.0
        self._days: set[date] = set()
        self.stopped = False

    def run(self) -> None:
        """Work until it is told to stop; a Redis or a database that is away is waited for."""
        begun = False
        while not self.stopped:
            try:
                if not begun:
                    self.begin()
                    begun = True
                self.step()
            except redis.RedisError as error:
                log.warning("store.redis_away", error=str(error))
                begun = False
                time.sleep(PAUSE_S)

    def begin(self) -> None:
        """The group exists on every stream, and what was taken before and not stored is stored."""
        for key in self._keys:
            try:
                self._redis.xgroup_create(key, streams.STORE, id="0", mkstream=True)
            except redis.ResponseError as error:
                if "BUSYGROUP" not in str(error):
                    raise
        while not self.stopped and (taken := self._take("0", block=None)):
            self._store(taken)

    def step(self) -> int:
        """One batch: as many records as come in a fifth of a second, or a full batch; answers how many."""
        taken: dict[bytes, Entries] = {}
        weight, until = 0, time.monotonic() + WAIT_MS / 1000
        while weight < BATCH and (left := until - time.monotonic()) > 0:
            more = self._take(">", block=max(1, int(left * 1000)))
            for key, entries in more.items():
                taken.setdefault(key, []).extend(entries)
                weight += sum(len(entry) for _id, entry in entries) // 60
            if not more:
                break
        many = self._store(taken) if taken else 0
        if time.monotonic() > self._tidy_due:
            self._tidy()
        return many

    def _take(self, since: str, *, block: int | None) -> dict[bytes, Entries]:
        wanted: dict[Any, Any] = dict.fromkeys(self._keys, since)
        answer: Any = self._redis.xreadgroup(streams.STORE, self._name, wanted, count=ENTRIES, block=block)
        found = {
            key: [(entry, (fields or {}).get(b"b", b"")) for entry, fields in entries] for key, entries in answer or []
        }
        return {key: entries for key, entries in found.items() if entries}

    def _store(self, taken: Mapping[bytes, Entries]) -> int:
        """What was taken stands in the tables; only then Redis hears of it."""
        records = [record for entries in taken.values() for _id, entry in entries for record in streams.unpack(entry)]
        while not self.stopped:
            try:
                counts = self._keep(records)
                break
            except (DatabaseError, InterfaceError) as error:
                log.warning("store.database_away", error=str(error))
                connection.close()
                self._days.clear()
                self._tracks.forget([record.device_id for record in records])
                time.sleep(PAUSE_S)
        else:
            return 0
        with self._redis.pipeline(transaction=False) as pipe:
            for key, entries in taken.items():
                pipe.xack(key, streams.STORE, *[entry for entry, _body in entries])
            for name, many in counts.items():
                if many:
                    pipe.hincrby(f"{self._prefix}:{streams.COUNTS}", name, many)
            pipe.execute()
        return len(records)

    def _keep(self, records: Sequence[Record]) -> dict[str, int]:
        fixes = [record for record in records if record.kind == FIX]
        if time.monotonic() > self._maps_due:
            self._maps, self._maps_due = selectors.io_maps(), time.monotonic() + MAPS_S
        read = self._tracks.read(fixes, self._maps)
        self._make_days({fix.at.date() for fix in read.fixes})
        new = positions.keep(read.fixes, read.corrections) if read.fixes else 0
        qualities: dict[str, int] = {}
        for fix in read.fixes:
            name = f"quality.{int(fix.quality)}"
            qualities[name] = qualities.get(name, 0) + 1
        repeated = len(read.fixes) - new
        heard = measured((record for record in records if record.kind == READING), self._maps)
        taken = actions.take_device_readings(heard) if heard else Intake(0, 0, (), ())
        return {
            "stored": new, "repeated": repeated, "unreadable": read.unreadable, "readings.stored": taken.accepted,
            "readings.repeated": taken.repeated, "readings.refused": len(taken.refused), **qualities,
        }  # fmt: skip

    def _make_days(self, wanted: set[date]) -> None:
        """Days that are kept have tables of their own; what a wrong clock tells goes to the table of the others."""
        today = clock.now().astimezone(UTC).date()
        first, last = today - timedelta(days=settings.POSITION_KEEP_DAYS), today + timedelta(days=1)
        missing = {day for day in wanted - self._days if first <= day <= last}
        if missing:
            positions.make_days(missing)
            self._days |= missing

    def _tidy(self) -> None:
        """What another of the group left lying is taken over; what every group has read goes from the streams."""
        self._tidy_due = time.monotonic() + TIDY_S
        for key in self._keys:
            claimed: Any = self._redis.xautoclaim(key, streams.STORE, self._name, ABANDONED_MS, count=ENTRIES)
            entries = [(entry, fields.get(b"b", b"")) for entry, fields in claimed[1] if fields]
            if entries:
                self._store({key: entries})
            if oldest := self._oldest(key):
                self._redis.xtrim(key, minid=oldest, approximate=False)
        self._redis.set(f"{self._prefix}:seen:{streams.STORE}", int(clock.now().timestamp()))

    def _oldest(self, key: bytes) -> bytes:
        """The id that every group has still to see or to store; what is older is done with."""
        found = []
        groups: Any = self._redis.xinfo_groups(key)
        for group in groups:
            waiting: Any = self._redis.xpending(key, group["name"])
            found.append(waiting["min"] if waiting["pending"] else group["last-delivered-id"])
        return min(found, key=_number) if found else b""


def _number(entry: bytes) -> tuple[int, int]:
    first, _dash, second = entry.partition(b"-")
    return int(first), int(second or 0)
