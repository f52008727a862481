"""A picture under way: colours, and who owns each pixel, so that every label is what can be seen."""

from collections.abc import Sequence

import cv2
import numpy as np

from simulator.scenes.camera import NEAR_M, Camera
from simulator.scenes.light import Light

SHIFT = 4
LIMIT = 8000 << SHIFT
Colour = Sequence[float]
Glow = tuple[float, float, float, Colour, int]  # x, y, radius (pixels), colour, whose lamp


class Canvas:
    """Draws polygons given in the world; each is also drawn in `owners` with the number of the current owner."""

    def __init__(self, image: np.ndarray, camera: Camera, light: Light) -> None:
        self.image = image
        self.camera = camera
        self.light = light
        self.owners = np.zeros(image.shape[:2], np.uint8)
        self.glows: list[Glow] = []
        self.owner = 0

    def pixels(self, points: np.ndarray) -> np.ndarray | None:
        """Pixels of world points, or None where one lies behind the lens."""
        pixels, depth = self.camera.project(points)
        return None if (depth < NEAR_M).any() else pixels

    def fill(self, pixels: np.ndarray, colour: Colour) -> None:
        """Fill a polygon given in pixels."""
        fixed = np.rint(pixels * (1 << SHIFT))
        if abs(fixed).max() > LIMIT:
            fixed = np.clip(fixed, -LIMIT, LIMIT)
        fixed = fixed.astype(np.int32)
        cv2.fillPoly(self.image, [fixed], tuple(float(value) for value in colour), cv2.LINE_AA, SHIFT)
        cv2.fillPoly(self.owners, [fixed], self.owner, cv2.LINE_8, SHIFT)

    def face(self, points: np.ndarray, colour: Colour, normal: np.ndarray | None = None, gloss: float = 0.0) -> None:
        """Fill a flat shape of the world; with a normal it is shaded by the light."""
        pixels = self.pixels(points)
        if pixels is not None:
            self.fill(pixels, colour if normal is None else self.light.shade(colour, normal, gloss))

    def hull(self, points: np.ndarray, colour: Colour) -> None:
        """Fill the outline of a convex body."""
        pixels = self.pixels(points)
        if pixels is not None:
            self.fill(cv2.convexHull(pixels.astype(np.float32))[:, 0], colour)

    def limb(self, start: np.ndarray, end: np.ndarray, radii: tuple[float, float], colour: Colour) -> None:
        """A round-ended rod of the world; radii in metres at both ends."""
        seen, depth = self.camera.project(np.array([start, end]))
        if (depth < NEAR_M).any():
            return
        sizes = np.array(radii) * self.camera.focal / depth
        if np.hypot(*(seen[1] - seen[0])) < 0.3:
            self.fill(_circle(seen[0], max(sizes[0], 0.5)), colour)
            return
        rounds = np.vstack([_circle(point, max(size, 0.5)) for point, size in zip(seen, sizes, strict=True)])
        self.fill(cv2.convexHull(rounds.astype(np.float32))[:, 0], colour)

    def ball(self, centre: np.ndarray, radius: float, colour: Colour) -> None:
        """A ball of the world, radius in metres."""
        seen, depth = self.camera.project(np.array([centre]))
        if depth[0] >= NEAR_M:
            self.fill(_circle(seen[0], max(radius * self.camera.focal / depth[0], 0.5)), colour)

    def ring(self, points: np.ndarray, thickness: float, colour: Colour, closed: bool = True) -> None:
        """A thin line through world points, thickness in metres."""
        seen, depth = self.camera.project(points)
        if (depth < NEAR_M).any():
            return
        width = max(1, round(thickness * self.camera.focal / float(depth.mean())))
        fixed = np.round(seen * (1 << SHIFT)).astype(np.int32)
        cv2.polylines(self.image, [fixed], closed, tuple(float(value) for value in colour), width, cv2.LINE_AA, SHIFT)
        cv2.polylines(self.owners, [fixed], closed, self.owner, width, cv2.LINE_8, SHIFT)

    def glow(self, point: np.ndarray, radius: float, colour: Colour) -> None:
        """Remember a lamp: after dark it shines over what is around it (radius in metres)."""
        seen, depth = self.camera.project(np.array([point]))
        if depth[0] >= NEAR_M:
            self.glows.append((seen[0][0], seen[0][1], radius * self.camera.focal / depth[0], colour, self.owner))

    def stamp(self, sprite: np.ndarray, left: int, top: int) -> None:
        """Lay a BGRA sprite over the picture; where it is solid, nobody owns the pixel."""
        height, width = self.image.shape[:2]
        x0, y0, x1, y1 = (
            max(left, 0),
            max(top, 0),
            min(left + sprite.shape[1], width),
            min(top + sprite.shape[0], height),
        )
        if x0 >= x1 or y0 >= y1:
            return
        part = sprite[y0 - top : y1 - top, x0 - left : x1 - left]
        alpha = cv2.merge([part[:, :, 3]] * 3)
        under = self.image[y0:y1, x0:x1]
        kept = cv2.multiply(under, cv2.bitwise_not(alpha), scale=1 / 255)
        self.image[y0:y1, x0:x1] = cv2.add(kept, cv2.multiply(part[:, :, :3].copy(), alpha, scale=1 / 255))
        self.owners[y0:y1, x0:x1][part[:, :, 3] > 140] = self.owner


_TURN = np.linspace(0, 2 * np.pi, 16, endpoint=False)
_UNIT = np.column_stack([np.cos(_TURN), np.sin(_TURN)])


def _circle(centre: np.ndarray, radius: float) -> np.ndarray:
    return centre + _UNIT * radius
