"""GET /api/feed: the entries of a feed after a number, so that every hole in what was pushed can be healed."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import clock
from core.errors import Conflict, Forbidden, Gone, Invalid
from journal import selectors

MAX_LIMIT = 500
MAX_NUMBER = 2**63 - 1
SNAPSHOT_URL = "/api/wall/snapshot"


FEED_ENTRY = inline_serializer(
    "FeedEntry",
    {
        "seq": serializers.IntegerField(),
        "kind": serializers.CharField(),
        "subject": serializers.CharField(),
        "at": serializers.DateTimeField(),
        "actor_label": serializers.CharField(),
        "area": serializers.CharField(),
        "org": serializers.CharField(),
        "data": serializers.DictField(),
        "trace": serializers.CharField(),
    },
    many=True,
)


class FeedPage(serializers.Serializer):
    """A page of a feed; everything up to `complete_to` is in the reader's hands now."""

    epoch = serializers.IntegerField()
    scope = serializers.CharField()
    entries = FEED_ENTRY
    head = serializers.IntegerField()
    complete_to = serializers.IntegerField()
    has_more = serializers.BooleanField()
    server_time = serializers.DateTimeField()


def _number(request: Request, name: str, default: int, lowest: int, highest: int) -> int:
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and lowest <= int(text) <= highest):
        raise Invalid("feed.bad_request", name=name)
    return int(text)


class FeedView(APIView):
    """403 not yours; 409 another epoch, or ahead of the feed; 410 no longer kept: load a snapshot."""

    @extend_schema(
        operation_id="feed",
        parameters=[
            OpenApiParameter("scope", str, required=True, description="city, d:<district>, dept:<code> or user:<id>"),
            OpenApiParameter("after", int, description="the last number you have; 0 for none"),
            OpenApiParameter("epoch", int, description="the epoch your numbers belong to"),
            OpenApiParameter("limit", int, description="1 to 500"),
        ],
        responses=FeedPage,
    )
    def get(self, request: Request) -> Response:
        """The next entries of a feed."""
        scope = request.query_params.get("scope", "")
        if not scope or len(scope) > 200 or "\x00" in scope:
            raise Invalid("feed.bad_request", name="scope")
        after = _number(request, "after", 0, 0, MAX_NUMBER)
        limit = _number(request, "limit", MAX_LIMIT, 1, MAX_LIMIT)
        if not selectors.may_read(request.actor, scope):
            raise Forbidden("feed.not_yours", scope=scope)
        epoch, head = selectors.epoch(), selectors.heads([scope])[scope]
        if _number(request, "epoch", epoch, 0, MAX_NUMBER) != epoch:
            raise Conflict("feed.epoch_differs", epoch=epoch)
        if after > head:
            raise Conflict("feed.ahead", scope=scope, head=head)
        etag = f'"{epoch}.{after}.{head}.{limit}"'
        headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Cookie"}
        if etag in [tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")]:
            return Response(status=304, headers=headers)
        return Response(_page(epoch, scope, after, head, limit), headers=headers)


def _page(epoch: int, scope: str, after: int, head: int, limit: int) -> dict[str, Any]:
    entries = selectors.entries_after(scope, after, limit) if after < head else []
    if after < head and (not entries or entries[0].seq != after + 1):
        raise Gone("feed.pruned", snapshot_url=SNAPSHOT_URL, first=selectors.first_kept(scope))
    last = entries[-1].seq if entries else after
    return {
        "epoch": epoch,
        "scope": scope,
        "entries": [entry.public() for entry in entries],
        "head": max(head, last),
        "complete_to": last,
        "has_more": last < max(head, last),
        "server_time": clock.now().isoformat(),
    }
