"""What the proofs share: a database of their own, processes that can be killed and frozen, a Redis that can die."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import django
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
django.setup()


@contextmanager
def private_database(name: str) -> Iterator[str]:
    """A freshly migrated database beside the one that DATABASE_URL names; answers its URL, and drops it at the end."""
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    connection.settings_dict["TEST"]["NAME"] = f"test_{name}"
    connection.settings_dict["OPTIONS"]["options"] = "-c statement_timeout=0"
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield f"{server}/test_{name}"
    finally:
        connection.close()
        connection.creation.destroy_test_db(before, verbosity=0)


def free_port() -> int:
    """A port of the loopback interface that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """A process that is started, killed without warning, frozen, and started again."""

    def __init__(self, *command: str, environment: dict[str, str] | None = None, log: Path | None = None) -> None:
        self.command = command
        self.environment = {**os.environ, **(environment or {})}
        self.log = log
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> "Process":
        """It runs."""
        with self.log.open("ab") if self.log else open(os.devnull, "ab") as output:
            self.child = subprocess.Popen(self.command, cwd=ROOT, env=self.environment, stdout=output, stderr=output)
        return self

    def send(self, signum: int) -> None:
        """The process gets a signal, if it still runs."""
        if self.child is not None and self.child.poll() is None:
            self.child.send_signal(signum)

    def kill(self) -> None:
        """It is gone, without a chance to tidy up."""
        self.send(signal.SIGKILL)
        if self.child is not None:
            self.child.wait()

    def stop(self) -> int:
        """It was asked to end, and has; answers its exit status."""
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        if self.child is None:
            return 0
        try:
            return self.child.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()
            return -9


def manage(*arguments: str, environment: dict[str, str], log: Path | None = None) -> Process:
    """One of our commands as a process."""
    return Process(sys.executable, "manage.py", *arguments, environment=environment, log=log)


class Redis(Process):
    """A Redis of the proof's own, on a socket in its own folder; keeping nothing, or `durable` as `./run` has it."""

    def __init__(self, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="cityops-redis-"))
        self.socket = self.folder / "redis.sock"
        self.url = f"unix://{self.socket}?db=0"
        super().__init__(
            "redis-server", "--port", "0", "--unixsocket", str(self.socket), "--save", "", "--dir", str(self.folder),
            *(("--appendonly", "yes", "--appendfsync", "everysec") if durable else ("--appendonly", "no")),
        )  # fmt: skip

    def start(self) -> "Redis":
        """It runs and has its socket."""
        self.socket.unlink(missing_ok=True)
        super().start()
        wait_until(self.socket.exists, 10, "redis-server")
        return self

    def remove(self) -> None:
        """Nothing of it is left."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def wait_until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    """Return when it holds; SystemExit naming what did not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError):
            if holds():
                return
        time.sleep(0.05)
    raise SystemExit(f"{what} did not come within {seconds} s")


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies; NaN of none."""
    if not values:
        return float("nan")
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
