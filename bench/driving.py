"""What the measurements of telemetry share: a fleet in the register, gateway and store as processes, terminals outside.

Each vehicle counts its positions in their altitude, so that the table tells which of them are there, and how often.
"""

import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import OperationalError, connection
from redis import Redis as Client
from redis.exceptions import RedisError

from bench.harness import Process, Redis, free_port, manage, private_database, wait_until
from core import clock
from simulator.terminals import grid
from telemetry.adapters import streams
from telemetry.contracts import DeviceKind, Protocol
from telemetry.models import Device, Terminal

PYTHON = sys.executable
LOADERS = 2
RECOVERY_S = 240


@dataclass
class Loaded:
    """How it went for all terminals together."""

    said: dict[str, int] = field(default_factory=dict)
    left: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    waited: Counter[int] = field(default_factory=Counter)

    def add(self, report: dict[str, Any]) -> None:
        """What one process of them reported."""
        self.said |= report["said"]
        self.left += report["left"]
        self.counts.update(report["counts"])
        self.waited.update({int(ms): many for ms, many in report["waited_ms"].items()})

    def waited_ms(self, share: float) -> float:
        """The milliseconds within which that share of the messages was acknowledged."""
        left = share * sum(self.waited.values())
        for ms in sorted(self.waited):
            left -= self.waited[ms]
            if left <= 0:
                return float(ms)
        return float("nan")


@dataclass(frozen=True)
class Stored:
    """What the table has of what was said."""

    rows: int
    lost: int
    doubled: int


@dataclass
class Site:
    """Gateway, store, Redis and database of a measurement, and its fleet."""

    folder: Path
    redis: Redis
    gateway: Process
    store: Process
    port: int
    fleet: list[dict[str, Any]]
    loaders: list[Process] = field(default_factory=list)

    def begin(self, *, seconds: float, every: float, drain: float) -> None:
        """The terminals talk, each process of them a part of the fleet."""
        for number in range(LOADERS):
            part = self.folder / f"fleet-{number}.json"
            part.write_text(json.dumps(self.fleet[number::LOADERS]), encoding="utf-8")
            command = (
                PYTHON, "-m", "simulator.terminals", "--gateway", f"127.0.0.1:{self.port}", "--fleet", str(part),
                "--seconds", str(seconds), "--every", str(every), "--drain", str(drain),
                "--report", str(self.folder / f"report-{number}.json"),
            )  # fmt: skip
            self.loaders.append(Process(*command, log=self.folder / "terminals.log").start())

    def finish(self, limit: float) -> Loaded:
        """All of them are answered, or have waited long enough."""
        wait_until(lambda: all(one.child and one.child.poll() is not None for one in self.loaders), limit, "the end")
        told = Loaded()
        for number in range(LOADERS):
            told.add(json.loads((self.folder / f"report-{number}.json").read_text(encoding="utf-8")))
        return told

    def drained(self, limit: float) -> float:
        """How many seconds it took until nothing waited in the streams any more."""
        began = time.monotonic()
        wait_until(self._empty, limit, "the store")
        return time.monotonic() - began

    def _empty(self) -> bool:
        client = Client.from_url(self.redis.url, socket_timeout=5)
        try:
            for shard in range(streams.SHARDS):
                key = streams.key(shard)
                groups: Any = client.xinfo_groups(key)
                last: Any = client.xinfo_stream(key)["last-generated-id"]
                if any(group["pending"] or group["last-delivered-id"] != last for group in groups):
                    return False
        except RedisError:
            return False
        finally:
            client.close()
        return True

    def counted(self) -> dict[str, int]:
        """The counters of gateway and store."""
        client = Client.from_url(self.redis.url, socket_timeout=5)
        told: Any = client.hgetall(f"{streams.PREFIX}:{streams.COUNTS}")
        client.close()
        return {name.decode(): int(many) for name, many in told.items()}


def seconds_of(process: Process) -> float:
    """How much of a processor a process has used."""
    if process.child is None:
        return float("nan")
    fields = Path(f"/proc/{process.child.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def site(terminals: int, name: str) -> Iterator[Site]:
    """Everything runs on a database and a Redis of its own, and is gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="cityops-telemetry-"))
    redis, port = Redis(durable=True), free_port()
    with private_database(name) as url:
        fleet = list(grid(116.6, 23.3, terminals))
        _register(fleet)
        connection.close()
        redis.start()
        environment = {
            "DATABASE_URL": url, "REDIS_URL": redis.url, "TELEMETRY_REDIS_URL": redis.url, "JT808_PORT": str(port),
            "SL651_PORT": "0", "HJ212_PORT": "0", "GATEWAY_MOST_PER_IP": "100000", "GATEWAY_MOST": "100000",
            "DB_STATEMENT_TIMEOUT_MS": "0",
        }  # fmt: skip
        gateway = manage("gateway", environment=environment, log=folder / "gateway.log").start()
        store = manage("store", environment=environment, log=folder / "store.log").start()
        wait_until(lambda: _answers(port), 60, "the gateway")
        made = Site(folder, redis, gateway, store, port, fleet)
        try:
            yield made
        finally:
            for process in (*made.loaders, gateway, store):
                process.stop()
            redis.remove()
            shutil.rmtree(folder, ignore_errors=True)


def _answers(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), timeout=1):
        return True


def _register(fleet: list[dict[str, Any]]) -> None:
    now = clock.now()
    devices = Device.objects.bulk_create(
        Device(code=one["terminal"], kind=DeviceKind.VEHICLE, interval_s=60, created_at=now, created_by="bench")
        for one in fleet
    )
    Terminal.objects.bulk_create(
        Terminal(
            device=device, protocol=Protocol.JT808, address=one["phone"], plate=one["plate"],
            terminal_id=one["terminal"],
        )
        for device, one in zip(devices, fleet, strict=True)
    )  # fmt: skip


def stored(said: dict[str, int]) -> Stored:
    """Row by row: of each vehicle's positions 0, 1, 2 … which are missing, and which are there more than once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.address, count(*), count(DISTINCT f.altitude) FROM telemetry_fix f"
            " JOIN telemetry_terminal t ON t.device_id = f.device_id GROUP BY t.address"
        )
        found = {address: (rows, distinct) for address, rows, distinct in cursor.fetchall()}
    rows = sum(many for many, _distinct in found.values())
    distinct = sum(many for _rows, many in found.values())
    lost = sum(max(0, many - found.get(phone, (0, 0))[1]) for phone, many in said.items())
    return Stored(rows, lost, rows - distinct)


def crash_database() -> None:
    """A process of PostgreSQL dies, so that all of it begins anew from its log; the measurement needs the right to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            " AND datname = current_database() LIMIT 1"
        )
        row = cursor.fetchone()
        cursor.execute("SELECT pg_backend_pid()")
        os.kill(row[0] if row else cursor.fetchone()[0], signal.SIGKILL)
    connection.close()
    wait_until(_awake, RECOVERY_S, "PostgreSQL")


def _awake() -> bool:
    """Whether PostgreSQL answers, and was begun anew: the connection that is tried is a new one each time."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return False
    finally:
        connection.close()
    return True
