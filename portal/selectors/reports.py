"""Questions about what came in through the open interface, as everybody may ask them."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts import selectors as accounts
from cases import selectors as cases
from cases.contracts import ENDS
from core.errors import NotFound
from portal.models import Report, Service
from portal.rules import Page, Window

_CODE = re.compile(r"[A-Z][0-9]{1,19}")


class Found(NamedTuple):
    """Reports with what their answers need from elsewhere: the names of the organisations that have the cases."""

    rows: Sequence[Report]
    organisations: dict[str, Any]


def public() -> QuerySet[Report]:
    """What everybody may read: reports of a service that shows them at once, and those that somebody has accepted."""
    seen = Q(realtime=True) | Q(case__accepted_at__isnull=False)
    rows = Report.objects.filter(seen, case__category__isnull=False)
    return rows.select_related("case__category").order_by("-case__reported_at", "-id")


def found(
    window: Window, page: Page, *, numbers: Iterable[str] = (), services: Collection[str] = (), states: Collection[str]
) -> Found:
    """The reports asked for, newest first; with numbers those and no other filter."""
    wanted = list(numbers)
    rows = public()
    if wanted:
        rows = rows.filter(case__number__in=[number for number in wanted if cases.is_number(number)])
    else:
        rows = rows.filter(case__reported_at__gte=window.start)
        rows = rows.filter(case__reported_at__lte=window.end) if window.end else rows
        rows = rows.filter(case__category__code__in=services) if services else rows
        rows = _in_state(rows, states)
    return _with_names(list(rows[page.start : page.start + page.size]))


def _in_state(rows: QuerySet[Report], states: Collection[str]) -> QuerySet[Report]:
    ended = Q(case__stage__in=sorted(ENDS))
    if set(states) == {"open"}:
        return rows.exclude(ended)
    return rows.filter(ended) if set(states) == {"closed"} else rows


def unknown_services(codes: Iterable[str]) -> list[str]:
    """Those of the codes that name no class that is, or once was, offered to citizens."""
    asked = list(codes)
    known = set(
        Service.objects.filter(code__in=[one for one in asked if _CODE.fullmatch(one)]).values_list("code", flat=True)
    )
    return [one for one in asked if one not in known]


def one(number: str) -> Found:
    """The public report of that number; NotFound where there is none, or none that is public."""
    row = public().filter(case__number=number).first() if cases.is_number(number) else None
    if row is None:
        raise NotFound("portal.unknown_request", number=number[:40])
    return _with_names([row])


def _with_names(rows: list[Report]) -> Found:
    codes = {row.case.organisation for row in rows} - {""}
    held = accounts.organisations().filter(code__in=codes).values_list("code", "names") if codes else ()
    return Found(rows, dict(held))


def by_token(token: str) -> tuple[Report, bool]:
    """The report behind a token, and whether its case is public yet; NotFound for a token nobody was given."""
    try:
        row = Report.objects.select_related("case").filter(token=UUID(token)).first()
    except ValueError:
        row = None
    if row is None:
        raise NotFound("portal.unknown_token", token=token[:40])
    return row, row.realtime or row.case.accepted_at is not None


def notes_of(rows: Sequence[Report]) -> dict[int, list[tuple[datetime, str]]]:
    """By case, the stages it has passed and when, in one query."""
    return cases.stages_passed([row.case_id for row in rows])


def extras(rows: Sequence[Report]) -> dict[str, list[Any]]:
    """By service, the questions that it asks now, to name the answers by."""
    wanted = {row.service for row in rows}
    return {row.code: list(row.questions) for row in Service.objects.filter(code__in=wanted)}
