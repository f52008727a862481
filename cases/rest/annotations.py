"""Drawings on pictures, for programs."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import actions, rules, selectors
from cases.contracts.evidence import MarkKind
from cases.rest.inputs import Strict
from cases.rest.steps import read
from cases.rest.views import picture_response, refusals


class MarkIn(Strict):
    """A mark in shares of the picture's sides, x from the left and y from the top; words stand at (x1, y1)."""

    kind = serializers.ChoiceField(choices=[str(kind) for kind in MarkKind])
    x1 = serializers.FloatField(min_value=0, max_value=1)
    y1 = serializers.FloatField(min_value=0, max_value=1)
    x2 = serializers.FloatField(min_value=0, max_value=1)
    y2 = serializers.FloatField(min_value=0, max_value=1)
    text = serializers.CharField(max_length=rules.LONGEST_WORDS, allow_blank=True, default="")


class DrawingIn(Strict):
    """What somebody draws on a picture at once."""

    marks = MarkIn(many=True, allow_empty=False)


class DrawingOut(serializers.Serializer):
    """What somebody drew on a picture."""

    id = serializers.IntegerField()
    marks = MarkIn(many=True)
    actor_label = serializers.CharField()
    at = serializers.DateTimeField()


class AnnotationsView(APIView):
    """The drawings on a picture."""

    @extend_schema(operation_id="annotations_list", responses={200: DrawingOut(many=True), **refusals(404)})
    def get(self, request: Request, number: str, evidence: int) -> Response:
        """Those that nobody took back, oldest first."""
        row = selectors.evidence_of(selectors.case(number, request.actor), evidence)
        return Response(DrawingOut(selectors.annotations([row.pk]), many=True).data)

    @extend_schema(
        operation_id="annotations_add", request=DrawingIn,
        responses={201: DrawingOut, **refusals(400, 404, 409, 413, 415)},
    )  # fmt: skip
    def post(self, request: Request, number: str, evidence: int) -> Response:
        """The marks lie on the picture beside those of others, for whoever handles or verifies."""
        marks = [dict(mark) for mark in read(DrawingIn, request)["marks"]]
        drawn = actions.annotate(number, evidence, actor=request.actor, marks=marks)
        return Response(DrawingOut(drawn).data, status=201)


class AnnotationView(APIView):
    """One drawing."""

    @extend_schema(operation_id="annotations_withdraw", responses={204: None, **refusals(404, 409)})
    def delete(self, request: Request, number: str, evidence: int, pk: int) -> Response:
        """What one drew oneself is seen no more; that it was there stays on record."""
        actions.withdraw_annotation(number, evidence, pk, actor=request.actor)
        return Response(status=204)


class MarkedView(APIView):
    """A picture with what was drawn on it."""

    @extend_schema(
        operation_id="evidence_marked",
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY, **refusals(404, 409)},
    )  # fmt: skip
    def get(self, request: Request, number: str, evidence: int) -> HttpResponse:
        """The public copy with the marks drawn into it, as JPEG, for printing."""
        answer = picture_response(actions.marked_copy(number, evidence, actor=request.actor), "image/jpeg")
        answer["Cache-Control"] = "private, no-store"
        return answer
