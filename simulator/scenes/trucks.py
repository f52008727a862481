"""Trucks: cab and load on a frame; box, stake bed and tipper."""

import numpy as np

from simulator.scenes.canvas import Canvas
from simulator.scenes.cars import GLASS, TYRE
from simulator.scenes.thing import Colour, Thing, box_faces, box_points, normal_of, times

CABS: tuple[Colour, ...] = (
    (232, 230, 228),
    (200, 96, 40),
    (44, 40, 170),
    (150, 160, 60),
    (90, 170, 220),
    (210, 208, 200),
)
LOADS: tuple[Colour, ...] = (
    (226, 228, 230),
    (196, 128, 60),
    (120, 140, 60),
    (60, 60, 160),
    (150, 152, 156),
    (90, 150, 210),
)


class Truck(Thing):
    """A truck of 5.4 to 8.4 m. State as of a car."""

    label = "truck"

    def __init__(self, x: float, y: float, heading: float = 0.0, look: int = 0, **state: float) -> None:
        super().__init__(x, y, heading, look, state=dict(state))
        rng = self.rng()
        self.length = float(rng.uniform(5.4, 8.4))
        self.width = float(rng.uniform(1.95, 2.4))
        self.cab_height = float(rng.uniform(2.15, 2.75))
        self.cab_length = float(rng.uniform(1.5, 1.95))
        self.kind = str(rng.choice(["box", "box", "stake", "tipper"]))
        self.load_height = float(rng.uniform(2.6, 3.3) if self.kind == "box" else rng.uniform(1.7, 2.1))
        self.cab: Colour = CABS[rng.integers(len(CABS))]
        self.load: Colour = LOADS[rng.integers(len(LOADS))]
        self.stripe: Colour = CABS[rng.integers(len(CABS))]
        self.wheel = 0.42 if self.length < 6.6 else 0.48

    @property
    def _bed(self) -> tuple[float, float, float, float, float, float]:
        half = self.width / 2
        return (-self.length / 2, self.length / 2 - self.cab_length - 0.12, -half, half, 0.85, self.load_height)

    @property
    def _cabin(self) -> tuple[float, float, float, float, float, float]:
        half = self.width / 2 * 0.96
        return (self.length / 2 - self.cab_length, self.length / 2, -half, half, 0.45, self.cab_height)

    def solids(self) -> list[np.ndarray]:
        return [
            self.world(box_points(*self._bed[:4], 0.2, self._bed[5])),
            self.world(box_points(*self._cabin[:4], 0.2, self._cabin[5])),
        ]

    def draw(self, canvas: Canvas) -> None:
        self._frame(canvas)
        middle = self.world([[self._bed[1], 0, 1]])[0]
        ahead = self.world([[self._bed[1] + 1, 0, 1]])[0] - middle
        parts = (self._draw_bed, self._draw_cab)
        for part in parts if self.sees(canvas, middle, ahead) else parts[::-1]:
            part(canvas)
        for side in (-1, 1):
            self._wheels(canvas, side)

    def _axles(self) -> list[float]:
        rear = [-self.length * 0.28] if self.length < 7 else [-self.length * 0.22, -self.length * 0.36]
        return [*rear, self.length / 2 - self.cab_length * 0.62]

    def _disc(self, axle: float, across: float, radius: float) -> np.ndarray:
        turn = np.linspace(0, 2 * np.pi, 18, endpoint=False)
        return np.column_stack([axle + np.cos(turn) * radius, np.full(18, across), self.wheel + np.sin(turn) * radius])

    def _frame(self, canvas: Canvas) -> None:
        half = self.width / 2
        canvas.hull(
            self.world(box_points(-self.length * 0.48, self.length * 0.45, -half * 0.8, half * 0.8, 0.45, 0.85)),
            (38, 38, 40),
        )
        for axle in self._axles():
            for side in (-1, 1):
                both = np.vstack([self._disc(axle, side * half * edge, self.wheel) for edge in (0.97, 0.7)])
                canvas.hull(self.world(both), TYRE)

    def _wheels(self, canvas: Canvas, side: int) -> None:
        out = self.width / 2 * 0.98 * side
        normal = self.world([[0, side, 0]])[0] - self.world([[0, 0, 0]])[0]
        if not self.sees(canvas, self.world([[0, out, 0.5]])[0], normal):
            return
        for axle in self._axles():
            canvas.face(self.world(self._disc(axle, out, self.wheel)), TYRE)
            canvas.face(self.world(self._disc(axle, out, self.wheel * 0.55)), (128, 128, 130))
            canvas.face(self.world(self._disc(axle, out, self.wheel * 0.25)), (60, 60, 62))

    def _draw_bed(self, canvas: Canvas) -> None:
        if self.kind == "box":
            faces = self.box(canvas, self._bed, self.load, 0.1)
            for face in faces:
                if abs(face[0][2] - face[2][2]) > 0.5:
                    self._panels(canvas, face)
        else:
            self._open_bed(canvas)
        self._tail(canvas)

    def _panels(self, canvas: Canvas, face: np.ndarray) -> None:
        world = self.world(face)
        normal = normal_of(world)
        if normal is None:
            return
        self.patch(canvas, face, (0, 1, 0.0, 0.05), canvas.light.shade(times(self.load, 0.5), normal))
        long_side = abs(face[0][0] - face[1][0]) > 1
        if long_side:
            self.patch(canvas, face, (0.08, 0.92, 0.42, 0.6), canvas.light.shade(self.stripe, normal))
        stops = np.linspace(0, 1, 9 if long_side else 3)
        for stop in stops[1:-1]:
            self.patch(
                canvas, face, (stop - 0.004, stop + 0.004, 0.05, 1), canvas.light.shade(times(self.load, 0.7), normal)
            )

    def _open_bed(self, canvas: Canvas) -> None:
        rng = self.rng()
        u0, u1, v0, v1, w0, w1 = self._bed
        filling = times(self.load, 0.5) if self.kind == "stake" else (70, 92, 118)
        self.box(canvas, (u0, u1, v0, v1, w0, w1), self.load)
        self.face(
            canvas, box_faces((u0 + 0.08, u1 - 0.08, v0 + 0.08, v1 - 0.08, w0, w1 + 0.005))[4], times(filling, 0.7)
        )
        for _ in range(14):
            u, v = rng.uniform(u0 + 0.5, u1 - 0.5), rng.uniform(v0 + 0.4, v1 - 0.4)
            tone = times(filling, float(rng.uniform(0.7, 1.4)))
            canvas.ball(
                self.world([[u, v, w1 - 0.05]])[0],
                float(rng.uniform(0.2, 0.42)),
                canvas.light.shade(tone, np.array([0, 0, 1.0])),
            )
        for face in box_faces((u0, u1, v0, v1, w0, w1))[:4]:
            if self.face(canvas, face, self.load):
                for stop in np.linspace(0, 1, 10 if abs(face[0][0] - face[1][0]) > 1 else 4):
                    self.patch(canvas, face, (stop - 0.006, stop + 0.006, 0, 1), times(self.load, 0.5))
                self.patch(canvas, face, (0, 1, 0.48, 0.53), times(self.load, 0.6))

    def _tail(self, canvas: Canvas) -> None:
        rear = box_faces((-self.length / 2, 0, -self.width / 2, self.width / 2, 0.5, 0.85))[0]
        if not self.face(canvas, rear, (44, 44, 46)):
            return
        red = (60, 60, 250) if self.state.get("brake", 0.0) else (44, 36, 170)
        for left, right in ((0.02, 0.16), (0.84, 0.98)):
            self.patch(canvas, rear, (left, right, 0.2, 0.8), red)
        self.patch(canvas, rear, (0.36, 0.64, 0.1, 0.7), (50, 190, 230))

    def _draw_cab(self, canvas: Canvas) -> None:
        back, wind, right, left, _ = box_faces(self._cabin)
        self.box(canvas, self._cabin, self.cab, 0.1)
        if self.face(canvas, wind, self.cab):
            tone = canvas.light.shade(GLASS, np.array([0, 0, 0.5]), 0.4)
            self.patch(canvas, wind, (0.06, 0.94, 0.5, 0.9), tone)
            self.patch(canvas, wind, (0.12, 0.4, 0.6, 0.88), times(tone, 1.25))
            self.patch(canvas, wind, (0.2, 0.8, 0.22, 0.42), (52, 52, 54))
            self.patch(canvas, wind, (0.0, 1.0, 0.0, 0.14), (60, 60, 62))
            self.patch(canvas, wind, (0.36, 0.64, 0.03, 0.13), (50, 190, 230))
            for start in (0.03, 0.8):
                self.patch(canvas, wind, (start, start + 0.17, 0.17, 0.3), (236, 234, 228))
            self._lamps(canvas)
        for side, start in ((right, 0.3), (left, 0.1)):
            if self.face(canvas, side, self.cab):
                self.patch(canvas, side, (start, start + 0.6, 0.52, 0.88), times(GLASS, 0.9))
                self.patch(canvas, side, (start - 0.02, start - 0.01, 0.1, 0.95), times(self.cab, 0.6))
                self.patch(canvas, side, (0, 1, 0, 0.1), times(self.cab, 0.5))

    def _lamps(self, canvas: Canvas) -> None:
        if canvas.light.dark > 0.3:
            for across in (-0.38, 0.38):
                canvas.glow(self.world([[self.length / 2, across * self.width, 0.8]])[0], 0.6, (200, 230, 255))
