"""Stalls in the street and refuse on the ground."""

import numpy as np

from simulator.scenes.canvas import Canvas
from simulator.scenes.thing import Colour, Thing, box_points, times

CLOTHS: tuple[Colour, ...] = (
    (50, 46, 190),
    (60, 140, 60),
    (190, 110, 40),
    (60, 190, 230),
    (220, 220, 222),
    (150, 90, 160),
    (48, 110, 214),
)
GOODS: tuple[Colour, ...] = (
    (40, 90, 230),
    (60, 170, 90),
    (50, 190, 240),
    (60, 50, 190),
    (130, 200, 190),
    (200, 210, 214),
    (120, 80, 140),
)
UP = np.array([0, 0, 1.0])


class Stall(Thing):
    """A vendor's stall: a table or a tricycle's bed with goods, under a parasol, an awning or nothing."""

    label = "stall"

    def __init__(self, x: float, y: float, heading: float = 0.0, look: int = 0) -> None:
        super().__init__(x, y, heading, look)
        rng = self.rng()
        self.length = float(rng.uniform(1.4, 2.4))
        self.depth = float(rng.uniform(0.8, 1.15))
        self.table = float(rng.uniform(0.62, 0.85))
        self.cover = str(rng.choice(["parasol", "awning", "awning", "parasol", "none"]))
        self.trike = bool(rng.random() < 0.35)
        self.cloth: Colour = CLOTHS[rng.integers(len(CLOTHS))]
        self.second: Colour = CLOTHS[rng.integers(len(CLOTHS))]

    def solids(self) -> list[np.ndarray]:
        half, deep = self.length / 2, self.depth / 2
        parts = [self.world(box_points(-half, half, -deep, deep, 0, self.table))]
        if self.cover != "none":
            parts.append(
                self.world(
                    self._rim()
                    if self.cover == "parasol"
                    else box_points(-half, half, -deep - 0.2, deep + 0.3, 1.95, 2.1)
                )
            )
        return parts

    def _rim(self) -> np.ndarray:
        turn = np.arange(8) * np.pi / 4
        return np.column_stack([np.cos(turn) * self.length * 0.56, np.sin(turn) * self.length * 0.56, np.full(8, 1.95)])

    def draw(self, canvas: Canvas) -> None:
        half, deep = self.length / 2, self.depth / 2
        strength = canvas.light.ambient + 0.4 * canvas.light.direct
        if self.trike:
            self._trike(canvas, strength)
        else:
            for u in (-half * 0.9, half * 0.9):
                for v in (-deep * 0.9, deep * 0.9):
                    canvas.limb(
                        self.world([[u, v, 0]])[0], self.world([[u, v, self.table]])[0], (0.025, 0.025), (96, 96, 98)
                    )
        low = 0.35 if self.trike else float(self.table - 0.34)
        self.box(canvas, (-half, half, -deep, deep, low, self.table), self.second)
        self._goods(canvas)
        if self.cover == "parasol":
            self._parasol(canvas, strength)
        elif self.cover == "awning":
            self._awning(canvas)

    def _trike(self, canvas: Canvas, strength: float) -> None:
        for u, v in (
            (-self.length * 0.3, -self.depth * 0.52),
            (-self.length * 0.3, self.depth * 0.52),
            (self.length * 0.72, 0),
        ):
            turn = np.linspace(0, 2 * np.pi, 16, endpoint=False)
            ring = np.column_stack([u + np.cos(turn) * 0.27, np.full(16, v), 0.27 + np.sin(turn) * 0.27])
            canvas.ring(self.world(ring), 0.07, (30, 30, 30))
        for a, b in (
            ((self.length * 0.4, 0, 0.45), (self.length * 0.72, 0, 0.3)),
            ((self.length * 0.66, 0, 0.3), (self.length * 0.58, 0, 1.0)),
            ((self.length * 0.58, -0.28, 1.0), (self.length * 0.58, 0.28, 1.0)),
        ):
            ends = self.world(np.array([a, b]))
            canvas.limb(ends[0], ends[1], (0.03, 0.03), times(self.cloth, strength * 0.8))

    def _goods(self, canvas: Canvas) -> None:
        rng = self.rng()
        columns, rows = int(rng.integers(3, 6)), int(rng.integers(1, 3))
        cells = [(u, v) for u in range(columns) for v in range(rows)]
        step_u, step_v = self.length / columns, self.depth / rows
        for u, v in sorted(cells, key=lambda cell: -self._far(canvas, cell, (step_u, step_v))):
            u0, v0 = -self.length / 2 + u * step_u, -self.depth / 2 + v * step_v
            tone = GOODS[rng.integers(len(GOODS))]
            self.box(
                canvas,
                (u0 + 0.04, u0 + step_u - 0.04, v0 + 0.04, v0 + step_v - 0.04, self.table, self.table + 0.12),
                (90, 130, 170),
            )
            for _ in range(9 if self.fine(canvas, 0.05) else 3):
                spot = [
                    u0 + rng.uniform(0.1, max(0.11, step_u - 0.1)),
                    v0 + rng.uniform(0.1, max(0.11, step_v - 0.1)),
                    self.table + 0.13,
                ]
                canvas.ball(
                    self.world([spot])[0],
                    float(rng.uniform(0.05, 0.085)),
                    canvas.light.shade(times(tone, float(rng.uniform(0.8, 1.2))), UP),
                )

    def _far(self, canvas: Canvas, cell: tuple[int, int], step: tuple[float, float]) -> float:
        point = self.world([[-self.length / 2 + cell[0] * step[0], -self.depth / 2 + cell[1] * step[1], self.table]])[0]
        return float(np.linalg.norm(point - canvas.camera.place))

    def _parasol(self, canvas: Canvas, strength: float) -> None:
        top = self.world([[0, 0, 2.35]])[0]
        canvas.limb(self.world([[0, 0, self.table]])[0], top, (0.025, 0.025), times((190, 190, 192), strength))
        rim = self.world(self._rim())
        order = sorted(
            range(8), key=lambda k: -float(np.linalg.norm(rim[k] + rim[(k + 1) % 8] - 2 * canvas.camera.place))
        )
        for k in order:
            corners = np.array([rim[k], rim[(k + 1) % 8], top])
            normal = np.cross(corners[1] - corners[0], corners[2] - corners[0])
            normal = normal / np.linalg.norm(normal)
            canvas.face(corners, self.cloth if k % 2 else self.second, normal if normal[2] > 0 else -normal)

    def _awning(self, canvas: Canvas) -> None:
        half, deep = self.length / 2, self.depth / 2
        for u in (-half, half):
            for v in (-deep, deep):
                canvas.limb(self.world([[u, v, 0]])[0], self.world([[u, v, 2.0]])[0], (0.022, 0.022), (170, 170, 172))
        front, back, low, high = deep + 0.3, -deep - 0.15, 1.92, 2.2
        stripes = np.linspace(-half - 0.1, half + 0.1, 9)
        for k, (a, b) in enumerate(zip(stripes, stripes[1:], strict=False)):
            tone = self.cloth if k % 2 else (228, 228, 230)
            self.face(
                canvas, np.array([[b, front, low], [a, front, low], [a, back, high], [b, back, high]])[::-1], tone
            )
            canvas.face(
                self.world([[a, front, low], [b, front, low], [b, front, low - 0.16], [a, front, low - 0.16]]),
                canvas.light.shade(tone, self.world([[0, 1, 0]])[0] - self.world([[0, 0, 0]])[0]),
            )


