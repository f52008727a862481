"""The city's own general rules of responsibility: drafted, replayed on last month's cases, then in force or over."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from cases.actions.looking import looked_at, one_at_a_time
from cases.actions.responsibility import (
    LOOK_AGAIN,
    NOTHING_MOVES,
    RULES_LOCK,
    SKEW,
    check_reason,
    let_go_on,
    neighbours,
    period,
    take_place,
)
from cases.contracts import GENERAL_CHANGED, GENERAL_ENDED, GeneralRuleNews
from cases.models import Responsibility
from cases.rules import LEVELS
from cases.selectors import (
    Replay,
    city_rule,
    city_rules,
    duties,
    general_rules,
    general_told,
    organisation_kinds,
    replay_brought_general,
    replay_general,
    replay_general_end,
    rules_in_force,
)
from core import clock
from core.errors import Conflict, Forbidden, Invalid, Stale
from core.scope import Actor
from core.versions import refuse_stale
from journal import actions as journal

DUTY = re.compile(r"[a-z][a-z0-9_-]{0,39}")
LONGEST_NAME = 60


def draft_general(
    *,
    actor: Actor,
    duty: str,
    names: Mapping[str, str],
    kind: str,
    by: str,
    cooperating: Sequence[str] = (),
    arbiter: Sequence[str] = (),
    reason: str,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    brought: bool = False,
    along: Collection[str] = (),
) -> Responsibility:
    """A general rule of the city that could be saved, not saved yet; refused with a sentence where it could not.

    Where one is to come and no beginning is given, it begins when that one would have. A `brought` one may have begun
    before now, or be over, and then name what is in use no longer. Duties that come `along` may be named already.
    """
    _may(actor)
    if not DUTY.fullmatch(duty):
        raise Invalid("responsibility.bad_duty", given=duty[:60])
    if by not in LEVELS:
        raise Invalid("responsibility.unknown_level", given=by[:20])
    if not (brought and valid_until is not None and valid_until <= clock.now()):
        _known(duty, kind, [code for code in cooperating if code == duty or code not in along], arbiter)
    check_reason(reason)
    to_come = [] if valid_from else [one for entry in general_rules(duty) for one in entry.to_come]
    begins, ends = period(valid_from or (to_come[-1].valid_from if to_come else None), valid_until, brought=brought)
    return Responsibility(
        duty=duty, origin="city", names=_named(names), kind=kind, by=by, cooperating=list(dict.fromkeys(cooperating)),
        arbiter=list(dict.fromkeys(arbiter)), reason=reason.strip(), valid_from=begins, valid_until=ends,
        made_by=actor.key, made_label=actor.label, made_at=clock.now(),
    )  # fmt: skip


def _may(actor: Actor) -> None:
    if not actor.may("admin"):
        raise Forbidden("responsibility.not_city")


def _named(names: Mapping[str, str]) -> dict[str, str]:
    told = {language: str(names.get(language, "")).strip() for language in ("zh", "en")}
    if not all(text and len(text) <= LONGEST_NAME and text.isprintable() for text in told.values()):
        raise Invalid("responsibility.needs_names", most=LONGEST_NAME)
    return told


def _known(duty: str, kind: str, cooperating: Sequence[str], arbiter: Sequence[str]) -> None:
    kinds, others = organisation_kinds(), duties()
    if strange := [code for code in (kind, *arbiter) if code not in kinds]:
        raise Invalid("responsibility.unknown_kind", given=strange[0][:40])
    if duty in cooperating:
        raise Invalid("responsibility.helps_itself")
    if strange := [code for code in cooperating if code not in others]:
        raise Invalid("class.unknown_duty", given=strange[0][:40])


@transaction.atomic
def save_general(row: Responsibility, *, actor: Actor, seen: str | None, version: str | None = None) -> Responsibility:
    """The drafted rule counts from its beginning, the city's before it ends there, a pack's waits, and it is told.

    `seen` is the seal of the replay that the actor looked at (None is for files, whose dry run was the look),
    `version` that of the last word on the duty; without it the duty must have no rule yet.
    """
    _may(actor)
    one_at_a_time(RULES_LOCK)
    begins = row.valid_from = max(row.valid_from or clock.now(), clock.now())
    there = list(Responsibility.objects.select_for_update().filter(duty=row.duty).order_by("pk"))
    _not_stale(row.duty, version)
    before, later = neighbours([one for one in there if one.origin == "city"], begins, row.valid_until)
    if later and later.valid_from:
        raise Conflict("responsibility.general_follows", id=later.pk, begins=later.valid_from.date().isoformat())
    replay = looked_at(replay_general(row), seen, LOOK_AGAIN)
    counted = rules_in_force().get(row.duty)
    take_place(row, before, begins, actor)
    row.save(force_insert=True)
    _tell(GENERAL_CHANGED, row, actor, replay, row.reason, counted, row)
    return row


def _not_stale(duty: str, version: str | None) -> None:
    entry = next(iter(general_rules(duty)), None)
    if entry and version is None:
        raise Conflict("responsibility.has_rule", duty=duty)
    if entry:
        refuse_stale(version, general_told(entry.newest))
    elif version is not None:
        raise Stale("version.stale")


@transaction.atomic
def bring_general(row: Responsibility, *, actor: Actor) -> Responsibility:
    """A drafted rule that began before the city came here is on record with its own dates, where none held then."""
    _may(actor)
    one_at_a_time(RULES_LOCK)
    there = Responsibility.objects.filter(duty=row.duty, origin="city").exclude(valid_until=F("valid_from"))
    ends = Q() if row.valid_until is None else Q(valid_from__lt=row.valid_until)
    held = there.filter(ends, Q(valid_until=None) | Q(valid_until__gt=row.valid_from)).first()
    if held and row.valid_until != row.valid_from:
        raise Conflict("responsibility.general_held_then", id=held.pk)
    replay, counted = replay_brought_general(row), rules_in_force().get(row.duty)
    row.save(force_insert=True)
    _tell(GENERAL_CHANGED, row, actor, replay, row.reason, counted, row)
    return row


@transaction.atomic
def end_general_on(pk: int, *, until: datetime | None, actor: Actor, reason: str) -> Responsibility:
    """The city's rule ends at that moment to come and no other (never, without one), and it is told why."""
    _may(actor)
    one_at_a_time(RULES_LOCK)
    row = Responsibility.objects.select_for_update().filter(pk=pk, origin="city").first() or city_rule(pk)
    check_reason(reason)
    now = clock.now()
    if row.state_at(now) == "over" or row.valid_from is None:
        raise Conflict("responsibility.general_over", id=pk)
    if until is not None and until <= max(now, row.valid_from):
        raise Invalid("responsibility.general_ends_in_the_past", id=pk)
    there = city_rules().filter(duty=row.duty, valid_from__gt=row.valid_from).exclude(valid_until=F("valid_from"))
    follows = there.order_by("valid_from").first()
    if follows and follows.valid_from and (until is None or until > follows.valid_from):
        raise Conflict("responsibility.general_follows", id=follows.pk, begins=follows.valid_from.date().isoformat())
    if row.valid_until == until:
        return row
    sooner = until is not None and (row.valid_until is None or until < row.valid_until)
    row.valid_until, row.ended_by = until, actor.key if until else ""
    row.save(update_fields=["valid_until", "ended_by"])
    _tell(GENERAL_ENDED if sooner else GENERAL_CHANGED, row, actor, NOTHING_MOVES, reason.strip(), row, row)
    return row


