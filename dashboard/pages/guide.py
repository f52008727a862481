"""The help: every topic, one of them, and the search; in the panel beside a page it is the topic alone."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.languages import short
from dashboard import selectors

LONGEST = 60


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every topic, or those that hold the words of `q`."""
    _for_people_here(request)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    topics = [{"topic": topic, "text": topic.text(short())} for topic in selectors.help_topics()]
    context = {"words": words, "found": selectors.help_with(words) if words else None, "topics": topics}
    return render(request, f"dashboard/{'_help_index' if request.headers.get('HX-Request') else 'help'}.html", context)


@require_safe
def topic(request: HttpRequest, topic: str) -> HttpResponse:
    """One topic."""
    _for_people_here(request)
    found = selectors.help_topic(topic)
    others = [selectors.help_topic(code) for code in found.see]
    see = [{"topic": one, "text": one.text(short())} for one in others]
    context = {"topic": found, "text": found.text(short()), "see": see}
    return render(
        request, f"dashboard/{'_help_topic' if request.headers.get('HX-Request') else 'help_topic'}.html", context
    )


def _for_people_here(request: HttpRequest) -> None:
    if request.actor.user_id is None:
        raise PermissionDenied("the help is for people who work here")
