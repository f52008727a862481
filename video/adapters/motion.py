"""The motion gate's arithmetic on small grey pictures: two running backgrounds, in time units, not frames."""

from collections.abc import Sequence
from math import exp

import numpy as np
from PIL import Image, ImageDraw

from video.adapters.slot import GLANCE_H, GLANCE_W
from video.contracts import Polygon
from video.rules.scene import Glance

CHANGED = 18.0
FAST_SECONDS, SLOW_SECONDS = 4.0, 180.0


def zone_mask(polygons: Sequence[Polygon]) -> np.ndarray:
    """Which pixels of the small picture lie in any of the zones."""
    mask = Image.new("L", (GLANCE_W, GLANCE_H), 0)
    for polygon in polygons:
        ImageDraw.Draw(mask).polygon([(x * GLANCE_W, y * GLANCE_H) for x, y in polygon], fill=1)
    return np.asarray(mask, dtype=bool)


class Backgrounds:
    """What the street looks like when nothing happens, as a fast and a slow memory."""

    def __init__(self, polygons: Sequence[Polygon]) -> None:
        self._zones = zone_mask(polygons)
        self._fast: np.ndarray | None = None
        self._slow: np.ndarray | None = None
        self._at = 0.0

    def glance(self, picture: np.ndarray, at: float, same: bool = False) -> Glance:
        """The picture in a few numbers; it also becomes part of the memories."""
        now = picture.astype(np.float32)
        if self._fast is None or self._slow is None:
            self._fast, self._slow, self._at = now.copy(), now.copy(), at
        changed = np.abs(now - self._fast) > CHANGED
        jumped = changed & (np.abs(now - self._slow) > CHANGED)
        in_zones = float(changed[self._zones].mean()) if self._zones.any() else 0.0
        passed = max(0.0, at - self._at)
        self._at = at
        self._fast += (1 - exp(-passed / FAST_SECONDS)) * (now - self._fast)
        self._slow += (1 - exp(-passed / SLOW_SECONDS)) * (now - self._slow)
        return Glance(float(jumped.mean()), in_zones, same)

    def forget(self) -> None:
        """The next picture is the new background."""
        self._fast = self._slow = None
