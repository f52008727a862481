"""Puts a street, a light, a camera and things together into one picture and its exact labels."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field

import cv2
import numpy as np

from simulator.scenes.camera import Camera
from simulator.scenes.canvas import Canvas, Glow
from simulator.scenes.furniture import Lamp, NoParkingSign, Railing, Tree
from simulator.scenes.houses import House, hang, houses
from simulator.scenes.lens import glows, lamp_light, rain_over
from simulator.scenes.light import Light
from simulator.scenes.street import Ground, Layout
from simulator.scenes.thing import Thing

SCALE = 2
Fixture = Tree | Lamp | NoParkingSign | Railing
Rect = tuple[int, int, int, int]


@dataclass(frozen=True)
class Label:
    """What is seen of a thing: pixels (left, top, right, bottom) of the picture, and the share of it that shows."""

    label: str
    box: tuple[float, float, float, float]
    ident: int
    shown: float


class Street:
    """A street with its houses and fixtures, from its layout and seed. `bare` keeps trees off a stretch."""

    def __init__(self, layout: Layout, seed: int, ppm: int = 24, bare: tuple[float, float] | None = None) -> None:
        self.layout, self.seed = layout, seed
        rng = np.random.default_rng([seed, 3])
        self.ground = Ground(layout, seed, ppm)
        self.houses: list[House] = houses(rng, -14, 108, 1)
        if not layout.park:
            self.houses += houses(rng, -14, 108, -1)
        self.fixtures: list[Fixture] = list(self._fixtures(rng, bare))

    def _fixtures(self, rng: np.random.Generator, bare: tuple[float, float] | None) -> list[Fixture]:
        layout = self.layout
        found: list[Fixture] = []
        for side in (-1, 1):
            for y in np.arange(-11, 108, 8.0):
                kept = bare and bare[0] < y < bare[1] and side > 0
                if rng.random() < 0.8 and not kept:
                    found.append(
                        Tree(side * (layout.half + 0.95), float(y), float(rng.uniform(4.6, 7.2)), int(rng.integers(99)))
                    )
            found += [
                Lamp(side * (layout.half + 0.5), float(y), -side * 1.8)
                for y in np.arange(-7 + 11 * (side > 0), 105, 24.0)
            ]
        found += [NoParkingSign(layout.half + 0.45, end + 0.5) for _, end in layout.hatch]
        if layout.park:
            found += [
                Tree(
                    float(rng.uniform(-layout.wall - 14, -layout.wall - 1)),
                    float(y),
                    float(rng.uniform(4.5, 8)),
                    int(rng.integers(99)),
                )
                for y in np.arange(0, 108, 3.5)
            ]
        if layout.railing:
            found += [
                Railing(0.0, float(y)) for y in np.arange(-3, 90, 3.0) if all(abs(y - c) > 6 for c in layout.crossings)
            ]
        return found


@dataclass
class Backdrop:
    """A street under a light through a camera, without anything that moves."""

    street: Street
    camera: Camera
    light: Light
    image: np.ndarray = field(init=False)
    lamps: np.ndarray = field(init=False)
    bright: np.ndarray | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.big = self.camera.scaled(SCALE)
        self.image = np.zeros((self.big.height, self.big.width, 3), np.uint8)
        self.lamps = np.zeros_like(self.image)
        self._rays()
        self._sky()
        self._ground()
        for house in sorted(self.street.houses, key=lambda house: -abs(house.y0 + house.y1 - 2 * self.camera.y)):
            hang(self.image, self.lamps, self.big, self.light, house, self.street.layout.wall)
        self._haze()
        self._fix()
        self.still: tuple[tuple[int, Thing], ...] = ()
        self.held: dict[int, tuple[int, Label | None]] = {}
        self.owners = np.zeros(self.image.shape[:2], np.uint8)
        self.lamps = cv2.resize(self.lamps, (self.camera.width, self.camera.height), interpolation=cv2.INTER_AREA)
        if self.light.dark > 0.1:
            spots = [(f.x + f.reach, f.y) for f in self.street.fixtures if isinstance(f, Lamp)]
            self.bright = lamp_light(self.camera, self.light, spots)

    def _rays(self) -> None:
        """For each pixel of the big picture, how steeply it looks down."""
        across = (np.arange(self.big.width) - self.big.width / 2 + 0.5) / self.big.focal
        down = (np.arange(self.big.height) - self.big.height / 2 + 0.5) / self.big.focal
        axes = self.big.axes
        steep = -(across[None, :] * axes[0][2] + down[:, None] * axes[1][2] + axes[2][2])
        self.reach = np.where(steep > 0.004, self.big.z / np.maximum(steep, 0.004), 1e4).astype(np.float32)
        self.steep = steep.astype(np.float32)

    def _sky(self) -> None:
        rng = np.random.default_rng([self.street.seed, 21])
        rise = np.clip(-self.steep * 2.6, 0, 1)[:, :, None]
        sky = np.array(self.light.sky_low) * (1 - rise) + np.array(self.light.sky_top) * rise
        cloud = cv2.resize(
            rng.normal(0, 1, (7, 9)).astype(np.float32),
            (self.big.width, self.big.height),
            interpolation=cv2.INTER_CUBIC,
        )
        self.image[:] = np.clip(sky + np.maximum(cloud, 0)[:, :, None] * 12 * (1 - self.light.dark), 0, 255).astype(
            np.uint8
        )
        for far in (260.0, 190.0, 140.0):
            self._skyline(rng, far)

    def _skyline(self, rng: np.random.Generator, far: float) -> None:
        x = -far * 1.2
        share = 0.45 + 0.4 * far / 260
        while x < far * 1.2:
            wide, tall = rng.uniform(10, 26), rng.uniform(10, 26) + far * 0.12
            corners = np.array([[x, far, -2], [x + wide, far, -2], [x + wide, far, tall], [x, far, tall]])
            pixels, depth = self.big.project(corners)
            tone = np.array([150, 142, 136]) * rng.uniform(0.85, 1.1) * (1 - 0.6 * self.light.dark)
            colour = tone * (1 - share) + np.array(self.light.sky_low) * share
            if (depth > 5).all():
                cv2.fillPoly(
                    self.image, [np.round(pixels * 16).astype(np.int32)], tuple(colour.tolist()), cv2.LINE_AA, 4
                )
            x += wide * rng.uniform(0.8, 1.6)

    def _ground(self) -> None:
        plane = self.big.plane(np.zeros(3), np.array([1.0, 0, 0]), np.array([0, 1.0, 0])) @ self.street.ground.world()
        size, texture = (self.big.width, self.big.height), self.street.ground.image
        strength = (
            np.array(self.light.shade((100, 100, 100), np.array([0, 0, 1.0]))) / 100 * (1 - 0.22 * self.light.rain)
        )
        near = cv2.warpPerspective(texture, plane, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        small = cv2.resize(texture, None, fx=0.2, fy=0.2, interpolation=cv2.INTER_AREA)
        far = cv2.warpPerspective(
            small, plane @ np.diag([5.0, 5.0, 1.0]), size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        share = np.clip((self.reach - 20) / 25, 0, 1)[:, :, None]
        both = (near * (1 - share) + far * share) * strength
        np.copyto(self.image, np.clip(both, 0, 255).astype(np.uint8), where=(self.steep > 0.006)[:, :, None])

    def _haze(self) -> None:
        share = (np.clip((self.reach - 35) / 110, 0, 1) * self.light.haze * (self.steep > 0.004))[:, :, None]
        self.image[:] = (self.image * (1 - share) + np.array(self.light.sky_low) * share).astype(np.uint8)

    def _fix(self) -> None:
        """Lay the shadows of the fixtures and draw them; remember where each one stands in the picture."""
        self._shade(self.image, [body for fixture in self.street.fixtures for body in fixture.solids()], 0.8)
        canvas = Canvas(self.image, self.big, self.light)
        self.rects: list[tuple[float, int, Thing | Fixture, Rect]] = []
        for fixture in sorted(self.street.fixtures, key=lambda f: -self.big.depth(f.x, f.y)):
            depth = self.big.depth(fixture.x, fixture.y)
            if depth < 2.5:
                continue
            canvas.owners[:] = 0
            canvas.owner = 1
            fixture.draw(canvas)
            left, top, wide, high = cv2.boundingRect(canvas.owners)
            if wide:
                self.lamps[canvas.owners > 0] = 0
                self.rects.append((depth, 0, fixture, (left, top, left + wide, top + high)))
        self.lamp_glows = [(*glow[:4], 0) for glow in canvas.glows]

    def _shade(self, image: np.ndarray, solids: Sequence[np.ndarray], weight: float = 1.0) -> None:
        """Darken the ground where solids keep the light off it."""
        mask = np.zeros((self.camera.height, self.camera.width), np.uint8)
        sun = np.array(self.light.sun)
        for solid in solids:
            flat = solid - sun / sun[2] * solid[:, 2:3]
            pixels, depth = self.camera.project(flat)
            if (depth > 0.5).all():
                outline = cv2.convexHull(np.clip(pixels, -4000, 4000).astype(np.float32))
                cv2.fillPoly(mask, [np.round(outline * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        left, top, wide, high = cv2.boundingRect(mask)
        if not wide:
            return
        pad = 8
        x0, y0 = max(left - pad, 0), max(top - pad, 0)
        x1, y1 = min(left + wide + pad, mask.shape[1]), min(top + high + pad, mask.shape[0])
        soft = cv2.GaussianBlur(mask[y0:y1, x0:x1], (0, 0), 1.0 if self.light.direct > 0.3 else 2.6)
        dim = cv2.subtract(np.full_like(soft, 255), cv2.convertScaleAbs(soft, alpha=self.light.shadow * weight))
        part = image[y0 * SCALE : y1 * SCALE, x0 * SCALE : x1 * SCALE]
        big = cv2.resize(dim, (part.shape[1], part.shape[0]), interpolation=cv2.INTER_LINEAR)
        part[:] = cv2.multiply(part, cv2.merge([big] * 3), scale=1 / 255)

    def holding(self, still: Sequence[tuple[int, Thing]]) -> "Backdrop":
        """The same street with things in it that do not move: a picture then costs only what does move."""
        held = copy(self)
        held.image = self.image.copy()
        held._shade(held.image, [solid for _, thing in still for solid in thing.solids()])
        canvas = Canvas(held.image, self.big, self.light)
        numbered = [(number, thing) for number, (_, thing) in enumerate(still, 1)]
        drawn = held._draw(canvas, numbered)
        held.still, held.owners = tuple(still), canvas.owners
        held.rects = [*self.rects, *[(self.big.depth(t.x, t.y), n, t, self._rect(t)) for n, t in numbered]]
        held.held = {
            n: (drawn[n], self._label(canvas.owners, n, drawn[n], ident, t)) for n, (ident, t) in enumerate(still, 1)
        }
        held.lamp_glows = [*self.lamp_glows, *[glow for glow in canvas.glows if glow[4]]]
        return held

    def shot(self, things: Sequence[tuple[int, Thing]], moment: int = 0) -> tuple[np.ndarray, list[Label]]:
        """The picture (BGR, of the camera's size) with the numbered things in it, and what is seen of each."""
        image = self.image.copy()
        self._shade(image, [solid for _, thing in things for solid in thing.solids()])
        canvas = Canvas(image, self.big, self.light)
        canvas.owners = self.owners.copy()
        first = len(self.still) + 1
        drawn = self._draw(canvas, [(number, thing) for number, (_, thing) in enumerate(things, first)])
        moved = [self._rect(thing) for _, thing in things]
        labels = [self._held(canvas.owners, number, moved) for number in self.held]
        labels += [
            self._label(canvas.owners, number, drawn[number], ident, thing)
            for number, (ident, thing) in enumerate(things, first)
        ]
        small = cv2.resize(image, (self.camera.width, self.camera.height), interpolation=cv2.INTER_AREA)
        return self._finish(small, canvas, moment), [label for label in labels if label]

    def _draw(self, canvas: Canvas, numbered: Sequence[tuple[int, Thing]]) -> dict[int, int]:
        """Draw things from far to near, and again what stands before them; gives the pixels that each one painted."""
        queue: list[tuple[float, int, Thing | Fixture]] = [
            (self.big.depth(thing.x, thing.y), number, thing) for number, thing in numbered
        ]
        queue += self._in_front([thing for _, thing in numbered])
        fresh, drawn = {number for number, _ in numbered}, {}
        for _, number, item in sorted(queue, key=lambda entry: (-entry[0], entry[1])):
            canvas.owner = number
            item.draw(canvas)
            if number in fresh and isinstance(item, Thing):
                x0, y0, x1, y1 = self._rect(item)
                drawn[number] = int(np.count_nonzero(canvas.owners[y0:y1, x0:x1] == number))
        return drawn

    def _rect(self, thing: Thing) -> Rect:
        """Pixels of the big picture that surely enclose a thing."""
        pixels, _ = self.big.project(np.vstack(thing.solids()))
        low, high = pixels.min(axis=0), pixels.max(axis=0)
        pad = 14 + 0.35 * float((high - low).max())
        x0, y0 = (int(value) for value in np.clip(low - pad, 0, [self.big.width, self.big.height]))
        x1, y1 = (int(value) for value in np.clip(high + pad, 0, [self.big.width, self.big.height]))
        return x0, y0, x1, y1

    def _in_front(self, things: Sequence[Thing]) -> list[tuple[float, int, Thing | Fixture]]:
        """What must be drawn again because one of the things stands behind it."""
        behind = [(self.big.depth(thing.x, thing.y), self._rect(thing)) for thing in things]
        return [
            (depth, number, item)
            for depth, number, item, rect in self.rects
            if any(far > depth and _meet(rect, other) for far, other in behind)
        ]

    def _held(self, owners: np.ndarray, number: int, moved: Sequence[Rect]) -> Label | None:
        """The label of a thing that does not move: known, unless something may hide a part of it now."""
        drawn, label = self.held[number]
        ident, thing = self.still[number - 1]
        rect = self._rect(thing)
        return self._label(owners, number, drawn, ident, thing) if any(_meet(rect, other) for other in moved) else label

    def _label(self, owners: np.ndarray, number: int, drawn: int, ident: int, thing: Thing) -> Label | None:
        x0, y0, x1, y1 = self._rect(thing)
        if not drawn or x0 >= x1 or y0 >= y1:
            return None
        mask = (owners[y0:y1, x0:x1] == number).view(np.uint8)
        left, top, wide, high = cv2.boundingRect(mask)
        if not wide:
            return None
        left, top = left + x0, top + y0
        box = (left / SCALE, top / SCALE, (left + wide) / SCALE, (top + high) / SCALE)
        return Label(thing.label, box, ident, float(np.count_nonzero(mask)) / drawn)

    def _finish(self, image: np.ndarray, canvas: Canvas, moment: int) -> np.ndarray:
        if self.bright is not None:
            image = cv2.multiply(image, self.bright, dtype=cv2.CV_8U)
            free = (canvas.owners[::SCALE, ::SCALE] == 0).view(np.uint8)
            image = cv2.addWeighted(
                image, 1.0, cv2.bitwise_and(self.lamps, self.lamps, mask=free), 0.75 * self.light.dark, 0
            )
        fresh = [glow for glow in canvas.glows if glow[4] > len(self.still)]
        lit = [glow for glow in [*self.lamp_glows, *fresh] if _shines(canvas.owners, glow)]
        image = glows(image, lit, SCALE, self.light)
        if self.light.rain:
            image = rain_over(image, moment)
        return image


def _meet(one: Rect, other: Rect) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _shines(owners: np.ndarray, glow: Glow) -> bool:
    """Whether the thing whose lamp it is shows where the lamp is: what stands before it hides its light."""
    x, y, number = int(glow[0]), int(glow[1]), glow[4]
    around = owners[max(y - 4, 0) : max(y + 5, 0), max(x - 4, 0) : max(x + 5, 0)]
    return number == 0 or bool((around == number).any())
