"""Alarms are written as they were found: begun, changed, ended, retracted. Each leaves its turn and its news."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from core.scope import Actor, machine
from journal import actions as journal
from telemetry.adapters.observation_store import moment
from telemetry.contracts.alarms import RAISED, TURNED, Act, AlarmRaised, AlarmTurned
from telemetry.models import Alarm, AlarmRule, AlarmTurn, Station, Stream
from telemetry.rules.healing import Healing
from telemetry.rules.levels import Episode

JUDGE: Actor = machine("telemetry", "case.report", "case.see", label="物联感知")
HORIZON = timedelta(minutes=5)
LATE_DATA = "late_data"


class Finding(NamedTuple):
    """Which rule found something, where, and of which gauge where it is about one."""

    rule: AlarmRule
    station: Station
    stream: Stream | None


def write(found: Finding, kept: Mapping[int, Alarm], healed: Healing, *, now: datetime) -> set[int]:
    """The alarms are as they should be: what was wrong is retracted, the others corrected, new ones raised.

    What ended goes first, so that no two stand at once.
    """
    touched = set(healed.wrong)
    for key in healed.wrong:
        _retract(kept[key], LATE_DATA, now)
    for key, episode in sorted(healed.same, key=lambda pair: pair[1].ended is None):
        if _correct(kept[key], episode, now):
            touched.add(key)
    for episode in sorted(healed.new, key=lambda one: one.ended is None):
        touched.add(_raise(found, episode, now).pk)
    return touched


def _fields(episode: Episode) -> dict[str, Any]:
    return {
        "level": max(episode.level, 1), "highest": episode.highest, "begun_at": moment(episode.begun),
        "ended_at": moment(episode.ended) if episode.ended is not None else None, "last_at": moment(episode.last),
        "peak": episode.peak, "peak_at": moment(episode.peak_at), "count": episode.count,
        "levels": [[at, level, str(why)] for at, level, why in episode.levels], "foreseen": episode.foreseen,
        "chattering": episode.chattering,
    }  # fmt: skip


def _raise(found: Finding, episode: Episode, now: datetime) -> Alarm:
    told = _fields(episode)
    late = told["ended_at"] is not None and told["ended_at"] < now - HORIZON
    row = Alarm.objects.create(
        rule=found.rule, station=found.station, stream=found.stream, area=found.station.area, raised_at=now, late=late,
        **told,
    )  # fmt: skip
    turn(row, Act.RAISED, actor=JUDGE, at=now, told={"late": late})
    journal.record(
        RAISED, subject=str(row.pk), actor=JUDGE, area=row.area,
        data=AlarmRaised(row.pk, found.rule.code, found.station.code, found.stream.code if found.stream else "",
                         row.highest if late else row.level, row.foreseen, late),
    )  # fmt: skip
    return row


def _correct(row: Alarm, episode: Episode, now: datetime) -> bool:
    """The alarm is as the episode tells it; answers whether anything about it is another."""
    told = _fields(episode)
    before = {name: getattr(row, name) for name in told}
    if before == told and not episode.retracted:
        return False
    for name, value in told.items():
        setattr(row, name, value)
    row.version += 1
    if episode.retracted:
        row.save()
        _retract(row, episode.retracted, now)
        return True
    returned = row.level > before["level"] and row.shelved_until is not None and row.ended_at is None
    if returned:
        row.shelved_until, row.shelved_why = None, ""
    row.save()
    if returned:
        tell(row, Act.UNSHELVE, actor=JUDGE, at=now, before=before["level"])
    _tell_changes(row, before, now)
    return True


def _tell_changes(row: Alarm, before: Mapping[str, Any], now: datetime) -> None:
    """What changed as people ask for it: its end, its level, or what was thought of its past."""
    if row.ended_at is not None and before["ended_at"] is None:
        tell(row, Act.CLEARED, actor=JUDGE, at=now, before=before["level"], level=0)
    elif row.ended_at is None and row.level != before["level"]:
        tell(row, Act.LEVEL, actor=JUDGE, at=now, before=before["level"])
    past = ("begun_at", "ended_at", "highest")
    if row.begun_at != before["begun_at"] or before["ended_at"] not in (None, row.ended_at):
        told = {name: [_plain(before[name]), _plain(getattr(row, name))] for name in past}
        changed = {name: pair for name, pair in told.items() if pair[0] != pair[1]}
        tell(row, Act.CORRECTED, actor=JUDGE, at=now, before=before["level"], told=changed)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _retract(row: Alarm, why: str, now: datetime) -> None:
    """It should not have been: it stays with its history, and stands no more."""
    row.retracted_at, row.retracted_why = now, why
    row.version += 1
    row.save()
    tell(row, Act.RETRACTED, actor=JUDGE, at=now, before=row.level, level=0, reason=why)


def turn(
    row: Alarm, act: Act, *, actor: Actor, at: datetime, reason: str = "", told: Mapping[str, Any] | None = None
) -> None:
    """What became of the alarm stands in its history."""
    AlarmTurn.objects.create(
        alarm=row, at=at, act=act.value, level=row.level, reason=reason, told=dict(told or {}), actor=actor.key,
        actor_label=actor.label,
    )  # fmt: skip


def tell(
    row: Alarm, act: Act, *, actor: Actor, at: datetime, before: int, level: int | None = None, reason: str = "",
    told: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """What became of the alarm stands in its history and in the journal."""
    turn(row, act, actor=actor, at=at, reason=reason, told=told)
    news = AlarmTurned(
        row.pk, row.rule.code, row.station.code, act.value, before, row.level if level is None else level
    )  # fmt: skip
    journal.record(TURNED, subject=str(row.pk), actor=actor, area=row.area, data=news)
