"""The list of cases by queue, with the map beside it; and the form for a new report."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases import actions, selectors
from cases.forms import ReportForm
from cases.pages import showing
from core.errors import DomainError, Forbidden, Invalid
from core.scope import Actor
from core.sentences import sentence_of

PAGE = 30


def needs(actor: Actor, right: str) -> None:
    """The page is for those who hold the right somewhere."""
    if not actor.holds(right):
        raise Forbidden("case.no_page")


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """A queue by time to breach, with counts of all, the search, and the places on the map."""
    needs(request.actor, "case.see")
    text = _clean(request.GET.get("q", ""))
    name = request.GET.get("queue") or ("open" if text else "mine")
    return render(request, "cases/queue.html", queue_context(request, name, text))


def queue_context(request: HttpRequest, name: str, text: str) -> dict[str, Any]:
    """What the list and the map show; also used beside an open case."""
    rows = selectors.queue(request.actor, name)
    counts = selectors.counts(request.actor)
    if text:
        rows = selectors.matching(selectors.visible_to(request.actor), text).order_by(*selectors.due_order())
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    names = showing.holders()
    return {
        "queue": name,
        "q": text,
        "tabs": [{"name": tab, "label": _(label), "count": counts[tab]} for tab, label in showing.TABS],
        "page": page,
        "rows": [showing.row_of(case, names) for case in found],
        "points": showing.points_of(found),
        "names": names,
        "here": again(request, reverse("cases"), queue=name, q=text),
    }


def again(request: HttpRequest, path: str, **asked: str) -> str:
    """Where the page asks for itself anew when there is news."""
    page = request.GET.get("page", "")
    return f"{path}?{urlencode({key: value for key, value in {**asked, 'page': page}.items() if value})}"


def _clean(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:100]


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
