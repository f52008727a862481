"""Special rules of responsibility: drafted, replayed on last month's cases, and only then in force or over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q

from accounts import selectors as accounts
from cases.contracts import OVERRIDDEN, OVERRIDE_ENDED, OverrideNews
from cases.models import Override
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
_LOCK = 0x0E5B0415


def draft_override(
    *,
    actor: Actor,
    category_code: str,
    area: str,
    organisation: str = "",
    cooperating: Sequence[str] = (),
    arbiter: str = "",
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
    named = [code for code in (organisation, arbiter, *cooperating) if code]
    if not named:
        raise Invalid("responsibility.says_nothing")
    known = accounts.codes_known(named, in_use=not over)
    if unknown := [code for code in named if code not in known]:
        raise Invalid("case.unknown_organisation", given=", ".join(unknown))
    if organisation and organisation in (arbiter, *cooperating):
        raise Invalid("responsibility.party")
    _reason(reason)
    begins, ends = _period(valid_from, valid_until, brought=brought)
    return Override(
        category=category_code, area=area, organisation=organisation, cooperating=list(dict.fromkeys(cooperating)),
        arbiter=arbiter, reason=reason.strip(), valid_from=begins, valid_until=ends, made_by=actor.key,
        made_label=actor.label, made_at=clock.now(),
    )  # fmt: skip


def draft_change(pk: int, *, actor: Actor, valid_from: datetime | None = None, **says: Any) -> Override:
    """What could take the place of a special rule, for its class and area; one to come begins when it would have."""
    held = override(pk)
    begins = valid_from or (held.valid_from if held.state_at(clock.now()) == "to_come" else None)
    given = {"category_code": held.category, "area": held.area, "valid_from": begins, **says}
    return draft_override(actor=actor, **given)


def _may(actor: Actor, area: str) -> None:
    if not actor.may("admin", area=area):
        raise Forbidden("responsibility.not_yours")


def _reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid("case.needs_reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid("case.text_too_long", most=LONGEST_REASON)
    if "\x00" in reason:
        raise Invalid("case.bad_text")


def _period(
    valid_from: datetime | None, valid_until: datetime | None, *, brought: bool
) -> tuple[datetime, datetime | None]:
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
def save_override(row: Override, *, actor: Actor, seen: str) -> Override:
    """The drafted rule is in force from its beginning, the one before it in the same place ends there, and it is told.

    `seen` is the seal of the replay that the actor looked at: where other cases would move now, it is refused.
    """
    _may(actor, row.area)
    _one_at_a_time()
    row.valid_from = max(row.valid_from, clock.now())
    there = Override.objects.select_for_update().filter(category=row.category, area=row.area).order_by("pk")
    held = [one for one in there if one.valid_until is None or one.valid_until > row.valid_from]
    before = next((one for one in held if one.valid_from <= row.valid_from), None)
    later = next((one for one in held if one.valid_from > row.valid_from), None)
    if later and (row.valid_until is None or row.valid_until > later.valid_from):
        raise Conflict("responsibility.another_follows", id=later.pk, begins=later.valid_from.date().isoformat())
    replay = _looked_at(replay_save(row), seen)
    if before:
        before.valid_until, before.ended_by = row.valid_from, actor.key
        before.save(update_fields=["valid_until", "ended_by"])
    row.save(force_insert=True)
    _tell(OVERRIDDEN, row, actor, replay, row.reason, before)
    return row


@transaction.atomic
def bring_override(row: Override, *, actor: Actor, seen: str) -> Override:
    """A drafted rule that began before the city came here is on record with its own dates, where none held then."""
    _may(actor, row.area)
    _one_at_a_time()
    ends = Q() if row.valid_until is None else Q(valid_from__lt=row.valid_until)
    there = Override.objects.filter(ends, category=row.category, area=row.area).exclude(valid_until=F("valid_from"))
    held = there.filter(Q(valid_until=None) | Q(valid_until__gt=row.valid_from)).first()
    if held and row.valid_until != row.valid_from:
        raise Conflict("responsibility.held_then", id=held.pk)
    replay = _looked_at(replay_brought(row), seen)
    row.save(force_insert=True)
    _tell(OVERRIDDEN, row, actor, replay, row.reason, None)
    return row


@transaction.atomic
def end_override_on(pk: int, *, until: datetime | None, actor: Actor, reason: str) -> Override:
    """The special rule ends at that moment to come and no other (never, without one), and it is told why."""
    row = _standing(pk, actor, None)
    _reason(reason)
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
    """The special rule is over as of now (one to come never begins), and it is told why."""
    row = _standing(pk, actor, version)
    _reason(reason)
    now = clock.now()
    replay = _looked_at(replay_end(pk), seen)
    row.valid_until, row.ended_by = max(now, row.valid_from), actor.key
    row.save(update_fields=["valid_until", "ended_by"])
    _tell(OVERRIDE_ENDED, row, actor, replay, reason.strip(), row)
    return row


def _standing(pk: int, actor: Actor, version: str | None) -> Override:
    """The special rule of that number, locked; refused where it is not the actor's, reads otherwise or is over."""
    _one_at_a_time()
    row = Override.objects.select_for_update().filter(pk=pk).first() or override(pk)
    _may(actor, row.area)
    refuse_stale(version, override_told(row))
    if row.state_at(clock.now()) == "over":
        raise Conflict("responsibility.over", id=pk)
    return row


def _one_at_a_time() -> None:
    """Whoever else changes special rules waits until this transaction has ended, and then sees what it did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _looked_at(replay: Replay, seen: str) -> Replay:
    if replay.seal != seen:
        raise Conflict("responsibility.look_again", moved=len(replay.moved), total=replay.total)
    return replay


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
    return {key: value for key, value in told.items() if value}
