"""Places and gauges are set up: by an administrator, or as the components of a city say that they stand."""

from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any

import structlog
from django.contrib.gis.geos import Point
from django.db import transaction

from assets import selectors as assets
from assets.contracts import AssetView
from core import clock
from core.errors import DomainError, Invalid, NotFound
from core.scope import Actor, machine
from grid import selectors as grid
from telemetry.adapters import observation_store as store
from telemetry.models import Indicator, Station, Stream
from telemetry.selectors.observations import may_set_rules

log = structlog.get_logger(__name__)
FOLLOWER: Actor = machine("telemetry:follow", "admin", "case.see", label="物联感知")
AT_ONCE, KEPT = 500, timedelta(days=400)


@transaction.atomic
def keep_station(code: str, *, actor: Actor, names: Mapping[str, str], lon: float, lat: float, **more: Any) -> Station:
    """The station stands there; of what is not given it keeps what it had."""
    may_set_rules(actor)
    place = grid.place_at(lon, lat)
    if place is None:
        raise Invalid("telemetry.outside_grid")
    told = {"names": dict(names), "geom": Point(lon, lat, srid=4326), "area": place.area, "retired": False, **more}
    row, _new = Station.objects.update_or_create(code=_code(code), defaults=told)
    return row


@transaction.atomic
def keep_stream(
    code: str, *, actor: Actor, station: str, names: Mapping[str, str], metric: str, unit: str, **more: Any
) -> Stream:
    """The gauge measures this at the station; of what is not given the stream keeps what it had."""
    may_set_rules(actor)
    place = Station.objects.filter(code=station).first()
    if place is None:
        raise NotFound("telemetry.no_station", station=station[:40])
    told = {"station": place, "names": dict(names), "metric": metric, "unit": unit, "retired": False, **more}
    row, _new = Stream.objects.update_or_create(code=_code(code), defaults=told)
    return row


def _code(code: str) -> str:
    if not code or len(code) > 40 or not code.isascii() or not code.replace("_", "").replace("-", "").isalnum():
        raise Invalid("telemetry.bad_code")
    return code


def follow_components() -> int:
    """Every gauge of the register of components has its stream, at the nearest component that it watches.

    Answers how many gauges there are. Those whose component is removed are retired, with their readings kept.
    """
    seen: set[str] = set()
    for row in Indicator.objects.filter(retired=False):
        says, after = row.document, ""
        while True:
            filters = assets.Filters(type=says["of"])
            found, after = assets.components(filters, actor=FOLLOWER, after=after, limit=AT_ONCE)
            for gauge in found:
                _followed(gauge, row.code, row.pack, says)
                seen.add(gauge.code)
            if not after:
                break
    Stream.objects.exclude(asset="").exclude(asset__in=seen).filter(retired=False).update(retired=True)
    return len(seen)


def _followed(gauge: AssetView, metric: str, pack: str, says: Mapping[str, Any]) -> None:
    """A gauge that cannot be followed, as one outside of the map, keeps no other from it."""
    try:
        _follow(gauge, metric, pack, says)
    except DomainError as error:
        log.warning("telemetry.gauge_not_followed", gauge=gauge.code, code=error.code)


@transaction.atomic
def _follow(gauge: AssetView, metric: str, pack: str, says: Mapping[str, Any]) -> None:
    if Stream.objects.filter(asset=gauge.code, metric=metric, retired=False).exists():
        return
    reach = float(says.get("reach_m", 200))
    at = [says["at"]] if says.get("at") else []
    near = assets.nearby(gauge.lon, gauge.lat, reach, at, 1, actor=FOLLOWER) if at else []
    place = near[0] if near else gauge
    station = Station.objects.filter(asset=place.code).first() or keep_station(
        place.code, actor=FOLLOWER, names=_names(place), lon=place.lon, lat=place.lat, asset=place.code, system=pack,
        bands=_bands(place, metric, says),
    )  # fmt: skip
    low, high = says.get("range") or (-5, 1000)
    keep_stream(
        f"{gauge.code}-{metric}"[:40], actor=FOLLOWER, station=station.code, names=_names(gauge), metric=metric,
        unit=says["unit"], interval_s=int(says.get("interval_s", 300)), low=low, high=high, asset=gauge.code,
    )  # fmt: skip


def _names(view: AssetView) -> dict[str, str]:
    """What people call a component: its name where it has one, else its type with the end of its code."""
    told = view.attributes.get("name")
    if told:
        return {"zh": str(told), "en": str(told)}
    return {language: f"{name} {view.code[-4:]}" for language, name in view.type_names.items()}


def _bands(view: AssetView, metric: str, says: Mapping[str, Any]) -> dict[str, list[float]]:
    """The bands that the component has of its own, where it has all of them and they rise."""
    own = [view.attributes.get(name) for name in says.get("own_bands") or ()]
    told = [float(one) for one in own if isinstance(one, int | float)]
    rise = all(one < other for one, other in zip(told, told[1:], strict=False))
    return {metric: told} if told and len(told) == len(own) and rise else {}


@transaction.atomic
def declare_indicator(given: Mapping[str, Any], *, pack: str) -> None:
    """What the pack says is measured."""
    told = {name: value for name, value in given.items() if name not in ("code", "rules")}
    Indicator.objects.update_or_create(code=given["code"], defaults={"pack": pack, "document": told, "retired": False})


@transaction.atomic
def retire_indicators(codes: list[str]) -> None:
    """These are measured no more; their streams and readings stay."""
    Indicator.objects.filter(code__in=codes).update(retired=True)


def keep_days() -> tuple[int, int]:
    """Today and the days to come have tables for readings; those that are kept no longer are gone with theirs."""
    today = clock.now().astimezone(UTC).date()
    with transaction.atomic():
        return store.make_days(store.days_ahead(today)), store.drop_days(today - KEPT)
