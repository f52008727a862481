"""A real Celery worker on the queue `video`, killed with SIGKILL in the middle: exactly one case."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from cases.models import Case
from tests.cases.factories import Town
from tests.video.conftest import Cameras
from tests.video.factories import ADMIN, put_up, template, zones
from video import actions, tasks
from video.models import Incident, Lease, Sample, Watch

pytestmark = [pytest.mark.rtsp, pytest.mark.worker, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
SETTINGS = """from cityops.settings.test import *
VIDEO_DETECTOR = "video.adapters.scripted.Scripted"
DETECTOR_WEIGHTS = ""
VIDEO_NODE = "node-of-the-test"
"""


class Worker:
    """A worker process on the test's own database, and a queue of its own name so that nobody else is served."""

    def __init__(self, folder: Path) -> None:
        (folder / "worker_settings.py").write_text(SETTINGS)
        database = connection.settings_dict
        host = database["HOST"].replace("/", "%2F")
        port = f":{database['PORT']}" if database["PORT"] else ""
        secret = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
        url = f"postgis://{database['USER']}{secret}@{host}{port}/{database['NAME']}"
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "worker_settings",
            "DATABASE_URL": url,
            "DATA_DIR": str(folder),
            "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
        }
        self._log = (folder / "worker.log").open("ab")
        self.process = self.start()

    def start(self) -> "subprocess.Popen[bytes]":
        """A new process of the worker."""
        command = [sys.executable, "-m", "celery", "-A", "cityops", "worker", "-Q", "video", "-P", "threads", "-c", "2"]
        quiet = ["--without-gossip", "--without-mingle", "-l", "INFO", "-n", f"video-test-{os.getpid()}@%h"]
        self.process = subprocess.Popen(
            [*command, *quiet], cwd=ROOT, env=self._environment, stdout=self._log, stderr=self._log
        )
        return self.process

    def kill(self) -> None:
        """The process is dead, without a chance to tidy up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=60)

    def stop(self) -> None:
        """The process has ended in order, or is killed."""
        self.process.terminate()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.kill()
        self._log.close()


@pytest.fixture
def worker(town: Town, settings: LazySettings, tmp_path: Path) -> Iterator[Worker]:
    """One worker; it starts to work by itself as soon as it is ready."""
    running = Worker(tmp_path)
    yield running
    running.stop()


def until(what: Callable[[], object], seconds: float, log: Path) -> float:
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if what():
            return time.monotonic() - started
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds} s\n{log.read_text()[-3000:]}")


def children_of(pid: int) -> set[int]:
    found = set()
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        if f"\nPPid:\t{pid}\n" in text:
            found.add(int(status.parent.name))
    return found


def test_a_worker_killed_in_the_middle_goes_on_after_its_restart_with_exactly_one_case(
    worker: Worker, rtsp: Cameras, tmp_path: Path
) -> None:
    log = tmp_path / "worker.log"
    rtsp.put_up("kill")
    actions.upsert_template(template("patient", longest_gap=600), actor=ADMIN)
    put_up("kill", url=rtsp.url("kill"), zones=zones(12, template="patient"))
    until(Sample.objects.exists, 180, log)
    rtsp.start("kill")
    until(lambda: Watch.objects.filter(state__places__0__phase="candidate").exists(), 120, log)
    epoch, before = Lease.objects.get().epoch, Watch.objects.get().state["places"][0]
    children = children_of(worker.process.pid)
    assert len(children) >= 2
    worker.kill()
    samples = Sample.objects.count()
    worker.start()
    until(lambda: Sample.objects.count() > samples, 180, log)
    assert Lease.objects.get().epoch == epoch + 1
    assert all(not Path(f"/proc/{pid}/cmdline").exists() for pid in children)
    until(Case.objects.exists, 120, log)
    incident = Incident.objects.get()
    assert incident.first_seen.timestamp() == pytest.approx(before["first_seen"], abs=0.01)
    time.sleep(3)
    assert Case.objects.count() == Incident.objects.count() == 1
    assert tasks.node_name()
