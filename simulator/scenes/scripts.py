"""Scripted happenings with known truth: what the demo's cameras show and what the tests judge the rules by.

A scene is idle (a loop) until it is started; then its program runs, part by part; a part that `holds` is a loop as
well and lasts as long as asked. Everything follows from (scene, seed, t), so a film and a test see the same.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from simulator.scenes import ambient
from simulator.scenes.camera import Camera
from simulator.scenes.cars import Car
from simulator.scenes.cycles import Bicycle, Rider
from simulator.scenes.lens import Sensor
from simulator.scenes.light import Light, day, dusk, night, overcast, rain
from simulator.scenes.motion import Path, Pose, braking, starting
from simulator.scenes.people import Person
from simulator.scenes.picture import Backdrop, Label, Street
from simulator.scenes.samples import good
from simulator.scenes.street import LANE_M, Layout
from simulator.scenes.thing import Thing

FPS = 8
IDLE_S = 20.0
Cast = list[tuple[int, Thing]]
LIGHTS: Mapping[str, Callable[[], Light]] = {
    "day": day,
    "overcast": overcast,
    "dusk": dusk,
    "night": night,
    "rain": rain,
}
SUBJECT = 500


@dataclass(frozen=True)
class Part:
    """A stretch of a program. `holds`: it repeats until it has lasted as long as asked."""

    name: str
    seconds: float
    play: Callable[["Scene", float], Cast]
    holds: bool = False


@dataclass(frozen=True)
class Script:
    """A kind of scene: street, zone (metres: left, right, near, far), program, and what a rule must say of it.

    `target` is where the camera looks (metres), `view` its angle (degrees).
    """

    layout: Layout
    zone: tuple[float, float, float, float]
    program: tuple[Part, ...]
    violation: str
    parts: tuple[str, ...] = ()
    idle: Callable[["Scene", float], Cast] = ambient.passing
    target: tuple[float, float] = (3.2, 13.0)
    view: float = 58.0


@dataclass
class Scene:
    """One scene of a kind, with its own street, light and looks. `holds`: seconds for parts that hold (default 60)."""

    kind: str
    seed: int = 0
    light: str = ""
    idle_s: float = IDLE_S
    holds: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.script = SCRIPTS[self.kind]
        rng = np.random.default_rng([self.seed, 71])
        self.light = self.light or str(rng.choice(["day", "day", "overcast", "dusk", "rain", "day"]))
        self.camera = _camera(rng, self.script)
        self.backdrop = _backdrop(self.script.layout, self.seed, self.camera, self.light)
        self.sensor = Sensor(
            self.camera.width, self.camera.height, {"night": 6.0, "dusk": 4.0}.get(self.light, 2.5), self.seed
        )
        self.held: dict[tuple[str, tuple[int, ...]], Backdrop] = {}
        self.looks = np.random.default_rng([self.seed, 72]).integers(1, 1 << 30, 64)

    def look(self, number: int) -> int:
        return int(self.looks[number])

    @property
    def zone(self) -> list[tuple[float, float]]:
        """The corners of the zone in the picture, as shares of its width and height."""
        left, right, near, far = self.script.zone
        pixels, _ = self.camera.project(np.array([[left, near, 0], [right, near, 0], [right, far, 0], [left, far, 0]]))
        return [
            (float(np.clip(x / self.camera.width, 0, 1)), float(np.clip(y / self.camera.height, 0, 1)))
            for x, y in pixels
        ]

    def timeline(self) -> Iterator[tuple[str, float, float, Part | None]]:
        """(part, from, until, its program) along absolute time; idle comes first and again at the end, for ever."""
        yield "idle", 0.0, self.idle_s, None
        at = self.idle_s
        for part in self.script.program:
            length = self.holds.get(part.name, 60.0) if part.holds else part.seconds
            yield part.name, at, at + length, part
            at += length
        yield "idle", at, float("inf"), None

    def part_at(self, t: float) -> tuple[str, float]:
        """The part that runs at t (seconds from the start of the film) and the time within it."""
        name, start, _, _ = next(entry for entry in self.timeline() if t < entry[2])
        return name, t - start

    def cast(self, name: str, t: float) -> Cast:
        """Who is in the street t seconds into the part of that name."""
        if name == "idle":
            return self.script.idle(self, t % IDLE_S)
        part = next(part for part in self.script.program if part.name == name)
        return part.play(self, t % part.seconds if part.holds else t)

    def picture(self, name: str, t: float, moment: int) -> tuple[np.ndarray, list[Label]]:
        """The camera's picture and the truth t seconds into a part."""
        cast = self.cast(name, t)
        still = tuple((ident, thing) for ident, thing in cast if thing.state.get("still"))
        key = (name, tuple(ident for ident, _ in still))
        if key not in self.held:
            self.held[key] = self.backdrop.holding(still)
        moving = [(ident, thing) for ident, thing in cast if not thing.state.get("still")]
        image, labels = self.held[key].shot(moving, moment)
        return self.sensor.over(image, moment), [label for label in labels if good(label)]

    def frame(self, t: float) -> np.ndarray:
        """The camera's picture (BGR, 640x360) t seconds after the start of the film."""
        return self.picture(*self.part_at(t), round(t * FPS))[0]

    def truth(self, t: float) -> list[Label]:
        """What a perfect detector would say of frame(t)."""
        return self.picture(*self.part_at(t), round(t * FPS))[1]


