"""Working calendars over HTTP: weekly hours, days of rest, make-up days; written as people write hours."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import versions
from core.errors import Forbidden
from grid import actions, selectors
from grid.models import Calendar
from grid.rest.places import NamesSerializer
from grid.rules import hours

SEEN = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that was read")
AREA = OpenApiParameter("area", str, description="Path of the region whose calendar it is; without it the whole city's")


class CalendarNamesSerializer(serializers.Serializer):
    """A calendar's name in both languages."""

    zh = serializers.CharField(max_length=80)
    en = serializers.CharField(max_length=80)


class SpansField(serializers.ListField):
    """The hours of a day: ["08:00-12:00", "14:00-18:00"]; none on a free day."""

    child = serializers.CharField(max_length=20)


class CalendarHoursSerializer(serializers.Serializer):
    """Seven days from Monday, days of rest, make-up days with their hours."""

    weekly = serializers.ListField(child=SpansField(), min_length=7, max_length=7)
    closed = serializers.ListField(child=serializers.DateField(), max_length=4_000)
    extra = serializers.DictField(child=SpansField())


class CalendarSerializer(CalendarHoursSerializer):
    """A calendar as it stands; `edition` counts how often it was changed."""

    code = serializers.CharField()
    area = serializers.CharField(allow_blank=True)
    names = NamesSerializer()
    tz = serializers.CharField()
    round_the_clock = serializers.BooleanField()
    edition = serializers.IntegerField()
    pack = serializers.CharField(allow_blank=True)
    differs = serializers.BooleanField()
    changed_at = serializers.DateTimeField()


class CalendarGivenSerializer(CalendarHoursSerializer):
    """A calendar as it should be."""

    names = CalendarNamesSerializer()


class CalendarNewSerializer(CalendarGivenSerializer):
    """A calendar for an area that has none of this code; what is left out is as in the calendar above it."""

    code = serializers.SlugField(max_length=40)
    area = serializers.CharField(max_length=60)
    weekly = serializers.ListField(child=SpansField(), min_length=7, max_length=7, required=False)
    closed = serializers.ListField(child=serializers.DateField(), max_length=4_000, required=False)
    extra = serializers.DictField(child=SpansField(), required=False)


def _told(row: Calendar) -> dict[str, Any]:
    return {
        "code": row.code,
        "area": row.area,
        "names": row.names,
        "tz": row.tz,
        "round_the_clock": row.round_the_clock,
        "weekly": [hours.written(day) for day in row.weekly],
        "closed": row.closed,
        "extra": {day: hours.written(spans) for day, spans in sorted(row.extra.items())},
        "edition": row.edition,
        "pack": row.pack,
        "differs": row.differs,
        "changed_at": row.changed_at,
    }


def _answer(row: Calendar, status: int = 200) -> Response:
    """The calendar with its version as ETag."""
    return Response(_told(row), status=status, headers=versions.headers_of(hours.told(row.columns())))


class CalendarsGate(APIView):
    """Opens to administrators; of what ground, the verbs ask."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The right `admin`, anywhere."""
        super().initial(request, *args, **kwargs)
        if not request.actor.holds("admin"):
            raise Forbidden("grid.not_admin")

    def found(self, request: Request, code: str) -> Calendar:
        """The calendar of exactly this code and the area of the query."""
        given = CalendarArea(data=request.query_params)
        given.is_valid(raise_exception=True)
        return selectors.calendar_of(code, given.validated_data["area"])


class CalendarArea(serializers.Serializer):
    """Whose calendar."""

    area = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)


class CalendarsView(CalendarsGate):
    """The calendars."""

    @extend_schema(operation_id="calendars_list", responses=CalendarSerializer(many=True))
    def get(self, request: Request) -> Response:
        """By code, the whole city's before those of its areas."""
        return Response([_told(row) for row in selectors.calendars()])

    @extend_schema(operation_id="calendars_create", request=CalendarNewSerializer, responses={201: CalendarSerializer})
    def post(self, request: Request) -> Response:
        """An area has a calendar of its own from now on; 409 where it has one of that code already."""
        read = CalendarNewSerializer(data=request.data)
        read.is_valid(raise_exception=True)
        given = dict(read.validated_data)
        above = selectors.calendar_above(given["code"], given["area"]).columns()
        return _answer(actions.save_calendar({**above, **given}, actor=request.actor, new=True), 201)


class CalendarView(CalendarsGate):
    """One calendar."""

    @extend_schema(operation_id="calendars_read", parameters=[AREA], responses=CalendarSerializer)
    def get(self, request: Request, code: str) -> Response:
        """Its hours and days; the ETag goes back with a change."""
        return _answer(self.found(request, code))

    @extend_schema(
        operation_id="calendars_save",
        parameters=[AREA, SEEN],
        request=CalendarGivenSerializer,
        responses=CalendarSerializer,
    )
    def put(self, request: Request, code: str) -> Response:
        """It has these hours and days; promises already made keep their due times. 412 where another came between."""
        row, read = self.found(request, code), CalendarGivenSerializer(data=request.data)
        seen = versions.required(request.headers)
        read.is_valid(raise_exception=True)
        kept = {"code": row.code, "area": row.area, "tz": row.tz, "round_the_clock": row.round_the_clock}
        return _answer(actions.save_calendar({**kept, **read.validated_data}, actor=request.actor, seen=seen))


class CalendarResetView(CalendarsGate):
    """Back to the pack."""

    @extend_schema(operation_id="calendars_reset", parameters=[AREA, SEEN], request=None, responses=CalendarSerializer)
    def post(self, request: Request, code: str) -> Response:
        """It is again what its pack says; 404 for one that no pack brought."""
        row, seen = self.found(request, code), versions.required(request.headers)
        return _answer(actions.reset_calendar(row.code, row.area, actor=request.actor, seen=seen))
