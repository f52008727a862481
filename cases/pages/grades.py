"""Limits by the grade of the ground: what each grade means, which word counts before which, and the shares."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import actions, selectors
from cases.contracts import GRADES_CHANGED
from cases.forms import SharesForm
from cases.pages.showing import holders, replayed
from core import versions
from core.errors import DomainError, Forbidden, Invalid, Stale
from core.gates import page_needs
from core.sentences import sentence_of
from grid import selectors as grid
from journal import selectors as journal

READERS = ("case.see", "case.report", "admin")


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs(*READERS)
def grades(request: HttpRequest) -> HttpResponse:
    """The shares as they are; for an administrator the form: first the replay is shown, then they are saved."""
    if request.method != "POST":
        return _page(request, SharesForm())
    if not request.actor.may("admin"):
        raise Forbidden("grades.not_yours")
    form = SharesForm(data=request.POST)
    if not form.is_valid():
        return _page(request, form, status=400, refusal=sentence_of(Invalid("case.form_incomplete")))
    return _changed(request, form)


def _changed(request: HttpRequest, form: SharesForm) -> HttpResponse:
    seen = versions.seen_in(request.POST)
    try:
        wanted = actions.draft_shares(form.shares(), actor=request.actor)
        if request.POST.get("act") != "save":
            return _page(request, form, replay=selectors.replay_shares(wanted))
        actions.set_shares(
            wanted, actor=request.actor, reason=form.cleaned_data["reason"], looked=request.POST.get("looked", ""),
            seen=seen.version,
        )  # fmt: skip
    except Stale as error:
        return _stale(request, form, seen, error)
    except DomainError as error:
        again = {"replay": selectors.replay_shares(wanted)} if error.code == "grades.look_again" else {}
        return _page(request, form, status=error.status, refusal=sentence_of(error), **again)
    messages.success(request, _("The shares are saved; the journal has it. What was promised before stays."))
    return redirect("class-grades")


def _stale(request: HttpRequest, form: SharesForm, seen: versions.Seen, error: Stale) -> HttpResponse:
    """The page with what was typed, and what somebody else changed meanwhile."""
    told = selectors.grades_told(selectors.area_grades())
    more = {
        "refusal": sentence_of(error),
        "version": versions.sealed(told),
        "meanwhile": versions.differences(seen, told, form.fields),
        "changed": journal.latest("grades", GRADES_CHANGED),
    }
    return _page(request, form, status=error.status, **more)


def _page(
    request: HttpRequest, form: SharesForm, *, status: int = 200, replay: Any = None, **more: Any
) -> HttpResponse:
    rows, grounds = selectors.area_grades(), grid.grade_grounds()
    whole = sum(ground for _cells, ground in grounds.values())
    context = {
        "form": form,
        "rows": [_row(row, *grounds.get(row.grade, (0, 0.0)), whole) for row in rows],
        "may_change": request.actor.may("admin"),
        "version": versions.field(request.POST, selectors.grades_told(rows)),
        **(replayed(request, replay, holders()) if replay else {}),
        **more,
    }
    return render(request, "cases/classes/grades.html", context, status=status)


def _row(row: Any, cells: int, ground: float, whole: float) -> dict[str, Any]:
    return {"row": row, "cells": cells, "part": round(100 * ground / whole) if whole else 0}