@lru_cache(maxsize=6)
def _backdrop(layout: Layout, seed: int, camera: Camera, light: str) -> Backdrop:
    return Backdrop(Street(layout, seed, 28, bare=(-4, 30)), camera, LIGHTS[light]())


def _camera(rng: np.random.Generator, script: Script) -> Camera:
    x, y, z = float(rng.uniform(-2.6, -1.2)), float(rng.uniform(-4.4, -3.4)), float(rng.uniform(5.4, 6.2))
    to_x, to_y = script.target
    yaw = float(np.degrees(np.arctan2(to_x - x, to_y - y)))
    pitch = float(np.degrees(np.arctan2(z, np.hypot(to_x - x, to_y - y)))) + 1.5
    return Camera(x, y, z, yaw, pitch, float(rng.normal(0, 0.4)), script.view)


def driven(pose: Pose, look: int, **state: float) -> Car:
    """A car in a pose of its path."""
    return Car(pose.x, pose.y, pose.heading, look, roll=pose.gone, brake=float(pose.slowing), **state)


# parking: a car drives into a no-parking strip, stands, leaves.
_SINGLE = Layout(1, True, 5.0, hatch=((7.0, 21.0),), crossings=(46.0,))
_KERB = _SINGLE.half - 1.2
IN_S, OUT_S, HOLD_S = 4.0, 10.0, 10.0


def _in(y: float, x: float = _KERB) -> Path:
    return Path(((1.65, -6.0), (1.8, y - 12), (x - 0.45, y - 5.5), (x - 0.03, y - 1.8), (x, y)), IN_S, braking)


def _out(y: float, x: float = _KERB) -> Path:
    return Path(
        ((x, y), (x - 0.02, y + 1.2), (x - 0.5, y + 5), (1.75, y + 13), (1.65, 60.0), (1.65, 112.0)), OUT_S, starting
    )


def _parking_in(scene: Scene, t: float) -> Cast:
    return [*ambient.still(scene), (SUBJECT, driven(_in(13.0).at(t), scene.look(0)))]


def _parking_stand(scene: Scene, t: float) -> Cast:
    parked = ambient.standing([(SUBJECT, driven(_in(13.0).at(IN_S), scene.look(0)))])
    return [*ambient.strolling(scene, t), *parked]


def _parking_out(scene: Scene, t: float) -> Cast:
    return [*ambient.still(scene), (SUBJECT, driven(_out(13.0).at(t), scene.look(0)))]


# two_cars_take_turns: A leaves, B comes into the same place.
SWAP_S = 12.0


def _second_in(scene: Scene, t: float) -> Car:
    return driven(_in(13.2).at(t), scene.look(1) + 1)


def _swap(scene: Scene, t: float) -> Cast:
    cast = [*ambient.still(scene), (SUBJECT, driven(_out(13.0).at(t), scene.look(0)))]
    if t > 4.0:
        cast.append((SUBJECT + 1, _second_in(scene, t - 4.0)))
    return cast


def _second_stand(scene: Scene, t: float) -> Cast:
    return [*ambient.strolling(scene, t), *ambient.standing([(SUBJECT + 1, _second_in(scene, IN_S))])]


def _second_out(scene: Scene, t: float) -> Cast:
    return [*ambient.still(scene), (SUBJECT + 1, driven(_out(13.2).at(t), scene.look(1) + 1))]


# bicycle_parking: riders leave their bicycles on a pavement where none may stand.
_WALK = Layout(1, True, 6.5, crossings=(46.0,), racks=((22.0, 29.0),))
BIKES, BIKES_IN_S = 5, 16.0
_PAVED = _WALK.half


def _spot(number: int) -> tuple[float, float]:
    return _PAVED + 2.0 + 0.15 * (number % 2), 8.0 + 1.15 * number


def _left(scene: Scene, number: int) -> tuple[int, Bicycle]:
    x, y = _spot(number)
    return SUBJECT + number, Bicycle(x, y, 62.0 + 7 * (number % 3), scene.look(10 + number), lean=1.0, still=1.0)


