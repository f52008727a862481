"""GET /api/find: what answers to some words over everything that the caller may see."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Forbidden, Invalid
from core.finding import finders
from dashboard import selectors


class HitSerializer(serializers.Serializer[Any]):
    """Something that answers, in the language of the request; `exact`: its number or code is all that was typed."""

    title = serializers.CharField(source="label")
    href = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    exact = serializers.BooleanField()


class GroupSerializer(serializers.Serializer[Any]):
    """What one app found, counted to 100; `silence` is slow or failed where it did not answer, else empty."""

    code = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField())
    hits = HitSerializer(many=True)
    count = serializers.IntegerField()
    more = serializers.BooleanField()
    href = serializers.CharField(allow_blank=True)
    silence = serializers.CharField(allow_blank=True)


class FindView(APIView):
    """The search over everything."""

    @extend_schema(
        operation_id="find_everything",
        parameters=[
            OpenApiParameter("q", str, required=True, description="A number, a code, a name or words; 60 letters"),
            OpenApiParameter("of", str, description="One group alone, such as cases or components, and more of it"),
        ],
        responses=GroupSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """The groups in which something was found, the first five of each; 400 for a group that there is not."""
        if not request.actor.rights:
            raise Forbidden("search.nobody")
        of = request.query_params.get("of", "")
        if of not in ("", *(one.code for one in finders())):
            raise Invalid("search.no_group", given=of[:40].replace("\x00", ""))
        groups = selectors.everything(selectors.words_of(request.query_params.get("q", "")), request.actor, of)
        return Response(GroupSerializer(groups, many=True).data, headers={"Cache-Control": "no-store"})
