"""The life of a street that breaks no rule: cars pass, people walk, a vendor sells. Loops without a seam."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.scenes.cars import Car
from simulator.scenes.clutter import Stall
from simulator.scenes.cycles import Bicycle, Rider
from simulator.scenes.motion import Path
from simulator.scenes.people import Person
from simulator.scenes.street import LANE_M
from simulator.scenes.thing import Thing
from simulator.scenes.trucks import Truck

if TYPE_CHECKING:
    from simulator.scenes.scripts import Scene

Cast = list[tuple[int, Thing]]
LOOP_S = 10.0


def still(scene: "Scene", side: int = 1) -> Cast:
    """Who stays: two people talking, a bicycle against a wall, somewhere out of the zone."""
    layout = scene.script.layout
    x, y = side * (layout.wall - 1.1), 24.0
    found: Cast = [
        (1, Person(x, y, 20.0, scene.look(50), pose="stand", gait=0.12)),
        (2, Person(x + 0.15, y + 0.9, 200.0, scene.look(51), pose="stand", gait=-0.12)),
        (3, Person(-(layout.half + 1.9), 9.5, 100.0, scene.look(52), pose="stand", gait=0.12)),
    ]
    if scene.seed % 2:
        found.append((4, Stall(-(layout.half + 2.6), 14.0, 90.0, scene.look(53))))
        found.append((5, Person(-(layout.half + 3.6), 14.0, 90.0, scene.look(54), pose="sit")))
    return standing(found)


def standing(cast: Cast) -> Cast:
    """The same things, said not to move: they are drawn once for all pictures of the part."""
    for _, thing in cast:
        thing.state["still"] = 1.0
    return cast


def strolling(scene: "Scene", t: float, side: int = 1) -> Cast:
    """Those who stay, and a walker who comes out of a shop and goes into another within a loop."""
    found = still(scene, side)
    wall = scene.script.layout.wall
    for number, start, sign, y in ((6, 0.4, 1, 22.0), (7, 1.2, -1, 6.0)):
        along = 8.0 if sign * side > 0 else 7.0
        path = Path(
            (
                (sign * (wall - 0.1), y),
                (sign * (wall - 1.3), y + 1.0),
                (sign * (wall - 1.3), y + along - 1),
                (sign * (wall - 0.1), y + along),
            ),
            8.2,
        )
        pose = path.at(t - start)
        if 0 <= t - start <= 8.2:
            found.append((number, Person(pose.x, pose.y, pose.heading, scene.look(55 + number), gait=pose.gone * 4.2)))
    return found


def passing(scene: "Scene", t: float, side: int = 1) -> Cast:
    """An idle street over 20 s: a car each way, a rider, walkers; from 12 s on only people on the pavements."""
    found = strolling(scene, t % LOOP_S, side)
    lane = LANE_M * 0.5
    if t < 10.0:
        found.append((20, _rolling(Car, ((lane, -8.0), (lane, 112.0)), 10.0, t, scene.look(1))))
    if 0.8 < t < 11.0:
        found.append((21, _rolling(Car, ((-lane, 112.0), (-lane, -10.0)), 10.2, t - 0.8, scene.look(2))))
    return found


def busy(scene: "Scene", t: float) -> Cast:
    """Free-flowing traffic over 20 s, some of it through the cycle lane: nobody stops."""
    found = strolling(scene, t % LOOP_S)
    lane, edge = LANE_M * 0.5, scene.script.layout.half - 1.0
    for number, start, kind, x, seconds in (
        (20, 0.0, Car, lane, 9.5),
        (22, 2.6, Truck, lane, 10.5),
        (24, 5.4, Car, lane, 9.5),
        (26, 8.4, Car, lane, 9.0),
        (28, 10.2, Car, lane, 8.8),
    ):
        if 0 <= t - start <= seconds:
            found.append((number, _rolling(kind, ((x, -8.0), (x, 112.0)), seconds, t - start, scene.look(number))))
    for number, start in ((21, 0.5), (23, 4.0), (25, 7.0)):
        if 0 <= t - start <= 10.0:
            found.append((number, _rolling(Car, ((-lane, 112.0), (-lane, -10.0)), 10.0, t - start, scene.look(number))))
    for number, start in ((30, 1.0), (32, 8.0)):
        if 0 <= t - start <= 11.0:
            pose = Path(((edge, -6.0), (edge, 75.0)), 11.0).at(t - start)
            bicycle = Bicycle(pose.x, pose.y, pose.heading, scene.look(number), roll=pose.gone)
            found += [(number, bicycle), (number + 1, Rider(bicycle, scene.look(number + 1)))]
    return found


def _rolling(
    kind: Callable[..., Thing], points: tuple[tuple[float, float], ...], seconds: float, t: float, look: int
) -> Thing:
    pose = Path(points, seconds).at(t)
    return kind(pose.x, pose.y, pose.heading, look, roll=pose.gone)
