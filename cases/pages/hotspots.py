"""Hotspots on a page: clusters of cells, the hours of the week, and places where a class comes back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases import selectors
from cases.contracts.hotspots import NUMBERS
from cases.forms.insights import HotspotsForm
from cases.pages.insights import asked_in, list_link
from cases.rules.hotspots import FALSE_SHARE, LEAST_CASES, LEAST_CELLS
from cases.rules.questions import address_of, list_of, number_from
from cases.selectors.hotspots import MOST_TELLINGS
from cases.templatetags.insight_words import group_name
from core.errors import DomainError
from core.gates import page_needs
from core.sentences import sentence_of


@require_safe
@page_needs("case.see")
def hotspots(request: HttpRequest) -> HttpResponse:
    """Where and when cases gather, and where the same comes back."""
    given = asked_in(request)
    context: dict[str, Any] = {}
    try:
        numbers = {name: number_from(given, name, *bounds) for name, bounds in NUMBERS.items()}
        asked = {name: value for name, value in given.items() if name not in NUMBERS}
        question = selectors.question_here(asked)
        found = selectors.hotspots(question, request.actor, **numbers)
        context = _shown(found)
        context["form"] = HotspotsForm(initial={**address_of(question), **numbers})
    except DomainError as error:
        context = {"refusal": sentence_of(error), "form": HotspotsForm(initial=given)}
    return render(request, "cases/insights/hotspots.html", context, status=400 if "refusal" in context else 200)


def _shown(found: selectors.Hotspots) -> dict[str, Any]:
    question, names = found.question, selectors.names_known()
    cases = list_of(question)
    return {
        "question": question,
        "found": found,
        "all_cases": list_link(cases),
        "cells": [{"one": one, "cases": list_link({**cases, "cell": one.cell})} for one in found.cells or ()],
        "week": _week(found, cases),
        "hours": [
            {"one": one, "cases": list_link({**cases, "weekday": str(one.weekday), "hour": str(one.hour)})}
            for one in found.hours
        ],
        "places": [
            {
                "one": one,
                "many": len(one.members),
                "class": group_name(question.by.CATEGORY, one.middle.category, names),
                "address": found.addresses.get(one.middle.key, ""),
                "cases": list_link(selectors.repeat_list(found, one)),
            }
            for one in found.places or ()
        ],
        "least_cells": LEAST_CELLS,
        "least_cases": LEAST_CASES,
        "most_tellings": MOST_TELLINGS,
        "false_share": FALSE_SHARE,
    }


def _week(found: selectors.Hotspots, cases: dict[str, str]) -> list[list[dict[str, Any]]]:
    """Seven days of twenty-four hours, each with how dark it is from 0 to 4, and its cases."""
    most = max(found.week.values(), default=0)
    told = {(one.weekday, one.hour) for one in found.hours}
    return [
        [
            {
                "hour": hour,
                "n": found.week.get((day, hour), 0),
                "heat": -(-4 * found.week.get((day, hour), 0) // most) if most else 0,
                "hot": (day, hour) in told,
                "cases": list_link({**cases, "weekday": str(day), "hour": str(hour)}),
            }
            for hour in range(24)
        ]
        for day in range(1, 8)
    ]
