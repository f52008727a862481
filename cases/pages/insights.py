"""Insights: a question as an address, its answer as a sentence, and every number the way to its cases."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cases import selectors
from cases.contracts.questions import IN_TIME, Counts, Measure, Question, Versus
from cases.forms.insights import QuestionForm
from cases.models import words
from cases.rules.questions import address_of, list_of, question_from
from cases.templatetags.charts import Point
from cases.templatetags.insight_words import axis_name, group_name, sentence
from core.errors import DomainError
from core.gates import page_needs
from core.sentences import sentence_of

USUAL = {"by": "source"}
EXAMPLES: tuple[tuple[Any, dict[str, str]], ...] = (
    (_("What cameras found"), {"source": "camera", "by": "month"}),
    (_("Sources compared"), {"by": "source"}),
    (_("Districts: closed in time"), {"by": "district", "measure": "on_time"}),
    (_("Classes: sent back"), {"by": "category", "measure": "returned"}),
    (_("Hours of the day"), {"by": "hour"}),
    (_("Against the time before"), {"by": "district", "versus": "before"}),
)


def list_link(filters: Mapping[str, str]) -> str:
    """The list of exactly these cases."""
    return f"{reverse('cases')}?{urlencode(filters)}"


def asked_in(request: HttpRequest) -> dict[str, str]:
    """What the address asks, without what it leaves empty."""
    return {name: value for name, value in request.GET.dict().items() if value.strip()}


@require_safe
@page_needs("case.see")
def insights(request: HttpRequest) -> HttpResponse:
    """The question, its answer, the chart and the table."""
    given = asked_in(request) or USUAL
    context: dict[str, Any] = {"examples": [(name, urlencode(asked)) for name, asked in EXAMPLES]}
    try:
        question = question_from(given, selectors.today())
        context |= _answered(request, question)
        initial = {"measure": question.measure, **address_of(question)}
    except DomainError as error:
        context["refusal"], initial = sentence_of(error), given
    context["form"] = QuestionForm(initial=initial)
    return render(request, "cases/insights/question.html", context, status=400 if "refusal" in context else 200)


def _answered(request: HttpRequest, question: Question) -> dict[str, Any]:
    found = selectors.answer(question, request.actor)
    names = selectors.names_known()
    first = selectors.first_day(request.actor)
    rows = [_row(found, one, names) for one in found.groups]
    numerator, denominator = found.lists()
    return {
        "question": question,
        "sentence": sentence(question, found.total, selectors.today(), names),
        "total": found.total,
        "over": found.total.over(question.measure),
        "numerator": list_link(numerator),
        "denominator": list_link(denominator) if denominator is not None else "",
        "measure_name": words.MEASURE_NAMES[question.measure],
        "group_name": words.GROUP_NAMES[question.by],
        "rows": rows,
        "in_time": question.by in IN_TIME,
        "points": [
            Point(row["name"], _drawn(row["counts"], question.measure), short=axis_name(question.by, one.key))
            for row, one in zip(rows, found.groups, strict=True)
        ],
        "more_groups": found.more_groups,
        "before": _before(found.before, found.before_asked, question.versus, names),
        "address": urlencode(address_of(question)),
        "begins": first if first is None or question.since < first else "",
        "empty": first is None,
    }


def _row(found: selectors.Answer, one: selectors.GroupCounts, names: Any) -> dict[str, Any]:
    numerator, denominator = found.lists(one)
    return {
        "name": group_name(found.question.by, one.key, names),
        "counts": one.counts,
        "over": one.counts.over(found.question.measure),
        "share": one.counts.reported / found.total.reported if found.total.reported else None,
        "cases": list_link(one.cases),
        "numerator": list_link(numerator),
        "denominator": list_link(denominator) if denominator is not None else "",
    }


def _drawn(counts: Counts, measure: Measure) -> float | None:
    """The height of a bar: shares as percent."""
    value = counts.value(measure)
    if value is None or measure in (Measure.REPORTED, Measure.MINUTES):
        return value
    return round(100 * value, 1)


def _before(counts: Counts | None, question: Question | None, versus: Versus, names: Any) -> dict[str, Any] | None:
    if counts is None or question is None:
        return None
    return {
        "counts": counts,
        "name": words.VERSUS_NAMES[versus],
        "sentence": sentence(question, counts, selectors.today(), names),
        "cases": list_link(list_of(question)),
    }
