"""Control areas: the list, asking for one with the map beside it, and one with its decision and its end."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions, rules, selectors
from cases.forms import ControlForm, DecideForm
from cases.models import ControlArea
from cases.models.control_words import CONTROL_LOOKS, CONTROL_STATES
from core import clock
from core.errors import DomainError, Invalid
from core.gates import page_needs
from core.languages import pick
from core.sentences import sentence_of
from grid import selectors as grid

RIGHTS = (*map(str, rules.CONTROL_ASKERS), "case.see", "admin")


@require_safe
@page_needs(*RIGHTS)
def controls(request: HttpRequest) -> HttpResponse:
    """Every control area that one may see: what it does, where, until when, and how far it has come."""
    places, names = _places(), selectors.category_names()
    rows = [_shown(row, places, names) for row in selectors.control_areas(request.actor)]
    may_ask = any(request.actor.holds(right) for right in rules.CONTROL_ASKERS)
    return render(request, "cases/controls/list.html", {"rows": rows, "may_ask": may_ask})


def _places() -> dict[str, str]:
    return {one.path: pick(one.names) for one in grid.region_names()}


def _shown(row: ControlArea, places: dict[str, str], names: dict[str, Any]) -> dict[str, Any]:
    state = row.state_at(clock.now())
    return {
        "row": row, "state": state, "said": CONTROL_STATES[state], "look": CONTROL_LOOKS[state],
        "place": places.get(row.area, row.area),
        "classes": [f"{code} {pick(names.get(code) or {})}".strip() for code in row.classes],
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs(*map(str, rules.CONTROL_ASKERS))
def new(request: HttpRequest) -> HttpResponse:
    """A control area is asked for: cells picked on the map or pasted, what it does there, and why."""
    if request.method != "POST":
        return _form(request, ControlForm())
    form = ControlForm(request.POST)
    try:
        if not form.is_valid():
            raise Invalid("case.form_incomplete")
        row = actions.ask_control_area(actor=request.actor, **form.given())
    except DomainError as error:
        return _form(request, form, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The control area is asked for; somebody else who supervises there decides on it."))
    return redirect("control-area", pk=row.pk)


def _form(request: HttpRequest, form: ControlForm, *, status: int = 200, **more: Any) -> HttpResponse:
    plan = grid.code_plan()
    told = {"own": [], "digits": {"cell": plan.cell, "regions": [plan.district, plan.street, plan.community]}}
    return render(request, "cases/controls/new.html", {"form": form, "map": told, **more}, status=status)


@require_safe
@page_needs(*RIGHTS)
def control(request: HttpRequest, pk: int) -> HttpResponse:
    """One control area: all that is said of it, its cells, what is at stake, and what may be done about it."""
    return _one(request, selectors.control_area(pk, request.actor))


def _one(request: HttpRequest, row: ControlArea, *, status: int = 200, **more: Any) -> HttpResponse:
    cells, state = selectors.controlled_cells(row), row.state_at(clock.now())
    context = {
        **_shown(row, _places(), selectors.category_names()),
        "cells": cells,
        "lately": selectors.registered_lately(cells, row.classes) if state == "asked" else None,
        "may_decide": state == "asked" and selectors.may_decide_control(request.actor, row),
        "may_withdraw": state == "asked" and row.asked_by == request.actor.key,
        "may_end": state in ("in_force", "to_come") and selectors.may_end_control(request.actor, row),
        "form": DecideForm(),
        **more,
    }
    return render(request, "cases/controls/one.html", context, status=status)


ACTS = {
    "approve": lambda pk, actor, reason: actions.decide_control_area(pk, actor=actor, grant=True, answer=reason),
    "refuse": lambda pk, actor, reason: actions.decide_control_area(pk, actor=actor, grant=False, answer=reason),
    "withdraw": lambda pk, actor, reason: actions.withdraw_control_area(pk, actor=actor),
    "end": lambda pk, actor, reason: actions.end_control_area(pk, actor=actor, reason=reason),
}


@require_POST
@page_needs(*RIGHTS)
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """It is approved, refused, withdrawn or ended."""
    row = selectors.control_area(pk, request.actor)
    if verb not in ACTS:
        raise Http404
    try:
        ACTS[verb](pk, request.actor, request.POST.get("reason", ""))
    except DomainError as error:
        more = {"form": DecideForm(request.POST), "refusal": sentence_of(error)}
        return _one(request, selectors.control_area(pk, request.actor), status=error.status, **more)
    messages.success(request, _("Done; the journal has it. What was promised before stays promised."))
    return redirect("control-area", pk=row.pk)
