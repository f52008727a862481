"""Cases on the map: what may be counted in each cell, and the open ones in a box; always of what an actor may see.

What was registered are reports: a part of a case is none of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.gis.geos import Polygon
from django.db.models import Count, F, Func, JSONField, Q, TextField, Value
from django.db.models.functions import Cast, Coalesce

from cases.selectors.finding import OPEN, due_order, visible_to
from cases.selectors.reading import LAT, LON
from core.scope import Actor

Box = tuple[float, float, float, float]


def _json(**fields: Any) -> Cast:
    pairs = [part for name, value in fields.items() for part in (Value(name), value)]
    return Cast(Func(*pairs, function="json_build_object", output_field=TextField()), TextField())


_POINT = _json(
    number=F("number"),
    lon=LON,
    lat=LAT,
    stage=F("stage"),
    cell=F("cell"),
    due_at=F("due_at"),
    names=Coalesce(F("category__names"), Value({}, JSONField())),
)


def _open(now: datetime, since: datetime) -> Q:
    return OPEN


def _overdue(now: datetime, since: datetime) -> Q:
    return OPEN & Q(due_at__lt=now)


def _registered(now: datetime, since: datetime) -> Q:
    return Q(registered_at__gte=since, parent=None)


def _handled(now: datetime, since: datetime) -> Q:
    return Q(confirmed_at__gte=since)


COUNTED: Mapping[str, Callable[[datetime, datetime], Q]] = {
    "open": _open,
    "overdue": _overdue,
    "registered": _registered,
    "on_time": _handled,
}


def by_cell(actor: Actor, measure: str, *, now: datetime, since: datetime) -> dict[str, int]:
    """cell -> how many cases, or for `on_time` which share in percent was handled within its limit; in one query."""
    rows = visible_to(actor).filter(COUNTED[measure](now, since)).exclude(cell="").order_by().values("cell")
    if measure != "on_time":
        return {row["cell"]: row["n"] for row in rows.annotate(n=Count("pk"))}
    told = rows.annotate(n=Count("pk"), kept=Count("pk", filter=Q(handled_late=False)))
    return {row["cell"]: round(100 * row["kept"] / row["n"]) for row in told}


def open_in_box(actor: Actor, box: Box, limit: int) -> Sequence[str]:
    """The open cases inside west, south, east, north: those that breach their limit first come first.

    Each is a JSON object as text, with number, lon, lat, stage, cell, due_at and the names of its class: the database
    writes thousands of points in the time in which Python would write hundreds.
    """
    inside = Polygon.from_bbox(box)
    inside.srid = 4326
    rows = visible_to(actor).filter(OPEN, point__bboverlaps=inside).order_by(*due_order())
    return list(rows.values_list(_POINT, flat=True)[:limit])
