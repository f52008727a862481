"""What the app of the field asks: who is there and what for, the classes by few taps, the map of one's ground."""

from collections.abc import Mapping
from typing import Any

from accounts import selectors as accounts
from cases import selectors as cases
from core import clock
from core.errors import Forbidden
from core.scope import Actor, Duty

FIELD_RIGHTS = ("case.report", Duty.COLLECT, Duty.HANDLE)


def only_field(actor: Actor) -> None:
    """People who report, verify, check or handle; Forbidden for anybody else."""
    if actor.user_id is None or not any(actor.holds(right) for right in FIELD_RIGHTS):
        raise Forbidden("field.not_yours")


def field_person(actor: Actor) -> dict[str, Any]:
    """Whose phone it is now, and what the app has for them."""
    only_field(actor)
    return {
        "key": actor.key,
        "label": actor.label,
        "reports": actor.holds("case.report") and actor.holds(Duty.COLLECT),
        "collects": actor.holds(Duty.COLLECT),
        "handles": actor.holds(Duty.HANDLE),
        "now": clock.now(),
    }


def field_areas(actor: Actor) -> tuple[str, ...]:
    """The area paths whose map the phone keeps: where one works, or where the organisation does for which one works."""
    only_field(actor)
    held = {ground for right in FIELD_RIGHTS for ground in actor.scope(right).grounds}
    areas = {ground.area or _area_of(ground.org) for ground in held}
    return ("",) if "" in areas else tuple(sorted(areas))


def _area_of(org: str) -> str:
    return accounts.organisation(org.rpartition(".")[2]).area if org else ""


def field_classes(actor: Actor) -> dict[str, Any]:
    """The classes that a report may be of and what their groups are called, in both languages."""
    only_field(actor)
    return cases.field_classes()


def field_tasks(actor: Actor) -> dict[str, Any]:
    """What waits for this person out there, and on which grounds more time may be asked for."""
    only_field(actor)
    return {"tasks": [_task(one) for one in cases.field_tasks(actor)], "grounds": cases.extension_grounds()}


def _task(one: cases.FieldTask) -> dict[str, Any]:
    row = one.case
    return {
        "number": row.number, "version": row.version, "act": one.act, "due_at": row.due_at, "since": row.stage_since,
        "names": _names(row.category.names if row.category else {}), "description": row.description,
        "address": row.address, "place": _names(row.place), "lon": row.point.x if row.point else None,
        "lat": row.point.y if row.point else None, "photo": one.needs_photo, "pictures": list(one.pictures),
        "extension": one.extension, "reworked": row.rework_count,
    }  # fmt: skip


def _names(names: Mapping[str, str]) -> dict[str, str]:
    return {language: names[language] for language in ("zh", "en") if names.get(language)}


def field_sent(actor: Actor) -> list[dict[str, Any]]:
    """What became of what this person sent in the last days."""
    only_field(actor)
    return [{**one._asdict(), "names": _names(one.names)} for one in cases.sent_by(actor)]
