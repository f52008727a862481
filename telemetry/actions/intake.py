"""Readings come in: what of a batch is new is kept, and the places it is about are judged in the same transaction."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from core import clock
from core.scope import under
from exchange.contracts.machines import MachineKind
from grid import selectors as grid
from telemetry.actions.judging import book_of_rules, judge, judge_silence
from telemetry.adapters import observation_store as store
from telemetry.contracts.observations import Flag, Intake, Told, Unkept
from telemetry.models import Station, Stream
from telemetry.rules.silence import HEAVY
from telemetry.selectors.observations import RAIN

MOST, SKEW, OLDEST, LARGEST = 1000, timedelta(minutes=5), timedelta(days=90), 1e6
SWEPT = timedelta(minutes=10)
"""What is newer than that is judged by the next sweep anyway."""


class Sender(NamedTuple):
    """Whoever brings readings: a machine by its code with the regions it may report in, or one of our gateways."""

    code: str
    kind: str
    areas: tuple[str, ...] = ()
    trusted: bool = False


class Measured(NamedTuple):
    """What a device of our register measured: its key, the metric, when, what."""

    device_id: int
    metric: str
    at: datetime
    value: float


GATEWAY = Sender("gateway", "gateway", trusted=True)


def take_readings(told: Sequence[Told], *, sender: Sender) -> Intake:
    """What is new of the readings is kept and judged; said again, it is known; what cannot be is refused, one by one.

    Sent in any order, late, or in several batches, the alarms are the same.
    """
    now = clock.now()
    streams = _streams([one.stream for one in told])
    paths = _paths(sender)
    refused: list[Unkept] = []
    rows: dict[tuple[int, datetime], tuple[int, store.Row]] = {}
    repeated = 0
    for index, one in enumerate(told):
        stream = streams.get(one.stream)
        why = _refusal(one, stream, sender, paths, now)
        if why or stream is None:
            refused.append(Unkept(index, why, {"stream": one.stream[:60].replace("\0", "")}))
            continue
        row = store.Row(stream.pk, one.at, now, float(one.value), _flag(stream, one.value))
        held = rows.setdefault((stream.pk, one.at), (index, row))
        if held[0] == index:
            continue
        repeated += 1
        if held[1].value != row.value:
            repeated -= 1
            refused.append(Unkept(index, "telemetry.reading_differs", {"stream": one.stream}))
    by_key = {stream.pk: stream for stream in streams.values()}
    with transaction.atomic():
        store.make_days({at.astimezone(UTC).date() for _stream, at in rows})
    return _kept(rows, by_key, repeated, refused, now)


def take_device_readings(told: Sequence[Measured]) -> Intake:
    """What our gateways heard of devices, by the streams that stand for their metrics; the rest is refused by place."""
    asked = {(one.device_id, one.metric) for one in told}
    rows = Stream.objects.filter(device__in={device for device, _metric in asked}, retired=False)
    codes = {(device, metric): code for device, metric, code in rows.values_list("device", "metric", "code")}
    given = [Told(codes.get((one.device_id, one.metric), ""), one.at, one.value) for one in told]
    return take_readings(given, sender=GATEWAY)


@transaction.atomic
def _kept(
    rows: dict[tuple[int, datetime], tuple[int, store.Row]], streams: dict[int, Stream], repeated: int,
    refused: list[Unkept], now: datetime,
) -> Intake:  # fmt: skip
    told = [row for _index, row in rows.values()]
    rained = _rained_on(told, streams, now)
    places = _locked({streams[row.stream_id].station_id for row in told} | rained.keys())
    new, held = store.keep_rows(told)
    for key, (index, row) in rows.items():
        if key in new:
            continue
        if held.get(key) == row.value:
            repeated += 1
        else:
            refused.append(Unkept(index, "telemetry.reading_differs", {"stream": streams[key[0]].code}))
    kept = [row for key, (_index, row) in rows.items() if key in new]
    _newest(kept, streams)
    touched: set[int] = set()
    book = book_of_rules()
    for station in places:
        since = min((row.at for row in kept if streams[row.stream_id].station_id == station.pk), default=None)
        if since is not None:
            touched |= judge(station, since=since, now=now, book=book)
        if station.pk in rained:
            touched |= judge_silence(station, since=rained[station.pk], now=now, book=book)
    return Intake(len(kept), repeated, sorted(refused), sorted(touched))


def _streams(codes: Sequence[str]) -> dict[str, Stream]:
    asked = {code for code in codes if "\0" not in code}
    rows = Stream.objects.filter(code__in=asked, retired=False, station__retired=False)
    return {row.code: row for row in rows.select_related("station")}


def _paths(sender: Sender) -> tuple[str, ...]:
    if not sender.areas:
        return ("",)
    return tuple(one.path for one in grid.region_names() if one.code in sender.areas)


def _refusal(one: Told, stream: Stream | None, sender: Sender, paths: Sequence[str], now: datetime) -> str:
    """Why this reading is not kept, as the code of a sentence; "" where it is."""
    if stream is None or not _may_send(stream, sender, paths):
        return "telemetry.no_stream"
    if not math.isfinite(one.value) or abs(one.value) > LARGEST:
        return "telemetry.bad_value"
    if one.at > now + SKEW:
        return "telemetry.from_the_future"
    return "telemetry.too_old" if now - one.at > OLDEST else ""


def _may_send(stream: Stream, sender: Sender, paths: Sequence[str]) -> bool:
    if sender.trusted:
        return True
    here = any(under(stream.station.area, path) for path in paths)
    return here and (stream.machine == sender.code if stream.machine else sender.kind == MachineKind.SENSOR)


def _flag(stream: Stream, value: float) -> Flag:
    return Flag.PASS if stream.low <= value <= stream.high else Flag.FAIL


def _locked(keys: set[int]) -> list[Station]:
    """The stations, locked by key: two batches about one place come one after the other."""
    return list(Station.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _newest(kept: Sequence[store.Row], streams: dict[int, Stream]) -> None:
    """The newest reading of each stream by its own clock: it never goes back."""
    latest = {row.stream_id: row for row in sorted(kept, key=lambda row: row.at) if row.flag != Flag.FAIL}
    for key, row in latest.items():
        rows = Stream.objects.filter(pk=key).exclude(newest_at__gte=row.at)
        if rows.update(newest_at=row.at, newest_value=row.value):
            streams[key].newest_at, streams[key].newest_value = row.at, row.value


def _rained_on(told: Sequence[store.Row], streams: dict[int, Stream], now: datetime) -> dict[int, datetime]:
    """Where it rained hard longer ago than the sweep looks, and since when: gauges there were silent sooner."""
    first: dict[str, datetime] = {}
    for row in told:
        stream = streams[row.stream_id]
        if stream.metric != RAIN or row.value < HEAVY or now - row.at <= SWEPT:
            continue
        district = ".".join(stream.station.area.split(".")[:2])
        first[district] = min(row.at, first.get(district, row.at))
    since: dict[int, datetime] = {}
    for district, at in first.items():
        places = Station.objects.filter(area__startswith=f"{district}.", retired=False).values_list("pk", flat=True)
        since |= dict.fromkeys(places, at)
    return since
