"""Rules of alarms are written: each change is a version of its own, from which later readings are judged."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from core import clock
from core.errors import Conflict, Invalid, NotFound
from core.schema import validate
from core.scope import Actor
from grid import selectors as grid
from journal import actions as journal
from telemetry.contracts.alarms import HANDLE, RULE_SAVED, RuleSaved
from telemetry.models import AlarmRule, AlarmRuleVersion, RainWarning
from telemetry.rules.rule_data import RULE, fault_of
from telemetry.selectors.observations import may, may_set_rules

LONGEST_RAIN = timedelta(days=2)


def checked_rule(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document, if it is a rule; Invalid with the first thing that is wrong with it."""
    text = json.dumps(document, ensure_ascii=False)
    if "\\u0000" in text or not text.isprintable():
        raise Invalid("telemetry.bad_rule", where="/", rule="text")
    for problem in validate(RULE, document)[:1]:
        raise Invalid("telemetry.bad_rule", where=problem.path[:80] or "/", rule=problem.code[7:])
    if fault := fault_of(document):
        raise Invalid(fault)
    return dict(document)


@transaction.atomic
def save_rule(
    code: str, *, actor: Actor, document: Mapping[str, Any], reason: str, version: int | None = None
) -> AlarmRuleVersion:
    """The rule says this from now on, and is the city's own; Conflict where it was changed since it was seen."""
    may_set_rules(actor)
    told = checked_rule(document)
    reason = reason.strip()
    if not reason or len(reason) > 400 or not reason.isprintable():
        raise Invalid("telemetry.reason_needed")
    row = AlarmRule.objects.select_for_update().filter(code=code).first()
    if row is None:
        row = AlarmRule.objects.create(code=_code(code), own=True)
    newest = row.versions.order_by("-number").first()
    if version is not None and version != (newest.number if newest else 0):
        raise Conflict("telemetry.stale", current=newest.number if newest else 0)
    if newest is not None and newest.kind != told["kind"]:
        raise Invalid("telemetry.kind_stays")
    row.own, row.retired = True, False
    row.save()
    return _version(row, told, actor, reason, newest)


def _code(code: str) -> str:
    if not code or len(code) > 40 or not code.isascii() or not code.replace("_", "").replace("-", "").isalnum():
        raise Invalid("telemetry.bad_code")
    return code


def _version(
    row: AlarmRule, document: Mapping[str, Any], actor: Actor, reason: str, newest: AlarmRuleVersion | None
) -> AlarmRuleVersion:
    made = AlarmRuleVersion.objects.create(
        rule=row, number=newest.number + 1 if newest else 1, kind=document["kind"], metric=document["metric"],
        document=dict(document), since=clock.now(), by=actor.key, by_label=actor.label, reason=reason,
    )  # fmt: skip
    journal.record(RULE_SAVED, subject=row.code, actor=actor, data=RuleSaved(row.code, made.number))
    return made


@transaction.atomic
def declare_rule(code: str, *, actor: Actor, document: Mapping[str, Any], pack: str) -> bool:
    """The rule of a pack is in force, unless the city has made it its own; answers whether anything changed."""
    row = AlarmRule.objects.select_for_update().filter(code=code).first()
    if row is None:
        row = AlarmRule.objects.create(code=_code(code), pack=pack)
    newest = row.versions.order_by("-number").first()
    if row.own or (newest is not None and newest.document == document and not row.retired):
        return False
    row.pack, row.retired = pack, False
    row.save()
    _version(row, checked_rule(document), actor, "", newest)
    return True


@transaction.atomic
def retire_rule(code: str, *, actor: Actor) -> None:
    """The rule raises nothing any more; its alarms stay, and those that stand are left for people to end."""
    may_set_rules(actor)
    row = AlarmRule.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise NotFound("telemetry.no_rule", rule=code[:40])
    if not row.retired:
        row.retired = True
        row.save()
        newest = row.versions.order_by("-number").first()
        news = RuleSaved(row.code, newest.number if newest else 0)
        journal.record(RULE_SAVED, subject=row.code, actor=actor, data=news)


@transaction.atomic
def warn_of_rain(*, actor: Actor, area: str, until: datetime, reason: str) -> RainWarning:
    """Rain mode is in force in the area until then."""
    now = clock.now()
    if not may(actor, HANDLE, area) or area not in {one.path for one in grid.region_names()}:
        raise Invalid("telemetry.not_your_area")
    if not now < until <= now + LONGEST_RAIN:
        raise Invalid("telemetry.bad_rain", hours=int(LONGEST_RAIN.total_seconds() // 3600))
    reason = reason.strip()
    if not reason or len(reason) > 200 or not reason.isprintable():
        raise Invalid("telemetry.reason_needed")
    return RainWarning.objects.create(
        area=area, since=now, until=until, reason=reason, by=actor.key, by_label=actor.label
    )


@transaction.atomic
def end_rain(key: int, *, actor: Actor) -> None:
    """The warning is over now."""
    row = RainWarning.objects.select_for_update().filter(pk=key).first()
    if row is None or not may(actor, HANDLE, row.area):
        raise NotFound("telemetry.no_rain")
    row.until = min(row.until, max(clock.now(), row.since))
    row.save()
