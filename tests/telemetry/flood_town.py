"""The small town with two flood-prone points, their three gauges, the rules of the pack, and who looks at them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from accounts.actions import create_user, grant, upsert_role
from accounts.selectors import actor_of
from cases import actions as cases
from core import clock
from core.scope import Actor
from exchange import actions as exchange
from packs.adapters.library import read_library
from telemetry import actions
from telemetry.contracts.observations import Intake, Told
from telemetry.manifest import Indicators
from telemetry.models import Alarm, Station
from tests.cases.factories import (
    CITY,
    HERE,
    PASSWORD,
    SETUP,
    SOUTH,
    STEP,
    THERE,
    WEST,
    Town,
    build_town,
    category,
    names,
)

START = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
GATEWAY = actions.Sender("gateway", "gateway", trusted=True)
DIP, UNDERPASS = "FP-1", "FP-2"
LIBRARY = cache(read_library)
WATCHING = ("alarm.see", "alarm.handle", "case.see", "feed.read")


def pack() -> dict[str, Any]:
    """The flooding pack as the library has it."""
    return dict(LIBRARY().packs["flooding"].document)


def at(moment: datetime) -> None:
    """It is that moment."""
    clock.set_source(lambda: moment)


def after(minutes: float) -> datetime:
    """So many minutes after the start."""
    return START + timedelta(minutes=minutes)


def build() -> Town:
    """Both points stand in the first district, the second has two gauges; a machine may send for all of them."""
    town = build_town()
    silent = category("C0593", kind="component", names=names("液位仪", "Level gauge"), needs_photo=[])
    cases.save_categories([silent], pack="test-gauges")
    Indicators().apply(pack(), SETUP)
    for place, (code, gauges) in enumerate(((DIP, ("a",)), (UNDERPASS, ("a", "b")))):
        actions.keep_station(
            code, actor=SETUP, names=names(f"易涝点{place + 1}", f"Dip {place + 1}"), system="flooding",
            lon=WEST + STEP * (0.3 + place), lat=SOUTH + STEP / 2,
        )  # fmt: skip
        for gauge in gauges:
            actions.keep_stream(
                f"{code}-{gauge}", actor=SETUP, station=code, names=names(f"液位仪{gauge}", f"Gauge {gauge}"),
                metric="water_depth", unit="cm", interval_s=60, high=500,
            )  # fmt: skip
    _people(town)
    return town


def _people(town: Town) -> None:
    upsert_role(code="watcher", names=names("值守", "Watcher"), permissions=WATCHING, actor=SETUP)
    upsert_role(code="boss", names=names("管", "Boss"), permissions=("admin", "alarm.see", "alarm.handle"), actor=SETUP)
    for name, district in (("watcher", HERE), ("other", THERE)):
        user = create_user(
            username=name, password=PASSWORD, label=name.title(), organisation=f"d{district}", actor=SETUP
        )
        grant(user=user, role="watcher", area=f"{CITY}.{district}", actor=SETUP)
        town.people[name] = user
    town.people["boss"] = create_user(username="boss", password=PASSWORD, label="Boss", actor=SETUP)
    grant(user=town.people["boss"], role="boss", area="", actor=SETUP)


def actor(town: Town, name: str = "watcher") -> Actor:
    """The person as an actor."""
    return actor_of(town.people[name])


def key_of(code: str = "water-bureau", **told: Any) -> str:
    """The key of a machine that may send readings."""
    given = {"names": names("水务平台", "Water bureau"), "kind": "sensor", "hourly": 1000, **told}
    return exchange.make_machine(code, told=given, actor=SETUP).key


def gauge(
    values: Sequence[float | None], *, stream: str = f"{DIP}-a", since: float = 0, every: float = 1
) -> list[Told]:
    """What a gauge tells, a value each minute; None is one that never came."""
    return [
        Told(stream, after(since + place * every), value) for place, value in enumerate(values) if value is not None
    ]


def sent(told: Sequence[Told], *, now: datetime | None = None) -> Intake:
    """The readings come in, at the moment of the last of them unless said otherwise."""
    at(now or max(one.at for one in told))
    return actions.take_readings(told, sender=GATEWAY)


def alarms(station: str = DIP, *, rule: str = "flood_depth") -> list[Alarm]:
    """The alarms of a station that were right, as they are kept, the first first."""
    rows = Alarm.objects.filter(station__code=station, rule__code=rule, retracted_at=None)
    return list(rows.select_related("rule", "station", "stream").order_by("begun_at"))


def history(station: str = DIP) -> list[tuple[Any, ...]]:
    """What the alarms of levels of a station say of the past, whatever their numbers."""
    return [
        (row.begun_at, row.ended_at, row.peak, row.peak_at, row.count, json.dumps(row.levels), row.foreseen)
        for row in alarms(station)
    ]


def station(code: str = DIP) -> Station:
    """The station as it is kept."""
    return Station.objects.get(code=code)