class Refuse(Thing):
    """A heap: tied bags, cartons, loose litter."""

    label = "refuse"

    def __init__(self, x: float, y: float, heading: float = 0.0, look: int = 0) -> None:
        super().__init__(x, y, heading, look)
        rng = self.rng()
        self.spread = float(rng.uniform(0.65, 1.1))
        self.bags = int(rng.integers(3, 9))
        self.cartons = int(rng.integers(0, 4))

    def solids(self) -> list[np.ndarray]:
        s = self.spread * 0.8
        turn = np.arange(8) * np.pi / 4
        return [
            self.world(np.column_stack([np.cos(turn) * s, np.sin(turn) * s, np.full(8, 0.28)])),
            self.world(np.column_stack([np.cos(turn) * s, np.sin(turn) * s, np.zeros(8)])),
        ]

    def draw(self, canvas: Canvas) -> None:
        rng = self.rng()
        for _ in range(16):
            u, v = rng.normal(0, self.spread * 0.25, 2)
            self._litter(canvas, float(u), float(v), rng)
        pieces = [("bag", *rng.normal(0, self.spread * 0.33, 2), rng.integers(1 << 30)) for _ in range(self.bags)]
        pieces += [("carton", *rng.normal(0, self.spread * 0.4, 2), rng.integers(1 << 30)) for _ in range(self.cartons)]
        pieces.sort(
            key=lambda piece: -float(np.linalg.norm(self.world([[piece[1], piece[2], 0]])[0] - canvas.camera.place))
        )
        for kind, u, v, seed in pieces:
            draw = self._bag if kind == "bag" else self._carton
            draw(canvas, float(u), float(v), np.random.default_rng(int(seed)))

    def _litter(self, canvas: Canvas, u: float, v: float, rng: np.random.Generator) -> None:
        size, turn = rng.uniform(0.04, 0.13), np.sort(rng.uniform(0, 6.28, 5))
        tone = GOODS[rng.integers(len(GOODS))] if rng.random() < 0.5 else (205, 205, 208)
        shape = np.column_stack([u + np.cos(turn) * size, v + np.sin(turn) * size, np.full(5, 0.015)])
        canvas.face(self.world(shape), tone, UP)

    def _bag(self, canvas: Canvas, u: float, v: float, rng: np.random.Generator) -> None:
        size = float(rng.uniform(0.17, 0.32))
        tone = ((38, 38, 40), (44, 44, 46), (214, 216, 218), (60, 60, 200), (150, 110, 50), (70, 140, 70))[
            rng.integers(6)
        ]
        spots = rng.normal(0, 1, (12, 3))
        spots = spots / np.linalg.norm(spots, axis=1)[:, None] * size * rng.uniform(0.85, 1.1, (12, 1))
        body = spots * np.array([1, 1, 0.8]) + np.array([u, v, size * 0.75])
        body[:, 2] = np.maximum(body[:, 2], 0.01)
        base = canvas.light.shade(tone, np.array([0.3, 0, 0.4]))
        canvas.hull(self.world(body), base)
        high = body * np.array([1, 1, 1]) * 0.55 + np.array([u, v, size * 1.05]) * 0.45
        canvas.hull(self.world(high), times(base, 1.28 if sum(tone) < 300 else 1.08))
        canvas.limb(
            self.world([[u, v, size * 1.3]])[0], self.world([[u, v, size * 1.75]])[0], (0.035, 0.06), times(base, 0.9)
        )

    def _carton(self, canvas: Canvas, u: float, v: float, rng: np.random.Generator) -> None:
        a, b, h = rng.uniform(0.15, 0.3), rng.uniform(0.15, 0.3), rng.uniform(0.15, 0.4)
        tone = times((104, 150, 190), float(rng.uniform(0.8, 1.1)))
        self.box(canvas, (u - a, u + a, v - b, v + b, 0.0, h), tone)
        canvas.ring(self.world([[u - a, v, h + 0.003], [u + a, v, h + 0.003]]), 0.05, times(tone, 0.75), closed=False)
