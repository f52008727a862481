"""Supervision areas over HTTP: their cells, who collects there, and what is wrong with them."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import versions
from core.errors import Forbidden
from grid import actions, selectors
from grid.contracts import SupervisionAreaView
from grid.models import SupervisionArea
from grid.rest.places import NamesSerializer
from grid.rules.codes import LONGEST_CELL

MOST_CELLS = 400_000
SEEN = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that was read")


class SupervisionNamesSerializer(serializers.Serializer):
    """What an area is called; the English name may be missing."""

    zh = serializers.CharField(max_length=60)
    en = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)


class PatrolSerializer(serializers.Serializer):
    """Somebody who collects in an area."""

    id = serializers.IntegerField()
    user_id = serializers.IntegerField()
    key = serializers.CharField()
    label: Any = serializers.CharField()
    valid_from = serializers.DateTimeField()
    valid_until = serializers.DateTimeField(allow_null=True)


class SupervisionAreaSerializer(serializers.Serializer):
    """A supervision area; `gone` counts cells that the map in force does not have."""

    code = serializers.CharField()
    names = NamesSerializer()
    area = serializers.CharField()
    cells = serializers.IntegerField()
    gone = serializers.IntegerField()
    patrols = PatrolSerializer(many=True)


class SupervisionAreaFullSerializer(SupervisionAreaSerializer):
    """A supervision area with the codes of its cells; `patrols` holds those to come too."""

    cell_codes = serializers.ListField(child=serializers.CharField())


class SupervisionAreaGivenSerializer(serializers.Serializer):
    """An area as it should be; `cells` is text: codes of cells, or of regions for all their cells."""

    names = SupervisionNamesSerializer()
    cells: Any = serializers.CharField(max_length=MOST_CELLS)


class SupervisionAreaNewSerializer(SupervisionAreaGivenSerializer):
    """A new area with its code."""

    code = serializers.CharField(max_length=60)


class PatrolGivenSerializer(serializers.Serializer):
    """Who shall collect, from when (now) until when (for good)."""

    user_id = serializers.IntegerField()
    valid_from = serializers.DateTimeField(required=False, allow_null=True, default=None)
    valid_until = serializers.DateTimeField(required=False, allow_null=True, default=None)


class SupervisionSerializer(serializers.Serializer):
    """What is wrong: cells with several areas, with none (by community), lost ones, areas where nobody walks."""

    cells = serializers.IntegerField()
    supervised = serializers.IntegerField()
    shared = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    lone = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    gone = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    unmanned = serializers.ListField(child=serializers.CharField())


def _given(shape: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    read = shape(data=request.data)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


def _full(area: SupervisionArea, status: int = 200) -> Response:
    """The area with its version as ETag."""
    view: SupervisionAreaView = selectors.supervision_views([area])[0]
    told = dict(SupervisionAreaSerializer(view).data)
    patrols = PatrolSerializer(selectors.patrols_of(area), many=True).data
    cells = selectors.supervised_cells(area)
    headers = versions.headers_of(selectors.supervision_told(area, cells))
    return Response({**told, "patrols": patrols, "cell_codes": cells}, status=status, headers=headers)


def _readers_only(request: Request) -> None:
    if not any(request.actor.holds(right) for right in selectors.SUPERVISION_READERS):
        raise Forbidden("grid.supervision_not_yours")


def _admins_only(request: Request) -> None:
    if not request.actor.holds("admin"):
        raise Forbidden("grid.supervision_not_yours")


class SupervisionAreasView(APIView):
    """The areas in use."""

    @extend_schema(operation_id="supervision_areas_list", responses=SupervisionAreaSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Those that the actor may know of, with who collects there now."""
        _readers_only(request)
        rows = selectors.supervision_views(selectors.supervision_areas(request.actor))
        return Response(SupervisionAreaSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="supervision_areas_create",
        request=SupervisionAreaNewSerializer,
        responses={201: SupervisionAreaFullSerializer},
    )
    def post(self, request: Request) -> Response:
        """A new area; a cell that another area has may be in both, and is then reported."""
        _admins_only(request)
        given = _given(SupervisionAreaNewSerializer, request)
        made = actions.save_supervision_area(given.pop("code"), actor=request.actor, new=True, **given)
        return _full(made, 201)


class SupervisionAreaOneView(APIView):
    """One area."""

    @extend_schema(operation_id="supervision_areas_read", responses=SupervisionAreaFullSerializer)
    def get(self, request: Request, code: str) -> Response:
        """Its cells, and who collects there now or will; the ETag goes back with a change."""
        return _full(selectors.supervision_area(code, request.actor))

    @extend_schema(
        operation_id="supervision_areas_replace",
        parameters=[SEEN],
        request=SupervisionAreaGivenSerializer,
        responses=SupervisionAreaFullSerializer,
    )
    def put(self, request: Request, code: str) -> Response:
        """The area has this name and these cells; 412 where somebody else changed it since it was read."""
        _admins_only(request)
        held, seen = selectors.supervision_area(code, request.actor), versions.required(request.headers)
        given = _given(SupervisionAreaGivenSerializer, request)
        return _full(actions.save_supervision_area(held.code, actor=request.actor, seen=seen, **given))

    @extend_schema(operation_id="supervision_areas_dissolve", responses={204: None})
    def delete(self, request: Request, code: str) -> HttpResponse:
        """The area is dissolved."""
        _admins_only(request)
        actions.dissolve_supervision_area(code, actor=request.actor)
        return HttpResponse(status=204)


class PatrolsView(APIView):
    """Who collects in an area."""

    @extend_schema(
        operation_id="supervision_areas_assign",
        request=PatrolGivenSerializer,
        responses={201: SupervisionAreaFullSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        """One person more."""
        _admins_only(request)
        made = actions.assign_collector(code, actor=request.actor, **_given(PatrolGivenSerializer, request))
        return _full(made.supervision_area, 201)


class PatrolOneView(APIView):
    """One assignment."""

    @extend_schema(operation_id="supervision_areas_relieve", responses={204: None})
    def delete(self, request: Request, code: str, pk: int) -> HttpResponse:
        """It ends now."""
        _admins_only(request)
        actions.relieve_collector(code, actor=request.actor, patrol=pk)
        return HttpResponse(status=204)


class SupervisedCellsView(APIView):
    """Which cells are whose, for a map to colour."""

    @extend_schema(operation_id="supervised_cells", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """For each supervised cell the codes of its areas."""
        _readers_only(request)
        return Response(selectors.areas_by_cell(request.actor))


class SupervisionView(APIView):
    """What is wrong with the areas."""

    @extend_schema(
        operation_id="supervision_faults",
        parameters=[OpenApiParameter("below", str, description="Path of a region; without it the whole city")],
        responses=SupervisionSerializer,
    )
    def get(self, request: Request) -> Response:
        """Shared, lone and lost cells, and areas where nobody walks."""
        _readers_only(request)
        found = selectors.supervision(request.actor, request.query_params.get("below", "")[:60])
        return Response(SupervisionSerializer(found).data)


class CollectorsView(APIView):
    """Who collects in a cell."""

    @extend_schema(
        operation_id="collectors_of_cell",
        parameters=[OpenApiParameter("cell", str, required=True)],
        responses=PatrolSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Everybody who walks it now."""
        _readers_only(request)
        cell = request.query_params.get("cell", "")[:LONGEST_CELL]
        rows = selectors.collectors_of(cell) if selectors.knows_cell(cell, request.actor) else []
        return Response(PatrolSerializer(rows, many=True).data)
