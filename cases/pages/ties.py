"""Merging and splitting on the page of a case, and what looks like a report that is still being written."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases import actions, selectors
from cases.pages import tied
from cases.pages.asking import refused, version_in
from cases.pages.queues import needs, redirect_to
from cases.rules import PICTURED
from core.errors import DomainError
from core.uploads import MOST_AT_ONCE, ManyFiles, Uploaded, bounded
from exchange.actions import contents_of


@require_safe
def alike(request: HttpRequest) -> HttpResponse:
    """The open cases near the place that is being given: a part of the page of a new report."""
    return _alike(request, selectors.alike_at(request.actor, **told) if (told := _told(request, request.GET)) else [])


@require_POST
def alike_pictured(request: HttpRequest) -> HttpResponse:
    """Those of them that have a picture which looks like one that was chosen; what is none is told with the report."""
    told, found = _told(request, request.POST), []
    if told:
        with suppress(DomainError):
            found = selectors.alike_at(request.actor, photos=_photos(request), **told)
    return _alike(request, [one for one in found if any(code in PICTURED for code, _facts in one.likeness.grounds)])


def _photos(request: HttpRequest) -> list[bytes]:
    """The pictures that were chosen, whether they come along or came ahead."""
    chosen = ManyFiles().value_from_datadict(request.POST, request.FILES, "photos")[:MOST_AT_ONCE]
    given = (one if isinstance(one, Uploaded) else bounded(one) for one in chosen)
    return [content for content, _upload in contents_of(given, actor=request.actor)]


def _alike(request: HttpRequest, found: Sequence[selectors.Alike]) -> HttpResponse:
    return render(request, "cases/_alike.html", {"rows": [tied.alike_row(one) for one in found]})


def _told(request: HttpRequest, given: QueryDict) -> dict[str, Any]:
    """What is known of the report that is being written; nothing before it has a place."""
    needs(request.actor, "case.see")
    lon, lat = _degrees(given, "lon", 180), _degrees(given, "lat", 90)
    texts: dict[str, Any] = {name: _text(given, name) for name in ("category", "description")}
    return {"lon": lon, "lat": lat, **texts} if lon is not None and lat is not None else {}


def _degrees(given: QueryDict, name: str, most: float) -> float | None:
    try:
        found = float(given.get(name, ""))
    except ValueError:
        return None
    return found if -most <= found <= most else None


def _text(given: QueryDict, name: str) -> str:
    return given.get(name, "").replace("\x00", "")[:4000]


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
