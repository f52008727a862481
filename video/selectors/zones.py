"""Zones and rules as their editor shows them, how they read before, and what they would have found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core import clock
from core.errors import NotFound
from core.scope import Actor
from core.worktime import Calendar
from grid import selectors as grid
from video.contracts import Detection, Detections, Polygon
from video.models import Camera, Rule, Sample, Template, Zone, ZoneVersion
from video.rules.dwell import fold
from video.rules.earning import unproven
from video.rules.hours import holds
from video.rules.places import Spec, State, spec_of
from video.selectors.cameras import camera
from video.selectors.judging import PrecisionLine, lines_of

CITY_TIME = ZoneInfo("Asia/Shanghai")
OFFICE = "office_hours"
REPLAYED = timedelta(hours=6)
MOST_SAMPLES = 1500
SAMPLE_WIDTH, SAMPLE_HEIGHT = 1280, 720


@dataclass(frozen=True)
class RuleLine:
    """A template beside the rule that it has in a zone, where it has one, and what its verdicts say."""

    template: Template
    rule: Rule | None
    precision: PrecisionLine | None
    missing: list[str]


@dataclass(frozen=True)
class ZoneLine:
    """A zone with its rules at work."""

    zone: Zone
    rules: list[Rule]

    @property
    def corners(self) -> str:
        """The polygon as SVG wants it, in percent."""
        return " ".join(f"{100 * x:.2f},{100 * y:.2f}" for x, y in self.zone.polygon)


def kept(code: str, actor: Actor) -> Camera:
    """A camera whose zones the actor may change; NotFound `video.no_camera` otherwise."""
    found = camera(code, actor)
    if not actor.may("admin", org=found.organisation, area=found.area):
        raise NotFound("video.no_camera", camera=code)
    return found


def zone_lines(found: Camera) -> list[ZoneLine]:
    """The zones in force, each with its rules at work."""
    zones = found.zones.filter(retired=False).prefetch_related("rules__template").order_by("code")
    return [ZoneLine(one, [rule for rule in one.rules.all() if rule.enabled]) for one in zones]


def zone(found: Camera, code: str) -> Zone:
    """One of a camera's zones in force; NotFound `video.no_zone` otherwise."""
    row = Zone.objects.filter(camera=found, code=code, retired=False).first()
    if row is None:
        raise NotFound("video.no_zone", zone=code)
    return row


def rule_lines(of: Zone | None) -> list[RuleLine]:
    """Every template in force, and those at work in the zone although they are retired; each with its rule there."""
    rules = Rule.objects.filter(zone=of).select_related("template", "zone__camera") if of else Rule.objects.none()
    lines = {line.rule.template_id: line for line in lines_of(rules)}
    at_work = [pk for pk, line in lines.items() if line.rule.enabled]
    shown = Template.objects.filter(retired=False) | Template.objects.filter(pk__in=at_work)
    found = []
    for template in shown.order_by("code"):
        line = lines.get(template.pk)
        found.append(RuleLine(template, line.rule if line else None, line, unproven(template.labels)))
    return found


def versions(of: Zone) -> Sequence[ZoneVersion]:
    """How the zone read before, newest first."""
    return list(of.versions.order_by("-revision")[:50])


def workdays(area: str) -> Callable[[datetime], bool]:
    """Whether a local time lies on a working day of an area; the calendar is read once, each weekday works without."""
    calendar: Calendar | None = None
    try:
        calendar = grid.calendar(OFFICE, area)
    except NotFound:
        calendar = None

    def works(local: datetime) -> bool:
        return bool(calendar.hours(local.date())) if calendar else local.weekday() < 5

    return works


def spec_here(
    template: Template, polygon: Polygon, dwell: float | None, exempt: Sequence[str], cluster: int | None
) -> Spec:
    """A template in numbers, with what differs from it in a zone."""
    labels = [label for label in template.labels if label not in exempt]
    thresholds = {**template.thresholds, **({"cluster": cluster} if cluster else {})}
    return spec_of(labels, polygon, dwell or template.dwell_seconds, thresholds)


@dataclass
class Replay:
    """What a rule would have found in the looks that a camera remembers."""

    template: Template
    looks: int = 0
    since: datetime | None = None
    found: list[tuple[datetime, float, str]] = field(default_factory=list)


def _seen(row: Sample) -> Detections:
    items = tuple(Detection(label, float(score), tuple(box)) for label, score, box in row.seen)
    return Detections(items, SAMPLE_WIDTH, SAMPLE_HEIGHT)


def replayed(of: Camera, template: Template, spec: Spec, schedule: dict[str, object]) -> Replay:
    """The rule tried on the detections of the camera's last six hours; nothing is written.

    A replay is kinder to a stay than the live rule, since the looks that are kept say nothing of colours.
    """
    rows = Sample.objects.filter(camera=of, at__gte=clock.now() - REPLAYED, fault="").order_by("-at")[:MOST_SAMPLES]
    told, state, works = Replay(template), State(), workdays(of.area)
    for row in reversed(rows):
        told.since = told.since or row.at
        local = row.at.astimezone(CITY_TIME)
        if not holds(schedule, local, works(local)):
            continue
        told.looks += 1
        state, news = fold(state, _seen(row), row.at.timestamp(), spec)
        told.found += [(row.at, one.place.covered, one.place.label) for one in news if one.what == "violation"]
    return told
