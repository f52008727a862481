"""GET /api/map/cells and /api/map/cases: what the map colours, and the cases it shows."""

import json

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Invalid
from dashboard import selectors
from dashboard.contracts import DAYS, METRICS
from dashboard.rest.tagged import HELD, tagged


class MapCellValues(serializers.Serializer):
    """A measure of every cell that has one; `breaks` is where each class begins, lowest first."""

    metric = serializers.ChoiceField(list(METRICS))
    days = serializers.IntegerField()
    unit = serializers.CharField()
    low_is_bad = serializers.BooleanField()
    closed = serializers.BooleanField()
    breaks = serializers.ListField(child=serializers.IntegerField())
    values = serializers.DictField(child=serializers.IntegerField())


class MapCase(serializers.Serializer):
    """An open case as a point."""

    number = serializers.CharField()
    lon = serializers.FloatField()
    lat = serializers.FloatField()
    stage = serializers.CharField()
    cell = serializers.CharField(allow_blank=True)
    due_at = serializers.DateTimeField(allow_null=True)
    names = serializers.DictField(child=serializers.CharField())


class MapCases(serializers.Serializer):
    """The open cases of a box; `more` when there are more than these."""

    cases = MapCase(many=True)
    more = serializers.BooleanField()


class CellsView(APIView):
    """The colours of the map."""

    @extend_schema(
        operation_id="map_cells",
        parameters=[
            OpenApiParameter("metric", str, enum=list(METRICS)),
            OpenApiParameter("days", int, enum=list(DAYS), description="How far back, of measures of a period"),
        ],
        responses={200: MapCellValues, 304: None},
    )
    def get(self, request: Request) -> Response:
        """One value for each cell, of the cases the caller may see; 304 where the browser has them."""
        given = request.query_params
        try:
            days = int(given.get("days", "7"))
        except ValueError as error:
            raise Invalid("atlas.no_period", days=given["days"][:20], known=", ".join(map(str, DAYS))) from error
        found = selectors.cell_values(request.actor, given.get("metric", "open"), days)
        metric = found.metric
        told = {
            "metric": metric.code, "days": found.days, "unit": metric.unit, "low_is_bad": metric.low_is_bad,
            "closed": metric.closed,
            "breaks": list(metric.breaks), "values": dict(sorted(found.values.items())),
        }  # fmt: skip
        return tagged(request, told)


class CasesView(APIView):
    """The cases of the map."""

    @extend_schema(
        operation_id="map_cases",
        parameters=[OpenApiParameter("bbox", str, required=True, description="west,south,east,north in degrees")],
        responses=MapCases,
    )
    def get(self, request: Request) -> HttpResponse:
        """The open cases that the caller may see inside a box, those that breach their limit first first."""
        parts = request.query_params.get("bbox", "").split(",")
        try:
            west, south, east, north = (float(part) for part in parts)
        except ValueError as error:
            raise Invalid("atlas.bad_box") from error
        found, more = selectors.cases_in(request.actor, (west, south, east, north))
        told = f'{{"cases":[{",".join(found)}],"more":{json.dumps(more)}}}'
        return HttpResponse(told, content_type="application/json", headers=HELD)
