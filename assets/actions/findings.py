"""What surveyors find: something new, a component as it should be, changed, missing, not counted; events alike."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction

from assets.actions.census import Census
from assets.actions.components import FIELDS, district_of, placed_changed, placed_new
from assets.actions.drawing import require_none_near
from assets.actions.pictures import seal, show
from assets.actions.requests import PLACE, shape_in
from assets.contracts import FindingKind, Geometry, ProjectState, StreetState, Subject
from assets.models import Finding, Project, Spot, Street
from assets.rules import anchor, component_code, ground_fault, hex_of, shape_fault, shape_of, tidy
from assets.selectors import component_row, project_of
from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import Actor, under
from core.uploads import Uploaded
from grid import selectors as grid

LONGEST_NOTE = 1000


def record_finding(
    project: int, *, actor: Actor, key: str, kind: str, ground: str = "", width_m: float | None = None, code: str = "",
    of_type: str = "", spot: int = 0, event_class: str = "", given: Mapping[str, Any] | None = None, note: str = "",
    photos: Iterable[bytes | Uploaded] = (), another: bool = False,
) -> Finding:  # fmt: skip
    """What the surveyor found is on record; told again under its key it is the same, of the same component the newest.

    `given` holds what is different or new: geometry (or lon and lat), names, state, departments, attributes.
    `another` says that it was looked at: what is new is not the component of its type that stands beside it.
    """
    if kind not in set(FindingKind):
        raise Invalid("assets.census_kind", kind=kind[:20])
    sealed = seal(photos, actor)
    wanted = {name: value for name, value in dict(given or {}).items() if name in (*FIELDS, *PLACE)}
    with transaction.atomic():
        found = project_of(project, actor=actor)
        known = Finding.objects.filter(project=found, key=key).first()
        if known:
            return known
        ground = _ground_of(found, FindingKind(kind), ground, width_m)
        look = _of_component if found.subject == Subject.COMPONENTS else _of_event
        which = {"code": code, "type": of_type, "spot": spot, "event_class": event_class, "another": another}
        about = look(found, actor, FindingKind(kind), wanted, which)
        street = _street_at(found, about["area"], actor)
        row = _kept(found, street, key, {**about, "kind": kind, "ground": ground, "width_m": width_m}, note, actor)
        show(row, sealed, actor)
        return row


def _ground_of(project: Project, kind: FindingKind, ground: str, width_m: float | None) -> str:
    """The ground as it is kept: one that the census counts, or, of what it does not count, the one named if any."""
    if kind is FindingKind.OUTSIDE:
        return ground if ground in {one["code"] for one in project.grounds} else ""
    fault = ground_fault(project.grounds, ground, width_m)
    if fault:
        raise Invalid(fault, ground=ground[:40])
    return ground


def _street_at(project: Project, area: str, actor: Actor) -> Street:
    """The surveyor's own street in which the place lies, locked while something is found there."""
    if project.state != ProjectState.RUNNING:
        raise Conflict("assets.census_state", state=project.state)
    streets = [street for street in project.streets.select_for_update() if under(area, street.area)]
    if not streets:
        raise Invalid("assets.census_elsewhere")
    street = streets[0]
    if street.surveyor != actor.key:
        raise Forbidden("assets.census_not_yours", street=street.code)
    if street.state != StreetState.ASSIGNED:
        raise Conflict("assets.census_street_state", street=street.code, state=street.state)
    return street


def _kept(project: Project, street: Street, key: str, about: Mapping[str, Any], note: str, actor: Actor) -> Finding:
    told = {
        **about, "street": street, "key": key, "note": " ".join(note.split())[:LONGEST_NOTE], "surveyor": actor.key,
        "surveyor_label": actor.label[:120], "at": clock.now(), "in_sample": False, "correct": None, "judged_by": "",
        "judge_note": "",
    }  # fmt: skip
    for one in ("asset", "spot"):
        if about.get(one) is not None:
            row, _ = Finding.objects.update_or_create(project=project, **{one: about[one]}, defaults=told)
            return row
    return Finding.objects.create(project=project, **told)


def _of_component(
    project: Project, actor: Actor, kind: FindingKind, wanted: dict[str, Any], which: Mapping[str, Any]
) -> dict[str, Any]:
    census = Census(0, actor=actor, every=True)
    if kind is FindingKind.NEW:
        row = None
        _expect(which["type"] in project.types, "assets.census_types")
        fact = census.fact(which["type"])
        number = fact.class_code if fact else ""
        probe = component_code(district_of(wanted), number, 1, census.plan)
        place = placed_new(census, which["type"], wanted, probe)
        require_none_near(fact, place, actor=actor, another=bool(which["another"]))
    else:
        row = component_row(which["code"], actor=actor)
        _expect(row.type.code in project.types, "assets.census_types")
        _expect(kind is not FindingKind.CHANGED or bool(wanted), "assets.request_empty")
        wanted = wanted if kind is FindingKind.CHANGED else {}
        place = placed_changed(census, row, wanted)
    given = {name: getattr(place[0], name) for name in FIELDS if name in wanted}
    if row is not None and set(PLACE) & wanted.keys():
        given["moved"] = True
    return {
        "asset": row, "type_id": place[0].type_pk, "seen_version": row.version if row else 0, "geom": shape_in(place),
        "cell": place[1], "area": row.area if row else place[2], "given": given,
    }  # fmt: skip


def _of_event(
    project: Project, actor: Actor, kind: FindingKind, wanted: dict[str, Any], which: Mapping[str, Any]
) -> dict[str, Any]:
    if kind is not FindingKind.NEW:
        row = Spot.objects.filter(pk=which["spot"], gone_at=None, event_class__in=project.classes).first()
        if row is None:
            raise NotFound("assets.no_spot")
        same = {"spot": row, "event_class": row.event_class, "cell": row.cell, "area": row.area}
        return {**same, "geom": _moved_to(wanted)[0] if kind is FindingKind.CHANGED else row.geom}
    _expect(which["event_class"] in project.classes, "assets.census_classes")
    geom, cell, area = _moved_to(wanted)
    return {"event_class": which["event_class"], "geom": geom, "cell": cell, "area": area}


def _moved_to(wanted: Mapping[str, Any]) -> tuple[GEOSGeometry, str, str]:
    given = wanted.get("geometry") or {"type": "Point", "coordinates": [wanted.get("lon"), wanted.get("lat")]}
    shape = shape_of(given)
    if shape is None or all(shape_fault(shape, kind) for kind in Geometry):
        raise Invalid("assets.no_place")
    shape = tidy(shape)
    place = grid.place_at(*anchor(shape))
    if place is None:
        raise Invalid("assets.place_outside")
    return GEOSGeometry(hex_of(shape), srid=4326), place.cell, place.area


def _expect(holds: bool, code: str) -> None:
    if not holds:
        raise Invalid(code)
