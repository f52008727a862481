"""Geocoding over HTTP: words to places, a point to its address."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Invalid, NotFound
from grid import selectors
from grid.contracts import layer_sources
from grid.rules.search import cleaned

MOST, USUAL = 50, 10


class FoundSerializer(serializers.Serializer):
    """A place that is called so; `score` is the share of what was typed that its name holds."""

    kind = serializers.CharField()
    code = serializers.CharField(allow_blank=True)
    names = serializers.DictField(child=serializers.CharField())
    full_names = serializers.DictField(child=serializers.CharField())
    lon = serializers.FloatField()
    lat = serializers.FloatField()
    score = serializers.FloatField()


class AddressSerializer(serializers.Serializer):
    """What people call a point."""

    cell = serializers.CharField()
    community = serializers.CharField()
    area = serializers.CharField()
    road = serializers.DictField(child=serializers.CharField())
    metres = serializers.FloatField(allow_null=True)
    names = serializers.DictField(child=serializers.CharField())


class SearchView(APIView):
    """Places by name or code."""

    @extend_schema(
        operation_id="search_places",
        parameters=[
            OpenApiParameter("q", str, required=True, description="Region, road, community, or the start of a code"),
            OpenApiParameter("limit", int, description="At most so many, 1 to 50"),
        ],
        responses=FoundSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Best first: those that hold all that was typed, then those that hold at least half of it."""
        words = cleaned(request.query_params.get("q", ""))
        try:
            limit = int(request.query_params.get("limit", USUAL))
        except ValueError as error:
            raise Invalid("grid.bad_words", most=MOST) from error
        limit = min(max(limit, 1), MOST)
        found = [place for source in layer_sources() for place in source.search(words, limit, request.actor)]
        found.sort(key=lambda place: -place.score)
        return Response(FoundSerializer(found[:limit], many=True).data)


class AddressView(APIView):
    """The address of a point."""

    @extend_schema(
        operation_id="address_of_point",
        parameters=[OpenApiParameter(name, float, required=True) for name in ("lon", "lat")],
        responses=AddressSerializer,
    )
    def get(self, request: Request) -> Response:
        """Cell, community and the nearest road of a WGS 84 point; 404 outside the map."""
        try:
            lon, lat = float(request.query_params["lon"]), float(request.query_params["lat"])
        except (KeyError, ValueError) as error:
            raise Invalid("grid.bad_point") from error
        found = selectors.address_at(lon, lat)
        if found is None:
            raise NotFound("grid.outside")
        return Response(AddressSerializer(found).data)
