"""GET /api/wall/snapshot: where a live page starts."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dashboard import selectors


class WallSnapshot(serializers.Serializer):
    """Open cases, counts by day, figures, districts and cameras, all as of `heads`; the feed continues behind them."""

    epoch = serializers.IntegerField()
    heads = serializers.DictField(child=serializers.IntegerField())
    scope = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField())
    server_time = serializers.DateTimeField()
    targets = serializers.DictField(child=serializers.IntegerField())
    window_days = serializers.IntegerField()
    cases = serializers.ListField(child=serializers.DictField())
    days = serializers.DictField()
    kpis = serializers.DictField()
    sources = serializers.DictField(child=serializers.IntegerField())
    hours = serializers.ListField(child=serializers.IntegerField())
    late_hours = serializers.ListField(child=serializers.IntegerField())
    stages = serializers.DictField(child=serializers.IntegerField())
    levels = serializers.DictField(child=serializers.IntegerField())
    trends = serializers.DictField()
    districts = serializers.ListField(child=serializers.DictField())
    cameras = serializers.ListField(child=serializers.DictField())
    categories = serializers.DictField()
    organisations = serializers.DictField()


class SnapshotView(APIView):
    """403 `wall.not_yours` when the actor may not watch that wall."""

    @extend_schema(
        operation_id="wall_snapshot",
        parameters=[OpenApiParameter("scope", str, description="city or d:<district>; the widest of yours by default")],
        responses=WallSnapshot,
    )
    def get(self, request: Request) -> Response:
        """All that a wall shows, of one moment."""
        found = selectors.snapshot(request.actor, request.query_params.get("scope", "")[:40])
        return Response(found, headers={"Cache-Control": "private, no-store", "Vary": "Cookie"})
