"""What a node has in hand for one leased camera: its rules, what they remember, and the last pictures."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from video.actions.sources import opened
from video.adapters import pictures, vault
from video.contracts import Detections, Fault, Polygon, RuleMode
from video.models import Camera, Incident, Reference, Rule, Watch
from video.models.incidents import OPEN
from video.rules.earning import mode_held
from video.rules.hours import holds
from video.rules.places import Spec, State, state_of, with_open_incident
from video.rules.scene import Scene
from video.selectors import CITY_TIME, spec_here, workdays

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
    schedule: Mapping[str, Any] = field(default_factory=dict)

    def awake(self, at: float, workday: Callable[[datetime], bool]) -> bool:
        """Whether the rule holds at this time; while it rests nothing counts, and nothing is cleared."""
        if not self.schedule:
            return True
        local = datetime.fromtimestamp(at, CITY_TIME)
        return holds(self.schedule, local, workday(local))


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
    workday: Callable[[datetime], bool] = field(default=lambda _local: True, repr=False)
    reference: Any = field(default=None, repr=False)
    trouble: tuple[Fault, float] | None = None
    noted: Fault | None = None

    def awake(self, at: float) -> list[Work]:
        """The rules that hold at this time."""
        return [work for work in self.works if work.awake(at, self.workday)]

    @property
    def zones(self) -> list[Polygon]:
        """The polygons of all rules at work."""
        return [work.spec.polygon for work in self.works]


def mark_of(camera: Camera) -> str:
    """Changes exactly when something a node must know of the camera changes."""
    rules = [
        (rule.pk, rule.mode, rule.dwell_seconds, rule.zone.revision, str(rule.zone.polygon), str(here), str(told))
        for rule in _rules(camera)
        for here in [(rule.schedule, rule.exempt, rule.cluster)]
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
    return Work(
        rule_id=rule.pk,
        template=template.code,
        names=template.names,
        category=template.category,
        mode=mode_held(RuleMode(rule.mode), template.labels),
        zone=rule.zone.code,
        revision=rule.zone.revision,
        spec=spec_here(template, polygon, rule.dwell_seconds, rule.exempt, rule.cluster),
        state=_memory(rule, rule.zone.revision, fresh),
        schedule=rule.schedule,
    )


def _reference(camera: Camera) -> Any:
    found = Reference.objects.filter(camera=camera).first()
    return None if found is None else pictures.grey_of(bytes(found.grey), found.width, found.height)


def open_desk(camera_id: int, epoch: int, now: float) -> Desk:
    """Everything a node needs to work on a camera, with what earlier selves remembered.

    Invalid `video.address_not_allowed` where its stream may not be opened any more.
    """
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
        url=opened(vault.unseal(camera.secret_url)),
        masks=camera.masks,
        works=[_work(rule, int(now) % 10**9) for rule in _rules(camera)],
        mark=mark_of(camera),
        workday=workdays(camera.area),
        reference=_reference(camera),
    )


def shot_of(rgb: Any, seen: Detections, at: float) -> Shot:
    """A frame as it is remembered."""
    return Shot(pictures.jpeg(rgb), seen, at)
