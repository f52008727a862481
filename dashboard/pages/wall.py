"""The wall, and the way in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.scope import Duty
from dashboard import selectors
from grid import selectors as grid

DOORS = (
    ("wall.see", "/wall/"),
    ("case.see", "/cases/"),
    ("camera.see", "/video/"),
    ("score.see", "/scores/"),
    ("admin", "/admin/"),
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Everybody starts where they work: cases where they have some to see, else the wall, the cameras or the scores.

    Who has none of these, such as who keeps a register, starts at what waits for them.
    Whoever administers a city that has no map yet starts at its set-up.
    """
    if request.actor.may("admin") and not grid.map_version():
        return redirect("/setup/")
    if request.actor.holds("case.see") and any(request.actor.holds(duty) for duty in Duty):
        return redirect("/cases/")
    fallback = "/todo/" if request.actor.rights else "/cases/"
    return redirect(next((path for right, path in DOORS if request.actor.holds(right)), fallback))


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """The wall of a scope, readable before any script has run."""
    name = request.GET.get("scope", "")[:40]
    snapshot = selectors.snapshot(request.actor, name)
    shown = selectors.scope(request.actor, snapshot["scope"])
    context = {
        "snapshot": snapshot,
        "scope": shown,
        "scopes": selectors.scopes(request.actor),
        "alerts": selectors.alerts(snapshot["cases"]),
        "news": selectors.latest(shown),
        "streets": selectors.street_count(shown),
        "map_version": grid.map_version(),
        "bounds": selectors.bounds(shown),
        "pitch": getattr(settings, "WALL_PITCH_MM", ""),
        "distance": getattr(settings, "WALL_DISTANCE_MM", ""),
    }
    response = render(request, "dashboard/wall.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
