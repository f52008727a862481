"""Merging and splitting on the page of a case, and what looks like a report that is still being written."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases import actions, selectors
from cases.pages import tied
from cases.pages.asking import refused, version_in
from cases.pages.queues import needs, redirect_to
from core.errors import DomainError


@require_safe
def alike(request: HttpRequest) -> HttpResponse:
    """The open cases near the place that is being given: a part of the page of a new report."""
    needs(request.actor, "case.see")
    point = (_degrees(request, "lon", 180), _degrees(request, "lat", 90))
    found = []
    if point[0] is not None and point[1] is not None:
        told: dict[str, Any] = {name: _text(request, name) for name in ("category", "description")}
        found = selectors.alike_at(request.actor, point[0], point[1], **told)
    return render(request, "cases/_alike.html", {"rows": [tied.alike_row(one) for one in found]})


def _degrees(request: HttpRequest, name: str, most: float) -> float | None:
    try:
        given = float(request.GET.get(name, ""))
    except ValueError:
        return None
    return given if -most <= given <= most else None


def _text(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "")[:4000]


@require_POST
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """The case is merged into another: one of those that look alike, or one that was named."""
    into = (request.POST.get("other", "").strip() or request.POST.get("into", ""))[:20]
    reason = request.POST.get("reason", "")[:4000]
    try:
        actions.merge(number, actor=request.actor, version=version_in(request), into=into, reason=reason)
    except DomainError as error:
        return refused(request, number, error, "merge")
    messages.success(
        request, _("Merged into case %(number)s. Who reported it hears how that goes on.") % {"number": into}
    )
    return redirect_to(number)


@require_POST
def split(request: HttpRequest, number: str) -> HttpResponse:
    """The case becomes several, one for each department that was named."""
    typed = {name: value[:4000] for name, value in request.POST.items()}
    rows = [(typed.get(f"department_{place}", ""), typed.get(f"task_{place}", "")) for place in _places()]
    parts = [{"department": department, "task": task} for department, task in rows if department or str(task).strip()]
    try:
        actions.split(number, actor=request.actor, version=version_in(request), parts=parts)
    except DomainError as error:
        return refused(request, number, error, "split")
    return redirect_to(number)


def _places() -> range:
    return range(1, tied.PARTS_AT_ONCE + 1)