@transaction.atomic
def end_general(
    pk: int,
    *,
    actor: Actor,
    reason: str,
    seen: str,
    ends: datetime | None = None,
    version: str | None = None,
) -> Responsibility:
    """The city's rule is over as of that moment (now), so that the pack's counts again; and it is told.

    One to come never begins, and the rule whose place it would have taken goes on.
    """
    _may(actor)
    one_at_a_time(RULES_LOCK)
    row = Responsibility.objects.select_for_update().filter(pk=pk, origin="city").first() or city_rule(pk)
    refuse_stale(version, general_told(row))
    now = clock.now()
    if row.state_at(now) == "over" or row.valid_from is None:
        raise Conflict("responsibility.general_over", id=pk)
    check_reason(reason)
    if ends is not None and ends < now - SKEW:
        raise Invalid("responsibility.in_the_past")
    until = max(ends or now, now, row.valid_from)
    if row.valid_until is not None and until > row.valid_until:
        raise Invalid("responsibility.ends_anyway", ends=row.valid_until.date().isoformat())
    replay = looked_at(replay_general_end(pk), seen, LOOK_AGAIN)
    row.valid_until, row.ended_by = until, actor.key
    row.save(update_fields=["valid_until", "ended_by"])
    if until == row.valid_from:
        there = Responsibility.objects.select_for_update().filter(duty=row.duty, origin="city").order_by("pk")
        let_go_on(row, there)
    _tell(GENERAL_ENDED, row, actor, replay, reason.strip(), row, rules_in_force(but=pk).get(row.duty))
    return row


def _tell(
    kind: str, row: Responsibility, actor: Actor, replay: Replay, reason: str,
    before: Responsibility | None, after: Responsibility | None,
) -> None:  # fmt: skip
    news = GeneralRuleNews(
        rule_id=row.pk,
        duty=row.duty,
        before=_facts(before) if before else {},
        after=_facts(after) if after else {},
        valid_from=row.valid_from.isoformat() if row.valid_from else "",
        valid_until=row.valid_until.isoformat() if row.valid_until else "",
        reason=reason,
        replayed=replay.total,
        moved=len(replay.moved),
    )
    journal.record(kind, subject=f"general_rule:{row.duty}", actor=actor, data=news)


def _facts(row: Responsibility) -> dict[str, str]:
    told = {
        "source": row.pack if row.origin == "pack" else row.origin, "kind": row.kind, "level": row.by,
        "cooperating": ", ".join(row.cooperating), "arbiter": ", ".join(row.arbiter), **row.names,
    }  # fmt: skip
    return {key: value for key, value in told.items() if value}
