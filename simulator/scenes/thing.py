"""What every object of a street shares: a place, a heading, a drawing, a shadow."""

from dataclasses import dataclass, field
from math import cos, radians, sin

import numpy as np
from numpy.typing import ArrayLike

from simulator.scenes.canvas import Canvas

CLASSES = ("person", "bicycle", "car", "truck", "stall", "refuse")
Colour = tuple[float, float, float]


@dataclass
class Thing:
    """An object standing at (x, y), its front towards `heading` (degrees clockwise from +y). `look` seeds its looks."""

    x: float
    y: float
    heading: float = 0.0
    look: int = 0
    z: float = 0.0
    state: dict = field(default_factory=dict)
    label = ""

    def world(self, points: ArrayLike) -> np.ndarray:
        """World points of own points (front, left, up)."""
        sine, cosine = sin(radians(self.heading)), cos(radians(self.heading))
        turn = np.array([[sine, cosine, 0.0], [-cosine, sine, 0.0], [0.0, 0.0, 1.0]])
        own = np.atleast_2d(np.asarray(points, dtype=float))
        return own @ turn + np.array([self.x, self.y, self.z])

    def fine(self, canvas: Canvas, detail: float) -> bool:
        """Whether something `detail` metres large would still show at this distance."""
        camera = canvas.camera
        return detail * camera.focal > camera.depth(self.x, self.y)

    def rng(self) -> np.random.Generator:
        """The same numbers at every call: the looks of a thing do not change between frames."""
        return np.random.default_rng([self.look, 977])

    def sees(self, canvas: Canvas, point: np.ndarray, normal: np.ndarray) -> bool:
        """Whether a face at the world point, turned to `normal`, is turned towards the camera."""
        return float(np.dot(canvas.camera.place - point, normal)) > 0

    def face(self, canvas: Canvas, corners: np.ndarray, colour: Colour, gloss: float = 0.0) -> bool:
        """Draw a flat own face (corners anticlockwise seen from outside) if it is turned to the camera."""
        world = self.world(corners)
        normal = normal_of(world)
        if normal is None or not self.sees(canvas, (world[0] + world[2]) / 2, normal):
            return False
        canvas.face(world, colour, normal, gloss)
        return True

    def patch(self, canvas: Canvas, quad: np.ndarray, part: tuple[float, float, float, float], colour: Colour) -> None:
        """Draw a part (left, right, bottom, top as shares) of a face given by bottom-left, -right, top-right, -left."""
        left, right, low, high = part
        corners = [_at(quad, left, low), _at(quad, right, low), _at(quad, right, high), _at(quad, left, high)]
        canvas.face(self.world(np.array(corners)), colour)

    def box(
        self, canvas: Canvas, size: tuple[float, float, float, float, float, float], colour: Colour, gloss: float = 0.0
    ) -> list[np.ndarray]:
        """Draw a box (back, front, right, left, bottom, top); gives back the faces that are seen."""
        return [face for face in box_faces(size) if self.face(canvas, face, colour, gloss)]

    def draw(self, canvas: Canvas) -> None:
        raise NotImplementedError

    def solids(self) -> list[np.ndarray]:
        """Convex bodies, as world points, that throw the shadow."""
        raise NotImplementedError


def box_faces(size: tuple[float, float, float, float, float, float]) -> list[np.ndarray]:
    """Back, front, right, left and top of a box, each anticlockwise from outside, starting bottom-left."""
    u0, u1, v0, v1, w0, w1 = size
    return [
        np.array([[u0, v1, w0], [u0, v0, w0], [u0, v0, w1], [u0, v1, w1]]),
        np.array([[u1, v0, w0], [u1, v1, w0], [u1, v1, w1], [u1, v0, w1]]),
        np.array([[u0, v0, w0], [u1, v0, w0], [u1, v0, w1], [u0, v0, w1]]),
        np.array([[u1, v1, w0], [u0, v1, w0], [u0, v1, w1], [u1, v1, w1]]),
        np.array([[u0, v0, w1], [u1, v0, w1], [u1, v1, w1], [u0, v1, w1]]),
    ]


def box_points(u0: float, u1: float, v0: float, v1: float, w0: float, w1: float) -> np.ndarray:
    return np.array([[u, v, w] for u in (u0, u1) for v in (v0, v1) for w in (w0, w1)])


def _at(quad: np.ndarray, across: float, up: float) -> np.ndarray:
    low = quad[0] + (quad[1] - quad[0]) * across
    high = quad[3] + (quad[2] - quad[3]) * across
    return low + (high - low) * up


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """`share` of the other colour in the colour."""
    return (
        colour[0] + (other[0] - colour[0]) * share,
        colour[1] + (other[1] - colour[1]) * share,
        colour[2] + (other[2] - colour[2]) * share,
    )


def times(colour: Colour, factor: float) -> Colour:
    return (min(255.0, colour[0] * factor), min(255.0, colour[1] * factor), min(255.0, colour[2] * factor))


def normal_of(corners: np.ndarray) -> np.ndarray | None:
    """The unit normal of a flat shape (anticlockwise seen from its tip), or None where it has no area."""
    (ax, ay, az), (bx, by, bz) = (corners[1] - corners[0]).tolist(), (corners[2] - corners[1]).tolist()
    x, y, z = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
    length = (x * x + y * y + z * z) ** 0.5
    return None if length < 1e-9 else np.array([x / length, y / length, z / length])
