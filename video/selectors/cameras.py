"""Questions about cameras and incidents, always for an actor who may see cameras."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.gis.db.models import PointField
from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import GEOSGeometry
from django.contrib.gis.measure import D
from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.db.models.functions import Cast

from core.errors import NotFound
from core.querying import scope_q
from core.scope import Actor
from video.contracts import CameraView, Moment, Review
from video.models import Camera, Incident, Node, Rule, Sample, Still, Template, Zone
from video.models.incidents import OPEN
from video.rules.sampling import too_slow

INCIDENT_STATES = ("", "open", "violation", "persisting", "cleared", "closed")
"""What incidents can be narrowed to."""
NEAR_M, NEAREST = 200.0, 3


def visible_to(actor: Actor) -> QuerySet[Camera]:
    """The cameras on the actor's ground; none for nobody."""
    return Camera.objects.filter(scope_q(actor.scope("camera.see"), org_field="organisation"))


def in_force() -> "Prefetch[str, QuerySet[Zone], str]":
    """The zones that are not gone, with their rules at work."""
    rules = Prefetch("rules", queryset=Rule.objects.filter(enabled=True).select_related("template").order_by("pk"))
    return Prefetch("zones", queryset=Zone.objects.filter(retired=False).order_by("code").prefetch_related(rules))


def cameras(actor: Actor) -> QuerySet[Camera]:
    """The same, with the number of open incidents and the rules at work, in a fixed number of queries."""
    opened = Count("incidents", filter=Q(incidents__state__in=OPEN), distinct=True)
    return visible_to(actor).annotate(open_incidents=opened).prefetch_related(in_force())


def rules_of_class(code: str, actor: Actor) -> tuple[int, list[Rule]]:
    """How many rules at work report cases of a class, and those of cameras on the actor's ground, by camera."""
    found = Rule.objects.filter(template__category=code, enabled=True)
    shown = found.filter(zone__camera__in=visible_to(actor)).select_related("zone__camera", "template")
    return found.count(), list(shown.order_by("zone__camera__code", "zone__code", "template__code"))


def cameras_found(words: str, actor: Actor) -> QuerySet[Camera]:
    """The cameras on the actor's ground whose code begins so, or whose name holds it."""
    told = Q(code__istartswith=words) | Q(names__zh__icontains=words) | Q(names__en__icontains=words)
    return visible_to(actor).filter(told).order_by("code")


def cameras_near(geometry: Mapping[str, Any], actor: Actor) -> list[tuple[Camera, float]]:
    """The few cameras on the actor's ground that stand nearest to a shape (GeoJSON, WGS 84), each with its metres."""
    shape = GEOSGeometry(json.dumps(geometry), srid=4326)
    metres = Distance(Cast("geom", PointField(srid=4326, geography=True)), shape)
    rows = visible_to(actor).annotate(metres=metres).filter(metres__lte=D(m=NEAR_M))
    return [(row, vars(row)["metres"].m) for row in rows.order_by("metres", "code")[:NEAREST]]


def cameras_under(path: str) -> int:
    """How many cameras organisations at or below a path have."""
    return Camera.objects.filter(Q(organisation=path) | Q(organisation__startswith=path + ".")).count()


def camera(code: str, actor: Actor) -> Camera:
    """One camera; NotFound `video.no_camera` also when it is not the actor's to see."""
    found = cameras(actor).filter(code=code).first()
    if found is None:
        raise NotFound("video.no_camera", camera=code)
    return found


def made(code: str) -> Camera:
    """A camera for whoever has just made or changed it, under the right that let them."""
    return Camera.objects.prefetch_related(in_force()).get(code=code)


def camera_view(found: Camera) -> CameraView:
    """A camera as others may see it."""
    return CameraView(
        code=found.code,
        names=found.names,
        lon=found.geom.x,
        lat=found.geom.y,
        heading=found.heading,
        area=found.area,
        organisation=found.organisation,
        state=found.state,
        fault=found.fault,
        promised_interval=found.promised_interval,
        achieved_interval=found.achieved_interval,
        last_frame_at=found.last_frame_at,
        open_incidents=getattr(found, "open_incidents", 0),
    )


def states() -> dict[str, int]:
    """How many cameras are in which state, most first; for whoever looks after the system."""
    return dict(Camera.objects.order_by().values_list("state").annotate(many=Count("pk")).order_by("-many", "state"))


