"""The systems of the city: which there are for the reader and what waits in them, and the page of one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.errors import Forbidden
from core.languages import pick
from dashboard import selectors
from dashboard.contracts import Told, View


@require_safe
def systems(request: HttpRequest) -> HttpResponse:
    """Every system of which the reader may use something, with its open cases, waiting records and ends of terms."""
    if not request.actor.areas():
        raise Forbidden("systems.none", system="")
    return render(request, "dashboard/systems.html", {"systems": selectors.systems(request.actor)})


@require_safe
def system(request: HttpRequest, code: str) -> HttpResponse:
    """A system: its panels, registers, types of components and the cases due first."""
    page = selectors.system(code, request.actor)
    panels = selectors.answered(page.panels, request.actor)
    context = {
        "system": page.system, "panels": [(told, _points(told)) for told in panels], "registers": page.registers,
        "types": page.types,
    }  # fmt: skip
    return render(request, "dashboard/system.html", context)


def _points(told: Told) -> list[dict[str, Any]]:
    if told.panel.view is not View.MAP:
        return []
    return [
        {"id": line.number, "lon": line.lon, "lat": line.lat, "level": line.level, "href": line.href,
         "label": f"{pick(told.panel.names)} {line.title}"}
        for line in told.lines
        if line.lon is not None
    ]  # fmt: skip
