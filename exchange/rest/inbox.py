"""The inbox over HTTP: one's own messages, reading them, and what one wants to be told."""

import re
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Invalid
from exchange import actions, selectors
from exchange.contracts.messages import occasions
from exchange.contracts.sendings import PERSONAL
from exchange.models import Delivery, InboxPreference
from exchange.rest.words import WordsField

PRIVATE = {"Cache-Control": "private, no-store"}


class MessageOut(serializers.Serializer[Any]):
    """A message of one's own, in every language; `silent` where it came in quiet hours."""

    id = serializers.IntegerField()
    occasion = serializers.CharField()
    titles = WordsField()
    bodies = WordsField()
    subject = serializers.CharField()
    href = serializers.CharField()
    at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
    silent = serializers.BooleanField()


class InboxOut(serializers.Serializer[Any]):
    """A page; `after` asks for the next one and is empty after the last."""

    messages = MessageOut(many=True)
    after = serializers.CharField(allow_blank=True)


class UnreadOut(serializers.Serializer[Any]):
    """How many are unread, and the newest of them."""

    unread = serializers.IntegerField()
    newest = MessageOut(allow_null=True)


class ReadAllIn(serializers.Serializer[Any]):
    """Which are read: of one occasion, or up to a message; everything where nothing is said."""

    occasion = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    up_to = serializers.IntegerField(min_value=0, max_value=2**62, required=False, default=0)


class ReadOut(serializers.Serializer[Any]):
    """How many were marked, and how many are left."""

    read = serializers.IntegerField()
    unread = serializers.IntegerField()


@extend_schema_field({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"})
class WallTime(serializers.TimeField):
    """An hour and minute of the city's clocks, without a zone of its own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%H:%M", input_formats=["%H:%M", "%H:%M:%S"], **options)


class PreferencesShape(serializers.Serializer[Any]):
    """The occasions one is not told of, the quiet hours (both or neither), and what goes out by which channels too."""

    muted = serializers.ListField(child=serializers.CharField(max_length=60), max_length=200)
    quiet_from = WallTime(allow_null=True)
    quiet_until = WallTime(allow_null=True)
    channels = serializers.DictField(
        child=serializers.ListField(child=serializers.ChoiceField(choices=PERSONAL), max_length=len(PERSONAL)),
        required=False,
        help_text="By occasion: mail, sms, wecom. Left out, it stays as it was.",
    )


def _told(row: Delivery) -> dict[str, Any]:
    message = row.message
    return {
        "id": row.pk,
        "occasion": message.occasion,
        "titles": message.titles,
        "bodies": message.bodies,
        "subject": message.subject,
        "href": message.href,
        "at": message.at,
        "read_at": row.read_at,
        "silent": row.silent,
    }


def _limit(given: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", given) or not 1 <= int(given) <= selectors.MOST:
        raise Invalid("message.bad_filter", filter="limit", value=given[:40])
    return int(given)


class InboxView(APIView):
    """The inbox."""

    @extend_schema(
        operation_id="inbox_list",
        parameters=[
            OpenApiParameter("occasion", str),
            OpenApiParameter("unread", bool, description="true: only what is unread"),
            OpenApiParameter("after", str, description="the key that the page before gave"),
            OpenApiParameter("limit", int, description="1 to 100"),
        ],
        responses=InboxOut,
    )
    def get(self, request: Request) -> Response:
        """The unread messages, newest first, then the read ones."""
        asked = request.query_params
        occasion, unread = asked.get("occasion", ""), asked.get("unread", "false")
        if occasion and occasion not in occasions():
            raise Invalid("message.bad_filter", filter="occasion", value=occasion[:40])
        if unread not in ("true", "false"):
            raise Invalid("message.bad_filter", filter="unread", value=unread[:40])
        page = selectors.inbox_page(
            request.actor, occasion=occasion, only_unread=unread == "true",
            after=asked.get("after", ""), limit=_limit(asked.get("limit", "30")),
        )  # fmt: skip
        told = {"messages": [_told(row) for row in page.rows], "after": page.after}
        return Response(InboxOut(told).data, headers=PRIVATE)


class UnreadView(APIView):
    """What the badge shows."""

    @extend_schema(operation_id="inbox_unread", responses=UnreadOut)
    def get(self, request: Request) -> Response:
        """How many are unread, and the newest of them."""
        waiting = selectors.inbox_page(request.actor, only_unread=True, limit=1).rows
        told = {"unread": selectors.unread(request.actor), "newest": _told(waiting[0]) if waiting else None}
        return Response(UnreadOut(told).data, headers=PRIVATE)


class ReadView(APIView):
    """One message."""

    @extend_schema(operation_id="inbox_read", request=None, responses=MessageOut)
    def post(self, request: Request, pk: int) -> Response:
        """It is read; 404 for a message of somebody else."""
        return Response(MessageOut(_told(actions.read_message(pk, actor=request.actor))).data)


class ReadAllView(APIView):
    """Many messages."""

    @extend_schema(operation_id="inbox_read_all", request=ReadAllIn, responses=ReadOut)
    def post(self, request: Request) -> Response:
        """They are read."""
        given = ReadAllIn(data=request.data)
        given.is_valid(raise_exception=True)
        count = actions.read_all(actor=request.actor, **given.validated_data)
        return Response(ReadOut({"read": count, "unread": selectors.unread(request.actor)}).data)


class PreferencesView(APIView):
    """What one is told."""

    @extend_schema(operation_id="inbox_preferences_read", responses=PreferencesShape)
    def get(self, request: Request) -> Response:
        """What one is not told of, and when messages come silently."""
        return Response(PreferencesShape(_preferred(selectors.preference(request.actor))).data)

    @extend_schema(operation_id="inbox_preferences_save", request=PreferencesShape, responses=PreferencesShape)
    def put(self, request: Request) -> Response:
        """One is told so from now on."""
        given = PreferencesShape(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(PreferencesShape(_preferred(actions.prefer(actor=request.actor, **given.validated_data))).data)


def _preferred(row: InboxPreference) -> dict[str, Any]:
    return {
        "muted": row.muted, "quiet_from": row.quiet_from, "quiet_until": row.quiet_until, "channels": row.channels,
    }  # fmt: skip
