"""The scoreboard as JSON."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Forbidden
from evaluation import selectors


class ScoresQuery(serializers.Serializer):
    """What may be asked."""

    level = serializers.ChoiceField(choices=selectors.LEVELS, default="district")
    days = serializers.IntegerField(min_value=1, max_value=366, default=30)


class PartOut(serializers.Serializer):
    """One term of the formula with its numerator, denominator and points."""

    metric = serializers.CharField()
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    points = serializers.FloatField()
    out_of = serializers.FloatField()


class RowOut(serializers.Serializer):
    """One line; `score` is null where nothing could be counted."""

    code = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField())
    score = serializers.FloatField(source="score.value", allow_null=True)
    level = serializers.CharField(source="score.level")
    parts = PartOut(source="score.parts", many=True)
    cases = serializers.IntegerField()
    minutes = serializers.IntegerField(allow_null=True)
    reworks = serializers.IntegerField()


class BoardOut(serializers.Serializer):
    """The scoreboard of a period, best first."""

    level = serializers.CharField()
    scheme = serializers.CharField(source="scheme.code")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    rows = RowOut(many=True)


class Scores(APIView):
    """The scoreboard."""

    @extend_schema(
        operation_id="scores",
        parameters=[OpenApiParameter("level", str, enum=list(selectors.LEVELS)), OpenApiParameter("days", int)],
        responses=BoardOut,
    )
    def get(self, request: Request) -> Response:
        """Scores by district or organisation over the last `days` days; 403 without the right score.see."""
        if not request.actor.scope(selectors.RIGHT):
            raise Forbidden("accounts.no_right", right=selectors.RIGHT)
        query = ScoresQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        return Response(BoardOut(selectors.scoreboard(request.actor, **query.validated_data)).data)
