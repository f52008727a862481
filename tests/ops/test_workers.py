"""Real workers on a real Redis: the heartbeat goes through the queue, also after Redis was killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis

from exchange import actions as exchange
from exchange.models import ImportJob
from grid import selectors as grid
from journal.models import Entry
from tests.browser.conftest import database_url
from tests.exchange.factories import ADMIN, TREE, checked

ROOT = Path(__file__).resolve().parents[2]
SEND = "import django; django.setup(); from cityops.tasks import beat_default; beat_default.delay()"
ASK = "import django; django.setup(); from exchange.tasks import {task}; {task}.delay({given})"
KEY = "cityops0.heartbeat.default"
SENDER = "cityops0.heartbeat.beat"


class Line:
    """A Redis and a worker of the default queue, both of their own."""

    def __init__(self, home: Path, **given: str) -> None:
        self.socket = home / "r.sock"
        self.home = home
        url = f"unix://{self.socket}?db=0"
        self.environment = {**os.environ, "REDIS_URL": url, "DJANGO_SETTINGS_MODULE": "cityops.settings.test"}
        self.environment |= given
        self.client = redis.Redis.from_url(url, socket_timeout=20)
        self.redis = self.start_redis()
        self.worker = self.start_worker()

    def start_worker(self) -> subprocess.Popen[bytes]:
        log = (self.home / "worker.log").open("ab")
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "cityops",
            "worker",
            "-Q",
            "default",
            "-P",
            "threads",
            "-c",
            "1",
        ]
        quiet = ["--without-gossip", "--without-mingle", "-l", "INFO"]
        return subprocess.Popen([*command, *quiet], cwd=ROOT, env=self.environment, stdout=log, stderr=log)

    def start_redis(self) -> subprocess.Popen[bytes]:
        command = ["redis-server", "--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.home)]
        process = subprocess.Popen([*command, "--appendonly", "yes"], stdout=subprocess.DEVNULL)
        self.wait(lambda: self.client.ping(), 60)
        return process

    def wait(self, happened, seconds: float) -> float:
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            try:
                if happened():
                    return time.monotonic() - began
            except redis.RedisError:
                pass
            time.sleep(0.1)
        raise AssertionError(
            f"not within {seconds} s:\n{(self.home / 'worker.log').read_text(errors='replace')[-3000:]}"
        )

    def beat(self, seconds: float) -> float:
        """Sends one beat and waits until a worker has run it."""
        self.client.delete(KEY)
        self.send(SEND)
        return self.wait(lambda: self.client.get(KEY), seconds)

    def send(self, said: str) -> None:
        """A process of its own says this in Python."""
        subprocess.run([sys.executable, "-c", said], cwd=ROOT, env=self.environment, check=True, timeout=180)

    def stop(self) -> None:
        for process in (self.worker, self.redis):
            process.kill()
            process.wait()


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    made = Line(tmp_path)
    yield made
    made.stop()


@pytest.mark.worker
def test_a_beat_goes_through_the_queue_and_again_within_30_s_of_a_dead_redis(line):
    line.beat(120)
    line.redis.kill()
    line.redis.wait()
    time.sleep(3)
    line.redis = line.start_redis()
    line.beat(30)
    assert line.worker.poll() is None, "the worker itself lived through it"


@pytest.mark.worker
def test_a_beat_that_waits_while_redis_is_killed_is_not_lost(line):
    line.beat(120)
    line.worker.kill()
    line.worker.wait()
    line.client.delete(KEY)
    subprocess.run([sys.executable, "-c", SEND], cwd=ROOT, env=line.environment, check=True, timeout=180)
    time.sleep(1.5)
    line.redis.kill()
    line.redis.wait()
    line.redis = line.start_redis()
    assert line.client.llen("cityops0.default") == 1


@pytest.mark.worker
def test_beat_says_itself_that_it_lives_and_falls_silent_when_it_is_killed(line, tmp_path):
    command = [sys.executable, "-m", "celery", "-A", "cityops", "beat", "--pidfile=", "-s", str(tmp_path / "schedule")]
    with (tmp_path / "beat.log").open("wb") as log:
        beat = subprocess.Popen([*command, "-l", "INFO"], cwd=ROOT, env=line.environment, stdout=log, stderr=log)
    try:
        line.wait(lambda: line.client.get(SENDER), 120)
        first = float(line.client.get(SENDER))
        line.wait(lambda: float(line.client.get(SENDER)) > first, 90)
    finally:
        beat.kill()
        beat.wait()
    last = line.client.get(SENDER)
    line.beat(120)
    assert line.client.get(SENDER) == last, "a worker that works does not speak for beat"


def communities(streets: int = 8, each: int = 999) -> str:
    """A tree with one district whose streets have as many communities as their codes can number."""
    lines = [TREE]
    for street in range(100, 100 + streets):
        lines.append(f"440304{street}000,街道{street},440304000000,street\n")
        lines += [
            f"440304{street}{number:03d},社区{street}-{number},440304{street}000,community\n"
            for number in range(1, each + 1)
        ]
    return "".join(lines)


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_an_import_whose_worker_is_killed_is_resumed_by_the_next_one_with_every_row_once(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    job = checked(communities())
    total = job.total
    exchange.confirm(str(job.uid), actor=ADMIN)

    def now() -> ImportJob:
        return ImportJob.objects.get(uid=job.uid)

    line = Line(tmp_path, DATABASE_URL=database_url(), DATA_DIR=str(tmp_path))
    try:
        line.beat(120)
        line.send(ASK.format(task="work", given=f"'{job.uid}'"))
        line.wait(lambda: now().done > 0, 120)
        line.worker.send_signal(signal.SIGKILL)
        line.worker.wait()
        killed = now()
        assert (killed.state, 0 < killed.done < total) == ("running", True), killed.done
        assert len(grid.draft_regions(grid.newest_draft())) >= killed.done
        line.worker = line.start_worker()
        ImportJob.objects.filter(uid=job.uid).update(beat_at=killed.beat_at - timedelta(seconds=61))
        line.send(ASK.format(task="sweep", given=""))
        line.wait(lambda: now().state == "done", 120)
    finally:
        line.stop()
    done = now()
    assert (done.done, done.counts["add"], done.counts["refuse"]) == (total, total, 0)
    assert done.epoch > killed.epoch + 1, "another worker held it"
    assert len(grid.draft_regions(grid.newest_draft())) == total
    assert Entry.objects.filter(kind="exchange.imported.v1").count() == 1
