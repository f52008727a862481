"""Adding and changing cameras, their zones and rules."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction

from accounts import selectors as accounts
from core import clock
from core.errors import Conflict, Forbidden, NotFound
from core.scope import Actor
from grid import selectors as grid
from journal import actions as journal
from video.actions.sources import allow_source, check_address
from video.actions.zones import put_zone
from video.adapters import vault
from video.contracts import CameraNews, CameraView, NewCamera
from video.models import Camera, Template, Zone
from video.rules.wishes import new_camera, shown_host
from video.selectors import camera_view

DEMO_SOURCES = (("rtsp", "127.0.0.0/8"), ("rtsp", "::1/128"))


def news(camera: Camera, detail: str = "") -> CameraNews:
    """What an entry says of a camera."""
    return CameraNews(camera=camera.code, state=camera.state, fault=camera.fault, detail=detail)


@transaction.atomic
def follow_organisations() -> int:
    """Cameras stand under the present paths of their organisations; answers how many had to follow."""
    return sum(
        Camera.objects.filter(organisation=before).update(organisation=after)
        for before, after in accounts.moved_paths().items()
    )


def _record(kind: str, camera: Camera, actor: Actor, detail: str = "") -> None:
    journal.record(
        kind, subject=camera.code, actor=actor, org=camera.organisation, area=camera.area, data=news(camera, detail)
    )


@transaction.atomic
def create_camera(wish: NewCamera, *, actor: Actor) -> CameraView:
    """The camera is watched from now on, by the next node with room; its address is encrypted.

    Forbidden without the right `admin` over its place; Invalid where the address is not allowed or a template is not
    known; Conflict `video.camera_exists` for a code in use.
    """
    place = grid.place_at(wish.lon, wish.lat)
    area = place.area if place else ""
    if not actor.may("admin", org=wish.organisation, area=area):
        raise Forbidden("video.not_admin")
    check_address(wish.url)
    if Camera.objects.filter(code=wish.code).exists():
        raise Conflict("video.camera_exists", camera=wish.code)
    camera = Camera.objects.create(
        code=wish.code,
        names=dict(wish.names),
        secret_url=vault.seal(wish.url),
        host=shown_host(wish.url),
        geom=Point(wish.lon, wish.lat, srid=4326),
        heading=wish.heading,
        cell=place.cell if place else "",
        area=area,
        organisation=wish.organisation,
        masks=[[list(point) for point in mask] for mask in wish.masks],
        created_at=clock.now(),
        created_by=actor.key,
    )
    for zone in wish.zones:
        put_zone(Zone(camera=camera, code=zone.code), zone, actor=actor)
    _record("video.camera_added.v1", camera, actor)
    return camera_view(camera)


@transaction.atomic
def change_camera(code: str, *, actor: Actor, url: str | None = None, enabled: bool | None = None) -> CameraView:
    """The camera has another address, or is switched on or off; whoever reads it now notices within seconds."""
    camera = Camera.objects.select_for_update().filter(code=code).first()
    if camera is None or not actor.may("admin", org=camera.organisation, area=camera.area):
        raise NotFound("video.no_camera", camera=code)
    if url is not None:
        check_address(url)
        camera.secret_url, camera.host = vault.seal(url), shown_host(url)
        camera.crashes, camera.quarantined_until = 0, None
    if enabled is not None:
        camera.enabled = enabled
    camera.save(update_fields=["secret_url", "host", "crashes", "quarantined_until", "enabled"])
    _record("video.camera_changed.v1", camera, actor, "address" if url else "switch")
    return camera_view(camera)


@transaction.atomic
def upsert_template(wish: Mapping[str, Any], *, pack: str = "", actor: Actor) -> None:
    """A kind of rule stands as the pack says; rules already at work keep their mode."""
    if not actor.may("admin"):
        raise Forbidden("video.not_admin")
    fields = {**template_fields(wish), "pack": pack, "retired": False}
    Template.objects.update_or_create(code=wish["code"], defaults=fields)


@transaction.atomic
def retire_templates(codes: Iterable[str], *, actor: Actor) -> None:
    """No new rule may be made from these templates; rules at work keep running."""
    if not actor.may("admin"):
        raise Forbidden("video.not_admin")
    Template.objects.filter(code__in=list(codes)).update(retired=True)


def template_fields(wish: Mapping[str, Any]) -> dict[str, Any]:
    """What a template's columns hold for a rule as a pack writes it."""
    fields = {name: wish[name] for name in ("names", "labels", "dwell_seconds", "category", "mode")}
    given = {name: wish.get(name) or {} for name in ("thresholds", "bar")}
    return {**fields, **given, "dwell_seconds": float(fields["dwell_seconds"])}


def seed_demo(cameras: Iterable[Mapping[str, Any]], *, actor: Actor) -> int:
    """The demo's cameras exist, each as `POST /api/cameras` would make it; returns how many are new.

    `cameras` are the same JSON objects as the API takes. May be run again: a camera that is there keeps its
    incidents and takes the new address. `actor` needs the right `admin` everywhere.
    """
    for scheme, network in DEMO_SOURCES:
        allow_source(scheme=scheme, network=network, note="demo", actor=actor)
    there = set(Camera.objects.values_list("code", flat=True))
    added = 0
    for wish in map(new_camera, cameras):
        if wish.code in there:
            change_camera(wish.code, url=wish.url, actor=actor)
            continue
        create_camera(wish, actor=actor)
        added += 1
    return added
