"""The regions of a version as a table: one level at a time, renamed and removed by hand while it is a draft."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.errors import DomainError
from core.gates import page_needs
from core.languages import pick
from core.sentences import sentence_of
from grid import actions, selectors
from grid.forms import RegionNamesForm, RevisionForm
from grid.models import GridVersion
from grid.rules.codes import LONGEST_REGION

LEVELS = {
    "city": pgettext_lazy("region", "city"),
    "district": pgettext_lazy("region", "district"),
    "street": pgettext_lazy("region", "street"),
    "community": pgettext_lazy("region", "community"),
}


@require_safe
@page_needs("admin")
def table(request: HttpRequest, version: int) -> HttpResponse:
    """The regions beneath one, or all that have no outline yet."""
    return _table(request, version)


@require_POST
@page_needs("admin")
def rename(request: HttpRequest, version: int, code: str) -> HttpResponseBase:
    """The region is called otherwise."""
    form = RegionNamesForm(request.POST)
    if not form.is_valid():
        return _table(request, version, form=form, editing=code, status=400)
    told = form.cleaned_data
    try:
        actions.rename_region(
            version, actor=request.actor, revision=told["revision"], code=code,
            names={"zh": told["zh"], "en": told["en"]},
        )  # fmt: skip
    except DomainError as error:
        return _table(request, version, form=form, editing=code, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The region %(code)s has its new name.") % {"code": code})
    return redirect(_back(request, version))


@require_POST
@page_needs("admin")
def remove(request: HttpRequest, version: int, code: str) -> HttpResponseBase:
    """The region is in the draft no more."""
    try:
        actions.remove_region(version, actor=request.actor, revision=_revision(request), code=code)
    except DomainError as error:
        return _table(request, version, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The region %(code)s is removed.") % {"code": code})
    return redirect(_back(request, version))


@require_POST
@page_needs("admin")
def undo(request: HttpRequest, version: int) -> HttpResponseBase:
    """The last act upon the draft is taken back."""
    try:
        actions.undo(version, actor=request.actor, revision=_revision(request))
    except DomainError as error:
        return _table(request, version, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The last change is taken back."))
    return redirect(_back(request, version))


def _revision(request: HttpRequest) -> int:
    """The revision that was seen; none fits a form that does not say it."""
    form = RevisionForm(request.POST)
    return int(form.cleaned_data["revision"]) if form.is_valid() else -1


def _asked(request: HttpRequest) -> tuple[str, bool]:
    return request.GET.get("under", "")[:LONGEST_REGION], request.GET.get("bare") == "1"


def _back(request: HttpRequest, version: int) -> str:
    under, bare = _asked(request)
    asked = "?bare=1" if bare else f"?under={under}" if under.isascii() and under.isdigit() else ""
    return reverse("grid-regions", kwargs={"version": version}) + asked


def _table(
    request: HttpRequest, version: int, *, form: RegionNamesForm | None = None, editing: str = "", status: int = 200,
    refusal: str = "",
) -> HttpResponse:  # fmt: skip
    row: Any = selectors.version_of(version)
    under, bare = _asked(request)
    above = selectors.regions_above(version, under) if under and not bare else []
    found = selectors.region_table(version, above[-1].code if above else "", bare=bare)
    asked = _back(request, version).partition("?")[2]
    context = {
        "tab": "versions",
        "version": row,
        "rows": [_row(one, row.revision, form if one.code == editing else None) for one in found],
        "above": [(one.code, pick(one.names)) for one in above],
        "bare": bare,
        "bare_count": selectors.bare_count(version),
        "asked": f"?{asked}" if asked else "",
        "may_edit": row.state != GridVersion.State.PUBLISHED,
        "can_undo": row.last_op not in (None, selectors.IMPORT),
        "most": selectors.MOST_REGIONS,
        "refusal": refusal,
    }
    return render(request, "grid/regions.html", context, status=status)


def _row(one: Any, revision: int, form: RegionNamesForm | None) -> dict[str, Any]:
    shown = {"zh": one.names.get("zh", ""), "en": one.names.get("en", ""), "revision": revision}
    return {
        "region": one,
        "name": pick(one.names),
        "full": pick(one.full_names),
        "level": LEVELS[one.level],
        "form": form or RegionNamesForm(initial=shown, auto_id=f"id_{one.code}_%s"),
        "open": form is not None,
        "removable": not one.regions and not one.cells,
    }
