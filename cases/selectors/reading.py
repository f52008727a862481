"""How a case reads: as a view for callers, as news for the journal, as reasons for people."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from cases.contracts import ENDS, CaseNews, CaseView, ClockKind
from cases.models import Case, Clock, Evidence, Reporter
from core import clock
from core.errors import Forbidden, NotFound
from core.scope import Actor


def is_late(case: Case, now: datetime) -> bool:
    """Whether the handling limit was broken or the clock now running is past."""
    return case.handled_late or (case.stage not in ENDS and case.due_at is not None and case.due_at < now)


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


def _belongs(case: Case) -> dict[str, Any]:
    return {
        "component": case.component,
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
    return [_why(row, now) for row in Clock.objects.filter(case=case)]


def _why(row: Clock, now: datetime) -> dict[str, Any]:
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
    return Evidence.objects.filter(mine)


def evidence_of(case: Case, evidence_id: int) -> Evidence:
    """One picture of a case; NotFound("case.no_evidence") if it has none of this id."""
    found = _evidence(case).filter(pk=evidence_id).first()
    if found is None:
        raise NotFound("case.no_evidence", id=evidence_id)
    return found


def reporter_of(case: Case, actor: Actor) -> Reporter | None:
    """Who reported, for those with `person.see` there; None when nobody is known."""
    if not actor.may("person.see", org=case.org, area=case.area):
        raise Forbidden("case.person_hidden")
    return Reporter.objects.filter(case=case).first()
