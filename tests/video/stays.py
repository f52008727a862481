"""Scripted streets for the fold: things that stand, pass, creep and take turns, sampled as one likes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from video.contracts import Box, Detection, Detections, Phase
from video.rules.dwell import Happening, State, fold
from video.rules.places import Spec

ZONE = ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
RED, BLUE, GREY = (0.8, 0.1, 0.0, 0.1), (0.0, 0.1, 0.8, 0.1), (0.1, 0.1, 0.1, 0.7)


def spec(dwell: float = 60.0, **more: object) -> Spec:
    """A no-parking rule for cars in the middle of the picture."""
    return Spec(frozenset({"car", "truck"}), ZONE, dwell, **more)


def box_at(x: float, y: float, wide: float = 0.1, high: float = 0.1) -> Box:
    """A box around a point."""
    return (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


@dataclass(frozen=True)
class Stay:
    """Something that is at `where(t)` from `start` to `end`."""

    start: float
    end: float
    x: float = 0.5
    y: float = 0.5
    look: tuple[float, ...] = RED
    label: str = "car"
    speed: float = 0.0

    def box(self, t: float) -> Box:
        return box_at(self.x + self.speed * (t - self.start), self.y)


def seen(stays: Iterable[Stay], t: float, missed: Callable[[Stay, float], bool] = lambda _s, _t: False) -> Detections:
    """What a detector sees at `t`."""
    there = [stay for stay in stays if stay.start <= t <= stay.end and not missed(stay, t)]
    items = tuple(Detection(stay.label, 0.9, stay.box(t), stay.look) for stay in there)
    return Detections(items, 1280, 720)


def run(
    stays: Sequence[Stay],
    times: Iterable[float],
    rule: Spec,
    missed: Callable[[Stay, float], bool] = lambda _s, _t: False,
    state: State | None = None,
) -> tuple[State, list[Happening]]:
    """The street, looked at at these times."""
    state = state or State()
    news: list[Happening] = []
    for t in times:
        state, more = fold(state, seen(stays, t, missed), t, rule)
        news += more
    return state, news


def times(start: float, end: float, step: float) -> list[float]:
    """Moments from start to end."""
    return [start + i * step for i in range(int((end - start) / step) + 1)]


def violations(news: Iterable[Happening]) -> list[Happening]:
    """Only those that open an incident."""
    return [one for one in news if one.what == Phase.VIOLATION]
