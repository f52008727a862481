"""Personal data by people: looked at once for a reason, kept, let go, erased; who looked, and what is to be erased."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cases import actions, selectors
from cases.contracts.personal import ERASE
from cases.models import words
from cases.pages import showing
from cases.pages.asking import refused
from cases.pages.queues import redirect_to
from cases.selectors import OVERSEERS
from core.errors import DomainError, Invalid
from core.gates import page_needs

PAGE = 50


@require_POST
@never_cache
def look(request: HttpRequest, number: str) -> HttpResponse:
    """The values, once: the page is kept by nobody."""
    try:
        found = actions.look(
            number, actor=request.actor, ground=request.POST.get("ground", ""), note=request.POST.get("note", "")
        )
    except DomainError as error:
        return refused(request, number, error, "look")
    told = [{"place": words.place_of_words(one.place), "text": one.text} for one in found.words]
    return render(request, "cases/reporter.html", {"whole": found, "words": told})


@require_POST
def keep(request: HttpRequest, number: str) -> HttpResponse:
    """A legal hold keeps the personal data of the case."""
    return _done(request, number, "hold", actions.keep_personal, _("The personal data is kept; the journal has it."))


@require_POST
def release(request: HttpRequest, number: str) -> HttpResponse:
    """The legal hold is over."""
    return _done(request, number, "hold", actions.release_personal, _("The legal hold is over; the journal has it."))


@require_POST
def erase(request: HttpRequest, number: str) -> HttpResponse:
    """Nothing personal is left of whoever reported."""
    return _done(request, number, "erase", actions.erase_personal, _("The personal data of this case is erased."))


def _done(request: HttpRequest, number: str, at: str, act: Any, sentence: str) -> HttpResponse:
    try:
        act(number, actor=request.actor, note=request.POST.get("note", ""))
    except DomainError as error:
        return refused(request, number, error, at)
    messages.success(request, sentence)
    return redirect_to(number)


@require_safe
@never_cache
@page_needs(*OVERSEERS)
def looks(request: HttpRequest) -> HttpResponse:
    """Who looked at what and why, newest first."""
    who, before = request.GET.get("who", "").strip(), request.GET.get("before", "0")
    if "\x00" in who or len(who) > 100 or not (before.isascii() and before.isdigit() and len(before) <= 18):
        raise Invalid("case.bad_filter", filter="who", value=who[:60].replace("\x00", ""))
    rows = selectors.looks_within(request.actor, before=int(before), who=who, limit=PAGE + 1)
    context = {
        "rows": [{"act": row, "title": showing.title_of(row.case)} for row in rows[:PAGE]],
        "who": who,
        "here": urlencode({"who": who}) if who else "",
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else 0,
        "rule": selectors.personal_rule(),
    }
    return render(request, "cases/looks.html", context)


@require_safe
@never_cache
@page_needs(ERASE)
def due(request: HttpRequest) -> HttpResponse:
    """What the next run would erase, and nothing is erased by looking."""
    count, rows = selectors.erasable(request.actor, ERASE)
    shown = [{"case": row.case, "title": showing.title_of(row.case)} for row in rows]
    return render(request, "cases/due.html", {"count": count, "rows": shown, "rule": selectors.personal_rule()})
