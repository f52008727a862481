"""Drawing and changing the zones of a camera and the rules that hold in them. Each change is a version that stays."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from core import clock
from core.errors import Conflict, Invalid, NotFound, Stale
from core.scope import Actor
from journal import actions as journal
from video.contracts import NewRule, NewZone, RuleMode, RuleNews, ZoneNews
from video.models import Camera, Reference, Rule, Template, Zone, ZoneVersion
from video.rules.earning import bar_of, may_start, mode_after, unproven
from video.selectors import measured, spec_here

MOST_ZONES = 16


def _template(code: str, held: Rule | None) -> Template:
    """The template of that code; a retired one only where the zone has its rule already."""
    found = Template.objects.filter(code=code).first()
    if found is None or (found.retired and held is None):
        raise Invalid("video.no_template", template=code)
    return found


def _modes(wish: NewRule, template: Template, held: Rule | None) -> dict[str, str]:
    """The mode that a rule gets, and what it may become.

    One that asks to report by itself and has not earned it yet asks a person first, and rises when it has. What no
    validated network finds never gets there: Conflict `video.no_validated_model`.
    """
    wanted = wish.mode or RuleMode(template.mode)
    ceiling = wish.ceiling or (RuleMode.AUTOMATIC if wanted is RuleMode.AUTOMATIC else RuleMode.REVIEW)
    missing = unproven(template.labels)
    if missing and RuleMode.AUTOMATIC in (wanted, ceiling):
        raise Conflict("video.no_validated_model", labels=", ".join(missing))
    bar = bar_of(template.bar)
    known = measured({held.pk: bar})[held.pk] if held else measured({0: bar})[0]
    if wanted is RuleMode.AUTOMATIC and not may_start(template.labels, RuleMode(template.mode), known, bar):
        wanted = RuleMode.REVIEW
    return {"mode": wanted, "ceiling": ceiling}


def _put_rule(zone: Zone, wish: NewRule, held: Rule | None) -> Rule:
    template = _template(wish.template, held)
    strange = sorted(set(wish.exempt) - set(template.labels))
    if strange or len(set(wish.exempt)) == len(template.labels):
        raise Invalid("video.bad_exemption", labels=", ".join(strange or wish.exempt))
    fields: dict[str, Any] = {
        **_modes(wish, template, held),
        "dwell_seconds": wish.dwell_seconds,
        "schedule": dict(wish.schedule),
        "exempt": sorted(wish.exempt),
        "cluster": wish.cluster,
        "enabled": True,
    }
    spec_here(template, ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)), wish.dwell_seconds, wish.exempt, wish.cluster)
    rule, _new = Rule.objects.update_or_create(zone=zone, template=template, defaults=fields)
    return rule


def _body(zone: Zone, rules: Sequence[Rule]) -> dict[str, Any]:
    told = [
        {
            "template": rule.template.code, "dwell_seconds": rule.dwell_seconds, "mode": str(rule.mode),
            "ceiling": str(rule.ceiling), "schedule": rule.schedule, "exempt": rule.exempt, "cluster": rule.cluster,
        }
        for rule in rules
    ]  # fmt: skip
    return {"names": zone.names, "polygon": zone.polygon, "retired": zone.retired, "rules": told}


def _remember(zone: Zone, rules: Sequence[Rule], actor: Actor, note: str) -> None:
    ZoneVersion.objects.create(
        zone=zone,
        revision=zone.revision,
        body=_body(zone, rules),
        note=note,
        changed_at=clock.now(),
        changed_by=(actor.label or actor.key)[:120],
    )
    camera = zone.camera
    data = ZoneNews(camera=camera.code, zone=zone.code, revision=zone.revision, retired=zone.retired)
    journal.record(
        "video.zone_changed.v1",
        subject=camera.code,
        actor=actor,
        org=camera.organisation,
        area=camera.area,
        data=data,
    )


def put_zone(zone: Zone, wish: NewZone, *, actor: Actor, note: str = "") -> Zone:
    """The zone and its rules read as wished; rules that are not wished for rest. Call it holding the camera's row."""
    zone.names, zone.polygon = dict(wish.names), [list(point) for point in wish.polygon]
    zone.save()
    held = {rule.template.code: rule for rule in Rule.objects.filter(zone=zone).select_related("template")}
    rules = [_put_rule(zone, one, held.get(one.template)) for one in wish.rules]
    Rule.objects.filter(zone=zone).exclude(pk__in=[rule.pk for rule in rules]).update(enabled=False)
    _remember(zone, rules, actor, note)
    return zone


def _camera(code: str, actor: Actor) -> Camera:
    found = Camera.objects.select_for_update().filter(code=code).first()
    if found is None or not actor.may("admin", org=found.organisation, area=found.area):
        raise NotFound("video.no_camera", camera=code)
    return found


@transaction.atomic
def save_zone(code: str, wish: NewZone, *, expected: int, actor: Actor, note: str = "") -> Zone:
    """A camera has this zone with these rules; whoever reads the camera takes it up within seconds.

    `expected` is the revision that was read, 0 for a new zone. NotFound without the right `admin` over the camera;
    Stale `video.zone_changed` when somebody else was quicker; Conflict for too many zones or a mode not to be had.
    """
    camera = _camera(code, actor)
    zone = Zone.objects.filter(camera=camera, code=wish.code).first()
    if zone is None or (zone.retired and expected == 0):
        if expected:
            raise NotFound("video.no_zone", zone=wish.code)
        if Zone.objects.filter(camera=camera, retired=False).count() >= MOST_ZONES:
            raise Conflict("video.too_many_zones", most=MOST_ZONES)
        zone = zone or Zone(camera=camera, code=wish.code, revision=0)
    elif zone.revision != expected:
        raise Stale("video.zone_changed", zone=wish.code)
    zone.revision, zone.retired = zone.revision + 1, False
    Reference.objects.filter(camera=camera).delete()
    return put_zone(zone, wish, actor=actor, note=note)


@transaction.atomic
def remove_zone(code: str, zone_code: str, *, expected: int, actor: Actor) -> None:
    """Nothing is watched in the zone any more; what was found there, and how it read, stays."""
    camera = _camera(code, actor)
    zone = Zone.objects.filter(camera=camera, code=zone_code, retired=False).first()
    if zone is None:
        raise NotFound("video.no_zone", zone=zone_code)
    if zone.revision != expected:
        raise Stale("video.zone_changed", zone=zone_code)
    zone.revision, zone.retired = zone.revision + 1, True
    zone.save(update_fields=["revision", "retired"])
    Rule.objects.filter(zone=zone).update(enabled=False)
    _remember(zone, [], actor, "")


def weigh(rule_id: int, *, actor: Actor) -> None:
    """After a verdict: the rule reports by itself, or asks a person again, as its last verdicts say."""
    rule = Rule.objects.select_for_update(of=("self",)).select_related("zone__camera", "template").get(pk=rule_id)
    bar = bar_of(rule.template.bar)
    found = measured({rule.pk: bar})[rule.pk]
    before = RuleMode(rule.mode)
    after = mode_after(before, RuleMode(rule.ceiling), rule.template.labels, found, bar)
    if after is before:
        return
    rule.mode = after
    rule.save(update_fields=["mode"])
    camera = rule.zone.camera
    data = RuleNews(camera.code, rule.zone.code, rule.template.code, str(before), str(after), found.right, found.judged)
    journal.record(
        "video.rule_mode_changed.v1",
        subject=camera.code,
        actor=actor,
        org=camera.organisation,
        area=camera.area,
        data=data,
    )
