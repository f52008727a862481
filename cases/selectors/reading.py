"""How a case reads: as a view for callers, as news for the journal, as reasons for people."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, FloatField, Func, Min, Q, QuerySet

from cases.contracts import ENDS, CaseNews, CaseView, ClockKind
from cases.contracts.evidence import Film, Scan
from cases.contracts.flags import Flag
from cases.models import Case, Clip, Clock, Evidence, Quarantine
from cases.rules import lamp
from core import clock
from core.errors import NotFound

LATELY_DAYS = 7


class HeldBack(NamedTuple):
    """Pictures that wait for the scanner, since when, and those in which it found something in the last days."""

    waiting: int
    since: datetime | None
    infected: int


def is_late(case: Case, now: datetime) -> bool:
    """Whether the handling limit was broken or the clock now running is past."""
    return _late(case.handled_late, case.stage, case.due_at, now)


def _late(handled_late: bool, stage: str, due_at: datetime | None, now: datetime) -> bool:
    return handled_late or (stage not in ENDS and due_at is not None and due_at < now)


def view_of(case: Case, *, repeated: bool = False) -> CaseView:
    """The case as callers get it."""
    return CaseView(
        number=case.number,
        version=case.version,
        stage=case.stage,
        kind=case.kind,
        category=case.category_code,
        category_names=case.category.names if case.category else {},
        description=case.description,
        source=case.source,
        source_ref=case.source_ref,
        lon=case.lon,
        lat=case.lat,
        address=case.address,
        cell=case.cell,
        area=case.area,
        district=case.district,
        place=case.place,
        org=case.org,
        organisation=case.organisation,
        handler=case.handler,
        collector=case.collector,
        due_at=case.due_at,
        late=is_late(case, clock.now()),
        priority=case.priority,
        reported_at=case.reported_at,
        registered_at=case.registered_at,
        held_until=case.held_until,
        returned_by=tuple(case.returned_by),
        closed_at=case.closed_at,
        condition=str(case.promise.get("condition", "")),
        rework_count=case.rework_count,
        photo=case.has_photo,
        incident=case.incident,
        trace=case.trace,
        attributes=case.attributes,
        repeated=repeated,
        **_belongs(case),
    )


# What a list reads of a case: columns that are told as they are, JSON, and what has another name or is from elsewhere.
_AS_IT_IS = (
    "number", "version", "stage", "kind", "description", "source", "source_ref", "address", "cell", "area", "district",
    "org", "handler", "collector", "due_at", "priority", "reported_at", "registered_at", "held_until", "closed_at",
    "rework_count", "incident", "trace", "component", "absorbed", "parts", "satisfaction",
)  # fmt: skip
LON = Func(F("point"), function="ST_X", output_field=FloatField())
LAT = Func(F("point"), function="ST_Y", output_field=FloatField())
# Asked with every list, and always the same but for the keys; so it is one that Django need not compile.
_LISTED = f"""
    SELECT c.id, c.handled_late, c.has_photo, c.returned_by::text, c.promise ->> 'condition', k.code, k.names::text,
           c.duplicate_of_id, c.parent_id, ST_X(c.point), ST_Y(c.point), c.place::text, c.attributes::text,
           array_remove(ARRAY[{", ".join(f"CASE WHEN c.{flag} THEN '{flag}' END" for flag in Flag)}], NULL),
           {", ".join(f"c.{name}" for name in _AS_IT_IS)}
      FROM cases_case c LEFT JOIN cases_category k ON k.id = c.category_id
     WHERE c.id IN (%s) ORDER BY c.id DESC
