"""The plan of codes over HTTP: how many digits regions, cells and components have, and which standards say so."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assets import actions, selectors
from assets.rest.outputs import refusals
from assets.rest.reading import body
from core import versions
from core.errors import Forbidden

SEEN = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that was read")


class RegionCodesSerializer(serializers.Serializer):
    """Digits of regions and cells, and the standard that says so; each level begins with the code above it."""

    standard = serializers.CharField(max_length=40)
    edition = serializers.CharField(max_length=40)
    district = serializers.IntegerField()
    street = serializers.IntegerField()
    community = serializers.IntegerField()
    cell = serializers.IntegerField()


class ComponentCodesSerializer(serializers.Serializer):
    """Digits of components, and the standard that says so."""

    standard = serializers.CharField(max_length=40)
    edition = serializers.CharField(max_length=40)
    digits = serializers.IntegerField()


class CodePlansGivenSerializer(serializers.Serializer):
    """How all codes are to be built."""

    regions = RegionCodesSerializer()
    components = ComponentCodesSerializer()


class CodePlansSerializer(CodePlansGivenSerializer):
    """How codes are built now; `own`: the city says so itself, not a pack."""

    own = serializers.BooleanField()


ANSWERS: dict[Any, Any] = {200: CodePlansSerializer, **refusals(400, 409, 412, 428)}


def _answer() -> Response:
    """The plans in force with their version as ETag."""
    told = selectors.code_plans()
    return Response(told, headers=versions.headers_of(told))


class CodePlansView(APIView):
    """How the codes of this city are built."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Codes are settled by who administers all of the city."""
        super().initial(request, *args, **kwargs)
        if not request.actor.may("admin"):
            raise Forbidden("assets.not_admin")

    @extend_schema(operation_id="code_plan_read", responses={200: CodePlansSerializer, **refusals()})
    def get(self, request: Request) -> Response:
        """The plans in force; the ETag goes back with a change."""
        return _answer()

    @extend_schema(
        operation_id="code_plan_save", parameters=[SEEN], request=CodePlansGivenSerializer, responses=ANSWERS
    )
    def put(self, request: Request) -> Response:
        """All codes are built so from now on; 409 where some that exist would not fit, and nothing is changed then."""
        seen = versions.required(request.headers)
        actions.save_code_plans(**body(CodePlansGivenSerializer, request), actor=request.actor, seen=seen)
        return _answer()

    @extend_schema(operation_id="code_plan_drop", parameters=[SEEN], request=None, responses=ANSWERS)
    def delete(self, request: Request) -> Response:
        """What packs say holds again; 409 where codes that exist would not fit it."""
        actions.drop_code_plans(actor=request.actor, seen=versions.required(request.headers))
        return _answer()
