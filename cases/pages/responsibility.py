"""The matrix of responsibility, its holes, the simulator, and the special rules with their replay."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions, selectors
from cases.forms import EndForm, OverrideForm, WhatIfForm
from cases.models import words
from cases.pages.showing import holders, replayed
from cases.pages.timing import limit_lines
from cases.rules import Answer, Office
from cases.templatetags.case_words import clash_line, hole_line, office_name, why_line, word
from core import clock
from core.errors import DomainError, Invalid
from core.gates import page_needs
from core.languages import pick
from core.sentences import sentence_of

Offices = Mapping[str, Office]
READERS = ("case.see", "admin")
LONGEST_SEARCH = 60


@require_safe
@page_needs(*READERS)
def matrix(request: HttpRequest) -> HttpResponse:
    """Who answers for which class where: the districts, or the streets of one that was opened."""
    text = "".join(letter for letter in request.GET.get("q", "") if letter.isprintable())[:LONGEST_SEARCH].strip()
    found = selectors.matrix(
        inside=request.GET.get("district", "")[:12], major=request.GET.get("major", "")[:8], text=text
    )
    context = {
        "tab": "matrix",
        "q": text,
        "found": found,
        "majors": [{"code": code, "name": _major(code)} for code in found.majors],
        "groups": [{"name": _major(code), "rows": [_row(row, found.offices) for row in rows]}
                   for code, rows in found.groups],
        "may_change": request.actor.holds("admin"),
    }  # fmt: skip
    return render(request, "cases/responsibility/matrix.html", context)


def _major(code: str) -> str:
    return f"{code} {words.MAJOR_NAMES[code]}" if code in words.MAJOR_NAMES else code


def _row(row: Any, offices: Offices) -> dict[str, Any]:
    return {
        "code": row.category.code,
        "name": pick(row.category.names),
        "duty": pick(row.duty.names) or row.duty.duty if row.duty else "",
        "by": word(row.duty.by, "level") if row.duty else "",
        "own": row.duty.duty if row.duty and row.duty.own is not None else "",
        "squares": [_square(square, offices) for square in row.squares],
    }


def _square(square: Any, offices: Offices) -> dict[str, Any]:
    first = square.answers[0][0] if square.answers else None
    return {
        "place": pick(square.place.names),
        "area": square.place.path,
        "name": office_name(first.organisation, offices) if first else "",
        "more": len({answer.organisation for answer, _cells in square.answers if answer.organisation}) - 1,
        "empty": square.empty,
        "disputed": square.disputed,
        "special": bool(square.specials),
        "answers": [_answer(answer, offices) | {"cells": cells} for answer, cells in square.answers],
    }


def _answer(answer: Answer, offices: Offices) -> dict[str, Any]:
    return {
        "name": office_name(answer.organisation, offices),
        "cooperating": [office_name(code, offices) for code in answer.cooperating],
        "arbiter": office_name(answer.arbiter, offices),
        "lines": [why_line(line) for line in answer.lines[1:]],
    }


@require_safe
@page_needs(*READERS)
def faults(request: HttpRequest) -> HttpResponse:
    """Holes and conflicts as sentences; the cells of the chosen one, or of all, on the map."""
    found = selectors.faults()
    holes = [_hole(hole) for hole in found.holes]
    clashes = [_clash(index, clash, found.offices) for index, clash in enumerate(found.clashes, start=1)]
    chosen = request.GET.get("show", "")[:20]
    shown = [one for one in (*holes, *clashes) if one["id"] == chosen] or [*holes, *clashes]
    context = {
        "tab": "faults",
        "holes": holes,
        "clashes": clashes,
        "found": found,
        "chosen": chosen,
        "shade": sorted({code for one in shown for code in one["codes"]}),
    }
    return render(request, "cases/responsibility/faults.html", context)


def _hole(hole: Any) -> dict[str, Any]:
    return {
        "id": hole.category.code,
        "sentence": hole_line(hole),
        "why": why_line(hole.missing),
        "places": [pick(place.names) for place in hole.places],
        "codes": [place.code for place in hole.places],
        "category": hole.category.code,
        "unruled": hole.missing.params["duty"] if hole.missing.code == "duty_without_rule" else "",
        "area": hole.places[0].path if len(hole.places) == 1 else "",
    }


def _clash(index: int, clash: Any, offices: Offices) -> dict[str, Any]:
    return {
        "id": f"clash-{index}",
        "sentence": clash_line(clash, offices),
        "classes": clash.classes,
        "places": [pick(place.names) for place in clash.places],
        "codes": [place.code for place in clash.places],
    }


@require_safe
@page_needs(*READERS)
def simulator(request: HttpRequest) -> HttpResponse:
    """A place and a class: who, why, and until when. The same question as `GET /api/responsible`."""
    given = {key: request.GET[key] for key in ("category", "condition", "lon", "lat") if request.GET.get(key)}
    form = WhatIfForm(selectors.categories(), data=given if given else None)
    context: dict[str, Any] = {"tab": "simulator", "form": form}
    status = 200
    if {"category", "lon", "lat"} <= given.keys() and form.is_valid():
        try:
            context["found"] = _what_if(selectors.what_if(**form.cleaned_data))
        except DomainError as error:
            context["refusal"], status = sentence_of(error), error.status
    elif given.keys() - {"category", "condition"} and form.errors:
        context["refusal"], status = sentence_of(Invalid("responsibility.needs_point")), 400
    return render(request, "cases/responsibility/simulator.html", context, status=status)


def _what_if(found: selectors.WhatIf) -> dict[str, Any]:
    return {
        "class": f"{found.category.code} {pick(found.category.names)}",
        "cell": found.place.cell,
        "community": pick(found.place.names),
        "answer": _answer(found.answer, found.offices),
        "lines": [why_line(line) for line in found.answer.lines],
        "promises": [{**vars(one), "why": limit_lines(one.says)} for one in found.promises],
        "total": found.total,
        "at": found.at,
        "change": urlencode({"category": found.category.code, "area": found.place.area}),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def overrides(request: HttpRequest) -> HttpResponse:
    """The special rules, and a new one: first replayed on last month's cases, then saved."""
    if request.method != "POST":
        asked = {key: request.GET[key] for key in ("category", "area") if request.GET.get(key)}
        return _overrides(request, OverrideForm(initial=asked))
    form = OverrideForm(data=request.POST)
    try:
        if not form.is_valid():
            raise Invalid("case.form_incomplete")
        row = actions.draft_override(actor=request.actor, **form.given())
        if request.POST.get("act") != "save":
            return _overrides(request, form, replay=selectors.replay_save(row))
        actions.save_override(row, actor=request.actor, seen=request.POST.get("seen", ""))
    except DomainError as error:
        more = {"replay": selectors.replay_save(row)} if error.code == "responsibility.look_again" else {}
        return _overrides(request, form, status=error.status, refusal=sentence_of(error), **more)
    messages.success(request, _("The special rule is saved; the journal has it."))
    return redirect("responsibility-overrides")


