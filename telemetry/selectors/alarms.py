"""Alarms as somebody may see them: the desk, one of them with its history, and what a rule would have raised."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from core import clock
from core.errors import Invalid, NotFound
from core.scope import Actor
from telemetry.adapters import observation_store as store
from telemetry.contracts.alarms import HANDLE, RuleKind
from telemetry.models import Alarm, AlarmRule, AlarmRuleVersion, Indicator, Station, Stream
from telemetry.rules.levels import Episode, State, advance, fold
from telemetry.rules.rule_data import level_rule
from telemetry.selectors.observations import may_see_any, seen_q, stations

PAGE, MOST = 50, 200
OPEN = Q(ended_at=None, retracted_at=None)
STATES = ("open", "waiting", "mine", "shelved", "over", "retracted", "all")
"""What the desk can be narrowed to: standing and not shelved, of these not acknowledged, one's own, and the others."""
MOST_TRIED, LONGEST_TRIED, MOST_READ = 60, 31, 200_000


def alarms(actor: Actor, given: Mapping[str, str]) -> QuerySet[Alarm]:
    """Alarms on the ground of the actor, the gravest first; Invalid for a filter that makes no sense."""
    may_see_any(actor)
    rows = Alarm.objects.filter(seen_q(actor)).select_related("rule", "station", "stream")
    state = given.get("state") or "open"
    rows = rows.filter(_stands(state, actor))
    for name, field in (("station", "station__code"), ("rule", "rule__code"), ("system", "station__system")):
        if value := given.get(name):
            rows = rows.filter(**{field: _word(name, value)})
    if level := given.get("level"):
        if level not in ("1", "2", "3", "4"):
            raise Invalid("telemetry.bad_filter", filter="level")
        rows = rows.filter(level__gte=int(level))
    order = ("-level", "-begun_at", "-pk") if state in STATES[:4] else ("-pk",)
    return rows.order_by(*order)


def _word(name: str, value: str) -> str:
    if "\0" in value or len(value) > 60:
        raise Invalid("telemetry.bad_filter", filter=name)
    return value


def _stands(state: str, actor: Actor) -> Q:
    now = clock.now()
    shelved = Q(shelved_until__gt=now)
    found = {
        "open": OPEN & ~shelved, "waiting": OPEN & ~shelved & Q(acknowledged_at=None),
        "mine": OPEN & Q(assignee=actor.key), "shelved": OPEN & shelved,
        "over": Q(ended_at__isnull=False, retracted_at=None), "retracted": Q(retracted_at__isnull=False),
        "all": Q(pk__isnull=False),
    }  # fmt: skip
    if state not in found:
        raise Invalid("telemetry.bad_filter", filter="state")
    return found[state]


def page_of(rows: QuerySet[Alarm], *, skip: int = 0, most: int = PAGE) -> tuple[list[Alarm], int | None]:
    """The next alarms, and how many to skip for those behind; None at the end."""
    taken = list(rows[skip : skip + most + 1])
    return taken[:most], skip + most if len(taken) > most else None


def alarm_row(key: int, actor: Actor) -> Alarm:
    """An alarm; NotFound where the actor sees none."""
    rows = Alarm.objects.filter(seen_q(actor)).select_related("rule", "station", "stream")
    found = rows.filter(pk=key).first() if 0 < key < 2**63 else None
    if found is None:
        raise NotFound("telemetry.no_alarm", alarm=str(key)[:20])
    return found


def alarm_to_report(key: int) -> tuple[Alarm, Mapping[str, Any]] | None:
    """An alarm with what its rule says of a case, for those who open one; None where it says nothing."""
    row = Alarm.objects.select_related("rule", "station", "stream").filter(pk=key, retracted_at=None).first()
    if row is None:
        return None
    newest = row.rule.versions.order_by("-number").first()
    told = (newest.document.get("case") if newest else None) or {}
    return (row, told) if told else None


def alarms_waiting(actor: Actor) -> QuerySet[Alarm]:
    """Alarms that stand on the ground where the actor handles them and that nobody has acknowledged."""
    rows = Alarm.objects.filter(seen_q(actor, HANDLE), _stands("waiting", actor))
    return rows.select_related("rule", "station", "stream").order_by("-level", "begun_at", "pk")


def counts(actor: Actor) -> dict[str, int]:
    """How many alarms stand, wait to be acknowledged, are one's own or shelved."""
    rows = Alarm.objects.filter(seen_q(actor))
    return {state: rows.filter(_stands(state, actor)).count() for state in STATES[:4]}


