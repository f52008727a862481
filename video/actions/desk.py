"""What a node has in hand for one leased camera: its rules, what they remember, and the last pictures."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from video.adapters import pictures, vault
from video.contracts import Detections, Polygon, RuleMode
from video.models import Camera, Incident, Rule, Watch
from video.models.incidents import OPEN
from video.rules.places import Spec, State, spec_of, state_of, with_open_incident
from video.rules.scene import Scene

RING = 6
FUTURE_SECONDS = 60.0


@dataclass(frozen=True)
class Shot:
    """One frame that was looked at, as JPEG, with what was seen in it."""

    jpeg: bytes
    seen: Detections
    at: float


@dataclass
class Work:
    """One rule at work: its numbers, its memory, and the pictures of stays that may become incidents."""

    rule_id: int
    template: str
    names: dict[str, str]
    category: str
    mode: RuleMode
    zone: str
    revision: int
    spec: Spec
    state: State
    firsts: dict[str, tuple[Shot | None, Shot]] = field(default_factory=dict)
    drafted: set[str] = field(default_factory=set)
    kept_at: float = 0.0


@dataclass
class Desk:
    """A camera as a node works on it. Only `epoch` gives the right to write."""

    camera_id: int
    code: str
    names: dict[str, str]
    org: str
    area: str
    lon: float
    lat: float
    epoch: int
    url: str = field(repr=False)
    masks: list[Any]
    works: list[Work]
    mark: str
    model_sha256: str = ""
    scene: Scene = field(default_factory=Scene)
    ring: deque[Shot] = field(default_factory=lambda: deque(maxlen=RING))
    promised: float = 1.0
    achieved: float | None = None
    looked_at: float | None = None
    told: tuple[str, str] = ("", "")
    told_at: float = 0.0
    latest_at: float = 0.0

    @property
    def zones(self) -> list[Polygon]:
        """The polygons of all rules at work."""
        return [work.spec.polygon for work in self.works]


def mark_of(camera: Camera) -> str:
    """Changes exactly when something a node must know of the camera changes."""
    rules = [
        (rule.pk, rule.mode, rule.dwell_seconds, rule.enabled, rule.zone.revision, str(rule.zone.polygon), str(told))
        for rule in _rules(camera)
        for told in [(rule.template.dwell_seconds, rule.template.labels, rule.template.thresholds)]
    ]
    return repr((camera.secret_url, camera.masks, rules))


def _rules(camera: Camera) -> list[Rule]:
    found = Rule.objects.filter(zone__camera=camera, enabled=True).select_related("zone", "template")
    return list(found.order_by("pk"))


def _memory(rule: Rule, revision: int, fresh: int) -> State:
    watch = Watch.objects.filter(rule=rule).first()
    if watch is None:
        return State(serial=fresh)
    state = state_of(watch.state)
    if watch.state.get("revision") != revision:
        state = State(serial=state.serial)
    open_now = Incident.objects.filter(rule=rule, state__in=OPEN).order_by("pk")
    for one in open_now:
        times = (one.first_seen.timestamp(), one.last_seen.timestamp(), one.violated_at.timestamp())
        state = with_open_incident(state, one.place, one.label, tuple(one.anchor), *times)
    return state


def _work(rule: Rule, fresh: int) -> Work:
    template = rule.template
    polygon = tuple((float(x), float(y)) for x, y in rule.zone.polygon)
    dwell = rule.dwell_seconds or template.dwell_seconds
    return Work(
        rule_id=rule.pk,
        template=template.code,
        names=template.names,
        category=template.category,
        mode=RuleMode(rule.mode),
        zone=rule.zone.code,
        revision=rule.zone.revision,
        spec=spec_of(template.labels, polygon, dwell, template.thresholds),
        state=_memory(rule, rule.zone.revision, fresh),
    )


def open_desk(camera_id: int, epoch: int, now: float) -> Desk:
    """Everything a node needs to work on a camera, with what earlier selves remembered."""
    camera = Camera.objects.get(pk=camera_id)
    return Desk(
        camera_id=camera.pk,
        code=camera.code,
        names=camera.names,
        org=camera.organisation,
        area=camera.area,
        lon=camera.geom.x,
        lat=camera.geom.y,
        epoch=epoch,
        url=vault.unseal(camera.secret_url),
        masks=camera.masks,
        works=[_work(rule, int(now) % 10**9) for rule in _rules(camera)],
        mark=mark_of(camera),
    )


def shot_of(rgb: Any, seen: Detections, at: float) -> Shot:
    """A frame as it is remembered."""
    return Shot(pictures.jpeg(rgb), seen, at)
