"""Components over HTTP: one, those nearby, how many, tiles."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assets import selectors
from core import tiles
from core.errors import Invalid, NotFound


class AssetSerializer(serializers.Serializer):
    """A component."""

    code = serializers.CharField()
    type = serializers.CharField()
    type_names = serializers.DictField(child=serializers.CharField())
    names = serializers.DictField(child=serializers.CharField())
    lon = serializers.FloatField()
    lat = serializers.FloatField()
    cell = serializers.CharField()
    area = serializers.CharField()
    state = serializers.CharField()
    authority = serializers.CharField()
    owner = serializers.CharField()
    maintainer = serializers.CharField()
    attributes = serializers.DictField()
    metres = serializers.FloatField(allow_null=True)
    accuracy = serializers.CharField(allow_blank=True)
    source: Any = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()
    changed_at = serializers.DateTimeField(allow_null=True)
    geometry = serializers.DictField()


class CountSerializer(serializers.Serializer):
    """How many of a type."""

    type = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField())
    count = serializers.IntegerField()


class Anything(BaseContentNegotiation):
    """Whatever a map asks for, a tile is a tile; errors are still JSON."""

    def select_parser(self, request, parsers):
        """Tiles take no body."""
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        """The first there is, which is JSON and serves the errors."""
        return renderers[0], renderers[0].media_type


def _types(request: Request) -> list[str] | None:
    given = request.query_params.get("types", "")
    return [kind for kind in given.split(",") if kind] or None


class AssetView(APIView):
    """One component."""

    @extend_schema(responses=AssetSerializer)
    def get(self, request: Request, code: str) -> Response:
        """The component of this code."""
        found = selectors.asset(code, actor=request.actor)
        if found is None:
            raise NotFound("assets.unknown", code=code)
        return Response(AssetSerializer(asdict(found)).data)


class AssetsView(APIView):
    """Components near a point."""

    @extend_schema(
        parameters=[
            *[OpenApiParameter(name, float, required=name != "metres") for name in ("lon", "lat", "metres")],
            OpenApiParameter("types", str, description="Codes of types, comma separated"),
        ],
        responses=AssetSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """At most fifty, nearest first, within `metres` (100 if not given)."""
        given = request.query_params
        try:
            lon, lat, metres = float(given["lon"]), float(given["lat"]), float(given.get("metres", "100"))
        except (KeyError, ValueError) as error:
            raise Invalid("assets.bad_search") from error
        if not 0 <= metres <= selectors.FARTHEST_M:
            raise Invalid("assets.bad_search")
        found = selectors.nearby(lon, lat, metres, _types(request), actor=request.actor)
        return Response(AssetSerializer([asdict(item) for item in found], many=True).data)


class CountsView(APIView):
    """How many components stand."""

    @extend_schema(parameters=[OpenApiParameter("area", str)], responses=CountSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Counts by type beneath an area path, most first."""
        found = selectors.counts(request.query_params.get("area", ""), actor=request.actor)
        return Response(CountSerializer(found, many=True).data)


class TileView(APIView):
    """One tile of components."""

    content_negotiation_class = Anything

    @extend_schema(
        parameters=[OpenApiParameter("types", str, description="Codes of types, comma separated")],
        responses={(200, tiles.CONTENT_TYPE): OpenApiTypes.BINARY, 204: None, 304: None},
    )
    def get(self, request: Request, z: int, x: int, y: int) -> HttpResponse:
        """The tile; 204 where nothing lies, 304 where the browser has it."""
        if not tiles.exists(z, x, y):
            raise NotFound("grid.no_tile", z=z, x=x, y=y)
        version, types, actor = selectors.layer_version(), _types(request), request.actor
        key = ("assets", version, z, x, y, tuple(types or ()), actor.areas())
        found = tiles.drawer.get(key, lambda: selectors.tile(z, x, y, types, actor=actor))
        return tiles.answer(request._request, found, version)
