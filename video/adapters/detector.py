"""The port behind which detectors stand: pictures in, detections out."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from video.contracts import Detections


class Detector(Protocol):
    """Finds things in a batch of RGB pictures (height, width, 3), each of its own size; one answer per picture.

    Made with `(model, classes, size, threads)`: bytes of the model's file (empty where it needs none), class names of
    the model to labels of the rules, input size in pixels, CPU threads.
    """

    def detect(self, frames: Sequence[np.ndarray]) -> list[Detections]:
        """What is in each picture, surest first, boxes as shares of the picture."""
        ...
