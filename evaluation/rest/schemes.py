"""Schemes over HTTP: what they say and since when, another version from a day on, and points that people give."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from evaluation import actions, rules, selectors
from evaluation.forms import period_asked
from evaluation.rest.shapes import REFUSED, Gate

LONGEST = 400


class SchemeVersionOut(serializers.Serializer[Any]):
    """A version of a scheme: since when it counts, and what it says."""

    version = serializers.IntegerField()
    valid_from = serializers.DateField()
    document = serializers.JSONField()
    made_label = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)


class SchemeOut(serializers.Serializer[Any]):
    """A scheme with its versions, newest first."""

    code = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField())
    pack = serializers.CharField()
    versions = SchemeVersionOut(many=True)


class SchemeIn(serializers.Serializer[Any]):
    """What the scheme says from a day on, the version it was read in (`seen`), and why."""

    document = serializers.DictField()
    valid_from = serializers.DateField()
    seen = serializers.IntegerField(min_value=1, max_value=100_000)
    reason = serializers.CharField(max_length=LONGEST)


class PointsIn(serializers.Serializer[Any]):
    """Points for a line and a calendar period."""

    level = serializers.CharField(max_length=12)
    key = serializers.CharField(max_length=60)
    component = serializers.CharField(max_length=60)
    points = serializers.FloatField()
    period = serializers.ChoiceField(choices=rules.CALENDAR)
    on = serializers.DateField()
    reason = serializers.CharField(max_length=LONGEST)


class PointsOut(serializers.Serializer[Any]):
    """What was given."""

    key = serializers.CharField()
    component = serializers.CharField()
    points = serializers.FloatField()
    since = serializers.DateField()
    until = serializers.DateField()


def _told(row: Any) -> dict[str, Any]:
    return dict(SchemeOut({**vars(row), "versions": selectors.versions_of(row)}).data)


class SchemesView(Gate):
    """The schemes."""

    @extend_schema(operation_id="scores_schemes", responses={200: SchemeOut(many=True), **REFUSED})
    def get(self, request: Request) -> Response:
        """Those in force, by code."""
        return Response([_told(row) for row in selectors.schemes()])


class SchemeView(Gate):
    """One scheme."""

    @extend_schema(operation_id="scores_scheme", responses={200: SchemeOut, **REFUSED})
    def get(self, request: Request, code: str) -> Response:
        """With every version."""
        return Response(_told(selectors.scheme(code)))

    @extend_schema(operation_id="scores_scheme_change", request=SchemeIn, responses={200: SchemeOut, **REFUSED})
    def put(self, request: Request, code: str) -> Response:
        """It says this from a day on; 409 where there is a newer version, or a period from that day is published."""
        read = SchemeIn(data=request.data)
        read.is_valid(raise_exception=True)
        actions.change_scheme(code, actor=request.actor, **read.validated_data)
        return Response(_told(selectors.scheme(code)))


class PointsView(Gate):
    """Points that people give."""

    @extend_schema(operation_id="scores_points", request=PointsIn, responses={201: PointsOut, **REFUSED})
    def post(self, request: Request, code: str) -> Response:
        """A line has so many points for what nobody can count; the last word counts."""
        read = PointsIn(data=request.data)
        read.is_valid(raise_exception=True)
        told = dict(read.validated_data)
        period, _words = period_asked({"period": told.pop("period"), "on": told.pop("on").isoformat()})
        row = actions.give_points(code, period=period, actor=request.actor, **told)
        return Response(PointsOut(row).data, status=201)
