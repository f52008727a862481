"""Places are judged: what their readings say is laid beside the alarms that are kept, and these are healed.

Everything is asked of readings by the time at which they were measured. A reading that fits behind what was judged
goes on from there; one that comes late lets its day be judged anew from the state in which the day began.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Q

from telemetry.actions.writing import Finding, write
from telemetry.adapters import observation_store as store
from telemetry.contracts.alarms import RuleKind
from telemetry.models import Alarm, AlarmRule, AlarmRuleVersion, Judged, Station, Stream
from telemetry.rules.healing import Kept, heal
from telemetry.rules.levels import Episode, Reading, State, advance, fold
from telemetry.rules.rule_data import LevelRule, SilenceRule, level_rule, silence_rule
from telemetry.rules.silence import has_gap, silences, silent_spells
from telemetry.selectors.observations import rains, streams_of

FOREVER = float("inf")
Book = list[tuple[AlarmRule, list[AlarmRuleVersion]]]


class Version(NamedTuple):
    """A rule from a moment on."""

    since: float
    rule: LevelRule


def judge(station: Station, *, since: datetime, now: datetime, book: Book) -> set[int]:
    """The alarms of the station are what its readings say, new ones from `since` on; answers those that changed.

    The caller has locked the station.
    """
    streams = streams_of(station)
    touched: set[int] = set()
    for rule, versions in _looking(book, station, RuleKind.LEVEL):
        measured = [one for one in streams if one.metric == versions[-1].metric]
        if measured:
            touched |= _levels(rule, versions, station, measured, since, now)
    return touched | judge_silence(station, since=since, now=now, book=book, streams=streams)


def book_of_rules() -> Book:
    """Every rule in use with all its versions, the oldest first: read once for many stations."""
    rows = AlarmRuleVersion.objects.filter(rule__retired=False).select_related("rule").order_by("rule", "number")
    return [(rule, list(versions)) for rule, versions in groupby(rows, key=lambda row: row.rule)]


def _looking(book: Book, station: Station, kind: RuleKind) -> Book:
    """The rules of a kind that look at the station."""
    named = [(one, one[1][-1].document.get("stations") or ()) for one in book if one[1][-1].kind == kind]
    return [one for one, only in named if not only or station.code in only]


def _levels(
    rule: AlarmRule, rows: Sequence[AlarmRuleVersion], station: Station, streams: Sequence[Stream], since: datetime,
    now: datetime,
) -> set[int]:  # fmt: skip
    own = station.bands.get(rows[-1].metric) or ()
    versions = [Version(store.seconds(row.since), level_rule(row.document, own)) for row in rows]
    start = _start(rule, station, since)
    state = start.state
    begun = min(start.since, state.open.begun if state.open else FOREVER)
    readings = store.readings([one.pk for one in streams], store.moment(start.since) if start.since else store.EVER)
    days: dict[date, dict[str, Any]] = {}
    episodes = list(folded(state, readings, versions, days))
    episodes += advance(state, store.seconds(now), versions[-1].rule)
    _remember(rule, station, days, state)
    kept = Alarm.objects.filter(rule=rule, station=station, stream=None, retracted_at=None)
    return _healed(rule, station, None, kept, begun, [*episodes, *([state.open] if state.open else [])], now)


class Start(NamedTuple):
    """The state from which a fold goes on, and from when on readings are taken."""

    state: State
    since: float


def _start(rule: AlarmRule, station: Station, since: datetime) -> Start:
    """After the newest reading where nothing comes late, else at the beginning of its day, or of everything."""
    rows = Judged.objects.filter(rule=rule, station=station)
    newest = rows.filter(day=None).first()
    live = State.of(newest.state) if newest else None
    if live is not None and live.upto < store.seconds(since):
        return Start(live, store.seconds(since))
    before = rows.filter(day__lte=since.astimezone(UTC).date()).order_by("-day").first()
    rows.filter(day__gt=before.day if before and before.day else date.min).delete()
    if before is None or before.day is None:
        return Start(State(), 0.0)
    return Start(State.of(before.state), datetime.combine(before.day, time(), UTC).timestamp())


def folded(
    state: State, readings: Sequence[Reading], versions: Sequence[Version], days: dict[date, dict[str, Any]]
) -> Iterator[Episode]:
    """Alarms that ended, each reading by the version of its time; `days` has the state at the begin of each new day."""
    for day, some in groupby(readings, key=lambda one: store.moment(one.at).date()):
        if state.upto and store.moment(state.upto).date() < day:
            days[day] = state.plain()
        for rule, few in groupby(some, key=lambda one: version_at(versions, one.at)):
            yield from fold(state, few, rule)


def version_at(versions: Sequence[Version], at: float) -> LevelRule:
    """What the rule said at that moment; before its first version, what that said."""
    return next((one.rule for one in reversed(versions) if one.since <= at), versions[0].rule)


def _remember(rule: AlarmRule, station: Station, days: dict[date, dict[str, Any]], state: State) -> None:
    rows = [Judged(rule=rule, station=station, day=day, state=told) for day, told in days.items()]
    rows.append(Judged(rule=rule, station=station, day=None, state=state.plain()))
    Judged.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["rule", "station", "day"], update_fields=["state"]
    )


def judge_silence(
    station: Station, *, since: datetime, now: datetime, book: Book, streams: Sequence[Stream] | None = None
) -> set[int]:
    """The alarms of silent gauges of the station are what the moments of its readings and of the rain say."""
    every = streams if streams is not None else streams_of(station)
    touched: set[int] = set()
    for rule, versions in _looking(book, station, RuleKind.SILENCE):
        metric = versions[-1].metric
        asked = [one for one in every if one.metric == metric and one.newest_at is not None]
        if asked:
            touched |= _silence(rule, silence_rule(versions[-1].document), station, asked, since, now)
    return touched


def _silence(
    rule: AlarmRule, says: SilenceRule, station: Station, streams: Sequence[Stream], since: datetime, now: datetime
) -> set[int]:
    told, until = store.moments([one.pk for one in streams], since), store.seconds(now)
    first = min((moments[0] for moments in told.values() if moments), default=until)
    gaps = any(has_gap(told[one.pk], until, one.interval_s, says) for one in streams)
    rain = rains(station, store.moment(first)) if gaps else []
    spells = {one.pk: silent_spells(told[one.pk], until, one.interval_s, rain, says) if gaps else [] for one in streams}
    touched: set[int] = set()
    for one in streams:
        kept = Alarm.objects.filter(rule=rule, station=station, stream=one, retracted_at=None)
        begun = told[one.pk][0] if told[one.pk] else until
        episodes = silences(spells, one.pk, rain, until)
        touched |= _healed(rule, station, one, kept.exclude(ended_at=store.moment(begun)), begun, episodes, now)
    return touched


def _healed(
    rule: AlarmRule, station: Station, stream: Stream | None, kept: Any, begun: float, episodes: Sequence[Episode],
    now: datetime,
) -> set[int]:  # fmt: skip
    since = store.moment(begun) if begun else store.EVER
    standing = kept.filter(Q(ended_at=None) | Q(ended_at__gte=since)).order_by("pk")
    rows = {row.pk: row for row in standing.select_related("rule", "station").select_for_update(of=("self",))}
    if not rows and not episodes:
        return set()
    told = [
        Kept(pk, store.seconds(row.begun_at), store.seconds(row.ended_at) if row.ended_at else None)
        for pk, row in rows.items()
    ]
    healed = heal(told, episodes)
    return write(Finding(rule, station, stream), rows, healed, now=now)
