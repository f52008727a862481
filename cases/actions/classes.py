"""The city's own word on the catalogue: new versions with a day to begin, withdrawn ones, switches."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from cases import rules
from cases.actions.catalogue import Author, put_version
from cases.actions.looking import looked_at
from cases.contracts import CLASS_CHANGED, CLASS_SWITCHED, CLASS_WITHDRAWN, ClassNews, SwitchNews
from cases.models import Category, ClassSwitch
from cases.selectors import category_fields, category_given, duties, newest_versions, replay_class, told
from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from core.scope import Actor
from journal import actions as journal

SKEW = timedelta(minutes=5)
LONGEST_REASON = 400


class Draft(NamedTuple):
    """A version that could be saved: the last word it follows, its columns, when it begins, what it changes."""

    held: Category | None
    fields: Mapping[str, Any]
    begins: datetime
    differences: list[rules.Difference]


def draft_class(
    given: Mapping[str, Any], *, actor: Actor, seen: int, valid_from: datetime | None = None, retired: bool = False
) -> Draft:
    """A version of a class that could be saved, not saved yet; refused with a sentence where it could not.

    `seen` is the newest version that the caller saw, 0 for a class that is new.
    """
    _may(actor)
    found = [] if retired else rules.class_faults(given, duties())
    if found:
        raise Invalid(found[0].code, **found[0].params)
    held = newest_versions().filter(code=given["code"]).first()
    if (held.version if held else 0) != seen:
        raise Stale("class.stale", given=seen, current=held.version if held else 0)
    begins = _begins(valid_from, held)
    fields = category_fields(given) | {"retired": retired}
    return Draft(held, fields, begins, rules.differences(told(held) if held else None, dict(given, retired=retired)))


def _may(actor: Actor) -> None:
    if not actor.may("admin"):
        raise Forbidden("class.not_yours")


def _begins(valid_from: datetime | None, held: Category | None) -> datetime:
    now = clock.now()
    begins = valid_from or now
    if begins < now - SKEW:
        raise Invalid("class.in_the_past")
    if held is not None and held.valid_from > now:
        raise Conflict("class.another_follows", version=held.version, begins=held.valid_from.date().isoformat())
    return max(begins, now)


def reason_of(reason: str) -> str:
    """The reason as it is kept; Invalid where none was given."""
    if not reason.strip():
        raise Invalid("case.needs_reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid("case.text_too_long", most=LONGEST_REASON)
    if any(not (letter.isprintable() or letter in "\n\r\t\u3000") for letter in reason):
        raise Invalid("case.bad_text")
    return reason.strip()


@transaction.atomic
def save_class(
    given: Mapping[str, Any],
    *,
    actor: Actor,
    seen: int,
    reason: str,
    valid_from: datetime | None = None,
    looked: str | None = None,
) -> Category:
    """The class reads so from that moment on, by the city's word; cases that were promised something keep it.

    `looked` is the seal of the replay that the actor looked at: where other cases would be touched now, it is refused.
    None is for files, whose dry run is the look.
    """
    when = _When(seen, valid_from, looked)
    return _save(given, when, actor=actor, reason=reason, retired=False)


@transaction.atomic
def retire_class(code: str, *, actor: Actor, seen: int, reason: str, valid_from: datetime | None = None) -> Category:
    """From that moment on no new case is of the class; old ones keep it."""
    given = category_given(_newest(code))
    return _save(given, _When(seen, valid_from, None), actor=actor, reason=reason, retired=True)


def _newest(code: str) -> Category:
    found = newest_versions().filter(code=code).first() if "\x00" not in code else None
    if found is None:
        raise NotFound("case.unknown_category", given=code)
    return found


class _When(NamedTuple):
    """Upon which version something is saved, from when on, and the seal of the replay that was looked at, if any."""

    seen: int
    valid_from: datetime | None
    looked: str | None


def _save(given: Mapping[str, Any], when: _When, *, actor: Actor, reason: str, retired: bool) -> Category:
    why = reason_of(reason)
    _locked(str(given.get("code", "")))
    draft = draft_class(given, actor=actor, seen=when.seen, valid_from=when.valid_from, retired=retired)
    if draft.held is not None and not draft.differences:
        raise Invalid("class.nothing_changes")
    if draft.held is not None and when.looked is not None:
        looked_at(replay_class(str(given["code"]), given), when.looked, "class.look_again")
    pack = draft.held.pack if draft.held else ""
    author = Author(actor.key, actor.label, why, "city")
    row = put_version(draft.held, str(given["code"]), {**draft.fields, "pack": pack}, author, draft.begins)
    _tell(CLASS_CHANGED, row, actor, _what(draft.held, row), draft.differences, why)
    return row


def _locked(code: str) -> None:
    """Whoever else changes the class waits until this transaction has ended, and then sees what it did."""
    list(newest_versions().select_for_update().filter(code=code) if "\x00" not in code else ())


def _what(held: Category | None, row: Category) -> str:
    if held is None:
        return "add"
    if held.retired != row.retired:
        return "retire" if row.retired else "revive"
    return "change"


def _tell(kind: str, row: Category, actor: Actor, what: str, found: Iterable[rules.Difference], reason: str) -> None:
    fields = [f"{one.condition}.{one.field}" if one.condition else one.field for one in found]
    news = ClassNews(row.code, row.version, what, fields[:60], row.valid_from.isoformat(), reason)
    journal.record(kind, subject=f"class:{row.code}", actor=actor, data=news)


@transaction.atomic
def withdraw_class(code: str, version: int, *, actor: Actor, reason: str) -> Category:
    """A version that has not begun never will; the one before it has no end again."""
    _may(actor)
    why = reason_of(reason)
    _locked(code)
    row = _newest(code)
    if row.version != version or row.valid_from <= clock.now():
        raise Conflict("class.not_to_come", version=version)
    before = Category.objects.filter(code=code, valid_until=row.valid_from).exclude(pk=row.pk)
    row.valid_until = row.valid_from
    row.save(update_fields=["valid_until"])
    before.filter(valid_from__lt=row.valid_from).update(valid_until=None)
    _tell(CLASS_WITHDRAWN, row, actor, "withdraw", (), why)
    return row


@transaction.atomic
def switch_classes(codes: Iterable[str], *, enabled: bool, actor: Actor, reason: str = "") -> int:
    """New cases may, or may no longer, be of these classes, by the city's word; answers how many that changed."""
    _may(actor)
    why = reason_of(reason) if reason.strip() else ""
    wanted = sorted(set(codes))
    known = set(newest_versions().filter(code__in=wanted).values_list("code", flat=True))
    if unknown := [code for code in wanted if code not in known]:
        raise NotFound("case.unknown_category", given=", ".join(unknown)[:200])
    held = {row.code: row for row in ClassSwitch.objects.select_for_update().filter(code__in=wanted).order_by("code")}
    changed = [code for code in wanted if (held[code].enabled if code in held else True) != enabled]
    for code in changed:
        told_so = {"enabled": enabled, "origin": "city", "changed_by": actor.key, "changed_label": actor.label,
                   "changed_at": clock.now(), "reason": why}  # fmt: skip
        ClassSwitch.objects.update_or_create(code=code, defaults=told_so)
        news = SwitchNews(code, enabled, why)
        journal.record(CLASS_SWITCHED, subject=f"class:{code}", actor=actor, data=news)
    return len(changed)
