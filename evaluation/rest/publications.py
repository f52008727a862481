"""Publications over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from evaluation import actions, rules, selectors
from evaluation.forms import asked
from evaluation.rest.shapes import PLACE, REFUSED, Gate, window


class PublicationOut(serializers.Serializer[Any]):
    """A period that was published, from `since` to, not including, `until`."""

    id = serializers.IntegerField()
    scheme = serializers.CharField()
    level = serializers.CharField()
    within = serializers.CharField(allow_blank=True)
    period = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField()
    published_label = serializers.CharField()
    published_at = serializers.DateTimeField()


class PublishedRowOut(serializers.Serializer[Any]):
    """A line as it was frozen; each count raw and after exemptions."""

    rank = serializers.IntegerField(allow_null=True)
    key = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField())
    score = serializers.FloatField(allow_null=True)
    raw_score = serializers.FloatField(allow_null=True)
    grade = serializers.CharField(allow_blank=True)
    parts = serializers.JSONField()
    counts = serializers.JSONField()


class PublishedOut(PublicationOut):
    """A publication with its lines, and the scheme as it read."""

    document = serializers.JSONField()
    lines = PublishedRowOut(many=True)


class PublishScoresIn(serializers.Serializer[Any]):
    """Which board to publish: a level, a calendar period by a day of it, a region, a scheme."""

    level = serializers.CharField(max_length=12)
    within = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)
    period = serializers.ChoiceField(choices=rules.CALENDAR)
    on = serializers.DateField()
    scheme = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)


class PublicationsView(Gate):
    """The publications."""

    @extend_schema(
        operation_id="scores_published", parameters=[PLACE], responses={200: PublicationOut(many=True), **REFUSED}
    )
    def get(self, request: Request) -> Response:
        """Those with a line that the caller may see, newest first."""
        return Response(PublicationOut(selectors.publications(request.actor)[window(request)], many=True).data)

    @extend_schema(operation_id="scores_publish", request=PublishScoresIn, responses={201: PublicationOut, **REFUSED})
    def post(self, request: Request) -> Response:
        """The board is frozen; 409 where the period runs still, or was published before."""
        read = PublishScoresIn(data=request.data)
        read.is_valid(raise_exception=True)
        told = {**read.validated_data, "on": read.validated_data["on"].isoformat()}
        question = asked(told)
        row = actions.publish(question.question, scheme=question.scheme, actor=request.actor)
        return Response(PublicationOut(row).data, status=201)


class PublicationView(Gate):
    """One publication."""

    @extend_schema(operation_id="scores_publication", responses={200: PublishedOut, **REFUSED})
    def get(self, request: Request, pk: int) -> Response:
        """With the lines that the caller may see."""
        row, lines = selectors.publication(pk, request.actor)
        return Response(
            {**PublicationOut(row).data, "document": row.document, "lines": PublishedRowOut(lines, many=True).data}
        )
