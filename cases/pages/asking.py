"""Requests by people: asked for and signed on the page of the case, and the queue of those that wait."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from cases import actions, selectors
from cases.models import Request, words
from cases.pages import asked, showing
from cases.pages.case import case_page
from cases.pages.keeping import kept_from
from cases.pages.queues import needs, redirect_to
from core.errors import Conflict, DomainError, Invalid
from core.sentences import sentence_of

PAGE = 30


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The requests that wait for one's signature, those one made, and the rest."""
    needs(request.actor, "case.see")
    name = request.GET.get("queue", selectors.USUAL_QUEUE)
    counts = selectors.request_counts(request.actor)
    page = Paginator(selectors.request_queue(request.actor, name), PAGE).get_page(request.GET.get("page"))
    names, level = showing.holders(), selectors.level_of(request.actor)
    rows = [_row(request, row, names, level) for row in page.object_list]
    tabs = [{"name": tab, "label": label, "count": counts[tab]} for tab, label in words.REQUEST_QUEUE_NAMES.items()]
    context = {"queue": name, "tabs": tabs, "page": page, "rows": rows, "here": urlencode({"queue": name})}
    return render(request, "cases/requests.html", context)


def _row(request: HttpRequest, row: Request, names: dict[str, str], level: str) -> dict[str, object]:
    duties = request.actor.duties(row.case.org, row.case.area)
    return {**showing.row_of(row.case, names), **asked.line(row, request.actor, duties, level)}


def version_in(request: HttpRequest) -> int:
    """The version of the case that the form was made for."""
    given = request.POST.get("version", "")
    if not (given.isdecimal() and len(given) < 10):
        raise Invalid("case.form_incomplete")
    return int(given)


def refused(request: HttpRequest, number: str, error: DomainError, at: str, **more: object) -> HttpResponse:
    """The case as it is now, and the sentence that says why not.

    The form that was sent (`at`) stands open with what was typed; one in `more` can be sent again as it stands.
    """
    found = selectors.case(number, request.actor)
    for form in more.values():
        if isinstance(form, BaseForm):
            asked.renew(form, found)
    return case_page(
        request, found, status=error.status, refusal=sentence_of(error), kept=kept_from(request, at), **more
    )


@require_POST
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """It is asked that the clock be longer, the case be held, returned, voided, cancelled, or judged anew."""
    found = selectors.case(number, request.actor)
    kind = request.POST.get("kind", "")
    one = next((each for each in selectors.askable(found, request.actor) if each.kind == kind), None)
    form = asked.ask_form(found, one, data=request.POST) if one else None
    try:
        if form is None:
            raise Conflict("case.not_to_ask")
        if not form.is_valid():
            raise Invalid("case.form_incomplete")
        actions.ask(number, actor=request.actor, **form.given())
    except DomainError as error:
        return refused(request, number, error, f"ask-{kind}", bound_ask=form)
    return redirect_to(number)


@require_POST
def decide(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A request is signed or refused."""
    approve = request.POST.get("decision") == "approve"
    answer = request.POST.get("answer", "")[:4000]
    try:
        actions.decide(number, pk, actor=request.actor, version=version_in(request), approve=approve, answer=answer)
    except DomainError as error:
        return refused(request, number, error, f"decide-{pk}")
    return redirect_to(number)


@require_POST
def withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """What one asked for is asked for no more."""
    try:
        actions.withdraw(number, pk, actor=request.actor, version=version_in(request))
    except DomainError as error:
        return refused(request, number, error, f"withdraw-{pk}")
    return redirect_to(number)


@require_POST
def resume(request: HttpRequest, number: str) -> HttpResponse:
    """A held case is taken up before its day."""
    reason = request.POST.get("reason", "")[:4000]
    try:
        actions.resume(number, actor=request.actor, version=version_in(request), reason=reason)
    except DomainError as error:
        return refused(request, number, error, "resume")
    return redirect_to(number)
