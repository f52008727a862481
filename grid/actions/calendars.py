"""Working calendars: from packs, and as the city makes them its own."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import Actor
from core.versions import refuse_stale
from grid import selectors
from grid.contracts import CalendarChanged
from grid.models import Calendar
from grid.rules import hours
from journal.actions import record


@transaction.atomic
def save_calendar(
    calendar: Mapping[str, object], *, actor: Actor, pack: str = "", seen: str | None = None, new: bool = False
) -> Calendar:
    """The calendar of this code and area has these hours; promises already made keep their due times.

    What the city has changed stays when a pack speaks again. A `new` one is of an area without one, and of a code that
    the city has; an old one is Stale where it says something else than was `seen`.
    """
    if not actor.may("admin"):
        raise Forbidden("grid.not_admin")
    problems = hours.problems(calendar)
    if problems:
        raise Invalid(problems[0].code, **problems[0].params)
    key = {"code": str(calendar["code"]), "area": str(calendar.get("area", ""))}
    held = Calendar.objects.select_for_update().filter(**key).first()
    if new:
        _refuse_new(held, key)
    row = held or Calendar(**key, edition=0)
    refuse_stale(seen, hours.told(row.columns()))
    before, wanted = row.columns(), hours.readable(calendar)
    if pack:
        wanted = before if row.differs else wanted
        row.pack, row.said = pack, hours.readable(calendar)
    if row.pk and before == wanted:
        row.save(update_fields=["pack", "said"])
        return row
    for name, value in wanted.items():
        setattr(row, name, value)
    row.edition, row.changed_at = row.edition + 1, clock.now()
    row.save()
    _record(row, before, actor)
    return row


@transaction.atomic
def reset_calendar(code: str, area: str = "", *, actor: Actor, seen: str | None = None) -> Calendar:
    """The calendar is again what its pack says; NotFound for one that no pack brought."""
    row = Calendar.objects.select_for_update().filter(code=code, area=area).first()
    if row is None or not row.said:
        raise NotFound("grid.no_calendar", calendar=code)
    return save_calendar({"code": code, "area": area, **row.said}, actor=actor, seen=seen)


def _refuse_new(held: Calendar | None, key: Mapping[str, str]) -> None:
    if held is not None:
        raise Conflict("grid.calendar_exists", calendar=key["code"], area=key["area"])
    if key["area"] not in {one.path for one in selectors.region_names()}:
        raise Invalid("grid.calendar_unknown_area", area=key["area"])
    base = selectors.calendar_above(key["code"], key["area"])
    if base.round_the_clock:
        raise Invalid("grid.calendar_round_the_clock", calendar=key["code"])


def _record(row: Calendar, before: Mapping[str, Any], actor: Actor) -> None:
    after = row.columns()
    news = CalendarChanged(
        code=row.code,
        edition=row.edition,
        hours=before["weekly"] != after["weekly"],
        closed_added=tuple(sorted(set(after["closed"]) - set(before["closed"]))),
        closed_removed=tuple(sorted(set(before["closed"]) - set(after["closed"]))),
        extra_added=tuple(sorted(set(after["extra"]) - set(before["extra"]))),
        extra_removed=tuple(sorted(set(before["extra"]) - set(after["extra"]))),
    )
    record("grid.calendar_changed.v1", subject=f"calendar:{row.code}", actor=actor, area=row.area, data=news)
