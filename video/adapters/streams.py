"""The parent's side of a decoder process: start, newest frame, watchdog, back-off, quarantine."""

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from video.adapters import children
from video.adapters.decode_codes import BROKEN, ENDED, UNREACHABLE
from video.adapters.lines import Lines, say
from video.adapters.slot import Frame, Slot, make_slot
from video.contracts import CameraState, Fault
from video.rules.sampling import QUARANTINE_AFTER, pause_after

SILENT_SECONDS = 9.0
HEALTHY_SECONDS = 60.0
MODULE = "video.adapters.decode"


@dataclass
class Source:
    """What a decoder process is told. The address is never written anywhere else."""

    url: str = field(repr=False)
    masks: list[Any] = field(default_factory=list)
    live: bool = True
    reader: str = ""
    interval: float = 1.0


class Stream:
    """One camera's decoder process, watched. `tick` must be called about once a second or more."""

    def __init__(self, source: Source, mono: Callable[[], float] = time.monotonic) -> None:
        self.source = source
        self.state, self.fault = CameraState.CONNECTING, Fault.NONE
        self.crashes = self.failures = self.starts = 0
        self.ended = False
        self._mono = mono
        self._child: subprocess.Popen[bytes] | None = None
        self._slot: Slot | None = None
        self._fd = -1
        self._lines: Lines | None = None
        self._again_at = 0.0
        self._started_at = self._alive_at = 0.0
        self._packets = self._seen = 0
        self._asked = 0.0

    @property
    def pid(self) -> int | None:
        """The process id of the decoder, where one runs."""
        return self._child.pid if self._child is not None and self._child.poll() is None else None

    def want(self, interval: float) -> None:
        """Frames are needed this often, in seconds."""
        self.source.interval = interval
        if self._child is not None and abs(interval - self._asked) > 0.05 and self._child.stdin is not None:
            self._asked = interval
            say(self._child.stdin, {"interval": interval})

    def step(self) -> None:
        """Of a file: the next frame, please. Until then its silence was our doing, not its own."""
        self._alive_at = self._mono()
        if self._child is not None and self._child.stdin is not None:
            say(self._child.stdin, {"next": True})

    def tick(self) -> None:
        """The process is started, restarted after its pause, or killed when it has been silent too long."""
        now = self._mono()
        if self._child is None:
            if now >= self._again_at and self.state is not CameraState.QUARANTINED and not self.ended:
                self._start(now)
            return
        self._listen()
        status = self._child.poll()
        if status is not None:
            if self.source.live or not self._unread():
                self._gone(status, now)
        elif now - self._alive_at > SILENT_SECONDS:
            self._stop_child()
            self._failed(now, Fault.NO_FRAMES)
        elif self.failures and now - self._started_at > HEALTHY_SECONDS:
            self.failures = self.crashes = 0

    def newest(self) -> Frame | None:
        """The newest frame, once; None when there is no newer one."""
        if self._slot is None or not self._unread():
            return None
        frame = self._slot.read()
        if frame is not None:
            self._seen = frame.seq
            self.state, self.fault = CameraState.ONLINE, Fault.NONE
        return frame

    def _unread(self) -> bool:
        """A frame waits: the process may be gone, but a file has not ended before its last frame was taken."""
        return self._slot is not None and self._slot.seq != self._seen

    def close(self) -> None:
        """No process and no memory are left."""
        self._stop_child()
        self.ended = True

    def _start(self, now: float) -> None:
        self._fd = make_slot()
        self._slot, self._seen, self._packets = Slot(self._fd), 0, 0
        self._child = children.start(MODULE, descriptors=(self._fd,), OMP_NUM_THREADS="1")
        self._started_at = self._alive_at = now
        self.starts += 1
        self._asked = self.source.interval
        if self._child.stdin is None or self._child.stdout is None:
            raise OSError("a child without pipes")
        self._lines = Lines(self._child.stdout)
        order = {
            "url": self.source.url,
            "slot": self._fd,
            "interval": self.source.interval,
            "masks": self.source.masks,
            "live": self.source.live,
            "reader": self.source.reader,
        }
        say(self._child.stdin, order)

    def _listen(self) -> None:
        if self._slot is not None and self._slot.packets != self._packets:
            self._packets, self._alive_at = self._slot.packets, self._mono()
        if self._lines is not None:
            self._lines.read()

    def _gone(self, status: int, now: float) -> None:
        self._stop_child()
        if status == ENDED and not self.source.live:
            self.ended = True
            return
        if status in (ENDED, UNREACHABLE, BROKEN):
            self._failed(now, Fault.REFUSED if status == UNREACHABLE else Fault.NO_FRAMES)
            return
        self.crashes += 1
        self._failed(now, Fault.CRASHED)
        if self.crashes >= QUARANTINE_AFTER:
            self.state = CameraState.QUARANTINED

    def _failed(self, now: float, fault: Fault) -> None:
        self.failures += 1
        self.fault = fault
        self.state = CameraState.DEGRADED if self.failures < QUARANTINE_AFTER else CameraState.DOWN
        self._again_at = now + pause_after(self.failures)

    def _stop_child(self) -> None:
        if self._child is not None:
            children.end(self._child)
            self._child = None
        if self._slot is not None:
            self._slot.close()
            os.close(self._fd)
            self._slot = None
