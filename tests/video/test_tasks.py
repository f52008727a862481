"""Celery's way in: one slice per process, and no queue is needed to go on."""

import threading

import pytest
from kombu.exceptions import OperationalError

from video import tasks


class Idle:
    """A node that only counts its slices; it ends the test's loop after `most`."""

    def __init__(self, most: int = 1) -> None:
        self.slices, self.most = 0, most

    def work(self, _seconds: float, stop: object) -> None:
        assert callable(stop)
        self.slices += 1
        if self.slices >= self.most:
            tasks._stopping.set()

    def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Slices that were asked for; the queue takes everything."""
    asked: list[float] = []
    monkeypatch.setattr(tasks.run_slice, "apply_async", lambda **options: asked.append(options["expires"]))
    monkeypatch.setattr(tasks, "_stopping", threading.Event())
    return asked


def test_a_slice_asks_for_the_next_one(sent: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    node = Idle(most=99)
    monkeypatch.setattr(tasks, "_analyst", lambda: node)
    tasks.run_slice(0.1)
    assert (node.slices, sent) == (1, [30])


def test_a_second_slice_in_one_process_ends_at_once(sent: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    node = Idle()
    monkeypatch.setattr(tasks, "_analyst", lambda: node)
    with tasks._at_work:
        tasks.run_slice(0.1)
    assert (node.slices, sent) == (0, [])


def test_while_the_queue_is_away_the_node_goes_on_by_itself(sent: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_options: object) -> None:
        raise OperationalError("Redis is dead")

    node = Idle(most=3)
    monkeypatch.setattr(tasks.run_slice, "apply_async", away)
    monkeypatch.setattr(tasks, "_analyst", lambda: node)
    tasks.run_slice(0.1)
    assert node.slices == 3
    assert not tasks.wake()
