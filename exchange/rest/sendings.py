"""Sendings over HTTP: what left or is to leave, and steering it."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Invalid
from exchange import actions, selectors
from exchange.contracts.sendings import SendingState
from exchange.models import Sending

STATES = [one.value for one in SendingState]


class SendingOut(serializers.Serializer[Any]):
    """A sending; `failure` is the code of why the last attempt did not arrive."""

    uid = serializers.UUIDField()
    endpoint = serializers.UUIDField()
    channel = serializers.CharField()
    kind = serializers.CharField()
    subject = serializers.CharField(allow_blank=True)
    user = serializers.IntegerField(allow_null=True)
    address = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=STATES)
    attempts = serializers.IntegerField()
    rounds = serializers.IntegerField()
    status = serializers.IntegerField()
    failure = serializers.CharField(allow_blank=True)
    made_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class AttemptOut(serializers.Serializer[Any]):
    """One attempt."""

    at = serializers.DateTimeField()
    took_ms = serializers.IntegerField()
    verdict = serializers.CharField()
    status = serializers.IntegerField()
    failure = serializers.CharField(allow_blank=True)


class SendingWithTriesOut(SendingOut):
    """A sending with every attempt."""

    tries = AttemptOut(many=True)


class SendingsOut(serializers.Serializer[Any]):
    """A page, newest first; `after` asks for the next one and is 0 after the last."""

    sendings = SendingOut(many=True)
    after = serializers.IntegerField()


def told(row: Sending) -> dict[str, Any]:
    """A sending as programs read it."""
    return {
        "uid": row.uid, "endpoint": row.endpoint.uid, "channel": row.endpoint.channel, "kind": row.kind,
        "subject": row.subject, "user": row.user_id, "address": row.address, "state": row.state,
        "attempts": row.attempts, "rounds": row.rounds, "status": row.status,
        "failure": row.failure.get("code", ""), "made_at": row.made_at, "due_at": row.due_at,
        "ended_at": row.ended_at,
    }  # fmt: skip


def _after(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) <= 18):
        raise Invalid("sending.bad_filter", filter="after", value=given[:40])
    return int(given)


class SendingsView(APIView):
    """The sendings."""

    @extend_schema(
        operation_id="sendings_list",
        parameters=[
            OpenApiParameter("state", str, enum=STATES),
            OpenApiParameter("endpoint", str, description="The uid of an endpoint"),
            OpenApiParameter("subject", str, description="The number of a case, or another subject"),
            OpenApiParameter("after", int),
        ],
        responses=SendingsOut,
    )
    def get(self, request: Request) -> Response:
        """What left or is to leave, newest first."""
        asked = request.query_params
        options = {name: asked.get(name, "") for name in ("state", "endpoint", "subject")}
        page = selectors.sendings(request.actor, options, after=_after(asked.get("after", "0")))
        return Response(SendingsOut({"sendings": [told(row) for row in page.rows], "after": page.after}).data)


class SendingView(APIView):
    """One sending."""

    @extend_schema(operation_id="sendings_read", responses=SendingWithTriesOut)
    def get(self, request: Request, uid: UUID) -> Response:
        """How far it is, and every attempt."""
        row = selectors.sending(uid, request.actor)
        tries = [
            {"at": one.at, "took_ms": one.took_ms, "verdict": one.verdict, "status": one.status,
             "failure": one.failure.get("code", "")}
            for one in selectors.tries_of(row)
        ]  # fmt: skip
        return Response(SendingWithTriesOut({**told(row), "tries": tries}).data)


class SendingRetryView(APIView):
    """Again."""

    @extend_schema(operation_id="sendings_retry", request=None, responses=SendingOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """What failed, was given up or is held is due now."""
        return Response(SendingOut(told(actions.retry_sending(uid, actor=request.actor))).data)


class SendingReplayView(APIView):
    """Anew."""

    @extend_schema(operation_id="sendings_replay", request=None, responses=SendingOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """What had ended goes out again under the same id."""
        return Response(SendingOut(told(actions.replay_sending(uid, actor=request.actor))).data)


class SendingCancelView(APIView):
    """No more."""

    @extend_schema(operation_id="sendings_cancel", request=None, responses=SendingOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """It is not sent; 409 where it has ended."""
        return Response(SendingOut(told(actions.cancel_sending(uid, actor=request.actor))).data)
