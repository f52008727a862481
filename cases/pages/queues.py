"""The list of cases by queue, with the map beside it; and the form for a new report."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases import actions, selectors
from cases.forms import ListForm, ReportForm
from cases.models import Case, words
from cases.pages import showing
from cases.pages.filters import beside
from core.errors import DomainError, Forbidden, Invalid
from core.scope import Actor
from core.sentences import sentence_of
from exchange.actions import hold_pictures

PAGE = 30
WAYS = ("after", "before")
ALL = {"queue": ""}
"""How the URL asks for every queue, where nothing else narrows the list."""


def needs(actor: Actor, right: str) -> None:
    """The page is for those who hold the right somewhere."""
    if not actor.holds(right):
        raise Forbidden("case.no_page")


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """A queue by time to breach, or what was looked for, with counts of all queues and the places on the map."""
    needs(request.actor, "case.see")
    given = given_by(request)
    try:
        context = queue_context(request, given)
    except DomainError as error:
        context = {**shown(request, given, []), "list_refusal": sentence_of(error)}
    context |= {"saved": beside(request.actor, given), "save_as": f"{reverse('case-filter-new')}?{urlencode(given)}"}
    if context["narrowed"] or "narrow" in request.GET or "list_refusal" in context:
        form = ListForm(queues=[(tab["name"], tab["label"]) for tab in context["tabs"]], initial=given)
        also = [{"name": name, "value": given[name]} for name in given if name not in form.fields]
        context |= {"filters": form, "also": also}
    return render(request, "cases/queue.html", context, status=400 if "list_refusal" in context else 200)


def given_by(request: HttpRequest) -> dict[str, str]:
    """The filters that the URL names; without any it is one's own queue, unless it asks for all queues."""
    given = {name: _clean(request.GET[name]) for name in selectors.FILTERS if request.GET.get(name, "").strip()}
    return given or ({} if "queue" in request.GET else {"queue": "mine"})


def queue_context(request: HttpRequest, given: dict[str, str]) -> dict[str, Any]:
    """What the list and the map show; also used beside an open case."""
    rows = selectors.filtered(given, request.actor)
    after, before = (request.GET.get(name, "") for name in WAYS)
    lately = selectors.lately(given, request.actor)
    page = selectors.listed(rows, given.get("queue", ""), after, PAGE, before, lately)
    context = shown(request, given, page.rows)
    counts = {tab["name"]: tab["count"] + tab["more"] for tab in context["tabs"]}
    plain = list(given) == ["queue"] and given["queue"] != "closed"
    count = counts[given["queue"]] if plain else selectors.count_up_to(rows, lately)
    return {
        **context,
        "count": min(count, selectors.COUNTED),
        "more": count > selectors.COUNTED,
        "next": asked_again(given, after=page.following) if page.following else "",
        "previous": asked_again(given, before=page.preceding) if page.preceding else "",
    }


def shown(request: HttpRequest, given: Mapping[str, str], found: list[Case]) -> dict[str, Any]:
    """The list of these cases with the queues and the filters around it."""
    most = selectors.COUNTED
    counts = selectors.counts_up_to(request.actor, most)
    names = showing.holders()
    place = {name: request.GET.get(name, "") for name in WAYS}
    return {
        "queue": given.get("queue", ""),
        "q": given.get("q", ""),
        "given": given,
        "narrowed": sorted(given) not in (["q"], ["queue"]),
        "tabs": [
            {"name": tab, "label": label, "count": min(counts[tab], most), "more": counts[tab] > most}
            for tab, label in words.QUEUE_NAMES.items()
        ],
        "rows": [showing.row_of(case, names) for case in found],
        "points": showing.points_of(found),
        "names": names,
        "filters_as_url": urlencode(given),
        "narrow": asked_again(given, narrow="1"),
        "first": asked_again(given) if any(place.values()) else "",
        "here": asked_again(given, **place),
    }


def asked_again(given: Mapping[str, str], **more: str) -> str:
    """The address of the same list, which the page also asks for anew when there is news."""
    asked = {key: value for key, value in {**(given or ALL), **more}.items() if value or key in ALL}
    return f"{reverse('cases')}?{urlencode(asked)}"


def _clean(text: str) -> str:
    """What stands between words, such as the wide space of Chinese keyboards, keeps them apart."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A report is made; sent twice, it is one case."""
    sources = showing.sources_for(request.actor)
    if not sources:
        raise Forbidden("case.no_page")
    if request.method != "POST":
        code = "".join(letter for letter in request.GET.get("component", "") if letter.isdecimal())[:24]
        first = {"key": uuid4().hex, "source": sources[0][0], **showing.about_component(code, request.actor)}
        form = ReportForm(sources, showing.categories(), initial=first)
        return render(request, "cases/new.html", {"form": form})
    return _report(request, ReportForm(sources, showing.categories(), data=request.POST, files=request.FILES))


def _report(request: HttpRequest, form: ReportForm) -> HttpResponse:
    try:
        if not form.is_valid():
            raise Invalid("case.form_incomplete")
        given = form.given()
        given["source_ref"] = f"{request.actor.key}/{given['source_ref']}"
        view = actions.report(actor=request.actor, **given)
    except DomainError as error:
        hold_pictures(form, actor=request.actor)
        refused = {"form": form, "refusal": sentence_of(error)}
        return render(request, "cases/new.html", refused, status=error.status)
    if not view.located:
        messages.warning(request, sentence_of(DomainError("case.kept_unlocated")))
    else:
        messages.success(request, _("Reported as case %(number)s.") % {"number": view.number})
    return redirect_to(view.number)


def redirect_to(number: str) -> HttpResponseRedirect:
    """To the page of the case."""
    return redirect(reverse("case", args=[number]))
