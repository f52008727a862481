"""Ladders: the list, the form of one, and taking a change back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions, selectors
from cases.contracts import LADDER_CHANGED
from cases.forms import LadderForms
from cases.models import Ladder
from core import versions
from core.errors import DomainError, Invalid, Stale
from core.gates import page_needs
from core.sentences import sentence_of
from journal import selectors as journal


@require_safe
@page_needs("admin")
def ladders(request: HttpRequest) -> HttpResponse:
    """Every ladder: for which clocks it is, its rungs, and what the city changed."""
    return _list(request)


def _list(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    rows = [{"row": row, "version": versions.sealed(row.told())} for row in selectors.ladders()]
    context = {"rows": rows, "plain": selectors.rungs_for((), selectors.steps_model(), "", "", "")}
    return render(request, "cases/ladders.html", {**context, **more}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def ladder(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """One ladder, or a new one."""
    row = selectors.ladder(pk) if pk else Ladder(rungs=[])
    if request.method != "POST":
        initial = {"clock_kind": row.clock, "stage": row.stage, "category": row.category, "rungs": row.rungs}
        return _page(request, LadderForms(fixed=bool(pk), initial=initial), row)
    form = LadderForms(fixed=bool(pk), initial={"rungs": row.rungs}, data=request.POST)
    if not form.is_valid():
        return _page(request, form, row, status=400, refusal=sentence_of(Invalid("case.form_incomplete")))
    return _saved(request, form, row)


def _saved(request: HttpRequest, form: LadderForms, row: Ladder) -> HttpResponse:
    seen, given = versions.seen_in(request.POST), form.given()
    if row.pk:
        given |= {"clock_kind": row.clock, "stage": row.stage, "category": row.category}
    try:
        actions.save_ladder(actor=request.actor, seen=seen.version if row.pk else None, new=not row.pk, **given)
    except Stale as error:
        return _stale(request, form, selectors.ladder(row.pk), error)
    except DomainError as error:
        return _page(request, form, row, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The ladder is saved; the journal has it. Clocks that run keep the one they have."))
    return redirect("ladders")


def _stale(request: HttpRequest, form: LadderForms, row: Ladder, error: Stale) -> HttpResponse:
    """The page with what was typed, and who changed the ladder meanwhile to what."""
    more = {
        "refusal": sentence_of(error),
        "version": versions.sealed(row.told()),
        "now": row.rungs,
        "changed": journal.latest(f"ladder:{row}", LADDER_CHANGED),
    }
    return _page(request, form, row, status=error.status, **more)


def _page(request: HttpRequest, form: LadderForms, row: Ladder, *, status: int = 200, **more: Any) -> HttpResponse:
    version = versions.field(request.POST, row.told()) if row.pk else ""
    return render(request, "cases/ladder.html", {"form": form, "row": row, "version": version, **more}, status=status)


@require_POST
@page_needs("admin")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """A ladder reads again as its pack says, or is gone; not where it says something else by now than was looked at."""
    reason, seen = request.POST.get("reason", ""), versions.seen_in(request.POST).version
    try:
        actions.end_ladder(pk, actor=request.actor, reason=reason, seen=seen)
    except DomainError as error:
        return _list(request, status=error.status, refusal=sentence_of(error), at=pk, reason=reason)
    messages.success(request, _("Done; the journal has it. Clocks that run keep the ladder they have."))
    return redirect("ladders")
