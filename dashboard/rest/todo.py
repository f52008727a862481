"""GET /api/todo: what waits for the caller over all systems, the soonest due first."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Forbidden, Invalid
from core.waiting import desks
from dashboard import selectors


class HeapSerializer(serializers.Serializer[Any]):
    """What waits at one desk: counted to 99, `more` where there are more; `silence` is slow or failed, else empty."""

    code = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField())
    count = serializers.IntegerField()
    more = serializers.BooleanField()
    href = serializers.CharField(allow_blank=True)
    silence = serializers.CharField(allow_blank=True)


class WaitingSerializer(serializers.Serializer[Any]):
    """One thing that waits, in the language of the request; `href` is the page where it is done."""

    desk = serializers.CharField(source="heap.code")
    what = serializers.CharField(source="row.what")
    act = serializers.CharField(source="row.act")
    where = serializers.CharField(allow_blank=True)
    since = serializers.DateTimeField(source="row.since", allow_null=True)
    due_at = serializers.DateTimeField(source="row.due_at", allow_null=True)
    href = serializers.CharField(source="row.href")


class TodoSerializer(serializers.Serializer[Any]):
    """The heaps that are the caller's business, the first things of all, and whether those are not all."""

    heaps = HeapSerializer(many=True)
    lines = WaitingSerializer(many=True)
    cut = serializers.BooleanField()


class TodoView(APIView):
    """The to-do of the caller."""

    @extend_schema(
        operation_id="todo",
        parameters=[OpenApiParameter("of", str, description="Only what waits at this desk, such as cases or records")],
        responses=TodoSerializer,
    )
    def get(self, request: Request) -> Response:
        """The first 50; 400 for a desk that there is not."""
        if not request.actor.rights:
            raise Forbidden("todo.nobody")
        of = request.query_params.get("of", "")
        if of not in ("", *(desk.code for desk in desks())):
            raise Invalid("todo.no_desk", given=of[:40].replace("\x00", ""))
        told = TodoSerializer(selectors.todo(request.actor, of)).data
        return Response(told, headers={"Cache-Control": "no-store"})