"""


class Near(NamedTuple):
    """The newest of some cases, and whether these are all there are."""

    rows: QuerySet[Case]
    whole: bool


Lately = Callable[[int | None], Near]
"""Asked with a key, or with None: the newest of some cases below it."""


def newest(
    rows: QuerySet[Case], most: int, *, oldest: bool = False, lately: Callable[[], Near] | None = None
) -> list[tuple[int, CaseView]]:
    """Key and view of the newest (or the oldest) of these cases, newest first, as `view_of` tells (a test holds both).

    `lately` gives those of them that are asked first, the newest (`filters.lately`).
    Which they are is asked by their keys alone: what is told of a case is read of those few, and not of all that pass a
    filter without an order of its own. It makes neither a row of the table nor its class nor a geometry in Python,
    which is most of what a list costs.
    """
    if lately is not None:
        near = lately()
        found = newest(near.rows, most)
        if near.whole or len(found) == most:
            return found
    now, read = clock.now(), lru_cache(maxsize=None)(json.loads)
    try:
        keys, params = rows.order_by("pk" if oldest else "-pk").values("pk")[:most].query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LISTED.replace("%s", keys), params)
        return [_view(row, now, read) for row in cursor.fetchall()]


def _view(row: tuple[Any, ...], now: datetime, read: Callable[[str], Any]) -> tuple[int, CaseView]:
    """A row as a view; what is said in JSON is much the same in every row, and read once."""
    key, handled_late, photo, returned_by, condition, code, names, twin, whole, *rest = row
    lon, lat, place, more, flags, *columns = rest
    told = dict(zip(_AS_IT_IS, columns, strict=True))
    return key, CaseView(
        **told,
        category=code or "",
        category_names=read(names) if names else {},
        lon=lon,
        lat=lat,
        place=read(place),
        attributes=read(more),
        organisation=told["org"].rpartition(".")[2],
        late=_late(handled_late, told["stage"], told["due_at"], now),
        returned_by=tuple(read(returned_by)),
        flags=tuple(flags),
        condition=condition or "",
        photo=photo,
        duplicate_of=twin or "",
        parent=whole or "",
    )


def _belongs(case: Case) -> dict[str, Any]:
    return {
        "component": case.component,
        "flags": case.flags,
        "satisfaction": case.satisfaction,
        "duplicate_of": case.duplicate_of_id or "",
        "absorbed": case.absorbed,
        "parent": case.parent_id or "",
        "parts": case.parts,
    }


def news_of(case: Case, verb: str, *, clock_kind: str = "") -> CaseNews:
    """The case as the journal tells it: ids and facts, nothing about persons."""
    return CaseNews(
        number=case.number,
        verb=verb,
        stage=str(case.stage),
        version=case.version,
        category=case.category_code,
        kind=case.kind,
        source=case.source,
        lon=case.lon,
        lat=case.lat,
        cell=case.cell,
        place=dict(case.place),
        organisation=case.organisation,
        district=case.district,
        due_at=case.due_at.isoformat() if case.due_at else None,
        late=is_late(case, clock.now()),
        priority=case.priority,
        reported_at=case.reported_at.isoformat(),
        photo=case.has_photo,
        incident=case.incident,
        clock=clock_kind,
    )


def why_due(case: Case) -> list[dict[str, Any]]:
    """Every clock of the case in order, with the rule, the calendar and the start that made its deadline."""
    now = clock.now()
    return [why_of_clock(row, now) for row in Clock.objects.filter(case=case)]


def why_of_clock(row: Clock, now: datetime) -> dict[str, Any]:
    """One clock with the rule, the calendar and the start that made its deadline, and the rungs of its ladder."""
    end = row.stopped_at or row.paused_at or now
    used = None
    if row.due_at:
        whole = (row.due_at - row.started_at).total_seconds()
        used = round(100 * (end - row.started_at).total_seconds() / whole) if whole else 100
    return {
        "kind": row.kind,
        "stage": row.stage,
        "round": row.round,
        "started_at": row.started_at,
        "due_at": row.due_at,
        "stopped_at": row.stopped_at,
        "warn_at": row.warn_at,
        "minutes": row.minutes,
        "calendar": row.calendar,
        "late": row.due_at is not None and row.due_at < end,
        "running": row.stopped_at is None,
        "paused": row.paused_at is not None,
        "paused_at": row.paused_at,
        "paused_minutes": row.paused_minutes,
        "extended_minutes": row.extended_minutes,
        "seconds": max(0, round((end - row.started_at).total_seconds())),
        "used": used,
        "main": row.kind == ClockKind.HANDLING,
        "lamp": "off" if row.stopped_at or row.paused_at else lamp(row.due_at, row.warn_at, now),
        "rungs": row.rungs,
        **row.why,
    }


def pictures(case: Case) -> list[Evidence]:
    """Every picture of a case the caller was allowed to see, oldest first.

    With them those of the reports that were merged into it, and of the whole that it is a part of.
    """
    return list(_evidence(case))


def _evidence(case: Case) -> QuerySet[Evidence]:
    mine = Q(case=case)
    if case.absorbed:
        mine |= Q(case__duplicate_of=case.number)
    if case.parent_id:
        mine |= Q(case__number=case.parent_id)
    return Evidence.objects.filter(mine).select_related("quarantine", "clip")


def scan_of(row: Evidence) -> Scan:
    """What the scanner said of a picture; `none` where nobody asked it."""
    held: Quarantine | None = getattr(row, "quarantine", None)
    return Scan(held.state) if held else Scan.NONE


def film_of(row: Evidence) -> Film:
    """How far the public copy of a clip is; `none` for a picture."""
    clip: Clip | None = getattr(row, "clip", None)
    return Film(clip.state) if clip else Film.NONE


def held_back() -> HeldBack:
    """How many pictures wait for the scanner, since when the longest, and in how many it found something lately."""
    waiting = Quarantine.objects.filter(state=Scan.WAITING).aggregate(count=Count("pk"), since=Min("since"))
    lately = clock.now() - timedelta(days=LATELY_DAYS)
    infected = Quarantine.objects.filter(state=Scan.INFECTED, judged_at__gte=lately).count()
    return HeldBack(waiting["count"], waiting["since"], infected)


def evidence_of(case: Case, evidence_id: int) -> Evidence:
    """One picture of a case; NotFound("case.no_evidence") if it has none of this id."""
    found = _evidence(case).filter(pk=evidence_id).first()
    if found is None:
        raise NotFound("case.no_evidence", id=evidence_id)
    return found
