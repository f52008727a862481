"""The gate before inference: whether a picture may be judged, and whether something moves. One a camera or a file."""

from collections.abc import Sequence

import numpy as np

from video.adapters import diagnosis
from video.adapters.motion import Backgrounds
from video.contracts import Fault, Polygon
from video.rules.faults import LEARNT_LOOKS, Quality, diagnose
from video.rules.scene import Scene, look_over

SAMPLED = 7


class Gate:
    """What is remembered of a camera's pictures to know whether the next one is fit to be judged."""

    def __init__(self, polygons: Sequence[Polygon], reference: np.ndarray | None = None) -> None:
        self.scene, self.reference = Scene(), reference
        self._backgrounds = Backgrounds(polygons)
        self._quality = Quality()
        self._last: np.ndarray | None = None

    def look(self, rgb: np.ndarray, glance: np.ndarray, at: float) -> bool:
        """Takes the picture up; says whether it has just become the one that the camera should show."""
        sampled = rgb[::SAMPLED, ::SAMPLED]
        same = self._last is not None and np.array_equal(self._last, sampled)
        self._last = sampled
        grey = diagnosis.portrait(rgb)
        self._quality, fault = diagnose(self._quality, diagnosis.measured(grey, self.reference), at)
        self.scene = look_over(self.scene, self._backgrounds.glance(glance, at, same), at, fault)
        if self.scene.rebase:
            self._backgrounds.forget()
        return self._learnt(grey, fault)

    def _learnt(self, grey: np.ndarray, fault: Fault) -> bool:
        if self.reference is not None or fault or not self.scene.fit or self._quality.looks <= LEARNT_LOOKS:
            return False
        self.reference = grey
        return True

    def redrawn(self, polygons: Sequence[Polygon], reference: np.ndarray | None) -> None:
        """The zones or what the camera should show are others; what is usual for the camera stays."""
        self.reference, self._backgrounds = reference, Backgrounds(polygons)