def turns(row: Alarm) -> list[Any]:
    """What became of an alarm, the newest first."""
    return list(row.turns.order_by("-pk")[:MOST])


def alarms_of(station: Station, *, most: int = 20) -> list[Alarm]:
    """The newest alarms of a station; whoever asks sees the station."""
    rows = station.alarms.select_related("rule", "station", "stream")
    return list(rows.order_by(F("ended_at").desc(nulls_first=True), "-pk")[:most])


def rules(actor: Actor) -> list[tuple[AlarmRule, AlarmRuleVersion]]:
    """Every rule with its newest version."""
    may_see_any(actor)
    rows = AlarmRuleVersion.objects.select_related("rule").order_by("rule__retired", "rule__code", "-number")
    return [(row.rule, row) for row in rows.distinct("rule__retired", "rule__code")]


def rule_row(code: str, actor: Actor) -> tuple[AlarmRule, list[AlarmRuleVersion]]:
    """A rule with its versions, the newest first; NotFound where there is none."""
    may_see_any(actor)
    found = AlarmRule.objects.filter(code=code).first() if "\0" not in code else None
    if found is None:
        raise NotFound("telemetry.no_rule", rule=code[:40].replace("\0", ""))
    return found, list(found.versions.order_by("-number"))


class Tried(NamedTuple):
    """What a rule would have raised at a station: its episodes, beside how many alarms were raised there."""

    station: Station
    episodes: Sequence[Episode]
    raised: int


def tried(document: Mapping[str, Any], code: str, actor: Actor, *, days: int) -> list[Tried]:
    """What a rule of levels would have raised in the last days at the stations that the actor sees. Nothing is kept."""
    if not 1 <= days <= LONGEST_TRIED:
        raise Invalid("telemetry.bad_span", days=LONGEST_TRIED)
    if document["kind"] != RuleKind.LEVEL:
        raise Invalid("telemetry.only_levels_tried")
    since = clock.now() - timedelta(days=days)
    streams: dict[Station, list[int]] = {}
    rows = Stream.objects.filter(metric=document["metric"], retired=False, station__in=stations(actor))
    for one in rows.select_related("station").order_by("station__code"):
        if not document.get("stations") or one.station.code in document["stations"]:
            streams.setdefault(one.station, []).append(one.pk)
    chosen = dict(list(streams.items())[:MOST_TRIED])
    if store.how_many([key for keys in chosen.values() for key in keys], since, MOST_READ) > MOST_READ:
        raise Invalid("telemetry.too_much_tried", most=MOST_READ)
    raised = _raised(code, list(chosen), since)
    return [Tried(one, _episodes(one, keys, document, since), raised.get(one.pk, 0)) for one, keys in chosen.items()]


def _raised(code: str, asked: Sequence[Station], since: datetime) -> dict[int, int]:
    rows = Alarm.objects.filter(rule__code=code, station__in=asked, begun_at__gte=since, retracted_at=None)
    found: dict[int, int] = {}
    for station in rows.values_list("station", flat=True):
        found[station] = found.get(station, 0) + 1
    return found


def _episodes(station: Station, keys: Sequence[int], document: Mapping[str, Any], since: datetime) -> list[Episode]:
    rule, state = level_rule(document, station.bands.get(document["metric"]) or ()), State()
    found = list(fold(state, store.readings(keys, since), rule))
    found += advance(state, store.seconds(clock.now()), rule)
    return [one for one in [*found, *([state.open] if state.open else [])] if not one.retracted]


def rule_documents(pack: str) -> dict[str, Mapping[str, Any] | None]:
    """What the rules of a pack say now, by code; None for one that the city has made its own."""
    rows = AlarmRuleVersion.objects.filter(rule__pack=pack, rule__retired=False).select_related("rule")
    newest = rows.order_by("rule__code", "-number").distinct("rule__code")
    return {row.rule.code: None if row.rule.own else row.document for row in newest}


def indicator_documents(pack: str) -> dict[str, Mapping[str, Any]]:
    """What is measured as a pack declared it, by code."""
    return dict(Indicator.objects.filter(pack=pack, retired=False).values_list("code", "document"))


def rule_names(row: Alarm) -> Mapping[str, str]:
    """What the rule of an alarm is called now."""
    newest = row.rule.versions.order_by("-number").first()
    return newest.document["names"] if newest else {}


def metric_of(row: Alarm) -> str:
    """What the rule of an alarm looks at."""
    newest = row.rule.versions.order_by("-number").first()
    return newest.metric if newest else ""
