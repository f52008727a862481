"""Automatic dispatch: rules drafted, replayed and then in force or over, the switch, and the act itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from cases import rules
from cases.actions.looking import one_at_a_time
from cases.actions.moving import locked
from cases.actions.responsibility import check_reason, period
from cases.actions.steps import send
from cases.contracts import (
    DISPATCH_RULE_BEGUN,
    DISPATCH_RULE_ENDED,
    DISPATCHING_CAUGHT_UP,
    DISPATCHING_SWITCHED,
    CaughtUp,
    DispatchingCaughtUp,
    DispatchingSwitched,
    DispatchRuleNews,
    Source,
)
from cases.contracts.dispatching import DISPATCHER, SWITCHED_OFF
from cases.models import AutoDispatch, Case, DispatchRule, DispatchSwitch
from cases.selectors import (
    DispatchReplay,
    categories,
    dispatch_rule,
    dispatch_rules_in_force,
    dispatchable,
    is_dispatching,
    replay_dispatch,
    sealed_replay,
    steps_model,
)
from core import clock
from core.errors import Conflict, DomainError, Forbidden, Invalid
from core.scope import Actor, Duty, Ground
from grid import selectors as grid
from journal import actions as journal

DISPATCH_LOCK = 0x0E5B0430
LABEL = "自动派遣 Automatic dispatch"
LONGEST_NAME = 60
MOST_PRIORITY = 9_999
LONGEST_LOOK = timedelta(hours=1)
DAYS = (1, 92)
MOST_CAUGHT_UP = 50
_VERBS = {"responsible": ("dispatch", "department"), "district": ("dispatch_district", "district_centre")}


def draft_dispatch_rule(
    *,
    actor: Actor,
    name: str,
    level: str,
    aim: str,
    priority: int = 100,
    classes: Sequence[str] = (),
    area: str = "",
    sources: Sequence[str] = (),
    grades: Sequence[int] = (),
    hours: str = "",
    reason: str,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> DispatchRule:
    """A rule of automatic dispatch that could be saved, not saved yet; refused with a sentence where it could not."""
    _may(actor, level, area)
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid("dispatching.needs_name", most=LONGEST_NAME)
    if not 0 <= priority <= MOST_PRIORITY:
        raise Invalid("dispatching.bad_priority", most=MOST_PRIORITY)
    _known(level, aim, hours)
    _narrowing(classes, area, sources, grades)
    check_reason(reason)
    begins, ends = period(valid_from, valid_until)
    return DispatchRule(
        name=name, priority=priority, level=level, aim=aim, classes=sorted(set(classes)), area=area,
        sources=sorted(set(sources)), grades=sorted(set(grades)), hours=hours, reason=reason.strip(),
        valid_from=begins, valid_until=ends, made_by=actor.key, made_label=actor.label, made_at=clock.now(),
    )  # fmt: skip


def _may(actor: Actor, level: str, area: str) -> None:
    """What the city commands only an administrator of the whole city rules; a district's that of its ground."""
    if not actor.may("admin", area=area if level == "district" else ""):
        raise Forbidden("responsibility.not_yours")


def _known(level: str, aim: str, hours: str) -> None:
    if level not in rules.ACTS_AT or aim not in rules.AIMS or hours not in rules.HOURS:
        raise Invalid("dispatching.unknown_word")
    if level == "district" and aim == "district":
        raise Invalid("dispatching.district_only_down")
    verb = _VERBS[aim][0]
    levels = steps_model().levels
    if verb in levels and level not in levels[verb]:
        raise Invalid("dispatching.not_this_level")


def _narrowing(classes: Sequence[str], area: str, sources: Sequence[str], grades: Sequence[int]) -> None:
    if strange := sorted(set(classes) - {row.code for row in categories()}) if classes else []:
        raise Invalid("case.unknown_category", given=strange[0][:20])
    if area and area not in {one.path for one in grid.region_names()}:
        raise Invalid("responsibility.no_area", given=area[:80])
    if strange := sorted(set(sources) - {source.value for source in Source}):
        raise Invalid("case.unknown_source", given=strange[0][:20])
    if any(grade not in (0, *rules.GRADES) for grade in grades):
        raise Invalid("dispatching.unknown_word")


