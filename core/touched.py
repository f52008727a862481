"""How many rows a changed schema touches: asked of the tables before it is put in force."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.fields.json import KeyTransform

from core.moves import Difference, Move, compared, moved, renamed
from core.schema import validate

Touched = tuple[Difference, int]


def touched(
    rows: QuerySet[Any], before: Mapping[str, Any], after: Mapping[str, Any], moves: Sequence[Move]
) -> list[Touched]:
    """Each difference between two schemas of the `attributes` of these rows, with how many of them it touches."""
    return [(one, _count(rows, one, after, moves)) for one in compared(before, after, moves)]


def _count(rows: QuerySet[Any], one: Difference, after: Mapping[str, Any], moves: Sequence[Move]) -> int:
    if one.kind == "added":
        return 0
    called = next((name for name, to in renamed(moves).items() if to == one.name), one.name)
    if one.kind == "needed":
        given = any(one.name in (move.get("default") or {}) for move in moves)
        return 0 if given else rows.exclude(attributes__has_key=called).count()
    there = rows.filter(attributes__has_key=called)
    return there.count() if one.kind != "narrowed" else _unfit(there, called, one.name, after, moves)


def _unfit(rows: QuerySet[Any], called: str, name: str, after: Mapping[str, Any], moves: Sequence[Move]) -> int:
    """Rows whose value would be none any more, also after the moves: each value is looked at once."""
    values = rows.order_by().annotate(value=KeyTransform(called, "attributes")).values_list("value")
    rule = (after.get("properties") or {})[name]
    return sum(
        n for value, n in values.annotate(n=Count("pk")) if validate(rule, moved({called: value}, moves).get(name))
    )
