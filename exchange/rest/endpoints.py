"""Endpoints over HTTP: the version seen goes in If-Match. A secret is told once, in the answer that made it."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import versions
from exchange import actions, selectors
from exchange.contracts.sendings import Channel
from exchange.models import Endpoint
from exchange.rest.sendings import SendingOut
from exchange.rest.sendings import told as sending_told
from exchange.rules.sendings import offered_kinds

SEEN = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag of the endpoint")


class PolicyShape(serializers.Serializer[Any]):
    """How often something is tried, and how the waits between grow, in seconds."""

    most = serializers.IntegerField(min_value=1, max_value=20)
    first = serializers.IntegerField(min_value=1, max_value=3600)
    factor = serializers.IntegerField(min_value=1, max_value=10)
    longest = serializers.IntegerField(min_value=1, max_value=86_400)


class EndpointIn(serializers.Serializer[Any]):
    """The whole of an endpoint; `settings` as its channel needs them, a secret only where it is to change."""

    name = serializers.CharField(max_length=80)
    settings = serializers.DictField()
    kinds = serializers.ListField(child=serializers.CharField(max_length=120), max_length=500, required=False)
    area = serializers.CharField(max_length=80, required=False, allow_blank=True)
    org = serializers.CharField(max_length=80, required=False, allow_blank=True)
    policy = PolicyShape(required=False)
    secret = serializers.CharField(max_length=500, required=False, allow_blank=True, write_only=True)


class NewEndpointIn(EndpointIn):
    """A new one."""

    channel = serializers.ChoiceField(choices=[one.value for one in Channel])


class EndpointOut(serializers.Serializer[Any]):
    """An endpoint and how it does; its secret is in no answer but the one that made it."""

    uid = serializers.UUIDField()
    channel = serializers.CharField()
    name = serializers.CharField()
    enabled = serializers.BooleanField()
    off_why = serializers.CharField(allow_blank=True)
    settings = serializers.DictField()
    kinds = serializers.ListField(child=serializers.CharField())
    area = serializers.CharField(allow_blank=True)
    org = serializers.CharField(allow_blank=True)
    policy = PolicyShape()
    failures = serializers.IntegerField()
    rests_until = serializers.DateTimeField(allow_null=True)
    both_until = serializers.DateTimeField(allow_null=True)


class MadeOut(EndpointOut):
    """With the secret that was made just now; empty where one was brought."""

    secret = serializers.CharField(allow_blank=True)


class EndpointsOut(serializers.Serializer[Any]):
    """Every endpoint, and the kinds of entries that a webhook may ask for."""

    endpoints = EndpointOut(many=True)
    offered = serializers.ListField(child=serializers.CharField())


class EndpointSwitchIn(serializers.Serializer[Any]):
    """Whether it is in use."""

    enabled = serializers.BooleanField()


class OverlapIn(serializers.Serializer[Any]):
    """For how many hours the secret before signs too."""

    overlap_hours = serializers.IntegerField(min_value=0, max_value=168, default=24)


class SpanIn(serializers.Serializer[Any]):
    """A span of time that ends before `ends`."""

    begins = serializers.DateTimeField()
    ends = serializers.DateTimeField()


class CountOut(serializers.Serializer[Any]):
    """How many."""

    count = serializers.IntegerField()


def _told(row: Endpoint) -> dict[str, Any]:
    return {
        "uid": row.uid, "channel": row.channel, "name": row.name, "enabled": row.enabled, "off_why": row.off_why,
        "settings": row.settings, "kinds": row.kinds, "area": row.area, "org": row.org,
        "policy": selectors.policy_of(row)._asdict(), "failures": row.failures, "rests_until": row.rests_until,
        "both_until": row.both_until,
    }  # fmt: skip


def _answer(row: Endpoint) -> Response:
    return Response(EndpointOut(_told(row)).data, headers=versions.headers_of(selectors.says(row)))


def _made(made: actions.Made, status: int) -> Response:
    told = MadeOut({**_told(made.row), "secret": made.secret}).data
    return Response(told, status=status, headers={"Cache-Control": "no-store"})


class EndpointsView(APIView):
    """The endpoints."""

    @extend_schema(operation_id="endpoints_list", responses=EndpointsOut)
    def get(self, request: Request) -> Response:
        """Every endpoint."""
        rows = [_told(row) for row in selectors.endpoints(request.actor)]
        return Response(EndpointsOut({"endpoints": rows, "offered": offered_kinds()}).data)

    @extend_schema(operation_id="endpoints_make", request=NewEndpointIn, responses={201: MadeOut})
    def post(self, request: Request) -> Response:
        """A new one; a webhook that brings no secret is told the one that was made."""
        selectors.may_keep_endpoints(request.actor)
        given = NewEndpointIn(data=request.data)
        given.is_valid(raise_exception=True)
        told = dict(given.validated_data)
        return _made(actions.make_endpoint(told.pop("channel"), actor=request.actor, **told), 201)


class EndpointView(APIView):
    """One endpoint."""

    @extend_schema(operation_id="endpoints_read", responses=EndpointOut)
    def get(self, request: Request, uid: UUID) -> Response:
        """How it is set up and how it does."""
        return _answer(selectors.endpoint(uid, request.actor))

    @extend_schema(operation_id="endpoints_change", parameters=[SEEN], request=EndpointIn, responses=EndpointOut)
    def put(self, request: Request, uid: UUID) -> Response:
        """It sends so from now on; 412 where somebody changed it meanwhile."""
        selectors.endpoint(uid, request.actor)
        seen, given = versions.required(request.headers), EndpointIn(data=request.data)
        given.is_valid(raise_exception=True)
        return _answer(actions.change_endpoint(uid, actor=request.actor, seen=seen, **given.validated_data))


class EndpointSwitchView(APIView):
    """In use or not."""

    @extend_schema(operation_id="endpoints_switch", request=EndpointSwitchIn, responses=EndpointOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """It is in use, or not; what waits for it waits on."""
        selectors.endpoint(uid, request.actor)
        given = EndpointSwitchIn(data=request.data)
        given.is_valid(raise_exception=True)
        return _answer(actions.switch_endpoint(uid, actor=request.actor, **given.validated_data))


class EndpointSecretView(APIView):
    """Its secret."""

    @extend_schema(operation_id="endpoints_secret", request=OverlapIn, responses=MadeOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """A new one, told once; the one before signs too for so many hours."""
        selectors.endpoint(uid, request.actor)
        given = OverlapIn(data=request.data)
        given.is_valid(raise_exception=True)
        return _made(actions.rotate_secret(uid, actor=request.actor, **given.validated_data), 200)


class EndpointPingView(APIView):
    """A test."""

    @extend_schema(operation_id="endpoints_ping", request=None, responses={202: SendingOut})
    def post(self, request: Request, uid: UUID) -> Response:
        """A sending that says nothing but that it came."""
        row = actions.ping_endpoint(uid, actor=request.actor)
        return Response(SendingOut(sending_told(row)).data, status=202)


class EndpointReplayView(APIView):
    """A span of time, anew."""

    @extend_schema(operation_id="endpoints_replay", request=SpanIn, responses=CountOut)
    def post(self, request: Request, uid: UUID) -> Response:
        """What was sent goes out again under the same ids; a webhook gets what it missed too."""
        selectors.endpoint(uid, request.actor)
        given = SpanIn(data=request.data)
        given.is_valid(raise_exception=True)
        count = actions.replay_span(uid, actor=request.actor, **given.validated_data)
        return Response(CountOut({"count": count}).data)
