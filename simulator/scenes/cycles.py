"""Bicycles (shared, own, electric) and their riders."""

import numpy as np
from numpy.typing import ArrayLike

from simulator.scenes.canvas import Canvas
from simulator.scenes.people import Person
from simulator.scenes.thing import Colour, Thing, times

SHARED: tuple[Colour, ...] = ((40, 196, 240), (206, 140, 30), (90, 190, 60))
OWN: tuple[Colour, ...] = ((40, 38, 40), (190, 190, 192), (44, 40, 180), (150, 70, 30), (60, 90, 40), (200, 150, 190))


class Bicycle(Thing):
    """A bicycle or electric bicycle. State: `roll` (metres rolled), `lean` (1 on its stand), `down` (1 fallen over)."""

    label = "bicycle"

    def __init__(self, x: float, y: float, heading: float = 0.0, look: int = 0, **state: float) -> None:
        super().__init__(x, y, heading, look, state=dict(state))
        rng = self.rng()
        self.kind = str(rng.choice(["shared", "shared", "own", "electric"]))
        tones = SHARED if self.kind == "shared" else OWN
        self.paint: Colour = tones[rng.integers(len(tones))]
        self.radius = {"electric": 0.24}.get(self.kind, float(rng.uniform(0.3, 0.34)))
        self.base = 1.25 if self.kind == "electric" else 1.04
        self.basket = self.kind == "shared" or bool(rng.random() < 0.4)
        self.crate = self.kind == "electric" and bool(rng.random() < 0.5)

    @property
    def seat(self) -> float:
        return 0.78 if self.kind == "electric" else 0.92

    def own(self, points: ArrayLike) -> np.ndarray:
        """World points, with the lean of a bicycle on its stand or on the ground."""
        points = np.array(points, dtype=float, ndmin=2)
        angle = 1.35 if self.state.get("down") else 0.16 if self.state.get("lean") else 0.0
        v, w = points[:, 1].copy(), points[:, 2].copy()
        points[:, 1], points[:, 2] = v * np.cos(angle) + w * np.sin(angle), w * np.cos(angle) - v * np.sin(angle)
        points[:, 2] = np.maximum(points[:, 2], 0.0)
        return self.world(points)

    def solids(self) -> list[np.ndarray]:
        turn = np.linspace(0, 2 * np.pi, 8, endpoint=False)
        parts = [
            np.array(
                [
                    [u + np.cos(a) * self.radius, v, self.radius + np.sin(a) * self.radius]
                    for a in turn
                    for v in (-0.02, 0.02)
                ]
            )
            for u in (-self.base / 2, self.base / 2)
        ]
        parts.append(np.array([[u, v, w] for u in (-0.35, 0.3) for v in (-0.05, 0.05) for w in (0.4, 0.75)]))
        return [self.own(part) for part in parts]

    def draw(self, canvas: Canvas) -> None:
        strength = canvas.light.ambient + 0.5 * canvas.light.direct
        paint = times(self.paint, strength)
        for end in (-1, 1):
            self._wheel(canvas, end * self.base / 2, strength)
        if self.kind == "electric":
            self._electric(canvas, paint, strength)
        else:
            self._frame(canvas, paint, strength)
        self._bar(canvas, strength)

    def _rod(self, canvas: Canvas, a: list[float], b: list[float], radius: float, colour: Colour) -> None:
        ends = self.own(np.array([a, b]))
        canvas.limb(ends[0], ends[1], (radius, radius), colour)

    def _wheel(self, canvas: Canvas, u: float, strength: float) -> None:
        turn = np.linspace(0, 2 * np.pi, 20, endpoint=False)
        ring = np.column_stack([u + np.cos(turn) * self.radius, np.zeros(20), self.radius + np.sin(turn) * self.radius])
        canvas.ring(self.own(ring), 0.06 if self.kind != "electric" else 0.1, (28, 27, 27))
        rim = ring.copy()
        rim[:, 0], rim[:, 2] = u + (ring[:, 0] - u) * 0.87, self.radius + (ring[:, 2] - self.radius) * 0.87
        canvas.ring(self.own(rim), 0.02, times((150, 150, 152), strength))
        if not self.fine(canvas, 0.03):
            return
        roll = -self.state.get("roll", 0.0) / self.radius
        for angle in np.arange(3) * np.pi / 3 + roll:
            reach = np.array([np.cos(angle), 0, np.sin(angle)]) * self.radius * 0.86
            middle = np.array([u, 0, self.radius])
            canvas.ring(
                self.own(np.array([middle - reach, middle + reach])), 0.008, times((120, 120, 122), strength), False
            )

    def _frame(self, canvas: Canvas, paint: Colour, strength: float) -> None:
        half, hub = self.base / 2, self.radius
        crank, seat, head = [-0.06, 0, hub - 0.02], [-0.22, 0, 0.74], [0.36, 0, 0.78]
        for a, b in ((crank, seat), (crank, head), (seat, head), ([-half, 0, hub], crank), ([-half, 0, hub], seat)):
            self._rod(canvas, a, b, 0.026, paint)
        self._rod(canvas, head, [half, 0, hub], 0.024, times(paint, 0.85))
        self._rod(canvas, head, [0.32, 0, 1.0], 0.02, times(paint, 0.85))
        self._rod(canvas, seat, [-0.25, 0, 0.9], 0.018, times((120, 120, 122), strength))
        self._rod(canvas, [-0.36, 0, 0.92], [-0.14, 0, 0.93], 0.055, (30, 29, 30))
        for sign in (-1, 1):
            turn = self.state.get("roll", 0.0) * 2.2 + (0 if sign > 0 else np.pi)
            pedal = [crank[0] + np.cos(turn) * 0.16, sign * 0.1, crank[2] - np.sin(turn) * 0.16]
            self._rod(canvas, [crank[0], sign * 0.06, crank[2]], pedal, 0.015, (60, 60, 62))
        self._rod(
            canvas,
            [-half - self.radius * 0.7, 0, hub + self.radius * 0.9],
            [-half + 0.1, 0, hub * 2 + 0.05],
            0.03,
            times(paint, 0.9),
        )

    def _electric(self, canvas: Canvas, paint: Colour, strength: float) -> None:
        hub, half = self.radius, self.base / 2
        canvas.hull(
            self.own(
                [
                    [u, v, w]
                    for u, w in ((-0.62, 0.5), (-0.62, 0.7), (-0.1, 0.68), (-0.05, 0.36), (-0.4, 0.3))
                    for v in (-0.13, 0.13)
                ]
            ),
            paint,
        )
        canvas.hull(
            self.own(
                [[u, v, w] for u, w in ((-0.1, 0.26), (0.36, 0.26), (0.36, 0.34), (-0.1, 0.36)) for v in (-0.12, 0.12)]
            ),
            times(paint, 0.8),
        )
        canvas.hull(
            self.own(
                [[u, v, w] for u, w in ((0.34, 0.3), (0.46, 0.3), (0.42, 0.92), (0.32, 0.92)) for v in (-0.15, 0.15)]
            ),
            times(paint, 1.05),
        )
        canvas.hull(
            self.own([[u, v, w] for u in (-0.6, 0.0) for v in (-0.12, 0.12) for w in (0.69, 0.77)]), (32, 31, 32)
        )
        self._rod(canvas, [half, 0, hub], [0.38, 0, 0.9], 0.035, times((60, 60, 62), strength))
        if self.crate:
            canvas.hull(
                self.own([[u, v, w] for u in (-0.85, -0.5) for v in (-0.2, 0.2) for w in (0.75, 1.1)]),
                times((40, 190, 245) if self.look % 2 else (200, 120, 40), strength),
            )

    def _bar(self, canvas: Canvas, strength: float) -> None:
        dark = times((54, 54, 56), strength)
        self._rod(canvas, [0.28, -0.29, 1.02], [0.28, 0.29, 1.02], 0.022, dark)
        self._rod(canvas, [0.28, 0, 1.02], [0.36, 0, 0.85], 0.022, dark)
        if self.basket:
            canvas.hull(
                self.own(
                    [
                        [u, v, w]
                        for u, v, w in (
                            (0.42, -0.14, 0.75),
                            (0.42, 0.14, 0.75),
                            (0.6, -0.12, 0.75),
                            (0.6, 0.12, 0.75),
                            (0.4, -0.19, 1.0),
                            (0.4, 0.19, 1.0),
                            (0.68, -0.17, 1.0),
                            (0.68, 0.17, 1.0),
                        )
                    ]
                ),
                times((88, 88, 90), strength),
            )


class Rider(Person):
    """The person on a bicycle: sits on its saddle and goes with it."""

    def __init__(self, bicycle: Bicycle, look: int = 0) -> None:
        super().__init__(
            bicycle.x,
            bicycle.y,
            bicycle.heading,
            look,
            pose="ride",
            gait=bicycle.state.get("roll", 0.0) * 2.2,
            lift=bicycle.seat,
        )
        back = bicycle.world([[-0.28, 0, 0]])[0]
        self.x, self.y = float(back[0]), float(back[1])
        if self.bag == "umbrella":
            self.bag = ""
