"""What would become of a case of a class at a place, if it were registered and dispatched now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from cases.models import Category
from cases.rules import Answer, LimitBook, Office, Spot, limit_of, resolve
from cases.selectors.catalogue import category, category_given, steps_model
from cases.selectors.controls import controls_at
from cases.selectors.deadlines import Deadline, deadline
from cases.selectors.limits import limit_book
from cases.selectors.responsibility import book_at
from core import clock
from core.errors import Invalid
from grid import selectors as grid
from grid.contracts import Place


@dataclass(frozen=True)
class Promise:
    """A registration condition, the limit it has there and why, and until when it would have to be handled."""

    code: str
    text: Mapping[str, str]
    closing: Mapping[str, str]
    limit: Mapping[str, Any]
    says: Mapping[str, Any]
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
    held, model, now = book_at(found, category_code, place.area), steps_model(), clock.now()
    book = limit_book(category_code, controls={place.cell: controls_at(place.cell)})
    promised = partial(_promise, book, found, place, now, model.warn_share)
    total = model.post_limits.get("total")
    return WhatIf(
        category=found,
        place=place,
        answer=resolve(held, category_code, place.area),
        offices=held.by_code,
        promises=tuple(promised(row) for row in chosen),
        total=deadline(total, place.area, now, model.warn_share) if total else None,
        at=now,
    )


def _promise(
    book: LimitBook, found: Category, place: Place, now: datetime, warn_share: float, row: Mapping[str, Any]
) -> Promise:
    letter = str(row["code"])
    spot = Spot(place.area, place.grade, place.cell)
    limit, says = limit_of(book, category_given(found), letter, spot) or (row["limit"], {})
    until = deadline(limit, place.area, now, warn_share)
    return Promise(letter, row["text"], row.get("closing", {}), limit, says, until)
