"""The pages of supervision areas (责任网格): all of them with what is wrong, and one with its cells and collectors."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors as accounts
from core import versions
from core.errors import DomainError, Stale
from core.gates import page_needs
from core.languages import pick
from core.sentences import sentence_of
from grid import actions, selectors
from grid.contracts import Supervision, SupervisionAreaView
from grid.forms import AreaForm, PatrolForm
from grid.models import SupervisionArea
from journal import selectors as journal

SHOWN = 60
COLLECT = "collect"


def _names() -> dict[str, str]:
    """Every region by its path, as people call it."""
    return {one.path: pick(one.names) for one in selectors.region_names()}


@require_safe
@page_needs(*selectors.SUPERVISION_READERS)
def areas(request: HttpRequest) -> HttpResponse:
    """Every area with who collects there now; cells that several have, that nobody has, that the map has lost."""
    below = request.GET.get("below", "")[:60]
    names = _names()
    below = below if below in names else ""
    views = selectors.supervision_views(selectors.supervision_areas(request.actor, below))
    found = selectors.supervision(request.actor, below)
    context = {
        "tab": "areas",
        "below": below,
        "districts": [(one.path, pick(one.names)) for one in selectors.region_names_at("district")],
        "rows": [_row(view, names, found) for view in views],
        "found": found,
        "faults": _faults(found, names),
        "may_change": request.actor.holds("admin"),
        "map": {
            "colours": {code: index for index, code in enumerate(view.code for view in views)},
            "names": {view.code: pick(view.names) for view in views},
        },
    }
    return render(request, "grid/areas.html", context)


def _row(view: SupervisionAreaView, names: Mapping[str, str], found: Supervision) -> dict[str, Any]:
    return {
        "view": view,
        "name": pick(view.names),
        "place": names.get(view.area, view.area),
        "collectors": [one.label for one in view.patrols],
        "shared": sum(view.code in codes for codes in found.shared.values()),
    }


def _faults(found: Supervision, names: Mapping[str, str]) -> dict[str, Any]:
    lone = [
        {"place": names.get(area, area), "path": area, "count": len(cells), "cells": cells[:SHOWN], "all": cells}
        for area, cells in found.lone.items()
    ]
    return {
        "lone": lone,
        "lone_count": sum(one["count"] for one in lone),
        "shared": [{"cell": cell, "areas": codes} for cell, codes in list(found.shared.items())[:SHOWN]],
        "shared_count": len(found.shared),
        "gone": [{"area": area, "cells": cells} for area, cells in found.gone.items()],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def new(request: HttpRequest) -> HttpResponseBase:
    """The form of a new area; its cells are picked on the map or pasted."""
    if request.method != "POST":
        asked = {"cells": request.GET.get("cells", "")[:4000]}
        return _form(request, AreaForm(initial=asked))
    form = AreaForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=400)
    code = form.cleaned_data["code"]
    try:
        actions.save_supervision_area(code, actor=request.actor, new=True, **form.given())
    except DomainError as error:
        return _form(request, form, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The supervision area is saved. Now say who collects there."))
    return redirect("supervision-area", code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs(*selectors.SUPERVISION_READERS)
def area(request: HttpRequest, code: str) -> HttpResponseBase:
    """One area: its cells on the map, its collectors; a POST by an administrator changes name and cells."""
    found = selectors.supervision_area(code, request.actor)
    if request.method != "POST":
        return _area(request, found)
    if not request.actor.holds("admin"):
        raise PermissionDenied("needs admin")
    form = AreaForm(request.POST, known=True)
    if not form.is_valid():
        return _area(request, found, form, status=400)
    seen = versions.seen_in(request.POST)
    try:
        actions.save_supervision_area(code, actor=request.actor, seen=seen.version, **form.given())
    except Stale as error:
        return _stale(request, selectors.supervision_area(code, request.actor), form, seen, error)
    except DomainError as error:
        return _area(request, found, form, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The supervision area is saved."))
    return redirect("supervision-area", code=code)


def _stale(
    request: HttpRequest, found: SupervisionArea, form: AreaForm, seen: versions.Seen, error: Stale
) -> HttpResponse:
    """The page with what was typed, and what somebody else changed meanwhile."""
    told = selectors.supervision_told(found, selectors.supervised_cells(found))
    more = {
        "refusal": sentence_of(error),
        "version": versions.sealed(told),
        "meanwhile": versions.differences(seen, told, form.fields),
        "changed": journal.latest(f"supervision:{found.code}", "grid.supervision_area_saved.v1"),
    }
    return _area(request, found, form, None, status=error.status, **more)


@require_POST
@page_needs("admin")
def assign(request: HttpRequest, code: str) -> HttpResponseBase:
    """One person more collects in the area."""
    found = selectors.supervision_area(code, request.actor)
    form = PatrolForm(_collectors(found), request.POST)
    if not form.is_valid():
        return _area(request, found, patrol=form, status=400)
    try:
        actions.assign_collector(code, actor=request.actor, **form.cleaned_data)
    except DomainError as error:
        return _area(request, found, patrol=form, status=error.status, patrol_refusal=sentence_of(error))
    messages.success(request, _("The collector is assigned."))
    return redirect("supervision-area", code=code)


@require_POST
@page_needs("admin")
def relieve(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """Somebody collects in the area no longer."""
    try:
        actions.relieve_collector(code, actor=request.actor, patrol=pk)
    except DomainError as error:
        found = selectors.supervision_area(code, request.actor)
        return _area(request, found, status=error.status, patrol_refusal=sentence_of(error))
    messages.success(request, _("The assignment has ended."))
    return redirect("supervision-area", code=code)


@require_POST
@page_needs("admin")
def dissolve(request: HttpRequest, code: str) -> HttpResponseBase:
    """The area is dissolved."""
    selectors.supervision_area(code, request.actor)
    actions.dissolve_supervision_area(code, actor=request.actor)
    messages.success(request, _("The supervision area is dissolved; its cells are free for others."))
    return redirect("supervision-areas")


def _collectors(found: SupervisionArea) -> list[Any]:
    return accounts.people_with(COLLECT, area=found.area)


def _form(request: HttpRequest, form: AreaForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"tab": "areas", "form": form, "may_change": True, "map": _map(()), **more}
    return render(request, "grid/area.html", context, status=status)


def _area(
    request: HttpRequest, found: SupervisionArea, form: AreaForm | None = None, patrol: PatrolForm | None = None,
    *, status: int = 200, **more: Any,
) -> HttpResponse:  # fmt: skip
    cells = selectors.supervised_cells(found)
    shown = {"name_zh": found.names.get("zh", ""), "name_en": found.names.get("en", ""), "cells": "\n".join(cells)}
    gone = selectors.gone_cells([found.pk]).get(found.pk, [])
    context = {
        "tab": "areas",
        "area": found,
        "name": pick(found.names),
        "place": _names().get(found.area, found.area),
        "cells": cells,
        "gone": gone,
        "patrols": selectors.patrols_of(found),
        "form": form or AreaForm(initial=shown, known=True),
        "patrol": patrol or PatrolForm(_collectors(found)),
        "version": versions.field(request.POST, selectors.supervision_told(found, cells)),
        "may_change": request.actor.may("admin", area=found.area),
        "map": _map([found.code]),
        **more,
    }
    return render(request, "grid/area.html", context, status=status)


def _map(own: Iterable[str]) -> dict[str, Any]:
    plan = selectors.code_plan()
    return {
        "own": list(own),
        "digits": {"cell": plan.cell, "regions": [plan.district, plan.street, plan.community]},
    }
