"""The plan of codes on a page of the set-up: how many digits regions, cells and components have, and who says so."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from assets import actions
from assets import selectors as assets
from core import versions
from core.errors import DomainError, Stale
from core.gates import page_needs
from core.sentences import sentence_of
from grid import selectors as grid

WIDTHS = ("district", "street", "community", "cell")


class CodesForm(forms.Form):
    """Digits of every kind of code, and the standards that say so."""

    standard = forms.CharField(label=gettext_lazy("Standard of regions and cells"), max_length=40)
    edition = forms.CharField(label=gettext_lazy("Its edition"), max_length=40)
    district = forms.IntegerField(label=gettext_lazy("Digits of a city and a district"), min_value=4, max_value=12)
    street = forms.IntegerField(label=gettext_lazy("Digits of a street"), min_value=4, max_value=12)
    community = forms.IntegerField(label=gettext_lazy("Digits of a community"), min_value=4, max_value=12)
    cell = forms.IntegerField(label=gettext_lazy("Digits of a cell"), min_value=4, max_value=20)
    component_standard = forms.CharField(label=gettext_lazy("Standard of components"), max_length=40)
    component_edition = forms.CharField(label=gettext_lazy("Its edition"), max_length=40)
    digits = forms.IntegerField(label=gettext_lazy("Digits of a component"), min_value=10, max_value=24)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})

    def given(self) -> dict[str, Any]:
        """What the action takes, but for the actor."""
        told = self.cleaned_data
        return {
            "regions": {name: told[name] for name in ("standard", "edition", *WIDTHS)},
            "components": {
                "standard": told["component_standard"],
                "edition": told["component_edition"],
                "digits": told["digits"],
            },
        }


def _whole_city(request: HttpRequest) -> None:
    if not request.actor.may("admin"):
        raise PermissionDenied("codes are settled by somebody who administers all of the city")


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def codes(request: HttpRequest) -> HttpResponse:
    """The plan in force; a POST saves the city's own, or says what would not fit."""
    _whole_city(request)
    if request.method != "POST":
        return _page(request, CodesForm(initial=_flat(assets.code_plans())))
    form, seen = CodesForm(request.POST), versions.seen_in(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        actions.save_code_plans(**form.given(), actor=request.actor, seen=seen.version)
    except Stale as error:
        return _stale(request, form, seen, error)
    except DomainError as error:
        return _page(request, form, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The plan of codes is saved."))
    return redirect("setup-codes")


@require_POST
@page_needs("admin")
def drop(request: HttpRequest) -> HttpResponse:
    """What packs say holds again."""
    _whole_city(request)
    form, seen = CodesForm(initial=_flat(assets.code_plans())), versions.seen_in(request.POST)
    try:
        actions.drop_code_plans(actor=request.actor, seen=seen.version)
    except Stale as error:
        return _stale(request, form, seen, error)
    except DomainError as error:
        return _page(request, form, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The plan of the packs is in force again."))
    return redirect("setup-codes")


def _flat(plans: Mapping[str, Any]) -> dict[str, Any]:
    """The plans by the fields of the form; nothing of what is no plan."""
    regions, components = plans.get("regions", {}), plans.get("components", {})
    shown = {name: regions.get(name) for name in ("standard", "edition", *WIDTHS)}
    more = {f"component_{name}": components.get(name) for name in ("standard", "edition")}
    return {**shown, **more, "digits": components.get("digits")}


def _stale(request: HttpRequest, form: CodesForm, seen: versions.Seen, error: Stale) -> HttpResponse:
    """The page with what was typed, and what somebody else changed meanwhile."""
    told = assets.code_plans()
    before = seen._replace(told=_flat(seen.told or {}))
    more = {
        "version": versions.sealed(told),
        "meanwhile": versions.differences(before, _flat(told), form.fields) if seen.told else [],
    }
    return _page(request, form, status=error.status, refusal=sentence_of(error), **more)


def _page(request: HttpRequest, form: CodesForm, *, status: int = 200, refusal: str = "", **more: Any) -> HttpResponse:
    plan = grid.code_plan()
    example = f"4405{'0' * plan.district}"[: plan.district - 2] + "01"
    street = example + "1".zfill(plan.street - plan.district)
    community = street + "2".zfill(plan.community - plan.street)
    components = assets.component_plan()
    context = {
        "form": form,
        "refusal": refusal,
        "own": assets.code_plans()["own"],
        "examples": {
            "district": example,
            "street": street,
            "community": community,
            "cell": community + "3".zfill(plan.sequence),
            "component": f"{example}0101{'7'.zfill(components.numbers)}",
        },
        "version": versions.field(request.POST, assets.code_plans()),
        **more,
    }
    return render(request, "dashboard/codes.html", context, status=status)
