"""What people see of video: the cameras, their incidents, the evidence."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import Invalid
from core.gates import page_needs
from video import actions, selectors

PAGE = 30
LISTED = 200


def number_of(request: HttpRequest) -> int:
    """Which page of a list is asked for; the first where that is nonsense."""
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


@require_GET
@page_needs("camera.see")
def cameras(request: HttpRequest) -> HttpResponse:
    """Every camera on my ground: how it is, how often it is looked at, its last picture; and the newest incidents."""
    found = Paginator(selectors.camera_rows(request.actor), PAGE).get_page(number_of(request))
    context = {
        "page": found,
        "rows": [selectors.camera_line(row, request.actor) for row in found],
        "may_judge": request.actor.holds("accept"),
        "incidents": selectors.incidents(request.actor)[:12],
    }
    return render(request, "video/cameras.html", context)


@require_GET
@page_needs("admin")
def of_class(request: HttpRequest, code: str) -> HttpResponse:
    """The rules of cameras that report cases of a class, which would report nothing more without it."""
    total, rows = selectors.rules_of_class(code.replace("\x00", ""), request.actor)
    context = {"code": code, "total": total, "rows": rows[:LISTED], "hidden": total - len(rows[:LISTED])}
    return render(request, "video/of_class.html", context)


@require_GET
@page_needs("camera.see")
def incidents(request: HttpRequest) -> HttpResponse:
    """What the cameras on my ground have seen, newest first, `?state=` and `?camera=` narrow it."""
    state, camera = request.GET.get("state", ""), request.GET.get("camera", "")
    if state not in selectors.INCIDENT_STATES or "\x00" in camera:
        raise Invalid("video.bad_filter")
    rows = selectors.incidents(request.actor, camera_code=camera, state=state)
    found = Paginator(rows, PAGE).get_page(number_of(request))
    address = urlencode({name: value for name, value in (("state", state), ("camera", camera)) if value})
    context = {"page": found, "address": address, "state": state, "camera": camera, "states": selectors.INCIDENT_STATES}
    return render(request, "video/incidents.html", context)


@require_GET
@page_needs("camera.see")
def incident(request: HttpRequest, uid: str) -> HttpResponse:
    """One incident: pictures, times, what it was judged by, and its case."""
    found = selectors.incident(uid, request.actor)
    samples = selectors.samples(found, limit=200)
    gaps = [row.interval for row in samples if row.interval is not None]
    place = {"org": found.camera.organisation, "area": found.camera.area}
    context = {
        "incident": found,
        "stills": found.stills.all(),
        "samples": len(samples),
        "achieved": sum(gaps) / len(gaps) if gaps else None,
        "limit": found.parameters.get("dwell"),
        "may_judge": found.review == "pending" and request.actor.may("accept", **place),
        "may_see_case": request.actor.holds("case.see"),
        "may_see_raw": request.actor.may("person.see", **place),
    }
    return render(request, "video/incident.html", context)


@require_POST
@page_needs("accept")
def judge(request: HttpRequest, uid: str) -> HttpResponse:
    """The person says whether the incident is right."""
    right = request.POST.get("verdict") == "right"
    found = actions.judge(uid, actor=request.actor, right=right)
    told = _("Reported as case %(number)s.") % {"number": found.case_number} if right else _("Nothing comes of it.")
    messages.success(request, told)
    return redirect("video-incident-page", uid=uid)
