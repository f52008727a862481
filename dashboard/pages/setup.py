"""The first set-up of a city: what is done, what is missing, and where to do it. It blocks nobody."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.gates import page_needs
from core.sentences import sentence_of
from dashboard import selectors
from grid import actions as grid

WORDS: dict[str, tuple[Any, Any, tuple[str, ...]]] = {
    "city": (
        gettext_lazy("Name the city"),
        gettext_lazy("The code of the city in the national list of divisions: six digits that end in 00."),
        (),
    ),
    "divisions": (
        gettext_lazy("Districts, streets and communities"),
        gettext_lazy("Import the official list of divisions as CSV or XLSX: code, name, code of the region above."),
        ("/imports/",),
    ),
    "boundaries": (
        gettext_lazy("Boundaries"),
        gettext_lazy("Import their outlines as Shapefile, GeoJSON or GeoPackage. A shifted map is noticed and told."),
        ("/imports/",),
    ),
    "cells": (
        gettext_lazy("Cells"),
        gettext_lazy("Import the unit cells with their codes, or draw them in the editor of the grid."),
        ("/imports/", "/grid/"),
    ),
    "publish": (
        gettext_lazy("Put the map in force"),
        gettext_lazy("The draft is checked for gaps and overlaps and then published. Until then nobody sees it."),
        ("/grid/",),
    ),
    "organisations": (
        gettext_lazy("Organisations"),
        gettext_lazy("The centre, the districts, the departments that handle: a tree, each with the ground it serves."),
        ("/organisations/",),
    ),
    "classes": (
        gettext_lazy("Classes of cases"),
        gettext_lazy("What is registered, on which condition, with which limit. The preset is a good beginning."),
        ("/classes/",),
    ),
    "people": (
        gettext_lazy("People and their posts"),
        gettext_lazy("Somebody for every duty; nobody handles and supervises on the same ground."),
        ("/people/",),
    ),
}
DUTIES = {
    "collect": pgettext_lazy("duty", "collect"),
    "accept": pgettext_lazy("duty", "accept reports"),
    "supervise": pgettext_lazy("duty", "register and close"),
    "command.city": pgettext_lazy("duty", "dispatch for the city"),
    "command.district": pgettext_lazy("duty", "dispatch in a district"),
    "desk": pgettext_lazy("duty", "a department's desk"),
    "handle": pgettext_lazy("duty", "handle"),
    "evaluate": pgettext_lazy("duty", "evaluate"),
}
LEVELS = {
    "city": pgettext_lazy("level", "city"),
    "district": pgettext_lazy("level", "districts"),
    "street": pgettext_lazy("level", "streets"),
    "community": pgettext_lazy("level", "communities"),
}


class CityForm(forms.Form):
    """What the city is called."""

    zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=100)
    en = forms.CharField(label=gettext_lazy("Name in English"), max_length=100)
    code = forms.CharField(
        label=gettext_lazy("Code of the city"), max_length=12, widget=forms.TextInput({"inputmode": "numeric"})
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def steps(request: HttpRequest) -> HttpResponse:
    """The steps with what each has and lacks; a POST names the city."""
    if not request.actor.may("admin"):
        raise PermissionDenied("a city is set up by somebody who administers all of it")
    form, refusal, status = CityForm(request.POST or None), "", 200
    if request.method == "POST":
        refusal = _named(request, form)
        if not refusal and form.is_valid():
            messages.success(request, _("The city has its name."))
            return redirect("setup")
        status = 400
    found = selectors.first_steps()
    city = found[0].facts
    if city["code"] and request.method != "POST":
        form = CityForm(initial={"code": city["code"], **city["names"]})
    shown = [_shown(number, step) for number, step in enumerate(found, start=1)]
    following = next((row for row in shown if not row["step"].done), None)
    context = {
        "rows": shown, "form": form, "refusal": refusal, "next": following,
        "done": sum(row["step"].done for row in shown),
    }  # fmt: skip
    return render(request, "dashboard/setup.html", context, status=status)


def _named(request: HttpRequest, form: CityForm) -> str:
    """The draft has the city's name; otherwise why not."""
    if not form.is_valid():
        return ""
    try:
        grid.name_city(**form.cleaned_data, actor=request.actor)
    except DomainError as refused:
        return str(sentence_of(refused))
    return ""


def _shown(number: int, step: selectors.FirstStep) -> dict[str, Any]:
    title, about, paths = WORDS[step.code]
    ways = [path for path in paths if _exists(path)]
    return {"number": number, "step": step, "title": title, "about": about, "ways": ways, "said": _said(step)}


def _said(step: selectors.FirstStep) -> list[str]:
    """What there is, and what is missing, in sentences."""
    facts = step.facts
    if step.code == "divisions":
        lines = [f"{LEVELS[level]}: {n}" for level, n in facts["known"].items() if n]
        return lines + [_("Missing: %(what)s") % {"what": LEVELS[level]} for level in facts["missing"]]
    if step.code == "boundaries":
        lacking = facts["lacking"].items()
        return [_("Without an outline: %(what)s, %(n)s") % {"what": LEVELS[level], "n": n} for level, n in lacking]
    if step.code == "people":
        return [_("Nobody yet may: %(duty)s") % {"duty": DUTIES[duty]} for duty in facts["free"]]
    return _counted(step)


def _counted(step: selectors.FirstStep) -> list[str]:
    facts = step.facts
    told = {
        "cells": lambda: _("Cells: %(n)s") % {"n": facts["cells"]},
        "organisations": lambda: _("Organisations: %(n)s") % {"n": facts["organisations"]},
        "classes": lambda: _("Classes in force: %(n)s") % {"n": facts["classes"]},
        "publish": lambda: _("A map is in force.") if step.done else _("No map is in force yet."),
    }
    return [told[step.code]()] if step.code in told else []


def _exists(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
