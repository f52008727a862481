"""Trends with a forecast, and what changed this week, on pages and for programs alike."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases import selectors
from cases.contracts.questions import Group, Measure, Question
from cases.forms.insights import PeriodForm
from cases.models import words
from cases.pages.insights import asked_in, list_link
from cases.rules.changes import FALSE_SHARE, LEAST_WEEKS
from cases.rules.questions import address_of, list_of
from cases.rules.series import COVERAGE, LEAST_CASES, LEAST_DAYS, USUAL_DAYS
from cases.templatetags.charts import Point
from cases.templatetags.insight_words import group_name
from core.errors import DomainError
from core.gates import page_needs
from core.sentences import sentence_of

DRAWN = 120


def answered(request: HttpRequest, template: str, shown: Any, form: type[PeriodForm] = PeriodForm) -> HttpResponse:
    """A page whose address is its question: what is shown of it, or why it is none, beside the form that asks."""
    given = asked_in(request)
    try:
        context = shown(dict(given), request)
        context["form"] = form(initial=context["initial"])
    except DomainError as error:
        context = {"refusal": sentence_of(error), "form": form(initial=given)}
    return render(request, template, context, status=400 if "refusal" in context else 200)


@require_safe
@page_needs("case.see")
def trends(request: HttpRequest) -> HttpResponse:
    """A count for every day, its level and usual week, and what is expected with how sure that was before."""
    return answered(request, "cases/insights/trends.html", _trends)


@require_safe
@page_needs("case.see")
def changes(request: HttpRequest) -> HttpResponse:
    """What the last seven days had that their own past did not let expect, and the sources side by side."""
    return answered(request, "cases/insights/changes.html", _changes)


def _trends(asked: dict[str, str], request: HttpRequest) -> dict[str, Any]:
    question = selectors.question_here(asked, USUAL_DAYS)
    found = selectors.trends(question, request.actor)
    drawn = list(zip(found.days, found.level, strict=True))[-DRAWN:]
    points = [Point(one.day.isoformat()[5:], one.cases, usual=level) for one, level in drawn]
    ahead = found.forecast.days if found.forecast else ()
    points += [Point(one.day.isoformat()[5:], None, one.low, one.high, usual=one.value) for one in ahead]
    whole = list_of(question)
    return {
        "question": question,
        "initial": address_of(question),
        "found": found,
        "points": points,
        "ahead": ahead,
        "last": [
            {"one": one, "cases": list_link({**whole, "since": str(one.day), "until": str(one.day)})}
            for one in reversed(found.days[-28:])
        ],
        "all_cases": list_link(whole),
        "by_month": f"{reverse('insights')}?{urlencode({**address_of(question), 'by': 'month'})}",
        "coverage": COVERAGE,
        "least_days": LEAST_DAYS,
        "least_cases": LEAST_CASES,
    }


def _changes(asked: dict[str, str], request: HttpRequest) -> dict[str, Any]:
    question = selectors.question_here(asked, USUAL_DAYS)
    found = selectors.changed(question, request.actor)
    names = selectors.names_known()
    week = found.question
    sources = selectors.answer(_by(week, Group.SOURCE, Measure.MINUTES), request.actor)
    return {
        "question": week,
        "initial": address_of(question),
        "found": found,
        "rows": [
            {
                "one": one,
                "by": words.GROUP_NAMES[Group(one.by)],
                "name": group_name(Group(one.by), one.key, names),
                "cases": list_link(list_of(_by(week, Group(one.by)), one.key)),
            }
            for one in found.found or ()
        ],
        "sources": [
            {
                "name": group_name(Group.SOURCE, one.key, names),
                "counts": one.counts,
                "share": one.counts.reported / sources.total.reported,
                "valid": one.counts.value(Measure.VALID),
                "on_time": one.counts.value(Measure.ON_TIME),
                "cases": list_link(dict(one.cases)),
            }
            for one in sources.groups
        ],
        "least_weeks": LEAST_WEEKS,
        "false_share": FALSE_SHARE,
    }


def _by(question: Question, by: Group, measure: Measure = Measure.REPORTED) -> Question:
    return Question(question.since, question.until, measure, by, filters=question.filters)
