"""Questions about units that join: the drafts, the steps of one with their rows, what its check says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts import selectors as accounts
from cases import selectors as cases
from core.errors import NotFound
from core.languages import pick
from core.scope import Actor
from dashboard.contracts import UNITS
from dashboard.models import Joining
from exchange import selectors as files
from exchange.contracts import Column, intakes
from exchange.contracts.books import Book, Sheet
from packs import selectors as packs

LATEST = 30
FIRST = {
    "organisations": ("code", "name", "name_en", "kind", "level", "parent", "area", "duties"),
    "unit_packs": ("organisation", "pack"),
    "people": ("username", "name", "organisation", "phone"),
    "posts": ("post", "organisation", "role", "person"),
    "general_rules": ("duty", "name", "name_en", "kind", "level", "reason"),
    "special_rules": ("class", "area", "organisation", "reason"),
}
"""What the form of a sheet asks at first, and its table shows; the other fields wait behind a fold."""


@dataclass(frozen=True)
class Step:
    """A step of a draft: its sheet, how many rows it has, and whether it is the one being looked at."""

    sheet: Sheet
    count: int
    current: bool


def joinings(actor: Actor) -> QuerySet[Joining]:
    """The drafts, those that are open first; the newest that were made."""
    files.only_admins(actor)
    newest = Joining.objects.filter(ended_at__isnull=False).order_by("-ended_at").values("pk")[:LATEST]
    return Joining.objects.filter(Q(ended_at=None) | Q(pk__in=list(newest))).order_by("-made_at", "-pk")


def joining(uid: str, actor: Actor) -> Joining:
    """One draft; NotFound where there is none."""
    files.only_admins(actor)
    row = Joining.objects.filter(uid=uid).first()
    if row is None:
        raise NotFound("units.none")
    return row


def joining_check(row: Joining, actor: Actor) -> Any:
    """The import by which the draft is checked and made, as long as it says something of the draft as it is."""
    if row.job is None:
        return None
    return files.visible_to(actor).filter(uid=row.job).first()


def joining_book() -> Book:
    """The book by which units join."""
    found = intakes()[UNITS]
    if not isinstance(found, Book):
        raise NotFound("units.none")
    return found


def joining_steps(row: Joining, kind: str = "") -> list[Step]:
    """The steps in their order, each with how many rows were written (or, once made, were made)."""
    counts = row.made if row.ended_at else {name: len(rows) for name, rows in row.sheets.items()}
    return [Step(sheet, counts.get(sheet.kind, 0), sheet.kind == kind) for sheet in joining_book().sheets]


def joining_columns(kind: str) -> tuple[list[Column], list[Column]]:
    """The fields of a sheet: those that are asked at first, and the others; NotFound where the book has no such."""
    if joining_book().sheet(kind) is None:
        raise NotFound("units.no_sheet", sheet=kind[:40])
    known = {column.name: column for column in intakes()[kind].columns if not column.many}
    first = [known[name] for name in FIRST[kind]]
    return first, [column for column in known.values() if column not in first]


def joining_words(row: Joining, kind: str) -> dict[str, list[tuple[str, str]]]:
    """What may stand in fields of a sheet, as value and name: those of the draft before those of the city."""
    asked = {column.name for column in intakes()[kind].columns}
    units = [*_drafted(row, "organisations", "code", "name"), *_units()]
    found = {
        "organisation": units if kind != "organisations" else [],
        "parent": units,
        "person": _drafted(row, "people", "username", "name"),
        "pack": _packs() if "pack" in asked else [],
        "role": _named(accounts.role_names()) if "role" in asked else [],
        "kind": [(one.code, pick(one.names)) for one in accounts.kinds()] if "kind" in asked else [],
        "level": [(one, "") for one in ("city", "district", "street", "community")],
        "duties": [(one, "") for one in sorted(cases.duties())] if "duties" in asked else [],
        "class": [(one.code, pick(one.names)) for one in cases.categories()] if "class" in asked else [],
    }
    return {name: words for name, words in found.items() if name in asked and words}


def _drafted(row: Joining, kind: str, code: str, name: str) -> list[tuple[str, str]]:
    return [(one[code], one.get(name, "")) for one in row.sheets.get(kind, ()) if one.get(code)]


def _units() -> list[tuple[str, str]]:
    return [(one.code, pick(one.names)) for one in accounts.organisations()]


def _packs() -> list[tuple[str, str]]:
    held = packs.names_in_force()
    return _named({code: pack.document.get("names") or {} for code, pack in packs.library().packs.items()} | held)


def _named(names: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    return [(code, pick(told)) for code, told in sorted(names.items())]


def joining_cells(row: Joining, kind: str, columns: Sequence[Column]) -> list[dict[str, Any]]:
    """The rows of a sheet as numbers and cells in the order of these columns."""
    return [
        {"number": number, "cells": [one.get(column.name, "") for column in columns]}
        for number, one in enumerate(row.sheets.get(kind, ()), start=1)
    ]
