"""The clocks of a case: why each ends when it does, day by day; and moving the end of one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from cases import actions, selectors
from cases.pages import asked, timing
from cases.pages.asking import refused
from cases.pages.queues import needs, redirect_to
from core.errors import DomainError, Invalid


@require_safe
def why(request: HttpRequest, number: str) -> HttpResponse:
    """Every clock with a limit, with all that made its end: a part of the page of its case, fetched when asked for."""
    needs(request.actor, "case.see")
    found = selectors.case(number, request.actor)
    rows = [_row(one) for one in selectors.account(found)]
    return render(request, "cases/_why.html", {"case": found, "rows": rows})


def _row(one: Any) -> dict[str, Any]:
    why = one.why
    whole = (why["minutes"] or 0) + why["extended_minutes"]
    return {
        "one": one,
        "why": why,
        "reasons": timing.why_of(why),
        "idle": [day for day in one.days if day.kind in ("free", "closed", "extra")],
        "whole": whole,
        "agrees": round(one.counted) == whole,
    }


@require_POST
def reschedule(request: HttpRequest, number: str) -> HttpResponse:
    """The end of a clock is moved."""
    found = selectors.case(number, request.actor)
    form = asked.reschedule_form(found, data=request.POST)
    try:
        if not form.is_valid():
            raise Invalid("case.form_incomplete")
        actions.reschedule(number, actor=request.actor, **form.cleaned_data)
    except DomainError as error:
        return refused(request, number, error, "reschedule", move_form=form)
    return redirect_to(number)
