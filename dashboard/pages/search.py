"""The search over everything that somebody may see."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.errors import Invalid
from core.finding import finders
from dashboard import selectors


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What answers to `q`, by group; `of` is one group alone. A whole number leads straight to what bears it."""
    if not request.actor.rights:
        raise PermissionDenied("the search is for people who work here")
    of = request.GET.get("of", "")
    if of not in ("", *(one.code for one in finders())):
        raise Invalid("search.no_group", given=of[:40].replace("\x00", ""))
    words = selectors.words_of(request.GET.get("q", ""))
    groups = selectors.everything(words, request.actor, of)
    straight = selectors.only_one(groups) if not of else ""
    if straight:
        return redirect(straight)
    context = {"words": words, "groups": groups, "of": of, "found": any(group.hits for group in groups)}
    response = render(request, "dashboard/search.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
