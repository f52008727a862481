"""A whole small city of real processes for the long stories: web, relay, deliver, workers, beat, Redis, cameras.

A keeper restarts what dies, as supervisor does in the demo, so a story may kill any of them.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit, urlunsplit

import httpx
from django.db import connections

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
SYSTEM_PYTHON = "/usr/bin/python3"


def free_port() -> int:
    """A TCP port of the loopback that nobody holds now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stack:
    """Processes by name, their logs, and the doors they open; use it as a context manager."""

    def __init__(
        self, name: str, *, cells: int = 240, assets: int = 300, cases: int = 20, cameras: bool = True
    ) -> None:
        self.home = Path(tempfile.mkdtemp(prefix=f"co-{name[:8]}-"))
        self.base = f"http://127.0.0.1:{(port := free_port())}"
        self.rtsp_port, self.control_port = free_port(), free_port()
        self._database = f"cityops_stack_{name}"
        self._seed = ["--cells", str(cells), "--assets", str(assets), "--cases", str(cases)]
        self._seed += ["--cameras", "1"] if cameras else []
        self._env = self._environment()
        self._commands = self._programs(port, cameras)
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._guard = threading.Lock()
        self._open = True

    def __enter__(self) -> "Stack":
        self._make_database()
        self.start("redis")
        self.manage("migrate", "--noinput")
        self.manage("demo", *self._seed)
        for name in self._commands:
            self.start(name)
        threading.Thread(target=self._keep, daemon=True).start()
        self.wait_ready()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        if error is not None:
            self._show_logs()
        with self._guard:
            running = list(self._running.values())
        for sent in (signal.SIGTERM, signal.SIGKILL):
            for process in running:
                _signal(process, sent)
            _wait_all(running, 8.0)
        self._drop_database()
        shutil.rmtree(self.home, ignore_errors=True)

    def start(self, name: str) -> None:
        """The process runs, in a group of its own, with its output in a file."""
        log = (self.home / f"{name}.log").open("ab")
        with self._guard:
            self._running[name] = subprocess.Popen(
                self._commands[name],
                cwd=ROOT,
                env=self._env,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if name == "redis":
            deadline = time.monotonic() + 60
            while not (self.home / "redis.sock").exists() and time.monotonic() < deadline:
                time.sleep(0.05)

    def kill(self, name: str) -> None:
        """kill -9 of the process and its children; the keeper brings it back."""
        with self._guard:
            process = self._running[name]
        _signal(process, signal.SIGKILL)
        process.wait()

    def manage(self, *arguments: str) -> None:
        """A management command against the stack's database; raises with its output where it fails."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self._env,
            capture_output=True,
            text=True,
            timeout=1200,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {arguments[0]}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")

    def wait_ready(self, within_s: float = 240.0) -> None:
        """Everything says that it is well."""
        deadline = time.monotonic() + within_s
        answer = "no answer"
        while time.monotonic() < deadline:
            try:
                found = httpx.get(f"{self.base}/readyz", timeout=20)
                if found.status_code == 200:
                    return
                answer = found.text
            except httpx.TransportError as away:
                answer = repr(away)
            time.sleep(0.5)
        raise RuntimeError(f"the stack is not ready after {within_s:.0f} s: {answer}")

    def _environment(self) -> dict[str, str]:
        url = urlsplit(os.environ["DATABASE_URL"])
        return {
            **os.environ,
            "DATABASE_URL": urlunsplit(url._replace(path=f"/{self._database}")),
            "REDIS_URL": f"unix://{self.home}/redis.sock?db=0",
            "DATA_DIR": str(self.home / "data"),
            "DJANGO_SETTINGS_MODULE": "cityops.settings.dev",
            "DEMO": "true",
            "DB_STATEMENT_TIMEOUT_MS": "0",
            "DB_CONN_MAX_AGE": "0",
            "RTSP_PORT": str(self.rtsp_port),
            "RTSP_CONTROL_PORT": str(self.control_port),
            "OMP_NUM_THREADS": "1",
        }

    def _programs(self, port: int, cameras: bool) -> dict[str, list[str]]:
        films = ROOT / "var" / "films"
        films.mkdir(parents=True, exist_ok=True)
        (self.home / "data").mkdir()
        (self.home / "data" / "demo").symlink_to(films)
        manage = [sys.executable, "manage.py"]
        celery = [str(BIN / "celery"), "-A", "cityops"]
        quiet = ["--without-gossip", "--without-mingle", "-l", "INFO"]
        redis = [
            "redis-server",
            "--port",
            "0",
            "--unixsocket",
            f"{self.home}/redis.sock",
            "--dir",
            str(self.home),
            "--appendonly",
            "yes",
        ]
        programs = {
            "redis": redis,
            "web": [
                str(BIN / "uvicorn"),
                "cityops.asgi:application",
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
                "--no-access-log",
            ],
            "relay": [*manage, "relay"],
            "deliver": [*manage, "relay", "--deliver"],
            "worker": [*celery, "worker", "-n", "default@%h", "-Q", "default", "-c", "1", *quiet],
            "worker-video": [*celery, "worker", "-n", "video@%h", "-Q", "video", "-P", "threads", "-c", "2", *quiet],
            "beat": [*celery, "beat", "--pidfile=", "-s", str(self.home / "beat"), "-l", "INFO"],
        }
        if cameras:
            served = self.home / "data" / "demo" / "cameras.json"
            programs["rtsp"] = [
                SYSTEM_PYTHON, "-m", "simulator.rtsp", "--port", str(self.rtsp_port),
                "--control-port", str(self.control_port), "--cameras", str(served),
            ]  # fmt: skip
        return programs

    def _keep(self) -> None:
        while self._open:
            time.sleep(0.5)
            with self._guard:
                dead = [name for name, process in self._running.items() if process.poll() is not None]
            for name in dead:
                self.start(name)

    def _make_database(self) -> None:
        self._drop_database()
        self._on_server(f'create database "{self._database}"')

    def _drop_database(self) -> None:
        self._on_server(f'drop database if exists "{self._database}" with (force)')

    def _on_server(self, statement: str) -> None:
        """One statement outside any transaction, on the database server's own database."""
        server = connections["default"].copy(alias="server")
        server.settings_dict["NAME"] = "postgres"
        try:
            with server.cursor() as cursor:
                cursor.execute("set statement_timeout = 0")
                cursor.execute(statement)
        finally:
            server.close()

    def _show_logs(self) -> None:
        for log in sorted(self.home.glob("*.log")):
            tail = log.read_text(errors="replace")[-2500:]
            sys.stderr.write(f"\n----- {log.name}\n{tail}\n")


def _signal(process: "subprocess.Popen[bytes]", sent: signal.Signals) -> None:
    try:
        os.killpg(process.pid, sent)
    except ProcessLookupError:
        return


def _wait_all(processes: "list[subprocess.Popen[bytes]]", within_s: float) -> None:
    deadline = time.monotonic() + within_s
    for process in processes:
        try:
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            continue
