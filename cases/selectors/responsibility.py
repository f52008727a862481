"""Whose duty a class is at a place, and why: the tables as a book, and the rule asked about it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts import selectors as accounts
from cases.contracts import Responsible
from cases.models import Category, Override, Responsibility
from cases.rules import Answer, Book, DutyRule, Office, Special, resolve
from cases.selectors.catalogue import category, category_rows, steps_model
from cases.selectors.deadlines import Deadline, deadline
from core import clock
from core.errors import Invalid, NotFound
from grid import selectors as grid
from grid.contracts import Place


def overrides() -> QuerySet[Override]:
    """Every special rule, also those that are over and those that are to come, by class and area."""
    return Override.objects.order_by("category", "area", "-valid_from")


def override_rows() -> Iterator[dict[str, Any]]:
    """Every special rule as a row of a file."""
    for row in overrides():
        yield {
            "id": row.pk,
            "class": row.category,
            "area": row.area,
            "organisation": row.organisation,
            "cooperating": ";".join(row.cooperating),
            "arbiter": row.arbiter,
            "reason": row.reason,
            "valid_from": row.valid_from.isoformat(),
            "valid_until": row.valid_until.isoformat() if row.valid_until else "",
            "made_by": row.made_label or row.made_by,
        }


def overrides_in_force(at: datetime) -> QuerySet[Override]:
    """The special rules that hold at that moment."""
    return overrides().filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at), valid_from__lte=at)


def override(pk: int) -> Override:
    """The special rule of that number; NotFound where there is none."""
    found = Override.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound("responsibility.no_override", id=pk)
    return found


def override_told(row: Override) -> dict[str, Any]:
    """A special rule as it was written: what `core.versions` compares."""
    return {
        "category": row.category,
        "area": row.area,
        "organisation": row.organisation,
        "cooperating": list(row.cooperating),
        "arbiter": row.arbiter,
        "reason": row.reason,
        "valid_from": row.valid_from.astimezone(UTC).isoformat(),
        "valid_until": row.valid_until.astimezone(UTC).isoformat() if row.valid_until else "",
    }


def special_of(row: Override) -> Special:
    """A special rule as the rules see it."""
    return Special(
        id=row.pk or 0,
        category=row.category,
        area=row.area,
        organisation=row.organisation,
        cooperating=tuple(row.cooperating),
        arbiter=row.arbiter,
        reason=row.reason,
        since=row.valid_from,
        until=row.valid_until,
    )


def _office(row: Any) -> Office:
    return Office(row.code, row.names, row.kind, row.path, row.area, frozenset(row.duties))


def _rules() -> dict[str, DutyRule]:
    rows = Responsibility.objects.filter(retired=False)
    return {
        row.duty: DutyRule(row.duty, row.names, row.kind, row.by, tuple(row.cooperating), tuple(row.arbiter))
        for row in rows
    }


def _duty_of(found: Category) -> str:
    return str((found.department or {}).get("duty", ""))


def book(classes: Iterable[Category]) -> Book:
    """All that decides for these classes everywhere, now: three queries."""
    specials = tuple(special_of(row) for row in overrides_in_force(clock.now()))
    offices = tuple(_office(row) for row in accounts.organisations())
    return Book(offices, _rules(), {row.code: _duty_of(row) for row in classes}, specials)


def _book_at(found: Category | None, code: str, area: str) -> Book:
    """What decides for one class at one place: three queries."""
    rows = list(overrides_in_force(clock.now()).filter(category=code)) if area else []
    named = {name for row in rows for name in (row.organisation, row.arbiter, *row.cooperating) if name}
    offices = tuple(_office(row) for row in accounts.serving(area, named)) if area else ()
    duties = {code: _duty_of(found)} if found else {}
    return Book(offices, _rules(), duties, tuple(special_of(row) for row in rows))


def responsible(category_code: str, area: str) -> Responsible:
    """Whose duty a class is in an area: the special rule if there is one, else class -> duty -> the nearest above.

    The first answer is "" when nobody is found; `why["reason"]` then says what is missing.
    """
    return _responsible(category(category_code), category_code, area)


def responsible_for(chosen: Category, area: str) -> Responsible:
    """The same of a version of a class that has been read already; one that is no longer in force names no duty."""
    counts = chosen.in_force(clock.now()) and not chosen.retired
    return _responsible(chosen if counts else None, chosen.code, area)


def _responsible(chosen: Category | None, code: str, area: str) -> Responsible:
    found = _book_at(chosen, code, area)
    return _told(found, code, area, resolve(found, code, area))


def _told(found: Book, code: str, area: str, answer: Answer) -> Responsible:
    duty = found.duties.get(code, "")
    rule = found.rules.get(duty)
    why: dict[str, Any] = {"category": code, "area": area, "duty": duty, "reason": answer.reason}
    if rule:
        why |= {"kind": rule.kind, "by": rule.by, "duty_names": rule.names}
    why |= {"cooperating": list(answer.cooperating), "arbiter": answer.arbiter, "override": answer.special}
    if answer.reason == "special":
        why["because"] = next(one.reason for one in found.specials if one.id == answer.special)
    if answer.organisation:
        names = dict(found.by_code[answer.organisation].names)
        why |= {"names": names, "ground": answer.ground, "rivals": list(answer.rivals)}
    return Responsible(answer.organisation, why)


@dataclass(frozen=True)
class Promise:
    """A registration condition, and until when it would have to be handled if all began now; None without a limit."""

    code: str
    text: Mapping[str, str]
    closing: Mapping[str, str]
    limit: Mapping[str, Any]
    handling: Deadline


@dataclass(frozen=True)
class WhatIf:
    """What would become of a case of this class at this place if it were registered and dispatched now."""

    category: Category
    place: Place
    answer: Answer
    offices: Mapping[str, Office]
    promises: tuple[Promise, ...]
    total: Deadline | None
    at: datetime


def what_if(category_code: str, lon: float, lat: float, condition: str = "") -> WhatIf:
    """Cell, community, who, why and until when for a class at a WGS 84 point; one condition, or all of them."""
    found = category(category_code)
    if found is None:
        raise Invalid("case.unknown_category", given=category_code)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Invalid("case.bad_point")
    place = grid.place_at(lon, lat)
    if place is None:
        raise Invalid("case.outside_grid")
    chosen = [row for row in found.conditions if condition in ("", str(row["code"]))]
    if not chosen:
        raise Invalid("case.unknown_condition", given=condition)
    held, model, now = _book_at(found, category_code, place.area), steps_model(), clock.now()
    total = model.post_limits.get("total")
    return WhatIf(
        category=found,
        place=place,
        answer=resolve(held, category_code, place.area),
        offices=held.by_code,
        promises=tuple(_promise(row, place.area, now, model.warn_share) for row in chosen),
        total=deadline(total, place.area, now, model.warn_share) if total else None,
        at=now,
    )


def _promise(row: Mapping[str, Any], area: str, now: datetime, warn_share: float) -> Promise:
    until = deadline(row["limit"], area, now, warn_share)
    return Promise(str(row["code"]), row["text"], row.get("closing", {}), row["limit"], until)


def book_of_all() -> Book:
    """All that decides for every class in force, everywhere, now: four queries."""
    return book(category_rows().filter(retired=False))
