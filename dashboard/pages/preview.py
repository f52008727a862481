"""A pack before it is in force: its faults, or its screens, drawn in a transaction that is taken back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import resolve
from django.views.decorators.http import require_safe

from core.errors import Forbidden, NotFound
from core.gates import page_needs
from core.languages import pick
from core.sentences import retell
from packs import actions as packs
from packs import selectors as library


class Screen(NamedTuple):
    """A page that the pack would have: its path and query, and which of its things it is of."""

    path: str
    query: str
    kind: str
    label: str


@require_safe
@page_needs("admin")
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """The screens of the pack as its folder reads now; `screen` draws one of them, and nothing of it stays."""
    if not request.actor.may("admin"):
        raise Forbidden("packs.not_an_administrator")
    found = library.library()
    if code not in found.packs:
        raise NotFound("packs.no_such_pack", codes=code[:40])
    document = found.packs[code].document
    faults = [replace(fault, sentence=retell(fault.sentence)) for fault in library.problems(found, [code])]
    screens = [] if faults else _screens(code, document)
    chosen = request.GET.get("screen", "")
    if chosen.isdecimal() and len(chosen) < 4 and int(chosen) < len(screens):
        return _drawn(request, code, screens[int(chosen)])
    context = {"code": code, "names": document.get("names") or {}, "faults": faults, "screens": screens}
    return render(request, "dashboard/preview.html", context)


def _screens(code: str, document: Mapping[str, Any]) -> list[Screen]:
    screens = [Screen(f"/systems/{code}/", "", "system", pick(document["names"]))]
    for one in document.get("registers") or ():
        label = pick(one["names"])
        screens.append(Screen(f"/registers/{one['code']}/", "", "list", label))
        screens.append(Screen(f"/registers/{one['code']}/new/", "", "form", label))
    screens += [
        Screen("/components/new/", f"type={one['code']}", "form", pick(one["names"]))
        for one in document.get("asset_types") or ()
    ]
    return screens


def _drawn(request: HttpRequest, code: str, screen: Screen) -> HttpResponse:
    """The page as it would be; its own view draws it while the pack is in force."""
    match = resolve(screen.path)
    request.GET = QueryDict(screen.query)
    with packs.trial(code, actor=request.actor):
        answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
    answer["Cache-Control"] = "private, no-store"
    return answer
