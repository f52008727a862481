"""Working calendars over HTTP: weekly hours, days of rest, make-up days; written as people write hours."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Forbidden
from grid import actions, selectors
from grid.models import Calendar
from grid.rest.places import NamesSerializer

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
    """A calendar as it stands; `edition` goes back with what is to be saved."""

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
    """A calendar as it should be, and the edition that was seen."""

    names = CalendarNamesSerializer()
    edition = serializers.IntegerField(min_value=0)


def _written(spans: Any) -> list[str]:
    return [f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in spans]


def _told(row: Calendar) -> dict[str, Any]:
    return {
        "code": row.code,
        "area": row.area,
        "names": row.names,
        "tz": row.tz,
        "round_the_clock": row.round_the_clock,
        "weekly": [_written(day) for day in row.weekly],
        "closed": row.closed,
        "extra": {day: _written(spans) for day, spans in sorted(row.extra.items())},
        "edition": row.edition,
        "pack": row.pack,
        "differs": row.differs,
        "changed_at": row.changed_at,
    }


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


class CalendarView(CalendarsGate):
    """One calendar."""

    @extend_schema(operation_id="calendars_read", parameters=[AREA], responses=CalendarSerializer)
    def get(self, request: Request, code: str) -> Response:
        """Its hours and days."""
        return Response(_told(self.found(request, code)))

    @extend_schema(
        operation_id="calendars_save", parameters=[AREA], request=CalendarGivenSerializer, responses=CalendarSerializer
    )
    def put(self, request: Request, code: str) -> Response:
        """It has these hours and days; promises already made keep their due times. 409 for an edition that is past."""
        row, read = self.found(request, code), CalendarGivenSerializer(data=request.data)
        read.is_valid(raise_exception=True)
        given = dict(read.validated_data)
        edition, kept = given.pop("edition"), {"tz": row.tz, "round_the_clock": row.round_the_clock}
        wanted = {"code": row.code, "area": row.area, **kept, **given}
        return Response(_told(actions.save_calendar(wanted, actor=request.actor, edition=edition)))


class CalendarResetView(CalendarsGate):
    """Back to the pack."""

    @extend_schema(operation_id="calendars_reset", parameters=[AREA], request=None, responses=CalendarSerializer)
    def post(self, request: Request, code: str) -> Response:
        """It is again what its pack says; 404 for one that no pack brought."""
        row = self.found(request, code)
        return Response(_told(actions.reset_calendar(row.code, row.area, actor=request.actor)))