def _ridden(scene: Scene, number: int, t: float) -> Cast:
    """A rider comes within 5 s, gets off and walks away."""
    x, y = _spot(number)
    if t < 5.0:
        pose = Path(((_PAVED - 1.0, -6.0), (_PAVED - 0.9, y - 7), (x - 0.9, y - 0.8), (x, y)), 5.0, braking).at(t)
        bicycle = Bicycle(pose.x, pose.y, pose.heading, scene.look(10 + number), roll=pose.gone)
        return [(SUBJECT + number, bicycle), (SUBJECT + 40 + number, Rider(bicycle, scene.look(20 + number)))]
    walk = Path(((x + 0.7, y - 0.3), (_WALK.wall - 1.0, y + 3), (_WALK.wall - 0.2, y + 4.5)), 4.0).at(t - 5.0)
    found: Cast = [_left(scene, number)]
    if t < 9.0:
        found.append(
            (SUBJECT + 40 + number, Person(walk.x, walk.y, walk.heading, scene.look(20 + number), gait=walk.gone * 4.2))
        )
    return found


def _bikes_in(scene: Scene, t: float) -> Cast:
    cast = ambient.still(scene, -1)
    for number in range(BIKES):
        start = number * 1.75
        if t >= start:
            cast += _ridden(scene, number, t - start)
    return cast


def _bikes_stand(scene: Scene, t: float) -> Cast:
    return [*ambient.strolling(scene, t, -1), *[_left(scene, number) for number in range(BIKES)]]


def _bikes_out(scene: Scene, t: float) -> Cast:
    cast = ambient.still(scene, -1)
    for number in range(BIKES):
        gone = t - number * 1.4
        if gone < 0:
            cast.append(_left(scene, number))
        elif gone < 8.0:
            x, y = _spot(number)
            pose = Path(((x, y), (_PAVED - 1.0, y + 6), (_PAVED - 1.0, 70.0)), 8.0, starting).at(gone)
            bicycle = Bicycle(pose.x, pose.y, pose.heading, scene.look(10 + number), roll=pose.gone)
            cast += [(SUBJECT + number, bicycle), (SUBJECT + 40 + number, Rider(bicycle, scene.look(20 + number)))]
    return cast


# queue: a red light; both lanes fill and stand, then drive on.
_DOUBLE = Layout(2, False, 5.0, crossings=(27.0,), hatch=())
_LANES = (LANE_M * 0.5, LANE_M * 1.5)
QUEUE_IN_S = 9.0


def _queue_places() -> list[tuple[int, float, float]]:
    return [
        (lane * 4 + row, _LANES[lane], 20.6 - row * (6.1 + 0.3 * lane) - 0.5 * lane)
        for lane in (0, 1)
        for row in range(4)
    ]


def _queue_in(scene: Scene, t: float) -> Cast:
    cast = ambient.still(scene)
    for number, x, y in _queue_places():
        pose = Path(((x, -30.0), (x, y)), 5.0, braking).at(t - number % 4 * 1.1)
        cast.append((SUBJECT + number, driven(pose, scene.look(30 + number))))
    return cast


def _queue_stand(scene: Scene, t: float) -> Cast:
    return [*ambient.strolling(scene, t), *ambient.standing(_queue_in(scene, QUEUE_IN_S)[len(ambient.still(scene)) :])]


def _queue_out(scene: Scene, t: float) -> Cast:
    cast = ambient.still(scene)
    for number, x, y in _queue_places():
        pose = Path(((x, y), (x, 115.0)), 10.5, starting).at(t - number % 4 * 1.0)
        if pose.y < 110:
            cast.append((SUBJECT + number, driven(pose, scene.look(30 + number))))
    return cast


_STRIP = (_SINGLE.half - 2.6, _SINGLE.half + 0.35, 5.5, 22.5)
SCRIPTS: Mapping[str, Script] = {
    "parking": Script(
        _SINGLE,
        _STRIP,
        (
            Part("arrive", IN_S, _parking_in),
            Part("stand", HOLD_S, _parking_stand, holds=True),
            Part("leave", OUT_S, _parking_out),
        ),
        "car",
    ),
    "two_cars_take_turns": Script(
        _SINGLE,
        _STRIP,
        (
            Part("arrive", IN_S, _parking_in),
            Part("stand", HOLD_S, _parking_stand, holds=True),
            Part("swap", SWAP_S, _swap),
            Part("second", HOLD_S, _second_stand, holds=True),
            Part("leave", OUT_S, _second_out),
        ),
        "",
    ),
    "bicycle_parking": Script(
        _WALK,
        (_PAVED + 0.3, _PAVED + 3.9, 5.5, 16.0),
        (
            Part("arrive", BIKES_IN_S, _bikes_in),
            Part("stand", HOLD_S, _bikes_stand, holds=True),
            Part("leave", 14.0, _bikes_out),
        ),
        "bicycle",
        idle=lambda scene, t: ambient.passing(scene, t, -1),
        target=(4.9, 10.6),
        view=38.0,
    ),
    "traffic": Script(_SINGLE, _STRIP, (), "", idle=ambient.busy),
    "queue": Script(
        _DOUBLE,
        (0.4, _DOUBLE.half, 4.5, 24.0),
        (
            Part("arrive", QUEUE_IN_S, _queue_in),
            Part("stand", HOLD_S, _queue_stand, holds=True),
            Part("leave", 14.0, _queue_out),
        ),
        "",
    ),
}
