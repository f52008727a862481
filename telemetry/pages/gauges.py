"""A station with its curve, its bands and its alarms; and the flood page: every point, its depth, rain warnings."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assets import selectors as assets
from core import clock
from core.errors import DomainError
from core.languages import pick
from core.sentences import sentence_of
from telemetry import actions, selectors
from telemetry.contracts.alarms import HANDLE, LEVELS
from telemetry.contracts.observations import StationView
from telemetry.forms.alarms import RainForm

SPANS = {"6": timedelta(hours=6), "24": timedelta(days=1), "72": timedelta(days=3), "168": timedelta(days=7)}
FLOODING = "flooding"


@require_safe
def station(request: HttpRequest, code: str) -> HttpResponse:
    """One station: the curves of its gauges over its bands, whether each still tells, and its alarms."""
    row = selectors.station_row(code, request.actor)
    (view,) = selectors.views_of([row])
    span = request.GET.get("hours", "24")
    span = span if span in SPANS else "24"
    until = clock.now() + timedelta(minutes=1)
    since = until - SPANS[span]
    streams = selectors.streams_of(row)
    context = {
        "view": view, "span": span, "spans": list(SPANS), "since": since, "until": until,
        "series": [(one.names, selectors.series(one, since, until)) for one in streams],
        "alarms": selectors.alarms_of(row), "place": assets.place_names(row.area), "points": [mark(view)],
        "here": request.get_full_path(),
    }  # fmt: skip
    return render(request, "telemetry/station.html", context)


def mark(view: StationView) -> dict[str, Any]:
    """A station as a mark of the map, by its level."""
    shown = "off" if view.silent else LEVELS[view.level][2]
    told = "" if view.value is None else f" {view.value:g}"
    return {
        "id": view.code, "lon": view.lon, "lat": view.lat, "level": shown, "label": f"{pick(view.names)}{told}",
        "href": reverse("gauge-station", args=[view.code]),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def flooding(request: HttpRequest) -> HttpResponse:
    """Every flood-prone point, the deepest and gravest first, with its gauges; and the rain warnings in force."""
    selectors.may_see_any(request.actor)
    areas = [pair for pair in assets.area_choices(request.actor) if selectors.may(request.actor, HANDLE, pair[0])]
    form = RainForm(areas, request.POST or None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        until = clock.now() + timedelta(hours=told["hours"])
        try:
            actions.warn_of_rain(actor=request.actor, area=told["area"], until=until, reason=told["reason"])
        except DomainError as error:
            refusal = sentence_of(error)
        else:
            messages.success(request, _("Rain mode is in force."))
            return redirect("flooding")
    views = selectors.views_of(selectors.stations(request.actor, system=FLOODING))
    views.sort(key=lambda one: (-one.level, one.silent, -(one.value or 0), one.code))
    context = {
        "rows": views, "points": [mark(view) for view in views], "form": form if areas else None, "refusal": refusal,
        "rains": selectors.rain_now(request.actor), "here": request.get_full_path(), "figures": _figures(views),
        "open": request.method == "POST", "area_names": dict(assets.area_choices(request.actor)),
    }  # fmt: skip
    return render(request, "telemetry/flooding.html", context, status=400 if request.method == "POST" else 200)


def _figures(views: list[StationView]) -> dict[str, Any]:
    levels = [(level, sum(view.level == level for view in views)) for level in (4, 3, 2, 1)]
    gauges = [one for view in views for one in view.streams if one.metric != selectors.RAIN]
    return {
        "points": len(views), "gauges": len(gauges), "silent": sum(one.silent for one in gauges), "levels": levels,
    }  # fmt: skip


@require_POST
def end_rain(request: HttpRequest, pk: int) -> HttpResponse:
    """The warning is over."""
    actions.end_rain(pk, actor=request.actor)
    messages.success(request, _("The warning is over."))
    return redirect("flooding")
