"""Whose duty a class is at a place, and why: the tables as a book, and the rule asked about it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import shapely
from django.db.models import Q, QuerySet
from shapely.geometry.base import BaseGeometry

from accounts import selectors as accounts
from cases.contracts import Responsible
from cases.models import Case, Category, Override
from cases.rules import Book, Office, Special, resolve
from cases.selectors.catalogue import category, category_rows
from cases.selectors.general_rules import duty_rules
from core import clock
from core.errors import NotFound
from grid import selectors as grid

# Asked with every registering, so it is a statement that Django need not compile.
_SPECIALS = """
    SELECT * FROM cases_override
     WHERE category = %(code)s AND valid_from <= %(at)s AND (valid_until IS NULL OR valid_until > %(at)s)
     ORDER BY area, valid_from DESC
"""
SIMPLE = 1e-5
MOST_POINTS = 500


def overrides() -> QuerySet[Override]:
    """Every special rule, also those that are over and those that are to come, by class and area."""
    return Override.objects.order_by("category", "area", "-valid_from")


def override_rows() -> Iterator[tuple[dict[str, Any], bytes | None]]:
    """Every special rule as a row of a file, with the outline of its area, simple enough for a cell of a sheet."""
    shapes = {path: _simple(shape) for path, shape in outlines_by_path().items()}
    for row in overrides():
        shape = shapes.get(row.area)
        told = {
            "class": row.category,
            "area": row.area,
            "organisation": row.organisation,
            "cooperating": ";".join(row.cooperating),
            "arbiter": row.arbiter,
            "limit": f"{row.limit['value']:g} {row.limit['unit']}" if row.limit else "",
            "reason": row.reason,
            "valid_from": row.valid_from.isoformat(),
            "valid_until": row.valid_until.isoformat() if row.valid_until else "",
        }
        yield told, shapely.to_wkb(shape) if shape else None


def outlines_by_path() -> dict[str, BaseGeometry]:
    """The outlines of the regions of the map in force, by path."""
    version = grid.map_version()
    outlines = grid.draft_outlines(version)
    return {held.path: outlines[code] for code, held in grid.draft_regions(version).items() if code in outlines}


def _simple(shape: BaseGeometry) -> BaseGeometry:
    tolerance = SIMPLE
    while shapely.get_num_coordinates(shape) > MOST_POINTS:
        shape, tolerance = shapely.simplify(shape, tolerance), tolerance * 2
    return shape


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
        "limit": dict(row.limit),
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
        limit=row.limit,
    )


def _office(row: Any) -> Office:
    return Office(row.code, row.names, row.kind, row.path, row.area, frozenset(row.duties))


def _duty_of(found: Category) -> str:
    return str((found.department or {}).get("duty", ""))


def book(classes: Iterable[Category]) -> Book:
    """All that decides for these classes everywhere, now: three queries."""
    specials = tuple(special_of(row) for row in overrides_in_force(clock.now()))
    offices = tuple(_office(row) for row in accounts.organisations())
    return Book(offices, duty_rules(), {row.code: _duty_of(row) for row in classes}, specials)


def specials_of(code: str) -> list[Special]:
    """The special rules of one class in force now, whatever they say: one query."""
    return [special_of(row) for row in Override.objects.raw(_SPECIALS, {"code": code, "at": clock.now()})]


def book_at(found: Category | None, code: str, area: str, specials: Sequence[Special] | None = None) -> Book:
    """What decides for one class at one place: three queries, two where its special rules have been read already.

    A version of the class that is retired or no longer in force names no duty.
    """
    if specials is None or not area:
        specials = specials_of(code) if area else ()
    named = {name for one in specials for name in (one.organisation, one.arbiter, *one.cooperating) if name}
    offices = tuple(_office(row) for row in accounts.serving(area, named)) if area else ()
    counts = found is not None and found.in_force(clock.now()) and not found.retired
    duties = {code: _duty_of(found)} if found is not None and counts else {}
    return Book(offices, duty_rules(), duties, tuple(specials))


def book_of(case: Case, chosen: Category | None) -> Book | None:
    """What decides about a case of this version of its class; None before it has a class or a place."""
    return book_at(chosen, chosen.code, case.area) if chosen is not None and case.area else None


def responsible(category_code: str, area: str) -> Responsible:
    """Whose duty a class is in an area: the special rule if there is one, else class -> duty -> the nearest above.

    The first answer is "" when nobody is found; `why["reason"]` then says what is missing.
    """
    return responsible_in(book_at(category(category_code), category_code, area), category_code, area)


def responsible_for(chosen: Category, area: str, specials: Sequence[Special] | None = None) -> Responsible:
    """The same of a version of a class that has been read already."""
    return responsible_in(book_at(chosen, chosen.code, area, specials), chosen.code, area)


def responsible_in(found: Book, code: str, area: str) -> Responsible:
    """The same by what has been read already."""
    answer, duty = resolve(found, code, area), found.duties.get(code, "")
    rule = found.rules.get(duty)
    why: dict[str, Any] = {"category": code, "area": area, "duty": duty, "reason": answer.reason}
    if rule:
        why |= {"kind": rule.kind, "by": rule.by, "duty_names": rule.names}
    why |= {"cooperating": list(answer.cooperating), "arbiter": answer.arbiter, "override": answer.special}
    if rule and rule.own is not None:
        why["own_rule"] = rule.own
    if answer.reason == "special":
        why["because"] = next(one.reason for one in found.specials if one.id == answer.special)
    if answer.organisation:
        names = dict(found.by_code[answer.organisation].names)
        why |= {"names": names, "ground": answer.ground, "rivals": list(answer.rivals)}
    return Responsible(answer.organisation, why)


def specially_named() -> frozenset[str]:
    """The organisations that special rules in force now name, as responsible or as helping."""
    rows = overrides_in_force(clock.now())
    return frozenset(name for row in rows for name in (row.organisation, *row.cooperating) if name)


def book_of_all() -> Book:
    """All that decides for every class in force, everywhere, now: four queries."""
    return book(category_rows().filter(retired=False))
