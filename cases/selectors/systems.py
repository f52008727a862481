"""What the pages of systems ask about cases of some classes: counts, groups, days, those due first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import TruncDay
from django.utils.timezone import localtime

from cases.contracts import Stage
from cases.models import Case
from cases.selectors.finding import OPEN, due_order, visible_to
from cases.selectors.reading import is_late
from core import clock
from core.errors import Forbidden
from core.scope import Actor

_KEYS = {"class": F("category__code"), "district": F("district"), "stage": F("stage")}


@dataclass(frozen=True, slots=True)
class Urgent:
    """An open case without anything that somebody wrote: its class, stage, deadline and place."""

    number: str
    names: Mapping[str, str]
    stage: str
    due_at: datetime | None
    late: bool
    lon: float | None
    lat: float | None


def open_by_class(actor: Actor) -> dict[str, int]:
    """How many open cases of each class the actor sees, by the code of the class."""
    rows: Any = visible_to(actor).filter(OPEN, category__isnull=False).order_by().values_list("category__code")
    return dict(rows.annotate(n=Count("pk")))


def class_counts(
    classes: Sequence[str], count: str, actor: Actor, *, by: str = "", since: datetime | None = None
) -> dict[str, int]:
    """So many cases of these classes by group: the code of a class, a district, a stage, a `day`; "" is all of them.

    `count` is open, late (open and past the deadline), reported or closed since a moment, or on_time: which share in
    percent of those closed since then was handled within its limit, without a group that has none.
    """
    _require(actor)
    rows = visible_to(actor).filter(_counted(count, since), category__code__in=list(classes)).order_by()
    n = {"n": Count("pk"), "kept": Count("pk", filter=Q(handled_late=False))}
    if not by:
        found = [{"group": "", **rows.aggregate(**n)}]
    else:
        key = TruncDay("closed_at" if count == "closed" else "reported_at") if by == "day" else _KEYS[by]
        asked: Any = rows.values(group=key).annotate(**n)
        found = [{**row, "group": _told(row["group"])} for row in asked]
    if count != "on_time":
        return {row["group"]: row["n"] for row in found}
    return {row["group"]: 100 * row["kept"] // row["n"] for row in found if row["n"]}


def most_urgent(classes: Sequence[str], actor: Actor, *, most: int, late: bool = False) -> list[Urgent]:
    """The open cases of these classes that breach their limit first; only those that have, where asked."""
    _require(actor)
    wanted = _counted("late" if late else "open", None)
    rows = visible_to(actor).filter(wanted, category__code__in=list(classes)).order_by(*due_order())[:most]
    now = clock.now()
    return [_urgent(row, now) for row in rows]


def _require(actor: Actor) -> None:
    if not actor.holds("case.see"):
        raise Forbidden("case.not_yours_to_see")


def _counted(count: str, since: datetime | None) -> Q:
    if count == "late":
        return OPEN & Q(due_at__lt=clock.now())
    if count == "reported":
        return Q(reported_at__gte=since, parent=None)
    if count in ("closed", "on_time"):
        return Q(stage=Stage.CLOSED, closed_at__gte=since, parent=None)
    return OPEN


def _told(key: Any) -> str:
    return localtime(key).date().isoformat() if isinstance(key, datetime) else str(key or "")


def _urgent(row: Case, now: datetime) -> Urgent:
    place = (row.point.x, row.point.y) if row.point else (None, None)
    names = row.category.names if row.category else {}
    return Urgent(row.number, names, row.stage, row.due_at, is_late(row, now), *place)
