"""The demo's flood-prone points with their gauges, one storm of the last hours, and the machine that tells the next."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from assets import actions as assets
from assets.models import Asset
from cityops.management.demo_city import SEEDER, at, folder
from core import clock
from exchange import actions as exchange
from exchange import selectors as machines
from grid.models import Cell
from simulator.rain import Storm
from telemetry import actions
from telemetry.contracts.observations import Told
from telemetry.models import Station, Stream

MACHINE, RAIN = "flood-gauges", "rain-1"
TOLD = {"names": {"zh": "内涝监测平台", "en": "Flood gauges"}, "kind": "sensor", "hourly": 600}
POINTS, PAIRS, CELLS_EACH = 39, 18, 320
"""The source article's city has 39 points and 57 gauges: 18 of the points have two."""
BESIDE, AGO = 0.00005, timedelta(minutes=150)
WORDS = ("下穿", "路口", "市场", "小区", "桥底")


def set_up() -> str:
    """The points and gauges stand, the last storm is in their readings, and the simulator may tell the next one."""
    if Station.objects.filter(system="flooding").exists():
        return _allow("the gauges are there already")
    spots = _spots()
    if not spots:
        return "none"
    for place, spot in enumerate(spots):
        _point(place, spot, 2 if place * POINTS // len(spots) < PAIRS else 1)
    actions.follow_components()
    first = Station.objects.filter(system="flooding", streams__isnull=False).order_by("code").first()
    if first is None:
        return "none"
    actions.keep_stream(
        RAIN, actor=SEEDER, station=first.code, names={"zh": "雨量计", "en": "Rain gauge"}, metric="rain_rate",
        unit="mm/h", interval_s=60, low=0, high=500, machine=MACHINE,
    )  # fmt: skip
    _story(clock.now())
    return _allow(f"{len(spots)} points, {Stream.objects.exclude(code=RAIN).count()} gauges")


def _spots() -> Sequence[Asset]:
    """Drains all over the city, evenly, one for so many cells: where they are, water gathers."""
    wanted = max(1, min(POINTS, Cell.objects.count() // CELLS_EACH))
    drains = Asset.objects.filter(type__code="storm_grate").order_by("code")
    many = drains.count()
    keys = list(drains.values_list("pk", flat=True))[:: max(1, many // wanted)][:wanted]
    return list(Asset.objects.filter(pk__in=keys).order_by("code"))


def _point(place: int, spot: Asset, gauges: int) -> None:
    lon, lat = spot.geom.x, spot.geom.y
    name = f"{WORDS[place % len(WORDS)]}易涝点 {place + 1}"
    _create("flood_point", lon, lat, {"name": name, "cause": "low", "blue_cm": 5, "yellow_cm": 15, "orange_cm": 27,
                                      "red_cm": 40})  # fmt: skip
    for gauge in range(gauges):
        _create("level_gauge", lon + BESIDE * (gauge + 1), lat, {"measures": "road", "range_cm": 300})


def _create(kind: str, lon: float, lat: float, told: Mapping[str, Any]) -> None:
    row = {"geometry": {"type": "Point", "coordinates": [lon, lat]}, "state": "intact", "attributes": dict(told)}
    assets.create(actor=SEEDER, of_type=kind, given=row, reason="demo", another=True)


def _story(now: datetime) -> None:
    """Two and a half hours ago it began to rain; it was told while it rose, and the rest by now."""
    streams = list(Stream.objects.exclude(code=RAIN).order_by("code").values_list("code", flat=True))
    storm = Storm(streams, now - AGO, rain=RAIN, dry=95)
    rising = range(0, 24, 2)
    falling = range(24, storm.minutes, 5)
    for minutes, when in ((rising, now - AGO + timedelta(minutes=23)), (falling, now)):
        told = [
            Told(one["stream"], datetime.fromisoformat(one["at"]), one["value"])
            for minute in minutes
            for one in storm.measured(minute)
        ]
        with at(when):
            actions.take_readings(told, sender=actions.Sender(MACHINE, "gateway", trusted=True))


def _allow(done: str) -> str:
    """The simulator has the key of the machine; where the file is gone, it has another one."""
    file = folder() / "storm.json"
    there = any(row.code == MACHINE for row in machines.machines(SEEDER))
    if there and file.is_file():
        return done
    if there:
        made = exchange.change_key(MACHINE, overlap_hours=0, actor=SEEDER)
    else:
        made = exchange.make_machine(MACHINE, told=TOLD, actor=SEEDER)
    streams = list(Stream.objects.exclude(code=RAIN).order_by("code").values_list("code", flat=True))
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(json.dumps({"machine": MACHINE, "key": made.key, "streams": streams, "rain": RAIN}))
    new.replace(file)  # the simulator looks for it meanwhile, and never finds half of it
    return done
