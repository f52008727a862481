"""Questions of the insights over HTTP: the same as the page answers, with the filters of the lists behind it."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import selectors
from cases.contracts.questions import NARROWED_BY, Counts, Group, Measure, Versus
from cases.rest.outputs import Error
from cases.rules.questions import address_of, question_from
from cases.templatetags.insight_words import group_name, sentence
from core.errors import Forbidden

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
    """What was counted, the measure that was asked for, and the filters of the lists that hold these cases."""

    key = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    reported = serializers.IntegerField()
    registered = serializers.IntegerField()
    closed = serializers.IntegerField()
    on_time = serializers.IntegerField()
    reworked = serializers.IntegerField()
    returned = serializers.IntegerField()
    minutes = serializers.FloatField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField(allow_null=True)
    cases = serializers.DictField(child=serializers.CharField())
    numerator_cases = serializers.DictField(child=serializers.CharField())
    denominator_cases = serializers.DictField(child=serializers.CharField(), allow_null=True)


class AnswerOut(serializers.Serializer[Any]):
    """A question, its answer as a sentence and in numbers; `begins` is the day of the first report one may see."""

    question = serializers.DictField(child=serializers.CharField())
    sentence = serializers.CharField()
    total = CountsOut()
    before = CountsOut(allow_null=True)
    groups = CountsOut(many=True)
    more_groups = serializers.IntegerField()
    begins = serializers.DateField(allow_null=True)


def gate(request: Request) -> None:
    """Insights are for who may see cases."""
    if not request.actor.holds("case.see"):
        raise Forbidden("case.no_page")


def _told(counts: Counts, measure: Measure, cases: Any, lists: tuple[Any, Any]) -> dict[str, Any]:
    top, below = counts.over(measure)
    return {
        **vars(counts), "key": "", "name": "", "value": counts.value(measure), "numerator": top,
        "denominator": below, "cases": dict(cases), "numerator_cases": lists[0], "denominator_cases": lists[1],
    }  # fmt: skip


class InsightsView(APIView):
    """A question and its answer."""

    @extend_schema(
        operation_id="insights",
        parameters=[OpenApiParameter(name, str, description=about) for name, about in PARTS.items()],
        responses={200: AnswerOut, **REFUSED},
    )
    def get(self, request: Request) -> Response:
        """Counted over the cases that the caller may see; 400 with a sentence where it is no question."""
        gate(request)
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
        return Response(AnswerOut(body).data, headers={"Cache-Control": "no-store"})
