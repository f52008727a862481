"""Questions about services: the classes of cases that citizens may report now."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from cases import selectors as cases
from core.errors import NotFound
from portal import rules
from portal.contracts import OpenService
from portal.models import Service


def service_rows() -> QuerySet[Service]:
    """Everything that a pack or the city has said of a service, open or not, by code."""
    return Service.objects.order_by("code")


def service_fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a service as a manifest gives it."""
    return {
        "realtime": given.get("realtime", True),
        "about": given.get("about", {}),
        "keywords": given.get("keywords", {}),
        "notice": given.get("notice", {}),
        "questions": list(given.get("questions", ())),
    }


def open_services() -> list[OpenService]:
    """What citizens may report: open, and of a class in force and switched on; two queries."""
    rows = {row.code: row for row in Service.objects.filter(open=True)}
    return [_told(rows[one.code], one) for one in cases.categories() if one.code in rows]


def open_service(code: str) -> OpenService:
    """The open service of that code; NotFound where there is none."""
    found = next((one for one in open_services() if one.code == code), None)
    if found is None:
        raise NotFound("portal.unknown_service", code=code[:40])
    return found


def closed_classes() -> list[Any]:
    """The classes in force and switched on of which nothing was said yet, so that one may be opened."""
    known = set(Service.objects.values_list("code", flat=True))
    return [row for row in cases.categories() if row.code not in known]


def _told(row: Service, kind: Any) -> OpenService:
    return OpenService(
        code=row.code,
        names=kind.names,
        about=row.about,
        group=cases.major_name(kind),
        keywords=row.keywords,
        notice=row.notice,
        realtime=row.realtime,
        questions=tuple(rules.question(one) for one in row.questions),
    )
