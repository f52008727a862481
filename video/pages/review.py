"""The review queue, one incident at a time, and how right people called the rules."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import Conflict, Invalid
from core.gates import page_needs
from core.sentences import sentence_of
from video import actions, selectors
from video.pages.cameras import number_of

PAGE = 50


def _on(**told: str) -> HttpResponse:
    return redirect(f"{reverse('video-review')}?{urlencode(told)}")


@require_GET
@page_needs("accept")
def review(request: HttpRequest) -> HttpResponse:
    """The oldest incident that waits for me, or `?at=` one, or the one behind `?after=`."""
    at, after, done = (selectors.uid_of(request.GET.get(name, "")) for name in ("at", "after", "done"))
    found = selectors.next_to_judge(request.actor, at=at, after=after)
    stills = list(found.stills.all()) if found else []
    large = next((one for one in reversed(stills) if one.moment == "threshold"), stills[-1] if stills else None)
    context = {
        "incident": found,
        "large": large,
        "stills": [one for one in stills if one is not large],
        "waiting": selectors.incidents_to_judge(request.actor).count(),
        "reasons": [(reason, str(number)) for number, reason in enumerate(actions.REASONS, 1)],
        "done": done if done and selectors.taken_back_until(done, request.actor) else "",
        "limit": found.parameters.get("dwell") if found else None,
    }
    return render(request, "video/review.html", context)


@require_POST
@page_needs("accept")
def verdict(request: HttpRequest, uid: str) -> HttpResponse:
    """Right, or wrong with a reason; then the next one."""
    right = request.POST.get("verdict") == "right"
    try:
        actions.give_verdict(uid, actor=request.actor, right=right, reason=request.POST.get("reason", ""))
    except (Invalid, Conflict) as error:
        messages.error(request, sentence_of(error))
        return _on(at=str(uid))
    return _on(after=str(uid), done=str(uid))


@require_POST
@page_needs("accept")
def unsaid(request: HttpRequest, uid: str) -> HttpResponse:
    """My verdict of the last seconds is taken back, and the incident is shown again."""
    try:
        actions.take_back(uid, actor=request.actor)
    except (Invalid, Conflict) as error:
        messages.error(request, sentence_of(error))
        return _on()
    messages.success(request, _("Taken back. It waits for a verdict again."))
    return _on(at=str(uid))


@require_GET
@page_needs("camera.see")
def precision(request: HttpRequest) -> HttpResponse:
    """Each rule of each camera with what people said of its last incidents."""
    found = Paginator(selectors.precision_lines(request.actor), PAGE).get_page(number_of(request))
    return render(request, "video/precision.html", {"page": found, "lines": selectors.lines_of(found.object_list)})
