"""Passenger cars: a body drawn from its side profile, a glass house on it, wheels, lamps and plates."""

from dataclasses import dataclass

import numpy as np

from simulator.scenes.canvas import Canvas
from simulator.scenes.thing import Colour, Thing, times

PAINTS: tuple[Colour, ...] = (
    (236, 236, 234),
    (232, 233, 236),
    (222, 222, 222),
    (40, 38, 38),
    (30, 28, 30),
    (168, 168, 170),
    (128, 126, 124),
    (92, 88, 86),
    (44, 40, 158),
    (36, 32, 190),
    (150, 84, 38),
    (190, 120, 60),
    (64, 84, 116),
    (96, 118, 60),
    (70, 190, 226),
    (206, 186, 150),
    (120, 66, 96),
    (196, 206, 214),
)


@dataclass(frozen=True)
class Build:
    """Measures of a kind of car. Profile: (share of length from the middle, share of height), rear to front."""

    length: float
    width: float
    height: float
    profile: tuple[tuple[float, float], ...]
    house: tuple[float, float, float, float, float]
    pillars: tuple[float, ...]
    axles: tuple[float, float] = (-0.285, 0.285)
    wheel: float = 0.325


_LOW = ((-0.485, 0.16), (-0.5, 0.30))
_NOSE = ((0.495, 0.44), (0.5, 0.28), (0.485, 0.16))
SEDAN = Build(
    4.65,
    1.82,
    1.46,
    (*_LOW, (-0.495, 0.52), (-0.475, 0.655), (-0.36, 0.685), (0.20, 0.665), (0.43, 0.56), *_NOSE),
    (-0.405, -0.235, 0.055, 0.235, 0.665),
    (0.46,),
)
HATCH = Build(
    4.1,
    1.76,
    1.5,
    (*_LOW, (-0.495, 0.50), (-0.49, 0.64), (-0.42, 0.66), (0.22, 0.645), (0.43, 0.55), *_NOSE),
    (-0.475, -0.36, 0.06, 0.26, 0.645),
    (0.42,),
)
SUV = Build(
    4.65,
    1.89,
    1.72,
    (*_LOW, (-0.498, 0.50), (-0.495, 0.61), (-0.43, 0.63), (0.22, 0.625), (0.44, 0.55), *_NOSE),
    (-0.485, -0.41, 0.075, 0.245, 0.62),
    (0.36, 0.72),
    wheel=0.365,
)
VAN = Build(
    4.85,
    1.86,
    1.88,
    (*_LOW, (-0.5, 0.48), (-0.497, 0.55), (-0.44, 0.57), (0.32, 0.56), (0.455, 0.48), *_NOSE),
    (-0.492, -0.465, 0.19, 0.375, 0.56),
    (0.33, 0.66),
    axles=(-0.30, 0.32),
    wheel=0.34,
)
BUILDS = (SEDAN, SEDAN, SEDAN, SUV, SUV, HATCH, VAN)
GLASS: Colour = (74, 64, 56)
TYRE: Colour = (30, 29, 28)


