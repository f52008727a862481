"""Readings in, by machines that prove themselves with their key; stations and their series out."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import clock
from core.errors import Invalid
from core.sentences import say
from exchange import actions as exchange
from exchange.contracts.machines import BadKey
from telemetry import actions, selectors
from telemetry.contracts.observations import Intake, StationView, Told, Unkept

MOST, EARLIEST, LATEST = 1000, 1970, 9000
"""Readings of a batch, and the years whose moments can be reckoned with in every zone."""
KEY = [
    OpenApiParameter("Authorization", str, OpenApiParameter.HEADER, required=True, description="Bearer and the key"),
    OpenApiParameter("X-Machine", str, OpenApiParameter.HEADER, required=True, description="The code of the machine"),
]


class TelemetryRefusal(serializers.Serializer):
    """Every refusal: a code to branch on, a sentence to show, the facts in it."""

    code = serializers.CharField()
    message = serializers.CharField()
    params = serializers.DictField()


def refusals(*statuses: int) -> dict[int, Any]:
    """The answers that carry an error, for the schema."""
    return {status: OpenApiResponse(TelemetryRefusal) for status in (401, 403, *statuses)}


class ObservationIn(serializers.Serializer):
    """A reading: the code of its stream, when it was measured (with offset), what was measured."""

    stream = serializers.CharField(max_length=60)
    at = serializers.DateTimeField()
    value = serializers.FloatField()


class ObservationsIn(serializers.Serializer):
    """A batch, in any order."""

    observations = ObservationIn(many=True)


class UnkeptOut(serializers.Serializer):
    """A reading that was not kept, by its place in the batch, and why."""

    index = serializers.IntegerField()
    code = serializers.CharField()
    message = serializers.CharField()


class ObservationsOut(serializers.Serializer):
    """What became of a batch."""

    accepted = serializers.IntegerField()
    repeated = serializers.IntegerField()
    refused = UnkeptOut(many=True)


class StreamOut(serializers.Serializer):
    """What a gauge measures, with its newest reading."""

    code = serializers.CharField()
    names = serializers.DictField()
    metric = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    interval_s = serializers.IntegerField()
    asset = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    silent = serializers.BooleanField()


class StationOut(serializers.Serializer):
    """A place where something is measured; `level` is 0 (normal) to 4 (red)."""

    code = serializers.CharField()
    names = serializers.DictField()
    system = serializers.CharField(allow_blank=True)
    asset = serializers.CharField(allow_blank=True)
    camera = serializers.CharField(allow_blank=True)
    area = serializers.CharField()
    lon = serializers.FloatField()
    lat = serializers.FloatField()
    bands = serializers.ListField(child=serializers.FloatField())
    streams = StreamOut(many=True)
    level = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)
    silent = serializers.BooleanField()


class StationsOut(serializers.Serializer):
    """Every station that the actor may see."""

    results = StationOut(many=True)


class PointOut(serializers.Serializer):
    """A reading with the flag of QARTOD: 1 good, 2 not tested, 3 suspect, 4 bad."""

    at = serializers.DateTimeField()
    value = serializers.FloatField()
    flag = serializers.IntegerField()


class SeriesOut(serializers.Serializer):
    """The readings of a stream, the oldest first."""

    results = PointOut(many=True)


def station_told(view: StationView) -> dict[str, Any]:
    """A station as programs have it."""
    return {**view._asdict(), "streams": [one._asdict() for one in view.streams]}


def moment_asked(request: Request, name: str, otherwise: datetime) -> datetime:
    """A moment of the address; Invalid where it cannot be read."""
    text = str(request.query_params.get(name, ""))
    if not text:
        return otherwise
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not EARLIEST <= found.year <= LATEST:
        raise Invalid("telemetry.bad_moment", stream=name)
    return found


class ObservationsView(APIView):
    """Readings of machines."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="observations_send", parameters=KEY, request=ObservationsIn,
        responses={200: ObservationsOut, **refusals(400, 429)}, auth=[],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """What is new is kept and judged at once; sent again, it is `repeated`; what is refused is named by its place.

        Batches may come in any order and late: the alarms are the same. A batch counts once in the machine's hour.
        """
        machine = exchange.admit_machine(request.headers.get("X-Machine", "")[:40], _key(request))
        sender = actions.Sender(machine.code, machine.kind, tuple(machine.areas))
        given = request.data.get("observations") if isinstance(request.data, dict) else None
        if not isinstance(given, list) or len(given) > MOST:
            error = Invalid("telemetry.bad_batch", most=MOST)
            exchange.refuse_call(machine, error)
            raise error
        told, places, unread = _read(given)
        found = actions.take_readings(told, sender=sender)
        return Response(ObservationsOut(_answer(found, places, unread)).data)


