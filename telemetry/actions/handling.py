"""What people do with an alarm: acknowledge, assign, shelve, escalate, link, note. And what becomes due by itself."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts import selectors as accounts
from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import Actor
from telemetry.actions.judging import book_of_rules, judge, judge_silence
from telemetry.actions.writing import JUDGE, tell
from telemetry.contracts.alarms import HANDLE, Act, RuleKind
from telemetry.models import Alarm, Judged, Station, Stream
from telemetry.selectors.alarms import alarm_row
from telemetry.selectors.observations import may

LONGEST_SHELF, LONGEST_TEXT = timedelta(days=7), 400
UNANSWERED = {4: timedelta(minutes=5), 3: timedelta(minutes=15)}
"""How long an alarm of a level may stand without anybody having acknowledged it."""


def _locked(key: int, actor: Actor, version: int | None) -> Alarm:
    """The alarm, locked; NotFound, Forbidden, or Conflict where it is another than the actor saw."""
    alarm_row(key, actor)
    row = Alarm.objects.select_for_update(of=("self",)).select_related("rule", "station", "stream").get(pk=key)
    if not may(actor, HANDLE, row.area):
        raise Forbidden("telemetry.not_yours")
    if version is not None and version != row.version:
        raise Conflict("telemetry.stale", current=row.version)
    return row


def _standing(row: Alarm) -> None:
    if row.ended_at is not None or row.retracted_at is not None:
        raise Conflict("telemetry.alarm_over")


def _saved(row: Alarm, act: Act, actor: Actor, *, reason: str = "", told: dict[str, str] | None = None) -> Alarm:
    row.version += 1
    row.save()
    tell(row, act, actor=actor, at=clock.now(), before=row.level, reason=reason, told=told)
    return row


def _text(given: str) -> str:
    """What somebody wrote, as it can be kept; Invalid where there is nothing, or too much."""
    text = given.strip()
    if not text:
        raise Invalid("telemetry.reason_needed")
    if len(text) > LONGEST_TEXT or not all(letter.isprintable() or letter == "\n" for letter in text):
        raise Invalid("telemetry.bad_text", most=LONGEST_TEXT)
    return text


@transaction.atomic
def acknowledge(key: int, *, actor: Actor, version: int | None = None) -> Alarm:
    """Somebody has seen the alarm and says so; the first who does counts, also for one that is over."""
    row = _locked(key, actor, version)
    if row.acknowledged_at is not None:
        return row
    row.acknowledged_at, row.acknowledged_by = clock.now(), actor.label
    return _saved(row, Act.ACKNOWLEDGE, actor)


@transaction.atomic
def assign(key: int, *, actor: Actor, to: str, version: int | None = None) -> Alarm:
    """Somebody who handles alarms there looks after this one; whoever takes it has acknowledged it."""
    row = _locked(key, actor, version)
    _standing(row)
    able = {one.key: one.label for one in accounts.people_with(HANDLE, area=row.area)}
    chosen = actor.key if to == "me" else to
    label = actor.label if chosen == actor.key else able.get(chosen, "")
    if not label:
        raise Invalid("telemetry.no_assignee")
    row.assignee, row.assignee_label = chosen, label
    if chosen == actor.key and row.acknowledged_at is None:
        row.acknowledged_at, row.acknowledged_by = clock.now(), actor.label
    return _saved(row, Act.ASSIGN, actor, told={"to": label})


@transaction.atomic
def shelve(key: int, *, actor: Actor, until: datetime, reason: str, version: int | None = None) -> Alarm:
    """The alarm calls nobody until then, unless it gets worse; for a reason, and for a week at most."""
    row = _locked(key, actor, version)
    _standing(row)
    now = clock.now()
    if not now < until <= now + LONGEST_SHELF:
        raise Invalid("telemetry.bad_shelf", days=LONGEST_SHELF.days)
    row.shelved_until, row.shelved_why = until, _text(reason)
    return _saved(row, Act.SHELVE, actor, reason=row.shelved_why, told={"until": until.isoformat()})


@transaction.atomic
def unshelve(key: int, *, actor: Actor, version: int | None = None) -> Alarm:
    """The alarm calls again."""
    row = _locked(key, actor, version)
    if row.shelved_until is None:
        return row
    row.shelved_until, row.shelved_why = None, ""
    return _saved(row, Act.UNSHELVE, actor)


@transaction.atomic
def escalate(key: int, *, actor: Actor, reason: str, version: int | None = None) -> Alarm:
    """The alarm is brought before those above, once, with a reason."""
    row = _locked(key, actor, version)
    _standing(row)
    if row.escalated_at is not None:
        return row
    row.escalated_at = clock.now()
    return _saved(row, Act.ESCALATE, actor, reason=_text(reason))


@transaction.atomic
def note(key: int, *, actor: Actor, text: str, version: int | None = None) -> Alarm:
    """What somebody knows of the alarm stands in its history."""
    return _saved(_locked(key, actor, version), Act.NOTE, actor, reason=_text(text))


def handle(
    key: int, act: str, *, actor: Actor, version: int | None = None, reason: str = "", until: datetime | None = None,
    to: str = "me",
) -> Alarm:  # fmt: skip
    """The act of that name is done with the alarm; NotFound for one that people do not do."""
    seen: dict[str, Any] = {"actor": actor, "version": version}
    if act == Act.SHELVE:
        if until is None:
            raise Invalid("telemetry.bad_shelf", days=LONGEST_SHELF.days)
        return shelve(key, until=until, reason=reason, **seen)
    verbs = {
        Act.ACKNOWLEDGE: lambda: acknowledge(key, **seen), Act.ASSIGN: lambda: assign(key, to=to, **seen),
        Act.UNSHELVE: lambda: unshelve(key, **seen), Act.ESCALATE: lambda: escalate(key, reason=reason, **seen),
        Act.NOTE: lambda: note(key, text=reason, **seen),
    }  # fmt: skip
    if act not in verbs:
        raise NotFound("telemetry.no_alarm", alarm=key)
    return verbs[Act(act)]()


@transaction.atomic
def link_case(key: int, *, actor: Actor, case: str) -> None:
    """The alarm is about this case; told again, nothing happens."""
    row = Alarm.objects.select_for_update(of=("self",)).select_related("rule", "station").filter(pk=key).first()
    if row is None:
        raise NotFound("telemetry.no_alarm", alarm=key)
    if row.case != case:
        row.case = case
        _saved(row, Act.LINK, actor, told={"case": case})


def sweep_alarms() -> int:
    """What time alone makes true is true: silences, predictions that did not come, shelves that end, escalations."""
    now, done = clock.now(), 0
    for key in sorted(_due(now)):
        done += len(_judged(key, now))
    for key in _to_tell(now):
        done += _told(key, now)
    return done


def _due(now: datetime) -> set[int]:
    """Stations of which time alone may make something true: a gauge is silent, what was foreseen did not come."""
    silent_rules = [versions[-1].metric for _rule, versions in book_of_rules() if versions[-1].kind == RuleKind.SILENCE]
    streams = Stream.objects.filter(
        metric__in=silent_rules, retired=False, station__retired=False, newest_at__lt=now - timedelta(minutes=5)
    )
    found = set(streams.values_list("station", flat=True))
    foreseen = Judged.objects.filter(day=None, state__foreseen_until__lte=now.timestamp())
    return found | set(foreseen.values_list("station", flat=True))


@transaction.atomic
def _judged(key: int, now: datetime) -> set[int]:
    station = Station.objects.select_for_update().get(pk=key)
    book = book_of_rules()
    if Judged.objects.filter(station=station, day=None, state__foreseen_until__lte=now.timestamp()).exists():
        return judge(station, since=now, now=now, book=book)
    return judge_silence(station, since=now, now=now, book=book)


def _to_tell(now: datetime) -> list[int]:
    """Alarms that stand, whose shelf is over or that nobody has acknowledged in time."""
    late = Q(pk__in=())
    for level, patience in UNANSWERED.items():
        late |= Q(level__gte=level, raised_at__lte=now - patience, late=False)
    waits = late & Q(acknowledged_at=None, escalated_at=None, shelved_until=None)
    rows = Alarm.objects.filter(waits | Q(shelved_until__lte=now), ended_at=None, retracted_at=None)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:500])


@transaction.atomic
def _told(key: int, now: datetime) -> int:
    row = Alarm.objects.select_for_update(of=("self",)).select_related("rule", "station").get(pk=key)
    if row.ended_at is not None or row.retracted_at is not None:
        return 0
    if row.shelved_until is not None and row.shelved_until <= now:
        row.shelved_until, row.shelved_why = None, ""
        _saved(row, Act.UNSHELVE, JUDGE)
        return 1
    if row.acknowledged_at is None and row.escalated_at is None and row.shelved_until is None:
        row.escalated_at = now
        _saved(row, Act.ESCALATE, JUDGE, reason="unanswered")
        return 1
    return 0
