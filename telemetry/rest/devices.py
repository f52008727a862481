"""GET/POST /api/devices, one device, and what its terminal is told."""

from typing import Any

from django.utils.crypto import get_random_string
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Forbidden, Invalid
from core.scope import Actor
from telemetry import actions, selectors
from telemetry.actions.downlinks import PARAMETERS, TEXT
from telemetry.contracts import SEE, DeviceKind, DownlinkState, Protocol
from telemetry.models import Device, Downlink
from telemetry.rules.devices import new_device

PAGE, LAST_PAGE = 100, 100_000


class DeviceWish(serializers.Serializer[Any]):
    """Documents the body of POST /api/devices; telemetry.rules.devices checks it."""

    code = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField(), required=False)
    kind = serializers.ChoiceField(choices=[kind.value for kind in DeviceKind])
    protocol = serializers.ChoiceField(choices=[protocol.value for protocol in Protocol])
    address = serializers.CharField(help_text="phone, station or MN")
    organisation = serializers.CharField(required=False, help_text="its code")
    area = serializers.CharField(required=False)
    plate = serializers.CharField(required=False)
    plate_colour = serializers.IntegerField(required=False)
    terminal_id = serializers.CharField(required=False)
    model = serializers.CharField(required=False)
    interval_s = serializers.IntegerField(required=False)
    enabled_from = serializers.DateTimeField(required=False)
    enabled_until = serializers.DateTimeField(required=False)


class DeviceChange(serializers.Serializer[Any]):
    """Body of PATCH /api/devices/{code}."""

    enabled = serializers.BooleanField()


class LatestOut(serializers.Serializer[Any]):
    """Where a device was last."""

    at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    lon = serializers.FloatField(source="geom.x")
    lat = serializers.FloatField(source="geom.y")
    speed = serializers.FloatField()
    heading = serializers.IntegerField()
    quality = serializers.IntegerField()


class DeviceOut(serializers.Serializer[Any]):
    """A device; the code of its terminal is never told."""

    code = serializers.CharField()
    names = serializers.DictField()
    kind = serializers.CharField()
    protocol = serializers.CharField(source="terminal.protocol")
    address = serializers.CharField(source="terminal.address")
    plate = serializers.CharField(source="terminal.plate")
    terminal_id = serializers.CharField(source="terminal.terminal_id")
    registered_at = serializers.DateTimeField(source="terminal.registered_at", allow_null=True)
    organisation = serializers.CharField()
    area = serializers.CharField()
    interval_s = serializers.IntegerField()
    enabled_from = serializers.DateTimeField(allow_null=True)
    enabled_until = serializers.DateTimeField(allow_null=True)
    latest = serializers.SerializerMethodField()

    def get_latest(self, row: Device) -> dict[str, Any] | None:
        """Where it was last, once it was anywhere."""
        latest = getattr(row, "latest", None)
        return LatestOut(latest).data if latest else None


class DevicesOut(serializers.Serializer[Any]):
    """A page of devices."""

    results = DeviceOut(many=True)
    page = serializers.IntegerField()
    has_more = serializers.BooleanField()


class DownlinkWish(serializers.Serializer[Any]):
    """A text, or parameters as hex by id; `key` makes a repeat harmless."""

    text = serializers.CharField(required=False, max_length=500)
    parameters = serializers.DictField(child=serializers.CharField(max_length=510, allow_blank=True), required=False)
    key = serializers.CharField(required=False, max_length=60)
    lifetime_s = serializers.IntegerField(required=False, min_value=10, max_value=604_800)


class DownlinkOut(serializers.Serializer[Any]):
    """Something told to a terminal, and how far it has come."""

    id = serializers.IntegerField()
    message = serializers.SerializerMethodField()
    state = serializers.ChoiceField(choices=[state.value for state in DownlinkState])
    queued_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()

    def get_message(self, row: Downlink) -> str:
        """The id of the message, as the standard writes it."""
        return f"0x{row.message:04x}"


def _seeing(request: Request) -> Actor:
    actor: Actor = request.actor
    if not actor.holds(SEE):
        raise Forbidden("telemetry.no_devices_for_you")
    return actor


def _page(request: Request) -> int:
    text = request.query_params.get("page", "1")
    if not text.isascii() or not text.isdigit() or len(text) > 6 or not 1 <= int(text) <= LAST_PAGE:
        raise Invalid("telemetry.bad_device_page")
    return int(text)


class Devices(APIView):
    """The devices of the actor's ground, and registering one."""

    @extend_schema(
        operation_id="api_devices_list", responses=DevicesOut,
        parameters=[OpenApiParameter("kind", str, enum=selectors.KINDS), OpenApiParameter("page", int)],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Every device on my ground with where it was last, a hundred a page."""
        actor, page, kind = _seeing(request), _page(request), request.query_params.get("kind", "")
        if kind not in ("", *selectors.KINDS):
            raise Invalid("telemetry.bad_device_kind")
        found = list(selectors.devices(actor, kind=kind)[(page - 1) * PAGE : page * PAGE + 1])
        shown = DeviceOut(found[:PAGE], many=True).data
        return Response({"results": shown, "page": page, "has_more": len(found) > PAGE})

    @extend_schema(request=DeviceWish, responses={201: DeviceOut})
    def post(self, request: Request) -> Response:
        """A device with the terminal that may register for it; needs the right `admin` over its place."""
        made = actions.add_device(new_device(request.data), actor=request.actor)
        return Response(DeviceOut(selectors.made(made.code)).data, status=201)


class OneDevice(APIView):
    """One device, and switching it on or off."""

    @extend_schema(responses=DeviceOut)
    def get(self, request: Request, code: str) -> Response:
        """Its terminal and where it was last."""
        return Response(DeviceOut(selectors.device(code, _seeing(request))).data)

    @extend_schema(request=DeviceChange, responses=DeviceOut)
    def patch(self, request: Request, code: str) -> Response:
        """Switched on or off; needs the right `admin` over its place."""
        change = DeviceChange(data=request.data)
        change.is_valid(raise_exception=True)
        actions.switch_device(code, enabled=change.validated_data["enabled"], actor=request.actor)
        return Response(DeviceOut(selectors.made(code)).data)


class DeviceDownlinks(APIView):
    """What a terminal was told."""

    @extend_schema(operation_id="api_device_downlinks_list", responses=DownlinkOut(many=True))
    def get(self, request: Request, code: str) -> Response:
        """The last twenty, newest first."""
        found = selectors.device(code, _seeing(request))
        return Response(DownlinkOut(selectors.downlinks(found), many=True).data)

    @extend_schema(request=DownlinkWish, responses={202: DownlinkOut})
    def post(self, request: Request, code: str) -> Response:
        """A text or parameters wait for the terminal; its own answer is the proof of delivery."""
        wish = DownlinkWish(data=request.data)
        wish.is_valid(raise_exception=True)
        told = wish.validated_data
        body = {"text": told["text"]} if "text" in told else told.get("parameters", {})
        row = actions.tell(
            code, message=TEXT if "text" in told else PARAMETERS, body=body, actor=_seeing(request),
            key=told.get("key") or get_random_string(16), lifetime_s=told.get("lifetime_s", 3600),
        )  # fmt: skip
        return Response(DownlinkOut(row).data, status=202)