def _key(request: Request) -> str:
    scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise BadKey("machine.bad_key")
    return value.strip()


def _read(given: list[Any]) -> tuple[list[Told], list[int], list[Unkept]]:
    """The readings that can be read, the place of each in the batch, and those that cannot."""
    told, places, unread = [], [], []
    for index, one in enumerate(given):
        shape = ObservationIn(data=one if isinstance(one, dict) else {})
        if shape.is_valid():
            places.append(index)
            told.append(Told(**shape.validated_data))
            continue
        wrong = next(iter(shape.errors))
        code = "telemetry.bad_moment" if wrong == "at" else "telemetry.bad_value"
        stream = str(one.get("stream", ""))[:60] if isinstance(one, dict) else ""
        unread.append(Unkept(index, code if wrong != "stream" else "telemetry.no_stream", {"stream": stream}))
    return told, places, unread


def _answer(found: Intake, places: list[int], unread: list[Unkept]) -> dict[str, Any]:
    refused = [Unkept(places[one.place], one.code, one.params) for one in found.refused]
    lines = [
        {"index": one.place, "code": one.code, "message": say(one.code, dict(one.params))}
        for one in sorted([*refused, *unread], key=lambda one: one.place)
    ]
    return {"accepted": found.accepted, "repeated": found.repeated, "refused": lines}


class StationsView(APIView):
    """The stations."""

    @extend_schema(
        operation_id="stations_list", parameters=[OpenApiParameter("system", str)],
        responses={200: StationsOut, **refusals()},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Those on the ground of the actor, by code, with their newest readings and levels."""
        selectors.may_see_any(request.actor)
        system = str(request.query_params.get("system", "")).replace("\0", "")[:60]
        views = selectors.views_of(selectors.stations(request.actor, system=system))
        return Response({"results": [StationOut(station_told(view)).data for view in views]})


class StationRestView(APIView):
    """One station."""

    @extend_schema(operation_id="stations_read", responses={200: StationOut, **refusals(404)})
    def get(self, request: Request, code: str) -> Response:
        """The station with its streams."""
        (view,) = selectors.views_of([selectors.station_row(code, request.actor)])
        return Response(StationOut(station_told(view)).data)


class SeriesView(APIView):
    """The readings of a stream."""

    @extend_schema(
        operation_id="stations_series",
        parameters=[OpenApiParameter("since", datetime), OpenApiParameter("until", datetime)],
        responses={200: SeriesOut, **refusals(400, 404)},
    )
    def get(self, request: Request, code: str, stream: str) -> Response:
        """The last day, or from `since` to `until`, a month at most, each reading with its flag."""
        station = selectors.station_row(code, request.actor)
        chosen = selectors.stream_of(station, stream)
        until = moment_asked(request, "until", clock.now() + timedelta(minutes=5))
        since = moment_asked(request, "since", until - timedelta(days=1))
        rows = selectors.series(chosen, since, until)
        return Response({"results": PointOut([row._asdict() for row in rows], many=True).data})