@transaction.atomic
def save_dispatch_rule(row: DispatchRule, *, actor: Actor, seen: str) -> DispatchRule:
    """The drafted rule acts from its beginning, and it is told; refused where the replay reads otherwise than `seen`.

    The replay is of the same days up to the same moment, so that cases which came since change nothing about it.
    """
    _may(actor, row.level, row.area)
    one_at_a_time(DISPATCH_LOCK)
    row.valid_from = max(row.valid_from, clock.now())
    replay = _looked_at(row, seen)
    row.seal, row.replayed, row.decided, row.wrong = replay.seal, replay.total, replay.decided, replay.wrong
    row.save(force_insert=True)
    _tell(DISPATCH_RULE_BEGUN, row, actor, row.reason)
    return row


def _looked_at(row: DispatchRule, seen: str) -> DispatchReplay:
    """The replay that was looked at within the hour; Conflict where nobody looked, or it would read otherwise now."""
    _hash, _at, rest = seen.partition("@")
    moment, _at, days = rest.partition("@")
    try:
        until, asked = datetime.fromisoformat(moment), int(days[:4])
    except ValueError as error:
        raise Conflict("dispatching.look_again") from error
    now = clock.now()
    fresh = until.tzinfo is not None and now - LONGEST_LOOK <= until <= now
    if not fresh or not DAYS[0] <= asked <= DAYS[1]:
        raise Conflict("dispatching.look_again")
    replay = sealed_replay(row, seen) or replay_dispatch(row, asked, until)
    if replay.seal != seen:
        raise Conflict("dispatching.look_again")
    return replay


@transaction.atomic
def end_dispatch_rule(pk: int, *, actor: Actor, reason: str) -> DispatchRule:
    """The rule is over as of now (one to come never begins), and it is told why; what it did stays."""
    one_at_a_time(DISPATCH_LOCK)
    row = DispatchRule.objects.select_for_update().filter(pk=pk).first() or dispatch_rule(pk)
    _may(actor, row.level, row.area)
    check_reason(reason)
    now = clock.now()
    if row.state_at(now) == "over":
        raise Conflict("dispatching.over", id=pk)
    row.valid_until, row.ended_by = max(now, row.valid_from), actor.key
    row.save(update_fields=["valid_until", "ended_by"])
    _tell(DISPATCH_RULE_ENDED, row, actor, reason.strip())
    return row


def _tell(kind: str, row: DispatchRule, actor: Actor, reason: str) -> None:
    news = DispatchRuleNews(
        rule_id=row.pk, name=row.name, level=row.level, aim=row.aim, priority=row.priority, area=row.area,
        valid_from=row.valid_from.isoformat(), valid_until=row.valid_until.isoformat() if row.valid_until else "",
        reason=reason, replayed=row.replayed, decided=row.decided, wrong=row.wrong,
    )  # fmt: skip
    journal.record(kind, subject=f"dispatch_rule:{row.pk}", actor=actor, area=row.area, data=news)


@transaction.atomic
def switch_dispatching(*, on: bool, actor: Actor, reason: str) -> None:
    """No rule dispatches anything any more, or they do again; and it is told why. Said twice, it is once."""
    if not actor.may("admin"):
        raise Forbidden("responsibility.not_city")
    check_reason(reason)
    one_at_a_time(DISPATCH_LOCK)
    if is_dispatching() == on:
        return
    DispatchSwitch.objects.create(on=on, reason=reason.strip(), changed_by=actor.key, changed_label=actor.label)
    told = DispatchingSwitched(on=on, reason=reason.strip())
    journal.record(DISPATCHING_SWITCHED, subject="dispatching", actor=actor, data=told)


@transaction.atomic
def dispatch_by_rule(number: str) -> AutoDispatch | None:
    """A case that waits to be dispatched went where the first rule that speaks of it says, or why it waits is kept.

    None where nothing was to be decided: it does not wait any more, was decided about before, was returned or opened
    again, or its level has no rule.
    """
    case = locked([number]).get(number)
    level = next((one for one, stage in rules.ACTS_AT.items() if case and case.stage == stage), "")
    asked = dispatch_rules_in_force(level) if level else []
    if case is None or not asked or _judged_by_people(case):
        return None
    if AutoDispatch.objects.filter(case=case, version=case.stage_version).exists():
        return None
    facts = dispatchable(case, level, asked)
    row = AutoDispatch(case=case, version=case.stage_version, at=clock.now())
    if not is_dispatching():
        return _kept(row, rules.Verdict(None, "", SWITCHED_OFF, {}), facts)
    return _kept(row, _dispatched(case, asked, facts), facts)


