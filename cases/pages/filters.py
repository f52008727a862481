"""The pages of saved filters: those one sees, a name for the filter of a list, whom it is shared with."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions, selectors
from cases.contracts.filters import FILTER_CHANGED
from cases.forms import FilterForm, share_name, share_names
from cases.models import SavedFilter
from core import versions
from core.errors import DomainError, Forbidden, Stale
from core.gates import page_needs
from core.scope import Actor
from core.sentences import sentence_of
from journal import selectors as journal


def beside(actor: Actor, given: dict[str, str]) -> list[dict[str, Any]]:
    """The saved filters beside a list, and which of them the list shows."""
    return [
        {"row": row, "href": href(row.options), "here": row.options == given, "own": row.owner_id == actor.user_id}
        for row in selectors.saved_filters(actor).select_related(None)
    ]


def href(options: dict[str, str]) -> str:
    """The list that a filter shows."""
    return f"{reverse('cases')}?{urlencode(options)}"


@require_safe
@page_needs("case.see")
def filters(request: HttpRequest) -> HttpResponse:
    """Every filter that one sees; one's own can be changed and deleted."""
    names, found = share_names(), list(selectors.saved_filters(request.actor))
    rows = [
        {
            "row": row,
            "narrowed": said,
            "href": href(row.options),
            "shared": share_name(row.shared, names),
            "may": selectors.may_change_filter(row, request.actor),
            "version": versions.sealed(row.told()),
        }
        for row, said in zip(found, selectors.filters_said([row.options for row in found]), strict=True)
    ]
    return render(request, "cases/filters.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("case.see")
def saved(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """One filter, or a new one of the filters in the URL."""
    row = selectors.saved_filter(pk, request.actor) if pk else None
    if row is not None and not selectors.may_change_filter(row, request.actor):
        raise Forbidden("filter.not_yours")
    now = row.shared if row else ""
    if request.method != "POST":
        initial = row.told() if row else {}
        return _page(request, FilterForm(actor=request.actor, now=now, initial=initial), row)
    form = FilterForm(actor=request.actor, now=now, data=request.POST)
    if not form.is_valid():
        return _page(request, form, row, status=400)
    return _saved(request, form, row)


def _options(request: HttpRequest, row: SavedFilter | None) -> dict[str, str]:
    """What the filter narrows by: as the form carries it, else as it stands, else as the URL says."""
    if request.method == "POST":
        return dict(parse_qsl(request.POST.get("filters", "")))
    return row.options if row else {name: request.GET[name] for name in selectors.FILTERS if request.GET.get(name)}


def _saved(request: HttpRequest, form: FilterForm, row: SavedFilter | None) -> HttpResponse:
    seen = versions.seen_in(request.POST)
    which: dict[str, Any] = {"pk": row.pk, "seen": seen.version} if row else {}
    options = _options(request, row)
    try:
        kept = actions.save_filter(**form.cleaned_data, options=options, **which, actor=request.actor)
    except Stale as error:
        told = selectors.saved_filter(row.pk, request.actor).told() if row else {}
        names = share_names()
        more = {
            "refusal": sentence_of(error),
            "version": versions.sealed(told),
            "meanwhile": versions.differences(
                seen, told, form.fields, {"shared": lambda code: share_name(code, names)}
            ),
            "changed": journal.latest(f"filter:{row.pk if row else 0}", FILTER_CHANGED),
        }
        return _page(request, form, row, status=error.status, **more)
    except DomainError as error:
        return _page(request, form, row, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The filter “%(name)s” is saved.") % {"name": kept.name})
    return redirect(href(kept.options))


def _page(
    request: HttpRequest, form: FilterForm, row: SavedFilter | None, *, status: int = 200, **more: Any
) -> HttpResponse:
    options = _options(request, row)
    context = {
        "form": form,
        "pk": row.pk if row else 0,
        "narrowed": selectors.filters_said([options])[0],
        "filters_as_url": urlencode(options),
        "version": versions.field(request.POST, row.told()) if row else "",
        **more,
    }
    return render(request, "cases/filter.html", context, status=status)


@require_POST
@page_needs("case.see")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """The filter is gone."""
    try:
        actions.delete_filter(pk, actor=request.actor, seen=versions.seen_in(request.POST).version)
    except Stale as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("The filter is deleted."))
    return redirect("case-filters")
