"""What the fold remembers of a place in the picture where something stands, and what it is judged by."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from video.contracts import Box, Detection, Phase, Polygon
from video.rules.geometry import footprint_overlap, median_box, overlap

EARLY = (Phase.NEW, Phase.CANDIDATE, Phase.SUSPECT)
STANDING = (Phase.VIOLATION, Phase.PERSISTING)
KEPT_BOXES = 9
ORIGIN_BOXES = 5
INSIDE_SLACK = 0.1
LOOK_MEMORY = 0.8


@dataclass(frozen=True)
class Spec:
    """A rule in a zone, in numbers. Seconds, shares (0 to 1) and widths of the thing's own box.

    `dwell` standing time that is a violation; `still_widths` largest displacement; `hits_ratio` share of inferences
    that must see it; `footprint` share of the lowest 30 % of its box in the zone; `look_alike` appearance similarity;
    `longest_gap` without a hit in which it may be the same stay (or three achieved intervals), `longest_empty` when
    the spot was looked at and empty; `clear_looks` and `clear_seconds` to believe that it left; `recur_seconds` in
    which a return is the same incident; `neighbours` that stopped within `together_seconds` make a queue, for at most
    `queue_seconds`; `cluster` things that must stand together to count (1: each by itself).
    """

    labels: frozenset[str]
    polygon: Polygon
    dwell: float
    min_score: float = 0.35
    min_hits: int = 5
    hits_ratio: float = 0.6
    still_widths: float = 0.25
    footprint: float = 0.5
    look_alike: float = 0.8
    longest_gap: float = 45.0
    longest_empty: float = 20.0
    clear_looks: int = 3
    clear_seconds: float = 60.0
    recur_seconds: float = 1800.0
    neighbours: int = 3
    together_seconds: float = 60.0
    queue_seconds: float = 900.0
    cluster: int = 1

    @property
    def candidate_after(self) -> float:
        """Seconds after which standing is worth watching closely: 10, sooner for short dwell times."""
        return min(10.0, self.dwell / 4)

    def gap_allowed(self, interval: float) -> float:
        """The longest time without a hit after which it may still be the same stay (architecture 2.10)."""
        return max(self.longest_gap, 3 * interval)


THRESHOLDS = frozenset(field.name for field in fields(Spec)) - {"labels", "polygon", "dwell"}


def spec_of(labels: Iterable[str], polygon: Polygon, dwell: float, thresholds: Mapping[str, Any]) -> Spec:
    """The rule in numbers; thresholds not named keep their defaults, names not known are a TypeError."""
    return Spec(labels=frozenset(labels), polygon=polygon, dwell=float(dwell), **thresholds)


def spec_json(spec: Spec) -> dict[str, Any]:
    """The numbers as they are frozen onto an incident."""
    return {**asdict(spec), "labels": sorted(spec.labels), "polygon": [list(point) for point in spec.polygon]}


@dataclass(frozen=True)
class Place:
    """Something that stands at one spot. Times are seconds of one clock (Unix time, or a file's own).

    `looks` counts the inferences since it was first seen, `hits` those that saw it, `misses` those without it since
    the last hit; `covered` is the time between hits that counts as standing; `arrived` says that the spot was
    watched before, so that its coming was seen.
    """

    key: str
    label: str
    origin: Box
    anchor: Box
    boxes: tuple[Box, ...]
    look: tuple[float, ...]
    first_seen: float
    last_hit: float
    phase: Phase = Phase.NEW
    hits: int = 1
    looks: int = 1
    misses: int = 0
    covered: float = 0.0
    inside: bool = False
    arrived: bool = False
    queued: bool = False
    ousted: int = 0
    clears: int = 0
    clear_since: float | None = None
    cleared_at: float | None = None
    violated_at: float | None = None
    recurrence: int = 0


@dataclass(frozen=True)
class State:
    """All places of one rule, the time of the last inference, and the achieved interval between inferences."""

    places: tuple[Place, ...] = ()
    serial: int = 0
    last_at: float | None = None
    interval: float = 0.0


def likeness(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """The Bhattacharyya coefficient of two appearance histograms (1 same, 0 nothing in common; 1 where unknown)."""
    if not one or not other or len(one) != len(other):
        return 1.0
    total = (sum(one) * sum(other)) ** 0.5
    if total <= 0:
        return 1.0
    shared = sum((a * b) ** 0.5 for a, b in zip(one, other, strict=True))
    return float(shared / total)


def begun(key: str, seen: Detection, at: float, spec: Spec, arrived: bool) -> Place:
    """A place where something is seen for the first time."""
    inside = footprint_overlap(seen.box, spec.polygon) >= spec.footprint
    return Place(key, seen.label, seen.box, seen.box, (seen.box,), seen.look, at, at, inside=inside, arrived=arrived)


def seen_again(place: Place, seen: Detection, at: float, counted: float, spec: Spec) -> Place:
    """The place with one more hit; `counted` seconds more of standing."""
    boxes = (*place.boxes, seen.box)[-KEPT_BOXES:]
    anchor = median_box(boxes)
    enough = spec.footprint - (INSIDE_SLACK if place.inside else 0.0)
    look = tuple(LOOK_MEMORY * a + (1 - LOOK_MEMORY) * b for a, b in zip(place.look, seen.look, strict=False))
    return replace(
        place,
        boxes=boxes,
        anchor=anchor,
        origin=median_box(boxes) if place.hits < ORIGIN_BOXES else place.origin,
        look=look or seen.look,
        last_hit=at,
        hits=place.hits + 1,
        looks=place.looks + 1,
        misses=0,
        ousted=0,
        covered=place.covered + counted,
        inside=footprint_overlap(anchor, spec.polygon) >= enough,
        clears=0,
        clear_since=None,
    )


def without_doubles(found: list[Detection]) -> list[Detection]:
    """Of boxes that lie on one another (a van seen as car and as truck) only the surest stays."""
    kept: list[Detection] = []
    for one in sorted(found, key=lambda seen: (-seen.score, seen.box)):
        if all(overlap(one.box, other.box) < 0.7 for other in kept):
            kept.append(one)
    return kept


def state_json(state: State) -> dict[str, Any]:
    """The state as JSON, to be kept between processes."""
    return asdict(state)


def _place_of(row: Mapping[str, Any]) -> Place:
    known: dict[str, Any] = {name: row[name] for name in (field.name for field in fields(Place)) if name in row}
    known["phase"] = Phase(known.get("phase", Phase.NEW))
    for name in ("origin", "anchor", "look"):
        known[name] = tuple(known[name])
    known["boxes"] = tuple(tuple(box) for box in known["boxes"])
    return Place(**known)


def state_of(row: Mapping[str, Any]) -> State:
    """The state that `state_json` wrote; an empty one for an empty row."""
    places = tuple(_place_of(place) for place in row.get("places", ()))
    return State(places, row.get("serial", 0), row.get("last_at"), row.get("interval", 0.0))


def with_open_incident(
    state: State, key: str, label: str, box: Box, since: float, last: float, violated: float
) -> State:
    """The state, knowing an open incident that it had forgotten (its zone was redrawn, or its memory was lost)."""
    if any(place.key == key for place in state.places):
        return state
    place = Place(
        key, label, box, box, (box,), (), since, last, Phase.PERSISTING, hits=1, inside=True, violated_at=violated
    )
    return replace(state, places=(*state.places, place))


def place_cell(box: Box) -> str:
    """The spot as a word: the middle of the box on a grid of half its sides, so that jitter makes no new spot."""
    wide, high = max(0.01, (box[2] - box[0]) / 2), max(0.01, (box[3] - box[1]) / 2)
    return f"{int((box[0] + box[2]) / 2 / wide)}:{int((box[1] + box[3]) / 2 / high)}:{round(wide, 2)}"