def _dispatched(case: Case, asked: Sequence[rules.DispatchRule], facts: rules.Dispatchable) -> rules.Verdict:
    """The case went where the rules say, or the verdict tells why not."""
    verdict = rules.decide(asked, facts)
    try:
        if verdict.organisation and verdict.rule:
            _send(case, verdict.rule, verdict.organisation)
    except DomainError as error:
        told = {key: str(value) for key, value in error.params.items()}
        verdict = replace(verdict, organisation="", code=error.code, params=told)
    return verdict


def dispatch_waiting(chosen: Sequence[str], *, actor: Actor, preview: bool = False) -> list[CaughtUp]:
    """Each of these cases that came while the rules were off went where they say now; a line says so, or why not.

    With `preview` nothing has changed: each was dispatched and that undone, so that it says exactly what would happen.
    """
    if not actor.may("admin"):
        raise Forbidden("responsibility.not_city")
    if not is_dispatching():
        raise Conflict(SWITCHED_OFF)
    numbers = list(dict.fromkeys(chosen))
    if not 1 <= len(numbers) <= MOST_CAUGHT_UP:
        raise Invalid("case.bulk_size", most=MOST_CAUGHT_UP)
    if not preview:
        with transaction.atomic():
            news = DispatchingCaughtUp(len(numbers))
            journal.record(DISPATCHING_CAUGHT_UP, subject="dispatching", actor=actor, data=news)
    return [_caught_up(number, preview) for number in numbers]


@transaction.atomic
def _caught_up(number: str, preview: bool) -> CaughtUp:
    line = _caught_up_with(number)
    transaction.set_rollback(preview)
    return line


def _caught_up_with(number: str) -> CaughtUp:
    case = locked([number]).get(number)
    waits = AutoDispatch.objects.select_for_update().filter(code=SWITCHED_OFF, case=case)
    row = waits.filter(version=case.stage_version).first() if case else None
    level = next((one for one, stage in rules.ACTS_AT.items() if case and case.stage == stage), "")
    if case is None or row is None or not level:
        return CaughtUp(number, "", "dispatching.waits_no_more")
    asked = dispatch_rules_in_force(level)
    facts = dispatchable(case, level, asked)
    verdict = _dispatched(case, asked, facts)
    row.at = clock.now()
    _kept(row, verdict, facts)
    return CaughtUp(number, verdict.organisation, verdict.code, verdict.params)


def _judged_by_people(case: Case) -> bool:
    """Whether people have had a word on whose it is already: it came back, it was opened again or coordinated."""
    return bool(case.return_count or case.bound_to) or case.moves.filter(verb="reopen").exists()


def _send(case: Case, rule: rules.DispatchRule, organisation: str) -> None:
    verb, what = _VERBS[rule.aim]
    kept = {"rule": rule.id, "rule_name": rule.name, "rule_reason": rule.reason}
    send(case, verb, _dispatcher(case, rule), what, organisation, kept)


def _dispatcher(case: Case, rule: rules.DispatchRule) -> Actor:
    """The machine with the command of the rule's level over the rule's ground, and no other right."""
    if rule.level == "district":
        rights = {str(Duty.COMMAND_DISTRICT): (Ground(org=case.org, area=rule.area),)}
        return Actor(DISPATCHER, LABEL, rights, org=case.org, level="district")
    return Actor(DISPATCHER, LABEL, {str(Duty.COMMAND_CITY): (Ground(area=rule.area),)}, level="city")


def _kept(row: AutoDispatch, verdict: rules.Verdict, facts: rules.Dispatchable) -> AutoDispatch:
    row.rule_id = verdict.rule.id if verdict.rule else None
    row.organisation, row.code = verdict.organisation, verdict.code
    row.params = dict(verdict.params)
    row.why = [[line.code, dict(line.params)] for line in facts.answer.lines]
    row.save()
    return row
