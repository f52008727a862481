"""The map over HTTP: tiles, what a point lies in, regions."""

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import tiles
from core.errors import Invalid, NotFound
from grid import selectors
from grid.contracts import Level


class NamesSerializer(serializers.Serializer):
    """A name in both languages."""

    zh = serializers.CharField()
    en = serializers.CharField()


class PlaceSerializer(serializers.Serializer):
    """Where a point lies."""

    cell = serializers.CharField()
    area = serializers.CharField()
    district = serializers.CharField()
    names = NamesSerializer()


class RegionSerializer(serializers.Serializer):
    """A region of the map in force."""

    code = serializers.CharField()
    level = serializers.ChoiceField([level.value for level in Level])
    names = NamesSerializer()
    full_names = NamesSerializer()
    path = serializers.CharField()
    parent_code = serializers.CharField(source="parent", allow_blank=True)
    anchor = serializers.ListField(child=serializers.FloatField())
    bounds = serializers.ListField(child=serializers.FloatField())
    area_m2 = serializers.FloatField()


class Anything(BaseContentNegotiation):
    """Whatever a map asks for, a tile is a tile; errors are still JSON."""

    def select_parser(self, request, parsers):
        """Tiles take no body."""
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        """The first there is, which is JSON and serves the errors."""
        return renderers[0], renderers[0].media_type


class TileView(APIView):
    """One tile of a layer of the map in force."""

    content_negotiation_class = Anything

    @extend_schema(responses={(200, tiles.CONTENT_TYPE): OpenApiTypes.BINARY, 204: None, 304: None})
    def get(self, request: Request, layer: str, z: int, x: int, y: int) -> HttpResponse:
        """The tile; 204 where nothing lies, 304 where the browser has it."""
        if not tiles.exists(z, x, y):
            raise NotFound("grid.no_tile", z=z, x=x, y=y)
        version = selectors.map_version()
        found = tiles.drawer.get((layer, version, z, x, y), lambda: selectors.tile(layer, z, x, y))
        return tiles.answer(request._request, found, version)


class MapView(APIView):
    """What a client must know before it draws."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """The version of the map in force, its bounds, the address of each layer's tiles, and the maps of others."""
        version = selectors.map_version()
        address = "/tiles/{layer}/{{z}}/{{x}}/{{y}}.mvt?v={version}"
        layers = {layer: address.format(layer=layer, version=version) for layer in selectors.TILES}
        told = {"version": version, "bounds": selectors.bounds(), "tiles": layers, "base_maps": settings.BASE_MAPS}
        return Response(told)


class PlaceView(APIView):
    """The cell under a point."""

    @extend_schema(
        parameters=[OpenApiParameter(name, float, required=True) for name in ("lon", "lat")],
        responses=PlaceSerializer,
    )
    def get(self, request: Request) -> Response:
        """The place at lon, lat (WGS 84); 404 outside the map."""
        try:
            lon, lat = float(request.query_params["lon"]), float(request.query_params["lat"])
        except (KeyError, ValueError) as error:
            raise Invalid("grid.bad_point") from error
        place = selectors.place_at(lon, lat)
        if place is None:
            raise NotFound("grid.outside")
        return Response(PlaceSerializer(place).data)


class RegionsView(APIView):
    """Regions of the map in force."""

    @extend_schema(
        parameters=[
            OpenApiParameter("parent", str, description="Only the regions directly beneath this code"),
            OpenApiParameter("level", str, enum=[level.value for level in Level]),
        ],
        responses=RegionSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Regions by level or by parent; the districts if neither is given."""
        parent, level = request.query_params.get("parent"), request.query_params.get("level", Level.DISTRICT)
        if level not in set(Level):
            raise Invalid("grid.bad_level", level=level)
        rows = selectors.children(parent) if parent else selectors.regions(level)
        return Response(RegionSerializer(rows, many=True).data)
