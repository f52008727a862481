"""Questions of the insights over HTTP: the same as the page answers, with the filters of the lists behind it."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases import selectors
from cases.contracts.hotspots import NUMBERS
from cases.contracts.questions import NARROWED_BY, Counts, Group, Measure, Versus
from cases.rest.outputs import Error
from cases.rest.views import SeenGate
from cases.rules.hotspots import Repeat
from cases.rules.questions import address_of, list_of, number_from, question_from
from cases.templatetags.insight_words import group_name, sentence

REFUSED = dict.fromkeys((400, 401, 403), Error)
PARTS = {
    "measure": "What is counted: " + ", ".join(Measure),
    "by": "What the cases are told apart by: " + ", ".join(Group),
    "versus": "What it is held against: " + ", ".join(Versus),
    "since": "First day of the report, 2026-01-01; this year's by default",
    "until": "Last day of the report, it included; today by default",
    **dict.fromkeys(NARROWED_BY, "As in the list of cases"),
}


class CountsOut(serializers.Serializer[Any]):
    """What was counted, the measure that was asked for, and the filters of the lists that hold these cases.

    `minutes` is told where the measure is `minutes`, else null.
    """

    key = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    reported = serializers.IntegerField()
    registered = serializers.IntegerField()
    closed = serializers.IntegerField()
    on_time = serializers.IntegerField()
    reworked = serializers.IntegerField()
    returned = serializers.IntegerField()
    untrue = serializers.IntegerField()
    minutes = serializers.FloatField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField(allow_null=True)
    cases = serializers.DictField(child=serializers.CharField())
    numerator_cases = serializers.DictField(child=serializers.CharField())
    denominator_cases = serializers.DictField(child=serializers.CharField(), allow_null=True)


class QuestionAnswerOut(serializers.Serializer[Any]):
    """A question, its answer as a sentence and in numbers; `begins` is the day of the first report one may see."""

    question = serializers.DictField(child=serializers.CharField())
    sentence = serializers.CharField()
    total = CountsOut()
    before = CountsOut(allow_null=True)
    groups = CountsOut(many=True)
    more_groups = serializers.IntegerField()
    begins = serializers.DateField(allow_null=True)


def _told(counts: Counts, measure: Measure, cases: Any, lists: tuple[Any, Any]) -> dict[str, Any]:
    top, below = counts.over(measure)
    return {
        **vars(counts), "key": "", "name": "", "value": counts.value(measure), "numerator": top,
        "denominator": below, "cases": dict(cases), "numerator_cases": lists[0], "denominator_cases": lists[1],
    }  # fmt: skip


class InsightsView(SeenGate):
    """A question and its answer."""

    @extend_schema(
        operation_id="insights",
        parameters=[OpenApiParameter(name, str, description=about) for name, about in PARTS.items()],
        responses={200: QuestionAnswerOut, **REFUSED},
    )
    def get(self, request: Request) -> Response:
        """Counted over the cases that the caller may see; 400 with a sentence where it is no question."""
        question = question_from(request.query_params.dict(), selectors.today())
        found = selectors.answer(question, request.actor)
        names = selectors.names_known()
        measure, whole = question.measure, found.lists()
        before = found.before_lists()
        body = {
            "question": address_of(question),
            "sentence": sentence(question, found.total, selectors.today(), names),
            "total": _told(found.total, measure, found.cases(), whole),
            "before": _told(found.before, measure, before[0], before[1:]) if found.before and before else None,
            "groups": [
                _told(one.counts, measure, one.cases, found.lists(one))
                | {"key": one.key, "name": group_name(question.by, one.key, names)}
                for one in found.groups
            ],
            "more_groups": found.more_groups,
            "begins": selectors.first_day(request.actor),
        }
        return Response(QuestionAnswerOut(body).data, headers={"Cache-Control": "no-store"})


class HotCellOut(serializers.Serializer[Any]):
    """A cell in a cluster, what it and its neighbours have, what was to be expected, and the chance of so many."""

    cell = serializers.CharField()
    found = serializers.IntegerField()
    around = serializers.IntegerField()
    expected = serializers.FloatField()
    z = serializers.FloatField()
    chance = serializers.FloatField()
    cases = serializers.DictField(child=serializers.CharField())


class HotHourOut(serializers.Serializer[Any]):
    """An hour of the week with more than its day (1 is Monday) and its hour let expect."""

    weekday = serializers.IntegerField()
    hour = serializers.IntegerField()
    found = serializers.IntegerField()
    expected = serializers.FloatField()
    chance = serializers.FloatField()
    cases = serializers.DictField(child=serializers.CharField())


class RepeatOut(serializers.Serializer[Any]):
    """A place where a class came back."""

    category = serializers.CharField()
    lon = serializers.FloatField()
    lat = serializers.FloatField()
    found = serializers.IntegerField()
    cases = serializers.DictField(child=serializers.CharField())


class HotspotsOut(serializers.Serializer[Any]):
    """Hotspots; `cells` is null where there is too little to tell, `places` where there are too many cases."""

    question = serializers.DictField(child=serializers.CharField())
    reported = serializers.IntegerField()
    ground = serializers.IntegerField()
    cells = HotCellOut(many=True, allow_null=True)
    hours = HotHourOut(many=True)
    places = RepeatOut(many=True, allow_null=True)


class HotspotsView(SeenGate):
    """Where and when cases gather, and where the same comes back."""

    @extend_schema(
        operation_id="insights_hotspots",
        parameters=[
            *(OpenApiParameter(name, str, description=about) for name, about in PARTS.items()),
            *(OpenApiParameter(name, int, description=f"{low} to {high}, {usual} by default")
              for name, (usual, low, high) in NUMBERS.items()),
        ],
        responses={200: HotspotsOut, **REFUSED},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Of the cases that the caller may see; the last ninety days by default."""
        given = request.query_params.dict()
        numbers = {name: number_from(given, name, *bounds) for name, bounds in NUMBERS.items()}
        asked = {name: value for name, value in given.items() if name not in NUMBERS}
        question = selectors.question_here(asked)
        found = selectors.hotspots(question, request.actor, **numbers)
        cases = list_of(question)
        cells = [{**one._asdict(), "cases": {**cases, "cell": one.cell}} for one in found.cells or ()]
        body = {
            "question": address_of(question),
            "reported": found.reported,
            "ground": found.ground,
            "cells": cells if found.cells is not None else None,
            "hours": [
                {**one._asdict(), "cases": {**cases, "weekday": str(one.weekday), "hour": str(one.hour)}}
                for one in found.hours
            ],
            "places": [_place(found, one) for one in found.places] if found.places is not None else None,
        }
        return Response(HotspotsOut(body).data, headers={"Cache-Control": "no-store"})


def _place(found: selectors.Hotspots, one: Repeat) -> dict[str, Any]:
    middle = one.middle
    return {
        "category": middle.category, "lon": middle.lon, "lat": middle.lat, "found": len(one.members),
        "cases": selectors.repeat_list(found, one),
    }  # fmt: skip
