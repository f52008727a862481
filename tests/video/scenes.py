"""Composed streets with ground truth: what happens is known to the second, so that every verdict is right or wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import cv2
import numpy as np

from tests.video.painted import SPOT, street
from video.adapters.gate import Gate
from video.adapters.infer import appearance
from video.adapters.scripted import Scripted
from video.adapters.slot import GLANCE_H, GLANCE_W
from video.contracts import Box, Detections, Fault
from video.rules.dwell import Happening, fold
from video.rules.places import Spec, State
from video.rules.sampling import wanted

GLANCE_EVERY = 2.0
KERB = ((0.05, 0.2), (0.98, 0.2), (0.98, 0.98), (0.05, 0.98))
QUEUE: tuple[Box, ...] = tuple((0.06 + 0.18 * n, 0.5, 0.2 + 0.18 * n, 0.7) for n in range(5))
HOUSES = tuple(("truck", (0.0 + 0.11 * n, 0.02, 0.04 + 0.11 * n, 0.05 + 0.02 * (n % 4))) for n in range(9))
Alter = Callable[[np.ndarray, float], np.ndarray]


@dataclass(frozen=True)
class Story:
    """Who stands where from when to when, what becomes of the picture, and what a rule should make of it."""

    name: str
    seconds: float
    stays: Sequence[tuple[float, float, str, Box]]
    violations: int
    dwell: float = 60.0
    alter: Alter = lambda picture, _t: picture
    cleared: int = 0
    faults: frozenset[Fault] = frozenset()
    earliest: float = 0.0

    def picture(self, t: float) -> np.ndarray:
        """What the camera shows at that second."""
        there = tuple((label, box) for begins, ends, label, box in self.stays if begins <= t < ends)
        return self.alter(_painted(there, int(t / GLANCE_EVERY) % 3).copy(), t)

    @property
    def rule(self) -> Spec:
        """No parking on the road below the houses."""
        return Spec(frozenset({"car", "truck"}), KERB, self.dwell)


@dataclass
class Verdict:
    """What the rule made of a story."""

    news: list[Happening] = field(default_factory=list)
    faults: set[Fault] = field(default_factory=set)
    looks: int = 0

    def of(self, what: str) -> list[Happening]:
        """Those happenings."""
        return [one for one in self.news if one.what == what]


@lru_cache(maxsize=64)
def _painted(there: tuple[tuple[str, Box], ...], seed: int) -> np.ndarray:
    return street([*HOUSES, *there], seed)


def _flicker(picture: np.ndarray, t: float) -> np.ndarray:
    gain = 0.92 + 0.08 * np.cos(t) - (0.3 if int(t) % 40 < 4 else 0)
    return np.clip(picture * gain, 0, 255).astype(np.uint8)


def _pushed(picture: np.ndarray, t: float) -> np.ndarray:
    return np.roll(picture, (4, 26), axis=(0, 1)) if t >= 120 else picture


def _black(begins: float, ends: float) -> Alter:
    return lambda picture, t: picture * 0 if begins <= t < ends else picture


STORIES = (
    Story("park 4 minutes and leave", 380, [(40, 280, "car", SPOT)], 1, 180, cleared=1, earliest=220),
    Story("queue at a red light", 140, [(20 + 3 * n, 110 + 2 * n, "car", box) for n, box in enumerate(QUEUE)], 0),
    Story("two cars in turn at one spot", 150, [(20, 70, "car", SPOT), (74, 124, "truck", SPOT)], 0),
    Story("parked before the start", 80, [(0, 500, "car", SPOT)], 1, earliest=60),
    Story("empty street, light flickers", 120, [], 0, alter=_flicker),
    Story("camera moved", 170, [(0, 500, "car", SPOT)], 1, alter=_pushed, faults=frozenset({Fault.MOVED})),
    Story(
        "black for 30 s before the limit", 120, [(0, 500, "car", SPOT)], 1, alter=_black(30, 60),
        faults=frozenset({Fault.BLACK}), earliest=90,
    ),
    Story(
        "black for 30 s while it stands", 190, [(0, 500, "car", SPOT)], 1, alter=_black(120, 150),
        faults=frozenset({Fault.BLACK}),
    ),
    Story("stops for 40 s and drives on", 100, [(20, 60, "car", SPOT)], 0),
    Story("two cars beside each other", 110, [(10, 500, "car", QUEUE[0]), (10, 500, "car", QUEUE[3])], 2, earliest=70),
)  # fmt: skip

HARD = (
    Story("two cars of one colour in turn, 4 s between them", 150, [(20, 70, "car", SPOT), (74, 124, "car", SPOT)], 0),
)
"""What the rule is known to get wrong: it stands in the table, not among the tests."""


def _below(seen: Detections, picture: np.ndarray) -> Detections:
    """Without the painted houses, which a detector would not call vehicles; each thing with its colours."""
    below = [one for one in seen.items if one.box[3] > 0.2]
    return replace(seen, items=tuple(replace(one, look=tuple(appearance(picture, one.box))) for one in below))


def watched(story: Story) -> Verdict:
    """The story as a node sees it: glances every two seconds, inference when the rule asks for it, faults respected."""
    gate, state, due, verdict, rule = Gate([KERB]), State(), 0.0, Verdict(), story.rule
    for number in range(int(story.seconds / GLANCE_EVERY)):
        t = number * GLANCE_EVERY
        picture = story.picture(t)
        glance = cv2.resize(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (GLANCE_W, GLANCE_H))
        gate.look(picture, glance, t)
        verdict.faults.add(gate.scene.fault)
        due = min(due, t + wanted(rule.dwell, state.places, gate.scene.moving(t)))
        if not gate.scene.fit or t < due:
            continue
        seen = _below(Scripted().detect([picture])[0], picture)
        state, news = fold(state, seen, t, rule)
        verdict.news += news
        verdict.looks += 1
        due = t + wanted(rule.dwell, state.places, gate.scene.moving(t))
    return verdict
