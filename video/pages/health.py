"""How the nodes and the cameras are, and what is out of order."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.gates import page_needs
from video import selectors
from video.pages.cameras import number_of

PAGE, LATE = 50, 50


@require_GET
@page_needs("camera.see")
def health(request: HttpRequest) -> HttpResponse:
    """Faults of now and of the last days, cameras that are looked at too seldom, and who looks at them."""
    actor = request.actor
    found = Paginator(selectors.faults_now(actor), PAGE).get_page(number_of(request))
    late = selectors.late_cameras(actor)
    context = {
        "page": found,
        "past": selectors.faults_past(actor),
        "late": late[:LATE],
        "late_many": late.count(),
        "unread": selectors.unread_cameras(actor),
        "nodes": selectors.node_lines(),
        "may_see_case": actor.holds("case.see"),
    }
    return render(request, "video/health.html", context)
