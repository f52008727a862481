"""Trees, lamp posts, signs, railings: what stands in a street and hides a part of what moves there."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import cv2
import numpy as np

from simulator.scenes.canvas import Canvas
from simulator.scenes.thing import times

UP = np.array([0, 0, 1.0])


@lru_cache(maxsize=12)
def crown(seed: int) -> np.ndarray:
    """A tree's crown as a BGRA picture, lit from above."""
    rng = np.random.default_rng([seed, 5])
    size = 220
    sprite = np.zeros((size, size, 4), np.uint8)
    base = np.array([(52, 112, 74), (46, 100, 60), (60, 124, 92), (44, 92, 76)][rng.integers(4)], float)
    clumps = [(rng.normal(0, 0.22), rng.normal(0, 0.2)) for _ in range(26)]
    for layer, (cx, cy) in product(range(3), clumps):
        for _ in range(13):
            x, y = cx + rng.normal(0, 0.085), cy + rng.normal(0, 0.075) - layer * 0.02
            if x * x + y * y * 1.2 <= 0.2:
                tone = base * (0.52 + 0.28 * layer + 0.5 * (-y) + rng.normal(0, 0.09))
                spot = (int((x + 0.5) * size), int((y + 0.5) * size))
                colour = (*np.clip(tone, 6, 235).tolist(), 255)
                cv2.circle(sprite, spot, int(rng.uniform(3, 9 - 1.6 * layer)), colour, -1, cv2.LINE_AA)
    return sprite


@dataclass(frozen=True)
class Tree:
    x: float
    y: float
    tall: float
    seed: int

    def draw(self, canvas: Canvas) -> None:
        trunk = canvas.light.shade((62, 78, 96), np.array([0.5, -0.5, 0.2]))
        canvas.limb(
            np.array([self.x, self.y, 0]), np.array([self.x + 0.06, self.y, self.tall * 0.62]), (0.13, 0.07), trunk
        )
        seen, depth = canvas.camera.project(np.array([[self.x, self.y, self.tall * 0.78]]))
        if depth[0] < 1.5:
            return
        width = int(self.tall * 0.72 * canvas.camera.focal / depth[0])
        if not 6 < width < 520:
            return
        sprite = cv2.resize(crown(self.seed % 9), (width, int(width * 0.86)), interpolation=cv2.INTER_AREA)
        strength = canvas.light.ambient + canvas.light.direct * 0.7
        sprite[:, :, :3] = np.clip(sprite[:, :, :3] * strength, 0, 255).astype(np.uint8)
        canvas.stamp(sprite, int(seen[0][0] - width / 2), int(seen[0][1] - sprite.shape[0] / 2))

    def solids(self) -> list[np.ndarray]:
        turn = np.arange(8) * np.pi / 4
        ring = [
            [self.x + np.cos(a) * r, self.y + np.sin(a) * r, z]
            for a in turn
            for r, z in (
                (self.tall * 0.22, self.tall * 0.6),
                (self.tall * 0.27, self.tall * 0.8),
                (self.tall * 0.14, self.tall),
            )
        ]
        return [np.array(ring), np.array([[self.x + d, self.y, z] for d in (-0.1, 0.1) for z in (0, self.tall * 0.6)])]


@dataclass(frozen=True)
class Lamp:
    """A street lamp; its arm reaches over the road."""

    x: float
    y: float
    reach: float

    def draw(self, canvas: Canvas) -> None:
        tone = canvas.light.shade((150, 152, 154), np.array([0.4, -0.6, 0.0]))
        top, tip = np.array([self.x, self.y, 7.6]), np.array([self.x + self.reach, self.y, 8.1])
        canvas.limb(np.array([self.x, self.y, 0]), top, (0.1, 0.06), tone)
        canvas.limb(top, tip, (0.05, 0.04), tone)
        canvas.limb(tip, tip + np.array([self.reach * 0.25, 0, -0.02]), (0.09, 0.09), times(tone, 0.8))
        if canvas.light.dark > 0.2:
            canvas.glow(tip, 0.9, (190, 226, 255))

    def solids(self) -> list[np.ndarray]:
        return [np.array([[self.x + d, self.y, z] for d in (-0.08, 0.08) for z in (0, 7.6)])]


@dataclass(frozen=True)
class NoParkingSign:
    """The blue disc with a red ring and cross: 禁止停放."""

    x: float
    y: float

    def draw(self, canvas: Canvas) -> None:
        canvas.limb(
            np.array([self.x, self.y, 0]),
            np.array([self.x, self.y, 2.6]),
            (0.035, 0.035),
            canvas.light.shade((170, 172, 174), UP * 0.3),
        )
        turn, middle = np.linspace(0, 2 * np.pi, 24, endpoint=False), np.array([self.x, self.y - 0.06, 2.35])
        for radius, tone in ((0.36, (40, 30, 200)), (0.28, (170, 80, 24))):
            disc = middle + np.column_stack([np.cos(turn) * radius, np.zeros(24), np.sin(turn) * radius])
            canvas.face(disc, canvas.light.shade(tone, np.array([0, -0.5, 0.8])))
        for sign in (-1, 1):
            bar = np.array([[-0.2, 0, -0.2 * sign], [0.2, 0, 0.2 * sign]]) + middle
            canvas.ring(bar, 0.06, canvas.light.shade((40, 30, 200), np.array([0, -0.5, 0.8])), closed=False)

    def solids(self) -> list[np.ndarray]:
        return [np.array([[self.x + d, self.y, z] for d in (-0.03, 0.03) for z in (0, 2.6)])]


@dataclass(frozen=True)
class Railing:
    """A white railing in the middle of the road, from y to y + 3 m."""

    x: float
    y: float

    def draw(self, canvas: Canvas) -> None:
        tone = canvas.light.shade((226, 226, 224), np.array([0.5, -0.5, 0.5]))
        for height in (0.22, 0.95):
            canvas.ring(np.array([[self.x, self.y, height], [self.x, self.y + 3, height]]), 0.05, tone, closed=False)
        for step in np.arange(0, 3, 0.25):
            canvas.ring(
                np.array([[self.x, self.y + step, 0.22], [self.x, self.y + step, 0.95]]), 0.03, tone, closed=False
            )
        canvas.ring(np.array([[self.x, self.y, 0], [self.x, self.y, 1.05]]), 0.1, times(tone, 0.85), closed=False)

    def solids(self) -> list[np.ndarray]:
        return []
