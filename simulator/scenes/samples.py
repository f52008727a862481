"""Random street pictures with exact labels: what the detector learns from and what it is judged on."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import atan2, degrees, hypot
from pathlib import Path

import cv2
import numpy as np

from simulator.scenes.camera import Camera
from simulator.scenes.cars import Car
from simulator.scenes.clutter import Refuse, Stall
from simulator.scenes.cycles import Bicycle, Rider
from simulator.scenes.lens import as_camera
from simulator.scenes.light import any_light
from simulator.scenes.people import Person
from simulator.scenes.picture import Backdrop, Label, Street
from simulator.scenes.street import LANE_M, Layout, any_layout
from simulator.scenes.thing import CLASSES, Thing
from simulator.scenes.trucks import Truck

SHOWN_MIN, INSIDE_MIN, SIDE_MIN_PX, LONG_MIN_PX = 0.6, 0.6, 18.0, 52.0
PICTURES_PER_STREET, PICTURES_PER_VIEW = 8, 2


@dataclass(frozen=True)
class Sample:
    """A picture (BGR) and its labels."""

    image: np.ndarray
    labels: tuple[Label, ...]


def any_camera(rng: np.random.Generator, layout: Layout) -> Camera:
    """A camera on a pole or a wall near the road, looking at some stretch of it."""
    half, edge = layout.half, min(layout.half + 3, layout.wall - 1.5)
    x, y, z = float(rng.uniform(-edge, edge)), float(rng.uniform(-8, 20)), float(rng.uniform(3.2, 6.6))
    away = float(rng.uniform(6.5, 14))
    to_x, to_y = float(rng.uniform(-half, half + 3)), y + away
    yaw, distance = degrees(atan2(to_x - x, to_y - y)), hypot(to_x - x, to_y - y)
    pitch = min(degrees(atan2(z, distance)) + float(rng.uniform(-7, 7)), 44.0)
    return Camera(x, y, z, yaw, pitch, float(rng.normal(0, 1.2)), float(rng.uniform(46, 62)))


class Crowd:
    """Things put down one after the other where there is room and where the camera sees them large enough."""

    def __init__(self, rng: np.random.Generator, camera: Camera, street: Street) -> None:
        self.rng, self.camera, self.street = rng, camera, street
        self.things: list[Thing] = []
        self.taken: list[tuple[float, float, float]] = []

    def look(self) -> int:
        return int(self.rng.integers(1 << 30))

    def spot(self) -> float:
        return self.camera.y + float(self.rng.triangular(3.5, 7.5, 30))

    def put(self, thing: Thing, radius: float) -> bool:
        """Whether there was room; the thing then stands in the picture."""
        if any(hypot(thing.x - x, thing.y - y) < radius + other for x, y, other in self.taken):
            return False
        pixels, depth = self.camera.project(np.vstack(thing.solids()))
        size = pixels.max(axis=0) - pixels.min(axis=0)
        inside = (pixels.max(axis=0) > 6).all() and (
            pixels.min(axis=0) < [self.camera.width - 6, self.camera.height - 6]
        ).all()
        if depth.min() < 1.2 or not inside or max(size) < LONG_MIN_PX + 3 or min(size) < SIDE_MIN_PX + 1:
            return False
        self.taken.append((thing.x, thing.y, radius))
        self.things.append(thing)
        return True

    def vehicle(self) -> None:
        rng, layout = self.rng, self.street.layout
        kind = Truck if rng.random() < 0.3 else Car
        side = int(rng.choice([-1, 1]))
        heading: float = 0.0 if side > 0 else 180.0
        x = float(side * (rng.integers(layout.lanes) + 0.5) * LANE_M)
        where = rng.random()
        if where < 0.35:
            x, heading = side * (layout.half - 1.15), heading + 180 * (rng.random() < 0.15)
        elif where < 0.5:
            x, heading = float(rng.uniform(-layout.half, layout.half)), float(rng.uniform(0, 360))
        elif where < 0.58:
            x, heading = side * (layout.half + 2.4), float(rng.choice([0, 90, 180, 270]))
        lamps = {
            "lamps": float(rng.random() < 0.3),
            "brake": float(rng.random() < 0.3),
            "roll": float(rng.uniform(0, 2)),
        }
        thing = kind(
            x + float(rng.normal(0, 0.2)), self.spot(), heading + float(rng.normal(0, 4)), self.look(), **lamps
        )
        self.put(thing, 2.0 if kind is Car else 2.9)

    def person(self, pose: str = "") -> None:
        rng, layout = self.rng, self.street.layout
        x = rng.choice([-1, 1]) * rng.uniform(layout.half + 0.3, layout.wall - 0.4)
        if rng.random() < 0.25:
            x = rng.uniform(-layout.half, layout.half)
        pose = pose or str(rng.choice(["walk", "walk", "walk", "stand", "sit"]))
        self.put(
            Person(
                float(x),
                self.spot(),
                float(rng.uniform(0, 360)),
                self.look(),
                pose=pose,
                gait=float(rng.uniform(0, 6.3)),
            ),
            0.35,
        )

    def group(self) -> None:
        for _ in range(int(self.rng.integers(2, 5))):
            self.person("stand" if self.rng.random() < 0.5 else "walk")

    def rider(self) -> None:
        rng, layout = self.rng, self.street.layout
        side = int(rng.choice([-1, 1]))
        x = side * (layout.half - rng.uniform(0.6, 2.0))
        heading = (0 if side > 0 else 180) + float(rng.normal(0, 12)) + (90 if rng.random() < 0.15 else 0)
        bicycle = Bicycle(float(x), self.spot(), heading, self.look(), roll=float(rng.uniform(0, 6)))
        if self.put(bicycle, 0.7):
            self.things.append(Rider(bicycle, self.look()))

    def parked(self) -> None:
        """One bicycle or a row of them."""
        rng, layout = self.rng, self.street.layout
        count = 1 if rng.random() < 0.45 else int(rng.integers(2, 8))
        x, y = rng.choice([-1, 1]) * rng.uniform(layout.half + 0.5, layout.wall - 0.8), self.spot()
        heading, step = float(rng.uniform(0, 360)), float(rng.uniform(0.8, 1.4))
        for k in range(count):
            self.put(
                Bicycle(
                    float(x + rng.normal(0, 0.1)),
                    float(y + k * step),
                    heading + float(rng.normal(0, 8)),
                    self.look(),
                    lean=1.0,
                    down=float(rng.random() < 0.06),
                ),
                0.22,
            )

    def stall(self) -> None:
        rng, layout = self.rng, self.street.layout
        side = int(rng.choice([-1, 1]))
        x = side * rng.uniform(layout.half - 1.4, layout.wall - 1)
        stall = Stall(float(x), self.spot(), -90.0 * side + float(rng.normal(0, 25)), self.look())
        if self.put(stall, 1.1) and rng.random() < 0.6:
            spot = stall.world([[0, -0.9, 0]])[0]
            self.put(
                Person(
                    float(spot[0]),
                    float(spot[1]),
                    stall.heading - 90,
                    self.look(),
                    pose=str(rng.choice(["stand", "sit"])),
                ),
                0.05,
            )

    def refuse(self) -> None:
        rng, layout = self.rng, self.street.layout
        x = rng.choice([-1, 1]) * rng.uniform(layout.half - 1.2, layout.wall - 0.4)
        self.put(Refuse(float(x), self.camera.y + float(rng.uniform(4, 15)), 0.0, self.look()), 0.7)


def crowd(rng: np.random.Generator, camera: Camera, street: Street) -> list[Thing]:
    """What happens to be in the street now."""
    found = Crowd(rng, camera, street)
    for make, most in (
        (found.stall, 5),
        (found.refuse, 7),
        (found.vehicle, 18),
        (found.parked, 4),
        (found.rider, 6),
        (found.group, 2),
        (found.person, 6),
    ):
        for _ in range(int(rng.integers(most // 3, most + 1))):
            make()
    return found.things


def good(label: Label) -> bool:
    """Whether enough is seen of the thing to ask a detector for it."""
    wide, high = label.box[2] - label.box[0], label.box[3] - label.box[1]
    return label.shown >= SHOWN_MIN and min(wide, high) >= SIDE_MIN_PX and max(wide, high) >= LONG_MIN_PX


def inside(camera: Camera, thing: Thing) -> bool:
    """Whether enough of the thing lies within the picture."""
    pixels, _ = camera.project(np.vstack(thing.solids()))
    low, high = pixels.min(axis=0), pixels.max(axis=0)
    size = np.array([camera.width, camera.height])
    seen = np.clip(high, 0, size) - np.clip(low, 0, size)
    return bool(np.prod(seen) >= INSIDE_MIN * np.prod(high - low))


def samples(seed: int, count: int) -> Iterator[Sample]:
    """`count` pictures; other seeds give other streets, lights, cameras and things.

    What would be seen too little of to be asked for is left out of the picture, so that everything in it has its label.
    """
    rng = np.random.default_rng([seed, 101])
    street, backdrop = None, None
    for number in range(count):
        if number % PICTURES_PER_STREET == 0 or street is None:
            street = Street(any_layout(rng), int(rng.integers(1 << 30)), 20)
        if number % PICTURES_PER_VIEW == 0 or backdrop is None:
            backdrop = Backdrop(street, any_camera(rng, street.layout), any_light(rng))
        things = list(enumerate(crowd(rng, backdrop.camera, street)))
        _, labels = backdrop.shot(things, number)
        plain = {label.ident for label in labels if good(label)}
        kept = [(ident, thing) for ident, thing in things if ident in plain and inside(backdrop.camera, thing)]
        image, labels = backdrop.shot(kept, number)
        yield Sample(as_camera(image, rng), tuple(labels))


def write(folder: Path, part: str, seed: int, count: int) -> None:
    """Write samples as a data set in YOLO's layout: images/<part>, labels/<part>."""
    for kind in ("images", "labels"):
        (folder / kind / part).mkdir(parents=True, exist_ok=True)
    for number, sample in enumerate(samples(seed, count)):
        name = f"{seed:04d}-{number:04d}"
        cv2.imwrite(str(folder / "images" / part / f"{name}.jpg"), sample.image, [cv2.IMWRITE_JPEG_QUALITY, 95])
        height, width = sample.image.shape[:2]
        lines = [_line(label, width, height) for label in sample.labels]
        (folder / "labels" / part / f"{name}.txt").write_text("\n".join(lines), encoding="utf-8")


def _line(label: Label, width: int, height: int) -> str:
    left, top, right, low = label.box
    return (
        f"{CLASSES.index(label.label)} {(left + right) / 2 / width:.5f} {(top + low) / 2 / height:.5f} "
        f"{(right - left) / width:.5f} {(low - top) / height:.5f}"
    )
