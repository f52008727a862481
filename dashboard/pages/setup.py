"""The first set-up of a city: what is done, what is missing, and where to do it. It blocks nobody."""

from collections.abc import Callable, Mapping
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
    "codes": (
        gettext_lazy("Plan of codes"),
        gettext_lazy(
            "How many digits the codes of regions, cells and components have. Settle it before the first file."
        ),
        ("/setup/codes/",),
    ),
    "city": (
        gettext_lazy("Name the city"),
        gettext_lazy("The code of the city in the national list of divisions; it ends in 00."),
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
    "calendar": (
        gettext_lazy("Calendar"),
        gettext_lazy("Days of rest and make-up days of this year: limits are reckoned in working hours."),
        ("/calendars/",),
    ),
    "responsibility": (
        gettext_lazy("Who is responsible"),
        gettext_lazy("For every class somebody in every cell; holes and conflicts are listed with what mends them."),
        ("/responsibility/faults/", "/responsibility/"),
    ),
    "components": (
        gettext_lazy("Components"),
        gettext_lazy("Manhole covers, lamps, trees: import what a census found, or enter them one by one."),
        ("/imports/", "/components/"),
    ),
    "areas": (
        gettext_lazy("Supervision areas"),
        gettext_lazy("Every cell in the area of a collector, so that somebody verifies and checks there."),
        ("/grid/areas/",),
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
SORTS = {
    "event": pgettext_lazy("classes", "classes of events"),
    "component": pgettext_lazy("classes", "classes of components"),
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
    found = selectors.first_steps(request.actor)
    city = next(step.facts for step in found if step.code == "city")
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
    return FACTS[step.code](facts) if step.code in FACTS else _counted(step)


def _codes_said(facts: Mapping[str, Any]) -> list[str]:
    widths = _(
        "Digits: district %(district)s, street %(street)s, community %(community)s, cell %(cell)s, "
        "component %(component)s"
    )
    return [
        widths % facts,
        _("The city's own plan.") if facts["own"] else _("Not the city's own: %(standard)s") % facts,
    ]


def _calendar_said(facts: Mapping[str, Any]) -> list[str]:
    if not facts["calendars"]:
        return [_("There is no working calendar; apply the base pack.")]
    return [_("The calendar %(code)s names no day of rest of %(year)s.") % one for one in facts["lacking"]]


def _classes_said(facts: Mapping[str, Any]) -> list[str]:
    lines = [_("Classes in force: %(classes)s") % facts]
    if len(facts["kinds"]) < len(SORTS):
        lines += [_("Missing: %(what)s") % {"what": word} for kind, word in SORTS.items() if kind not in facts["kinds"]]
    if facts["classes"] < facts["usual"]:
        lines.append(_("The preset switches on %(usual)s.") % facts)
    return lines


def _responsibility_said(facts: Mapping[str, Any]) -> list[str]:
    if facts["waits"]:
        return [_("It waits for a map in force and classes.")]
    holes = [_("Classes with nobody somewhere: %(holes)s") % facts] if facts["holes"] else []
    return holes + ([_("Conflicts: %(clashes)s") % facts] if facts["clashes"] else [])


def _components_said(facts: Mapping[str, Any]) -> list[str]:
    return [_("Components: %(components)s, types: %(types)s") % facts]


def _areas_said(facts: Mapping[str, Any]) -> list[str]:
    if facts["waits"]:
        return [_("It waits for a map in force.")]
    told = {
        "lone": _("Cells without an area: %(lone)s"),
        "shared": _("Cells of several areas: %(shared)s"),
        "unmanned": _("Areas without a collector: %(unmanned)s"),
    }
    return [text % facts for name, text in told.items() if facts[name]]


FACTS: dict[str, Callable[[Mapping[str, Any]], list[str]]] = {
    "codes": _codes_said, "calendar": _calendar_said, "classes": _classes_said, "areas": _areas_said,
    "responsibility": _responsibility_said, "components": _components_said,
}  # fmt: skip


def _counted(step: selectors.FirstStep) -> list[str]:
    facts = step.facts
    told = {
        "cells": lambda: _("Cells: %(n)s") % {"n": facts["cells"]},
        "organisations": lambda: _("Organisations: %(n)s") % {"n": facts["organisations"]},
        "publish": lambda: _("A map is in force.") if step.done else _("No map is in force yet."),
    }
    return [told[step.code]()] if step.code in told else []


def _exists(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
