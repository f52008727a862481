"""OpenCV as the reader of a decoder process, for sources that PyAV cannot open. It can abort: hence the process."""

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np

from video.adapters.slot import GLANCE_H, GLANCE_W, HIGHEST, WIDEST, Slot


def decoded(order: dict[str, Any], slot: Slot, pace: Any) -> Iterator[tuple[np.ndarray, np.ndarray, float, bool]]:
    """Frames of a stream as (RGB, grey glance, seconds, keyframe), only those that are due."""
    capture = cv2.VideoCapture(order["url"], cv2.CAP_FFMPEG)
    if not capture.isOpened():
        raise OSError("cannot open")
    rate = capture.get(cv2.CAP_PROP_FPS) or 25.0
    count = 0
    while True:
        good, picture = capture.read()
        if not good:
            return
        slot.tick()
        seconds = count / rate
        count += 1
        if not pace.keeps(seconds):
            continue
        height, width = picture.shape[:2]
        shrink = min(1.0, WIDEST / width, HIGHEST / height)
        if shrink < 1:
            picture = cv2.resize(picture, None, fx=shrink, fy=shrink)
        glance = cv2.cvtColor(cv2.resize(picture, (GLANCE_W, GLANCE_H)), cv2.COLOR_BGR2GRAY)
        yield cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), glance, seconds, True
