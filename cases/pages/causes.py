"""Why cases go wrong, what their seasons are and how their sources compare: each a question as an address."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases import selectors
from cases.contracts.causes import NO_REASON, Cause
from cases.contracts.questions import Group, Measure, Question
from cases.forms.insights import CausesForm, PeriodForm
from cases.models import words
from cases.pages.insights import list_link
from cases.pages.trends import answered
from cases.rules.questions import address_of, cause_from, list_of
from cases.rules.seasons import LEAST_CASES, LEAST_DAYS
from cases.rules.series import USUAL_DAYS
from cases.selectors import Share
from cases.templatetags.charts import Point
from cases.templatetags.insight_words import axis_name, group_name, month_name
from core.gates import page_needs

COMPARED = (Measure.VALID, Measure.UNTRUE, Measure.ON_TIME, Measure.REWORKED, Measure.RETURNED)


@require_safe
@page_needs("case.see")
def causes(request: HttpRequest) -> HttpResponse:
    """What went wrong and why, as it was said; and where it happened most."""
    return answered(request, "cases/insights/causes.html", _causes, CausesForm)


@require_safe
@page_needs("case.see")
def seasons(request: HttpRequest) -> HttpResponse:
    """Months, days of the week and hours of the day, each against its own mean."""
    return answered(request, "cases/insights/seasons.html", _seasons, PeriodForm)


@require_safe
@page_needs("case.see")
def sources(request: HttpRequest) -> HttpResponse:
    """Who finds what, and what becomes of it."""
    return answered(request, "cases/insights/sources.html", _sources, PeriodForm)


def _causes(asked: dict[str, str], request: HttpRequest) -> dict[str, Any]:
    cause = cause_from(asked.pop("why", ""))
    question = selectors.question_here(asked, USUAL_DAYS)
    found, names = selectors.causes(question, cause, request.actor), selectors.names_known()
    return {
        "question": question,
        "initial": {"why": cause, **address_of(question)},
        "found": found,
        "cause_name": words.CAUSE_NAMES[cause],
        "whole": _share(found.whole, ""),
        "reasons": [_share(one, _reason(cause, one.key)) for one in found.reasons],
        "apart": [
            (words.GROUP_NAMES[by], [_share(one, group_name(by, one.key, names)) for one in rows])
            for by, rows in found.apart.items()
        ],
        "address": urlencode({"why": cause, **address_of(question)}),
        "others": [
            (name, urlencode({"why": other, **address_of(question)}), other == cause)
            for other, name in words.CAUSE_NAMES.items()
        ],
    }


def _reason(cause: Cause, key: str) -> str:
    if key == NO_REASON:
        return str(words.NO_REASON_SAID)
    return str(words.LATE_REASONS[key]) if cause is Cause.LATE else key


def _share(one: Share, name: str) -> dict[str, Any]:
    return {"name": name, "one": one, "cases": list_link(one.cases), "of_cases": list_link(one.of_cases)}


def _seasons(asked: dict[str, str], request: HttpRequest) -> dict[str, Any]:
    question = selectors.question_here(asked, 2 * USUAL_DAYS)
    found, names = selectors.seasons(question, request.actor), selectors.names_known()
    return {
        "question": found.question,
        "initial": address_of(question),
        "found": found,
        "all_cases": list_link(list_of(found.question)),
        "seasons": [_season(one, found.question, names) for one in found.found],
        "least_cases": LEAST_CASES,
    }


def _season(one: selectors.Season, question: Question, names: Any) -> dict[str, Any]:
    rows: list[dict[str, Any]] = [
        {
            "part": part,
            "name": month_name(int(part.key)) if one.by is Group.MONTH else group_name(one.by, part.key, names),
            "cases": list_link(one.lists[part.key]),
        }
        for part in one.parts or ()
    ]
    asked = Question(question.since, question.until, by=one.by, filters=question.filters)
    return {
        "by": one.by,
        "title": words.SEASON_NAMES[one.by],
        "rows": rows,
        "once": one.once,
        "least_days": LEAST_DAYS[one.by],
        "points": [
            Point(row["name"], round(row["part"].mean, 2), short=axis_name(one.by, row["part"].key)) for row in rows
        ],
        "address": urlencode(address_of(asked)),
        "asked": f"{reverse('insights')}?{urlencode(address_of(asked))}",
    }


def _sources(asked: dict[str, str], request: HttpRequest) -> dict[str, Any]:
    question = selectors.question_here(asked, USUAL_DAYS)
    by_source = Question(question.since, question.until, Measure.MINUTES, Group.SOURCE, filters=question.filters)
    found, merged = selectors.answer(by_source, request.actor), selectors.merged(question, request.actor)
    names = selectors.names_known()
    return {
        "question": question,
        "initial": address_of(question),
        "rows": [
            {
                "name": group_name(Group.SOURCE, one.key, names),
                "counts": one.counts,
                "share": one.counts.reported / found.total.reported,
                "cases": list_link(one.cases),
                "merged": merged.get(one.key, 0),
                "merged_cases": list_link({**one.cases, "merged": "true"}),
                "measures": [_measured(found, one, measure) for measure in COMPARED],
            }
            for one in found.groups
        ],
        "measures": [words.MEASURE_NAMES[measure] for measure in COMPARED],
        "total": found.total,
        "all_cases": list_link(list_of(question)),
        "address": urlencode(address_of(by_source)),
    }


def _measured(found: selectors.Answer, one: selectors.GroupCounts, measure: Measure) -> dict[str, Any]:
    numerator, denominator = selectors.lists_of(dict(one.cases), measure)
    top, below = one.counts.over(measure)
    return {
        "value": one.counts.value(measure), "top": top, "below": below, "numerator": list_link(numerator),
        "denominator": list_link(denominator or {}),
    }  # fmt: skip
