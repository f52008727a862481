"""The street itself seen from above: carriageway, kerbs, pavements, their wear and their paint, as one picture."""

from dataclasses import dataclass, field

import cv2
import numpy as np

X0, X1, Y0, Y1 = -22.0, 22.0, -14.0, 110.0
LANE_M = 3.3
CYCLE_M = 2.3
WHITE, YELLOW = (222, 224, 226), (72, 186, 226)


@dataclass(frozen=True)
class Layout:
    """What lies where: lanes each way, cycle lanes, pavement width, a railing in the middle, a park on the left."""

    lanes: int = 1
    cycle: bool = True
    pavement: float = 4.6
    railing: bool = False
    park: bool = False
    crossings: tuple[float, ...] = (44.0,)
    yellow_kerb: bool = True
    hatch: tuple[tuple[float, float], ...] = field(default=())
    racks: tuple[tuple[float, float], ...] = field(default=())

    @property
    def half(self) -> float:
        """Metres from the middle of the road to its kerb."""
        return self.lanes * LANE_M + (CYCLE_M if self.cycle else 0.0)

    @property
    def wall(self) -> float:
        """Metres from the middle of the road to the house fronts."""
        return self.half + self.pavement


class Ground:
    """The ground picture and the transform from its pixels to the world."""

    def __init__(self, layout: Layout, seed: int, ppm: int = 24) -> None:
        self.layout, self.ppm = layout, ppm
        self.rng = np.random.default_rng([seed, 11])
        height, width = int((Y1 - Y0) * ppm), int((X1 - X0) * ppm)
        self.image = np.empty((height, width, 3), np.uint8)
        self._surfaces()
        self._wear()
        self._paint()
        self._kerbs()
        self._grain()

    def at(self, x: float, y: float) -> tuple[int, int]:
        return round((x - X0) * self.ppm), round((y - Y0) * self.ppm)

    def world(self) -> np.ndarray:
        """3x3 transform of picture pixels to world x, y."""
        return np.array([[1 / self.ppm, 0, X0], [0, 1 / self.ppm, Y0], [0, 0, 1.0]])

    def fill(self, x0: float, y0: float, x1: float, y1: float, colour: tuple[float, ...]) -> None:
        cv2.rectangle(self.image, self.at(x0, y0), self.at(x1, y1), colour, -1)

    def _surfaces(self) -> None:
        half, wall = self.layout.half, self.layout.wall
        tone = float(self.rng.uniform(88, 116))
        self.image[:] = (tone * 0.9, tone * 0.98, tone * 0.98)
        self.fill(-half, Y0, half, Y1, (tone, tone, tone * 0.99))
        paving = float(self.rng.uniform(140, 172))
        warm = float(self.rng.uniform(-8, 10))
        for side in (-1, 1):
            inner, outer = sorted((side * half, side * (wall + 3)))
            self.fill(inner, Y0, outer, Y1, (paving - warm, paving, paving + warm))
            self._tiles(inner, outer, paving)
            strip = side * (half + self.layout.pavement * 0.55)
            self.fill(strip - 0.22, Y0, strip + 0.22, Y1, (96, 168, 196))
        if self.layout.park:
            self.fill(X0, Y0, -wall + 0.4, Y1, (74, 118, 88))
        if self.layout.cycle and self.rng.random() < 0.4:
            for side in (-1, 1):
                inner, outer = sorted((side * half, side * (half - CYCLE_M)))
                self.fill(inner, Y0, outer, Y1, (tone * 0.78, tone * 0.82, tone * 1.18))

    def _tiles(self, x0: float, x1: float, tone: float) -> None:
        step = float(self.rng.choice([0.4, 0.6, 0.8]))
        (left, top), (right, low) = self.at(x0, Y0), self.at(x1, Y1)
        area = self.image[top:low, left:right]
        rows, columns = int((Y1 - Y0) / step) + 1, int((x1 - x0) / step) + 1
        spread = self.rng.normal(0, 5, (rows, columns)).astype(np.float32)
        shift = cv2.resize(spread, (area.shape[1], area.shape[0]), interpolation=cv2.INTER_NEAREST)
        area[:] = np.clip(area + shift[:, :, None], 0, 255).astype(np.uint8)
        for y in np.arange(Y0, Y1, step):
            cv2.line(self.image, self.at(x0, y), self.at(x1, y), (tone * 0.86,) * 3, 1, cv2.LINE_AA)
        for x in np.arange(x0, x1, step):
            cv2.line(self.image, self.at(x, Y0), self.at(x, Y1), (tone * 0.86,) * 3, 1, cv2.LINE_AA)

    def _wear(self) -> None:
        """Wheel tracks, patches, cracks, oil, manholes."""
        half = self.layout.half
        layer = np.zeros(self.image.shape[:2], np.float32)
        for lane in range(self.layout.lanes):
            for side in (-1, 1):
                middle = side * (lane + 0.5) * LANE_M
                for track in (-0.8, 0.8):
                    cv2.line(layer, self.at(middle + track, Y0), self.at(middle + track, Y1), -9, int(0.5 * self.ppm))
                cv2.line(layer, self.at(middle, Y0), self.at(middle, Y1), -5, int(0.5 * self.ppm))
        for _ in range(14):
            x, y = self.rng.uniform(-half, half - 1), self.rng.uniform(Y0, Y1)
            tall, wide = self.rng.uniform(1, 6), self.rng.uniform(0.7, 2.4)
            cv2.rectangle(
                layer, self.at(x, y), self.at(min(x + wide, half), y + tall), float(self.rng.uniform(-16, 10)), -1
            )
        for _ in range(24):
            x, y = self.rng.uniform(-half, half), self.rng.uniform(Y0, Y1)
            cv2.circle(
                layer, self.at(x, y), int(self.rng.uniform(0.08, 0.5) * self.ppm), float(self.rng.uniform(-18, -6)), -1
            )
        layer = cv2.GaussianBlur(layer, (0, 0), 0.16 * self.ppm)
        self._cracks(layer)
        self.image[:] = np.clip(self.image + layer[:, :, None], 0, 255).astype(np.uint8)
        for _ in range(9):
            spot = self.at(self.rng.uniform(-half + 0.6, half - 0.6), self.rng.uniform(Y0, Y1))
            cv2.circle(self.image, spot, int(0.36 * self.ppm), (74, 76, 78), -1, cv2.LINE_AA)
            cv2.circle(self.image, spot, int(0.3 * self.ppm), (96, 98, 100), max(1, self.ppm // 14), cv2.LINE_AA)

    def _cracks(self, layer: np.ndarray) -> None:
        for _ in range(16):
            x, y = self.rng.uniform(-self.layout.half, self.layout.half), self.rng.uniform(Y0, Y1)
            walk = np.cumsum(self.rng.normal(0, 0.16, (14, 2)) + self.rng.normal(0, 0.2, 2), axis=0)
            points = np.array([self.at(x + dx, y + dy) for dx, dy in walk], np.int32)
            cv2.polylines(layer, [points], False, -26, 1, cv2.LINE_AA)

    def _line(self, x: float, width: float, colour: tuple[float, ...], dash: float = 0.0, gap: float = 0.0) -> None:
        if not dash:
            self.fill(x - width / 2, Y0, x + width / 2, Y1, colour)
            return
        for y in np.arange(Y0, Y1, dash + gap):
            self.fill(x - width / 2, y, x + width / 2, y + dash, colour)

    def _paint(self) -> None:
        layout = self.layout
        for offset in (-0.15, 0.15):
            self._line(offset, 0.13, YELLOW)
        for side in (-1, 1):
            for lane in range(1, layout.lanes):
                self._line(side * lane * LANE_M, 0.14, WHITE, 4.0, 6.0)
            if layout.cycle:
                self._line(side * layout.lanes * LANE_M, 0.14, WHITE)
            if layout.yellow_kerb:
                self._line(side * (layout.half - 0.22), 0.13, YELLOW)
        for start, end in layout.hatch:
            self._hatch(start, end)
        for start, end in layout.racks:
            self._racks(start, end)
        for y in layout.crossings:
            self.fill(-layout.half, y - 2.2, layout.half, y + 2.2, tuple(self.image[self.at(1.5, y)[::-1]].tolist()))
            for x in np.arange(-layout.half + 0.4, layout.half - 0.3, 0.9):
                self.fill(x, y - 2.0, x + 0.46, y + 2.0, WHITE)
            self.fill(0.3, y - 3.6, layout.half - 0.2, y - 3.25, WHITE)

    def _hatch(self, start: float, end: float) -> None:
        """A yellow-hatched strip along the right-hand kerb: no parking."""
        left, right = self.layout.half - 2.25, self.layout.half - 0.1
        corners = np.array(
            [self.at(left, start), self.at(right, start), self.at(right, end), self.at(left, end)], np.int32
        )
        width = max(1, round(0.12 * self.ppm))
        cover = self.image.copy()
        for y in np.arange(start - 4, end, 1.3):
            cv2.line(cover, self.at(left, y), self.at(right, y + right - left), YELLOW, width, cv2.LINE_AA)
        mask = np.zeros(self.image.shape[:2], np.uint8)
        cv2.fillPoly(mask, [corners], 255)
        self.image[mask > 0] = cover[mask > 0]
        cv2.polylines(self.image, [corners], True, YELLOW, width, cv2.LINE_AA)

    def _racks(self, start: float, end: float) -> None:
        """Painted places for bicycles on the right-hand pavement."""
        left, right = self.layout.half + 0.5, self.layout.half + 2.3
        for y in np.arange(start, end + 0.1, 0.7):
            cv2.line(self.image, self.at(left, y), self.at(right, y), WHITE, max(1, self.ppm // 14), cv2.LINE_AA)
        cv2.rectangle(self.image, self.at(left, start), self.at(right, end), WHITE, max(1, self.ppm // 14), cv2.LINE_AA)

    def _kerbs(self) -> None:
        for side in (-1, 1):
            edge = side * self.layout.half
            left, right = sorted((edge, edge + side * 0.28))
            self.fill(left, Y0, right, Y1, (176, 180, 182))
            self._line(edge + side * 0.01, 0.09, (70, 72, 74))
            for y in np.arange(Y0, Y1, 1.0):
                cv2.line(self.image, self.at(edge, y), self.at(edge + side * 0.28, y), (128, 130, 132), 1, cv2.LINE_AA)
            if self.layout.park and side < 0:
                continue
            for y in np.arange(Y0 + 3, Y1, 8.0):
                spot = edge + side * 0.95
                self.fill(
                    min(spot - 0.55, spot + 0.55), y - 0.55, max(spot - 0.55, spot + 0.55), y + 0.55, (58, 72, 92)
                )

    def _grain(self) -> None:
        height, width = self.image.shape[:2]
        coarse = cv2.resize(
            self.rng.normal(0, 1, (height // 90 + 2, width // 90 + 2)).astype(np.float32),
            (width, height),
            interpolation=cv2.INTER_CUBIC,
        )
        tile = self.rng.normal(0, 1, (256, 256)).astype(np.float32)
        fine = np.tile(tile, (height // 256 + 1, width // 256 + 1))[:height, :width]
        self.image[:] = np.clip(self.image + (coarse * 4 + fine * 6)[:, :, None], 0, 255).astype(np.uint8)


def any_layout(rng: np.random.Generator) -> Layout:
    """A street as towns have them."""
    lanes = int(rng.integers(1, 3))
    hatch = ((float(rng.uniform(5, 12)), float(rng.uniform(16, 26))),) if rng.random() < 0.4 else ()
    racks = ((float(rng.uniform(4, 9)), float(rng.uniform(12, 20))),) if rng.random() < 0.3 else ()
    return Layout(
        lanes,
        bool(rng.random() < 0.7),
        float(rng.uniform(3.6, 6.0)),
        bool(rng.random() < 0.3 and lanes == 2),
        bool(rng.random() < 0.3),
        (float(rng.uniform(26, 60)),) if rng.random() < 0.6 else (),
        bool(rng.random() < 0.6),
        hatch,
        racks,
    )
