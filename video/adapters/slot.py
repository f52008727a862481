"""One newest frame, shared between two processes without a queue: the writer overwrites, the reader never waits.

The memory is a memfd, so that it vanishes with its processes, however they die. Two buffers take turns; `seq` is
published last, and a reader that finds it changed reads again (a sequence lock).
"""

import mmap
import os
import struct
from dataclasses import dataclass

import numpy as np

WIDEST, HIGHEST = 1920, 1080
GLANCE_W, GLANCE_H = 160, 90
_PICTURE = WIDEST * HIGHEST * 3
_GLANCE = GLANCE_W * GLANCE_H
_HEADER = 4096
_SIZE = _HEADER + 2 * (_PICTURE + _GLANCE)
_COUNTS = struct.Struct("<QQ")
_ABOUT = struct.Struct("<QddIII")
_TRIES = 5


@dataclass(frozen=True)
class Frame:
    """A decoded frame: RGB bytes (h, w, 3), a small grey picture, when it was read (monotonic) and its own time."""

    seq: int
    rgb: np.ndarray
    glance: np.ndarray
    mono: float
    pts: float
    keyframe: bool


def make_slot() -> int:
    """A new slot's file descriptor; it may be inherited by the process that writes."""
    fd = os.memfd_create("cityops-frame", 0)
    os.ftruncate(fd, _SIZE)
    return fd


class Slot:
    """The memory behind a slot's file descriptor, for its writer and its reader."""

    def __init__(self, fd: int) -> None:
        self._map = mmap.mmap(fd, _SIZE)

    @property
    def seq(self) -> int:
        """Number of the newest frame; 0 before the first."""
        return int(_COUNTS.unpack_from(self._map, 0)[0])

    @property
    def packets(self) -> int:
        """How many packets arrived: a sign of life also while nothing is decoded."""
        return int(_COUNTS.unpack_from(self._map, 0)[1])

    def tick(self) -> None:
        """One more packet arrived."""
        struct.pack_into("<Q", self._map, 8, self.packets + 1)

    def write(self, rgb: np.ndarray, glance: np.ndarray, mono: float, pts: float, keyframe: bool) -> None:
        """The frame is the newest one."""
        seq = self.seq + 1
        start = _HEADER + (seq % 2) * (_PICTURE + _GLANCE)
        height, width = rgb.shape[:2]
        self._map[start : start + rgb.size] = rgb.tobytes()
        self._map[start + _PICTURE : start + _PICTURE + _GLANCE] = glance.tobytes()
        _ABOUT.pack_into(self._map, 64 + (seq % 2) * 64, seq, mono, pts, width, height, int(keyframe))
        struct.pack_into("<Q", self._map, 0, seq)

    def read(self) -> Frame | None:
        """A copy of the newest frame, whole; None before the first, or when the writer is too quick."""
        for _try in range(_TRIES):
            seq = self.seq
            if seq == 0:
                return None
            frame = self._copy(seq)
            if frame is not None and self.seq == seq:
                return frame
        return None

    def _copy(self, seq: int) -> Frame | None:
        found, mono, pts, width, height, keyframe = _ABOUT.unpack_from(self._map, 64 + (seq % 2) * 64)
        size = width * height * 3
        if found != seq or not 0 < size <= _PICTURE:
            return None
        start = _HEADER + (seq % 2) * (_PICTURE + _GLANCE)
        rgb = np.frombuffer(self._map[start : start + size], np.uint8).reshape(height, width, 3)
        glance = np.frombuffer(self._map[start + _PICTURE : start + _PICTURE + _GLANCE], np.uint8)
        return Frame(seq, rgb, glance.reshape(GLANCE_H, GLANCE_W), mono, pts, bool(keyframe))

    def close(self) -> None:
        """The memory is given back."""
        self._map.close()