def nodes_seen() -> dict[str, datetime]:
    """When each analysis node was last seen, by name."""
    return dict(Node.objects.order_by("name").values_list("name", "seen_at"))


def wall_cameras(actor: Actor) -> list[CameraView]:
    """Every camera the actor may see, for a map."""
    return [camera_view(found) for found in cameras(actor)]


def incidents(actor: Actor, *, camera_code: str = "", state: str = "") -> QuerySet[Incident]:
    """Incidents of the actor's cameras, newest first; `state` may be `open`, or one of the states."""
    found = Incident.objects.filter(camera__in=visible_to(actor))
    found = found.select_related("camera", "rule__template", "rule__zone")
    if camera_code:
        found = found.filter(camera__code=camera_code)
    if state:
        found = found.filter(state__in=OPEN if state == "open" else [state])
    return found


def incidents_to_judge(actor: Actor) -> QuerySet[Incident]:
    """Those that wait for a verdict which the actor may give; the oldest first."""
    ground = scope_q(actor.scope("accept"), "camera__organisation", "camera__area")
    return incidents(actor).filter(ground, review=Review.PENDING).order_by("violated_at", "id")


def incident(uid: str, actor: Actor) -> Incident:
    """One incident with its stills; NotFound `video.no_incident` also when it is not the actor's to see."""
    stills = Prefetch("stills", queryset=Still.objects.order_by("at", "id"))
    found = incidents(actor).filter(uid=uid).prefetch_related(stills).first()
    if found is None:
        raise NotFound("video.no_incident", incident=str(uid))
    return found


def still(pk: int, actor: Actor) -> Still:
    """One still of a camera the actor may see; NotFound otherwise."""
    found = Still.objects.filter(camera__in=visible_to(actor), pk=pk).select_related("camera", "incident").first()
    if found is None:
        raise NotFound("video.no_still", still=pk)
    return found


def latest_still(code: str, actor: Actor) -> Still:
    """The last still of a camera the actor may see; NotFound where there is none."""
    found = Still.objects.filter(camera__in=visible_to(actor), camera__code=code, moment=Moment.LATEST).last()
    if found is None:
        raise NotFound("video.no_camera", camera=code)
    return found


def camera_rows(actor: Actor) -> QuerySet[Camera]:
    """Cameras for a list: those with open incidents first, each with its last picture, in a fixed number of queries."""
    latest = Prefetch("stills", queryset=Still.objects.filter(moment=Moment.LATEST).order_by("at"), to_attr="latest")
    return cameras(actor).prefetch_related(latest).order_by(F("open_incidents").desc(), "code")


def camera_line(found: Camera, actor: Actor) -> dict[str, Any]:
    """A camera with what a list shows of it: its rules, its last picture, whether it is looked at too seldom."""
    rules = [rule for zone in found.zones.all() for rule in zone.rules.all() if rule.enabled]
    dwells = [rule.dwell_seconds or rule.template.dwell_seconds for rule in rules]
    still = next(iter(getattr(found, "latest", [])[-1:]), None)
    slow = too_slow(found.achieved_interval, dwells)
    may_draw = actor.may("admin", org=found.organisation, area=found.area)
    return {"camera": found, "rules": rules, "still": still, "slow": slow, "may_draw": may_draw}


def samples(of: Incident, limit: int = 500) -> list[Sample]:
    """The inferences made while an incident was in the making and open, oldest first."""
    until = of.closed_at or of.last_seen
    found = Sample.objects.filter(camera=of.camera, at__gte=of.first_seen, at__lte=until).order_by("-at")
    return list(found[:limit])[::-1]


def template_rows() -> list[dict[str, Any]]:
    """Every template's columns, retired ones too, for comparing with packs."""
    return [dict(row) for row in Template.objects.values()]


def templates() -> QuerySet[Template]:
    """Rule templates in force."""
    return Template.objects.filter(retired=False)


class CameraPoints:
    """Every camera, as a new map of the grid moves it."""

    kind = "cameras"
    names = {"zh": "摄像机", "en": "Cameras"}

    def points(self) -> tuple[str, Mapping[str, object]]:
        """All of them, whether they are watched now or not."""
        return "SELECT id, geom, ST_Transform(geom, 3857) AS flat, cell, area FROM video_camera", {}
