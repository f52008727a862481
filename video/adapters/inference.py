"""The parent's side of the inference process: one batch at a time, never waiting, restarted when it dies or hangs."""

import mmap
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from video.adapters import children
from video.adapters.infer_codes import WRONG_HASH
from video.adapters.lines import Lines, say
from video.adapters.slot import HIGHEST, WIDEST
from video.contracts import Detection, Detections
from video.rules.sampling import pause_after

MODULE = "video.adapters.infer"
MOST_FRAMES = 8
BYTES = MOST_FRAMES * WIDEST * HIGHEST * 3
LOAD_SECONDS, ANSWER_SECONDS = 240.0, 30.0


@dataclass(frozen=True)
class Model:
    """Which detector to load, from which file, and what its classes mean."""

    detector: str
    file: str = ""
    sha256: str = ""
    classes: Mapping[str, str] = field(default_factory=dict)
    size: int = 320


@dataclass(frozen=True)
class Answer:
    """What a batch showed, in the order it was given, and how long it took."""

    found: list[Detections]
    milliseconds: float


def _detections(row: Mapping[str, Any]) -> Detections:
    items = []
    for label, score, (left, top, right, bottom), look in row["items"]:
        items.append(Detection(label, score, (left, top, right, bottom), tuple(look)))
    return Detections(tuple(items), row["width"], row["height"])


class Inference:
    """One model in one process. `give` a batch when `idle`, then `poll` until it answers, or None for a lost batch."""

    def __init__(self, model: Model, config_dir: str, threads: int = 1) -> None:
        self.model = model
        self.refused = False
        self.failures = 0
        self._config_dir, self._threads = config_dir, threads
        self._child: subprocess.Popen[bytes] | None = None
        self._lines: Lines | None = None
        self._fd = os.memfd_create("cityops-batch", 0)
        os.ftruncate(self._fd, BYTES)
        self._memory = mmap.mmap(self._fd, BYTES)
        self._task = 0
        self._since: float | None = None
        self._ready = False
        self._deadline = self._again_at = 0.0

    @property
    def pid(self) -> int | None:
        """The process id, where one runs."""
        return self._child.pid if self._child is not None else None

    @property
    def idle(self) -> bool:
        """Whether a batch may be given now."""
        return self._ready and self._since is None

    def give(self, frames: Sequence[np.ndarray]) -> None:
        """The batch is being looked at; at most eight pictures."""
        start = 0
        for frame in frames[:MOST_FRAMES]:
            self._memory[start : start + frame.size] = frame.tobytes()
            start += frame.size
        self._task += 1
        self._since = time.monotonic()
        self._deadline = self._since + ANSWER_SECONDS
        shapes = [list(frame.shape[:2]) for frame in frames[:MOST_FRAMES]]
        if self._child is not None and self._child.stdin is not None:
            say(self._child.stdin, {"id": self._task, "shapes": shapes})

    def poll(self) -> Answer | None:
        """The answer to the batch, where it has come. Starts the process, and again when it died or hung."""
        now = time.monotonic()
        if self._child is None:
            if now >= self._again_at and not self.refused:
                self._start(now)
            return None
        answer = None
        for message in self._lines.read() if self._lines is not None else ():
            if message["event"] == "ready":
                self._ready, self.failures = True, 0
            elif message["event"] == "found" and message["id"] == self._task:
                answer = Answer([_detections(row) for row in message["found"]], message["ms"])
                self._since = None
        if answer is None:
            self._watch(now)
        return answer

    @property
    def lost(self) -> bool:
        """Whether the batch that was given will never be answered."""
        return self._since is None and not self._ready

    def close(self) -> None:
        """No process and no memory are left."""
        if self._child is not None:
            children.end(self._child)
            self._child = None
        self._memory.close()
        os.close(self._fd)

    def _start(self, now: float) -> None:
        self._child = children.start(
            MODULE,
            descriptors=(self._fd,),
            OMP_NUM_THREADS=str(self._threads),
            OMP_WAIT_POLICY="PASSIVE",
            YOLO_OFFLINE="true",
            YOLO_AUTOINSTALL="false",
            YOLO_VERBOSE="false",
            YOLO_CONFIG_DIR=self._config_dir,
        )
        if self._child.stdin is None or self._child.stdout is None:
            raise OSError("a child without pipes")
        self._lines = Lines(self._child.stdout)
        self._ready, self._since, self._deadline = False, None, now + LOAD_SECONDS
        order = {
            "detector": self.model.detector,
            "model": self.model.file,
            "sha256": self.model.sha256,
            "classes": dict(self.model.classes),
            "size": self.model.size,
            "threads": self._threads,
            "memory": self._fd,
            "bytes": BYTES,
        }
        say(self._child.stdin, order)

    def _watch(self, now: float) -> None:
        status = self._child.poll() if self._child is not None else None
        waiting = not self._ready or self._since is not None
        if status is None and not (waiting and now > self._deadline):
            return
        if self._child is not None:
            children.end(self._child)
        self.refused = status == WRONG_HASH
        self.failures += 1
        self._child, self._ready, self._since = None, False, None
        self._again_at = now + pause_after(self.failures)
