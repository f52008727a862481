"""What speaks of limits beside the conditions of classes, and what that makes of a case, a class, a place."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from cases.models import AreaGrade, Case, Category, StepsModel
from cases.rules import GRADES, Control, Limit, LimitBook, Special, Spot, limit_of
from cases.selectors.catalogue import category_given, steps_model
from cases.selectors.controls import controls_at, controls_at_each
from cases.selectors.responsibility import overrides_in_force, special_of
from core import clock
from grid import selectors as grid

_GRADES = "SELECT * FROM cases_areagrade ORDER BY grade"  # asked with every registering: nothing to compile


def area_grades() -> list[AreaGrade]:
    """What each grade means, the most closely watched first; one that nobody has spoken of changes no limit."""
    held = {row.grade: row for row in AreaGrade.objects.raw(_GRADES)}
    return [held.get(grade) or AreaGrade(grade=grade) for grade in map(int, GRADES)]


def grades_told(rows: Iterable[AreaGrade]) -> dict[str, Any]:
    """The shares by the fields of their form: what `core.versions` compares."""
    return {f"share_{row.grade}": f"{row.share:g}" for row in rows}


def area_grade_fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a grade as a manifest gives it."""
    return {"names": given["names"], "share": float(given["share"])}


def specials_with_limits(at: datetime, code: str = "") -> tuple[Special, ...]:
    """The special rules in force that set a limit, of one class or of all."""
    rows = overrides_in_force(at).exclude(limit={})
    return tuple(special_of(row) for row in (rows.filter(category=code) if code else rows))


def limit_book(
    code: str = "",
    model: StepsModel | None = None,
    specials: Iterable[Special] | None = None,
    controls: Mapping[str, Sequence[Control]] | None = None,
) -> LimitBook:
    """All that speaks of limits now beside the conditions, for one class or for all: two queries, and the model.

    `specials` are the special rules of the class, where they have been read already; `controls` the control areas by
    cell, for a case that would be registered now.
    """
    grades = area_grades()
    if specials is None:
        specials = specials_with_limits(clock.now(), code)
    return LimitBook(
        shares={row.grade: row.share for row in grades},
        names={row.grade: row.names for row in grades},
        specials=tuple(one for one in specials if one.limit),
        quick=(model or steps_model()).quick,
        controls=controls or {},
    )


def spot_of(case: Case) -> Spot:
    """Where the case lies, with the grade that the map in force gives that ground."""
    place = grid.place_at(case.lon, case.lat) if case.lon is not None and case.lat is not None else None
    return Spot(case.area, place.grade if place else 0, case.cell)


def limit_for(
    chosen: Category, condition: str, case: Case, model: StepsModel, specials: Iterable[Special],
    controls: Sequence[Control],
) -> Limit | None:  # fmt: skip
    """The limit that a case would be promised now under a condition, and why; None where the class has it not.

    `controls` are the control areas that hold in its cell.
    """
    book = limit_book(chosen.code, model, specials, {case.cell: controls})
    return limit_of(book, category_given(chosen), condition, spot_of(case))


def limits_for(chosen: Category, case: Case) -> dict[str, Limit]:
    """The same under every condition of the class, by its letter."""
    return _by_letter(limit_book(chosen.code, controls={case.cell: controls_at(case.cell)}), chosen, spot_of(case))


def limits_for_each(rows: Sequence[tuple[Category, Case]]) -> list[dict[str, Limit]]:
    """The same of every case under the class beside it, with as many queries for a hundred as for one."""
    book = limit_book(controls=controls_at_each(case.cell for _chosen, case in rows))
    spots = _spots_of([case for _chosen, case in rows])
    return [_by_letter(book, chosen, spot) for (chosen, _case), spot in zip(rows, spots, strict=True)]


def _by_letter(book: LimitBook, chosen: Category, spot: Spot) -> dict[str, Limit]:
    given, letters = category_given(chosen), [str(row["code"]) for row in chosen.conditions]
    return {letter: found for letter in letters if (found := limit_of(book, given, letter, spot))}


def _spots_of(cases: Sequence[Case]) -> list[Spot]:
    """`spot_of` each of them."""
    placed = {case.number: (case.lon, case.lat) for case in cases if case.lon is not None and case.lat is not None}
    found = grid.places_at(list(placed.values()))
    cells = {number: place[0] for number, place in zip(placed, found, strict=True) if place}
    grades = grid.cell_grades(cells.values())
    return [Spot(case.area, grades.get(cells.get(case.number, ""), 0), case.cell) for case in cases]