def _overrides(
    request: HttpRequest, form: OverrideForm, *, status: int = 200, replay: Any = None, **more: Any
) -> HttpResponse:
    now, names = clock.now(), holders()
    places = dict(form.areas)
    rows = [
        {
            "row": row,
            "place": places.get(row.area, row.area),
            "name": names.get(row.organisation, row.organisation),
            "cooperating": [names.get(code, code) for code in row.cooperating],
            "arbiter": names.get(row.arbiter, row.arbiter),
            "state": row.state_at(now),
        }
        for row in selectors.overrides()
    ]  # fmt: skip
    context = {"tab": "overrides", "form": form, "rows": rows, **replayed(request, replay, names), **more}
    return render(request, "cases/responsibility/overrides.html", context, status=status)


@require_POST
@page_needs("admin")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """A special rule is over, once its end has been replayed and looked at."""
    row = selectors.override(pk)
    form = EndForm(data=request.POST)
    refusal, status = "", 200
    try:
        if request.POST.get("act") == "save":
            if not form.is_valid():
                raise Invalid("case.form_incomplete")
            actions.end_override(pk, actor=request.actor, reason=form.cleaned_data["reason"],
                                 seen=request.POST.get("seen", ""))  # fmt: skip
            return _ended(request)
    except DomainError as error:
        refusal, status = sentence_of(error), error.status
    shown = form if request.POST.get("act") == "save" else EndForm()
    waits = row.state_at(clock.now()) == "to_come"
    context = {"tab": "overrides", "row": row, "form": shown, "refusal": refusal, "waits": waits}
    context |= replayed(request, selectors.replay_end(pk), holders())
    return render(request, "cases/responsibility/end.html", context, status=status)


def _ended(request: HttpRequest) -> HttpResponseRedirect:
    messages.success(request, _("The special rule is over; the journal has it."))
    return redirect("responsibility-overrides")
