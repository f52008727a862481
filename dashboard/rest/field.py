"""What the app of the field asks: who is there, tasks, classes, the map of one's ground, receipts."""

from typing import Any

from django.http import HttpResponse
from django.middleware.csrf import get_token
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dashboard import selectors
from dashboard.rest.tagged import tagged, tagged_text
from grid import selectors as grid


class FieldNames(serializers.DictField):
    """A name in both languages."""

    child = serializers.CharField(allow_blank=True)


class FieldPerson(serializers.Serializer):
    """Whose phone it is now, and the token that their sending carries: it is of this session and of no other."""

    key = serializers.CharField()
    label: Any = serializers.CharField()
    reports = serializers.BooleanField()
    collects = serializers.BooleanField()
    handles = serializers.BooleanField()
    now = serializers.DateTimeField()
    token = serializers.CharField()


class FieldTaskOut(serializers.Serializer):
    """A case with what is to be done; `extension` are the minutes that may be asked for."""

    number = serializers.CharField()
    version = serializers.IntegerField()
    act = serializers.ChoiceField(["verify", "check", "handle", "take"])
    due_at = serializers.DateTimeField(allow_null=True)
    since = serializers.DateTimeField()
    names = FieldNames()
    description = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    place = FieldNames()
    lon = serializers.FloatField(allow_null=True)
    lat = serializers.FloatField(allow_null=True)
    photo = serializers.BooleanField()
    pictures = serializers.ListField(child=serializers.IntegerField())
    extension = serializers.IntegerField()
    reworked = serializers.IntegerField()


class FieldGround(serializers.Serializer):
    """A ground on which more time may be asked for."""

    code = serializers.CharField()
    names = FieldNames()


class FieldTasks(serializers.Serializer):
    """What waits for the caller out there."""

    tasks = FieldTaskOut(many=True)
    grounds = FieldGround(many=True)


class FieldClass(serializers.Serializer):
    """A class that a report may be of."""

    code = serializers.CharField()
    names = FieldNames()
    group = serializers.CharField()
    photo = serializers.BooleanField()
    film = serializers.BooleanField()


class FieldClasses(serializers.Serializer):
    """The classes, and what their groups are called."""

    groups = serializers.DictField(child=FieldNames())
    classes = FieldClass(many=True)


class FieldSent(serializers.Serializer):
    """What became of a report: the key that the phone gave it, and how far the case is."""

    key = serializers.CharField()
    number = serializers.CharField()
    stage = serializers.CharField()
    stage_names = FieldNames()
    names = FieldNames()
    reported_at = serializers.DateTimeField()


class PersonView(APIView):
    """Who is there."""

    @extend_schema(operation_id="field_person", responses=FieldPerson)
    def get(self, request: Request) -> Response:
        """The person of this session, the server's time, and the token for what they send."""
        told = {**selectors.field_person(request.actor), "token": get_token(request._request)}
        return Response(FieldPerson(told).data, headers={"Cache-Control": "no-store"})


class TasksView(APIView):
    """Tasks."""

    @extend_schema(operation_id="field_tasks", responses={200: FieldTasks, 304: None})
    def get(self, request: Request) -> Response:
        """What is to be verified, checked, handled or taken, the soonest due first; 304 where nothing changed."""
        return tagged(request, FieldTasks(selectors.field_tasks(request.actor)).data)


class ClassesView(APIView):
    """The catalogue."""

    @extend_schema(operation_id="field_classes", responses={200: FieldClasses, 304: None})
    def get(self, request: Request) -> Response:
        """The classes in force, with the names of their groups; 304 where the phone has them."""
        return tagged(request, FieldClasses(selectors.field_classes(request.actor)).data)


class GroundView(APIView):
    """The map."""

    @extend_schema(operation_id="field_ground", responses={(200, "application/json"): OpenApiTypes.OBJECT, 304: None})
    def get(self, request: Request) -> HttpResponse:
        """Cells, outlines, roads and water of one's ground in steps of 1/100,000 degree from `origin`.

        A line is where it begins and how it goes on, two numbers a corner; 304 where the phone has it.
        """
        areas, person = selectors.field_areas(request.actor), request.actor.user_id
        return tagged_text(request, grid.ground_tag(areas, person), lambda: grid.ground_text(areas, person))


class SentView(APIView):
    """Receipts."""

    @extend_schema(operation_id="field_sent", responses={200: FieldSent(many=True), 304: None})
    def get(self, request: Request) -> Response:
        """What the caller reported in the last fourteen days and how far it is; 304 where nothing changed."""
        return tagged(request, FieldSent(selectors.field_sent(request.actor), many=True).data)
