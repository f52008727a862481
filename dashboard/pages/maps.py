"""The full map: a measure by cell, layers, search, and the same as a list for whoever sees no map."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from assets import selectors as assets
from core.errors import Invalid
from dashboard import selectors
from dashboard.contracts import DAYS, METRICS
from grid import selectors as grid
from video import selectors as video

METRIC_WORDS = {
    "open": _("Open cases"),
    "overdue": _("Overdue cases"),
    "registered": _("Cases registered"),
    "on_time": _("Handled in time"),
    "grade": _("Management grade"),
}
DAY_WORDS = {
    1: pgettext_lazy("period", "Last 24 hours"),
    7: pgettext_lazy("period", "Last 7 days"),
    30: pgettext_lazy("period", "Last 30 days"),
    90: pgettext_lazy("period", "Last 90 days"),
}
CAMERA = ("code", "names", "lon", "lat", "state")


@require_safe
def atlas(request: HttpRequest) -> HttpResponse:
    """The map for everybody who works here; what it counts is what they may see."""
    actor = request.actor
    if not actor.rights:
        raise PermissionDenied("the map is for people who work here")
    told = selectors.cell_values(actor, request.GET.get("metric", "open"), _days(request))
    rows = selectors.worst_cells(told)
    context = {
        "told": told,
        "rows": rows,
        "cells": len(told.values),
        "metrics": METRIC_WORDS.items(),
        "periods": DAY_WORDS.items(),
        "metric_word": METRIC_WORDS[told.metric.code],
        "by_period": [code for code, metric in METRICS.items() if metric.by_period],
    }
    if request.headers.get("HX-Request"):
        return _kept(render(request, "dashboard/_cells.html", context))
    facts = {"assets": f"/tiles/assets/{{z}}/{{x}}/{{y}}.mvt?v={assets.layer_version()}", "cameras": _cameras(request)}
    return _kept(render(request, "dashboard/map.html", {**context, "facts": facts, "published": grid.map_version()}))


def _kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response


def _days(request: HttpRequest) -> int:
    given = request.GET.get("days", "7")
    if not (given.isascii() and given.isdigit() and len(given) < 5):
        raise Invalid("atlas.no_period", days=given[:20], known=", ".join(map(str, DAYS)))
    return int(given)


def _cameras(request: HttpRequest) -> list[dict[str, object]]:
    return [{name: getattr(view, name) for name in CAMERA} for view in video.wall_cameras(request.actor)]