class Car(Thing):
    """A passenger car. State: `brake`, `lamps` (0 or 1), `blink` (0 or 1)."""

    label = "car"

    def __init__(self, x: float, y: float, heading: float = 0.0, look: int = 0, **state: float) -> None:
        super().__init__(x, y, heading, look, state=dict(state))
        rng = self.rng()
        self.build = BUILDS[rng.integers(len(BUILDS))]
        blue, green, red = np.clip(np.array(PAINTS[rng.integers(len(PAINTS))]) + rng.normal(0, 5, 3), 8, 250)
        self.paint: Colour = (float(blue), float(green), float(red))
        self.green_plate = bool(rng.random() < 0.35)
        self.taxi = bool(rng.random() < 0.08)
        self.stretch = float(rng.uniform(0.95, 1.05))
        self.rim: Colour = (168, 168, 170) if rng.random() < 0.75 else (70, 70, 72)
        self.dark_roof = bool(rng.random() < 0.15)

    @property
    def length(self) -> float:
        return self.build.length * self.stretch

    def solids(self) -> list[np.ndarray]:
        back, top_back, top_front, front, belt = self.build.house
        half, roof = self.build.width / 2, self.build.width * 0.38
        body = [
            [s * 0.5 * self.length, v * half, w * self.build.height]
            for s in (-1, 1)
            for v in (-1, 1)
            for w in (0.1, belt - 0.08)
        ]
        house = [[u * self.length, v * half * 0.95, belt * self.build.height] for u in (back, front) for v in (-1, 1)]
        house += [[u * self.length, v * roof, self.build.height] for u in (top_back, top_front) for v in (-1, 1)]
        return [self.world(np.array(body)), self.world(np.array(house))]

    def draw(self, canvas: Canvas) -> None:
        self._wheels_below(canvas)
        strips = self._body(canvas)
        for side in (-1, 1):
            self._side(canvas, side)
        self._front(canvas, strips)
        self._rear(canvas, strips)
        self._mirrors(canvas, seen=False)
        self._house(canvas)

    def _half(self, share: float, height: float) -> float:
        """Half the width of the body: narrower at both ends and towards the belt."""
        return self.build.width / 2 * (1 - 0.06 * abs(2 * share) ** 6) * (1 - 0.06 * max(0.0, height - 0.4))

    def _wheel(self, axle: float, across: float, radius: float) -> np.ndarray:
        turn = np.linspace(0, 2 * np.pi, 18, endpoint=False)
        return np.column_stack(
            [axle * self.length + np.cos(turn) * radius, np.full(18, across), self.build.wheel + np.sin(turn) * radius]
        )

    def _wheels_below(self, canvas: Canvas) -> None:
        half = self.build.width / 2
        canvas.hull(
            self.world(
                [[u * self.length, v * half * 0.92, 0.12 + w] for u in (-0.46, 0.46) for v in (-1, 1) for w in (0, 0.2)]
            ),
            (22, 22, 22),
        )
        for axle in self.build.axles:
            for side in (-1, 1):
                both = np.vstack([self._wheel(axle, side * half * edge, self.build.wheel) for edge in (0.98, 0.76)])
                canvas.hull(self.world(both), TYRE)

    def _body(self, canvas: Canvas) -> dict[int, np.ndarray]:
        """The skin from bumper over trunk and bonnet to bumper; gives the quads that are seen, by their number."""
        points = [(u, w, self._half(u, w)) for u, w in self.build.profile]
        seen = {}
        for number, (a, b) in enumerate(zip(points, points[1:], strict=False)):
            quad = np.array([[a[0], -a[2], a[1]], [a[0], a[2], a[1]], [b[0], b[2], b[1]], [b[0], -b[2], b[1]]])
            quad[:, 0] *= self.length
            quad[:, 2] *= self.build.height
            low = max(a[1], b[1]) < 0.31
            paint = times(self.paint, 0.62) if low else self.paint
            if self.face(canvas, quad[[0, 3, 2, 1]], paint, 0.16):
                seen[number] = quad
        return seen

    def _side(self, canvas: Canvas, side: int) -> None:
        height, length = self.build.height, self.length
        skin = np.array([[u * length, side * self._half(u, w), w * height] for u, w in self.build.profile])
        out = side * self.build.width / 2
        normal = self.world([[0, side, 0]])[0] - self.world([[0, 0, 0]])[0]
        if not self.sees(canvas, self.world([[0, out, 0.5]])[0], normal):
            return
        canvas.face(self.world(skin), self.paint, normal)
        shade = canvas.light.shade(self.paint, normal)
        self._band(canvas, out, (-0.46, 0.45, 0.53, 0.6), times(shade, 1.12))
        self._band(canvas, out, (-0.47, 0.47, 0.16, 0.235), times(shade, 0.45))
        if self.fine(canvas, 0.035):
            self._doors(canvas, out, shade)
        for axle in self.build.axles:
            canvas.face(self.world(self._wheel(axle, out, self.build.wheel * 1.14)), (26, 25, 25))
            canvas.face(self.world(self._wheel(axle, out * 1.002, self.build.wheel)), TYRE)
            canvas.face(self.world(self._wheel(axle, out * 1.004, self.build.wheel * 0.66)), self.rim)
            canvas.face(self.world(self._wheel(axle, out * 1.005, self.build.wheel * 0.56)), times(self.rim, 0.6))
            if self.fine(canvas, 0.05):
                self._spokes(canvas, axle, out * 1.006)

    def _doors(self, canvas: Canvas, out: float, shade: Colour) -> None:
        height, length = self.build.height, self.length
        for door in (-0.24, -0.03, 0.2):
            canvas.ring(
                self.world([[door * length, out, 0.25 * height], [door * length, out, 0.63 * height]]),
                0.02,
                times(shade, 0.55),
                closed=False,
            )
        for handle in (-0.19, 0.03):
            self._band(canvas, out, (handle, handle + 0.04, 0.555, 0.58), times(shade, 0.6))

    def _spokes(self, canvas: Canvas, axle: float, across: float) -> None:
        roll = -self.state.get("roll", 0.0) / self.build.wheel
        for turn in np.arange(5) * 2 * np.pi / 5 + roll:
            tip = [
                axle * self.length + np.cos(turn) * self.build.wheel * 0.6,
                across,
                self.build.wheel + np.sin(turn) * self.build.wheel * 0.6,
            ]
            canvas.ring(self.world([[axle * self.length, across, self.build.wheel], tip]), 0.06, self.rim, closed=False)

    def _band(self, canvas: Canvas, across: float, part: tuple[float, float, float, float], colour: Colour) -> None:
        u0, u1, w0, w1 = (
            part[0] * self.length,
            part[1] * self.length,
            part[2] * self.build.height,
            part[3] * self.build.height,
        )
        canvas.face(self.world([[u0, across, w0], [u1, across, w0], [u1, across, w1], [u0, across, w1]]), colour)

    def _front(self, canvas: Canvas, strips: dict[int, np.ndarray]) -> None:
        last = len(self.build.profile) - 2
        upper, lower = strips.get(last - 2), strips.get(last - 1)
        lit = max(self.state.get("lamps", 0.0), canvas.light.dark > 0.3)
        if lower is not None:
            quad = lower[[2, 3, 0, 1]]
            self.patch(canvas, quad, (0.22, 0.78, 0.35, 0.98), (34, 33, 33))
            self.patch(canvas, quad, (0.37, 0.63, 0.22, 0.62), (96, 176, 84) if self.green_plate else (170, 84, 30))
            self.patch(canvas, quad, (0.39, 0.61, 0.36, 0.48), (226, 226, 226))
        if upper is None:
            return
        quad = upper[[2, 3, 0, 1]]
        self.patch(canvas, quad, (0.28, 0.72, 0.12, 0.7), (40, 39, 40))
        self.patch(canvas, quad, (0.3, 0.7, 0.36, 0.44), (150, 150, 152))
        glass = (252, 250, 244) if lit else (214, 210, 204)
        for left, right in ((0.03, 0.27), (0.73, 0.97)):
            self.patch(canvas, quad, (left, right, 0.3, 0.95), (60, 58, 58))
            self.patch(canvas, quad, (left + 0.02, right - 0.03, 0.42, 0.88), glass)
        nose = self.world([[0.5 * self.length, 0, 0.6]])[0]
        ahead = self.world([[1, 0, 0]])[0] - self.world([[0, 0, 0]])[0]
        if lit and canvas.light.dark > 0.3 and self.sees(canvas, nose, ahead):
            for across in (-0.36, 0.36):
                spot = self.world([[0.49 * self.length, across * self.build.width, 0.62]])[0]
                canvas.glow(spot, 0.6, (210, 235, 255))

    def _rear(self, canvas: Canvas, strips: dict[int, np.ndarray]) -> None:
        upper, lower = strips.get(2), strips.get(1)
        brake = self.state.get("brake", 0.0)
        if lower is not None:
            self.patch(canvas, lower[[1, 0, 3, 2]], (0.05, 0.95, 0.0, 0.16), (40, 40, 40))
            self.patch(
                canvas,
                lower[[1, 0, 3, 2]],
                (0.38, 0.62, 0.3, 0.62),
                (96, 176, 84) if self.green_plate else (170, 84, 30),
            )
        if upper is None:
            return
        red = (60, 60, 250) if brake else (44, 36, 172)
        for left, right in ((0.02, 0.25), (0.75, 0.98)):
            self.patch(canvas, upper[[1, 0, 3, 2]], (left, right, 0.08, 0.92), red)
            self.patch(canvas, upper[[1, 0, 3, 2]], (left + 0.03, right - 0.08, 0.5, 0.72), (110, 130, 240))
        if brake or canvas.light.dark > 0.3:
            for across in (-0.38, 0.38):
                spot = self.world([[-0.5 * self.length, across * self.build.width, 0.85]])[0]
                canvas.glow(spot, 0.5 if brake else 0.28, (40, 40, 230))

    def _house(self, canvas: Canvas) -> None:
        back, top_back, top_front, front, belt = self.build.house
        half = self.build.width / 2
        low, roof = half * 0.93, half * 0.72
        rear = self._pane((back, low, belt), (top_back, roof, 0.985))
        wind = self._pane((front, -low, belt), (top_front, -roof, 0.985))
        for glass in (rear, wind):
            if self.face(canvas, glass, self.paint):
                self.patch(
                    canvas, glass, (0.05, 0.95, 0.04, 0.94), canvas.light.shade(GLASS, np.array([0, 0, 0.6]), 0.42)
                )
                self.patch(
                    canvas, glass, (0.12, 0.42, 0.4, 0.9), canvas.light.shade(GLASS, np.array([0, 0, 0.75]), 0.6)
                )
        for side in (-1, 1):
            self._side_glass(canvas, side, (low, roof))
        self._roof(canvas, roof)
        self._mirrors(canvas, seen=True)

    def _pane(self, low: tuple[float, float, float], high: tuple[float, float, float]) -> np.ndarray:
        """A window across the car: own points from its lower and upper corner and their mirror images."""
        around = ((low[0], low[1], low[2]), (low[0], -low[1], low[2]), (high[0], -high[1], high[2]), high)
        return np.array([[u * self.length, v, w * self.build.height] for u, v, w in around])

    def _roof(self, canvas: Canvas, roof: float) -> None:
        _, back, front, _, _ = self.build.house
        height = self.build.height
        corners = ((back, -roof), (front, -roof), (front, roof), (back, roof))
        top = np.array([[u * self.length, v, 0.985 * height] for u, v in corners])
        self.face(canvas, top, (38, 36, 36) if self.dark_roof else self.paint, 0.22)
        if self.taxi:
            self.box(canvas, (-0.15, 0.15, -0.3, 0.3, height, height + 0.2), (60, 200, 240))

    def _mirrors(self, canvas: Canvas, seen: bool) -> None:
        """Draw the mirrors on the sides that are seen (or those on the others, which the car itself may hide)."""
        front, belt, half = self.build.house[3], self.build.house[4], self.build.width / 2
        for side in (-1, 1):
            outward = self.world([[0, side, 0]])[0] - self.world([[0, 0, 0]])[0]
            if self.sees(canvas, self.world([[0, side * half, 0.8]])[0], outward) == seen:
                spot = box_of(front * self.length - 0.4, side * (half + 0.07), belt * self.build.height - 0.02)
                canvas.hull(self.world(spot), times(self.paint, 0.6))

    def _side_glass(self, canvas: Canvas, side: int, halves: tuple[float, float]) -> None:
        back, top_back, top_front, front, belt = self.build.house
        low, roof = halves[0] * side, halves[1] * side
        ends = [
            [front * self.length, low],
            [back * self.length, low],
            [top_back * self.length, roof],
            [top_front * self.length, roof],
        ]
        heights = (belt, belt, 0.985, 0.985)
        quad = np.array([[u, v, w * self.build.height] for (u, v), w in zip(ends, heights, strict=True)])
        if side < 0:
            quad = quad[[1, 0, 3, 2]]
        if not self.face(canvas, quad, self.paint):
            return
        stops = [0.06, *(p if side > 0 else 1 - p for p in self.build.pillars), 0.94]
        normal = self.world([[0, side, 0]])[0] - self.world([[0, 0, 0]])[0]
        tone = canvas.light.shade(GLASS, normal + np.array([0, 0, 0.5]), 0.35)
        for left, right in zip(sorted(stops), sorted(stops)[1:], strict=False):
            self.patch(canvas, quad, (left + 0.015, right - 0.015, 0.1, 0.88), tone)
            self.patch(canvas, quad, (left + 0.03, left + (right - left) * 0.45, 0.45, 0.86), times(tone, 1.25))


def box_of(front: float, across: float, height: float) -> np.ndarray:
    """A mirror: a small block."""
    return np.array(
        [[front + u, across + v, height + w] for u in (-0.06, 0.06) for v in (-0.08, 0.08) for w in (0, 0.12)]
    )
