"""The editor of a camera's zones and rules: on a still, tried on what the camera remembers before it is saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError, Invalid, NotFound
from core.gates import page_needs
from core.sentences import sentence_of
from video import actions, forms, selectors
from video.models import Camera, Zone
from video.rules.wishes import new_zone


def _still(camera: Camera, request: HttpRequest) -> bool:
    """Whether there is a picture to draw on."""
    try:
        selectors.latest_still(camera.code, request.actor)
    except NotFound:
        return False
    return True


def _context(request: HttpRequest, camera: Camera, zone: Zone | None, form: forms.ZoneForm) -> dict[str, Any]:
    lines = selectors.zone_lines(camera)
    return {
        "camera": camera,
        "zone": zone,
        "form": form,
        "lines": lines,
        "others": [line for line in lines if zone is None or line.zone.code != zone.code],
        "still": _still(camera, request),
        "versions": selectors.versions(zone) if zone else [],
        "words": forms.editor_words(),
    }


@require_http_methods(["GET", "POST"])
@page_needs("admin")
def editor(request: HttpRequest, code: str, zone_code: str = "") -> HttpResponse:
    """One zone with its rules, beside the others of the camera; `try` says what it would find, `save` keeps it."""
    camera = selectors.kept(code, request.actor)
    zone = selectors.zone(camera, zone_code) if zone_code else None
    lines = selectors.rule_lines(zone)
    if request.method != "POST":
        form = forms.ZoneForm(zone=zone, lines=lines)
        return render(request, "video/zones.html", _context(request, camera, zone, form))
    form = forms.ZoneForm(request.POST, zone=zone, lines=lines)
    if not form.is_valid():
        return render(request, "video/zones.html", _context(request, camera, zone, form), status=400)
    try:
        return _done(request, camera, zone, form)
    except DomainError as error:
        context = {**_context(request, camera, zone, form), "refusal": sentence_of(error)}
        return render(request, "video/zones.html", context, status=error.status)


def _done(request: HttpRequest, camera: Camera, zone: Zone | None, form: forms.ZoneForm) -> HttpResponse:
    wish = new_zone(form.wish(zone.code if zone else ""))
    if request.POST.get("act") == "try":
        tried = [
            selectors.replayed(
                camera,
                line.template,
                selectors.spec_here(line.template, wish.polygon, rule.dwell_seconds, rule.exempt, rule.cluster),
                dict(rule.schedule),
            )
            for rule in wish.rules
            for line in form.lines
            if line.template.code == rule.template
        ]
        return render(request, "video/zones.html", {**_context(request, camera, zone, form), "tried": tried})
    if request.POST.get("act") != "save":
        raise Invalid("video.bad_filter")
    saved = actions.save_zone(
        camera.code, wish, expected=form.cleaned_data["revision"], actor=request.actor, note=form.cleaned_data["note"]
    )
    messages.success(request, _("The zone is saved. The camera is watched by it within seconds."))
    return redirect("video-zone", code=camera.code, zone_code=saved.code)


@require_POST
@page_needs("admin")
def remove(request: HttpRequest, code: str, zone_code: str) -> HttpResponse:
    """Nothing is watched in the zone any more."""
    text = request.POST.get("revision", "")
    revision = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
    actions.remove_zone(code, zone_code, expected=revision, actor=request.actor)
    messages.success(request, _("The zone is gone. What was found in it stays."))
    return redirect("video-zones", code=code)
