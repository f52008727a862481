"""Stations, their streams and series, as somebody may see them; and when it rains where."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from core import clock
from core.errors import Forbidden, Invalid, NotFound
from core.querying import EVERYTHING, NOTHING
from core.scope import Actor, under
from telemetry.adapters import observation_store as store
from telemetry.contracts.alarms import SEE, RuleKind
from telemetry.contracts.observations import Flag, StationView, StreamView
from telemetry.models import Alarm, AlarmRuleVersion, Observation, RainWarning, Station, Stream
from telemetry.rules import quality
from telemetry.rules.rule_data import SilenceRule
from telemetry.rules.silence import RAINS_ON_S, Spell, rain_spells, silent_from

RAIN, MOST_POINTS = "rain_rate", 5000
LONGEST = timedelta(days=31)


def seen_q(actor: Actor, right: str = SEE, field: str = "area") -> Q:
    """What lies on the ground on which the right was given over every organisation: a gauge belongs to none."""
    areas = {ground.area for ground in actor.scope(right).grounds if not ground.org}
    if "" in areas:
        return EVERYTHING
    answer = NOTHING
    for area in sorted(areas):
        answer |= Q(**{field: area}) | Q(**{f"{field}__startswith": f"{area}."})
    return answer


def may(actor: Actor, right: str, area: str) -> bool:
    """Whether the actor holds the right on that ground: the same rule as `seen_q` for one thing."""
    return any(under(area, ground.area) for ground in actor.scope(right).grounds if not ground.org)


def may_see_any(actor: Actor) -> None:
    """Forbidden for whoever sees no alarm anywhere."""
    if not actor.holds(SEE):
        raise Forbidden("telemetry.not_yours")


def may_set_rules(actor: Actor) -> None:
    """Forbidden for whoever is no administrator of the whole city."""
    if not actor.may("admin"):
        raise Forbidden("telemetry.not_admin")


def stations(actor: Actor, *, system: str = "") -> QuerySet[Station]:
    """Stations in use on the ground of the actor."""
    rows = Station.objects.filter(seen_q(actor), retired=False)
    return rows.filter(system=system) if system else rows


def station_row(code: str, actor: Actor) -> Station:
    """The station of that code; NotFound where the actor sees none."""
    found = stations(actor).filter(code=code).first() if "\0" not in code else None
    if found is None:
        raise NotFound("telemetry.no_station", station=code[:40].replace("\0", ""))
    return found


def views_of(rows: Iterable[Station]) -> list[StationView]:
    """The stations as people and programs see them, in three statements however many they are."""
    found, now = list(rows), clock.now()
    keys = [row.pk for row in found]
    streams: dict[int, list[Stream]] = {}
    for one in Stream.objects.filter(station__in=keys, retired=False).order_by("code"):
        streams.setdefault(one.station_id, []).append(one)
    levels: dict[int, int] = {}
    standing = Alarm.objects.filter(station__in=keys, ended_at=None, retracted_at=None, stream=None)
    for station, level in standing.values_list("station", "level"):
        levels[station] = max(level, levels.get(station, 0))
    usual = usual_bands()
    return [_view(row, streams.get(row.pk, []), levels.get(row.pk, 0), usual, now) for row in found]


def _view(
    row: Station, streams: Sequence[Stream], level: int, usual: Mapping[str, tuple[float, ...]], now: datetime
) -> StationView:
    seen = [_stream(one, now) for one in streams]
    told = [one for one in seen if one.value is not None and one.metric != RAIN and not one.silent]
    newest = max(told, key=lambda one: one.value or 0, default=None)
    metric = newest.metric if newest else next((one.metric for one in seen if one.metric != RAIN), "")
    return StationView(
        row.code, row.names, row.system, row.asset, row.camera, row.area, row.geom.x, row.geom.y,
        tuple(row.bands.get(metric) or usual.get(metric, ())), seen, level,
        newest.value if newest else None, newest.at if newest else None, all(one.silent for one in seen),
    )  # fmt: skip


def _stream(row: Stream, now: datetime) -> StreamView:
    silent = row.newest_at is None or silent_from(
        store.seconds(row.newest_at), row.interval_s, (), SilenceRule()
    ) < store.seconds(now)
    return StreamView(
        row.code, row.names, row.metric, row.unit, row.interval_s, row.asset, row.newest_at, row.newest_value, silent
    )


def usual_bands() -> dict[str, tuple[float, ...]]:
    """The bands of each metric where a station has none of its own: those of the first rule in force for it."""
    found: dict[str, tuple[float, ...]] = {}
    for version in versions_in_force():
        if version.kind == RuleKind.LEVEL and version.metric not in found:
            found[version.metric] = tuple(version.document["bands"])
    return found


def versions_in_force() -> list[AlarmRuleVersion]:
    """The newest version of every rule in use, by code."""
    rows = AlarmRuleVersion.objects.filter(rule__retired=False).select_related("rule")
    return list(rows.order_by("rule__code", "-number").distinct("rule__code"))


class Point(NamedTuple):
    """A reading of a series, with what the tests of quality make of it beside its neighbours."""

    at: datetime
    value: float
    flag: Flag


def series(stream: Stream, since: datetime, until: datetime) -> list[Point]:
    """What the stream told in that time, each with its flag; Invalid for a time that is too long or ends before."""
    if not since < until or until - since > LONGEST:
        raise Invalid("telemetry.bad_span", days=LONGEST.days)
    rows = list(
        stream_rows(stream).filter(at__gte=since, at__lt=until).order_by("-at")[:MOST_POINTS].values_list("at", "value")
    )[::-1]
    values, moments = [value for _at, value in rows], [store.seconds(at) for at, _value in rows]
    flags = quality.worst(
        quality.gross_range(values, (stream.low, stream.high)),
        quality.spike(values, 30, 60),
        quality.rate_of_change(values, moments, 10 / 60),
    ) if rows else []  # fmt: skip
    return [Point(at, value, flag) for (at, value), flag in zip(rows, flags, strict=True)]


def stream_rows(stream: Stream) -> QuerySet[Observation]:
    """The readings of a stream."""
    return Observation.objects.filter(stream_id=stream.pk)


def streams_of(station: Station) -> list[Stream]:
    """The streams of a station that are in use."""
    return list(station.streams.filter(retired=False).order_by("code"))


def stream_of(station: Station, code: str) -> Stream:
    """The stream of a station by its code; NotFound where it has none of that code."""
    found = station.streams.filter(code=code).first() if "\0" not in code else None
    if found is None:
        raise NotFound("telemetry.no_stream", stream=code[:60].replace("\0", ""))
    return found


def rains(station: Station, since: datetime) -> list[Spell]:
    """When it was rain mode at a station since then: heavy readings in its district, warnings for its area."""
    start = since - timedelta(seconds=RAINS_ON_S)
    district = ".".join(station.area.split(".")[:2])
    gauges = list(
        Stream.objects.filter(metric=RAIN, retired=False)
        .filter(Q(station__area=district) | Q(station__area__startswith=f"{district}."))
        .values_list("pk", flat=True)
    )
    heavy = [(one.at, one.value) for one in store.readings(gauges, start)] if gauges else []
    warnings = RainWarning.objects.filter(until__gt=start)
    told = [(store.seconds(one.since), store.seconds(one.until)) for one in warnings if under(station.area, one.area)]
    return rain_spells(heavy, told)


def rain_now(actor: Actor) -> list[RainWarning]:
    """The warnings in force that touch the ground of the actor."""
    now = clock.now()
    rows = RainWarning.objects.filter(since__lte=now, until__gt=now)
    held = actor.areas()
    return [one for one in rows if any(under(one.area, area) or under(area, one.area) for area in held)]
