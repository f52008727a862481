"""Special rules of responsibility: drafted, replayed on last month's cases, and only then in force or over."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, Q

from accounts import selectors as accounts
from cases import rules
from cases.actions.looking import looked_at, one_at_a_time
from cases.contracts import OVERRIDDEN, OVERRIDE_ENDED, OverrideNews
from cases.models import Override, Responsibility
from cases.selectors import (
    Replay,
    category,
    category_names,
    override,
    override_told,
    replay_brought,
    replay_end,
    replay_save,
)  # fmt: skip
from core import clock
from core.errors import Conflict, Forbidden, Invalid
from core.scope import Actor
from core.versions import refuse_stale
from grid import selectors as grid
from journal import actions as journal

SKEW = timedelta(minutes=5)
LONGEST_REASON = 400
NOTHING_MOVES = Replay(0, (), ())
RULES_LOCK, LOOK_AGAIN = 0x0E5B0415, "responsibility.look_again"
Rule = TypeVar("Rule", Override, Responsibility)


def draft_override(
    *,
    actor: Actor,
    category_code: str,
    area: str,
    organisation: str = "",
    cooperating: Sequence[str] = (),
    arbiter: str = "",
    limit: Mapping[str, Any] | None = None,
    reason: str,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    brought: bool = False,
) -> Override:
    """A special rule that could be saved, not saved yet; refused with a sentence where it could not.

    A `brought` one may have begun before now, or be over, and then name what is in use no longer.
    """
    _may(actor, area)
    over = brought and valid_until is not None and valid_until <= clock.now()
    if category(category_code) is None and not (over and category_code in category_names()):
        raise Invalid("case.unknown_category", given=category_code)
    if area and area not in {one.path for one in grid.region_names()}:
        raise Invalid("responsibility.no_area", given=area)
    if not (organisation or arbiter or cooperating or limit):
        raise Invalid("responsibility.says_nothing")
    _parties(organisation, cooperating, arbiter, in_use=not over)
    check_reason(reason)
    begins, ends = period(valid_from, valid_until, brought=brought)
    return Override(
        category=category_code, area=area, organisation=organisation, cooperating=list(dict.fromkeys(cooperating)),
        arbiter=arbiter, limit=_limit(limit), reason=reason.strip(), valid_from=begins, valid_until=ends,
        made_by=actor.key, made_label=actor.label, made_at=clock.now(),
    )  # fmt: skip


def _parties(organisation: str, cooperating: Sequence[str], arbiter: str, *, in_use: bool) -> None:
    named = [code for code in (organisation, arbiter, *cooperating) if code]
    known = accounts.codes_known(named, in_use=in_use) if named else set()
    if unknown := [code for code in named if code not in known]:
        raise Invalid("case.unknown_organisation", given=", ".join(unknown))
    if organisation and organisation in (arbiter, *cooperating):
        raise Invalid("responsibility.party")


def _limit(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """The limit as it is kept: so many of a unit; nothing where none was given."""
    if not given:
        return {}
    if fault := rules.limit_fault(given):
        raise Invalid(fault.code, **fault.params)
    return {"value": rules.whole(given["value"]), "unit": str(given["unit"])}


def draft_change(pk: int, *, actor: Actor, valid_from: datetime | None = None, **says: Any) -> Override:
    """What could take the place of a special rule, for its class and area; one to come begins when it would have."""
    held = override(pk)
    begins = valid_from or (held.valid_from if held.state_at(clock.now()) == "to_come" else None)
    given = {"category_code": held.category, "area": held.area, "valid_from": begins, **says}
    return draft_override(actor=actor, **given)


def _may(actor: Actor, area: str) -> None:
    if not actor.may("admin", area=area):
        raise Forbidden("responsibility.not_yours")


def check_reason(reason: str) -> None:
    """Invalid where a rule would change without a reason that can be kept."""
    if not reason.strip():
        raise Invalid("case.needs_reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid("case.text_too_long", most=LONGEST_REASON)
    if "\x00" in reason:
        raise Invalid("case.bad_text")


def period(
    valid_from: datetime | None, valid_until: datetime | None, *, brought: bool = False
) -> tuple[datetime, datetime | None]:
    """From when (now) to when (for good) a rule would hold; Invalid where that is no time to come.

    One that is `brought` along may have held in the past, or never.
    """
    now = clock.now()
    begins = valid_from or now
    if begins < now - SKEW and not brought:
        raise Invalid("responsibility.in_the_past")
    begins = begins if brought else max(begins, now)
    never_held = brought and valid_until == begins
    if valid_until is not None and valid_until <= begins and not never_held:
        raise Invalid("responsibility.ends_before_it_begins")
    return begins, valid_until


@transaction.atomic
def save_override(row: Override, *, actor: Actor, seen: str | None) -> Override:
    """The drafted rule is in force from its beginning, the one before it in the same place ends there, and it is told.

    `seen` is the seal of the replay that the actor looked at: where other cases would move now, it is refused. None is
    for files, whose dry run was the look.
    """
    _may(actor, row.area)
    one_at_a_time(RULES_LOCK)
    row.valid_from = max(row.valid_from, clock.now())
    there = Override.objects.select_for_update().filter(category=row.category, area=row.area).order_by("pk")
    before, later = neighbours(there, row.valid_from, row.valid_until)
    if later:
        raise Conflict("responsibility.another_follows", id=later.pk, begins=later.valid_from.date().isoformat())
    replay = looked_at(replay_save(row), seen, LOOK_AGAIN)
    take_place(row, before, row.valid_from, actor)
    row.save(force_insert=True)
    _tell(OVERRIDDEN, row, actor, replay, row.reason, before)
    return row


def neighbours(there: Iterable[Rule], begins: datetime, ends: datetime | None) -> tuple[Rule | None, Rule | None]:
    """Of the rules of one place: the one that a rule of that period takes the place of, and the one it would run over.

    One that was withdrawn before it began is in nobody's way.
    """
    held = [one for one in there if one.state_at(begins) != "over"]
    before = next((one for one in held if one.state_at(begins) == "in_force"), None)
    later = (one for one in held if one is not before and one.valid_from and (ends is None or ends > one.valid_from))
    return before, min(later, key=lambda one: one.valid_from or begins, default=None)


def take_place(row: Rule, before: Rule | None, begins: datetime, actor: Actor) -> None:
    """The rule before this one in the same place ends as this one begins, which remembers when it would have ended."""
    if before is None:
        return
    row.before, row.before_until = before, before.valid_until
    before.valid_until, before.ended_by = begins, actor.key
    before.save(update_fields=["valid_until", "ended_by"])


def let_go_on(withdrawn: Rule, there: Iterable[Rule]) -> Rule | None:
    """The rule whose place a withdrawn one would have taken goes on, if it ends there still; of the rules of one place.

    It goes on until it would have ended, or until the next one begins, which takes its place then.
    """
    others = {one.pk: one for one in there if one.pk != withdrawn.pk}
    begins, until, before = withdrawn.valid_from, withdrawn.before_until, others.pop(withdrawn.before_id or 0, None)
    if before is None or begins is None or before.valid_until != begins:
        return None
    follows = neighbours(others.values(), begins, until)[1]
    before.valid_until, before.ended_by = until, ""
    if follows and follows.valid_from:
        follows.before, follows.before_until = before, until
        follows.save(update_fields=["before", "before_until"])
        before.valid_until, before.ended_by = follows.valid_from, follows.made_by
    before.save(update_fields=["valid_until", "ended_by"])
    return before


@transaction.atomic
def bring_override(row: Override, *, actor: Actor, seen: str | None) -> Override:
    """A drafted rule that began before the city came here is on record with its own dates, where none held then."""
    _may(actor, row.area)
    one_at_a_time(RULES_LOCK)
    ends = Q() if row.valid_until is None else Q(valid_from__lt=row.valid_until)
    there = Override.objects.filter(ends, category=row.category, area=row.area).exclude(valid_until=F("valid_from"))
    held = there.filter(Q(valid_until=None) | Q(valid_until__gt=row.valid_from)).first()
    if held and row.valid_until != row.valid_from:
        raise Conflict("responsibility.held_then", id=held.pk)
    replay = looked_at(replay_brought(row), seen, LOOK_AGAIN)
    row.save(force_insert=True)
    _tell(OVERRIDDEN, row, actor, replay, row.reason, None)
    return row


@transaction.atomic
def end_override_on(pk: int, *, until: datetime | None, actor: Actor, reason: str) -> Override:
    """The special rule ends at that moment to come and no other (never, without one), and it is told why."""
    row = _standing(pk, actor, None)
    check_reason(reason)
    if until is not None and until <= max(clock.now(), row.valid_from):
        raise Invalid("responsibility.ends_in_the_past", id=pk)
    later = Override.objects.filter(category=row.category, area=row.area, valid_from__gt=row.valid_from)
    next_one = later.exclude(valid_until=F("valid_from")).order_by("valid_from").first()
    if next_one and (until is None or until > next_one.valid_from):
        raise Conflict("responsibility.another_follows", id=next_one.pk, begins=next_one.valid_from.date().isoformat())
    if row.valid_until == until:
        return row
    sooner = until is not None and (row.valid_until is None or until < row.valid_until)
    row.valid_until, row.ended_by = until, actor.key if until else ""
    row.save(update_fields=["valid_until", "ended_by"])
    _tell(OVERRIDE_ENDED if sooner else OVERRIDDEN, row, actor, NOTHING_MOVES, reason.strip(), row)
    return row


@transaction.atomic
def change_override(pk: int, row: Override, *, actor: Actor, seen: str, version: str) -> Override:
    """The rule drafted for the place of this one is saved; stale where this one reads otherwise than `version`."""
    held = _standing(pk, actor, version)
    if row.valid_from < held.valid_from:
        raise Conflict("responsibility.another_follows", id=pk, begins=held.valid_from.date().isoformat())
    return save_override(row, actor=actor, seen=seen)


@transaction.atomic
def end_override(pk: int, *, actor: Actor, reason: str, seen: str, version: str | None = None) -> Override:
    """The special rule is over as of now, and it is told why.

    One to come never begins, and the rule whose place it would have taken goes on.
    """
    row = _standing(pk, actor, version)
    check_reason(reason)
    now = clock.now()
    there = Override.objects.select_for_update().filter(category=row.category, area=row.area).order_by("pk")
    replay = looked_at(replay_end(pk), seen, LOOK_AGAIN)
    row.valid_until, row.ended_by = max(now, row.valid_from), actor.key
    row.save(update_fields=["valid_until", "ended_by"])
    _tell(OVERRIDE_ENDED, row, actor, replay, reason.strip(), row)
    goes_on = let_go_on(row, there) if row.valid_from > now else None
    if goes_on:
        _tell(OVERRIDDEN, goes_on, actor, NOTHING_MOVES, reason.strip(), goes_on)
    return row


def _standing(pk: int, actor: Actor, version: str | None) -> Override:
    """The special rule of that number, locked; refused where it is not the actor's, reads otherwise or is over."""
    one_at_a_time(RULES_LOCK)
    row = Override.objects.select_for_update().filter(pk=pk).first() or override(pk)
    _may(actor, row.area)
    refuse_stale(version, override_told(row))
    if row.state_at(clock.now()) == "over":
        raise Conflict("responsibility.over", id=pk)
    return row


def _tell(kind: str, row: Override, actor: Actor, replay: Replay, reason: str, before: Override | None) -> None:
    news = OverrideNews(
        override_id=row.pk,
        category=row.category,
        area=row.area,
        before=_facts(before) if before else {},
        after=_facts(row) if kind == OVERRIDDEN else {},
        valid_from=row.valid_from.isoformat(),
        valid_until=row.valid_until.isoformat() if row.valid_until else "",
        reason=reason,
        replayed=replay.total,
        moved=len(replay.moved),
    )
    subject = f"override:{row.pk}"
    journal.record(kind, subject=subject, actor=actor, area=row.area, data=news)


def _facts(row: Override) -> dict[str, str]:
    told = {"organisation": row.organisation, "cooperating": ", ".join(row.cooperating), "arbiter": row.arbiter}
    told["limit"] = f"{row.limit['value']:g} {row.limit['unit']}" if row.limit else ""
    return {key: value for key, value in told.items() if value}
