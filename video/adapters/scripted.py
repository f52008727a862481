"""A detector for tests without a model: it finds blocks of pure colour that a test has painted into a video."""

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from video.contracts import Detection, Detections

COLOURS = {"car": (255, 0, 255), "person": (0, 255, 255), "bicycle": (255, 255, 0), "truck": (255, 0, 0)}
NEAR = 70
SMALLEST = 0.0005


class Scripted:
    """Blocks of these colours (RGB) are things; `classes` may rename them."""

    def __init__(self, model: bytes = b"", classes: Mapping[str, str] | None = None, size: int = 0, threads: int = 1):
        self._names = dict(classes or {})

    def detect(self, frames: Sequence[np.ndarray]) -> list[Detections]:
        """The painted blocks of each picture."""
        return [self._one(frame) for frame in frames]

    def _one(self, frame: np.ndarray) -> Detections:
        height, width = frame.shape[:2]
        items = []
        for name, colour in COLOURS.items():
            near = np.abs(frame.astype(np.int16) - np.array(colour, np.int16)).max(axis=2) < NEAR
            _count, _labels, stats, _centres = cv2.connectedComponentsWithStats(near.astype(np.uint8))
            for left, top, wide, high, area in stats[1:]:
                if area < SMALLEST * width * height:
                    continue
                right, bottom = float((left + wide) / width), float((top + high) / height)
                box = (float(left / width), float(top / height), right, bottom)
                items.append(Detection(self._names.get(name, name), 0.95, box))
        return Detections(tuple(items), width, height)
