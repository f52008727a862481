"""./run leaves nothing behind, and nothing that is not its own is touched."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A place where a demo once ran and whose supervisor died."""
    shutil.copy(ROOT / "run", tmp_path / "run")
    (tmp_path / "var" / "demo").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def sleeper() -> Iterator:
    started = []

    def sleeping(mark: str, script: str = "exec sleep 600") -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            ["bash", "-c", script], env={**os.environ, "CITYOPS_INSTANCE": mark}, start_new_session=True
        )
        started.append(process)
        return process

    yield sleeping
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def stop(clone: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(clone / "run"), "stop"], capture_output=True, text=True, timeout=180, check=False)


def test_stop_ends_what_a_dead_supervisor_left_behind(clone, sleeper):
    orphan = sleeper(f"{clone}#demo")
    stubborn = sleeper(f"{clone}#demo", "trap '' TERM; while :; do sleep 600 & wait; done")
    done = stop(clone)
    assert done.returncode == 0, done.stderr
    assert orphan.wait(timeout=60) == -signal.SIGTERM
    assert stubborn.wait(timeout=60) == -signal.SIGKILL


def test_stop_leaves_other_clones_alone(clone, sleeper):
    other = sleeper(f"{clone}-other#demo")
    assert stop(clone).returncode == 0
    assert other.poll() is None


def test_stop_does_not_trust_an_old_pid_file(clone, sleeper):
    stranger = sleeper("somebody else")
    (clone / "var" / "demo" / "redis.pid").write_text(f"{stranger.pid}\n")
    assert stop(clone).returncode == 0
    assert stranger.poll() is None


def test_a_bench_that_does_not_exist_is_named(clone):
    done = subprocess.run(
        [str(clone / "run"), "bench", "nothing"], capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 2
    assert "There is no bench/nothing.py" in done.stderr
